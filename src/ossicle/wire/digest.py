"""Checksums of OSS: CRC-64/XZ, MD5, and the ETags made from them.

Source: https://help.aliyun.com/zh/oss/developer-reference/check-data-transmission-integrity-by-using-crc-64
"""

import hashlib

from fastcrc.crc64 import xz

from ossicle.wire.names import ETag


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
