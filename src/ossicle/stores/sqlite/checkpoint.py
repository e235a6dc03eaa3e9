"""Moves committed pages from the log into the database, on a thread of its own."""

import sqlite3
import threading
from collections.abc import Callable
from typing import Final

from ossicle.stores.sqlite.turn import Turn

CHECKPOINT_ROWS: Final = 4096
"""Rows changed between two checkpoints. SQLite shows the length of its log to C hooks only; rows are near enough:
4,096 of them are some 1,300 uploads and a log of 10 to 40 MiB."""


class Checkpointer:
    """Starts when enough was committed.

    A passive checkpoint neither waits nor makes anybody wait, but commits that arrive meanwhile leave it behind, and a log
    that is never wholly copied is never begun anew: it would grow for as long as the load lasts. So the bulk is copied in
    the open, and the little that came meanwhile while the writer is kept out by `turn`.
    """

    def __init__(self, connection: sqlite3.Connection, turn: Turn, on_failure: Callable[[sqlite3.Error], None]) -> None:
        self._connection = connection
        self._turn = turn
        self._on_failure = on_failure
        self._rows = 0
        self._wanted = threading.Event()
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="ossicle-checkpoint", daemon=True)

    def start(self) -> None:
        """Begin to wait for commits."""
        self._thread.start()

    def committed(self, rows: int) -> None:
        """Count what the writer has committed; called on its thread."""
        self._rows += rows
        if self._rows >= CHECKPOINT_ROWS:
            self._rows = 0
            self._wanted.set()

    def stop(self) -> None:
        """End the thread, after the checkpoint that it may be in."""
        self._is_stopping = True
        self._wanted.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            self._wanted.clear()
            if self._is_stopping:
                return
            try:
                self._checkpoint()
                with self._turn:
                    self._checkpoint()
            except sqlite3.Error as error:
                self._on_failure(error)

    def _checkpoint(self) -> None:
        self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
