"""Connections for questions, one per thread that asks."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from ossicle.ports import Reading, StoreUnavailable
from ossicle.stores.sqlite.connection import open_reading
from ossicle.stores.sqlite.failures import translate
from ossicle.stores.sqlite.units import SqliteReading

R = TypeVar("R")


class _Reader:
    __slots__ = ("connection", "reading")

    def __init__(self, directory: Path) -> None:
        self.connection = open_reading(directory)
        self.reading = SqliteReading(self.connection)


class Readers:
    """Runs units of questions on the calling thread, each in one snapshot that holds all that was committed before."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._mine = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._is_closed = False
        # The first one is opened ahead, and made to open the log, so that there is always one to close last (`store`).
        self._spare: _Reader | None = _Reader(directory)
        self._spare.connection.execute("SELECT number FROM format").fetchone()
        self._all.append(self._spare.connection)

    def _reader(self) -> _Reader:
        if self._is_closed:
            raise StoreUnavailable("the metadata store is closed")
        reader: _Reader | None = getattr(self._mine, "reader", None)
        if reader is None:
            reader = self._mine.reader = self._new_reader()
        return reader

    def _new_reader(self) -> _Reader:
        with self._guard:
            reader, self._spare = self._spare, None
            if reader is None:
                reader = _Reader(self._directory)
                self._all.append(reader.connection)
            return reader

    def run(self, work: Callable[[Reading], R]) -> R:
        """Return the answer of `work`.

        Raises:
            StoreUnavailable: the database can't be read.
            Corrupt: it is damaged.
        """
        # Every unit gets its transaction, though a single statement would do without: the two extra statements cost
        # 1 µs, and the lock of the log is then taken once per unit and not once per statement.
        try:
            reader = self._reader()
            reader.connection.execute("BEGIN")
            try:
                return work(reader.reading)
            finally:
                if reader.connection.in_transaction:
                    reader.connection.execute("COMMIT")
        except sqlite3.Error as error:
            failure = translate(error)
            if failure is error:
                raise
            raise failure from error

    def close(self) -> None:
        """Close every connection; no unit may be running."""
        self._is_closed = True
        with self._guard:
            for connection in self._all:
                connection.close()
            self._all.clear()
