"""Whose turn it is to write."""

import fcntl
import os
import threading
from pathlib import Path


class Turn:
    """Held by one at a time, given in the order in which they came, and released by whichever thread is done with it.

    With a bare lock the writer, busy, would take it again before the checkpoint that waits has woken up.
    """

    def __init__(self) -> None:
        self._queue = threading.Lock()
        self._room = threading.Lock()

    def try_take(self) -> bool:
        """Take it if it is free and nobody waits for it; never waits, so that the event loop may ask."""
        if not self._queue.acquire(blocking=False):
            return False
        try:
            return self._room.acquire(blocking=False)
        finally:
            self._queue.release()

    def take(self) -> None:
        """Wait for it, on a thread."""
        with self._queue:
            self._room.acquire()

    def release(self) -> None:
        """Let the next one have it."""
        self._room.release()

    def close(self) -> None:
        """Let go of what it needs of the system."""

    def __enter__(self) -> None:
        self.take()

    def __exit__(self, *_: object) -> None:
        self.release()

    @property
    def is_taken(self) -> bool:
        """Whether somebody holds it."""
        return self._room.locked()

    @property
    def has_queue(self) -> bool:
        """Whether a thread waits for it."""
        return self._queue.locked()


class SharedTurn(Turn):
    """A turn among processes too, in the order in which these came. What a process holds is free again when it ends, however it ends.

    It takes two files, one locked by whose turn it is and one by who is next, as it takes two locks among threads.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self._now = _open(directory / "turn")
        self._next = _open(directory / "turn-next")

    def try_take(self) -> bool:
        """Take it if it is free and nobody waits for it; never waits."""
        if not super().try_take():
            return False
        if _try_lock(self._next):
            is_mine = _try_lock(self._now)
            fcntl.flock(self._next, fcntl.LOCK_UN)
            if is_mine:
                return True
        super().release()
        return False

    def take(self) -> None:
        """Wait for it, on a thread."""
        super().take()
        fcntl.flock(self._next, fcntl.LOCK_EX)
        fcntl.flock(self._now, fcntl.LOCK_EX)
        fcntl.flock(self._next, fcntl.LOCK_UN)

    def release(self) -> None:
        """Let the next one have it."""
        fcntl.flock(self._now, fcntl.LOCK_UN)
        super().release()

    def close(self) -> None:
        """Let go of the files; nobody may hold it."""
        os.close(self._now)
        os.close(self._next)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
