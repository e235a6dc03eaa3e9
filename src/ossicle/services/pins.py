"""Which blobs a reader is still going to open, in any process of a server.

Each process counts its pins in a table of its own, which the others read. A blob has a place in the tables by its id, and shares
it with others: a place that is taken says that the blob *may* be pinned. That costs a deletion that waits, and nothing else.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from ossicle.wire.names import BlobId

PLACES: Final = 1 << 16
TABLE_BYTES: Final = PLACES * 4
_HEX_DIGITS: Final = 4
"""The end of a blob's id, which is random, and tells the place."""


class Pins:
    """Keeps blobs from being deleted.

    A pin says nothing of the past: the bytes may have gone before it. So pin first, and then look whether the blob is still
    named; if it is, whoever deletes it later sees the pin. `tables` holds 32-bit counts, one table for each process.
    """

    def __init__(self, tables: Sequence[memoryview] | None = None, own: int = 0) -> None:
        self._tables = [memoryview(bytearray(TABLE_BYTES)).cast("I")] if tables is None else list(tables)
        self._mine = self._tables[own]

    def pin(self, blobs: Iterable[BlobId]) -> None:
        """Keep the bytes of blobs."""
        for blob in blobs:
            self._mine[_place(blob)] += 1

    def unpin(self, blobs: Iterable[BlobId]) -> None:
        """Take back a pin of each."""
        for blob in blobs:
            self._mine[_place(blob)] -= 1

    def may_hold(self, blob: BlobId) -> bool:
        """Whether anybody may have pinned it."""
        place = _place(blob)
        return any(table[place] for table in self._tables)


def _place(blob: BlobId) -> int:
    return int(blob[-_HEX_DIGITS:], 16)
