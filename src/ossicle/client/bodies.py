"""What a caller gives as a body, as bytes that are counted and summed while they are sent."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from typing import Final, Protocol, runtime_checkable

from ossicle.client.failures import ParameterError
from ossicle.wire.digest import crc64
from ossicle.wire.text import encode

PIECE_BYTES: Final = 256 * 1024
_BYTES: Final = (bytes, bytearray, memoryview)


@runtime_checkable
class ReadableFile(Protocol):
    """A file opened in binary mode, or anything that reads like one."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes; none at the end."""
        ...


BodySource = bytes | bytearray | memoryview | str | ReadableFile | Iterable[bytes] | None
"""What a body may be. Text is sent as UTF-8; a file from where it stands; an iterable in chunks, since its length is unknown."""
AsyncBodySource = BodySource | AsyncIterable[bytes]


class SentBody:
    """A body on its way out. `length` is None where it is not known before the end; `crc64` is of what has gone so far."""

    def __init__(self, source: object, on_sent: Callable[[int], object] | None = None) -> None:
        self.length: Final = measure(source)
        self.crc64 = 0
        self._source = source
        self._on_sent = on_sent

    def __iter__(self) -> Iterator[bytes]:
        for piece in _pieces(self._source, self.length):
            self._count(piece)
            yield piece

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if isinstance(self._source, AsyncIterable):
            async for piece in self._source:
                self._count(_checked(piece))
                yield piece
            return
        pieces = _pieces(self._source, self.length)
        is_in_memory = self._source is None or isinstance(self._source, (*_BYTES, str))
        # Whatever else yields bytes may read a disk or wait for somebody: a thread does, so that the loop need not.
        while piece := next(pieces, b"") if is_in_memory else await asyncio.to_thread(next, pieces, b""):
            self._count(piece)
            yield piece

    def _count(self, piece: bytes) -> None:
        self.crc64 = crc64(piece, self.crc64)
        if self._on_sent is not None:
            self._on_sent(len(piece))


def measure(source: object) -> int | None:
    """Return how many bytes a body has, or None if that shows at its end only.

    Raises:
        TypeError: it is nothing that has bytes.
    """
    if source is None:
        return 0
    if isinstance(source, str):
        return len(encode(source))
    if isinstance(source, _BYTES):
        return memoryview(source).nbytes
    if isinstance(source, ReadableFile):
        return _bytes_left(source)
    if isinstance(source, Iterable | AsyncIterable):
        return None
    raise TypeError(f"a body is bytes, str, a file or an iterable of bytes, not {type(source).__name__}")


def _bytes_left(file: object) -> int | None:
    seek, tell = getattr(file, "seek", None), getattr(file, "tell", None)
    if seek is None or tell is None:
        return None
    try:
        here: int = tell()
        end: int = seek(0, 2)
        seek(here)
    except (OSError, ValueError):  # a pipe; a socket's file says ValueError
        return None
    return max(end - here, 0)


def _pieces(source: object, length: int | None) -> Iterator[bytes]:
    if source is None:
        return iter(())
    if isinstance(source, str):
        source = encode(source)
    if isinstance(source, _BYTES):
        view = memoryview(source).cast("B")
        return (bytes(view[start : start + PIECE_BYTES]) for start in range(0, len(view), PIECE_BYTES))
    if isinstance(source, ReadableFile):
        return _read(source, length)
    if isinstance(source, Iterable):
        return (piece for piece in map(_checked, source) if piece)
    raise TypeError("an asynchronous iterable needs the AsyncClient")


def _read(file: ReadableFile, length: int | None) -> Iterator[bytes]:
    """Read to the end, or as far as was announced: a file that grows meanwhile must not break the framing."""
    left = length
    while left is None or left > 0:
        piece = _checked(file.read(PIECE_BYTES if left is None else min(PIECE_BYTES, left)))
        if not piece:
            break
        if left is not None:
            left -= len(piece)
        yield piece
    if left:
        raise ParameterError(f"the file ended {left} bytes before the {length} that it had at first")


def _checked(piece: object) -> bytes:
    if not isinstance(piece, _BYTES):
        raise TypeError(f"a body must give bytes, not {type(piece).__name__}; is the file open in text mode?")
    return bytes(piece)
