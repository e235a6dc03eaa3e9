"""What SQLite reports, in the words of the port."""

import sqlite3
from typing import Final

from ossicle.ports import Conflict, Corrupt, StoreUnavailable

_PRIMARY: Final = 0xFF
_REFUSED: Final = frozenset(
    {
        sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY,
        sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
        sqlite3.SQLITE_CONSTRAINT_ROWID,
        sqlite3.SQLITE_CONSTRAINT_UNIQUE,
    }
)
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_UNABLE: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)


def _code(error: BaseException) -> int | None:
    # Errors that the binding itself raises (a closed connection, a wrong parameter) carry no code.
    return getattr(error, "sqlite_errorcode", None)


def is_final(error: BaseException) -> bool:
    """Whether nothing may be written after this: a failed write or sync, or a damaged file.

    A full disk also shows when the index of the log can't grow. That index is rebuilt at every opening, so nothing that
    matters was lost.
    """
    code = _code(error)
    if code is None or code == sqlite3.SQLITE_IOERR_SHMSIZE:
        return False
    return code & _PRIMARY == sqlite3.SQLITE_IOERR or code & _PRIMARY in _DAMAGED


def is_busy(error: BaseException) -> bool:
    """Whether somebody else has locked the database."""
    code = _code(error)
    return code is not None and code & _PRIMARY == sqlite3.SQLITE_BUSY


def is_of_the_store(error: BaseException) -> bool:
    """Whether the database failed, rather than the statement that met the failure."""
    code = _code(error)
    return code is not None and (code & _PRIMARY in _UNABLE or code & _PRIMARY in _DAMAGED)


def translate(error: BaseException) -> BaseException:
    """Return what the port raises for `error`; anything that is not SQLite's, or is our own mistake, as it is."""
    code = _code(error)
    if code is None:
        return error
    if code in _REFUSED:
        return Conflict(str(error))
    if code & _PRIMARY in _DAMAGED:
        return Corrupt(str(error))
    if code & _PRIMARY in _UNABLE:
        return StoreUnavailable(str(error))
    return error
