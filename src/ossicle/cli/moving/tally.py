"""What came of many tasks, counted."""

from dataclasses import dataclass
from typing import Final

ERRORS_SHOWN: Final = 10
"""Failures that are told one by one; the others are counted."""


@dataclass(slots=True)
class Tally:
    """Counts. `moved_bytes` are those that went over the network now, for what is done."""

    known: int = 0
    known_bytes: int = 0
    done: int = 0
    skipped: int = 0
    failed: int = 0
    moved_bytes: int = 0
    is_complete: bool = False
    is_dry: bool = False

    @property
    def settled(self) -> int:
        """How many need nothing more."""
        return self.done + self.skipped + self.failed
