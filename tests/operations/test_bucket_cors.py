"""PutBucketCors, GetBucketCors, DeleteBucketCors, preflights, and what a page of another origin may read."""

from collections.abc import Sequence

import pytest

from ossicle.wire.names import BucketName
from tests.support.failing import Failing
from tests.support.inprocess import STRANGER, Answer, InProcessServer

ANY = "<AllowedOrigin>*</AllowedOrigin>"
GET = "<AllowedMethod>GET</AllowedMethod>"
PAGE = "https://page.example.com"
OTHER_PAGE = "https://other.example.com"


def rules(*contents: str, tail: str = "") -> bytes:
    inner = "".join(f"<CORSRule>{content}</CORSRule>" for content in contents)
    return f"<CORSConfiguration>{inner}{tail}</CORSConfiguration>".encode()


async def put_cors(server: InProcessServer, *contents: str, tail: str = "") -> None:
    answer = await server.call("PUT", "/bucket/?cors", body=rules(*contents, tail=tail))
    assert (answer.status, answer.body) == (200, b"")


def cross_origin(answer: Answer) -> dict[str, str]:
    """The headers of an answer that are about origins. That an explanation may be read as well is another test's."""
    headers = {
        name.decode(): value.decode().removesuffix(", x-ossicle-explanation") for name, value in answer.raw_headers
    }
    return {name: value for name, value in headers.items() if name.startswith("access-control-") or name == "vary"}


# ---------------------------------------------------------------------------------------- the three operations


async def test_what_was_put_comes_back_with_its_defaults_filled_in(server: InProcessServer) -> None:
    await put_cors(
        server,
        f"<AllowedOrigin>{PAGE}</AllowedOrigin><AllowedOrigin>http://*.example.com</AllowedOrigin>"
        "<AllowedMethod>PUT</AllowedMethod><AllowedMethod>GET</AllowedMethod>"
        "<AllowedHeader>X-OSS-Meta-*</AllowedHeader><AllowedHeader>Content-Type</AllowedHeader>"
        "<ExposeHeader>ETag</ExposeHeader><ExposeHeader>x-oss-request-id</ExposeHeader><MaxAgeSeconds>100</MaxAgeSeconds>",
        ANY + GET,
    )
    answer = await server.call("GET", "/bucket/?cors")
    assert answer.status == 200
    assert answer.body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<CORSConfiguration>'
        f"<CORSRule><AllowedOrigin>{PAGE}</AllowedOrigin><AllowedOrigin>http://*.example.com</AllowedOrigin>"
        "<AllowedMethod>PUT</AllowedMethod><AllowedMethod>GET</AllowedMethod>"
        "<AllowedHeader>x-oss-meta-*</AllowedHeader><AllowedHeader>content-type</AllowedHeader>"
        "<ExposeHeader>ETag</ExposeHeader><ExposeHeader>x-oss-request-id</ExposeHeader><MaxAgeSeconds>100</MaxAgeSeconds></CORSRule>"
        "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>"
        "<ResponseVary>false</ResponseVary></CORSConfiguration>"
    )


async def test_a_put_replaces_every_rule(server: InProcessServer) -> None:
    await put_cors(server, ANY + GET, ANY + "<AllowedMethod>PUT</AllowedMethod>")
    await put_cors(server, ANY + "<AllowedMethod>HEAD</AllowedMethod>", tail="<ResponseVary>true</ResponseVary>")
    body = (await server.call("GET", "/bucket/?cors")).body.decode()
    assert body.count("<CORSRule>") == 1
    assert "HEAD" in body
    assert "<ResponseVary>true</ResponseVary>" in body


async def test_delete_takes_the_rules_away_and_may_be_repeated(server: InProcessServer) -> None:
    await put_cors(server, ANY + GET)
    for _ in range(2):
        answer = await server.call("DELETE", "/bucket/?cors")
        assert (answer.status, answer.body) == (204, b"")
        answer = await server.call("GET", "/bucket/?cors")
        assert answer.refusal == (404, "NoSuchCORSConfiguration", None)
        assert answer.error.details == {"BucketName": "bucket"}


async def test_a_bucket_that_is_made_again_has_no_rules(server: InProcessServer) -> None:
    await put_cors(server, ANY + GET)
    assert (await server.call("DELETE", "/bucket/")).status == 204
    await server.put_bucket("bucket")
    assert (await server.call("GET", "/bucket/?cors")).refusal[1] == "NoSuchCORSConfiguration"


async def test_ten_rules_and_no_more(server: InProcessServer) -> None:
    await put_cors(server, *[ANY + GET] * 10)
    answer = await server.call("PUT", "/bucket/?cors", body=rules(*[ANY + GET] * 11))
    assert answer.refusal == (400, "CORSRuleBeyondLimit", None)
    assert answer.error.message == "The CORS Rules num is beyond limit."
    assert (await server.call("GET", "/bucket/?cors")).body.count(b"<CORSRule>") == 10


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"rules",
        b"<CORSConfiguration></CORSConfiguration>",
        b"<CORSConfiguration><ResponseVary>true</ResponseVary></CORSConfiguration>",
        b"<Other/>",
        rules(GET),
        rules(ANY),
        rules(ANY + GET + "<MaxAgeSeconds>long</MaxAgeSeconds>"),
        rules(ANY + GET + "<MaxAgeSeconds>-1</MaxAgeSeconds>"),
        rules(ANY + GET + "<MaxAgeSeconds/>"),
        b"<!DOCTYPE x [<!ENTITY y 'z'>]>" + rules(ANY + GET),
    ],
)
async def test_a_document_that_is_no_set_of_rules(server: InProcessServer, body: bytes) -> None:
    assert (await server.call("PUT", "/bucket/?cors", body=body)).refusal == (400, "MalformedXML", None)
    assert (await server.call("GET", "/bucket/?cors")).refusal[1] == "NoSuchCORSConfiguration"


@pytest.mark.parametrize(
    ("content", "element", "value"),
    [
        (ANY + "<AllowedMethod>PATCH</AllowedMethod>", "AllowedMethod", "PATCH"),
        (ANY + "<AllowedMethod>get</AllowedMethod>", "AllowedMethod", "get"),
        (ANY + "<AllowedMethod>OPTIONS</AllowedMethod>", "AllowedMethod", "OPTIONS"),
        ("<AllowedOrigin>http://*.*</AllowedOrigin>" + GET, "AllowedOrigin", "http://*.*"),
        (ANY + GET + "<AllowedHeader>a*b*</AllowedHeader>", "AllowedHeader", "a*b*"),
        (ANY + GET + "<ExposeHeader>*</ExposeHeader>", "ExposeHeader", "*"),
        (ANY + GET + "<ExposeHeader>x-oss-meta-*</ExposeHeader>", "ExposeHeader", "x-oss-meta-*"),
        (ANY + GET + "<ExposeHeader>a&#13;&#10;Set-Cookie: b</ExposeHeader>", "ExposeHeader", "a\r\nSet-Cookie: b"),
        (ANY + GET + "<ExposeHeader></ExposeHeader>", "ExposeHeader", ""),
    ],
)
async def test_a_value_that_no_rule_may_have(server: InProcessServer, content: str, element: str, value: str) -> None:
    answer = await server.call("PUT", "/bucket/?cors", body=rules(ANY + GET, content))
    assert answer.refusal == (400, "InvalidArgument", None)
    assert answer.error.details == {"ArgumentName": element, "ArgumentValue": value}
    assert (await server.call("GET", "/bucket/?cors")).refusal[1] == "NoSuchCORSConfiguration"


async def test_a_document_beyond_16_kib(server: InProcessServer) -> None:
    padding = " " * (16 * 1024 - len(rules(ANY + GET)))
    assert (await server.call("PUT", "/bucket/?cors", body=rules(ANY + GET, tail=padding))).status == 200
    answer = await server.call("PUT", "/bucket/?cors", body=rules(ANY + GET, tail=padding + " "))
    assert answer.refusal == (400, "InlineDataTooLarge", None)


async def test_the_md5_of_the_rules_is_compared(server: InProcessServer) -> None:
    headers = [("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==")]
    answer = await server.call("PUT", "/bucket/?cors", body=rules(ANY + GET), headers=headers)
    assert answer.refusal == (400, "InvalidDigest", None)


async def test_a_document_as_sdks_write_it(server: InProcessServer) -> None:
    body = (
        b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?>\r\n<!-- by hand -->'
        b'<CORSConfiguration xmlns="http://doc.oss-cn-hangzhou.aliyuncs.com">\n  <CORSRule>\n'
        b"    <AllowedOrigin><![CDATA[*]]></AllowedOrigin>\n    <AllowedMethod>GET</AllowedMethod><New>1</New>\n"
        b"    <MaxAgeSeconds> 5 </MaxAgeSeconds>\n  </CORSRule>\n</CORSConfiguration>"
    )
    assert (await server.call("PUT", "/bucket/?cors", body=body)).status == 200
    stored = (await server.call("GET", "/bucket/?cors")).body.decode()
    assert (
        "<AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><MaxAgeSeconds>5</MaxAgeSeconds>" in stored
    )


# --------------------------------------------------------------------------------------------------- preflights


async def preflight(
    server: InProcessServer,
    origin: str | None,
    method: str | None,
    headers: str | None = None,
    target: str = "/bucket/key",
) -> Answer:
    asked = [
        ("Origin", origin),
        ("Access-Control-Request-Method", method),
        ("Access-Control-Request-Headers", headers),
    ]
    return await server.send("OPTIONS", target, headers=[(name, value) for name, value in asked if value is not None])


async def test_a_preflight_is_answered_unsigned(server: InProcessServer) -> None:
    await put_cors(
        server,
        f"<AllowedOrigin>{PAGE}</AllowedOrigin><AllowedMethod>PUT</AllowedMethod><AllowedMethod>POST</AllowedMethod>"
        "<AllowedHeader>content-type</AllowedHeader><AllowedHeader>x-oss-meta-*</AllowedHeader>"
        "<ExposeHeader>ETag</ExposeHeader><ExposeHeader>x-oss-request-id</ExposeHeader><MaxAgeSeconds>600</MaxAgeSeconds>",
        tail="<ResponseVary>true</ResponseVary>",
    )
    answer = await preflight(server, PAGE, "PUT", "Content-Type,X-OSS-Meta-Colour")
    assert (answer.status, answer.body, answer.header("content-length")) == (200, b"", "0")
    assert cross_origin(answer) == {
        "access-control-allow-origin": PAGE,
        "access-control-allow-methods": "PUT, POST",
        "access-control-allow-headers": "Content-Type, X-OSS-Meta-Colour",
        "access-control-expose-headers": "ETag, x-oss-request-id",
        "access-control-max-age": "600",
        "vary": "Origin",
    }


@pytest.mark.parametrize("target", ["/bucket", "/bucket/", "/bucket/a//b/../c", "/bucket/key?x-oss-signature=any"])
async def test_a_preflight_may_be_for_the_bucket_or_any_key(server: InProcessServer, target: str) -> None:
    await put_cors(server, ANY + GET)
    answer = await preflight(server, PAGE, "GET", target=target)
    assert cross_origin(answer) == {"access-control-allow-origin": "*", "access-control-allow-methods": "GET"}


ONE = f"<AllowedOrigin>{PAGE}</AllowedOrigin><AllowedMethod>PUT</AllowedMethod><AllowedHeader>content-type</AllowedHeader>"
TWO = "<AllowedOrigin>https://*.example.com</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedHeader>*</AllowedHeader>"


@pytest.mark.parametrize(
    ("origin", "method", "headers", "allowed"),
    [
        (PAGE, "PUT", None, True),
        (PAGE, "PUT", "content-type", True),
        (PAGE, "PUT", "CONTENT-TYPE", True),
        (PAGE, "PUT", " content-type , ", True),
        (PAGE, "PUT", "content-type, x-other", False),
        (PAGE, "DELETE", None, False),
        (PAGE, "put", None, False),
        (PAGE + ":8443", "PUT", None, False),
        ("http://page.example.com", "PUT", None, False),
        (PAGE.upper(), "PUT", None, False),
        (OTHER_PAGE, "PUT", None, False),
        (OTHER_PAGE, "GET", None, True),
        (OTHER_PAGE, "GET", "x-anything, x-else", True),
        (PAGE, "GET", "x-anything", True),
        ("https://.example.com", "GET", None, True),
        ("https://example.com", "GET", None, False),
        ("https://page.example.com.evil.com", "GET", None, False),
        ("null", "GET", None, False),
    ],
)
async def test_which_preflights_are_allowed(
    server: InProcessServer, origin: str, method: str, headers: str | None, *, allowed: bool
) -> None:
    await put_cors(server, ONE, TWO)
    answer = await preflight(server, origin, method, headers)
    if allowed:
        assert answer.status == 200
        assert answer.header("access-control-allow-origin") == origin
    else:
        assert answer.refusal == (403, "AccessForbidden", None)
        assert answer.error.message.startswith("CORSResponse: This CORS request is not allowed.")
        assert cross_origin(answer) == {}


async def test_the_first_rule_that_fits_decides(server: InProcessServer) -> None:
    first = ANY + GET + "<MaxAgeSeconds>1</MaxAgeSeconds>"
    await put_cors(server, first, ANY + GET + "<AllowedHeader>*</AllowedHeader><MaxAgeSeconds>2</MaxAgeSeconds>")
    assert (await preflight(server, PAGE, "GET")).header("access-control-max-age") == "1"
    assert (await preflight(server, PAGE, "GET", "x-any")).header("access-control-max-age") == "2"


async def test_without_rules_every_preflight_is_refused(server: InProcessServer) -> None:
    assert (await preflight(server, PAGE, "GET")).refusal == (403, "AccessForbidden", None)


async def test_a_preflight_for_a_bucket_that_is_missing(server: InProcessServer) -> None:
    answer = await preflight(server, PAGE, "GET", target="/missing/key")
    assert answer.refusal == (404, "NoSuchBucket", "0015-00000101")


@pytest.mark.parametrize(
    ("origin", "method", "message"),
    [
        (None, "GET", "Insufficient information. Origin request header needed."),
        (None, None, "Insufficient information. Origin request header needed."),
        (PAGE, None, "Insufficient information. Request Access-Control-Request-Method header needed."),
    ],
)
async def test_options_that_is_no_preflight(
    server: InProcessServer, origin: str | None, method: str | None, message: str
) -> None:
    await put_cors(server, ANY + GET)
    answer = await preflight(server, origin, method)
    assert answer.refusal == (400, "BadRequest", None)
    assert answer.error.message == message


# ---------------------------------------------------------------------------------------------- actual requests


FROM_PAGE = [("Origin", PAGE)]
EXPOSING = (
    f"<AllowedOrigin>{PAGE}</AllowedOrigin><AllowedMethod>PUT</AllowedMethod><AllowedMethod>GET</AllowedMethod>"
    "<ExposeHeader>ETag</ExposeHeader>"
)
EXPOSED = {
    "access-control-allow-origin": PAGE,
    "access-control-allow-methods": "PUT, GET",
    "access-control-expose-headers": "ETag",
}


async def test_an_upload_from_a_page_of_another_origin(server: InProcessServer) -> None:
    await put_cors(server, EXPOSING)
    url = server.presigned("PUT", "/bucket/key")
    answer = await server.send("PUT", url, headers=FROM_PAGE, body=b"from a page")
    assert (answer.status, cross_origin(answer)) == (200, EXPOSED)
    assert (await server.call("GET", "/bucket/key")).body == b"from a page"


@pytest.mark.parametrize("headers", [[], [("Origin", OTHER_PAGE)], [("Origin", "null")]])
async def test_without_a_rule_for_it_a_request_is_served_and_told_nothing(
    server: InProcessServer, headers: Sequence[tuple[str, str]]
) -> None:
    await put_cors(server, EXPOSING)
    answer = await server.send("PUT", server.presigned("PUT", "/bucket/key"), headers=headers, body=b"x")
    assert (answer.status, cross_origin(answer)) == (200, {})


async def test_the_rule_must_name_the_method(server: InProcessServer) -> None:
    await put_cors(server, EXPOSING)
    await server.put_object("/bucket/key")
    assert cross_origin(await server.call("GET", "/bucket/key", headers=FROM_PAGE)) == EXPOSED
    assert cross_origin(await server.call("HEAD", "/bucket/key", headers=FROM_PAGE)) == {}
    assert cross_origin(await server.call("DELETE", "/bucket/key", headers=FROM_PAGE)) == {}


REFUSED = [
    ("GET", "/bucket/missing", 404, "NoSuchKey"),
    ("PUT", "/bucket/key?x-oss-signature-version=OSS4-HMAC-SHA256", 400, "AuthorizationQueryParametersError"),
    ("PUT", f"/bucket/{'k' * 1024}", 400, "InvalidObjectName"),
    ("PUT", "/bucket/key?callback=!", 400, "InvalidArgument"),
    ("GET", "/bucket/key?live", 501, "NotImplemented"),
    ("GET", "/bucket/key?uploads", 405, "MethodNotAllowed"),
]


@pytest.mark.parametrize(("method", "target", "status", "code"), REFUSED)
async def test_a_page_can_read_why_it_is_refused(
    server: InProcessServer, method: str, target: str, status: int, code: str
) -> None:
    await put_cors(server, EXPOSING)
    by_header = "x-oss-signature-version" not in target
    send = server.call if by_header else server.send
    answer = await send(method, target, headers=FROM_PAGE, body=b"")
    assert answer.refusal[:2] == (status, code)
    assert cross_origin(answer) == EXPOSED


async def test_a_page_can_read_why_its_signature_is_refused(server: InProcessServer) -> None:
    await put_cors(server, EXPOSING)
    url = server.presigned("PUT", "/bucket/key")

    answer = await server.send("PUT", url, headers=[*FROM_PAGE, ("Content-Type", "added/by-the-browser")], body=b"x")
    assert answer.refusal == (403, "SignatureDoesNotMatch", "0002-00000201")
    assert cross_origin(answer) == EXPOSED

    unknown = server.presigned("PUT", "/bucket/key", by=STRANGER)
    answer = await server.send("PUT", unknown, headers=FROM_PAGE, body=b"x")
    assert answer.refusal == (403, "InvalidAccessKeyId", "0002-00000902")
    assert cross_origin(answer) == EXPOSED

    server.clock.advance(minutes=15, seconds=1)
    answer = await server.send("PUT", url, headers=FROM_PAGE, body=b"x")
    assert answer.refusal == (403, "AccessDenied", "0002-00000236")
    assert cross_origin(answer) == EXPOSED

    answer = await server.send("PUT", "/bucket/key", headers=FROM_PAGE, body=b"x")
    assert answer.refusal == (403, "AccessDenied", "0003-00000001")
    assert cross_origin(answer) == EXPOSED


async def test_a_page_can_read_that_the_store_is_unavailable(
    server: InProcessServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put_cors(server, EXPOSING)
    await server.call("GET", "/bucket/?cors")
    monkeypatch.setattr(server.metadata, "transact", Failing.unavailable())
    answer = await server.call("PUT", "/bucket/key", headers=FROM_PAGE, body=b"x")
    assert answer.refusal == (503, "ServiceUnavailable", None)
    assert cross_origin(answer) == EXPOSED


async def test_rules_that_cannot_be_read_are_an_honest_refusal(
    server: InProcessServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await server.put_object("/bucket/key")
    await server.services.buckets.find(BucketName("bucket"))
    monkeypatch.setattr(server.metadata, "read", Failing.unavailable())
    answer = await server.call("GET", "/bucket/key", headers=FROM_PAGE)
    assert answer.refusal == (503, "ServiceUnavailable", None)


async def test_new_rules_count_at_once(server: InProcessServer) -> None:
    await put_cors(server, EXPOSING)
    await server.put_object("/bucket/key")
    assert cross_origin(await server.call("GET", "/bucket/key", headers=FROM_PAGE)) == EXPOSED
    await put_cors(server, ANY + GET, tail="<ResponseVary>true</ResponseVary>")
    assert cross_origin(await server.call("GET", "/bucket/key", headers=FROM_PAGE)) == {
        "access-control-allow-origin": "*",
        "access-control-allow-methods": "GET",
        "vary": "Origin",
    }
    await server.call("DELETE", "/bucket/?cors")
    assert cross_origin(await server.call("GET", "/bucket/key", headers=FROM_PAGE)) == {}


@pytest.mark.parametrize("headers", [[], [("Origin", "http://unknown.example")]], ids=["no origin", "another origin"])
@pytest.mark.parametrize(("vary", "told"), [("true", {"vary": "Origin"}), ("false", {})])
async def test_a_cache_is_told_that_answers_differ_by_origin(
    server: InProcessServer, headers: list[tuple[str, str]], vary: str, told: dict[str, str]
) -> None:
    await put_cors(
        server,
        "<AllowedOrigin>http://a.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod>",
        tail=f"<ResponseVary>{vary}</ResponseVary>",
    )
    for path in ("/bucket/key", "/bucket/missing"):
        assert cross_origin(await server.call("GET", path, headers=headers)) == told
