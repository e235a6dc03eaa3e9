"""Results and errors as responses, and responses as ASGI events."""

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from ossicle.edge.answer import (
    close_body,
    common_headers,
    encode_headers,
    error_response,
    result_response,
    send_response,
)
from ossicle.wire.api.bucket import DELETE_BUCKET, GET_BUCKET_LOCATION, DeleteBucketResult, GetBucketLocationResult
from ossicle.wire.api.object_basic import GET_OBJECT, PUT_OBJECT, GetObjectResult, PutObjectResult
from ossicle.wire.error_document import parse_error
from ossicle.wire.errors import InvalidRange, MethodNotAllowed, NoSuchKey, SignatureDoesNotMatch
from ossicle.wire.http import Headers, Response


class Stream:
    """A body in pieces; `before` runs before each."""

    def __init__(self, *pieces: bytes, failure: Exception | None = None) -> None:
        self.pieces, self.failure = pieces, failure
        self.given = 0
        self.is_closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            self.given += 1
            yield piece
        if self.failure is not None:
            raise self.failure

    async def aclose(self) -> None:
        self.is_closed = True


class Client:
    """Takes events, and hangs up when told."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.gone = asyncio.Event()
        self.hangs_up_after: int | None = None
        self._asked = 0

    async def receive(self) -> dict[str, Any]:
        self._asked += 1
        if self._asked == 1:  # as a server does for a request without a body
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, event: Any) -> None:
        self.events.append(event)
        if len(self.events) - 1 == self.hangs_up_after:
            self.gone.set()
        await asyncio.sleep(0)

    @property
    def body(self) -> bytes:
        return b"".join(event.get("body", b"") for event in self.events[1:])


def test_the_headers_of_every_answer() -> None:
    now = datetime(2023, 12, 17, 3, 56, 28, 999999, tzinfo=UTC)
    assert common_headers("ABC", now) == [
        (b"server", b"Ossicle"),
        (b"date", b"Sun, 17 Dec 2023 03:56:28 GMT"),
        (b"x-oss-request-id", b"ABC"),
    ]


def test_header_values_come_back_byte_for_byte() -> None:
    stored = b"Gr\xf6\xdfe \xe4\xb8\xad".decode("utf-8", "surrogateescape")
    assert encode_headers([("X-Oss-Meta-A", stored)]) == [(b"x-oss-meta-a", b"Gr\xf6\xdfe \xe4\xb8\xad")]


def test_a_document_has_its_type_and_length() -> None:
    response = result_response(GET_BUCKET_LOCATION, GetBucketLocationResult(location="oss-x"))
    assert isinstance(response.body, bytes)
    assert response.status == 200
    assert (b"content-type", b"application/xml") in response.headers
    assert (b"content-length", str(len(response.body)).encode()) in response.headers


def test_an_answer_without_a_body() -> None:
    response = result_response(PUT_OBJECT, PutObjectResult(etag='"E"', hash_crc64="1"))
    assert (response.status, response.body) == (200, b"")
    assert sorted(response.headers) == [(b"content-length", b"0"), (b"etag", b'"E"'), (b"x-oss-hash-crc64ecma", b"1")]


def test_no_content_has_no_length() -> None:
    response = result_response(DELETE_BUCKET, DeleteBucketResult())
    assert (response.status, response.headers, response.body) == (204, [], b"")


def test_an_object_s_length_is_said_once() -> None:
    stream = Stream(b"abc")
    whole: GetObjectResult[object] = GetObjectResult(content_length=3, etag='"E"', body=stream)
    response = result_response(GET_OBJECT, whole)
    assert response.body is stream
    assert [value for name, value in response.headers if name == b"content-length"] == [b"3"]
    small: GetObjectResult[object] = GetObjectResult(content_length=3, body=b"abc")
    assert result_response(GET_OBJECT, small).headers.count((b"content-length", b"3")) == 1
    unchanged: GetObjectResult[object] = GetObjectResult(status_code=304, etag='"E"')
    response = result_response(GET_OBJECT, unchanged)
    assert (response.status, response.headers) == (304, [(b"etag", b'"E"')])


def test_an_error_is_a_document() -> None:
    response = error_response(NoSuchKey(key="k"), request_id="R", host_id="H", is_head=False)
    assert isinstance(response.body, bytes)
    assert response.status == 404
    assert (b"x-oss-ec", b"0026-00000001") in response.headers
    assert (b"content-length", str(len(response.body)).encode()) in response.headers
    assert b"<Key>k</Key>" in response.body
    assert b"x-oss-err" not in dict(response.headers)


def test_an_error_without_a_body_is_a_header() -> None:
    error = MethodNotAllowed(method="HEAD", headers=(("Allow", "DELETE"),))
    shown = error_response(error, request_id="R", host_id="H", is_head=False)
    response = error_response(error, request_id="R", host_id="H", is_head=True)
    headers = dict(response.headers)
    assert (response.status, response.body, headers[b"content-length"]) == (405, b"", b"0")
    assert base64.b64decode(headers[b"x-oss-err"]) == shown.body
    assert headers[b"allow"] == b"DELETE"
    assert b"x-oss-ec" not in headers


@pytest.mark.parametrize("size", [300, 60_000])
def test_a_header_holds_a_long_error_without_its_long_parts(size: int) -> None:
    error = SignatureDoesNotMatch(
        signature_provided="s", string_to_sign_bytes="ab" * size, canonical_request="<" * size * 10
    )
    response = error_response(error, request_id="R", host_id="h" * size, is_head=True)
    header = dict(response.headers)[b"x-oss-err"]
    assert len(header) < 6 * 1024
    told = parse_error(403, Headers([(b"x-oss-err", header)]), b"")
    assert (told.code, told.message, told.ec) == (error.code, error.message, error.ec)
    assert told.details == {"SignatureProvided": "s"}
    shown = error_response(error, request_id="R", host_id="H", is_head=False).body
    assert isinstance(shown, bytes)
    assert len(shown) > size * 10


def test_an_error_holds_what_xml_cannot() -> None:
    error = InvalidRange(range_requested="a\x00\udcff<&>", actual_object_size="1")
    body = error_response(error, request_id="R", host_id="h\udcff", is_head=False).body
    assert isinstance(body, bytes)
    text = body.decode("utf-8")
    assert "<RangeRequested>a\ufffd\ufffd&lt;&amp;&gt;</RangeRequested>" in text


async def test_bytes_are_sent_at_once() -> None:
    client = Client()
    assert await send_response(Response(status=200, body=b"abc"), (), client.receive, client.send) == 3
    assert client.events == [
        {"type": "http.response.start", "status": 200, "headers": []},
        {"type": "http.response.body", "body": b"abc"},
    ]


async def test_a_stream_is_sent_piece_by_piece_to_its_end() -> None:
    client, stream = Client(), Stream(b"a", b"bc", b"def")
    response = Response(status=206, headers=[(b"content-length", b"6")], body=stream)
    assert await send_response(response, (), client.receive, client.send) == 6
    assert client.body == b"abcdef"
    assert [event.get("more_body", False) for event in client.events[1:]] == [True, True, True, False]


async def test_nothing_is_read_ahead_of_a_client_that_does_not_take_it() -> None:
    client, stream = Client(), Stream(*[b"x"] * 100)
    is_stalled, goes_on = asyncio.Event(), asyncio.Event()

    async def stalling(event: Any) -> None:
        await client.send(event)
        if len(client.events) == 3:
            is_stalled.set()
            await goes_on.wait()

    sending = asyncio.create_task(send_response(Response(status=200, body=stream), (), client.receive, stalling))
    await asyncio.wait_for(is_stalled.wait(), timeout=10)
    for _ in range(20):
        await asyncio.sleep(0)
    assert stream.given == 2
    goes_on.set()
    assert await sending == 100


async def test_a_client_that_hangs_up_ends_the_reading_though_its_request_had_ended_long_before() -> None:
    client, stream = Client(), Stream(*[b"x"] * 100)
    client.hangs_up_after = 2
    sent = await send_response(Response(status=200, body=stream), (), client.receive, client.send)
    assert 2 <= sent <= 5
    assert stream.given <= sent + 1


async def test_a_stream_that_fails_is_not_ended_as_if_it_were_whole() -> None:
    client = Client()
    response = Response(status=200, body=Stream(b"a", failure=ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        await send_response(response, (), client.receive, client.send)
    assert all(event.get("more_body") for event in client.events[1:])


async def test_a_watcher_that_fails_is_not_passed_over() -> None:
    async def broken() -> dict[str, Any]:
        raise ConnectionResetError

    client = Client()
    with pytest.raises(ConnectionResetError):
        await send_response(Response(status=200, body=Stream(*[b"x"] * 9)), (), broken, client.send)


async def test_closing_lets_go_of_a_stream_and_of_nothing_else() -> None:
    stream = Stream()
    await close_body(Response(status=200, body=stream))
    assert stream.is_closed
    await close_body(Response(status=200, body=b"abc"))
