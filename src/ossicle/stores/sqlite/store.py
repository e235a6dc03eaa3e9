"""`SqliteMetadataStore`: the parts of this package put together, opened and closed in order."""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Self, TypeVar

from ossicle.ports import Reading, StoreUnavailable, Transaction
from ossicle.stores.health import Health
from ossicle.stores.sqlite import statements
from ossicle.stores.sqlite.checkpoint import Checkpointer
from ossicle.stores.sqlite.connection import have_patience, lock_directory, open_writing
from ossicle.stores.sqlite.failures import is_final
from ossicle.stores.sqlite.joint import Joint, cannot_open
from ossicle.stores.sqlite.readers import Readers
from ossicle.stores.sqlite.rows import to_microseconds
from ossicle.stores.sqlite.schema import migrate
from ossicle.stores.sqlite.turn import SharedTurn, Turn
from ossicle.stores.sqlite.writer import Writer
from ossicle.wire.sources import Clock

R = TypeVar("R")

SCAN_THREADS: Final = 4


class SqliteMetadataStore:
    """Rows in `<data_dir>/metadata.sqlite3`, for one server at a time."""

    def __init__(
        self,
        directory: Path,
        lock: int | None,
        connections: tuple[sqlite3.Connection, sqlite3.Connection],
        incarnation: int,
        loop: asyncio.AbstractEventLoop,
        turn: Turn,
        health: Health,
    ) -> None:
        """Use `open`."""
        self._lock = lock
        self._turn = turn
        self._closing: asyncio.Task[None] | None = None
        self._connection, self._checkpoints = connections
        self._incarnation = incarnation
        self._checkpointer = Checkpointer(self._checkpoints, turn, self._checkpoint_failed)
        self._writer = Writer(self._connection, incarnation, turn, self._checkpointer.committed, loop, health)
        self._readers = Readers(directory)
        self._scans = ThreadPoolExecutor(SCAN_THREADS, "ossicle-scan")
        self._checkpointer.start()
        self._writer.start()

    @classmethod
    async def open(cls, data_dir: Path, clock: Clock, durable: bool = True, joint: Joint | None = None) -> Self:
        """Open the database in `data_dir` for this process and this event loop alone, and fence every earlier incarnation.

        With `joint`, open it beside other processes, in a directory that was claimed for all of them, and fence the dead only.
        `durable=False` syncs nothing: a power cut then loses or breaks the database.

        Raises:
            StoreUnavailable: another process has it open, a later release wrote it, or it can't be opened.
            Corrupt: the file is damaged.
        """
        return await asyncio.to_thread(cls._open, data_dir, clock, durable, joint, asyncio.get_running_loop())

    @classmethod
    def _open(
        cls, data_dir: Path, clock: Clock, durable: bool, joint: Joint | None, loop: asyncio.AbstractEventLoop
    ) -> Self:
        lock = lock_directory(data_dir) if joint is None else None
        connections: list[sqlite3.Connection] = []
        try:
            turn = Turn() if joint is None else SharedTurn(data_dir)
            health = Health() if joint is None else joint.health
            with turn:
                connections.append(open_writing(data_dir, durable=durable))
                if joint is None:
                    migrate(connections[0])
                connections.append(open_writing(data_dir, durable=durable))
                incarnation = _begin_incarnation(connections[0], clock, None if joint is None else joint.dead)
            return cls(data_dir, lock, (connections[0], connections[1]), incarnation, loop, turn, health)
        except BaseException as error:
            for connection in connections:
                connection.close()
            if lock is not None:
                os.close(lock)
            raise cannot_open(data_dir, error) from error

    @property
    def incarnation(self) -> int:
        return self._incarnation

    @property
    def is_healthy(self) -> bool:
        return self._writer.is_healthy

    async def read(self, work: Callable[[Reading], R]) -> R:
        # On the event loop, on purpose: a point read takes 10 µs here, and 150 by way of a thread.
        return self._readers.run(work)

    async def scan(self, work: Callable[[Reading], R]) -> R:
        if self._closing is not None:
            raise StoreUnavailable("the metadata store is closed")
        return await asyncio.get_running_loop().run_in_executor(self._scans, self._readers.run, work)

    async def transact(self, work: Callable[[Transaction], R]) -> R:
        return await self._writer.hand_in(work, is_bulk=False)

    async def transact_bulk(self, work: Callable[[Transaction], R]) -> R:
        return await self._writer.hand_in(work, is_bulk=True)

    async def close(self) -> None:
        if self._closing is None:
            self._closing = asyncio.create_task(self._close())
        await asyncio.shield(self._closing)

    async def _close(self) -> None:
        await self._writer.close()
        await asyncio.to_thread(self._let_go)

    def _let_go(self) -> None:
        self._checkpointer.stop()
        self._scans.shutdown()
        if self._writer.is_healthy:
            self._readers.close()
            self._checkpoints.close()
            have_patience(self._connection)
            with self._turn:
                _end_incarnation(self._connection, self._incarnation, is_last=self._lock is not None)
            self._connection.close()
        else:
            # The last connection to close copies the log into the database and syncs that: not after a failed sync,
            # when the log may be the only true copy. A connection that only reads can't do so, hence it goes last.
            self._checkpoints.close()
            self._connection.close()
            self._readers.close()
        self._turn.close()
        if self._lock is not None:
            os.close(self._lock)

    def _checkpoint_failed(self, error: sqlite3.Error) -> None:
        # A disk that is full or a log that is busy leaves all in the log, from where the next checkpoint takes it.
        if is_final(error):
            self._writer.stop_for_good(error)


def _begin_incarnation(connection: sqlite3.Connection, clock: Clock, dead: Sequence[int] | None) -> int:
    """Return a new incarnation, which fences the dead ones; None for all others."""
    connection.execute("BEGIN IMMEDIATE")
    (incarnation,) = connection.execute(statements.NEW_INCARNATION, (to_microseconds(clock()),)).fetchone()
    if dead is None:
        connection.execute(statements.FENCE_OTHERS, (incarnation,))
    else:
        connection.executemany(statements.FENCE, [(number,) for number in dead])
    connection.execute("COMMIT")
    return int(incarnation)


def _end_incarnation(connection: sqlite3.Connection, incarnation: int, *, is_last: bool) -> None:
    try:
        connection.execute(statements.FENCE, (incarnation,))
        if (
            is_last
        ):  # among several processes the last connection that closes does it: no other reader may be waited for
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error:
        # Nothing is lost: the log stays, the next opening reads it and fences this incarnation anyway.
        return
