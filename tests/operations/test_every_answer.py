"""What is true of every answer besides what `judge_answer` asserts of each, and what is written down of it."""

import asyncio
import json
from collections.abc import Iterator

import pytest

from ossicle.edge.log import JsonFormatter, access_log
from tests.support.failing import Failing
from tests.support.inprocess import NOON, OWNER, REQUEST_ID, STRANGER, InProcessServer, build_server


async def test_each_request_has_an_id_of_its_own(server: InProcessServer) -> None:
    ids = [(await server.send("GET", "/bucket/key")).request_id for _ in range(3)]
    assert len(set(ids)) == 3
    assert all(REQUEST_ID.fullmatch(request_id) for request_id in ids)


async def test_the_date_is_the_server_s_clock_s(server: InProcessServer) -> None:
    server.clock.now = NOON.replace(year=2031, month=1, day=1)
    assert (await server.send("GET", "/bucket/key")).header("date") == "Wed, 01 Jan 2031 12:00:00 GMT"


@pytest.mark.parametrize(
    ("host", "host_id"),
    [
        ("127.0.0.1:8880", "127.0.0.1"),
        ("localhost", "localhost"),
        ("[::1]:8880", "[::1]"),
        ("[::1]", "[::1]"),
        ("bucket.localhost:80", "bucket.localhost"),
        ("Example.COM:1", "Example.COM"),
    ],
)
async def test_the_host_id_is_the_host_without_its_port(server: InProcessServer, host: str, host_id: str) -> None:
    answer = await server.send("GET", "/missing-bucket/key", host=host)
    assert f"<HostId>{host_id}</HostId>" in answer.body.decode()


async def test_an_error_has_its_code_and_message_first(server: InProcessServer) -> None:
    answer = await server.send("GET", "/missing-bucket/key")
    assert answer.body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n'
        "  <Code>NoSuchBucket</Code>\n"
        "  <Message>The specified bucket does not exist.</Message>\n"
        f"  <RequestId>{answer.request_id}</RequestId>\n"
        "  <HostId>127.0.0.1</HostId>\n"
        "  <BucketName>missing-bucket</BucketName>\n"
        "  <EC>0015-00000101</EC>\n"
        "  <RecommendDoc>https://api.aliyun.com/troubleshoot?q=0015-00000101</RecommendDoc>\n"
        "</Error>\n"
    )
    assert answer.header("content-type") == "application/xml"


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        ("/", []),
        ("/bucket/", []),
        ("/bucket/key", []),
        ("/missing-bucket/", []),
        ("/a_b/", []),
        ("/bucket/?cors", []),
        ("/bucket/key?acl", []),
        ("/bucket/key?uploads", []),
        ("/bucket/key", [("Authorization", "malformed")]),
        ("/bucket/key?x-oss-signature-version=OSS4-HMAC-SHA256", []),
    ],
)
async def test_head_carries_the_error_that_get_shows(
    server: InProcessServer, target: str, headers: list[tuple[str, str]]
) -> None:
    answer = await server.send("HEAD", target, headers=headers)
    assert answer.status >= 400
    assert answer.body == b""
    assert answer.error.code != "OssError"


# -------------------------------------------------------------------------------------------------- the access log


@pytest.fixture
def lines() -> Iterator[list[bytes]]:
    written: list[bytes] = []
    access_log.attach(written.append)
    yield written
    access_log.attach(None)


async def test_a_line_for_each_request(server: InProcessServer, lines: list[bytes]) -> None:
    await server.put_object("/bucket/key", b"hello")
    answer = await server.call("GET", "/bucket/key", headers=[("User-Agent", "curl/8 \xff"), ("Range", "bytes=0-1")])
    put, get = map(json.loads, lines[-2:])
    assert (put["operation"], put["received_bytes"], put["sent_bytes"]) == ("PutObject", 5, 0)
    assert get.pop("milliseconds") >= 0
    assert get == {
        "time": "2026-03-14T12:00:00.750Z",
        "level": "info",
        "logger": "ossicle.access",
        "message": "request",
        "request_id": answer.request_id,
        "remote": "192.0.2.7",
        "operation": "GetObject",
        "method": "GET",
        "host": "127.0.0.1:8880",
        "status": 206,
        "code": "",
        "access_key_id": OWNER.credentials.access_key_id,
        "received_bytes": 0,
        "sent_bytes": 2,
        "user_agent": "curl/8 \xff",
        "target": "/bucket/key",
    }


async def test_no_line_holds_a_signature_a_token_or_a_secret(
    server: InProcessServer, lines: list[bytes], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = server.presigned("PUT", "/bucket/key?x-oss-security-token-of-old=TOKEN&callback=CALLBACK")
    signature = url.rpartition("x-oss-signature=")[2]
    referer = f"http://user:PASSWORD@h/{url}#{signature}"
    await server.send("PUT", url, headers=[("Referer", referer)], body=b"x")
    monkeypatch.setattr(server.metadata, "transact", Failing.unexpectedly())
    url = server.presigned("PUT", "/bucket/key")
    await server.send("PUT", url, headers=[("Referer", referer), ("Cookie", "COOKIE")], body=b"x")
    signatures = [signature, url.rpartition("x-oss-signature=")[2]]
    by_header = server.signed("GET", "/bucket/key")["Authorization"]
    await server.call("GET", "/bucket/key")

    written = "\n".join(JsonFormatter().format(record) for record in caplog.records) + b"".join(lines).decode()
    assert "x-oss-signature=-" in written
    assert "Traceback" in written
    for hidden in (*signatures, by_header.rpartition("=")[2], "TOKEN", "CALLBACK", "PASSWORD", "COOKIE"):
        assert hidden not in written
    assert OWNER.credentials.access_key_secret not in written


async def test_a_refused_caller_is_not_named_as_if_believed(server: InProcessServer, lines: list[bytes]) -> None:
    await server.call("GET", "/bucket/key", by=STRANGER)
    line = json.loads(lines[-1])
    assert (line["code"], line["access_key_id"], line["status"]) == ("InvalidAccessKeyId", None, 403)


@pytest.mark.parametrize(
    ("trusted", "forwarded", "remote"),
    [([], "203.0.113.9", "192.0.2.7"), (["192.0.2.0/24"], "203.0.113.9", "203.0.113.9")],
)
async def test_a_forwarded_address_is_believed_of_trusted_proxies_only(
    lines: list[bytes], trusted: list[str], forwarded: str, remote: str
) -> None:
    server = build_server(trusted_proxies=trusted)
    await server.send("GET", "/", headers=[("X-Forwarded-For", forwarded)])
    assert json.loads(lines[-1])["remote"] == remote


async def test_a_failure_is_logged_once_and_a_refusal_not_at_all(
    server: InProcessServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await server.call("GET", "/bucket/missing")
    assert not [record for record in caplog.records if record.name == "ossicle.error"]
    monkeypatch.setattr(server.metadata, "transact", Failing.conflict())
    answer = await server.call("PUT", "/bucket/key", body=b"x")
    assert answer.refusal == (503, "ServiceUnavailable", None)
    [record] = [record for record in caplog.records if record.name == "ossicle.error"]
    assert record.__dict__["fields"]["request_id"] == answer.request_id


async def test_a_request_that_a_stop_cuts_is_told_so_and_leaves_nothing(server: InProcessServer) -> None:
    url = server.presigned("PUT", "/bucket/key")
    exchange = server.exchange("PUT", url, body=[bytes(2 * 1024 * 1024), b"never comes"])
    is_waiting = asyncio.Event()

    async def stalling() -> dict[str, object]:
        if exchange.received:
            is_waiting.set()
            await asyncio.Event().wait()
        return await exchange.receive()

    task = asyncio.create_task(server.edge(exchange.scope, stalling, exchange.send))
    await is_waiting.wait()
    task.cancel()
    await asyncio.wait([task])
    assert exchange.answer().refusal == (503, "ServiceUnavailable", None)
    assert await server.stored_blobs() == []
    assert (await server.call("HEAD", "/bucket/key")).status == 404
