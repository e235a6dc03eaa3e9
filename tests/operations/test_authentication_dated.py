"""Who is calling, by V1 and V2: through the whole edge, what each refusal says, and what a URL can be changed into."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from ossicle.services.buckets import BucketProperties
from ossicle.wire.http import Query
from ossicle.wire.names import BucketName
from ossicle.wire.signing import Version, presign_dated, sign_headers_dated
from ossicle.wire.text import decode, encode
from tests.support.inprocess import (
    HOST,
    NOON,
    OWNER,
    STRANGER,
    TEMPORARY,
    Account,
    Answer,
    InProcessServer,
    account,
    addressed,
    build_server,
)

VERSIONS = pytest.mark.parametrize("version", [Version.V1, Version.V2], ids=lambda version: version.value)
WITHOUT_TOKEN = account(OWNER.id, "STS.key")
OTHER_TOKEN = account(OWNER.id, "STS.key", token="another token")
PERMANENT_WITH_TOKEN = account(OWNER.id, OWNER.credentials.access_key_id, token="any")
Header = tuple[str, str]


def url(
    server: InProcessServer,
    version: Version,
    method: str,
    target: str,
    *,
    by: Account = OWNER,
    host: str = HOST,
    headers: Sequence[Header] = (),
    expires: timedelta = timedelta(minutes=15),
) -> str:
    path, _, query = encode(target).partition(b"?")
    made = presign_dated(
        version=version,
        method=method,
        resource=addressed(host, path),
        query=Query(query).pairs,
        headers=headers,
        credentials=by.credentials,
        now=server.clock.now,
        expires=expires,
    )
    return f"{decode(path)}?{made.query}"


def signing(
    server: InProcessServer,
    version: Version,
    method: str,
    target: str,
    *,
    by: Account = OWNER,
    host: str = HOST,
    headers: Sequence[Header] = (),
) -> list[Header]:
    path, _, query = encode(target).partition(b"?")
    added = sign_headers_dated(
        version=version,
        method=method,
        resource=addressed(host, path),
        query=Query(query).pairs,
        headers=headers,
        credentials=by.credentials,
        now=server.clock.now,
    )
    return [*headers, *added.items()]


async def by_header(server: InProcessServer, version: Version, by: Account) -> Answer:
    return await server.send(
        "GET", "/bucket/?location", headers=signing(server, version, "GET", "/bucket/?location", by=by)
    )


async def by_url(server: InProcessServer, version: Version, by: Account) -> Answer:
    return await server.send("GET", url(server, version, "GET", "/bucket/?location", by=by))


@VERSIONS
@pytest.mark.parametrize("ask", [by_header, by_url])
@pytest.mark.parametrize(
    ("by", "refusal"),
    [
        (OWNER, (200, "", None)),
        (TEMPORARY, (200, "", None)),
        (STRANGER, (403, "InvalidAccessKeyId", "0002-00000902")),
        (WITHOUT_TOKEN, (403, "InvalidAccessKeyId", "0002-00000902")),
        (OTHER_TOKEN, (403, "InvalidSecurityToken", "0002-00000008")),
        (PERMANENT_WITH_TOKEN, (403, "AccessKeyIdAndSecurityTokenNotMatch", None)),
    ],
    ids=["owner", "token", "stranger", "no token", "other token", "needless token"],
)
async def test_keys_and_tokens(
    server: InProcessServer, version: Version, ask: object, by: Account, refusal: tuple[int, str, str | None]
) -> None:
    assert callable(ask)
    assert (await ask(server, version, by)).refusal == refusal


@VERSIONS
async def test_a_token_that_is_not_signed_is_still_the_key_s(server: InProcessServer, version: Version) -> None:
    """One official SDK sends `security-token` instead of `x-oss-security-token`."""
    headers = signing(server, version, "GET", "/bucket/?location", by=WITHOUT_TOKEN)
    token = TEMPORARY.credentials.security_token or ""
    assert (await server.send("GET", "/bucket/?location", headers=[*headers, ("security-token", token)])).status == 200
    wrong = await server.send("GET", "/bucket/?location", headers=[*headers, ("security-token", "another")])
    assert wrong.refusal == (403, "InvalidSecurityToken", "0002-00000008")


@VERSIONS
async def test_a_token_that_is_over(server: InProcessServer, version: Version) -> None:
    target = url(server, version, "GET", "/bucket/?location", by=TEMPORARY, expires=timedelta(days=30))
    server.clock.advance(hours=1)
    assert (await server.send("GET", target)).status == 200
    server.clock.advance(milliseconds=1)
    assert (await server.send("GET", target)).refusal == (403, "SecurityTokenExpired", "0002-00000007")


@VERSIONS
@pytest.mark.parametrize("name", ["x-oss-security-token", "security-token"])
async def test_the_token_of_a_url_is_in_the_url(server: InProcessServer, version: Version, name: str) -> None:
    target = url(server, version, "GET", "/bucket/?location", by=WITHOUT_TOKEN)
    answer = await server.send("GET", target, headers=[(name, TEMPORARY.credentials.security_token or "")])
    assert answer.refusal == (400, "InvalidRequest", None)
    assert answer.error.message == "Security-token must be provided by query string parameter."


# -------------------------------------------------------------------------------------------------------- time


@VERSIONS
@pytest.mark.parametrize("seconds", [900, -899])
async def test_a_clock_within_its_bounds(server: InProcessServer, version: Version, seconds: int) -> None:
    server.clock.now = NOON.replace(microsecond=0)
    headers = signing(server, version, "GET", "/bucket/?location")
    server.clock.advance(seconds=seconds)
    assert (await server.send("GET", "/bucket/?location", headers=headers)).status == 200


@VERSIONS
@pytest.mark.parametrize("seconds", [901, -901])
async def test_a_clock_out_of_its_bounds(server: InProcessServer, version: Version, seconds: int) -> None:
    server.clock.now = NOON.replace(microsecond=0)
    headers = signing(server, version, "GET", "/bucket/?location")
    server.clock.advance(seconds=seconds)
    answer = await server.send("GET", "/bucket/?location", headers=headers)
    assert answer.refusal == (403, "RequestTimeTooSkewed", "0002-00000504")
    assert answer.details["MaxAllowedSkewMilliseconds"] == "900000"
    assert answer.details["RequestTime"] == "2026-03-14T12:00:00.000Z"


@VERSIONS
async def test_without_a_date(server: InProcessServer, version: Version) -> None:
    headers = [pair for pair in signing(server, version, "GET", "/bucket/?location") if pair[0] != "Date"]
    answer = await server.send("GET", "/bucket/?location", headers=headers)
    assert answer.refusal == (403, "AccessDenied", None)
    assert answer.error.message == "OSS authentication requires a valid Date."


@VERSIONS
async def test_a_url_that_is_over(server: InProcessServer, version: Version) -> None:
    server.clock.now = NOON.replace(microsecond=0)
    target = url(server, version, "PUT", "/bucket/key", expires=timedelta(seconds=10))
    server.clock.advance(seconds=10)
    assert (await server.send("PUT", target, body=b"x")).status == 200
    server.clock.advance(milliseconds=1)
    exchange = server.exchange("PUT", target, body=b"y")
    answer = await server.carry_out(exchange)
    assert answer.refusal == (403, "AccessDenied", "0002-00000069")
    assert answer.error.message == "Request has expired."
    assert answer.details == {"Expires": "2026-03-14T12:00:10.000Z", "ServerTime": "2026-03-14T12:00:10.001Z"}
    assert exchange.received == 0


@pytest.mark.parametrize(
    ("query", "message", "ec"),
    [
        ("OSSAccessKeyId=k&Signature=s", "Query-string authentication requires", "0002-00000067"),
        ("OSSAccessKeyId=k&Signature=s&Expires=", "Query-string authentication requires", "0002-00000068"),
        ("OSSAccessKeyId=k&Expires=2000000000", "Query-string authentication requires", None),
        ("Signature=s&Expires=2000000000", "Query-string authentication requires", None),
        ("OSSAccessKeyId=k&Expires=soon&Signature=s", "Invalid date (should be seconds since epoch).", "0002-00000070"),
        ("OSSAccessKeyId=k&Expires=-1&Signature=s", "Invalid date (should be seconds since epoch).", "0002-00000070"),
        ("OSSAccessKeyId=k&Expires=1&Signature=s", "Request has expired.", "0002-00000069"),
        ("x-oss-signature-version=OSS2", "Query-string authentication requires", None),
        (
            "x-oss-signature-version=OSS2&x-oss-access-key-id=k&x-oss-signature=s",
            "Query-string authentication requires",
            "0002-00000113",
        ),
        (
            "x-oss-signature-version=OSS2&x-oss-access-key-id=k&x-oss-expires=2000000000&x-oss-signature=",
            "Query-string authentication requires",
            "0002-00000118",
        ),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
async def test_a_url_that_is_malformed(
    server: InProcessServer, method: str, query: str, message: str, ec: str | None
) -> None:
    answer = await server.send(method, f"/bucket/key?{query}")
    assert answer.refusal == (403, "AccessDenied", ec)
    assert answer.error.message.startswith(message)


@pytest.mark.parametrize("name", ["OSSAccessKeyId", "Expires", "Signature", "%53ignature"])
async def test_a_parameter_that_stands_there_twice(server: InProcessServer, name: str) -> None:
    target = url(server, Version.V1, "GET", "/bucket/?location")
    assert (await server.send("GET", f"{target}&{name}=1")).refusal == (400, "InvalidArgument", None)


async def test_expires_alone_signs_nothing(server: InProcessServer) -> None:
    assert (await server.send("GET", "/bucket/key?Expires=1")).refusal[1] == "AccessDenied"
    answer = await server.call("GET", "/bucket/?Expires=1")
    assert answer.status == 200


@pytest.mark.parametrize(
    "authorization", ["OSS key", "OSS key:", "OSS :s", "OSS a:b:c", "OSS2 key:s", "OSS2 AccessKeyId:k", "OSS3 a:b"]
)
async def test_a_header_that_is_malformed(server: InProcessServer, authorization: str) -> None:
    headers = [("Authorization", authorization), ("Date", "Sat, 14 Mar 2026 12:00:00 GMT")]
    assert (await server.send("GET", "/bucket/key", headers=headers)).refusal == (400, "InvalidArgument", None)


@VERSIONS
@pytest.mark.parametrize("other", list(Version), ids=lambda version: version.value)
async def test_a_request_that_is_signed_twice(server: InProcessServer, version: Version, other: Version) -> None:
    target = url(server, version, "GET", "/bucket/?location")
    headers = (
        list(server.signed("GET", "/bucket/?location").items())
        if other is Version.V4
        else signing(server, other, "GET", "/bucket/?location")
    )
    assert (await server.send("GET", target, headers=headers)).refusal == (400, "InvalidArgument", None)


@VERSIONS
async def test_an_absent_bucket_is_told_before_the_signature_is_judged(
    server: InProcessServer, version: Version
) -> None:
    for target in (url(server, version, "GET", "/nobodys/?location", by=STRANGER), "/nobodys/key?OSSAccessKeyId"):
        assert (await server.send("GET", target)).refusal[1] == "NoSuchBucket"
    creation = await server.send("PUT", url(server, version, "PUT", "/nobodys/", by=STRANGER))
    assert creation.refusal == (403, "InvalidAccessKeyId", "0002-00000902")


# ------------------------------------------------------------------------------------------------- what is signed


@VERSIONS
async def test_a_mismatch_shows_the_text_and_no_secret(server: InProcessServer, version: Version) -> None:
    target = url(server, version, "GET", "/bucket/key?acl")
    exchange = server.exchange("PUT", target, headers=[("x-oss-object-acl", "public-read")], body=b"")
    answer = await server.carry_out(exchange)
    assert answer.refusal == (403, "SignatureDoesNotMatch", "0002-00000040")
    assert exchange.received == 0
    told = answer.details
    assert list(told) == ["OSSAccessKeyId", "SignatureProvided", "StringToSign", "StringToSignBytes"]
    assert told["OSSAccessKeyId"] == OWNER.credentials.access_key_id
    query = Query(encode(target.partition("?")[2]))
    assert told["SignatureProvided"] == (query.get("Signature") or query.get("x-oss-signature"))
    assert told["StringToSign"].startswith("PUT\n\n\n")
    assert "\nx-oss-object-acl:public-read\n" in told["StringToSign"]
    assert bytes.fromhex(told["StringToSignBytes"]).decode() == told["StringToSign"]
    right = url(server, version, "PUT", "/bucket/key?acl", headers=[("x-oss-object-acl", "public-read")])
    signature = Query(encode(right.partition("?")[2])).get("Signature" if version is Version.V1 else "x-oss-signature")
    assert signature is not None
    assert signature not in answer.body.decode()
    assert OWNER.credentials.access_key_secret not in answer.body.decode()


@VERSIONS
@pytest.mark.parametrize(
    ("host", "path"),
    [
        (HOST, "/bucket/a%2Fb"),
        (HOST, "/bucket/a/b"),
        ("bucket.oss-cn-hangzhou.aliyuncs.com", "/a/b"),
        ("bucket.localhost:8080", "/a%2fb"),
        ("files.example.com", "/a/b"),
    ],
)
async def test_the_signature_is_the_same_in_every_style(version: Version, host: str, path: str) -> None:
    server = build_server(keys=[OWNER.key], cnames=["files.example.com=bucket"])
    await server.services.buckets.put(BucketName("bucket"), OWNER.id, BucketProperties())
    query = url(server, version, "PUT", "/bucket/a/b").partition("?")[2]
    assert (await server.send("PUT", f"{path}?{query}", host=host, body=b"x")).status == 200
    read = await server.send("GET", path, host=host, headers=signing(server, version, "GET", "/bucket/a/b", host=HOST))
    assert read.body == b"x"
    assert (await server.send("PUT", f"{path}c?{query}", host=host, body=b"x")).refusal[1] == "SignatureDoesNotMatch"


@VERSIONS
async def test_the_service_has_no_bucket_in_its_resource(server: InProcessServer, version: Version) -> None:
    for target in ("/", "/?prefix=bu&max-keys=1"):
        answer = await server.send("GET", target, headers=signing(server, version, "GET", target))
        assert "<Name>bucket</Name>" in answer.body.decode()
    bucket = signing(server, version, "GET", "/bucket/")
    assert (await server.send("GET", "/bucket", headers=bucket)).status == 200
    assert (await server.send("GET", "/", headers=bucket)).refusal[1] == "SignatureDoesNotMatch"


@VERSIONS
async def test_only_what_v1_leaves_out_can_be_changed(server: InProcessServer, version: Version) -> None:
    await server.put_object("/bucket/key")
    target = url(server, version, "GET", "/bucket/?prefix=key")
    assert "<Key>key</Key>" in (await server.send("GET", target)).body.decode()
    changed = await server.send("GET", target.replace("prefix=key", "prefix=none"))
    if version is Version.V1:
        assert (changed.status, "<Key>" in changed.body.decode()) == (200, False)
    else:
        assert changed.refusal[1] == "SignatureDoesNotMatch"
    for sub_resource in ("acl", "uploads", "versions", "x-oss-anything=1", "policy", "accessmonitor"):
        assert (await server.send("GET", f"{target}&{sub_resource}")).refusal[1] == "SignatureDoesNotMatch"


@VERSIONS
async def test_overrides_of_the_answer_are_signed(server: InProcessServer, version: Version) -> None:
    await server.put_object("/bucket/key")
    disposition = 'attachment; filename="a b+c.txt"'
    target = url(server, version, "GET", f"/bucket/key?response-content-disposition={quote(disposition)}")
    answer = await server.send("GET", target)
    assert answer.header("content-disposition") == disposition
    for other in (target.replace("attachment", "inline"), f"{target}&response-content-type=text%2Fhtml"):
        assert (await server.send("GET", other)).refusal[1] == "SignatureDoesNotMatch"


@VERSIONS
async def test_what_is_not_signed_may_be_sent(server: InProcessServer, version: Version) -> None:
    target = url(server, version, "PUT", "/bucket/key")
    headers = [("Cache-Control", "no-cache"), ("Content-Disposition", "inline"), ("Date", "no date")]
    assert (await server.send("PUT", target, headers=headers, body=b"x")).status == 200
    assert (await server.call("HEAD", "/bucket/key")).header("cache-control") == "no-cache"


async def test_the_tolerance_of_headers_reaches_the_edge(server: InProcessServer) -> None:
    """The official Python SDK V2 signs no x-oss-* parameter in V1; in a URL nobody may add one."""
    await server.put_object("/bucket/key")
    unsigned = signing(server, Version.V1, "GET", "/bucket/key")
    answer = await server.send("GET", "/bucket/key?x-oss-traffic-limit=819200", headers=unsigned)
    assert answer.status == 200
    target = url(server, Version.V1, "GET", "/bucket/key")
    refused = await server.send("GET", f"{target}&x-oss-traffic-limit=819200")
    assert refused.refusal == (403, "SignatureDoesNotMatch", "0002-00000040")


@VERSIONS
async def test_a_condition_that_would_not_be_kept_is_refused(server: InProcessServer, version: Version) -> None:
    target = url(server, version, "GET", "/bucket/key?x-oss-ac-source-ip=192.0.2.1")
    answer = await server.send("GET", target)
    assert (answer.status, answer.error.code) == (400, "NotImplemented")
    assert answer.details["Header"] == "x-oss-ac-source-ip"


async def test_the_date_that_ali_oss_sends(server: InProcessServer) -> None:
    """No Date, but x-oss-date in its form: as among the headers as in the line of the date."""
    server.clock.now = datetime(2026, 3, 14, 12, 0, 0, tzinfo=UTC)
    headers = signing(
        server, Version.V1, "GET", "/bucket/?location", headers=[("x-oss-date", "Sat, 14 Mar 2026 12:00:00 GMT")]
    )
    without = [pair for pair in headers if pair[0] != "Date"]
    assert (await server.send("GET", "/bucket/?location", headers=without)).status == 200
