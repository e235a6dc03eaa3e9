"""V1 and V2 together: what official clients signed, and every refusal that the two have in common."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ossicle.wire.credentials import Credentials
from ossicle.wire.errors import (
    AccessDenied,
    InvalidArgument,
    InvalidRequest,
    OssError,
    RequestTimeTooSkewed,
    SignatureDoesNotMatch,
)
from ossicle.wire.http import Headers, Query, Request, Resource
from ossicle.wire.signing import (
    DatedClaim,
    Version,
    judge_scope,
    parse_claim,
    presign_dated,
    sign_headers_dated,
    v1,
    v2,
    verify_signature,
)
from ossicle.wire.text import encode
from tests.support.signing_vectors import Vector, dated_claim, dated_vectors

KEY = Credentials(access_key_id="made-up-id", access_key_secret="made-up-secret")
NOW = datetime(2023, 12, 17, 3, 56, 28, tzinfo=UTC)
DATE = "Sun, 17 Dec 2023 03:56:28 GMT"
EXPIRES = str(int(NOW.timestamp()) + 60)
RESOURCE = Resource(bucket="examplebucket", key=b"k")
VERSIONS = [Version.V1, Version.V2]
VECTORS = dated_vectors()
IN_URL = [vector for vector in VECTORS if vector.auth_mode == "query"]
IN_HEADER = [vector for vector in VECTORS if vector.auth_mode == "header"]
# The names of key id, expiry and signature in a URL.
NAMES = {
    Version.V1: ("OSSAccessKeyId", "Expires", "Signature"),
    Version.V2: ("x-oss-access-key-id", "x-oss-expires", "x-oss-signature"),
}


def name_of(entry: object) -> str:
    return str(entry.value) if isinstance(entry, Version) else str(getattr(entry, "id", entry))


def judge(claim: DatedClaim, now: datetime = NOW) -> None:
    judge_scope(claim, region="cn-hangzhou", products=frozenset({"oss"}), now=now)


def judged(request: Request, resource: Resource, credentials: Credentials, now: datetime) -> DatedClaim:
    claim = dated_claim(request)
    judge(claim, now)
    verify_signature(request, resource, claim, credentials)
    return claim


def request(
    method: str = "PUT", *, query: str = "", headers: Sequence[tuple[str, str]] = (), path: bytes = b"/k"
) -> Request:
    sent = Headers((encode(name), encode(value)) for name, value in headers)
    return Request(method=method, path=path, query=Query(encode(query)), headers=sent, host=b"host")


def signed_url(version: Version, headers: Sequence[tuple[str, str]] = (), **changes: Any) -> Request:
    made = presign_dated(
        **{
            "version": version,
            "method": "PUT",
            "resource": RESOURCE,
            "query": [],
            "headers": headers,
            "credentials": KEY,
            "now": NOW,
            "expires": timedelta(minutes=1),
            **changes,
        }
    )
    return request(query=made.query, headers=headers)


def signed_header(version: Version, headers: Sequence[tuple[str, str]] = (), **changes: Any) -> Request:
    added = sign_headers_dated(
        **{
            "version": version,
            "method": "PUT",
            "resource": RESOURCE,
            "query": [],
            "headers": headers,
            "credentials": KEY,
            "now": NOW,
            **changes,
        }
    )
    return request(headers=[*headers, *added.items()])


# ------------------------------------------------------------------------------------------- official clients


def test_the_vectors_are_all_there() -> None:
    assert Counter((vector.signature_version, vector.auth_mode) for vector in VECTORS) == {
        ("v1", "query"): 24,
        ("v1", "header"): 16,
        ("v2", "query"): 2,
        ("v2", "header"): 1,
    }


@pytest.mark.parametrize("vector", VECTORS, ids=name_of)
def test_the_verdict_is_the_expected_one(vector: Vector) -> None:
    assert vector.expect == "signature valid"
    claim = judged(vector.wire.request(), vector.resource, vector.credentials, vector.verify_at)
    assert claim.version is Version(vector.signature_version)
    assert claim.access_key_id == vector.access_key_id
    assert claim.security_token == vector.security_token
    assert claim.signature == vector.signature
    if vector.expires_seconds is None:
        assert (claim.signed_at, claim.expires_at) == (vector.signed_at, None)
    else:
        assert (claim.signed_at, claim.expires_at) == (None, vector.time_epoch + vector.expires_seconds)


@pytest.mark.parametrize("vector", VECTORS, ids=name_of)
def test_another_secret_is_refused_with_the_text_of_the_sdk(vector: Vector) -> None:
    with pytest.raises(SignatureDoesNotMatch) as refusal:
        judged(
            vector.wire.request(), vector.resource, replace(vector.credentials, access_key_secret="x"), vector.verify_at
        )
    error = refusal.value
    assert (error.status, error.ec) == (403, "0002-00000040")
    assert error.details == {
        "OSSAccessKeyId": vector.access_key_id,
        "SignatureProvided": vector.signature,
        # The quirk of one SDK, which leaves out what others sign, is not in any vector: the usual text is that of all.
        "StringToSign": vector.string_to_sign,
        "StringToSignBytes": "".join(f"{byte:02X} " for byte in encode(vector.string_to_sign or "")),
    }


@pytest.mark.parametrize("vector", IN_URL, ids=name_of)
def test_our_url_has_the_sdk_s_signature(vector: Vector) -> None:
    version = Version(vector.signature_version)
    names = NAMES[version]
    own = {*names, "security-token", "x-oss-signature-version"}
    made = presign_dated(
        version=version,
        method=vector.wire.method,
        resource=vector.resource,
        query=[pair for pair in Query(vector.wire.query).pairs if pair[0] not in own],
        headers=list(vector.wire.headers.items()),
        credentials=vector.credentials,
        now=vector.signed_at,
        expires=timedelta(seconds=vector.expires_seconds or 0),
    )
    ours, theirs = Query(encode(made.query)), Query(vector.wire.query)
    assert ours.get(names[2]) == vector.signature
    assert sorted(ours.pairs) == sorted(theirs.pairs)
    assert dict(made.signed_headers) == (vector.headers_uploader_must_send or {})


@pytest.mark.parametrize("vector", IN_HEADER, ids=name_of)
def test_our_header_is_the_sdk_s(vector: Vector) -> None:
    # One SDK sends the token where it is not signed: to sign as it does, it is a header like any other.
    is_quirk = vector.id == "v1h-py2-sts-quirk"
    added = sign_headers_dated(
        version=Version(vector.signature_version),
        method=vector.wire.method,
        resource=vector.resource,
        query=Query(vector.wire.query).pairs,
        headers=[pair for pair in vector.wire.headers.items() if pair[0].lower() not in {"date", "authorization"}],
        credentials=replace(vector.credentials, security_token=None) if is_quirk else vector.credentials,
        now=vector.signed_at,
    )
    theirs = {name.lower(): value for name, value in vector.wire.headers.items()}
    assert added["Authorization"] == theirs["authorization"]
    assert {name.lower(): value for name, value in added.items()}.items() <= theirs.items()


# --------------------------------------------------------------------------------------------- URLs, malformed


@pytest.mark.parametrize("version", VERSIONS, ids=name_of)
@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("is_there", [False, True])
def test_a_parameter_that_is_missing_or_empty(version: Version, place: int, *, is_there: bool) -> None:
    names = NAMES[version]
    given = dict(zip(names, ("made-up-id", EXPIRES, "c2ln"), strict=True))
    if is_there:
        given[names[place]] = ""
    else:
        del given[names[place]]
    if version is Version.V2:
        given["x-oss-signature-version"] = "OSS2"
    with pytest.raises(AccessDenied) as refusal:
        parse_claim(request(query="&".join(f"{name}={value}" for name, value in given.items())))
    error = refusal.value
    assert error.status == 403
    assert error.message == (
        f"Query-string authentication requires the {names[2]}, {names[1]} and {names[0]} parameters"
    )
    known = {
        ("Expires", False): "0002-00000067",
        ("Expires", True): "0002-00000068",
        ("x-oss-expires", False): "0002-00000113",
        ("x-oss-signature", True): "0002-00000118",
    }
    assert error.ec == known.get((names[place], is_there))


@pytest.mark.parametrize("version", VERSIONS, ids=name_of)
@pytest.mark.parametrize(
    "expires", ["abc", "-1", "1.5", "1e9", "%201702788988", "0x1", "1" * 19, "1" * 5000, "%D9%A1", "1%0A"]
)
def test_an_expiry_that_is_no_number_of_seconds(version: Version, expires: str) -> None:
    names = NAMES[version]
    query = f"{names[0]}=made-up-id&{names[1]}={expires}&{names[2]}=c2ln"
    query += "&x-oss-signature-version=OSS2" if version is Version.V2 else ""
    with pytest.raises(AccessDenied) as refusal:
        parse_claim(request(query=query))
    assert refusal.value.message == "Invalid date (should be seconds since epoch)."
    assert (refusal.value.status, refusal.value.ec) == (403, "0002-00000070")


@pytest.mark.parametrize("version", VERSIONS, ids=name_of)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_parameter_that_stands_there_twice(version: Version, place: int) -> None:
    name = NAMES[version][place]
    good = signed_url(version)
    for second in (name, name.replace("s", "%73")):
        with pytest.raises(InvalidArgument, match=f"parameter {name} stands there more than once"):
            parse_claim(replace(good, query=Query(good.query.raw + b"&" + encode(second) + b"=1")))


@pytest.mark.parametrize("version", VERSIONS, ids=name_of)
def test_the_last_second_of_a_url_is_in_and_the_next_is_not(version: Version) -> None:
    claim = dated_claim(signed_url(version))
    end = NOW + timedelta(minutes=1)
    judge(claim, end)
    with pytest.raises(AccessDenied, match="Request has expired") as refusal:
        judge(claim, end + timedelta(milliseconds=1))
    assert (refusal.value.status, refusal.value.ec) == (403, "0002-00000069")
    assert refusal.value.details == {"Expires": "2023-12-17T03:57:28.000Z", "ServerTime": "2023-12-17T03:57:28.001Z"}


@pytest.mark.parametrize("version", VERSIONS, ids=name_of)
def test_a_url_has_no_beginning_and_its_end_no_bound(version: Version) -> None:
    judge(dated_claim(signed_url(version)), NOW - timedelta(days=3650))
    names = NAMES[version]
    query = f"{names[0]}=a&{names[1]}={'9' * 18}&{names[2]}=s"
    query += "&x-oss-signature-version=OSS2" if version is Version.V2 else ""
    judge(dated_claim(request(query=query)))


@pytest.mark.parametrize("expires", ["0", "1", "000"])
def test_a_url_that_ended_long_ago(expires: str) -> None:
    with pytest.raises(AccessDenied, match="Request has expired") as refusal:
        judge(dated_claim(request(query=f"OSSAccessKeyId=a&Expires={expires}&Signature=s")))
    assert refusal.value.details["Expires"].startswith("1970-01-01T00:00:0")


# --------------------------------------------------------------------------------------------- headers, dates

HEADERS = {Version.V1: "OSS made-up-id:c2ln", Version.V2: "OSS2 AccessKeyId:made-up-id,Signature:c2ln"}


@pytest.mark.parametrize("version", VERSIONS, ids=name_of)
@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("Date", "")],
        [("Date", "20231217T035628Z")],
        [("Date", "2023-12-17T03:56:28Z")],
        [("Date", "Sun, 17 Dec 2023 03:56:28 +0000")],
        [("Date", "Sun, 31 Feb 2023 03:56:28 GMT")],
        [("Date", DATE), ("x-oss-date", "20231217T035628Z")],
        [("Date", DATE), ("Date", DATE)],
    ],
)
def test_without_a_valid_date(version: Version, headers: list[tuple[str, str]]) -> None:
    with pytest.raises(AccessDenied) as refusal:
        parse_claim(request(headers=[*headers, ("Authorization", HEADERS[version])]))
    assert refusal.value.message == "OSS authentication requires a valid Date."
    assert (refusal.value.status, refusal.value.ec) == (403, None)


@pytest.mark.parametrize("version", VERSIONS, ids=name_of)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_clock_a_quarter_of_an_hour_off(version: Version, sign: int) -> None:
    claim = dated_claim(signed_header(version))
    judge(claim, NOW + sign * timedelta(minutes=15))
    with pytest.raises(RequestTimeTooSkewed) as refusal:
        judge(claim, NOW + sign * timedelta(minutes=15, milliseconds=1))
    error = refusal.value
    assert (error.status, error.ec) == (403, "0002-00000504")
    assert error.message == "The difference between the request time and the current time is too large."
    assert error.details["RequestTime"] == "2023-12-17T03:56:28.000Z"
    assert error.details["MaxAllowedSkewMilliseconds"] == "900000"


@pytest.mark.parametrize("version", VERSIONS, ids=name_of)
def test_x_oss_date_counts_before_date(version: Version) -> None:
    claim = dated_claim(
        request(
            headers=[
                ("Date", "Sun, 17 Dec 2023 04:56:28 GMT"),
                ("x-oss-date", DATE),
                ("Authorization", HEADERS[version]),
            ]
        )
    )
    assert claim.signed_at == NOW
    assert claim.date_lines == (DATE, "Sun, 17 Dec 2023 04:56:28 GMT")


def signature_over(version: Version, headers: Headers, date_line: str) -> str:
    if version is Version.V1:
        text = v1.string_to_sign("PUT", headers, date_line, v1.canonical_resource(RESOURCE, []))
        return v1.signature(KEY.access_key_secret, text)
    text = v2.string_to_sign("PUT", headers, date_line, v2.canonical_resource(RESOURCE, []))
    return v2.signature(KEY.access_key_secret, text)


@pytest.mark.parametrize("version", VERSIONS, ids=name_of)
def test_either_of_two_dates_may_have_been_signed_and_no_third(version: Version) -> None:
    other = "Sun, 17 Dec 2023 03:56:29 GMT"
    by_x_oss_date = signed_header(version, [("x-oss-date", DATE)], now=NOW + timedelta(seconds=1))
    judged(by_x_oss_date, RESOURCE, KEY, NOW)
    # The same with Date in the line: signed as if there were no x-oss-date but among the headers.
    signing = Headers([(b"x-oss-date", encode(DATE)), (b"date", encode(other))])
    for line, is_accepted in ((DATE, True), (other, True), ("Sun, 17 Dec 2023 03:56:30 GMT", False), ("", False)):
        made = signature_over(version, signing, line)
        authorization = HEADERS[version].replace("c2ln", made)
        sent = request(headers=[("x-oss-date", DATE), ("Date", other), ("Authorization", authorization)])
        if is_accepted:
            judged(sent, RESOURCE, KEY, NOW)
        else:
            with pytest.raises(SignatureDoesNotMatch):
                judged(sent, RESOURCE, KEY, NOW)


@pytest.mark.parametrize("version", VERSIONS, ids=name_of)
def test_the_date_of_a_header_can_not_be_moved(version: Version) -> None:
    sent = signed_header(version)
    later = [*((name, value) for name, value in sent.headers.items() if name != b"date")]
    for changed in (
        [*later, (b"date", b"Sun, 17 Dec 2023 03:56:29 GMT")],
        [*sent.headers.items(), (b"x-oss-date", b"Sun, 17 Dec 2023 03:56:29 GMT")],
        [*sent.headers.items(), (b"x-oss-date", encode(DATE))],
    ):
        with pytest.raises(SignatureDoesNotMatch):
            judged(replace(sent, headers=Headers(changed)), RESOURCE, KEY, NOW)


@pytest.mark.parametrize("version", VERSIONS, ids=name_of)
def test_the_dates_of_a_url_s_headers_have_no_say(version: Version) -> None:
    sent = signed_url(version)
    judged(replace(sent, headers=Headers([(b"Date", b"no date")])), RESOURCE, KEY, NOW)
    with pytest.raises(SignatureDoesNotMatch):  # an x-oss-* header like any other
        judged(replace(sent, headers=Headers([(b"x-oss-date", encode(DATE))])), RESOURCE, KEY, NOW)


# ------------------------------------------------------------------------------------------------------ tokens


@pytest.mark.parametrize("version", VERSIONS, ids=name_of)
@pytest.mark.parametrize("name", ["x-oss-security-token", "security-token"])
def test_the_token_of_a_header_signature(version: Version, name: str) -> None:
    headers = [("Date", DATE), ("Authorization", HEADERS[version]), (name, "t+/=")]
    assert dated_claim(request(headers=headers)).security_token == "t+/="
    assert dated_claim(request(headers=[*headers[:2], (name, "")])).security_token is None


@pytest.mark.parametrize("version", VERSIONS, ids=name_of)
@pytest.mark.parametrize("name", ["x-oss-security-token", "security-token"])
def test_the_token_of_a_url_is_none_of_its_headers(version: Version, name: str) -> None:
    sent = signed_url(version)
    with pytest.raises(InvalidRequest) as refusal:
        parse_claim(replace(sent, headers=Headers([(encode(name), b"t")])))
    assert refusal.value.status == 400
    assert refusal.value.message == "Security-token must be provided by query string parameter."


@pytest.mark.parametrize("version", VERSIONS, ids=name_of)
def test_a_token_in_a_url_is_signed(version: Version) -> None:
    temporary = replace(KEY, security_token="tok+en/== &")
    sent = signed_url(version, credentials=temporary)
    assert judged(sent, RESOURCE, temporary, NOW).security_token == "tok+en/== &"
    changed = replace(sent, query=Query(sent.query.raw.replace(b"tok%2B", b"kot%2B")))
    assert dated_claim(changed).security_token == "kot+en/== &"
    with pytest.raises(SignatureDoesNotMatch):
        judged(changed, RESOURCE, temporary, NOW)


# -------------------------------------------------------------------------------------------------- mismatches


@pytest.mark.parametrize("version", VERSIONS, ids=name_of)
@pytest.mark.parametrize("made", ["c2ln", "====", "%", "\udcff\udcfe", "0" * 10_000, "c2ln c2ln"])
def test_a_signature_of_another_form_does_not_match(version: Version, made: str) -> None:
    names = NAMES[version]
    given = encode(made).hex("%")
    query = f"{names[0]}=made-up-id&{names[1]}={EXPIRES}&{names[2]}=%{given}"
    query += "&x-oss-signature-version=OSS2" if version is Version.V2 else ""
    with pytest.raises(SignatureDoesNotMatch) as refusal:
        judged(request(query=query), RESOURCE, KEY, NOW)
    "".join(refusal.value.details.values()).encode()  # fit for a document


@pytest.mark.parametrize("version", VERSIONS, ids=name_of)
def test_no_refusal_or_claim_tells_a_secret(version: Version) -> None:
    temporary = replace(KEY, security_token="token-of-mine")
    for sent in (signed_url(version, credentials=temporary), signed_header(version, credentials=temporary)):
        claim = dated_claim(sent)
        assert "token-of-mine" not in repr(claim)
        assert claim.signature not in repr(claim)
        with pytest.raises(SignatureDoesNotMatch) as refusal:
            judged(replace(sent, method="GET"), RESOURCE, temporary, NOW)
        text = str(refusal.value) + repr(refusal.value.details)
        assert KEY.access_key_secret not in text
        right = dated_claim(
            signed_url(version, credentials=temporary, method="GET")
            if claim.expires_at is not None
            else signed_header(version, credentials=temporary, method="GET")
        ).signature
        assert right not in text


@pytest.mark.parametrize("version", VERSIONS, ids=name_of)
@pytest.mark.parametrize(
    "change",
    [
        {"method": "GET"},
        {"resource": Resource(bucket="examplebucket", key=b"K")},
        {"resource": Resource(bucket="examplebucket")},
        {"resource": Resource(bucket="anotherbucket", key=b"k")},
        {"resource": Resource()},
        {"headers": [("Content-Type", "text/plain"), ("x-oss-meta-a", "2")]},
        {"headers": [("Content-Type", "text/plain")]},
        {"headers": [("Content-Type", "text/plain;charset=utf8"), ("x-oss-meta-a", "1")]},
        {"headers": [("x-oss-meta-a", "1")]},
        {"headers": [("Content-Type", "text/plain"), ("x-oss-meta-a", "1"), ("x-oss-object-acl", "public-read")]},
        {
            "headers": [
                ("Content-Type", "text/plain"),
                ("x-oss-meta-a", "1"),
                ("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="),
            ]
        },
        {"query": b"&acl"},
        {"query": b"&versionId=1"},
        {"query": b"&response-content-type=text%2Fhtml"},
        {"query": b"&x-oss-process=a"},
        {"query": b"&x-oss-unheard-of=a"},
    ],
    ids=str,
)
def test_what_was_signed_is_what_must_be_sent(version: Version, change: dict[str, Any]) -> None:
    headers = [("Content-Type", "text/plain"), ("x-oss-meta-a", "1")]
    sent = signed_url(version, headers)
    judged(sent, RESOURCE, KEY, NOW)
    changed = replace(
        sent,
        method=change.get("method", "PUT"),
        query=Query(sent.query.raw + change.get("query", b"")),
        headers=Headers((encode(name), encode(value)) for name, value in change.get("headers", headers)),
    )
    with pytest.raises(OssError) as refusal:
        judged(changed, change.get("resource", RESOURCE), KEY, NOW)
    assert isinstance(refusal.value, SignatureDoesNotMatch)
