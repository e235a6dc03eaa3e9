"""How a connection is opened: the lock of the directory, the pragmas, the modes."""

import fcntl
import os
import sqlite3
from pathlib import Path
from typing import Final
from urllib.parse import quote

from ossicle.ports import StoreUnavailable

DATABASE: Final = "metadata.sqlite3"
LOCK: Final = "lock"
SQLITE_OLDEST: Final = (3, 37, 0)  # STRICT tables
BUSY_SECONDS: Final = 10.0
WRITER_CACHE_KIB: Final = 64 * 1024
READER_CACHE_KIB: Final = 8 * 1024
LOG_BYTES_KEPT: Final = 64 * 1024 * 1024
"""How long the emptied log may stay: blocks written before are synced faster than new ones."""


def lock_directory(directory: Path) -> int:
    """Make the directory if it is missing, and take it for this process until the descriptor is closed.

    Raises:
        StoreUnavailable: another process holds it, or it cannot be made.
    """
    try:
        _make_directory(directory)
        descriptor = os.open(directory / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreUnavailable(f"the data directory {directory} can't be used: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise StoreUnavailable(f"the data directory {directory} is in use by another process") from error
    return descriptor


def _make_directory(directory: Path) -> None:
    """Make what is missing of a path, and sync the directory that each new entry stands in."""
    if directory.is_dir():
        return
    _make_directory(directory.parent)
    directory.mkdir(mode=0o700, exist_ok=True)
    parent = os.open(directory.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(parent)
    finally:
        os.close(parent)


def open_writing(directory: Path, *, durable: bool) -> sqlite3.Connection:
    """Open the database for changes, making it if it is missing.

    Raises:
        StoreUnavailable: SQLite is too old, or the file system can't hold a log that is shared by connections.
    """
    if sqlite3.sqlite_version_info < SQLITE_OLDEST:
        raise StoreUnavailable(f"SQLite {sqlite3.sqlite_version} is too old: 3.37 or newer is needed")
    path = directory / DATABASE
    # SQLite would make it readable for all; the log takes its mode from the database.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    connection = _connect(path, "rw")
    try:
        mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        if mode != "wal":
            raise StoreUnavailable(f"the file system of {directory} can't hold a write-ahead log (journal mode {mode})")
        # FULL syncs the log before COMMIT returns: an answer of 200 promises that.
        connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
        connection.execute("PRAGMA fullfsync=ON")  # only macOS knows the difference
        connection.execute("PRAGMA checkpoint_fullfsync=ON")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.execute(f"PRAGMA journal_size_limit={LOG_BYTES_KEPT}")
        connection.execute(f"PRAGMA cache_size=-{WRITER_CACHE_KIB}")
    except BaseException:
        connection.close()
        raise
    return connection


def have_patience(connection: sqlite3.Connection) -> None:
    """Let statements wait for whoever has locked the database, as they do when a connection has just been opened."""
    connection.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}").fetchone()


def lose_patience(connection: sqlite3.Connection) -> None:
    """Let statements that meet a lock fail at once, so that they can be run where nothing may wait."""
    connection.execute("PRAGMA busy_timeout=0").fetchone()


def open_reading(directory: Path) -> sqlite3.Connection:
    """Open a database that `open_writing` has opened, for questions only."""
    connection = _connect(directory / DATABASE, "ro")
    connection.execute(f"PRAGMA cache_size=-{READER_CACHE_KIB}")
    return connection


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    # A connection is made on one thread and used and closed on others, never on two at a time.
    return sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode={mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
