"""What holds for every request: we accept what we signed, however it is rearranged, and nothing that was touched."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ossicle.wire.credentials import Credentials
from ossicle.wire.errors import InvalidAccessKeyId, OssError
from ossicle.wire.http import Headers, Query, Request, Resource
from ossicle.wire.signing import (
    Claim,
    canonical_query,
    canonical_uri,
    judge_scope,
    presign,
    sign_headers,
    verify_signature,
)
from ossicle.wire.signing.canonical import is_signed_by_default
from ossicle.wire.text import decode, encode, percent_decode, percent_encode_path
from tests.support.signing_vectors import v4_claim

NOW = datetime(2023, 12, 17, 3, 56, 28, tzinfo=UTC)
REGION = "cn-hangzhou"
KEY = Credentials(access_key_id="made-up-id", access_key_secret="made-up-secret")
TEMPORARY = replace(KEY, security_token="tok+en/== with space")
NAMES = (
    "Content-Type",
    "content-MD5",
    "x-oss-meta-a",
    "X-Oss-Meta-B",
    "x-oss-tagging",
    "x-oss-content-sha256",
    "If-Match",
    "range",
    "abc",
)


def text_of(raw: bytes) -> str:
    return decode(raw)


any_text = st.binary(max_size=12).map(text_of)
header_value = st.binary(max_size=12).filter(lambda raw: not set(raw) & set(b"\r\n\0")).map(text_of)
headers_given = st.lists(st.tuples(st.sampled_from(NAMES), header_value), max_size=5)
# Names that make a URL a signed one have tests of their own.
parameter_name = any_text.filter(
    lambda name: not name.startswith("x-oss-") and name not in {"OSSAccessKeyId", "Signature"}
)
queries = st.lists(st.tuples(parameter_name, any_text), max_size=4)
resources = st.one_of(
    st.just(Resource()),
    st.just(Resource(bucket="examplebucket")),
    st.binary(min_size=1, max_size=24).map(lambda key: Resource(bucket="examplebucket", key=key)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A request on the wire, before a server reads anything into it."""

    method: str
    path: bytes
    query: bytes
    headers: tuple[tuple[bytes, bytes], ...]

    def request(self) -> Request:
        return Request(
            method=self.method, path=self.path, query=Query(self.query), headers=Headers(self.headers), host=b"host"
        )

    def resource(self) -> Resource:
        """Path style, as the path is written by `signed`."""
        bucket, slash, key = self.path.removeprefix(b"/").partition(b"/")
        if not bucket:
            return Resource()
        return Resource(bucket=decode(percent_decode(bucket)), key=percent_decode(key) if slash else None)


@st.composite
def signed(draw: st.DrawFn) -> Sent:
    """A request signed by us, in either mode."""
    method = draw(st.sampled_from(["GET", "PUT", "POST", "DELETE", "HEAD"]))
    resource = draw(resources)
    query = draw(queries)
    headers = draw(headers_given)
    credentials = draw(st.sampled_from([KEY, TEMPORARY]))
    additional = draw(st.lists(st.sampled_from((*NAMES, "Host", "absent")), max_size=3))
    sent = [("Host", "examplebucket.example.test"), *headers]
    if draw(st.booleans()):
        wire = presign(
            method=method,
            resource=resource,
            query=query,
            headers=sent,
            credentials=credentials,
            region=REGION,
            now=NOW,
            expires=timedelta(hours=1),
            additional_headers=additional,
        ).query
    else:
        wire = canonical_query(query)
        added = sign_headers(
            method=method,
            resource=resource,
            query=query,
            headers=sent,
            credentials=credentials,
            region=REGION,
            now=NOW,
            additional_headers=additional,
        )
        sent.extend(added.items())
    return Sent(
        method=method,
        path=encode(canonical_uri(resource)),
        query=encode(wire),
        headers=tuple((encode(name), encode(value)) for name, value in sent),
    )


def accepted(sent: Sent) -> Claim | None:
    """The claim of a request that passes, None for one that claims nothing; a refusal is raised."""
    request = sent.request()
    claim = v4_claim(request)
    if claim is None:
        return None
    judge_scope(claim, region=REGION, products=frozenset({"oss"}), now=NOW)
    if claim.access_key_id != KEY.access_key_id:
        # The id is not part of a header's signed text; that nobody else has this secret is what holds it.
        raise InvalidAccessKeyId
    verify_signature(request, sent.resource(), claim, KEY)
    return claim


Meaning = tuple[object, ...]


def meaning(sent: Sent) -> Meaning:
    """All that a signature is about: two requests with the same meaning are the same request to OSS."""
    request = sent.request()
    claim = v4_claim(request)
    assert claim is not None
    listed = {name.lower() for name in claim.additional_headers}
    additional = {encode(name) for name in listed if not is_signed_by_default(encode(name))}
    return (
        request.method,
        canonical_uri(sent.resource()),
        sorted(pair for pair in request.query.pairs if pair[0] != "x-oss-signature" and any(pair)),
        sorted((name, value) for name, value in request.headers.items() if is_signed_by_default(name)),
        sorted((name, request.headers.get(name)) for name in additional),
        replace(claim, additional_headers=()),
    )


@given(signed())
def test_what_we_sign_we_accept(sent: Sent) -> None:
    claim = accepted(sent)
    assert claim is not None
    assert claim.access_key_id == KEY.access_key_id
    assert claim.signed_at == NOW
    assert claim.security_token in {None, TEMPORARY.security_token}


@given(signed(), st.data())
def test_order_and_letter_case_never_matter(sent: Sent, data: st.DataObject) -> None:
    # Fields of one name keep their order: they are one list.
    names = data.draw(st.permutations(sorted({name.lower() for name, _ in sent.headers})))
    headers = [(name.swapcase(), value) for at in names for name, value in sent.headers if name.lower() == at]
    segments = data.draw(st.permutations(sent.query.split(b"&")))
    assert accepted(replace(sent, headers=tuple(headers), query=b"&".join(segments))) is not None


@given(signed(), st.data())
def test_a_changed_byte_is_refused_unless_it_means_the_same(sent: Sent, data: st.DataObject) -> None:
    changed = data.draw(changes(sent))
    assume(changed != sent)
    try:
        claim = accepted(changed)
    except OssError:
        claim = None
    if claim is not None:
        assert meaning(changed) == meaning(sent)


@given(signed(), st.data())
def test_a_change_that_means_the_same_is_accepted(sent: Sent, data: st.DataObject) -> None:
    assert accepted(data.draw(harmless_changes(sent))) is not None


@st.composite
def changes(draw: st.DrawFn, sent: Sent) -> Sent:
    """One byte of path, query or a signed header made another."""
    signed_at = [
        index
        for index, (name, value) in enumerate(sent.headers)
        if value and (is_signed_by_default(name.lower()) or name == b"Authorization")
    ]
    place = draw(st.sampled_from(["path", "query", *(["header"] if signed_at else [])]))
    if place == "path":
        return replace(sent, path=b"/" + draw(one_byte_off(sent.path[1:])))
    if place == "query":
        return replace(sent, query=draw(one_byte_off(sent.query)))
    index = draw(st.sampled_from(signed_at))
    name, value = sent.headers[index]
    headers = list(sent.headers)
    headers[index] = (name, draw(one_byte_off(value)))
    return replace(sent, headers=tuple(headers))


@st.composite
def one_byte_off(draw: st.DrawFn, raw: bytes) -> bytes:
    """Another byte, a byte more or a byte less."""
    at = draw(st.integers(0, len(raw)))
    kept = at + draw(st.integers(0, 1))
    new = draw(st.binary(max_size=1).filter(lambda byte: byte not in {b"\r", b"\n", b"\0", b"?"}))
    return raw[:at] + new + raw[kept:]


@st.composite
def harmless_changes(draw: st.DrawFn, sent: Sent) -> Sent:
    """The same path and query, escaped otherwise; spaces around values; headers that are not signed."""
    needless = [b"-", b".", b"_", b"~", b"a", b"Z", b"0"]
    escaped = draw(st.sampled_from(needless))
    as_hex = b"%" + escaped.hex().encode()
    path, query = sent.path, sent.query
    if draw(st.booleans()):
        path = path.replace(escaped, as_hex) if b"%" not in path else path
        query = query.replace(escaped, as_hex) if b"%" not in query else query
    if draw(st.booleans()):
        query = query.replace(b"%20", b"+")
    around = draw(st.sampled_from([b"", b" ", b"\t", b"  \t"]))
    headers = [(name, around + value + around) for name, value in sent.headers]
    # Two more that nobody signed; `unsigned` is in no list.
    headers.append((b"unsigned", draw(st.binary(max_size=8))))
    headers.append((b"user-agent", b"curl/8"))
    return replace(sent, path=path, query=query, headers=tuple(headers))


@given(signed(), st.sampled_from(NAMES), st.binary(min_size=1, max_size=4))
def test_a_header_that_is_signed_by_default_can_be_neither_added_nor_dropped(
    sent: Sent, name: str, value: bytes
) -> None:
    lower = encode(name.lower())
    assume(is_signed_by_default(lower) and value.strip(b" \t"))
    there = [item for item in sent.headers if item[0].lower() == lower]
    without = tuple(item for item in sent.headers if item[0].lower() != lower)
    with pytest.raises(OssError):
        accepted(replace(sent, headers=(*sent.headers, (lower, value))))
    if any(content.strip(b" \t") for _, content in there):
        with pytest.raises(OssError):
            accepted(replace(sent, headers=without))


PIECES = st.sampled_from(
    [
        "OSS4-HMAC-SHA256 ",
        "OSS4-HMAC-SHA256",
        "Credential=",
        "made-up-id/20231217/cn-hangzhou/oss/aliyun_v4_request",
        "AdditionalHeaders=",
        "Signature=",
        "x-oss-signature-version=OSS4-HMAC-SHA256",
        "x-oss-credential=",
        "x-oss-date=20231217T035628Z",
        "x-oss-expires=600",
        "x-oss-signature=00",
        "x-oss-additional-headers=host",
        "made-up-id%2F20231217%2Fcn-hangzhou%2Foss%2Faliyun_v4_request",
        ",",
        "&",
        ";",
        "%",
        "abc",
    ]
).map(encode)
junk = st.lists(st.one_of(PIECES, st.binary(max_size=4)), max_size=14).map(b"".join)


@given(st.one_of(st.none(), junk), junk, st.lists(st.tuples(st.sampled_from(NAMES).map(encode), junk), max_size=2))
def test_nothing_but_an_oss_error_comes_of_any_bytes(
    authorization: bytes | None, query: bytes, headers: list[tuple[bytes, bytes]]
) -> None:
    if authorization is not None:
        headers = [*headers, (b"authorization", authorization), (b"x-oss-date", b"20231217T035628Z")]
    sent = Sent(method="PUT", path=b"/examplebucket/k", query=query, headers=tuple(headers))
    try:
        claim = accepted(sent)
    except OssError as error:
        refusal = error
    else:
        assert claim is None
        return
    assert 400 <= refusal.status < 500
    # A document can hold every text of the refusal.
    "".join((refusal.message, *refusal.details.values())).encode()


@given(st.binary(max_size=64))
def test_a_key_comes_back_from_its_canonical_form(key: bytes) -> None:
    once = percent_encode_path(key)
    assert percent_decode(once.encode()) == key
    assert canonical_uri(Resource(bucket="b", key=key)) == f"/b/{once}"


@given(queries)
def test_a_canonical_query_is_its_own_canonical_form(pairs: list[tuple[str, str]]) -> None:
    once = canonical_query(pairs)
    assert canonical_query(Query(encode(once)).pairs) == once
    assert sorted(Query(encode(once)).pairs) == sorted(pair for pair in pairs if any(pair))
