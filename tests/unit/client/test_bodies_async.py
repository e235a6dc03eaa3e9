"""The same bodies in an event loop: nothing that reads may block it, which the guard in `tests/conftest.py` watches."""

import io
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ossicle.client.bodies_async import AsyncSentBody
from ossicle.wire.digest import crc64


async def joined(body: AsyncSentBody) -> bytes:
    return b"".join([piece async for piece in body])


async def parts() -> AsyncIterator[bytes]:
    yield b"a"
    yield b"bc"


@pytest.mark.parametrize("source", [b"abc", "abc", [b"a", b"bc"], io.BytesIO(b"abc"), bytearray(b"abc")])
async def test_everything_that_the_other_client_takes(source: object) -> None:
    body = AsyncSentBody(source)
    assert await joined(body) == b"abc"
    assert (body.sent_bytes, body.crc64) == (3, crc64(b"abc"))


async def test_nothing() -> None:
    assert await joined(AsyncSentBody(None)) == b""


async def test_an_asynchronous_iterable() -> None:
    body = AsyncSentBody(parts())
    assert body.length is None
    assert await joined(body) == b"abc"
    assert (body.sent_bytes, body.crc64) == (3, crc64(b"abc"))


async def test_a_file_is_read_in_another_thread(tmp_path: Path) -> None:
    readers: set[int] = set()

    class Watched(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            readers.add(threading.get_ident())
            return super().read(size)

    assert await joined(AsyncSentBody(Watched(b"abc"))) == b"abc"
    assert threading.get_ident() not in readers
    assert readers


async def test_an_asynchronous_iterable_of_text_is_refused() -> None:
    async def text() -> AsyncIterator[str]:
        yield "a"

    with pytest.raises(TypeError, match="must give bytes"):
        await joined(AsyncSentBody(text()))
