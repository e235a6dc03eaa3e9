"""Counters by name in memory that processes may share: one process counts in a table, any may read it.

A counter outlives the process that counted: whoever takes over its table goes on from there.
"""

from collections.abc import Iterable
from typing import Final

ROWS: Final = 4096
_NAME_BYTES: Final = 120
_WORD_BYTES: Final = 8
TABLE_BYTES: Final = ROWS * (_WORD_BYTES + _NAME_BYTES)
_USED: Final = 0
"""The place of the number of rows in use; it and the place after it are no counters."""
IN_FLIGHT: Final = 1
"""The place of what is being done now, which ends with the process."""
_FIRST: Final = 2
_SPARE: Final = ROWS - 64
"""From here on counts what has found no room; nobody reads it."""


class CounterTable:
    """One process's counters. A counter is `words[place]`, a 64-bit number, where `place` is asked for once by name."""

    def __init__(self, memory: memoryview) -> None:
        self.words = memory[: ROWS * _WORD_BYTES].cast("Q")
        self._names = memory[ROWS * _WORD_BYTES : TABLE_BYTES]
        self.words[_USED] = max(self.words[_USED], _FIRST)

    def place(self, name: str, count: int = 1) -> int:
        """Return the place of a counter, or of the first of some that belong together, at most 64."""
        for place in range(_FIRST, self.words[_USED]):
            if self._name(place) == name:
                return place
        place = self.words[_USED]
        if place + count > _SPARE or len(name.encode()) > _NAME_BYTES:
            return _SPARE
        start = place * _NAME_BYTES
        self._names[start : start + _NAME_BYTES] = name.encode().ljust(_NAME_BYTES, b"\0")
        self.words[_USED] = place + count  # last, so that nobody reads a row without its name
        return place

    def read(self) -> dict[str, list[int]]:
        """Return all counters by name."""
        found: dict[str, list[int]] = {}
        counts: list[int] = []
        for place in range(_FIRST, self.words[_USED]):
            name = self._name(place)
            if name:
                counts = found[name] = []
            counts.append(self.words[place])
        return found

    def _name(self, place: int) -> str:
        start = place * _NAME_BYTES
        return bytes(self._names[start : start + _NAME_BYTES]).rstrip(b"\0").decode()


def total(tables: Iterable[CounterTable]) -> dict[str, list[int]]:
    """Return the sums of all tables' counters by name."""
    sums: dict[str, list[int]] = {}
    for table in tables:
        for name, counts in table.read().items():
            before = sums.get(name)
            sums[name] = counts if before is None else [a + b for a, b in zip(before, counts, strict=True)]
    return sums
