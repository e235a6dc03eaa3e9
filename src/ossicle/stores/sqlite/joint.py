"""A database that several processes of one server use: what is done once for all of them, and what each is told."""

import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ossicle.ports import StoreUnavailable
from ossicle.stores.health import Health
from ossicle.stores.sqlite import statements
from ossicle.stores.sqlite.connection import lock_directory, open_reading, open_writing
from ossicle.stores.sqlite.failures import translate
from ossicle.stores.sqlite.schema import migrate


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """What a process is told that opens a database beside others. `dead` are incarnations of processes that it comes after."""

    health: Health
    dead: Sequence[int] = ()


def claim_directory(directory: Path, *, durable: bool) -> int:
    """Take a data directory for this process and those that it forks, and make its database ready for them.

    The database has the newest format then, and every incarnation so far is fenced. No connection is left open: none may be carried
    through a fork. The directory is free again when all of the processes have closed the descriptor that is returned, or have ended.

    Raises:
        StoreUnavailable: another process has it, a later release wrote it, or it can't be opened.
        Corrupt: the database is damaged.
    """
    lock = lock_directory(directory)
    try:
        _prepare(directory, durable=durable)
    except BaseException as error:
        os.close(lock)
        raise cannot_open(directory, error) from error
    return lock


def _prepare(directory: Path, *, durable: bool) -> None:
    connection = open_writing(directory, durable=durable)
    try:
        migrate(connection)
        connection.execute(statements.FENCE_ALL)
        reading = open_reading(directory)
        reading.execute("SELECT number FROM format").fetchone()
    except BaseException:
        connection.close()
        raise
    # The last connection to close would copy the whole log into the database, which can wait. One that only reads can't do so.
    connection.close()
    reading.close()


def cannot_open(directory: Path, error: BaseException) -> BaseException:
    """Return what the port raises when a database can't be opened; anything that is not of the store, as it is."""
    if isinstance(error, OSError):
        return StoreUnavailable(f"the database in {directory} can't be opened: {error}")
    failure = translate(error)
    if failure is error or not isinstance(error, sqlite3.Error):
        return error
    return type(failure)(f"the database in {directory} can't be opened: {error}")
