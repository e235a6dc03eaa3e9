"""The shape of a blob id: `INCARNATION-RANDOM`, both in hex."""

import re
from typing import Final

from ossicle.wire.names import BlobId

_BLOB_ID: Final = re.compile(r"([0-9a-f]{1,16})-([0-9a-f]{32})")


def is_blob_id(text: str) -> bool:
    """Whether `text` has the shape of a blob id."""
    return _BLOB_ID.fullmatch(text) is not None


def split(blob: BlobId) -> tuple[int, str]:
    """Return the incarnation that staged a blob, and its random part.

    An id of another shape could name any file: it is a mistake of ours, hence ValueError.
    """
    match = _BLOB_ID.fullmatch(blob)
    if match is None:
        raise ValueError(f"not a blob id: {blob!r}")
    incarnation, random = match.groups()
    return int(incarnation, 16), random
