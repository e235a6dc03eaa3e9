"""Whose turn it is to write."""

import threading


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
