"""What a verb costs, in steps of SQLite's virtual machine: they count work alike on every machine, unlike a clock."""

import sqlite3
from collections.abc import Callable, Iterator

import pytest

from ossicle.model.objects import UploadMarker
from ossicle.stores.sqlite.schema import migrate
from ossicle.stores.sqlite.units import SqliteTransaction
from ossicle.wire.names import AccountId, ObjectKey
from tests.support.stored import (
    OWNER,
    make_blob_id,
    make_bucket,
    make_part,
    make_segment,
    make_upload,
    make_version,
    put,
)


class Database:
    """A database in memory that counts steps."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.execute("PRAGMA foreign_keys=ON")
        migrate(self.connection)
        self.transaction = SqliteTransaction(self.connection)
        self._number = 0
        self._steps = 0

    def bucket(self, number: int, keys: list[str]) -> None:
        self.transaction.insert_bucket(make_bucket(number, f"bucket-{number}"))
        for key in keys:
            self._number += 1
            put(self.transaction, number, make_version(self._number, key))

    def steps(self, work: Callable[[SqliteTransaction], object]) -> int:
        """Return how many steps the virtual machine takes for `work`."""
        self._steps = 0
        self.connection.set_progress_handler(self._step, 1)
        try:
            work(self.transaction)
        finally:
            self.connection.set_progress_handler(None, 1)
        return self._steps

    def _step(self) -> int:
        self._steps += 1
        return 0


@pytest.fixture
def few() -> Iterator[Database]:
    database = Database()
    yield database
    database.connection.close()


@pytest.fixture
def many() -> Iterator[Database]:
    database = Database()
    yield database
    database.connection.close()


def test_a_delimiter_page_costs_the_same_however_many_keys_it_hides(few: Database, many: Database) -> None:
    for database, hidden in [(few, 2), (many, 200)]:
        database.bucket(1, [f"{group:02}/{key:03}" for group in range(20) for key in range(hidden)])

    def page(transaction: SqliteTransaction) -> None:
        found = transaction.list_objects(1, prefix="", delimiter="/", after="", limit=10)
        assert found.common_prefixes == tuple(f"{group:02}/" for group in range(10))

    assert few.steps(page) == many.steps(page)


def test_a_page_costs_the_same_wherever_it_begins(few: Database, many: Database) -> None:
    for database, keys in [(few, 30), (many, 2000)]:
        database.bucket(1, [f"{key:05}" for key in range(keys)])

    def page_after(key: int) -> Callable[[SqliteTransaction], None]:
        def page(transaction: SqliteTransaction) -> None:
            found = transaction.list_objects(1, prefix="0", delimiter="", after=f"{key:05}", limit=10)
            assert [entry.key for entry in found.objects] == [f"{key + place:05}" for place in range(1, 11)]

        return page

    assert few.steps(page_after(5)) == many.steps(page_after(5)) == many.steps(page_after(1900))


@pytest.mark.parametrize(
    "name",
    ["bucket", "is_bucket_empty", "is_full_bucket_empty", "current_version", "delete_bucket", "overwrite", "condemn"],
)
def test_a_verb_costs_the_same_in_a_large_database(few: Database, many: Database, name: str) -> None:
    for database, keys in [(few, 3), (many, 400)]:
        database.bucket(1, [f"key-{key}" for key in range(keys)])
        database.bucket(2, [])
        for blob in range(keys):
            database.transaction.add_blob(make_blob_id(blob), 10)
            version = make_version(10_000 + blob, f"blob-{blob}", segments=[make_segment(blob)])
            put(database.transaction, 1, version, [make_segment(blob)])

    def overwrite(transaction: SqliteTransaction) -> None:
        old = transaction.current_version(1, ObjectKey("key-1"))
        assert old is not None
        put(transaction, 1, make_version(20_000, "key-1"))
        transaction.delete_version(old)

    def condemn(transaction: SqliteTransaction) -> None:
        old = transaction.current_version(1, ObjectKey("blob-1"))
        assert old is not None
        transaction.delete_current_version(1, old.key)
        transaction.delete_version(old)
        assert list(transaction.condemned(limit=10)) == [make_blob_id(1)]

    verbs: dict[str, Callable[[SqliteTransaction], object]] = {
        "bucket": lambda transaction: transaction.bucket(make_bucket(1, "bucket-1").name),
        "is_bucket_empty": lambda transaction: transaction.is_bucket_empty(2),
        "is_full_bucket_empty": lambda transaction: transaction.is_bucket_empty(1),
        "current_version": lambda transaction: transaction.current_version(1, ObjectKey("key-2")),
        "delete_bucket": lambda transaction: transaction.delete_bucket(2),
        "overwrite": overwrite,
        "condemn": condemn,
    }
    assert few.steps(verbs[name]) == many.steps(verbs[name])


def test_a_page_of_buckets_costs_the_same_among_many(few: Database, many: Database) -> None:
    stranger = AccountId("2000000000000002")
    for database, buckets in [(few, 5), (many, 300)]:
        for number in range(1, buckets):
            database.transaction.insert_bucket(make_bucket(number, f"bucket-{number:03}"))
            database.transaction.insert_bucket(make_bucket(1000 + number, f"bucket-001-{number}", owner=stranger))

    def page(transaction: SqliteTransaction) -> None:
        found = transaction.buckets(OWNER, prefix="bucket", marker="bucket-001", limit=2)
        assert [bucket.name for bucket in found] == ["bucket-002", "bucket-003"]

    assert few.steps(page) == many.steps(page)


@pytest.mark.parametrize("number", [1, 1000, 1999])
def test_a_range_costs_the_same_wherever_it_is_among_many_segments(few: Database, many: Database, number: int) -> None:
    for database, count in [(few, 20), (many, 2000)]:
        database.bucket(1, [])
        segments = [make_segment(blob) for blob in range(count)]
        for blob in range(count):
            database.transaction.add_blob(make_blob_id(blob), 10)
        for version in (1, 2, 3):
            put(database.transaction, 1, make_version(version, f"key-{version}", segments=segments), segments)

    def across(number: int) -> Callable[[SqliteTransaction], None]:
        def read(transaction: SqliteTransaction) -> None:
            found = transaction.segments(2, start=10 * number - 5, length=10)
            assert found == (make_segment(number - 1, offset=5, length=5), make_segment(number, length=5))

        return read

    assert few.steps(across(10)) == many.steps(across(number))


@pytest.mark.parametrize("number", [0, 500, 990])
def test_a_page_of_uploads_costs_the_same_wherever_it_begins_among_those_of_a_key(
    few: Database, many: Database, number: int
) -> None:
    for database, count in [(few, 20), (many, 1000)]:
        database.bucket(1, [])
        for upload in range(count):
            database.transaction.insert_upload(1, make_upload(upload, "key", f"{upload:05}"))

    def page_after(number: int) -> Callable[[SqliteTransaction], None]:
        def page(transaction: SqliteTransaction) -> None:
            after = UploadMarker(key="key", upload_id=f"{number:05}")
            found = transaction.list_uploads(1, prefix="k", delimiter="/", after=after, limit=2)
            assert [upload.id for upload in found.uploads] == [number + 1, number + 2]

        return page

    assert few.steps(page_after(5)) == many.steps(page_after(number))


def fill_uploads(database: Database, keys: int, uploads: int) -> None:
    """Put uploads of sixteen parts into bucket 1."""
    database.bucket(1, [])
    for number in range(keys * uploads):
        upload = make_upload(number, f"{number // uploads:04}/key", f"{number % uploads:04}-{number}")
        database.transaction.insert_upload(1, upload)
        for part in range(1, 17):
            blob = 100 * number + part
            database.transaction.add_blob(make_blob_id(blob), 10)
            database.transaction.put_part(number, make_part(part), [make_segment(blob)])


@pytest.mark.parametrize("name", ["list_uploads", "list_groups", "list_within", "put_part", "replace", "delete"])
def test_a_verb_of_uploads_costs_the_same_among_many(few: Database, many: Database, name: str) -> None:
    for database, uploads in [(few, 3), (many, 40)]:
        fill_uploads(database, 5, uploads)

    def page(transaction: SqliteTransaction, delimiter: str, after: UploadMarker | None) -> None:
        found = transaction.list_uploads(1, prefix="0", delimiter=delimiter, after=after, limit=2)
        assert len(found.uploads) + len(found.common_prefixes) == 2

    def put_part(transaction: SqliteTransaction, number: int) -> None:
        transaction.add_blob(make_blob_id(10**6), 10)
        transaction.put_part(2, make_part(number), [make_segment(10**6)])
        assert len(transaction.condemned(limit=10)) == (number <= 16)

    def delete(transaction: SqliteTransaction) -> None:
        transaction.delete_upload(2)
        assert len(transaction.condemned(limit=100)) == 16

    verbs: dict[str, Callable[[SqliteTransaction], object]] = {
        "list_uploads": lambda transaction: page(transaction, "", None),
        "list_groups": lambda transaction: page(transaction, "/", UploadMarker(key="0001/")),
        "list_within": lambda transaction: page(transaction, "", UploadMarker(key="0001/key", upload_id="0000-")),
        "put_part": lambda transaction: put_part(transaction, 17),
        "replace": lambda transaction: put_part(transaction, 3),
        "delete": delete,
    }
    assert few.steps(verbs[name]) == many.steps(verbs[name])
