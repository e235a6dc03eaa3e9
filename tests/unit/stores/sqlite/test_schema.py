import sqlite3
from collections.abc import Iterator

import pytest

from ossicle.ports import StoreUnavailable
from ossicle.stores.sqlite.schema import MIGRATIONS, migrate, read_format


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    yield connection
    connection.close()


def schema_of(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    return connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql NOT NULL ORDER BY name").fetchall()


def test_an_empty_database_is_brought_to_the_newest_format(connection: sqlite3.Connection) -> None:
    migrate(connection)
    assert read_format(connection) == len(MIGRATIONS)
    before = schema_of(connection)
    migrate(connection)
    assert schema_of(connection) == before


@pytest.mark.parametrize("number", range(len(MIGRATIONS)))
def test_every_earlier_format_ends_up_the_same(connection: sqlite3.Connection, number: int) -> None:
    migrate(connection, MIGRATIONS[:number])
    migrate(connection)
    fresh = sqlite3.connect(":memory:", isolation_level=None)
    migrate(fresh)
    assert schema_of(connection) == schema_of(fresh)
    fresh.close()


def test_a_later_format_is_refused_and_left_alone(connection: sqlite3.Connection) -> None:
    migrate(connection, (*MIGRATIONS, ("CREATE TABLE later (id INTEGER)",)))
    before = schema_of(connection)
    with pytest.raises(StoreUnavailable, match=f"format {len(MIGRATIONS) + 1}.*up to {len(MIGRATIONS)} only"):
        migrate(connection)
    assert schema_of(connection) == before
    assert read_format(connection) == len(MIGRATIONS) + 1


def test_a_migration_that_fails_leaves_the_format_before_it(connection: sqlite3.Connection) -> None:
    good, bad = (
        ("CREATE TABLE good (id INTEGER)",),
        ("CREATE TABLE half (id INTEGER)", "CREATE TABLE good (id INTEGER)"),
    )
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, (good, bad))
    assert read_format(connection) == 1
    assert [name for name, _ in schema_of(connection)] == ["format", "good"]


def test_the_foreign_keys_of_a_fresh_database_are_sound(connection: sqlite3.Connection) -> None:
    migrate(connection)
    connection.execute("PRAGMA foreign_keys=ON")
    # A parent that is no unique key shows only when a child is written or checked.
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.execute("INSERT INTO bucket VALUES (1, 'b', 'o', 0, 'private', 'Standard', 'LRS', NULL)")
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        connection.execute("INSERT INTO head VALUES (1, x'61', 1)")
