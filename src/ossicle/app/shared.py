"""Memory that the processes of one server share: what each says to all others. Every word is written by one process only."""

import mmap
from dataclasses import dataclass
from typing import Final

from ossicle.edge.counters import IN_FLIGHT, TABLE_BYTES
from ossicle.services.changes import Changes
from ossicle.services.pins import TABLE_BYTES as PIN_TABLE_BYTES
from ossicle.services.pins import Pins
from ossicle.stores.health import Health

_WORD_BYTES: Final = 8
_WORDS: Final = ("incarnation", "bucket_changes", "condemned", "metadata_lost", "blobs_lost")
"""Of each there is one for every process, those of one kind in a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one process has of the memory."""

    bucket_changes: Changes
    condemned: Changes
    pins: Pins
    metadata_health: Health
    blobs_health: Health
    counters: tuple[memoryview, ...]
    slot: int
    incarnations: memoryview

    def note_incarnation(self, incarnation: int) -> None:
        """Say which incarnation this process is, for the time after its death."""
        self.incarnations[self.slot] = incarnation


class SharedMemory:
    """The memory of a server with so many processes, each known by its slot. Made before the first of them is forked."""

    def __init__(self, processes: int) -> None:
        row_bytes = processes * _WORD_BYTES
        words_bytes = len(_WORDS) * row_bytes
        counters_at = words_bytes + processes * PIN_TABLE_BYTES
        memory = memoryview(
            mmap.mmap(-1, counters_at + processes * TABLE_BYTES)
        )  # pages that nobody touches cost nothing
        self._words = {
            name: memory[place * row_bytes : (place + 1) * row_bytes].cast("Q") for place, name in enumerate(_WORDS)
        }
        pins = _tables(memory[words_bytes:counters_at], processes)
        self._pins = [table.cast("I") for table in pins]
        self._counters = tuple(_tables(memory[counters_at:], processes))

    def share(self, slot: int) -> Share:
        """Return what the process in a slot needs."""
        return Share(
            bucket_changes=Changes(self._words["bucket_changes"], slot),
            condemned=Changes(self._words["condemned"], slot),
            pins=Pins(self._pins, slot),
            metadata_health=Health(self._words["metadata_lost"], slot),
            blobs_health=Health(self._words["blobs_lost"], slot),
            counters=self._counters,
            slot=slot,
            incarnations=self._words["incarnation"],
        )

    def bury(self, slot: int) -> int:
        """Settle what a dead process has left, and return its incarnation, 0 if it had none yet.

        What it has counted stays, and so does a sync that failed. What it may have committed without saying so is said for it.
        """
        for name in ("bucket_changes", "condemned"):
            self._words[name][slot] += 1
        self._pins[slot].cast("B")[:] = bytes(PIN_TABLE_BYTES)
        self._counters[slot][IN_FLIGHT * _WORD_BYTES : (IN_FLIGHT + 1) * _WORD_BYTES] = bytes(_WORD_BYTES)
        incarnation = self._words["incarnation"][slot]
        self._words["incarnation"][slot] = 0
        return incarnation


def _tables(memory: memoryview, count: int) -> list[memoryview]:
    size = len(memory) // count
    return [memory[slot * size : (slot + 1) * size] for slot in range(count)]
