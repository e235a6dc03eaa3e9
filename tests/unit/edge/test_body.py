"""Bodies as ASGI brings them."""

import base64
import hashlib
from typing import Any

import pytest

from ossicle.edge.body import RequestBody, announced_length, read_document
from ossicle.wire.errors import IncompleteBody, InlineDataTooLarge, InvalidDigest
from ossicle.wire.http import Headers


class Wire:
    """What is received, and how often somebody asked."""

    def __init__(self, *events: dict[str, Any]) -> None:
        self.events = list(events)
        self.asked = 0

    async def __call__(self) -> dict[str, Any]:
        self.asked += 1
        return self.events.pop(0)


def wire(*chunks: bytes, is_cut_off: bool = False) -> Wire:
    more = [len(chunks) - number > 1 or is_cut_off for number in range(len(chunks))]
    events = [{"type": "http.request", "body": c, "more_body": m} for c, m in zip(chunks, more, strict=True)]
    return Wire(*events, *([{"type": "http.disconnect"}] if is_cut_off else []))


async def read(body: RequestBody) -> list[bytes]:
    return [chunk async for chunk in body]


@pytest.mark.parametrize(
    ("chunks", "expected"),
    [((b"",), []), ((b"a",), [b"a"]), ((b"a", b"", b"b"), [b"a", b"b"]), ((b"", b"a", b""), [b"a"])],
)
async def test_chunks_come_as_they_are_but_for_empty_ones(chunks: tuple[bytes, ...], expected: list[bytes]) -> None:
    body = RequestBody(wire(*chunks), None)
    assert await read(body) == expected
    assert body.received_bytes == sum(map(len, expected))


async def test_events_may_leave_out_what_is_usual() -> None:
    assert await read(RequestBody(Wire({"type": "http.request"}), 0)) == []


async def test_nothing_is_asked_for_before_somebody_reads() -> None:
    source = wire(b"a")
    body = RequestBody(source, 1)
    aiter(body)
    assert source.asked == 0
    await read(body)
    assert source.asked == 1


@pytest.mark.parametrize("length", [None, 10])
async def test_a_client_that_goes_away(length: int | None) -> None:
    body = RequestBody(wire(b"abc", is_cut_off=True), length)
    with pytest.raises(IncompleteBody):
        await read(body)
    assert body.received_bytes == 3


@pytest.mark.parametrize("length", [2, 4])
async def test_another_length_than_announced(length: int) -> None:
    with pytest.raises(IncompleteBody):
        await read(RequestBody(wire(b"abc"), length))


@pytest.mark.parametrize(
    ("headers", "length"),
    [
        ([], 0),
        ([(b"content-length", b"0")], 0),
        ([(b"content-length", b"123")], 123),
        ([(b"transfer-encoding", b"chunked")], None),
    ],
)
def test_the_announced_length(headers: list[tuple[bytes, bytes]], length: int | None) -> None:
    assert announced_length(Headers(headers)) == length


def md5(body: bytes) -> tuple[bytes, bytes]:
    return b"content-md5", base64.b64encode(hashlib.md5(body).digest())


@pytest.mark.parametrize("length", [None, 6])
async def test_a_document_whole(length: int | None) -> None:
    headers = Headers([md5(b"abcdef")])
    assert await read_document(RequestBody(wire(b"abc", b"def"), length), headers, 6) == b"abcdef"


async def test_a_document_that_announces_too_much_is_not_read() -> None:
    source = wire(b"x" * 7)
    with pytest.raises(InlineDataTooLarge):
        await read_document(RequestBody(source, 7), Headers([]), 6)
    assert source.asked == 0


async def test_a_document_that_turns_out_too_long_is_not_read_to_its_end() -> None:
    source = wire(b"xxxx", b"xxxx", b"xxxx")
    with pytest.raises(InlineDataTooLarge):
        await read_document(RequestBody(source, None), Headers([]), 6)
    assert source.asked == 2


async def test_a_document_with_another_s_md5() -> None:
    with pytest.raises(InvalidDigest) as refusal:
        await read_document(RequestBody(wire(b"abc"), 3), Headers([md5(b"abd")]), 6)
    assert refusal.value.details == {"Content-MD5": md5(b"abd")[1].decode()}
    source = wire(b"abc")
    with pytest.raises(InvalidDigest):
        await read_document(RequestBody(source, 3), Headers([(b"content-md5", b"none")]), 6)
    assert source.asked == 0
