"""The `Range` header as OSS reads it: what can't be served is ignored, unless the caller asks for the standard's behaviour.

Source: https://help.aliyun.com/zh/oss/developer-reference/getobject
"""

import re
from dataclasses import dataclass
from typing import Final

from ossicle.wire.errors import InvalidRange

_RANGE: Final = re.compile(r"bytes=(\d{0,19})-(\d{0,19})", re.ASCII)


@dataclass(frozen=True, slots=True)
class ByteRange:
    """`length` bytes from `start`; `is_partial` tells 206 from 200."""

    start: int
    length: int
    is_partial: bool

    def content_range(self, size: int) -> str:
        """Return the value of `Content-Range` in an object of `size` bytes."""
        return f"bytes {self.start}-{self.start + self.length - 1}/{size}"


def resolve_range(header: str | None, size: int, *, is_standard: bool) -> ByteRange:
    """Return what part of `size` bytes is asked for.

    By default a range that reaches beyond the end gives the whole object; with `x-oss-range-behavior: standard` it is cut
    off there, or refused if it begins there.

    Raises:
        InvalidRange: `bytes=-0`, or a start beyond the end under the standard's behaviour.
    """
    whole = ByteRange(0, size, is_partial=False)
    if header is None:
        return whole
    found = _RANGE.fullmatch(header.strip())
    if found is None or found.groups() == ("", ""):
        return whole
    first, last = found.groups()
    if not first:
        return _suffix(header, int(last), size, is_standard=is_standard)
    start, end = int(first), int(last) if last else size - 1
    if last and end < start:
        return whole
    if start >= size:
        if is_standard:
            raise InvalidRange(range_requested=header, actual_object_size=str(size))
        return whole
    if end >= size and not is_standard:
        return whole
    return ByteRange(start, min(end, size - 1) - start + 1, is_partial=True)


def _suffix(header: str, length: int, size: int, *, is_standard: bool) -> ByteRange:
    # OSS: `bytes=-N` with N beyond the size gives 206 and the whole; on an empty object 200, or 416 if standard (unverified).
    if length == 0 or (size == 0 and is_standard):
        raise InvalidRange(range_requested=header, actual_object_size=str(size))
    length = min(length, size)
    return ByteRange(size - length, length, is_partial=size > 0)
