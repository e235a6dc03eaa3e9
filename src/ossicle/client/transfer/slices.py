"""A part of a file as a body that can be sent twice, read without moving the position that other threads would see."""

import io
import os
from collections.abc import Callable
from typing import Final

from ossicle.wire.digest import crc64

_CHUNK_BYTES: Final = 1024 * 1024


class FileSlice:
    """`length` bytes of an open file from `start`, as a file of its own.

    `before_end` is called before the last byte is handed out; what it raises keeps a receiver from taking the whole for good.
    """

    def __init__(
        self, descriptor: int, start: int, length: int, before_end: Callable[[], object] | None = None
    ) -> None:
        self._descriptor = descriptor
        self._start = start
        self._length = length
        self._position = 0
        self._before_end = before_end

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes; none at the end."""
        left = self._length - self._position
        piece = os.pread(self._descriptor, left if size < 0 else min(size, left), self._start + self._position)
        self._position += len(piece)
        if piece and self._position == self._length and self._before_end is not None:
            self._before_end()
        return piece

    def tell(self) -> int:
        """Return where the next byte is read."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move, and return where to."""
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._length}[whence]
        self._position = origin + offset
        return self._position


def crc64_of(descriptor: int, start: int, length: int) -> int | None:
    """Return the CRC-64 of a part of a file; None if the file ends before."""
    total, end = 0, start + length
    while start < end:
        piece = os.pread(descriptor, min(_CHUNK_BYTES, end - start), start)
        if not piece:
            return None
        total = crc64(piece, total)
        start += len(piece)
    return total
