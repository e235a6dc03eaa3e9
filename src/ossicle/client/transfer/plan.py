"""How something is cut into parts. Knows no file and no server.

Source: https://help.aliyun.com/zh/oss/developer-reference/multipart-upload (limits)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ossicle.client.failures import ParameterError

PART_BYTES: Final = 6 * 1024 * 1024
PART_BYTES_MIN: Final = 100 * 1024
PART_BYTES_MAX: Final = 5 * 1024 * 1024 * 1024
PARTS_MAX: Final = 10_000
PARALLEL: Final = 3
_GROWS_EVERY: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """`length` bytes from `start`, which are part `number` (from 1 on)."""

    number: int
    start: int
    length: int

    def behind(self, count: int) -> "Piece":
        """Return what is left of the piece when `count` bytes of it are there."""
        return Piece(number=self.number, start=self.start + count, length=self.length - count)

    @property
    def range_header(self) -> str:
        """The piece as a Range header says it; never of an empty one."""
        return f"bytes={self.start}-{self.start + self.length - 1}"


def judge_options(part_size: int, parallel_num: int) -> None:
    """Refuse what no transfer can work with.

    Raises:
        ParameterError: parts that are too small or too large, or nobody to send them.
    """
    if part_size < PART_BYTES_MIN:
        raise ParameterError(
            f"part_size is {part_size}; a part that is not the last has at least {PART_BYTES_MIN} bytes"
        )
    if part_size > PART_BYTES_MAX:
        raise ParameterError(f"part_size is {part_size}; a part has at most {PART_BYTES_MAX} bytes")
    if parallel_num < 1:
        raise ParameterError(f"parallel_num is {parallel_num}; one is the least")


def cut(size: int, part_size: int) -> tuple[Piece, ...]:
    """Return the pieces of `size` bytes, each of `part_size` but for the last; larger ones where they would be too many.

    Nothing has no pieces.
    """
    least = -(-size // PARTS_MAX)
    length = max(part_size, least)
    return tuple(
        Piece(number=number, start=start, length=min(length, size - start))
        for number, start in enumerate(range(0, size, length), start=1)
    )


def growing(part_size: int) -> Iterator[int]:
    """Yield the sizes of the parts of a stream whose end is unknown: they double every thousand, so that ten thousand last."""
    for number in range(PARTS_MAX):
        yield min(part_size * 2 ** (number // _GROWS_EVERY), PART_BYTES_MAX)
    raise ParameterError(f"the stream is longer than {PARTS_MAX} parts that grow from {part_size} bytes")
