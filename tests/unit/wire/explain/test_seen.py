"""What shows before a signature is compared: for each mistake the refusal that it meets, made by the server's own judges."""

from datetime import timedelta

import pytest

from ossicle.wire.credentials import Credentials
from ossicle.wire.errors import (
    AccessDenied,
    InvalidAccessKeyId,
    InvalidSecurityToken,
    NoSuchKey,
    OssError,
    SecurityTokenExpired,
)
from ossicle.wire.explain import UNEXPLAINED, Explanation, Refused, explain_refusal
from ossicle.wire.signing import Version, judge_scope, parse_claim, verify_signature
from tests.support.mistakes import KEY, NOW, REGION, Sent, header_signed, presigned

every_version = pytest.mark.parametrize("version", Version)
TEMPORARY = Credentials(access_key_id="STS.made-up-id", access_key_secret="made-up-secret", security_token="a+b/c=")


def refusal_of(sent: Sent, now: timedelta, region: str) -> OssError:
    """Return what the server refuses a request with, before or when it compares signatures."""
    try:
        claim = parse_claim(sent.request)
        if claim is None:
            return AccessDenied()
        judge_scope(claim, region=region, products=frozenset({"oss"}), now=NOW + now)
        verify_signature(sent.request, sent.resource, claim, KEY)
    except OssError as error:
        return error
    raise AssertionError("it was not refused")


def seen(
    sent: Sent, *, after: timedelta = timedelta(seconds=1), region: str = REGION, error: OssError | None = None
) -> Explanation | None:
    try:
        claim = parse_claim(sent.request)
    except OssError:
        claim = None
    error = error or refusal_of(sent, after, region)
    return explain_refusal(Refused(error=error, request=sent.request, claim=claim, region=region, now=NOW + after))


def cause(explanation: Explanation | None) -> str:
    return "" if explanation is None else explanation.id


def parameters(sent: Sent) -> list[str]:
    return sent.query.split("&")


# ------------------------------------------------------------------------------------------------ URLs in pieces


@every_version
def test_a_url_that_was_cut_at_an_ampersand(version: Version) -> None:
    sent = presigned(version)
    whole = parameters(sent)
    for length in range(1, len(whole)):
        assert cause(seen(sent.but(query="&".join(whole[:length])))) == "url-cut", whole[:length]


@every_version
def test_a_url_from_the_source_of_a_page(version: Version) -> None:
    sent = presigned(version)
    assert cause(seen(sent.but(query=sent.query.replace("&", "&amp;")))) == "html-ampersand"


@every_version
@pytest.mark.parametrize("ending", ["%20", "%0A", ")"])
def test_something_behind_a_parameter_that_is_read_first(version: Version, ending: str) -> None:
    sent = presigned(version)
    read_first = {Version.V4: "x-oss-signature-version", Version.V2: "x-oss-signature-version", Version.V1: "Expires"}
    name = read_first[version]
    whole = [f"{part}{ending}" if part.startswith(f"{name}=") else part for part in parameters(sent)]
    explanation = seen(sent.but(query="&".join(whole)))
    assert cause(explanation) == "signature-parameter-ending"
    assert explanation is not None
    assert name in explanation.text


@every_version
@pytest.mark.parametrize("wrap", ["%0A", "%0D%0A%20%20"])
def test_a_url_that_was_wrapped(version: Version, wrap: str) -> None:
    sent = presigned(version)
    for at in range(1, len(sent.query) - 1, 7):
        # Within an escape it is another mistake, and where a value or a name ends as well.
        if "%" in sent.query[max(0, at - 2) : at] or sent.query[at] in "&=" or sent.query[at - 1] in "&=":
            continue
        wrapped = sent.but(query=f"{sent.query[:at]}{wrap}{sent.query[at:]}")
        try:
            claim = parse_claim(wrapped.request)
        except OssError:
            claim = None
        is_other_key = claim is not None and claim.access_key_id != KEY.access_key_id
        error = InvalidAccessKeyId(access_key_id=claim.access_key_id) if claim is not None and is_other_key else None
        found = seen(wrapped, error=error)
        if found is None and claim is not None:
            found = wrapped.explained()
        assert cause(found) == "url-wrapped", wrapped.query


def test_a_query_that_was_encoded_twice() -> None:
    sent = presigned()
    assert cause(seen(sent.but(query=sent.query.replace("%", "%25")))) == "url-encoded-twice"


@every_version
def test_a_query_that_became_a_part_of_the_path(version: Version) -> None:
    sent = presigned(version)
    assert cause(seen(sent.but(path=f"{sent.path}%3F{sent.query}", query=""))) == "query-in-path"


@every_version
def test_a_signature_that_was_cut(version: Version) -> None:
    sent = presigned(version)
    start, _, made = sent.query.rpartition("=")
    made = made.replace("%3D", "")
    start = start.replace("%3D", "")
    assert sent.but(query=f"{sent.query.rpartition('ignature=')[0]}ignature={'ab' * 10}").cause() == "signature-cut"


# --------------------------------------------------------------------------------------------- other signatures


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [
        ("Bearer abc", "authorization-scheme"),
        ("Basic YTpi", "authorization-scheme"),
        ("AWS4-HMAC-SHA256 Credential=a/20260102/r/s3/aws4_request, SignedHeaders=host, Signature=0", "other-storage"),
        ("AWS id:signature", "other-storage"),
        ("bare-token-without-a-scheme", "authorization-scheme"),
    ],
)
def test_an_authorization_that_oss_does_not_know(authorization: str, expected: str) -> None:
    explanation = seen(Sent(path="/demo/a", headers={"Authorization": authorization}))
    assert cause(explanation) == expected


@every_version
def test_an_authorization_beside_a_signed_url(version: Version) -> None:
    explanation = seen(presigned(version).having(authorization="Bearer of-something"))
    assert cause(explanation) == "signed-twice"
    assert explanation is not None
    assert "of-something" not in explanation.text


def test_a_url_for_another_storage() -> None:
    sent = Sent(path="/demo/a", query="X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0", headers={})
    assert cause(seen(sent)) == "other-storage"


def test_a_version_against_the_other() -> None:
    sent = presigned()
    start, _, _ = sent.query.rpartition("=")
    assert sent.but(query=f"{start}=26NBxoKdsyly4EDv6inkoDft%2FyA%3D").cause() == "version-mixed"
    sent = presigned(Version.V1)
    assert sent.but(query=f"{sent.query.rpartition('=')[0]}={'0a' * 32}").cause() == "version-mixed"


def test_an_authorization_that_was_lost() -> None:
    sent = header_signed().having(authorization=None)
    assert cause(seen(sent)) == "authorization-lost"
    assert seen(sent, error=NoSuchKey()) is None


# ------------------------------------------------------------------------------------------------ place and time


def test_another_region() -> None:
    explanation = seen(presigned(), region="cn-shanghai")
    assert cause(explanation) == "region"
    assert explanation is not None
    assert "cn-hangzhou" in explanation.text
    assert "cn-shanghai" in explanation.text


@every_version
def test_a_url_that_is_over(version: Version) -> None:
    explanation = seen(presigned(version, expires=60), after=timedelta(hours=3))
    assert cause(explanation) == "expired"
    assert explanation is not None
    assert "2 hours ago" in explanation.text


@pytest.mark.parametrize("version", [Version.V1, Version.V2])
def test_an_end_that_is_a_length(version: Version) -> None:
    sent = presigned(version, expires=60)
    assert cause(seen(sent.but(query=sent.query.replace(str(int(NOW.timestamp()) + 60), "3600")))) == "expires-relative"


@pytest.mark.parametrize("end", ["1767326645", "1767326645000"])
def test_a_length_that_is_an_end(end: str) -> None:
    sent = presigned(expires=60)
    sent = sent.but(query=sent.query.replace("x-oss-expires=60", f"x-oss-expires={end}"))
    assert cause(seen(sent)) == "expires-absolute"


@every_version
@pytest.mark.parametrize(
    ("after", "expected", "shown"),
    [
        (timedelta(minutes=-20), "clock", "20 minutes ahead of"),
        (timedelta(minutes=47), "clock", "47 minutes behind"),
        (timedelta(hours=-8), "local-time", "8 hours ahead of"),
        (timedelta(hours=5), "local-time", "5 hours behind"),
        (timedelta(hours=5, minutes=31), "local-time", "5 hours behind"),
        (timedelta(days=3), "clock", "3 days behind"),
    ],
)
def test_a_clock_that_is_off(version: Version, after: timedelta, expected: str, shown: str) -> None:
    explanation = seen(header_signed(version), after=after)
    assert cause(explanation) == expected
    assert explanation is not None
    assert shown in explanation.text


def test_a_url_that_is_not_good_yet() -> None:
    assert cause(seen(presigned(), after=timedelta(hours=-8))) == "local-time"
    assert cause(seen(presigned(), after=timedelta(minutes=-40))) == "clock"


def test_the_day_of_the_credential() -> None:
    sent = presigned()
    assert cause(seen(sent.but(query=sent.query.replace("%2F20260102%2F", "%2F20260103%2F")))) == "scope-date"
    signed = header_signed()
    authorization = str(signed.headers["Authorization"]).replace("/20260102/", "/20260101/")
    assert cause(seen(signed.having(authorization=authorization))) == "scope-date"


# -------------------------------------------------------------------------------------------------------- tokens


@every_version
def test_a_token_that_is_missing(version: Version) -> None:
    bare = Credentials(access_key_id=TEMPORARY.access_key_id, access_key_secret=TEMPORARY.access_key_secret)
    assert cause(seen(presigned(version, credentials=bare), error=InvalidAccessKeyId())) == "token-missing"


@every_version
def test_a_key_that_nobody_has_is_told_what_a_wrong_secret_is(version: Version) -> None:
    assert seen(presigned(version), error=InvalidAccessKeyId()) == UNEXPLAINED
    assert seen(presigned(version, credentials=TEMPORARY), error=InvalidAccessKeyId()) == UNEXPLAINED


@every_version
def test_a_plus_in_a_token(version: Version) -> None:
    sent = presigned(version, credentials=TEMPORARY)
    broken = sent.but(query=sent.query.replace("a%2Bb", "a+b"))
    assert cause(seen(broken, error=InvalidSecurityToken())) == "token-plus"
    assert seen(sent, error=InvalidSecurityToken()) is None


@every_version
def test_a_token_that_is_over(version: Version) -> None:
    assert cause(seen(presigned(version, credentials=TEMPORARY), error=SecurityTokenExpired())) == "token-expired"


@pytest.mark.parametrize("version", [Version.V1, Version.V2])
def test_a_token_beside_a_url(version: Version) -> None:
    assert cause(seen(presigned(version).having(x_oss_security_token="abc"))) == "token-in-header"


# -------------------------------------------------------------------------------------------------------- others


def test_an_additional_header_that_is_missing() -> None:
    sent = presigned(headers=[("cache-control", "no-cache")], additional=["cache-control"]).having(cache_control=None)
    explanation = seen(sent)
    assert cause(explanation) == "additional-missing"
    assert explanation is not None
    assert "cache-control" in explanation.text


@every_version
def test_nothing_is_said_of_a_refusal_that_has_nothing_to_do_with_signing(version: Version) -> None:
    assert seen(presigned(version), error=AccessDenied()) is None
    assert seen(Sent(path="/demo/a", headers={}), error=AccessDenied()) is None
    assert seen(Sent(path="/demo/a", query="prefix=a", headers={}), error=AccessDenied()) is None
