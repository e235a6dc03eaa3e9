"""Signing as V1 and V2 do: what is refused, and, for every request, that we accept what we sign and nothing that was touched."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ossicle.wire.credentials import Credentials
from ossicle.wire.errors import OssError, SignatureDoesNotMatch
from ossicle.wire.http import Headers, Query, Request, Resource
from ossicle.wire.signing import (
    SignedQuery,
    Version,
    canonical_query,
    judge_scope,
    presign_dated,
    sign_headers_dated,
    v1,
    verify_signature,
)
from ossicle.wire.text import decode, encode
from tests.support.signing_vectors import dated_claim

NOW = datetime(2023, 12, 17, 3, 56, 28, tzinfo=UTC)
KEY = Credentials(access_key_id="made-up-id", access_key_secret="made-up-secret")
TEMPORARY = replace(KEY, security_token="tok+en/== with space")
RESOURCE = Resource(bucket="examplebucket", key=b"k")
VERSIONS = st.sampled_from([Version.V1, Version.V2])


def presigned(**changes: Any) -> SignedQuery:
    return presign_dated(
        **{
            "version": Version.V1,
            "method": "PUT",
            "resource": RESOURCE,
            "query": [],
            "headers": [],
            "credentials": KEY,
            "now": NOW,
            "expires": timedelta(minutes=1),
            **changes,
        }
    )


# ------------------------------------------------------------------------------------------------------ refused


@pytest.mark.parametrize("version", [Version.V1, Version.V2])
@pytest.mark.parametrize("name", ["Signature", "x-oss-signature", "security-token", "x-oss-signature-version"])
def test_parameters_of_the_signature_are_the_signer_s_alone(version: Version, name: str) -> None:
    own = {Version.V1: {"x-oss-signature"}, Version.V2: {"Signature"}}
    if name in own[version]:
        assert presigned(version=version, query=[(name, "1")]).query
        return
    with pytest.raises(ValueError, match=f"only the signature may set: {name}"):
        presigned(version=version, query=[(name, "1")])


@pytest.mark.parametrize("expires", [timedelta(0), timedelta(milliseconds=999), -timedelta(days=1), timedelta.max])
def test_a_lifetime_out_of_range_is_refused(expires: timedelta) -> None:
    with pytest.raises(ValueError, match="at least 1 second"):
        presigned(expires=expires)


def test_a_naive_time_is_refused() -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(ValueError, match="aware"):
        presigned(now=naive)
    with pytest.raises(ValueError, match="aware"):
        sign_headers_dated(
            version=Version.V1, method="GET", resource=RESOURCE, query=[], headers=[], credentials=KEY, now=naive
        )


@pytest.mark.parametrize("value", ["1\r\nx-oss-acl: public-read", "1\n", "\0"])
def test_a_value_cannot_bring_a_second_header(value: str) -> None:
    with pytest.raises(ValueError, match="line end or NUL"):
        presigned(headers=[("x-oss-meta-a", value)])


@pytest.mark.parametrize(
    "changes",
    [
        {"resource": Resource(bucket="b", key=b"?acl")},
        {"resource": Resource(bucket="b", key=b"a?tagging")},
        {"resource": Resource(bucket="b", key=b"a?x&policy=1")},
        {"resource": Resource(bucket="b", key=b"a?x-oss-process=b")},
        {"resource": Resource(bucket="b", key=b"a?x"), "query": [("versionId", "1&acl")]},
        {"query": [("response-content-type", "a&versionId=1")]},
        {"query": [("response-content-type", "a?versionId=1")]},
    ],
    ids=str,
)
def test_what_would_be_good_for_another_resource_is_not_signed_with_v1(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="another resource too"):
        presigned(**changes)
    assert presigned(version=Version.V2, **changes).query


@pytest.mark.parametrize("key", [b"what?", b"what?really&so=1", b"a&acl"[:2], b"50%?&="])
def test_a_key_with_marks_that_mean_nothing_is_signed(key: bytes) -> None:
    assert presigned(resource=Resource(bucket="b", key=key)).query


# ------------------------------------------------------------------------------------------------------- signed


def test_the_example_of_the_page_on_signing() -> None:
    example = Credentials(access_key_id="ossicle-example-key", access_key_secret="ossicle-example-secret")
    made = presigned(
        resource=Resource(bucket="demo", key=b"notes for may.txt"),
        headers=[("Content-Type", "text/plain; charset=utf8"), ("x-oss-meta-from", "form-7")],
        credentials=example,
        now=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        expires=timedelta(minutes=10),
    )
    page = (Path(__file__).resolve().parents[4] / "docs" / "signing.md").read_text(encoding="utf-8")
    query = Query(encode(made.query))
    assert f"`{query.get('Signature')}`" in page
    assert f"\n{query.get('Expires')}\nx-oss-meta-from:form-7\n/demo/notes for may.txt\n" in page


def test_the_end_of_a_token_is_the_end_of_the_url() -> None:
    ending = replace(TEMPORARY, expiration=NOW + timedelta(seconds=5))
    assert presigned(credentials=ending).expiration == NOW + timedelta(seconds=5)
    assert presigned(credentials=ending, expires=timedelta(seconds=3)).expiration == NOW + timedelta(seconds=3)


def test_headers_of_an_earlier_signature_are_replaced_and_a_date_of_oss_counts() -> None:
    headers = [
        ("DATE", "yesterday"),
        ("authorization", "OSS a:b"),
        ("x-oss-date", "Sun, 17 Dec 2023 03:56:29 GMT"),
    ]
    added = sign_headers_dated(
        version=Version.V1, method="GET", resource=RESOURCE, query=[], headers=headers, credentials=KEY, now=NOW
    )
    assert added["Date"] == "Sun, 17 Dec 2023 03:56:28 GMT"
    signed = "GET\n\n\nSun, 17 Dec 2023 03:56:29 GMT\nx-oss-date:Sun, 17 Dec 2023 03:56:29 GMT\n/examplebucket/k"
    assert added["Authorization"] == f"OSS made-up-id:{v1.signature('made-up-secret', signed)}"


def test_what_is_signed_stays_out_of_a_log() -> None:
    made = presigned(credentials=TEMPORARY)
    assert made.query not in repr(made)
    assert "tok" not in repr(made)


# -------------------------------------------------------------------------------------------- for every request

NAMES = ("Content-Type", "content-MD5", "x-oss-meta-a", "X-Oss-Meta-B", "x-oss-date-a", "If-Match", "range")
PARAMETERS = ("acl", "versionId", "x-oss-process", "response-content-type", "prefix", "retention", "uploadId", "a b")
any_text = st.binary(max_size=12).map(decode)
header_value = st.binary(max_size=12).filter(lambda raw: not set(raw) & set(b"\r\n\0")).map(decode)
headers_given = st.lists(st.tuples(st.sampled_from(NAMES), header_value), max_size=5)
queries = st.lists(st.tuples(st.sampled_from(PARAMETERS), any_text), max_size=4)
resources = st.one_of(
    st.just(Resource()),
    st.just(Resource(bucket="examplebucket")),
    st.binary(min_size=1, max_size=24).map(lambda key: Resource(bucket="examplebucket", key=key)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A request as a server has it, its address read."""

    version: Version
    is_url: bool
    method: str
    resource: Resource
    query: bytes
    headers: tuple[tuple[bytes, bytes], ...]

    def is_accepted(self) -> bool:
        request = Request(
            method=self.method, path=b"/", query=Query(self.query), headers=Headers(self.headers), host=b"host"
        )
        claim = dated_claim(request)
        judge_scope(claim, region="any", products=frozenset(), now=NOW)
        try:
            verify_signature(request, self.resource, claim, KEY)
        except SignatureDoesNotMatch:
            return False
        return True


@st.composite
def signed(draw: st.DrawFn) -> Sent:
    """A request signed by us, in any version and place."""
    version, is_url = draw(VERSIONS), draw(st.booleans())
    sent = [("Host", "host"), *draw(headers_given)]
    common: dict[str, Any] = {
        "version": version,
        "method": draw(st.sampled_from(["GET", "PUT", "POST", "DELETE", "HEAD"])),
        "resource": draw(resources),
        "query": draw(queries),
        "headers": sent,
        "credentials": draw(st.sampled_from([KEY, TEMPORARY])),
        "now": NOW,
        "additional_headers": draw(st.lists(st.sampled_from((*NAMES, "Host", "absent")), max_size=3)),
    }
    wire = canonical_query(common["query"])
    if is_url:
        try:
            wire = presign_dated(**common, expires=timedelta(hours=1)).query
        except ValueError:
            assume(False)
    else:
        sent = [*sent, *sign_headers_dated(**common).items()]
    return Sent(
        version=version,
        is_url=is_url,
        method=common["method"],
        resource=common["resource"],
        query=encode(wire),
        headers=tuple((encode(name), encode(value)) for name, value in sent),
    )


@given(signed())
def test_what_we_sign_we_accept(sent: Sent) -> None:
    assert sent.is_accepted()


@given(signed(), st.data())
def test_order_and_letter_case_never_matter(sent: Sent, data: st.DataObject) -> None:
    names = data.draw(st.permutations(sorted({name.lower() for name, _ in sent.headers})))
    headers = [(name.swapcase(), value) for at in names for name, value in sent.headers if name.lower() == at]
    segments = data.draw(st.permutations(sent.query.split(b"&")))
    assert replace(sent, headers=tuple(headers), query=b"&".join(segments)).is_accepted()


@given(signed(), st.sampled_from(["GET", "PUT", "POST", "DELETE", "HEAD"]))
def test_another_method_is_refused(sent: Sent, method: str) -> None:
    assume(method != sent.method)
    assert not replace(sent, method=method).is_accepted()


@given(signed(), resources)
def test_another_resource_is_refused(sent: Sent, resource: Resource) -> None:
    assume(resource != sent.resource)
    assert not replace(sent, resource=resource).is_accepted()


@given(
    signed(),
    st.sampled_from(["acl", "policy", "uploads", "response-expires", "partNumber"]),
    st.sampled_from(["", "=1"]),
)
def test_a_sub_resource_that_is_added_is_refused(sent: Sent, name: str, value: str) -> None:
    query = sent.query + encode(f"&{name}{value}")
    assert not replace(sent, query=query).is_accepted()


@given(signed(), st.sampled_from(["x-oss-unheard-of=1", "retention", "accessmonitor", "quota"]))
def test_a_url_takes_no_parameter_that_some_sign(sent: Sent, added: str) -> None:
    assume(sent.is_url)
    assert not replace(sent, query=sent.query + encode(f"&{added}")).is_accepted()


@given(signed(), st.data())
def test_a_sub_resource_that_is_dropped_is_refused(sent: Sent, data: st.DataObject) -> None:
    names = [name for name, _ in Query(sent.query).pairs]
    settled = [at for at, name in enumerate(names) if name in {"acl", "versionId", "response-content-type", "uploadId"}]
    assume(settled)
    segments = sent.query.split(b"&")
    del segments[data.draw(st.sampled_from(settled))]
    assert not replace(sent, query=b"&".join(segments)).is_accepted()


@given(signed(), st.sampled_from(["Content-Type", "Content-MD5", "x-oss-meta-a", "x-oss-object-acl"]), header_value)
def test_a_header_that_is_signed_can_be_neither_added_nor_changed(sent: Sent, name: str, value: str) -> None:
    lower = encode(name.lower())
    before = Headers(sent.headers).get(lower)
    changed = (*(item for item in sent.headers if item[0].lower() != lower), (lower, encode(value)))
    after = Headers(changed).get(lower)
    # That digest or type is absent and that it is empty are the same line.
    is_same = before == after or (not name.startswith("x-oss-") and not before and not after)
    try:
        accepted = replace(sent, headers=changed).is_accepted()
    except OssError:
        accepted = False
    assert accepted == is_same


@given(signed())
def test_another_expiry_or_date_is_refused(sent: Sent) -> None:
    if sent.is_url:
        later = encode(str(int(NOW.timestamp()) + 3601))
        changed = replace(sent, query=sent.query.replace(encode(str(int(NOW.timestamp()) + 3600)), later))
    else:
        headers = [(name, value.replace(b"03:56:28", b"03:56:29")) for name, value in sent.headers]
        changed = replace(sent, headers=tuple(headers))
    assert changed != sent
    assert not changed.is_accepted()
