"""Checksums of OSS: CRC-64/XZ, MD5, and the ETags made from them.

Source: https://help.aliyun.com/zh/oss/developer-reference/check-data-transmission-integrity-by-using-crc-64
"""

import base64
import hashlib
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

from fastcrc.crc64 import xz

from ossicle.wire.names import ETag

_POLYNOMIAL: Final = 0xC96C5795D7870F42
"""Of CRC-64/XZ, reflected: the highest bit stands for x to the power of 0."""
_ONE: Final = 1 << 63
_BITS: Final = 2**64 - 1

_Operator = tuple[tuple[int, ...], ...]
"""A linear map of 64 bits: the images of every value of each of the eight bytes, the lowest first."""


class Digest:
    """MD5, CRC-64 and length of the bytes seen so far."""

    __slots__ = ("_md5", "crc64", "size")

    def __init__(self) -> None:
        self._md5 = hashlib.md5(usedforsecurity=False)
        self.crc64 = 0
        self.size = 0

    def update(self, chunk: bytes) -> None:
        """Take in `chunk`. MD5 lets other threads run for chunks of 2 KiB and more."""
        self._md5.update(chunk)
        self.crc64 = xz(chunk, self.crc64)
        self.size += len(chunk)

    @property
    def md5(self) -> bytes:
        """The 16 bytes of the MD5 so far."""
        return self._md5.digest()


def crc64(data: bytes, initial: int = 0) -> int:
    """Return the finished CRC-64/XZ of `data`, continuing from the finished value of what went before."""
    return xz(data, initial)


def render_etag(md5: bytes) -> ETag:
    """Return the ETag of bytes that came in one piece: their MD5 in upper-case hex."""
    return ETag(md5.hex().upper())


def render_multipart_etag(etags: Iterable[str]) -> ETag:
    """Return the ETag of an object joined from parts with these ETags: unquoted, upper-case hex, in the order of the parts.

    OSS hashes the text of the ETags where S3 hashes the digests, so that the two differ for the same parts.
    """
    listed = tuple(etags)
    md5 = hashlib.md5("".join(listed).encode("ascii"), usedforsecurity=False)
    return ETag(f"{md5.hexdigest().upper()}-{len(listed)}")


def render_md5(md5: bytes) -> str:
    """Return the 16 bytes of an MD5 as `Content-MD5` writes them: in base64."""
    return base64.b64encode(md5).decode("ascii")


def combine_crc64(first: int, second: int, second_bytes: int) -> int:
    """Return the CRC-64 of two pieces in a row, from the CRC-64 of each and the length of the second."""
    for operator in _operators(second_bytes):
        first = _apply(operator, first)
    return first ^ second


# Bytes appended to a message multiply its CRC by a power of x, which is a linear map. A length has one map for each of its
# hexadecimal digits, so that any lengths at all are made of a few hundred maps, and parts of one length find theirs in one step.


@lru_cache(maxsize=256)
def _operators(count: int) -> tuple[_Operator, ...]:
    digits = ((place, count >> 4 * place & 15) for place in range((count.bit_length() + 3) // 4))
    return tuple(_operator(place, digit) for place, digit in digits if digit)


@cache
def _operator(place: int, digit: int) -> _Operator:
    """Return the map for as many bytes as a hexadecimal digit at a place stands for."""
    row = _power(8 * digit << 4 * place)
    rows = [row]
    for _ in range(63):
        row = _times_x(row)
        rows.append(row)
    rows.reverse()
    return tuple(_images(rows[bit : bit + 8]) for bit in range(0, 64, 8))


def _images(rows: list[int]) -> tuple[int, ...]:
    images = [0]
    for row in rows:
        images.extend([image ^ row for image in images])
    return tuple(images)


def _apply(operator: _Operator, value: int) -> int:
    a, b, c, d, e, f, g, h = operator
    return (
        a[value & 255]
        ^ b[value >> 8 & 255]
        ^ c[value >> 16 & 255]
        ^ d[value >> 24 & 255]
        ^ e[value >> 32 & 255]
        ^ f[value >> 40 & 255]
        ^ g[value >> 48 & 255]
        ^ h[value >> 56]
    )


def _power(exponent: int) -> int:
    """Return x to the power of `exponent`, modulo the polynomial."""
    result, square = _ONE, _times_x(_ONE)
    while exponent:
        if exponent & 1:
            result = _multiply(result, square)
        square = _multiply(square, square)
        exponent >>= 1
    return result


def _multiply(left: int, right: int) -> int:
    product = 0
    while left:
        if left & _ONE:
            product ^= right
        left = left << 1 & _BITS
        right = _times_x(right)
    return product


def _times_x(value: int) -> int:
    return value >> 1 ^ (_POLYNOMIAL if value & 1 else 0)
