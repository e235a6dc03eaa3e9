from datetime import UTC, datetime, timedelta, timezone

import pytest

from ossicle.wire.credentials import Credentials
from ossicle.wire.http import Headers, Query, Request, Resource
from ossicle.wire.signing import SignedQuery, judge_scope, parse_claim, presign, sign_headers, verify_signature
from ossicle.wire.text import encode

NOW = datetime(2023, 12, 17, 3, 56, 28, 999_999, tzinfo=UTC)
KEY = Credentials(access_key_id="made-up-id", access_key_secret="made-up-secret")
RESOURCE = Resource(bucket="examplebucket", key=b"a b.txt")
Pairs = list[tuple[str, str]]


def presigned(
    *,
    query: Pairs | None = None,
    headers: Pairs | None = None,
    credentials: Credentials = KEY,
    now: datetime = NOW,
    expires: timedelta = timedelta(hours=1),
    additional_headers: tuple[str, ...] = (),
) -> SignedQuery:
    return presign(
        method="PUT",
        resource=RESOURCE,
        query=query or [],
        headers=headers or [],
        credentials=credentials,
        region="cn-hangzhou",
        now=now,
        expires=expires,
        additional_headers=additional_headers,
    )


def header_signed(
    headers: Pairs, *, credentials: Credentials = KEY, now: datetime = NOW, additional_headers: tuple[str, ...] = ()
) -> dict[str, str]:
    return sign_headers(
        method="PUT",
        resource=RESOURCE,
        query=[],
        headers=headers,
        credentials=credentials,
        region="cn-hangzhou",
        now=now,
        additional_headers=additional_headers,
    )


def verify(*, query: str = "", headers: Pairs) -> None:
    request = Request(
        method="PUT",
        path=b"/a%20b.txt",
        query=Query(encode(query)),
        headers=Headers((encode(name), encode(value)) for name, value in headers),
        host=b"",
    )
    claim = parse_claim(request)
    assert claim is not None
    judge_scope(claim, region="cn-hangzhou", products=frozenset({"oss"}), now=NOW)
    verify_signature(request, RESOURCE, claim, KEY)


@pytest.mark.parametrize(
    "expires",
    [
        timedelta(0),
        timedelta(milliseconds=999),
        -timedelta(hours=1),
        timedelta(days=7, microseconds=1),
        timedelta(days=3650),
    ],
)
def test_a_lifetime_out_of_range_is_refused(expires: timedelta) -> None:
    with pytest.raises(ValueError, match="at least 1 second and at most 7 days"):
        presigned(expires=expires)


@pytest.mark.parametrize(
    ("expires", "seconds"),
    [(timedelta(seconds=1), 1), (timedelta(seconds=1.999), 1), (timedelta(days=7), 604800)],
)
def test_a_lifetime_is_cut_to_whole_seconds(expires: timedelta, seconds: int) -> None:
    made = presigned(expires=expires)
    assert f"&x-oss-expires={seconds}&" in made.query
    assert made.expiration == NOW.replace(microsecond=0) + timedelta(seconds=seconds)


def test_a_url_ends_with_its_token() -> None:
    soon = NOW + timedelta(minutes=5)
    temporary = Credentials(access_key_id="STS.id", access_key_secret="secret", security_token="t", expiration=soon)
    assert presigned(credentials=temporary).expiration == soon
    assert presigned(credentials=temporary, expires=timedelta(minutes=1)).expiration < soon


@pytest.mark.parametrize(
    "name",
    ["x-oss-signature", "x-oss-date", "x-oss-expires", "x-oss-credential", "x-oss-security-token"],
)
def test_parameters_of_the_signature_are_the_signer_s_alone(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        presigned(query=[("prefix", "a"), (name, "b")])


def test_time_is_told_in_utc_whatever_the_zone() -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=8)))
    assert presigned(now=elsewhere) == presigned()
    assert "x-oss-date=20231217T035628Z" in presigned().query
    assert header_signed([], now=elsewhere) == header_signed([])


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        presigned(now=NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="aware"):
        header_signed([], now=NOW.replace(tzinfo=None))


@pytest.mark.parametrize("value", ["1\nx-oss-object-acl:public-read", "1\r\n", "\0"])
def test_a_value_cannot_bring_a_second_header(value: str) -> None:
    with pytest.raises(ValueError, match="line end"):
        presigned(headers=[("x-oss-meta-a", value)])
    with pytest.raises(ValueError, match="line end"):
        header_signed([("x-oss-meta-a", value)])


@pytest.mark.parametrize("name", ["", "x-oss-meta-a:b", "x-oss-meta a", "x-oss-meta-é", "x-oss-meta-a\n"])
def test_a_name_that_is_no_header_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a header name"):
        presigned(headers=[(name, "1")])


def test_the_uploader_is_told_what_to_send_in_the_caller_s_spelling() -> None:
    headers = [
        ("Content-Type", " text/plain; charset=utf8\t"),
        ("X-Oss-Meta-A", "1"),
        ("x-oss-meta-a", "2"),
        ("x-oss-meta-latin", "caf\udce9"),
        ("Cache-Control", "no-cache"),
        ("Range", "bytes=0-1"),
    ]
    made = presigned(headers=headers, additional_headers=("range", "absent", "content-type"))
    assert made.signed_headers == {
        "Content-Type": "text/plain; charset=utf8",
        "X-Oss-Meta-A": "1,2",
        "x-oss-meta-latin": "caf\udce9",
        "Range": "bytes=0-1",
    }
    assert "x-oss-additional-headers=range&" in made.query
    verify(query=made.query, headers=list(made.signed_headers.items()))


def test_the_query_goes_out_as_it_was_signed() -> None:
    made = presigned(query=[("uploads", ""), ("response-content-disposition", "a (1)!'*+~.txt"), ("uploads", "")])
    assert made.query.startswith(
        "response-content-disposition=a%20%281%29%21%27%2A%2B~.txt&uploads&uploads&x-oss-credential=made-up-id%2F"
    )
    verify(query=made.query, headers=[])


def test_headers_of_an_earlier_signature_are_replaced() -> None:
    stale = [
        ("authorization", "OSS4-HMAC-SHA256 Credential=x,Signature=y"),
        ("X-Oss-Date", "20200101T000000Z"),
        ("date", "Wed, 01 Jan 2020 00:00:00 GMT"),
        ("X-OSS-Security-Token", "old"),
        ("x-oss-meta-a", "1"),
    ]
    temporary = Credentials(access_key_id="STS.id", access_key_secret=KEY.access_key_secret, security_token="new")
    made = header_signed(stale, credentials=temporary, additional_headers=("date", "authorization"))
    replaced = {name.lower() for name in made}
    assert replaced == {"authorization", "x-oss-date", "date", "x-oss-security-token", "x-oss-content-sha256"}
    verify(headers=[item for item in stale if item[0].lower() not in replaced] + list(made.items()))


def test_a_header_that_is_not_replaced_is_signed() -> None:
    """Without a token of the key's own, one that the caller sends travels on, so it is part of the signature."""
    sent = [("x-oss-security-token", "the caller's")]
    verify(headers=sent + list(header_signed(sent).items()))


def test_a_payload_hash_of_the_caller_is_kept() -> None:
    sent = [("X-Oss-Content-Sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    made = header_signed(sent)
    assert "x-oss-content-sha256" not in {name.lower() for name in made}
    verify(headers=sent + list(made.items()))


def test_what_is_signed_stays_out_of_a_log() -> None:
    made = presigned(credentials=Credentials(access_key_id="i", access_key_secret="s", security_token="the-token"))
    assert "the-token" in made.query
    assert "the-token" not in repr(made)
    assert "x-oss-signature" not in repr(made)


def test_a_method_is_signed_in_upper_case() -> None:
    made = sign_headers(
        method="put", resource=RESOURCE, query=[], headers=[], credentials=KEY, region="cn-hangzhou", now=NOW
    )
    verify(headers=list(made.items()))
