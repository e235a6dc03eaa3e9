"""What no recorded request shows: rare forms and every refusal, against a second, literal signer."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from ossicle.wire.credentials import Credentials
from ossicle.wire.errors import (
    AccessDenied,
    AuthorizationQueryParametersError,
    InvalidArgument,
    OssError,
    RequestTimeTooSkewed,
    SignatureDoesNotMatch,
)
from ossicle.wire.http import Headers, Query, Request, Resource
from ossicle.wire.signing import Claim, Scope, judge_scope, parse_claim, signing_key, verify_signature
from tests.support.signing_vectors import v4_claim

KEY = Credentials(access_key_id="made-up-id", access_key_secret="made-up-secret")
NOW = datetime(2023, 12, 17, 3, 56, 28, tzinfo=UTC)
TIME = "20231217T035628Z"
SCOPE = "20231217/cn-hangzhou/oss/aliyun_v4_request"
CREDENTIAL = f"made-up-id/{SCOPE}"
RESOURCE = Resource(bucket="examplebucket", key=b"k")
PARAMETERS = {
    "x-oss-credential": CREDENTIAL.replace("/", "%2F"),
    "x-oss-date": TIME,
    "x-oss-expires": "3600",
    "x-oss-signature": "0" * 64,
    "x-oss-signature-version": "OSS4-HMAC-SHA256",
}
# The canonical query of a presigned URL without parameters of its own.
BARE_QUERY = "&".join(f"{name}={value}" for name, value in PARAMETERS.items() if name != "x-oss-signature")

Pairs = Iterable[tuple[str | bytes, str | bytes]]


def request(*, query: str = "", headers: Pairs = (), method: str = "PUT") -> Request:
    sent = [
        (name.encode() if isinstance(name, str) else name, value.encode() if isinstance(value, str) else value)
        for name, value in headers
    ]
    return Request(
        method=method,
        path=b"/k",
        query=Query(query.encode()),
        headers=Headers([(b"Host", b"examplebucket.oss-cn-hangzhou.aliyuncs.com"), *sent]),
        host=b"examplebucket.oss-cn-hangzhou.aliyuncs.com",
    )


def mac(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, text, hashlib.sha256).digest()


def signature_of(canonical: bytes) -> str:
    """Sign a canonical request by the letter of the algorithm, with nothing of ours in between."""
    key = mac(mac(mac(mac(b"aliyun_v4made-up-secret", b"20231217"), b"cn-hangzhou"), b"oss"), b"aliyun_v4_request")
    hashed = hashlib.sha256(canonical).hexdigest()
    return mac(key, f"OSS4-HMAC-SHA256\n{TIME}\n{SCOPE}\n{hashed}".encode()).hex()


def verify(received: Request) -> Claim:
    claim = v4_claim(received)
    assert claim is not None
    judge_scope(claim, region="cn-hangzhou", products=frozenset({"oss"}), now=NOW)
    verify_signature(received, RESOURCE, claim, KEY)
    return claim


def presigned(
    wire: str,
    canonical_query: str,
    *,
    headers: Pairs = (),
    canonical_headers: str | bytes = "",
    names: str = "",
    payload: str = "UNSIGNED-PAYLOAD",
) -> Request:
    """A request whose query is `wire`, signed over the canonical texts that are written out in the test."""
    lines = canonical_headers.encode() if isinstance(canonical_headers, str) else canonical_headers
    before = f"PUT\n/examplebucket/k\n{canonical_query}\n".encode()
    made = signature_of(before + lines + f"\n{names}\n{payload}".encode())
    return request(query=f"{wire}&x-oss-signature={made}", headers=headers)


def is_refused(received: Request) -> bool:
    try:
        verify(received)
    except SignatureDoesNotMatch:
        return True
    return False


# -------------------------------------------------------------------------------------------------- the query


@pytest.mark.parametrize(
    ("wire", "canonical"),
    [
        ("prefix=a+b", "prefix=a%20b"),
        ("prefix=a%2Bb", "prefix=a%2Bb"),
        ("prefix=a/b", "prefix=a%2Fb"),
        ("pre/fix=1", "pre%2Ffix=1"),
        ("prefix=%7e", "prefix=~"),
        ("prefix=%c3%bc", "prefix=%C3%BC"),
        ("prefix=%ff", "prefix=%FF"),
        ("prefix=ü", "prefix=%C3%BC"),
        ("prefix=a=b", "prefix=a%3Db"),
        ("prefix=100%", "prefix=100%25"),
        ("prefix=%zz", "prefix=%25zz"),
        ("uploads", "uploads"),
        ("uploads=", "uploads"),
        ("&&uploads&", "uploads"),
        ("=value", "=value"),
        ("tag=b&tag=a", "tag=a&tag=b"),
        ("tag=a&tag=a", "tag=a&tag=a"),
        ("tag&tag=a", "tag&tag=a"),
        ("b=1&a=2", "a=2&b=1"),
        # Sorted as encoded: `%2B` comes before `0`, the plus sign itself would too, but `|` would not.
        ("0=1&%2B=2&%7C=3", "%2B=2&%7C=3&0=1"),
    ],
)
def test_the_query_is_decoded_and_encoded_anew(wire: str, canonical: str) -> None:
    verify(presigned(f"{wire}&{BARE_QUERY}", f"{canonical}&{BARE_QUERY}"))


@pytest.mark.parametrize(
    ("wire", "canonical"),
    [
        ("prefix=a(1)!*~", "prefix=a(1)!*~"),
        ("prefix=a+b(", "prefix=a%20b("),
        ("prefix=%7ea", "prefix=%7ea"),
        ("prefix=(&uploads=", "prefix=(&uploads"),
    ],
)
def test_the_query_may_be_signed_as_received(wire: str, canonical: str) -> None:
    verify(presigned(f"{wire}&{BARE_QUERY}", f"{canonical}&{BARE_QUERY}"))


@pytest.mark.parametrize(
    ("wire", "signed"),
    [
        ("prefix=a+b", "prefix=a%2Bb"),
        ("prefix=a+b", "prefix=a+b"),
        ("tag=b&tag=a", "tag=b"),
        ("uploads", "uploads="),
        ("b=1&a=2", "b=1&a=2"),
        ("prefix=a%2Fb%28", "prefix=a/b("),
    ],
)
def test_no_other_form_of_the_query_is_taken(wire: str, signed: str) -> None:
    assert is_refused(presigned(f"{wire}&{BARE_QUERY}", f"{signed}&{BARE_QUERY}"))


@pytest.mark.parametrize("mark", ["", "p=(&"])
def test_the_signature_parameter_is_no_part_of_the_signed_text_however_it_is_spelled(mark: str) -> None:
    received = presigned(f"{mark}{BARE_QUERY}", f"{mark}{BARE_QUERY}").query.raw.decode()
    assert received.count("x-oss-signature=") == 1
    verify(request(query=received.replace("x-oss-signature=", "x-oss-signatur%65=")))


@pytest.mark.parametrize("name", ["x-oss-signature", "x-oss-signatur%65"])
@pytest.mark.parametrize("value", ["0" * 64, ""])
def test_two_signatures_are_refused_whichever_comes_first(name: str, value: str) -> None:
    received = presigned(BARE_QUERY, BARE_QUERY).query.raw.decode()
    for query in (f"{name}={value}&{received}", f"{received}&{name}={value}"):
        with pytest.raises(AuthorizationQueryParametersError, match="x-oss-signature stands there more than once"):
            parse_claim(request(query=query))


# ------------------------------------------------------------------------------------------------ the headers


@pytest.mark.parametrize(
    ("headers", "lines"),
    [
        ([("x-oss-meta-a", "1"), ("x-oss-meta-a", "2")], "x-oss-meta-a:1,2\n"),
        ([("X-Oss-Meta-A", " 1 "), ("x-oss-meta-a", "\t2")], "x-oss-meta-a:1,2\n"),
        ([("x-oss-meta-a", "1"), ("x-oss-meta-a", "")], "x-oss-meta-a:1,\n"),
        (
            [("x-oss-meta-b", "1"), ("content-md5", "2"), ("x-oss-meta-a", "3")],
            "content-md5:2\nx-oss-meta-a:3\nx-oss-meta-b:1\n",
        ),
        ([("x-oss-meta-a", "")], "x-oss-meta-a:\n"),
        ([("x-oss-meta-a", "")], ""),
        ([("content-type", ""), ("x-oss-meta-a", "1")], "content-type:\nx-oss-meta-a:1\n"),
        ([("content-type", ""), ("x-oss-meta-a", "1")], "x-oss-meta-a:1\n"),
        ([("x-oss-", "1")], "x-oss-:1\n"),
        ([("x-os", "1"), ("content-types", "2"), ("if-match", "3"), ("range", "4"), ("expires", "5")], ""),
    ],
)
def test_default_headers(headers: list[tuple[str, str]], lines: str) -> None:
    verify(presigned(BARE_QUERY, BARE_QUERY, headers=headers, canonical_headers=lines))


@pytest.mark.parametrize(
    ("headers", "lines"),
    [
        ([("x-oss-meta-a", "1"), ("x-oss-meta-a", "2")], "x-oss-meta-a:1, 2\n"),
        ([("x-oss-meta-a", "1"), ("x-oss-meta-a", "2")], "x-oss-meta-a:2,1\n"),
        ([("x-oss-meta-a", "1"), ("x-oss-meta-a", "2")], "x-oss-meta-a:1\n"),
        ([("x-oss-meta-a", "a  b")], "x-oss-meta-a:a b\n"),
        ([("x-oss-meta-a", "A")], "x-oss-meta-a:a\n"),
        # All empty headers are in, or all are out.
        ([("content-type", ""), ("x-oss-meta-a", "")], "content-type:\n"),
        ([("content-type", "text/plain;charset=utf8")], "content-type:text/plain; charset=utf8\n"),
    ],
)
def test_no_other_form_of_the_headers_is_taken(headers: list[tuple[str, str]], lines: str) -> None:
    assert is_refused(presigned(BARE_QUERY, BARE_QUERY, headers=headers, canonical_headers=lines))


def test_header_bytes_that_are_not_utf_8_are_signed_as_they_are() -> None:
    headers = [(b"x-oss-meta-a", b"caf\xe9"), (b"x-oss-meta-b", "文件".encode())]
    lines = b"x-oss-meta-a:caf\xe9\nx-oss-meta-b:" + "文件".encode() + b"\n"
    verify(presigned(BARE_QUERY, BARE_QUERY, headers=headers, canonical_headers=lines))
    as_utf_8 = "x-oss-meta-a:café\nx-oss-meta-b:文件\n"
    assert is_refused(presigned(BARE_QUERY, BARE_QUERY, headers=headers, canonical_headers=as_utf_8))


def test_both_tolerances_together_are_accepted() -> None:
    query = f"p=(&{BARE_QUERY}"
    verify(presigned(query, query, headers=[("content-type", "")], canonical_headers=""))


@pytest.mark.parametrize(
    ("listed", "names", "lines"),
    [
        ("abc", "abc", "abc:1\ncontent-type:t\n"),
        ("abc;content-type", "abc", "abc:1\ncontent-type:t\n"),
        ("content-type;x-oss-meta-z", "", "content-type:t\n"),
        ("zed;abc", "abc;zed", "abc:1\ncontent-type:t\nzed:2\n"),
        ("ABC;Zed", "abc;zed", "abc:1\ncontent-type:t\nzed:2\n"),
        ("abc;abc", "abc", "abc:1\ncontent-type:t\n"),
        ("empty", "empty", "content-type:t\nempty:\n"),
        ("host", "host", "content-type:t\nhost:examplebucket.oss-cn-hangzhou.aliyuncs.com\n"),
    ],
)
def test_additional_headers_in_the_url(listed: str, names: str, lines: str) -> None:
    query = f"x-oss-additional-headers={listed.replace(';', '%3B')}&{BARE_QUERY}"
    headers = [("content-type", "t"), ("abc", "1"), ("zed", "2"), ("empty", ""), ("other", "3")]
    claim = verify(presigned(query, query, headers=headers, canonical_headers=lines, names=names))
    assert claim.additional_headers == tuple(listed.split(";"))


def test_an_additional_header_without_a_value_stays_in_the_signed_text() -> None:
    query = f"x-oss-additional-headers=empty&{BARE_QUERY}"
    assert is_refused(presigned(query, query, headers=[("empty", "")], canonical_headers="", names="empty"))


@pytest.mark.parametrize("listed", ["abc", "host;abc", "abc;abc"])
def test_an_additional_header_that_is_absent(listed: str) -> None:
    query = f"x-oss-additional-headers={listed.replace(';', '%3B')}&{BARE_QUERY}"
    with pytest.raises(InvalidArgument, match="The header abc is listed") as refusal:
        verify(presigned(query, query, canonical_headers="host:x\n", names=listed))
    assert refusal.value.status == 400
    with pytest.raises(InvalidArgument, match="The header abc is listed"):
        verify(by_header(fields=f"Credential={CREDENTIAL},AdditionalHeaders={listed},Signature={'0' * 64}"))


# ------------------------------------------------------------------------------------------------ header mode


def by_header(
    *,
    fields: str | None = None,
    scheme: str = "OSS4-HMAC-SHA256 ",
    headers: Pairs = (("x-oss-date", TIME), ("x-oss-content-sha256", "UNSIGNED-PAYLOAD")),
    query: str = "",
) -> Request:
    text = f"Credential={CREDENTIAL},Signature={'0' * 64}" if fields is None else fields
    return request(headers=[("Authorization", scheme + text), *headers], query=query)


def signed_by_header(lines: str, *, headers: Pairs, names: str = "", payload: str = "UNSIGNED-PAYLOAD") -> Request:
    made = signature_of(f"PUT\n/examplebucket/k\n\n{lines}\n{names}\n{payload}".encode())
    listed = f",AdditionalHeaders={names}" if names else ""
    return by_header(fields=f"Credential={CREDENTIAL}{listed},Signature={made}", headers=headers)


EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("payload", [EMPTY_SHA256, "STREAMING-SOMETHING", "unsigned-payload"])
def test_a_payload_hash_is_signed_as_it_is(payload: str) -> None:
    headers = [("x-oss-date", TIME), ("x-oss-content-sha256", payload)]
    lines = f"x-oss-content-sha256:{payload}\nx-oss-date:{TIME}\n"
    verify(signed_by_header(lines, headers=headers, payload=payload))
    assert is_refused(signed_by_header(lines, headers=headers))


def test_a_payload_hash_on_a_presigned_request_counts_too() -> None:
    headers = [("x-oss-content-sha256", EMPTY_SHA256)]
    lines = f"x-oss-content-sha256:{EMPTY_SHA256}\n"
    verify(presigned(BARE_QUERY, BARE_QUERY, headers=headers, canonical_headers=lines, payload=EMPTY_SHA256))
    assert is_refused(presigned(BARE_QUERY, BARE_QUERY, headers=headers))


def test_without_a_payload_hash_the_literal_stands_in() -> None:
    verify(signed_by_header(f"x-oss-date:{TIME}\n", headers=[("x-oss-date", TIME)]))


def test_without_x_oss_date_the_date_header_tells_the_time() -> None:
    received = signed_by_header("", headers=[("Date", "Sun, 17 Dec 2023 03:56:28 GMT")])
    claim = verify(received)
    assert (claim.datetime_text, claim.signed_at) == (TIME, NOW)


def test_a_date_header_beside_x_oss_date_has_no_say() -> None:
    verify(signed_by_header(f"x-oss-date:{TIME}\n", headers=[("x-oss-date", TIME), ("Date", "whenever")]))
    with pytest.raises(InvalidArgument, match="x-oss-date must be"):
        parse_claim(by_header(headers=[("x-oss-date", ""), ("Date", "Sun, 17 Dec 2023 03:56:28 GMT")]))


def test_the_fields_of_authorization_may_come_in_any_order_and_with_spaces() -> None:
    made = signature_of(f"PUT\n/examplebucket/k\n\nrange:r\nx-oss-date:{TIME}\n\nrange\nUNSIGNED-PAYLOAD".encode())
    headers = [("x-oss-date", TIME), ("range", "r")]
    for fields in (
        f"Credential={CREDENTIAL},AdditionalHeaders=range,Signature={made}",
        f"Credential={CREDENTIAL}, Signature={made}, AdditionalHeaders=range",
        f"  Signature={made} ,AdditionalHeaders=range ,  Credential={CREDENTIAL}",
    ):
        claim = verify(by_header(fields=fields, headers=headers))
        assert claim.expires_seconds is None
        assert claim.additional_headers == ("range",)


def test_the_token_of_a_header_signature_comes_from_its_header() -> None:
    headers = [("x-oss-date", TIME), ("x-oss-security-token", "tok+en/==")]
    received = signed_by_header(f"x-oss-date:{TIME}\nx-oss-security-token:tok+en/==\n", headers=headers)
    assert verify(received).security_token == "tok+en/=="
    blank = [("x-oss-date", TIME), ("x-oss-security-token", "")]
    received = signed_by_header(f"x-oss-date:{TIME}\nx-oss-security-token:\n", headers=blank)
    assert verify(received).security_token is None


def test_the_token_of_a_presigned_url_comes_from_its_query_only() -> None:
    in_header = presigned(
        BARE_QUERY,
        BARE_QUERY,
        headers=[("x-oss-security-token", "token")],
        canonical_headers="x-oss-security-token:token\n",
    )
    assert verify(in_header).security_token is None
    head, tail = BARE_QUERY.split("&x-oss-signature-version")
    query = f"{head}&x-oss-security-token=tok%2Ben&x-oss-signature-version{tail}"
    assert verify(presigned(query, query)).security_token == "tok+en"
    blank = f"{head}&x-oss-security-token&x-oss-signature-version{tail}"
    assert verify(presigned(blank, blank)).security_token is None


@pytest.mark.parametrize(
    ("fields", "ec"),
    [
        (f"Credential={CREDENTIAL}", "0002-00000202"),
        ("Signature=abc", "0002-00000202"),
        (f"Credential={CREDENTIAL},AdditionalHeaders=a,Signature=s,More=m", "0002-00000202"),
        (f"Credential={CREDENTIAL},Signature", "0002-00000203"),
        (f"Credential{CREDENTIAL},Signature=s", "0002-00000203"),
        (f"Credential={CREDENTIAL},Signature=s,", "0002-00000203"),
        (f"Credential={CREDENTIAL},Signature=s,UnknownKey=1", "0002-00000204"),
        (f"credential={CREDENTIAL},Signature=s", "0002-00000204"),
        ("AdditionalHeaders=host,Signature=s", "0002-00000205"),
        (f"Credential={CREDENTIAL},AdditionalHeaders=host", "0002-00000207"),
        (f"Credential={CREDENTIAL},Signature=", "0002-00000208"),
        (f"Credential={CREDENTIAL},AdditionalHeaders=,Signature=s", "0002-00000209"),
        (f"Credential={CREDENTIAL},AdditionalHeaders=host;,Signature=s", "0002-00000210"),
        (f"Credential={CREDENTIAL},AdditionalHeaders=host; ;range,Signature=s", "0002-00000210"),
        (f"Credential={CREDENTIAL},Signature=s,Signature=s", None),
        (f"Credential={CREDENTIAL},Credential={CREDENTIAL}", None),
    ],
)
def test_malformed_authorization(fields: str, ec: str | None) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        parse_claim(by_header(fields=fields))
    assert (refusal.value.status, refusal.value.ec) == (400, ec)
    assert CREDENTIAL not in refusal.value.message


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "OSS4-HMAC-SHA256",
        "oss4-hmac-sha256 Credential=a,Signature=b",
        f"OSS4-HMAC-SHA256,Credential={CREDENTIAL},Signature=s",
        "OSS",
        "OSS2",
        "OSS3 a:b",
        "Basic dTpw",
        "Bearer token",
        "AWS4-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=b",
        "made-up-id:signature",
        "\xff\xfe",
    ],
)
def test_other_schemes(authorization: str) -> None:
    with pytest.raises(InvalidArgument, match="must begin with OSS4-HMAC-SHA256") as refusal:
        parse_claim(by_header(scheme="", fields=authorization))
    assert refusal.value.status == 400


@pytest.mark.parametrize("second", ["Basic dTpw", f"OSS4-HMAC-SHA256 Credential={CREDENTIAL},Signature=s"])
def test_two_authorization_headers_are_no_signature(second: str) -> None:
    first = f"OSS4-HMAC-SHA256 Credential={CREDENTIAL},Signature=s"
    for order in ((first, second), (second, first)):
        with pytest.raises(InvalidArgument):
            parse_claim(request(headers=[("Authorization", text) for text in (*order,)] + [("x-oss-date", TIME)]))


# ----------------------------------------------------------------------------------------- both, and neither


@pytest.mark.parametrize(
    "query",
    [
        BARE_QUERY,
        "x-oss-signature-version=OSS2",
        "x-oss-signature-version",
        "OSSAccessKeyId=made-up-id",
        "Signature=c2ln",
        "Signature",
    ],
)
@pytest.mark.parametrize("scheme", ["OSS4-HMAC-SHA256 ", "OSS ", "OSS2 ", "Bearer "])
def test_signed_in_header_and_url_at_once(scheme: str, query: str) -> None:
    with pytest.raises(InvalidArgument, match="only one is allowed") as refusal:
        parse_claim(by_header(scheme=scheme, query=query))
    assert refusal.value.status == 400


@pytest.mark.parametrize(
    "query", ["", "prefix=a", "Expires=1", "signature=c2ln", "x-oss-signature=abc", "x-oss-credential=a", "versionId=1"]
)
def test_nothing_of_a_signature_is_anonymous(query: str) -> None:
    assert parse_claim(request(query=query)) is None


@pytest.mark.parametrize("version", ["", "ABC", "OSS", "OSS4", "oss4-hmac-sha256"])
def test_an_unknown_version_is_not_taken_for_an_anonymous_request(version: str) -> None:
    with pytest.raises(InvalidArgument, match="x-oss-signature-version must be OSS4-HMAC-SHA256") as refusal:
        parse_claim(request(query=f"x-oss-signature-version={version}"))
    assert refusal.value.ec == "0002-00000066"


# ------------------------------------------------------------------------------------- presigned, malformed


def with_parameter(name: str, value: str | None) -> Request:
    changed = {**PARAMETERS, name: value}
    return request(query="&".join(f"{key}={text}" for key, text in changed.items() if text is not None))


def with_credential(credential: str, *, in_query: bool) -> Request:
    if in_query:
        return with_parameter("x-oss-credential", credential.replace("/", "%2F"))
    return by_header(fields=f"Credential={credential},Signature={'0' * 64}")


def code_and_ec(error: OssError) -> tuple[str, int, str | None]:
    return error.code, error.status, error.ec


@pytest.mark.parametrize(
    ("name", "ec_absent", "ec_blank"),
    [
        ("x-oss-credential", "0002-00000217", "0002-00000218"),
        ("x-oss-date", None, None),
        ("x-oss-expires", "0002-00000215", "0002-00000216"),
        ("x-oss-signature", "0002-00000219", "0002-00000220"),
    ],
)
def test_a_parameter_that_is_missing_or_blank(name: str, ec_absent: str | None, ec_blank: str | None) -> None:
    with pytest.raises(AuthorizationQueryParametersError, match=f"{name} is missing") as absent:
        parse_claim(with_parameter(name, None))
    with pytest.raises(AuthorizationQueryParametersError, match=f"{name} is empty") as blank:
        parse_claim(with_parameter(name, ""))
    assert code_and_ec(absent.value) == ("AuthorizationQueryParametersError", 400, ec_absent)
    assert code_and_ec(blank.value) == ("AuthorizationQueryParametersError", 400, ec_blank)


@pytest.mark.parametrize("listed", ["", "%3B", "host%3B", "host%3B%3Brange", "%20%3Bhost"])
def test_a_blank_name_among_the_additional_headers(listed: str) -> None:
    with pytest.raises(AuthorizationQueryParametersError, match="additional headers") as refusal:
        parse_claim(with_parameter("x-oss-additional-headers", listed))
    assert refusal.value.status == 400


@pytest.mark.parametrize(
    "credential",
    [
        "made-up-id",
        "made-up-id/20231217/cn-hangzhou/oss",
        "made-up-id/cn-hangzhou/oss/aliyun_v4_request",
        "made-up-id/20231217/cn-hangzhou/oss/aws4_request",
        "made-up-id/20231217/cn-hangzhou/oss/ALIYUN_V4_REQUEST",
        "made-up-id/20231217/cn-hangzhou/oss/aliyun_v4_request/",
        "made-up/id/20231217/cn-hangzhou/oss/aliyun_v4_request",
        "/20231217/cn-hangzhou/oss/aliyun_v4_request",
        "made-up-id/20231217//oss/aliyun_v4_request",
    ],
)
def test_a_credential_of_another_form(credential: str) -> None:
    with pytest.raises(OssError, match="credential must be") as in_url:
        parse_claim(with_credential(credential, in_query=True))
    with pytest.raises(OssError, match="credential must be") as in_header:
        parse_claim(with_credential(credential, in_query=False))
    assert code_and_ec(in_url.value) == ("AuthorizationQueryParametersError", 400, "0002-00000224")
    assert code_and_ec(in_header.value) == ("InvalidArgument", 400, "0002-00000213")


@pytest.mark.parametrize(
    "date", ["2023-12-17", "20231218", "20231216", "2023121", "202312170", "today", "２０２３1217"]
)
def test_a_credential_of_another_day(date: str) -> None:
    credential = f"made-up-id/{date}/cn-hangzhou/oss/aliyun_v4_request"
    with pytest.raises(OssError, match="date of the credential") as in_url:
        parse_claim(with_credential(credential, in_query=True))
    with pytest.raises(OssError, match="date of the credential") as in_header:
        parse_claim(with_credential(credential, in_query=False))
    assert code_and_ec(in_url.value) == ("AuthorizationQueryParametersError", 400, "0002-00000223")
    assert code_and_ec(in_header.value) == ("InvalidArgument", 400, "0002-00000212")


@pytest.mark.parametrize(
    "text",
    [
        "20231217",
        "20231217T035628",
        "20231217t035628z",
        "2023-12-17T03:56:28Z",
        "20231317T035628Z",
        "20231217T245628Z",
        "20231217T035660Z",
        "20231217T035628Z,20231217T035628Z",
        "Sun, 17 Dec 2023 03:56:28 GMT",
        "1702785388",
    ],
)
def test_an_x_oss_date_that_is_no_date(text: str) -> None:
    with pytest.raises(OssError, match="x-oss-date must be") as in_url:
        parse_claim(with_parameter("x-oss-date", text.replace(" ", "%20")))
    with pytest.raises(OssError, match="x-oss-date must be") as in_header:
        parse_claim(by_header(headers=[("x-oss-date", text)]))
    assert code_and_ec(in_url.value) == ("AuthorizationQueryParametersError", 400, "0002-00000223")
    assert code_and_ec(in_header.value) == ("InvalidArgument", 400, "0002-00000212")


@pytest.mark.parametrize("headers", [[], [("Date", "whenever")], [("Date", TIME)]])
def test_a_header_signature_without_a_time(headers: list[tuple[str, str]]) -> None:
    with pytest.raises(InvalidArgument, match="x-oss-date or Date") as refusal:
        parse_claim(by_header(headers=headers))
    assert refusal.value.ec == "0002-00000503"


@pytest.mark.parametrize(
    "expires", ["abc", "3600s", "1.5", "%2B3600", "+3600", "0x10", "-", "９", "9" * 30, "0", "-1", "-3600", "604801"]
)
def test_an_x_oss_expires_out_of_range(expires: str) -> None:
    with pytest.raises(AuthorizationQueryParametersError, match="from 1 to 604800") as refusal:
        judge(v4_claim(with_parameter("x-oss-expires", expires)))
    assert refusal.value.ec == "0002-00000232"


@pytest.mark.parametrize("expires", [1, 604800])
def test_the_ends_of_the_range_of_x_oss_expires_are_in(expires: int) -> None:
    judge(v4_claim(with_parameter("x-oss-expires", str(expires))))


# ------------------------------------------------------------------------------------------- scope and time


def judge(claim: Claim | None, *, now: datetime = NOW, products: frozenset[str] = frozenset({"oss"})) -> None:
    assert claim is not None
    judge_scope(claim, region="cn-hangzhou", products=products, now=now)


@pytest.mark.parametrize("in_query", [True, False])
@pytest.mark.parametrize("region", ["cn-beijing", "oss-cn-hangzhou", "CN-HANGZHOU"])
def test_another_region(*, in_query: bool, region: str) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        judge(v4_claim(with_credential(f"made-up-id/20231217/{region}/oss/aliyun_v4_request", in_query=in_query)))
    assert refusal.value.message == "Invalid signing region in Authorization header."
    assert (refusal.value.status, refusal.value.ec) == (400, "0002-00000226")


@pytest.mark.parametrize("in_query", [True, False])
@pytest.mark.parametrize("product", ["oss-cloudbox", "s3", "OSS"])
def test_another_product(*, in_query: bool, product: str) -> None:
    claim = v4_claim(with_credential(f"made-up-id/20231217/cn-hangzhou/{product}/aliyun_v4_request", in_query=in_query))
    with pytest.raises(InvalidArgument) as refusal:
        judge(claim)
    assert refusal.value.message == "Invalid signing product in Authorization header."
    assert (refusal.value.status, refusal.value.ec) == (400, "0002-00000227")
    judge(claim, products=frozenset({"oss", product}))


@pytest.mark.parametrize("skew", [timedelta(0), timedelta(minutes=15), -timedelta(minutes=15)])
def test_a_clock_within_a_quarter_of_an_hour(skew: timedelta) -> None:
    judge(v4_claim(by_header()), now=NOW + skew)


@pytest.mark.parametrize("skew", [timedelta(minutes=15, microseconds=1), -timedelta(minutes=15, microseconds=1)])
def test_a_clock_further_off(skew: timedelta) -> None:
    with pytest.raises(RequestTimeTooSkewed) as refusal:
        judge(v4_claim(by_header()), now=NOW + skew)
    assert code_and_ec(refusal.value) == ("RequestTimeTooSkewed", 403, "0002-00000504")
    assert refusal.value.details["MaxAllowedSkewMilliseconds"] == "900000"
    assert refusal.value.details["RequestTime"] == "2023-12-17T03:56:28.000Z"
    assert refusal.value.details["ServerTime"].startswith("2023-12-17T0")


@pytest.mark.parametrize("age", [timedelta(hours=1), -timedelta(minutes=15)])
def test_the_ends_of_a_url_s_life_are_in(age: timedelta) -> None:
    judge(v4_claim(with_parameter("x-oss-expires", "3600")), now=NOW + age)


def test_a_url_after_its_end() -> None:
    with pytest.raises(AccessDenied) as refusal:
        judge(v4_claim(with_parameter("x-oss-expires", "3600")), now=NOW + timedelta(hours=1, seconds=1))
    assert code_and_ec(refusal.value) == ("AccessDenied", 403, "0002-00000236")
    assert refusal.value.message == "Request has expired."
    assert refusal.value.details == {"Expires": "2023-12-17T04:56:28.000Z", "ServerTime": "2023-12-17T04:56:29.000Z"}


def test_a_url_before_its_start() -> None:
    with pytest.raises(AccessDenied) as refusal:
        judge(v4_claim(with_parameter("x-oss-expires", "3600")), now=NOW - timedelta(minutes=15, seconds=1))
    assert code_and_ec(refusal.value) == ("AccessDenied", 403, "0002-00000235")


@pytest.mark.parametrize(("year", "ec"), [("0001", "0002-00000236"), ("9999", "0002-00000235")])
def test_a_url_at_an_end_of_the_calendar(year: str, ec: str) -> None:
    day = {"0001": "0101", "9999": "1231"}[year]
    credential = f"made-up-id%2F{year}{day}%2Fcn-hangzhou%2Foss%2Faliyun_v4_request"
    changed = {**PARAMETERS, "x-oss-credential": credential, "x-oss-date": f"{year}{day}T235959Z"}
    claim = v4_claim(request(query="&".join(f"{name}={value}" for name, value in changed.items())))
    with pytest.raises(AccessDenied) as refusal:
        judge(claim)
    assert refusal.value.ec == ec


# ----------------------------------------------------------------------------------------- key and signature


def test_the_signing_key_step_by_step() -> None:
    """The steps are those of a chain written out here; ours shows its end only."""
    secret = "test/secret+Key=0123456789"
    steps = []
    key = b"aliyun_v4" + secret.encode()
    for part in (b"20231217", b"cn-hangzhou", b"oss", b"aliyun_v4_request"):
        key = mac(key, part)
        steps.append(key.hex())
    assert steps == [
        "f59df79090d90ca7daf6dc5917d0b942eed3fb36aae16a20786f803463899843",
        "0a960f728d193aab5d74eff80881903725f99e862a516abe15fc7f0c51fcc1c0",
        "11229e190e70b45afeba96336c292df84396b3c0a5ae671063445b504784a2c5",
        "6c7c91a9a5949e2e910e18a55ed9514fd90a0cd6a7c9398559eeb718dfabd0be",
    ]
    scope = Scope(date="20231217", region="cn-hangzhou")
    assert scope.text == "20231217/cn-hangzhou/oss/aliyun_v4_request"
    assert signing_key(secret, scope).hex() == steps[-1]


@pytest.mark.parametrize(
    "other",
    [
        ("another", Scope(date="20231217", region="cn-hangzhou")),
        ("secret", Scope(date="20231218", region="cn-hangzhou")),
        ("secret", Scope(date="20231217", region="cn-beijing")),
        ("secret", Scope(date="20231217", region="cn-hangzhou", product="oss-cloudbox")),
    ],
)
def test_a_cached_key_is_not_another_s(other: tuple[str, Scope]) -> None:
    first = signing_key("secret", Scope(date="20231217", region="cn-hangzhou"))
    assert signing_key(*other) != first
    assert signing_key("secret", Scope(date="20231217", region="cn-hangzhou")) == first


@pytest.mark.parametrize("made", ["upper", "short", "long", "é", "%FF%FE", "x" * 64])
def test_a_signature_of_another_form_does_not_match(made: str) -> None:
    good = presigned(BARE_QUERY, BARE_QUERY).query.get("x-oss-signature") or ""
    verify(request(query=f"{BARE_QUERY}&x-oss-signature={good}"))
    bad = {"upper": good.upper(), "short": good[:-1], "long": good + "0"}.get(made, made)
    with pytest.raises(SignatureDoesNotMatch) as refusal:
        verify(request(query=f"{BARE_QUERY}&x-oss-signature={bad}"))
    # The text of a refusal can always be written as UTF-8.
    "".join(refusal.value.details.values()).encode()


def test_a_refusal_shows_the_usual_form_though_others_were_tried() -> None:
    received = request(
        query=f"p=(&{BARE_QUERY}&x-oss-signature={'0' * 64}", headers=[("content-type", ""), (b"x-oss-meta-a", b"\xe9")]
    )
    with pytest.raises(SignatureDoesNotMatch) as refusal:
        verify(received)
    shown = refusal.value.details["CanonicalRequest"]
    assert shown == (
        f"PUT\n/examplebucket/k\np=%28&{BARE_QUERY}\ncontent-type:\nx-oss-meta-a:\N{REPLACEMENT CHARACTER}\n\n\nUNSIGNED-PAYLOAD"
    )


def test_no_refusal_or_claim_tells_a_secret() -> None:
    claim = v4_claim(with_parameter("x-oss-security-token", "token-of-mine"))
    assert claim is not None
    assert "token-of-mine" not in repr(claim)
    assert "0" * 64 not in repr(claim)
    with pytest.raises(AuthorizationQueryParametersError) as refusal:
        parse_claim(request(query=f"{BARE_QUERY}&x-oss-signature=&x-oss-security-token=token-of-mine"))
    assert "token-of-mine" not in str(refusal.value)
    with pytest.raises(InvalidArgument) as malformed:
        parse_claim(by_header(fields=f"Credential={CREDENTIAL},Signature=mine,Token=token-of-mine"))
    assert "mine" not in str(malformed.value)
