"""Lines for a stream that somebody else reads: a file, a pipe, a terminal. Whoever writes them never waits for the reader."""

import asyncio
import fcntl
import math
import os
import select
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

WAITING_BYTES_MAX: Final = 4 * 1024 * 1024
"""How much may wait for a reader who has stopped reading. What comes after that is lost, and counted."""
GATHERING_SECONDS: Final = 0.01
"""How long a line may wait for others: a write of its own would cost a tenth of a small request."""
_PIPE_BUF: Final = 4096
"""A stream that can be written to takes so much at once without making the writer wait (POSIX: at least 512, Linux: this)."""
_RETRY_SECONDS: Final = 0.05


class LineWriter:
    """Writes lines in order, all of a few turns of the event loop together. Threads may write as well.

    `render_loss` makes the line that stands for a number of lost ones.
    """

    def __init__(
        self, descriptor: int, render_loss: Callable[[int], bytes], gathering_seconds: float = GATHERING_SECONDS
    ) -> None:
        self._descriptor = descriptor
        self._render_loss = render_loss
        self._gathering_seconds = gathering_seconds
        self._waiting = bytearray()
        self._lost = 0
        self._is_due = False
        self._loop: asyncio.AbstractEventLoop | None = None  # that of the first line written inside of one
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLOUT)
        self._is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
        self._step = WAITING_BYTES_MAX if self._is_file else _PIPE_BUF
        self._turn: int | None = None
        self._has_turn = False
        self._patience = math.inf

    def share(self, turn: Path) -> None:
        """Write to the stream beside other processes: a line that it takes piece by piece stays whole all the same.

        `turn` is a file that is locked by who writes. A file needs none, since it takes each write at once.
        """
        if not self._is_file:
            if self._turn is not None:
                os.close(self._turn)  # the one that this process has been forked with
            self._turn = os.open(turn, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def hurry(self, seconds: float) -> None:
        """Wait no longer than this for a reader where there is no event loop; what it does not take waits for the next line."""
        self._patience = seconds

    def write(self, line: bytes) -> None:
        """Take a line, which ends with its LF; it is written within `gathering_seconds`, if its reader takes it."""
        if len(self._waiting) > WAITING_BYTES_MAX:
            self._lost += 1
            return
        self._waiting += line
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:
            if self._loop is not None and self._loop.is_running():
                self._loop.call_soon_threadsafe(self._schedule)
            else:
                self.close(self._patience)  # before and after the loop there is mostly nobody who must not wait
        else:
            self._schedule()

    def _schedule(self) -> None:
        if not self._is_due and self._loop is not None:
            self._is_due = True
            self._loop.call_later(self._gathering_seconds, self._flush)

    def close(self, seconds: float) -> None:
        """Write what is left, for so long at most. The descriptor stays open: it was somebody else's before."""
        deadline = time.monotonic() + seconds
        while self._waiting:
            left = deadline - time.monotonic()
            if not self._poll.poll(None if left == math.inf else max(0.0, left) * 1000):
                return
            if not self._write_some():
                time.sleep(min(_RETRY_SECONDS, max(0.0, left)))
                if left <= 0:
                    return

    def _flush(self) -> None:
        while self._waiting:
            if not ((self._is_file or self._poll.poll(0)) and self._write_some()):
                asyncio.get_running_loop().call_later(_RETRY_SECONDS, self._flush)
                return
        self._is_due = False

    def _write_some(self) -> bool:
        """Write as many whole lines as the stream takes at once, and say whether it took any."""
        waiting = self._waiting
        end = len(waiting)
        if end > self._step:
            end = waiting.rfind(b"\n", 0, self._step) + 1 or self._step
        if not self._take_turn():
            return False
        try:
            written = os.write(self._descriptor, waiting[:end])
        except BlockingIOError:
            return False
        except OSError:  # nobody will ever read it, or the disk is full: requests are answered all the same
            self._lost += waiting.count(b"\n")
            waiting.clear()
            self._give_turn()
            return True
        if waiting.endswith(b"\n", 0, written):
            self._give_turn()
        del waiting[:written]
        if self._lost and not waiting:
            waiting += self._render_loss(self._lost)
            self._lost = 0
        return True

    def _take_turn(self) -> bool:
        """Whether nobody else is in the middle of a line."""
        if self._turn is not None and not self._has_turn:
            try:
                fcntl.flock(self._turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            self._has_turn = True
        return True

    def _give_turn(self) -> None:
        if self._turn is not None:
            fcntl.flock(self._turn, fcntl.LOCK_UN)
            self._has_turn = False
