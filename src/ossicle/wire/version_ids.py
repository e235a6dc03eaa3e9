"""Version ids, opaque to clients: what stands in one tells the server where the version has its place among those of its key.

They have the look of OSS's own: base64 of a message of 48 bytes, two small numbers, a large one, and 32 hexadecimal digits. The
alphabet is the one for URLs: a plus sign that somebody writes into a URL as it is would arrive as a space. A listing that goes on
behind a version that was removed meanwhile needs nothing but its id.

Source: the examples of https://help.aliyun.com/zh/oss/developer-reference/listobjectversions
"""

import base64
import binascii
from typing import Final

from ossicle.wire.names import VersionId

_HEAD: Final = bytes.fromhex("0801103518")
_MIDDLE: Final = bytes.fromhex("2220")
_NUMBER_BYTES: Final = 9
_NUMBER_BASE: Final = 1 << 62
"""Added to the rank, which is negative: numbers of this size all take the same nine bytes."""
_RANKS: Final = range(-(1 << 48), 0)
_LENGTH: Final = len(_HEAD) + _NUMBER_BYTES + len(_MIDDLE) + 32


def render_version_id(rank: int, number: int) -> VersionId:
    """Return the id of the version that has this rank, below 0, and this row number."""
    message = _HEAD + _render_number(_NUMBER_BASE + rank) + _MIDDLE + f"{number:032x}".encode()
    return VersionId(base64.urlsafe_b64encode(message).decode())


def parse_rank(version_id: str) -> int | None:
    """Return the rank that an id tells; None for `null` and whatever else was not made here."""
    try:
        message = base64.b64decode(version_id, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(message) != _LENGTH or not message.startswith(_HEAD):
        return None
    rank = _parse_number(message[len(_HEAD) : len(_HEAD) + _NUMBER_BYTES]) - _NUMBER_BASE
    return rank if rank in _RANKS else None


def _render_number(number: int) -> bytes:
    """Return seven bits in each byte, the least ones first; all but the last byte have their highest bit set."""
    groups = [number >> 7 * place & 0x7F for place in range(_NUMBER_BYTES)]
    return bytes([*(group | 0x80 for group in groups[:-1]), groups[-1]])


def _parse_number(text: bytes) -> int:
    return sum((byte & 0x7F) << 7 * place for place, byte in enumerate(text))
