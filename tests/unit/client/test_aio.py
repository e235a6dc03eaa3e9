"""The asynchronous client: what differs from the synchronous one, and that the rest is the same."""

import inspect
import io
from collections.abc import AsyncIterator
from typing import Any

import pytest

import ossicle
from ossicle.client.aio import AsyncClient
from ossicle.client.failures import InconsistentError, MalformedAnswer
from ossicle.client.sync import Client
from ossicle.wire.digest import crc64
from ossicle.wire.errors import NoSuchKey
from tests.support.clients import AnsweringTransport, AsyncAnsweringTransport, Prepared, config, frozen_clock

CONTENT = b"some bytes"
CRC = str(crc64(CONTENT))
STORED = Prepared(headers={"ETag": '"E"', "x-oss-hash-crc64ecma": CRC})
WHOLE = Prepared(headers={"x-oss-hash-crc64ecma": CRC}, pieces=(CONTENT[:4], CONTENT[4:]))


def client(*answers: Prepared, **settings: Any) -> tuple[AsyncClient, AsyncAnsweringTransport]:
    transport = AsyncAnsweringTransport(*answers)
    return AsyncClient(config(**settings), clock=frozen_clock, transport=transport), transport


def put(body: object = CONTENT) -> ossicle.PutObjectRequest:
    return ossicle.PutObjectRequest(bucket="demo", key="a", body=body)


async def stream() -> AsyncIterator[bytes]:
    yield CONTENT[:4]
    yield CONTENT[4:]


@pytest.mark.parametrize("make_body", [lambda: CONTENT, lambda: io.BytesIO(CONTENT), stream])
async def test_an_upload(make_body: Any) -> None:
    made, transport = client(STORED)
    result = await made.put_object(put(make_body()))
    assert result.etag == '"E"'
    assert transport.received[0].body == CONTENT


async def test_it_sends_the_very_request_of_the_other_client() -> None:
    made, transport = client(STORED)
    await made.put_object(put())
    other = AnsweringTransport(STORED)
    Client(config(), clock=frozen_clock, transport=other).put_object(put())
    assert transport.received == other.received


async def test_a_checksum_that_differs() -> None:
    made, _ = client(Prepared(headers={"x-oss-hash-crc64ecma": "1"}), retry_max_attempts=1)
    with pytest.raises(InconsistentError):
        await made.put_object(put())


async def test_another_attempt_after_a_pause() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    transport = AsyncAnsweringTransport(Prepared(503), STORED)
    made = AsyncClient(config(), clock=frozen_clock, transport=transport, sleep=sleep, fraction=lambda: 0.5)
    assert (await made.put_object(put(io.BytesIO(CONTENT)))).etag == '"E"'
    assert ([sent.body for sent in transport.received], slept) == ([CONTENT, CONTENT], [0.1])


async def test_an_asynchronous_iterable_is_sent_once() -> None:
    made, transport = client(Prepared(503))
    with pytest.raises(ossicle.OssError, match="503"):
        await made.put_object(put(stream()))
    assert len(transport.received) == 1


async def body_of(made: AsyncClient) -> ossicle.AsyncStreamBody:
    result = await made.get_object(ossicle.GetObjectRequest(bucket="demo", key="a"))
    assert result.body is not None
    return result.body


async def test_reading_an_object() -> None:
    made, transport = client(WHOLE, WHOLE, WHOLE, WHOLE)
    assert await (await body_of(made)).read() == CONTENT
    assert [piece async for piece in await body_of(made)] == [CONTENT[:4], CONTENT[4:]]
    assert [piece async for piece in (await body_of(made)).iter_bytes()] == [CONTENT[:4], CONTENT[4:]]
    closed = transport.closed
    async with await body_of(made) as body:
        assert await anext(aiter(body)) == CONTENT[:4]
        assert transport.closed == closed
    assert transport.closed > closed
    assert await body.read() == b""


async def test_reading_a_part_at_a_time() -> None:
    made, _ = client(WHOLE, WHOLE)
    body = await body_of(made)
    assert [await body.read(3), await body.read(3), await body.read(0), await body.read()] == [
        CONTENT[:3],
        CONTENT[3:6],
        b"",
        CONTENT[6:],
    ]
    blocks = [block async for block in (await body_of(made)).iter_bytes(block_size=7)]
    assert blocks == [CONTENT[:7], CONTENT[7:]]


async def test_an_object_that_is_not_what_the_server_keeps() -> None:
    made, _ = client(Prepared(headers={"x-oss-hash-crc64ecma": "1"}, pieces=(CONTENT,)))
    with pytest.raises(InconsistentError):
        await (await body_of(made)).read()


async def test_refusals_are_raised_and_give_the_connection_back() -> None:
    made, transport = client(Prepared(404, pieces=(b"<Error><Code>NoSuchKey</Code></Error>",)))
    with pytest.raises(NoSuchKey):
        await body_of(made)
    assert transport.closed == 1


async def test_an_answer_without_end_is_given_up() -> None:
    made, transport = client(Prepared(pieces=(bytes(1024 * 1024),) * 33))
    with pytest.raises(MalformedAnswer, match="longer than"):
        await made.list_buckets(ossicle.ListBucketsRequest())
    assert transport.closed == 1


async def test_a_transport_that_was_given_is_left_open() -> None:
    made, transport = client(STORED, STORED)
    async with made:
        await made.put_object(put())
    await made.put_object(put())
    assert len(transport.received) == 2


def test_both_clients_have_the_same_methods() -> None:
    def methods(kind: type) -> set[str]:
        return {name for name, _ in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")}

    assert methods(AsyncClient) == methods(Client)
