"""An object as a file to read: from any place, by ranges, and always the same object."""

import io
from collections.abc import AsyncIterator, Awaitable, Callable
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TypeVar

from ossicle.client.failures import ConnectionFailed, MalformedAnswer
from ossicle.client.streams import AsyncStreamBody, StreamBody
from ossicle.wire.api.object_basic import GetObjectRequest, GetObjectResult, HeadObjectRequest, HeadObjectResult

if TYPE_CHECKING:
    from typing_extensions import Buffer

Body = TypeVar("Body")

BUFFER_BYTES: Final = 1024 * 1024


class Place:
    """Where in which object the next byte is read: the half of a file that does no I/O.

    Every request has the ETag of the first answer in `If-Match`: bytes of two objects are never mixed.
    """

    def __init__(self, request: HeadObjectRequest, found: HeadObjectResult) -> None:
        if found.content_length is None or found.etag is None:
            raise MalformedAnswer("the answer to HeadObject has no Content-Length or no ETag; is there another server?")
        self.size: Final = found.content_length
        self.position = 0
        self._request = request
        self._etag = found.etag

    def seek(self, offset: int, whence: int) -> int:
        """Move to `offset` from the start (0), from here (1) or from the end (2), and return where that is."""
        origins = {io.SEEK_SET: 0, io.SEEK_CUR: self.position, io.SEEK_END: self.size}
        if whence not in origins:
            raise ValueError(f"whence is 0, 1 or 2, not {whence!r}")
        if origins[whence] + offset < 0:
            raise ValueError(f"{origins[whence] + offset} is before the start")
        self.position = origins[whence] + offset
        return self.position

    def is_at_end(self) -> bool:
        """Whether there is nothing to read from here on."""
        return self.position >= self.size

    def request(self) -> GetObjectRequest:
        """Return the request for everything from here on."""
        return GetObjectRequest(
            bucket=self._request.bucket,
            key=self._request.key,
            version_id=self._request.version_id,
            range_header=f"bytes={self.position}-",
            range_behavior="standard",
            if_match=self._etag,
            request_payer=self._request.request_payer,
        )


class RemoteFile(io.RawIOBase):
    """The unbuffered file below `Client.open_file`. A connection that breaks is opened again from where it was."""

    def __init__(
        self, place: Place, get: Callable[[GetObjectRequest], GetObjectResult[StreamBody]], attempts_max: int
    ) -> None:
        super().__init__()
        self._place = place
        self._get = get
        self._attempts_max = attempts_max
        self._stream: StreamBody | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place.position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        before = self._place.position
        if self._place.seek(offset, whence) != before:
            self._drop()
        return self._place.position

    def readinto(self, buffer: "Buffer", /) -> int:
        """Read what one piece gives, at most what `buffer` holds; nothing at the end.

        Raises:
            PreconditionFailed: the object is another one by now.
            OssError, ClientError: see `Client.get_object`.
        """
        target = memoryview(buffer).cast("B")
        if self.closed:
            raise ValueError("the file is closed")
        if self._place.is_at_end() or not len(target):
            return 0
        content = self._read(min(len(target), self._place.size - self._place.position))
        target[: len(content)] = content
        self._place.position += len(content)
        return len(content)

    def close(self) -> None:
        self._drop()
        super().close()

    def _read(self, size: int) -> bytes:
        for attempt in range(1, self._attempts_max + 1):
            if self._stream is None:  # which the client tries several times by itself
                self._stream = self._open()
            try:
                return _unless_short(self._stream.read1(size))
            except ConnectionFailed:
                self._drop()
                if attempt == self._attempts_max:
                    raise
        raise AssertionError("there is one attempt at least")

    def _open(self) -> StreamBody:
        result = self._get(self._place.request())
        if result.body is not None and not _is_range(result):
            result.body.close()
        return _body(result)

    def _drop(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()


class AsyncRemoteFile:
    """An object as a file to read in an event loop: as what `Client.open_file` returns, awaited, and not buffered."""

    def __init__(
        self,
        place: Place,
        get: Callable[[GetObjectRequest], Awaitable[GetObjectResult[AsyncStreamBody]]],
        attempts_max: int,
    ) -> None:
        self._place = place
        self._get = get
        self._attempts_max = attempts_max
        self._stream: AsyncStreamBody | None = None

    async def read(self, size: int | None = -1, /) -> bytes:
        """Return the next `size` bytes, fewer only at the end; everything from here on without `size`.

        Raises:
            PreconditionFailed: the object is another one by now.
            OssError, ClientError: see `Client.get_object`.
        """
        left = max(self._place.size - self._place.position, 0)
        wanted = left if size is None or size < 0 else min(size, left)
        start, parts = self._place.position, list[bytes]()
        try:
            while wanted > 0:
                parts.append(await self._read(min(wanted, BUFFER_BYTES)))
                self._place.position += len(parts[-1])
                wanted -= len(parts[-1])
        except BaseException:
            # What had come is lost with this call: the next one begins where it did.
            self._place.position = start
            await self.close()
            raise
        return b"".join(parts)

    def tell(self) -> int:
        """Return where the next byte is read."""
        return self._place.position

    async def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move there, as files do, and return where that is."""
        before = self._place.position
        if self._place.seek(offset, whence) != before:
            await self.close()
        return self._place.position

    async def close(self) -> None:
        """Give the connection back; reading on opens another one."""
        stream, self._stream = self._stream, None
        if stream is not None:
            await stream.close()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while piece := await self.read(BUFFER_BYTES):
            yield piece

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _read(self, size: int) -> bytes:
        for attempt in range(1, self._attempts_max + 1):
            if self._stream is None:
                self._stream = await self._open()
            try:
                return _unless_short(await self._stream.read1(size))
            except ConnectionFailed:
                await self.close()
                if attempt == self._attempts_max:
                    raise
        raise AssertionError("there is one attempt at least")

    async def _open(self) -> AsyncStreamBody:
        result = await self._get(self._place.request())
        if result.body is not None and not _is_range(result):
            await result.body.close()
        return _body(result)


def _is_range(result: GetObjectResult[Body]) -> bool:
    return result.status_code == 206


def _body(result: GetObjectResult[Body]) -> Body:
    if result.body is None or not _is_range(result):
        raise MalformedAnswer("a range of an object was asked for, and the answer is none")
    return result.body


def _unless_short(content: bytes) -> bytes:
    if not content:
        raise ConnectionFailed("the object ended before its end")
    return content
