"""Upload callbacks: an application that is told of an object, and what an upload answers when it can't be told."""

import json
from collections.abc import AsyncIterator
from urllib.parse import quote, urlsplit

import pytest

from ossicle.services.callback_addresses import AddressRule
from ossicle.services.callbacks import Callbacks
from tests.support.callbacks import Application, OneKey, answer, application, base64_json
from tests.support.forms import FORM_TYPE, encoded_policy, form, signed_v4
from tests.support.inprocess import OWNER, Answer, InProcessServer, build_server

BODY = "bucket=${bucket}&object=${object}&etag=${etag}&size=${size}&type=${mimeType}&h=${imageInfo.height}&my=${x:my}"
REFUSED = "Private address is forbidden to callback."


@pytest.fixture
async def app() -> AsyncIterator[Application]:
    async with application() as running:
        yield running


def asked(app: Application, body: str = BODY, **further: object) -> tuple[str, str]:
    return "x-oss-callback", base64_json({"callbackUrl": app.url, "callbackBody": body, **further})


async def test_the_application_is_told_and_its_answer_passed_on(server: InProcessServer, app: Application) -> None:
    app.reply = lambda _: answer(b'{ "Status": "OK" }')
    variables = ("x-oss-callback-var", base64_json({"x:my": "a&b=c"}))
    headers = [asked(app), variables, ("content-type", "image/png")]
    stored = await server.call("PUT", "/bucket/a%20b%26c", body=b"12345", headers=headers)
    assert (stored.status, stored.body) == (200, b'{ "Status": "OK" }')
    assert stored.header("content-type") == "application/json"
    assert stored.header("etag") == '"827CCB0EEA8A706C4C34A16891F84E7B"'
    assert stored.header("x-oss-hash-crc64ecma")
    (told,) = app.told
    assert told.line == "POST /told HTTP/1.1"
    assert told.body == (
        b"bucket=bucket&object=a%20b%26c&etag=827CCB0EEA8A706C4C34A16891F84E7B&size=5&type=image%2Fpng&h=&my=a%26b%3Dc"
    )
    assert told.headers["content-type"] == "application/x-www-form-urlencoded"
    assert told.headers["x-oss-request-id"] == stored.request_id
    assert (await server.call("GET", "/bucket/a%20b%26c")).body == b"12345"


async def test_an_application_can_verify_who_calls(server: InProcessServer, app: Application) -> None:
    host = f"http://127.0.0.1:{app.port}"
    callback = base64_json({"callbackUrl": f"{host}/a%20b?c=%20d", "callbackBody": "${object}"})
    assert (await server.call("PUT", "/bucket/key", body=b"x", headers=[("x-oss-callback", callback)])).status == 200
    (told,) = app.told
    key = await server.call("GET", urlsplit(told.public_key_url).path, by=None)
    assert key.status == 200
    told.verify(key.body)


async def test_json_values_stay_in_their_place(server: InProcessServer, app: Application) -> None:
    template = '{"object":${object},"quoted":"${object}","size":${size},"none":${nothing}}'
    key = '","admin":true,"x":"\\'
    headers = [asked(app, template, callbackBodyType="application/json")]
    assert (await server.call("PUT", f"/bucket/{quote(key)}", body=b"123", headers=headers)).status == 200
    assert json.loads(app.told[0].body) == {"object": key, "quoted": key, "size": 3, "none": ""}


async def test_the_query_carries_it_too(server: InProcessServer, app: Application) -> None:
    name, value = asked(app, "my=${x:my}")
    variables = base64_json({"x:my": "v"})
    target = f"/bucket/key?callback={quote(value, safe='')}&callback-var={quote(variables, safe='')}"
    assert (await server.call("PUT", target, body=b"x")).body == b'{"Status":"OK"}'
    assert app.told[0].body == b"my=v"
    both = await server.call("PUT", target, body=b"x", headers=[(name, value)])
    assert both.refusal == (400, "InvalidArgument", None)
    assert both.error.message == (
        "Either the callback query string parameter or the x-oss-callback header should be specified, not both."
    )


async def test_a_multipart_upload_tells_when_it_is_complete(server: InProcessServer, app: Application) -> None:
    begun = await server.call("POST", "/bucket/key?uploads")
    upload_id = next(child.text for child in begun.xml.children if child.name == "UploadId")
    part = f"/bucket/key?partNumber=1&uploadId={upload_id}"
    refused = await server.call("PUT", part, body=b"part", headers=[asked(app)])
    assert refused.refusal == (400, "NotImplemented", None)
    await server.call("PUT", part, body=b"part")
    headers = [asked(app, "${operation} ${size}"), ("x-oss-complete-all", "yes")]
    done = await server.call("POST", f"/bucket/key?uploadId={upload_id}", headers=headers)
    assert (done.status, done.body, done.header("content-type")) == (200, b'{"Status":"OK"}', "application/json")
    assert (done.header("etag") or "").endswith('-1"')
    assert app.told[0].body == b"CompleteMultipartUpload 4"


HUGE = 3 * 1024 * 1024 + 1


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (answer(status="301 Moved Permanently"), "Error status : 301."),
        (answer(status="204 No Content"), "Error status : 204."),
        (answer(status="500 Broken"), "Error status : 500."),
        (answer(b"<html>"), "Response body is not valid json format."),
        (answer(b""), "Response body is not valid json format."),
        (answer(b'{"a": NaN}'), "Response body is not valid json format."),
        (answer(b"{}", length=HUGE), "Response body is larger than 3 MB."),
        (b"HTTP/1.1 200 OK\r\n\r\n{}", "Error Status : 400.User server missing content-length."),
        (b"SSH-2.0\r\n\r\n", "Error status : -1. OSS can not connect to your callbackUrl, please check it."),
        (answer(b"{}", length=9), "Error status : -1. OSS can not connect to your callbackUrl, please check it."),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000, "Error status : -1. OSS can not connect to your callbackUrl, please check it."),
    ],
)  # fmt: skip
async def test_a_failure_is_told_and_the_object_stays(
    server: InProcessServer, app: Application, reply: bytes, message: str
) -> None:
    app.reply = lambda _: reply
    stored = await server.call("PUT", "/bucket/key", body=b"kept", headers=[asked(app)])
    assert (stored.status, stored.error.code, stored.error.ec) == (203, "CallbackFailed", "0007-00000203")
    assert stored.error.message == message
    assert (await server.call("GET", "/bucket/key")).body == b"kept"
    assert len(app.told) == 1


async def test_addresses_are_tried_in_order(server: InProcessServer, app: Application) -> None:
    app.reply = lambda told: answer() if "/second" in told.line else answer(status="500 Broken")
    urls = f"{app.url};{app.url}/second;{app.url}/third"
    callback = base64_json({"callbackUrl": urls, "callbackBody": "x"})
    stored = await server.call("PUT", "/bucket/key", body=b"x", headers=[("x-oss-callback", callback)])
    assert stored.status == 200
    assert [told.line.split(" ")[1] for told in app.told] == ["/told", "/told/second"]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "100.100.100.200", "[::1]", "[::ffff:169.254.169.254]", "[fe80::1]"]
)  # fmt: skip
async def test_nothing_is_stored_for_a_private_address(host: str) -> None:
    server = build_server(callbacks=Callbacks(OneKey(), AddressRule(())))
    await server.put_bucket("bucket")
    callback = base64_json({"callbackUrl": f"http://{host}/", "callbackBody": "x"})
    refused = await server.call("PUT", "/bucket/key", body=b"x", headers=[("x-oss-callback", callback)])
    assert refused.refusal == (400, "InvalidArgument", None)
    assert refused.error.message == REFUSED
    assert (await server.call("HEAD", "/bucket/key")).status == 404


async def post(server: InProcessServer, *fields: tuple[str, str]) -> Answer:
    policy = encoded_policy(server.clock.now, ())
    signed = signed_v4(policy, OWNER.credentials, server.clock.now)
    body = form([("key", "a.txt"), *fields, *signed.items()])
    return await server.send("POST", "/bucket/", headers=[FORM_TYPE], body=[body])


async def test_a_form_asks_for_a_callback_in_its_fields(server: InProcessServer, app: Application) -> None:
    app.reply = lambda _: answer(b'{"kept": true}')
    _, configuration = asked(app, "key=${object}&mine=${x:mine}")
    stored = await post(server, ("callback", configuration), ("x:mine", "a&b"))
    assert (stored.status, stored.body, stored.header("content-type")) == (200, b'{"kept": true}', "application/json")
    (told,) = app.told
    assert told.body == b"key=a.txt&mine=a%26b"


async def test_a_form_whose_application_fails_keeps_its_file(server: InProcessServer, app: Application) -> None:
    app.reply = lambda _: answer(b"no json")
    assert (await post(server, ("callback", asked(app)[1]))).status == 203
    assert (await server.call("HEAD", "/bucket/a.txt")).status == 200


async def test_a_form_with_a_wrong_callback_stores_nothing(server: InProcessServer) -> None:
    wrong = base64_json({"callbackUrl": "http://10.0.0.1/", "callbackBody": "x"})
    answered = await post(server, ("callback", wrong))
    assert answered.refusal[:2] == (400, "InvalidArgument")
    assert answered.error.message == REFUSED
    assert (await server.call("HEAD", "/bucket/a.txt")).status == 404
