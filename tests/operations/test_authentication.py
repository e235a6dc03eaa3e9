"""Who is calling: signatures in the header and in the URL, tokens, and what each refusal says. Vectors have a file of their own."""

from datetime import timedelta

import pytest

from tests.support.inprocess import (
    NOON,
    OWNER,
    REGION,
    STRANGER,
    TEMPORARY,
    Account,
    Answer,
    InProcessServer,
    account,
)

UID = OWNER.id
WITHOUT_TOKEN = account(UID, "STS.key")
OTHER_TOKEN = account(UID, "STS.key", token="another token")
PERMANENT_WITH_TOKEN = account(UID, OWNER.credentials.access_key_id, token="any")


async def by_header(server: InProcessServer, by: Account) -> Answer:
    return await server.call("GET", "/bucket/?location", by=by)


async def by_url(server: InProcessServer, by: Account) -> Answer:
    return await server.send("GET", server.presigned("GET", "/bucket/?location", by=by))


@pytest.mark.parametrize("ask", [by_header, by_url])
@pytest.mark.parametrize(
    ("by", "refusal", "message"),
    [
        (OWNER, (200, "", None), None),
        (TEMPORARY, (200, "", None), None),
        (STRANGER, (403, "InvalidAccessKeyId", "0002-00000902"), None),
        (WITHOUT_TOKEN, (403, "InvalidAccessKeyId", "0002-00000902"), None),
        (
            OTHER_TOKEN,
            (403, "InvalidSecurityToken", "0002-00000008"),
            "The security token you provided is invalid.",
        ),
        (
            PERMANENT_WITH_TOKEN,
            (403, "AccessKeyIdAndSecurityTokenNotMatch", None),
            "The OSS access key id and security token you provided does not match.",
        ),
    ],
    ids=["owner", "token", "stranger", "no token", "other token", "needless token"],
)
async def test_keys_and_tokens(
    server: InProcessServer, ask: object, by: Account, refusal: tuple[int, str, str | None], message: str | None
) -> None:
    assert callable(ask)
    answer = await ask(server, by)
    assert answer.refusal == refusal
    if message is not None:
        assert answer.error.message == message
    if refusal[1] == "InvalidAccessKeyId":
        assert answer.details == {"OSSAccessKeyId": by.credentials.access_key_id}


async def test_a_token_ends_when_it_ends_whatever_the_url_says(server: InProcessServer) -> None:
    url = server.presigned("GET", "/bucket/?location", by=TEMPORARY, expires=timedelta(days=7))
    assert TEMPORARY.credentials.expiration == NOON + timedelta(hours=1)
    server.clock.advance(hours=1)
    assert (await server.send("GET", url)).status == 200
    server.clock.advance(milliseconds=1)
    for answer in (await server.send("GET", url), await server.call("GET", "/bucket/?location", by=TEMPORARY)):
        assert answer.refusal == (403, "SecurityTokenExpired", "0002-00000007")
        assert answer.error.message == "The security token you provided has expired."


async def test_a_token_that_was_changed_after_signing(server: InProcessServer) -> None:
    url = server.presigned("GET", "/bucket/?location", by=TEMPORARY).replace("token%2Bof", "token%2Bxx")
    assert (await server.send("GET", url)).refusal[1] == "InvalidSecurityToken"
    token = "x-oss-security-token=token%2Bof%2Fthe%3Dkey"
    url = server.presigned("GET", "/bucket/?location", by=TEMPORARY)
    assert token in url
    assert (await server.send("GET", url.replace(f"&{token}", ""))).refusal[1] == "InvalidAccessKeyId"


async def test_a_token_must_be_where_the_signature_is(server: InProcessServer) -> None:
    url = server.presigned("GET", "/bucket/?location", by=WITHOUT_TOKEN)
    headers = [("x-oss-security-token", TEMPORARY.credentials.security_token or "")]
    assert (await server.send("GET", url, headers=headers)).refusal[1] == "InvalidAccessKeyId"


@pytest.mark.parametrize(
    ("seconds", "refusal"),
    [
        (900, None),
        (901, (403, "RequestTimeTooSkewed", "0002-00000504")),
        (-899, None),
        (-901, (403, "RequestTimeTooSkewed", "0002-00000504")),
    ],
)
async def test_a_header_signature_lives_a_quarter_of_an_hour(
    server: InProcessServer, seconds: int, refusal: tuple[int, str, str | None] | None
) -> None:
    server.clock.now = NOON.replace(microsecond=0)
    headers = list(server.signed("GET", "/bucket/?location").items())
    server.clock.advance(seconds=seconds)
    answer = await server.send("GET", "/bucket/?location", headers=headers)
    assert answer.refusal == (refusal or (200, "", None))
    if refusal is not None:
        assert answer.details["MaxAllowedSkewMilliseconds"] == "900000"
        assert answer.details["RequestTime"] == "2026-03-14T12:00:00.000Z"
        assert answer.header("date"), "clients learn their offset from it"


async def test_a_url_of_the_future(server: InProcessServer) -> None:
    server.clock.now = NOON.replace(microsecond=0)
    url = server.presigned("GET", "/bucket/?location")
    server.clock.advance(minutes=-15)
    assert (await server.send("GET", url)).status == 200
    server.clock.advance(seconds=-1)
    assert (await server.send("GET", url)).refusal == (403, "AccessDenied", "0002-00000235")


@pytest.mark.parametrize("place", ["header", "url"])
@pytest.mark.parametrize(
    ("old", "new", "code", "ec"),
    [
        (f"/{REGION}/", "/cn-shanghai/", "InvalidArgument", "0002-00000226"),
        ("/oss/", "/oss-other/", "InvalidArgument", "0002-00000227"),
        ("/20260314/", "/20260315/", None, None),
        ("aliyun_v4_request", "aws4_request", None, None),
    ],
)
async def test_another_scope(
    server: InProcessServer, place: str, old: str, new: str, code: str | None, ec: str | None
) -> None:
    if place == "header":
        headers = {name: value.replace(old, new) for name, value in server.signed("GET", "/bucket/?location").items()}
        answer = await server.send("GET", "/bucket/?location", headers=list(headers.items()))
    else:
        url = server.presigned("GET", "/bucket/?location")
        answer = await server.send("GET", url.replace(old.replace("/", "%2F"), new.replace("/", "%2F")))
    assert answer.status == 400
    assert answer.error.code == code or code is None
    assert answer.error.ec == ec or ec is None
    assert answer.error.code in ("InvalidArgument", "AuthorizationQueryParametersError")


@pytest.mark.parametrize("name", ["x-oss-credential", "x-oss-date", "x-oss-expires", "x-oss-signature"])
async def test_a_url_that_lacks_a_parameter(server: InProcessServer, name: str) -> None:
    path, _, query = server.presigned("GET", "/bucket/?location").partition("?")
    kept = "&".join(part for part in query.split("&") if not part.startswith(f"{name}="))
    answer = await server.send("GET", f"{path}?{kept}")
    assert (answer.status, answer.error.code) == (400, "AuthorizationQueryParametersError")
    assert name in answer.error.message


@pytest.mark.parametrize("name", ["x-oss-signature", "x%2Doss-signature"])
async def test_a_url_with_two_signatures(server: InProcessServer, name: str) -> None:
    url = server.presigned("GET", "/bucket/?location")
    answer = await server.send("GET", f"{url}&{name}={'0' * 64}")
    assert answer.refusal == (400, "AuthorizationQueryParametersError", None)


async def test_a_parameter_without_name_and_value_is_no_part_of_what_is_signed(server: InProcessServer) -> None:
    url = server.presigned("GET", "/bucket/?location")
    assert (await server.send("GET", f"{url}&=")).status == 200
    assert (await server.send("GET", f"{url}&=a")).refusal[1] == "SignatureDoesNotMatch"


@pytest.mark.parametrize("where", ["query", "header"])
async def test_a_condition_that_would_not_be_kept_is_refused(server: InProcessServer, where: str) -> None:
    headers = [("x-oss-ac-source-ip", "192.0.2.1")] if where == "header" else []
    target = "/bucket/key" + ("?x-oss-ac-source-ip=192.0.2.1" if where == "query" else "")
    exchange = server.exchange("PUT", server.presigned("PUT", target, headers=headers), headers=headers, body=b"x")
    answer = await server.carry_out(exchange)
    assert (answer.status, answer.error.code) == (400, "NotImplemented")
    assert answer.details["Header"] == "x-oss-ac-source-ip"
    assert exchange.received == 0


async def test_a_request_that_is_signed_twice(server: InProcessServer) -> None:
    url = server.presigned("GET", "/bucket/?location")
    headers = list(server.signed("GET", "/bucket/?location").items())
    assert (await server.send("GET", url, headers=headers)).refusal == (400, "InvalidArgument", None)


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        ("/bucket/key", [("Authorization", "Bearer token")]),
        ("/bucket/key", [("Authorization", "")]),
    ],
)
async def test_signatures_of_another_kind(server: InProcessServer, target: str, headers: list[tuple[str, str]]) -> None:
    answer = await server.send("GET", target, headers=headers)
    assert answer.refusal == (400, "InvalidArgument", None)
    assert "OSS4-HMAC-SHA256" in answer.error.message


CHANGES = [
    ("method", {"method": "GET"}),
    ("key", {"key": "/bucket/yek"}),
    ("parameter", {"append": "&x=1"}),
    ("content type", {"headers": [("Content-Type", "text/plain;charset=utf8"), ("x-oss-meta-a", "1")]}),
    ("content type removed", {"headers": [("x-oss-meta-a", "1")]}),
    ("metadata", {"headers": [("Content-Type", "text/plain; charset=utf8"), ("x-oss-meta-a", "2")]}),
    (
        "metadata added",
        {"headers": [("Content-Type", "text/plain; charset=utf8"), ("x-oss-meta-a", "1"), ("x-oss-meta-b", "1")]},
    ),
    (
        "acl added",
        {
            "headers": [
                ("Content-Type", "text/plain; charset=utf8"),
                ("x-oss-meta-a", "1"),
                ("x-oss-object-acl", "public-read"),
            ]
        },
    ),
]


@pytest.mark.parametrize("change", [change for _, change in CHANGES], ids=[name for name, _ in CHANGES])
async def test_what_was_signed_is_what_must_be_sent(server: InProcessServer, change: dict[str, object]) -> None:
    signed = [("Content-Type", "text/plain; charset=utf8"), ("x-oss-meta-a", "1")]
    url = server.presigned("PUT", "/bucket/key", headers=signed)
    assert (await server.send("PUT", url, headers=signed, body=b"x")).status == 200

    headers = change.get("headers", signed)
    target = url.replace("/bucket/key", str(change.get("key", "/bucket/key"))) + str(change.get("append", ""))
    exchange = server.exchange(str(change.get("method", "PUT")), target, headers=headers, body=b"y")  # type: ignore[arg-type]  # a table
    answer = await server.carry_out(exchange)
    assert answer.refusal == (403, "SignatureDoesNotMatch", "0002-00000201")
    assert exchange.received == 0
    told = answer.details
    assert set(told) == {"OSSAccessKeyId", "SignatureProvided", "StringToSign", "StringToSignBytes", "CanonicalRequest"}
    assert bytes.fromhex(told["StringToSignBytes"]).decode() == told["StringToSign"]
    assert told["CanonicalRequest"].startswith(f"{change.get('method', 'PUT')}\n/bucket/")
    assert list(answer.body.decode().split("\n"))[2].strip() == "<Code>SignatureDoesNotMatch</Code>"
    assert (await server.call("GET", "/bucket/key")).body == b"x"


async def test_headers_that_arrive_late_are_not_there(server: InProcessServer) -> None:
    """Trailers of a chunked body are appended to the scope's list while the body is read: nothing below may see them."""
    url = server.presigned("PUT", "/bucket/key")
    exchange = server.exchange("PUT", url, body=[b"a" * 1000, b"b" * 1000], is_chunked=True)
    receive = exchange.receive

    async def trailing() -> dict[str, object]:
        exchange.scope["headers"].append((b"x-oss-object-acl", b"public-read"))
        exchange.scope["headers"].append((b"x-oss-meta-late", b"1"))
        exchange.scope["headers"].append((b"content-md5", b"1B2M2Y8AsgTpgAmY7PhCfg=="))
        return await receive()

    await server.edge(exchange.scope, trailing, exchange.send)
    assert exchange.answer().status == 200
    stored = await server.call("HEAD", "/bucket/key")
    assert stored.header("x-oss-meta-late") is None
    assert (await server.call("GET", "/bucket/key", by=None)).refusal[1] == "AccessDenied"


async def test_a_scope_that_is_emptied_after_the_call_changes_nothing(server: InProcessServer) -> None:
    header = ("x-oss-meta-a", "1")
    headers = [header, *server.signed("PUT", "/bucket/key", headers=[header]).items()]
    exchange = server.exchange("PUT", "/bucket/key", headers=headers, body=b"x" * 1000)
    receive = exchange.receive

    async def emptied() -> dict[str, object]:
        exchange.scope["headers"].clear()
        return await receive()

    await server.edge(exchange.scope, emptied, exchange.send)
    assert exchange.answer().status == 200
    assert (await server.call("HEAD", "/bucket/key")).header("x-oss-meta-a") == "1"
