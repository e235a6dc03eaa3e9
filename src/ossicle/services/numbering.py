"""Numbers and ids of what is stored, chosen outside transactions so that a unit of work may run twice."""

from itertools import count
from typing import Final

from ossicle.wire.names import BlobId, UploadId
from ossicle.wire.sources import IdSource

_COUNTER_BITS: Final = 40
_BLOB_BYTES: Final = 16
_UPLOAD_BYTES: Final = 16
_WORM_BYTES: Final = 8


class Numbering:
    """Row numbers and blob ids of one incarnation.

    A row number is the incarnation followed by a counter: never used twice, and larger for what the same incarnation does later; those of
    several at work at a time tell no order. A blob id is the
    incarnation followed by random bits, so that a blob which a crash left behind tells whose it was.
    """

    def __init__(self, incarnation: int, ids: IdSource) -> None:
        self._incarnation = incarnation
        self._numbers = count(1)
        self._ids = ids

    def row(self) -> int:
        """Return the next row number."""
        return (self._incarnation << _COUNTER_BITS) + next(self._numbers)

    def blob(self) -> BlobId:
        """Return a new blob id."""
        return BlobId(f"{self._incarnation:x}-{self._ids(_BLOB_BYTES).hex()}")

    def worm(self) -> str:
        """Return the id of a new retention policy: 16 upper-case hex digits, as OSS's have."""
        return self._ids(_WORM_BYTES).hex().upper()

    def upload(self) -> UploadId:
        """Return a new upload id: 32 upper-case hex digits, unguessable."""
        return UploadId(self._ids(_UPLOAD_BYTES).hex().upper())
