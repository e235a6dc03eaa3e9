"""The checksums that a request names before its body is there, and their comparison with what arrived.

Source: https://help.aliyun.com/zh/oss/developer-reference/check-data-transmission-integrity-by-using-crc-64
"""

import base64
from typing import Final, Self

from ossicle.wire.digest import Digest
from ossicle.wire.errors import InvalidArgument, InvalidCRC64, InvalidDigest
from ossicle.wire.records import record

_MD5_BYTES: Final = 16
_CRC64_MAX: Final = 2**64 - 1


@record
class Checksums:
    """What a request announces; None for what it does not. `content_md5` is the text of `md5` as received."""

    content_md5: str | None
    md5: bytes | None
    crc64: int | None

    @classmethod
    def parse(cls, *, content_md5: str | None, crc64: str | None = None) -> Self:
        """Return the checksums of a Content-MD5 and an `x-oss-hash-crc64ecma` value.

        Raises:
            InvalidDigest: the MD5 is not base64 of 16 bytes.
            InvalidArgument: the CRC-64 is not a decimal number of 64 bits.
        """
        return cls(content_md5=content_md5, md5=_parse_md5(content_md5), crc64=_parse_crc64(crc64))

    def judge(self, digest: Digest) -> None:
        """Compare what arrived with what was announced.

        Raises:
            InvalidDigest: the MD5 differs.
            InvalidCRC64: the CRC-64 differs.
        """
        if self.md5 is not None and digest.md5 != self.md5:
            raise InvalidDigest(content_md5=self.content_md5)
        if self.crc64 is not None and digest.crc64 != self.crc64:
            raise InvalidCRC64


def _parse_md5(text: str | None) -> bytes | None:
    if text is None:
        return None
    try:
        md5 = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise InvalidDigest(content_md5=text) from error
    if len(md5) != _MD5_BYTES:
        raise InvalidDigest(content_md5=text)
    return md5


def _parse_crc64(text: str | None) -> int | None:
    if text is None:
        return None
    is_short_number = text.isascii() and text.isdigit() and len(text) <= len(str(_CRC64_MAX))
    if not is_short_number or int(text) > _CRC64_MAX:
        raise InvalidArgument(argument_name="x-oss-hash-crc64ecma", argument_value=text)
    return int(text)
