"""The bytes of an object as they come in, checked against the server's CRC-64 when the last one is there."""

from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from ossicle.client.exchange import compare_crc64
from ossicle.client.failures import MalformedAnswer, ParameterError
from ossicle.client.progress import Progress
from ossicle.client.transport import Answer, AsyncAnswer
from ossicle.wire.digest import crc64
from ossicle.wire.http import Headers

if TYPE_CHECKING:
    from typing_extensions import Buffer

DOCUMENT_BYTES_MAX: Final = 32 * 1024 * 1024
"""Largest document read from an answer: a page of a thousand keys of 1,023 bytes, percent-encoded, has room."""


class _Check:
    """The running CRC-64 and what it must come to; tells how far it is."""

    __slots__ = ("_crc64", "_expected", "_progress", "_request_id")

    def __init__(self, expected: str | None, headers: Headers, progress: Progress | None) -> None:
        self._crc64 = 0
        self._expected = expected
        self._request_id = headers.text(b"x-oss-request-id") or ""
        self._progress = progress
        if progress is not None:
            length = headers.text(b"content-length") or ""
            progress.start(int(length) if length.isdecimal() else None)

    def take(self, chunk: bytes) -> None:
        if self._expected is not None:
            self._crc64 = crc64(chunk, self._crc64)
        if self._progress is not None:
            self._progress.advance(len(chunk))

    def finish(self) -> None:
        compare_crc64(self._crc64, self._expected, self._request_id)


class StreamBody:
    """An object's bytes, once, in the order they arrive.

    Read it to the end or close it (a `with` block does); until then it holds a connection. The end of a whole object raises
    `InconsistentError` if its bytes are not those that the server keeps; a connection that breaks raises `ConnectionFailed`,
    so a short body never looks whole. With `read(size)` the end is where it returns nothing.
    """

    def __init__(self, answer: Answer, expected_crc64: str | None, progress: Progress | None = None) -> None:
        self._answer = answer
        self._left = b""
        self._pieces = self._checked(_Check(expected_crc64, answer.headers, progress))

    def iter_bytes(self, *, block_size: int | None = None) -> Iterator[bytes]:
        """Return what has not been read yet: as it comes, or in blocks of this size of which only the last may be shorter."""
        if block_size is None:
            return self._remaining()
        return iter(partial(self.read, checked_block_size(block_size)), b"")

    def __iter__(self) -> Iterator[bytes]:
        return self._remaining()

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next `size` bytes, fewer only at the end; all that has not been read yet without `size`."""
        if size is None or size < 0:
            return b"".join(self._remaining())
        parts: list[bytes] = []
        while size > 0 and (piece := self._next()):
            piece, self._left = piece[:size], piece[size:]
            size -= len(piece)
            parts.append(piece)
        return b"".join(parts)

    def read1(self, size: int, /) -> bytes:
        """Return what is there of the next `size` bytes, without waiting for more; nothing only at the end."""
        piece = self._next()
        self._left = piece[size:]
        return piece[:size]

    def readinto(self, buffer: "Buffer", /) -> int:
        """Fill `buffer`, a part of it only at the end, and return how many bytes went into it."""
        target = memoryview(buffer).cast("B")
        content = self.read(len(target))
        target[: len(content)] = content
        return len(content)

    def readable(self) -> bool:
        """It can be read, as files ask."""
        return True

    def close(self) -> None:
        """Give the connection back; what has not been read is lost."""
        self._left = b""
        self._pieces.close()
        self._answer.close()

    def _remaining(self) -> Iterator[bytes]:
        return iter(self._next, b"")

    def _next(self) -> bytes:
        left, self._left = self._left, b""
        return left or next(self._pieces, b"")

    def _checked(self, check: _Check) -> Generator[bytes, None, None]:
        try:
            for chunk in self._answer.chunks:
                check.take(chunk)
                yield chunk
            check.finish()
        finally:
            self._answer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncStreamBody:
    """See `StreamBody`; read and close are awaited."""

    def __init__(self, answer: AsyncAnswer, expected_crc64: str | None, progress: Progress | None = None) -> None:
        self._answer = answer
        self._left = b""
        self._pieces = self._checked(_Check(expected_crc64, answer.headers, progress))

    async def iter_bytes(self, *, block_size: int | None = None) -> AsyncIterator[bytes]:
        """See `StreamBody.iter_bytes`."""
        size = None if block_size is None else checked_block_size(block_size)
        while piece := await (self._next() if size is None else self.read(size)):
            yield piece

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self.iter_bytes()

    async def read(self, size: int | None = -1, /) -> bytes:
        """See `StreamBody.read`."""
        if size is None or size < 0:
            return b"".join([piece async for piece in self])
        parts: list[bytes] = []
        while size > 0 and (piece := await self._next()):
            piece, self._left = piece[:size], piece[size:]
            size -= len(piece)
            parts.append(piece)
        return b"".join(parts)

    async def read1(self, size: int, /) -> bytes:
        """See `StreamBody.read1`."""
        piece = await self._next()
        self._left = piece[size:]
        return piece[:size]

    async def close(self) -> None:
        """Give the connection back; what has not been read is lost."""
        self._left = b""
        await self._pieces.aclose()
        await self._answer.close()

    async def _next(self) -> bytes:
        left, self._left = self._left, b""
        return left or await anext(self._pieces, b"")

    async def _checked(self, check: _Check) -> AsyncGenerator[bytes, None]:
        try:
            async for chunk in self._answer.chunks:
                check.take(chunk)
                yield chunk
            check.finish()
        finally:
            await self._answer.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def checked_block_size(size: int) -> int:
    """Return a size that blocks may have; one of nothing would end no loop."""
    if size < 1:
        raise ParameterError(f"block_size is {size}; a block has one byte at least")
    return size


class _Document:
    """An answer's document while it comes in, which must not grow without end."""

    def __init__(self) -> None:
        self.content = bytearray()

    def take(self, chunk: bytes) -> None:
        self.content += chunk
        if len(self.content) > DOCUMENT_BYTES_MAX:
            raise MalformedAnswer(f"the answer is longer than {DOCUMENT_BYTES_MAX} bytes, which no document of OSS is")


def read_document(answer: Answer) -> bytes:
    """Read an answer that is no object to its end, and give its connection back.

    Raises:
        MalformedAnswer: it is longer than any document of OSS.
    """
    document = _Document()
    try:
        for chunk in answer.chunks:
            document.take(chunk)
    finally:
        answer.close()
    return bytes(document.content)


async def read_document_async(answer: AsyncAnswer) -> bytes:
    """See `read_document`."""
    document = _Document()
    try:
        async for chunk in answer.chunks:
            document.take(chunk)
    finally:
        await answer.close()
    return bytes(document.content)
