"""The bytes of an object as they come in, checked against the server's CRC-64 when the last one is there."""

from collections.abc import AsyncGenerator, Generator
from types import TracebackType
from typing import Final, Self

from ossicle.client.exchange import compare_crc64
from ossicle.client.failures import MalformedAnswer
from ossicle.client.transport import Answer, AsyncAnswer
from ossicle.wire.digest import crc64
from ossicle.wire.http import Headers

DOCUMENT_BYTES_MAX: Final = 32 * 1024 * 1024
"""Largest document read from an answer: a page of a thousand keys of 1,023 bytes, percent-encoded, has room."""


class _Check:
    """The running CRC-64 and what it must come to."""

    __slots__ = ("_crc64", "_expected", "_request_id")

    def __init__(self, expected: str | None, headers: Headers) -> None:
        self._crc64 = 0
        self._expected = expected
        self._request_id = headers.text(b"x-oss-request-id") or ""

    def take(self, chunk: bytes) -> None:
        if self._expected is not None:
            self._crc64 = crc64(chunk, self._crc64)

    def finish(self) -> None:
        compare_crc64(self._crc64, self._expected, self._request_id)


class StreamBody:
    """An object's bytes, once, in the order they arrive.

    Read it to the end or close it (a `with` block does); until then it holds a connection. The end of a whole object raises
    `InconsistentError` if its bytes are not those that the server keeps; a connection that breaks raises `ConnectionFailed`,
    so a short body never looks whole.
    """

    def __init__(self, answer: Answer, expected_crc64: str | None) -> None:
        self._answer = answer
        self._pieces = self._checked(_Check(expected_crc64, answer.headers))

    def iter_bytes(self) -> Generator[bytes, None, None]:
        """Return the pieces that have not been read yet, as they come."""
        return self._pieces

    def __iter__(self) -> Generator[bytes, None, None]:
        return self._pieces

    def read(self) -> bytes:
        """Return all that has not been read yet."""
        return b"".join(self._pieces)

    def close(self) -> None:
        """Give the connection back; what has not been read is lost."""
        self._pieces.close()
        self._answer.close()

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

    def __init__(self, answer: AsyncAnswer, expected_crc64: str | None) -> None:
        self._answer = answer
        self._pieces = self._checked(_Check(expected_crc64, answer.headers))

    def iter_bytes(self) -> AsyncGenerator[bytes, None]:
        """Return the pieces that have not been read yet, as they come."""
        return self._pieces

    def __aiter__(self) -> AsyncGenerator[bytes, None]:
        return self._pieces

    async def read(self) -> bytes:
        """Return all that has not been read yet."""
        return b"".join([piece async for piece in self._pieces])

    async def close(self) -> None:
        """Give the connection back; what has not been read is lost."""
        await self._pieces.aclose()
        await self._answer.close()

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
