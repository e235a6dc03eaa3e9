"""The file of the audit log: every process adds its own lines, a tenth of a second's together, and a full disk loses none at once."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from ossicle.ports import StoreUnavailable
from ossicle.stores.appending import append_lines

GATHERING_SECONDS: Final = 0.1
"""How long a line may wait in memory: what is lost when the process is killed."""
RETRY_SECONDS: Final = 1.0
WAITING_BYTES_MAX: Final = 4 * 1024 * 1024
"""How much may wait while the file can't be written. What comes after that is lost, and counted."""
_log = logging.getLogger("ossicle.audit")


class AuditFile:
    """Takes lines without making anybody wait; a thread adds them to the file.

    `render_loss` makes the line that stands for a number of lost ones; `on_loss` is told of each loss at once.
    """

    def __init__(self, path: Path, render_loss: Callable[[int], bytes], on_loss: Callable[[int], object]) -> None:
        self._path = path
        self._render_loss = render_loss
        self._on_loss = on_loss
        self._waiting = bytearray()
        self._lost = 0
        self._is_failing = False
        self._closing = asyncio.Event()
        self._flushing: asyncio.Task[None] | None = None

    async def prepare(self) -> None:
        """Make the file, if there is none.

        Raises:
            StoreUnavailable: it can't be written.
        """
        try:
            await asyncio.to_thread(append_lines, self._path, b"")
        except OSError as error:
            raise StoreUnavailable(f"the audit log {self._path} can't be written: {error.strerror}") from error

    def write(self, line: bytes) -> None:
        """Take a line, which ends with its LF."""
        if len(self._waiting) > WAITING_BYTES_MAX:
            self._lose(1)
            return
        self._waiting += line
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush_soon())

    async def close(self) -> None:
        """Write what was taken; what can't be written now is lost."""
        self._closing.set()
        if self._flushing is not None:
            await self._flushing
        if self._waiting:
            self._lose(self._waiting.count(b"\n"))
            self._waiting.clear()
        if self._lost:
            _log.error("%d lines of the audit log were lost", self._lost)

    async def _flush_soon(self) -> None:
        try:
            while self._waiting:
                with suppress(TimeoutError):
                    async with asyncio.timeout(RETRY_SECONDS if self._is_failing else GATHERING_SECONDS):
                        await self._closing.wait()
                if not await self._flush() and self._closing.is_set():
                    return
        finally:
            self._flushing = None

    async def _flush(self) -> bool:
        """Write what waits, and say whether that went well: otherwise it waits on, before what has come meanwhile."""
        batch, self._waiting, lost = self._waiting, bytearray(), self._lost
        try:
            await asyncio.to_thread(append_lines, self._path, batch + self._render_loss(lost) if lost else batch)
        except OSError as error:
            self._waiting[:0] = batch
            if not self._is_failing:
                _log.error(
                    "the audit log can't be written: %s; its lines wait as long as there is room", error.strerror
                )
            self._is_failing = True
            return False
        self._lost -= lost
        if self._is_failing:
            _log.warning("the audit log is written again; %d of its lines were lost", lost)
        self._is_failing = False
        return True

    def _lose(self, lines: int) -> None:
        self._lost += lines
        self._on_loss(lines)
