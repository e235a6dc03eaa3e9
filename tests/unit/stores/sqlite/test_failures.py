import sqlite3

import pytest

from ossicle.ports import Conflict, Corrupt, StoreUnavailable
from ossicle.stores.sqlite.failures import is_final, is_of_the_store, translate


def failure(code: int, kind: type[sqlite3.Error] = sqlite3.OperationalError) -> sqlite3.Error:
    error = kind("what SQLite says")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "expected", "final", "of_the_store"),
    [
        (sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY, Conflict, False, False),
        (sqlite3.SQLITE_CONSTRAINT_UNIQUE, Conflict, False, False),
        (sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, Conflict, False, False),
        (sqlite3.SQLITE_CONSTRAINT_ROWID, Conflict, False, False),
        (sqlite3.SQLITE_FULL, StoreUnavailable, False, True),
        (sqlite3.SQLITE_BUSY, StoreUnavailable, False, True),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, StoreUnavailable, False, True),
        (sqlite3.SQLITE_IOERR_FSYNC, StoreUnavailable, True, True),
        (sqlite3.SQLITE_IOERR_WRITE, StoreUnavailable, True, True),
        (sqlite3.SQLITE_IOERR_SHMSIZE, StoreUnavailable, False, True),
        (sqlite3.SQLITE_CORRUPT, Corrupt, True, True),
        (sqlite3.SQLITE_NOTADB, Corrupt, True, True),
    ],
)
def test_a_code_decides(code: int, expected: type[Exception], final: bool, of_the_store: bool) -> None:
    error = failure(code)
    translated = translate(error)
    assert type(translated) is expected
    assert str(translated) == "what SQLite says"
    assert (is_final(error), is_of_the_store(error)) == (final, of_the_store)


@pytest.mark.parametrize(
    "error",
    [
        failure(sqlite3.SQLITE_CONSTRAINT_NOTNULL, sqlite3.IntegrityError),
        failure(sqlite3.SQLITE_CONSTRAINT_CHECK, sqlite3.IntegrityError),
        failure(sqlite3.SQLITE_ERROR),
        sqlite3.ProgrammingError("raised by the binding, without a code"),
        ValueError("not SQLite's"),
    ],
)
def test_a_mistake_of_ours_stays_what_it_is(error: Exception) -> None:
    assert translate(error) is error
    assert not is_final(error)
    assert not is_of_the_store(error)
