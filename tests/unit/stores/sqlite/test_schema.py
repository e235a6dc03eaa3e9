import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from ossicle.model.objects import ObjectVersion, Segment
from ossicle.ports import Reading, StoreUnavailable, Transaction
from ossicle.stores.sqlite import SqliteMetadataStore
from ossicle.stores.sqlite.connection import DATABASE
from ossicle.stores.sqlite.schema import MIGRATIONS, migrate, read_format
from ossicle.wire.names import BucketName, ObjectKey
from tests.support.stored import make_blob_id, make_segment, make_upload, noon


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
        connection.execute("INSERT INTO head VALUES (1, x'61', 0, 1)")


# What a store of format 1 wrote: an object of three segments, one of a single segment that shares a blob, a small one.
OF_FORMAT_1 = f"""
INSERT INTO incarnation VALUES (1, 0, 0, 0);
INSERT INTO bucket VALUES (1, 'bucket', '1000000000000001', 0, 'private', 'Standard', 'LRS', NULL);
INSERT INTO blob VALUES ('{make_blob_id(1)}', 10), ('{make_blob_id(2)}', 10), ('{make_blob_id(3)}', 10);
INSERT INTO version VALUES
    (1, 1, x'61', 'null', 'Normal', 17, 'E', NULL, -1, 'Standard', 'default', 1, '{{}}', '[]', 0),
    (2, 1, x'62', 'null', 'Normal', 10, 'E', NULL, 0, 'Standard', 'default', 2, '{{}}', '[]', 0),
    (3, 1, x'63', 'null', 'Normal', 3, 'E', NULL, 0, 'Standard', 'default', 3, '{{}}', '[]', 1);
INSERT INTO segment VALUES
    (2, 0, '{make_blob_id(1)}', 0, 10),
    (1, 2, '{make_blob_id(3)}', 0, 10), (1, 0, '{make_blob_id(1)}', 5, 5), (1, 1, '{make_blob_id(2)}', 8, 2);
INSERT INTO small_body VALUES (3, x'616263');
INSERT INTO head VALUES (1, x'61', 1), (1, x'62', 2), (1, x'63', 3);
"""
SEGMENTS_OF_1 = [make_segment(1, offset=5, length=5), make_segment(2, offset=8, length=2), make_segment(3)]


@pytest.fixture
def of_format_1(tmp_path: Path) -> Path:
    """A data directory as a store of format 1 left it."""
    connection = sqlite3.connect(tmp_path / DATABASE, isolation_level=None)
    migrate(connection, MIGRATIONS[:1])
    connection.executescript(OF_FORMAT_1)
    connection.close()
    return tmp_path


async def test_a_store_opens_what_format_1_wrote(of_format_1: Path) -> None:
    store = await SqliteMetadataStore.open(of_format_1, noon, durable=False)

    def read(reading: Reading) -> tuple[list[Segment], list[Segment], list[Segment], bytes | None]:
        return (
            list(reading.segments(1, start=0, length=100)),
            list(reading.segments(1, start=1, length=5)),
            list(reading.segments(2, start=0, length=100)),
            reading.small_body(3),
        )

    assert await store.read(read) == (
        SEGMENTS_OF_1,
        [make_segment(1, offset=6, length=4), make_segment(2, offset=8, length=1)],
        [make_segment(1)],
        b"abc",
    )
    await store.close()


async def test_what_format_1_wrote_can_be_replaced_and_uploaded_to(of_format_1: Path) -> None:
    store = await SqliteMetadataStore.open(of_format_1, noon, durable=False)

    def first(reading: Reading) -> ObjectVersion:
        version = reading.current_version(1, ObjectKey("a"))
        assert version is not None
        return version

    version = await store.read(first)

    def change(transaction: Transaction) -> None:
        transaction.delete_current_version(1, version.key)
        transaction.delete_version(version)
        transaction.insert_upload(1, make_upload(4))

    await store.transact(change)
    assert list(await store.read(lambda reading: reading.condemned(limit=9))) == [make_blob_id(2), make_blob_id(3)]
    assert await store.read(lambda reading: reading.upload(1, make_upload(4).upload_id)) == make_upload(4)
    assert await store.read(lambda reading: reading.bucket(BucketName("bucket"))) is not None
    await store.close()


def test_migrated_rows_satisfy_the_foreign_keys(of_format_1: Path) -> None:
    connection = sqlite3.connect(of_format_1 / DATABASE, isolation_level=None)
    connection.execute("PRAGMA foreign_keys=ON")
    migrate(connection)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("SELECT version, position FROM segment ORDER BY 1, 2").fetchall() == [
        (1, 0),
        (1, 5),
        (1, 7),
        (2, 0),
    ]
    connection.close()
