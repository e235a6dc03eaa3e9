"""What a caller gives as a body, as bytes that are counted and summed while they are sent."""

from collections.abc import AsyncIterable, Iterable, Iterator
from typing import Final, Protocol, Self, runtime_checkable

from ossicle.client.failures import ParameterError
from ossicle.client.progress import Progress
from ossicle.wire.binding import ProgressFn
from ossicle.wire.digest import crc64
from ossicle.wire.text import encode

PIECE_BYTES: Final = 256 * 1024
IN_MEMORY: Final = (bytes, bytearray, memoryview)


@runtime_checkable
class ReadableFile(Protocol):
    """A file opened in binary mode, or anything that reads like one."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes; none at the end."""
        ...


class SentBody:
    """A body on its way out: text as UTF-8, a file from where it stands, an iterable in chunks, since its length is unknown.

    `length` is None where it is not known before the end; `crc64` and `sent_bytes` are of what has gone in this attempt.
    """

    def __init__(self, source: object, progress_fn: ProgressFn | None = None) -> None:
        self.length: Final = measure(source)
        self.crc64 = 0
        self.sent_bytes = 0
        self.source: Final = source
        self._start: Final = None if self.length is None else _position(source)
        self.progress: Final = Progress(progress_fn)
        self.progress.start(self.length)

    @classmethod
    def of(cls, request: object) -> Self:
        """Return the body of a typed request; one that has none has an empty one."""
        return cls(getattr(request, "body", None), getattr(request, "progress_fn", None))

    @property
    def can_restart(self) -> bool:
        """Whether the same bytes can be sent a second time."""
        return self._start is not None or self.source is None or isinstance(self.source, (*IN_MEMORY, str))

    def restart(self) -> None:
        """Begin again for a further attempt; only where `can_restart` says so."""
        if self._start is not None:
            self.source.seek(self._start)  # type: ignore[attr-defined]  # it told its position, see `_position`
        self.crc64 = self.sent_bytes = 0
        self.progress.start(self.length)

    def __iter__(self) -> Iterator[bytes]:
        for piece in pieces_of(self.source, self.length):
            self.count(piece)
            yield piece

    def count(self, piece: bytes) -> None:
        """Take in a piece that goes out now."""
        self.crc64 = crc64(piece, self.crc64)
        self.sent_bytes += len(piece)
        self.progress.advance(len(piece))


def _position(source: object) -> int | None:
    """Return where a file stands to which one can go back; None for everything that is no such file."""
    tell = getattr(source, "tell", None)
    return tell() if isinstance(source, ReadableFile) and tell is not None else None


def measure(source: object) -> int | None:
    """Return how many bytes a body has, or None if that shows at its end only.

    Raises:
        TypeError: it is nothing that has bytes.
    """
    if source is None:
        return 0
    if isinstance(source, str):
        return len(encode(source))
    if isinstance(source, IN_MEMORY):
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


def pieces_of(source: object, length: int | None) -> Iterator[bytes]:
    """Return a body in pieces of at most `PIECE_BYTES`, but for those that an iterable gives."""
    if source is None:
        return iter(())
    if isinstance(source, str):
        source = encode(source)
    if isinstance(source, IN_MEMORY):
        view = memoryview(source)
        view = (view if view.c_contiguous else memoryview(view.tobytes())).cast("B")
        return (bytes(view[start : start + PIECE_BYTES]) for start in range(0, len(view), PIECE_BYTES))
    if isinstance(source, ReadableFile):
        return _read(source, length)
    if isinstance(source, Iterable):
        return (piece for piece in map(checked_piece, source) if piece)
    raise TypeError("an asynchronous iterable needs the AsyncClient")


def _read(file: ReadableFile, length: int | None) -> Iterator[bytes]:
    """Read to the end, or as far as was announced: a file that grows meanwhile must not break the framing."""
    left = length
    while left is None or left > 0:
        piece = checked_piece(file.read(PIECE_BYTES if left is None else min(PIECE_BYTES, left)))
        if not piece:
            break
        if left is not None:
            left -= len(piece)
        yield piece
    if left:
        raise ParameterError(f"the file ended {left} bytes before the {length} that it had at first")


def checked_piece(piece: object) -> bytes:
    """Return what an iterable or a file gave, if it is bytes."""
    if not isinstance(piece, IN_MEMORY):
        raise TypeError(f"a body must give bytes, not {type(piece).__name__}; is the file open in text mode?")
    return bytes(piece)
