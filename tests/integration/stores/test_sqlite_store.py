"""The SQLite store as a whole: its directory, its lock, its snapshots."""

import asyncio
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from ossicle.model.objects import ObjectVersion
from ossicle.ports import Conflict, Corrupt, Reading, StoreUnavailable, Transaction
from ossicle.stores.sqlite import SqliteMetadataStore, checkpoint, readers
from ossicle.stores.sqlite.schema import MIGRATIONS
from ossicle.stores.sqlite.turn import Turn
from ossicle.wire.names import BucketName, ObjectKey
from tests.support.stored import make_bucket, make_version, noon, put, putting
from tests.support.waiting import wait_until

BUCKET = BucketName("bucket")
KEY = ObjectKey("key")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "data"


@pytest.fixture
async def store(data_dir: Path) -> AsyncIterator[SqliteMetadataStore]:
    store = await SqliteMetadataStore.open(data_dir, noon, durable=False)
    await store.transact(lambda transaction: transaction.insert_bucket(make_bucket()))
    yield store
    await store.close()


def modes(directory: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in [directory, *directory.iterdir()]}


def run(program: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def current(key: ObjectKey, reading: Reading) -> ObjectVersion | None:
    return reading.current_version(1, key)


def write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def size(file: Path) -> int:
    return file.stat().st_size


def other(data_dir: Path) -> sqlite3.Connection:
    """A connection that knows nothing of the store's rules."""
    return sqlite3.connect(data_dir / "metadata.sqlite3", isolation_level=None)


# ------------------------------------------------------------------------------------------------ opening


async def test_nobody_else_can_open_or_read_the_files(store: SqliteMetadataStore, data_dir: Path) -> None:
    files = ["lock", "metadata.sqlite3", "metadata.sqlite3-shm", "metadata.sqlite3-wal"]
    assert modes(data_dir) == {data_dir.name: 0o700} | dict.fromkeys(files, 0o600)


async def test_a_second_opener_is_refused_by_the_name_of_the_directory(
    store: SqliteMetadataStore, data_dir: Path
) -> None:
    with pytest.raises(StoreUnavailable, match=f"{data_dir} is in use by another process"):
        await SqliteMetadataStore.open(data_dir, noon)
    await store.close()
    again = await SqliteMetadataStore.open(data_dir, noon)
    await again.close()


async def test_another_process_is_refused_as_well(store: SqliteMetadataStore, data_dir: Path) -> None:
    program = (
        "import asyncio, pathlib, sys; from ossicle.stores.sqlite import SqliteMetadataStore; "
        "from datetime import UTC, datetime; "
        "asyncio.run(SqliteMetadataStore.open(pathlib.Path(sys.argv[1]), lambda: datetime.now(UTC)))"
    )
    ended = await asyncio.to_thread(run, program, data_dir)
    assert ended.returncode == 1
    assert f"{data_dir} is in use by another process" in ended.stderr


async def test_a_later_format_is_refused_and_the_lock_let_go(store: SqliteMetadataStore, data_dir: Path) -> None:
    await store.close()
    with other(data_dir) as connection:
        connection.execute("UPDATE format SET number = number + 1")
    connection.close()
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match=f"format {len(MIGRATIONS) + 1}"):
            await SqliteMetadataStore.open(data_dir, noon)


async def test_a_file_that_is_no_database_is_corrupt(data_dir: Path) -> None:
    write(data_dir / "metadata.sqlite3", b"no database, but long enough to be looked at. " * 100)
    with pytest.raises(Corrupt, match=str(data_dir)):
        await SqliteMetadataStore.open(data_dir, noon)


async def test_a_directory_that_can_not_be_made_is_named(data_dir: Path) -> None:
    write(data_dir, b"a file is in its place")
    with pytest.raises(StoreUnavailable, match=str(data_dir)):
        await SqliteMetadataStore.open(data_dir, noon)


async def test_a_clean_end_leaves_one_file_with_everything(store: SqliteMetadataStore, data_dir: Path) -> None:
    await store.transact(putting(1, make_version(1)))
    await store.close()
    assert modes(data_dir).keys() == {data_dir.name, "lock", "metadata.sqlite3"}
    connection = other(data_dir)
    assert connection.execute("SELECT key, fenced FROM head, incarnation").fetchall() == [(b"key", 1)]
    connection.close()


# ---------------------------------------------------------------------------------- incarnations, snapshots


async def test_a_fenced_incarnation_writes_no_more(store: SqliteMetadataStore, data_dir: Path) -> None:
    connection = other(data_dir)
    connection.execute("UPDATE incarnation SET fenced = 1")
    connection.close()
    with pytest.raises(Conflict, match="fenced"):
        await store.transact(putting(1, make_version(1)))
    assert await store.read(lambda reading: reading.is_bucket_empty(1))
    assert store.is_healthy


async def test_what_ended_without_closing_is_fenced_at_the_next_opening(
    store: SqliteMetadataStore, data_dir: Path
) -> None:
    await store.close()
    connection = other(data_dir)
    connection.execute("UPDATE incarnation SET fenced = 0")
    connection.close()
    again = await SqliteMetadataStore.open(data_dir, noon)
    assert list(await again.read(lambda reading: reading.unswept_incarnations())) == [store.incarnation]
    await again.close()


async def test_a_unit_of_questions_sees_one_snapshot(store: SqliteMetadataStore) -> None:
    has_begun, may_go_on = threading.Event(), threading.Event()

    def work(reading: Reading) -> tuple[bool, bool]:
        before = reading.is_bucket_empty(1)
        has_begun.set()
        assert may_go_on.wait(30)
        return before, reading.is_bucket_empty(1)

    scan = asyncio.create_task(store.scan(work))
    await asyncio.to_thread(has_begun.wait, 30)
    await store.transact(putting(1, make_version(1)))
    assert not await store.read(lambda reading: reading.is_bucket_empty(1))
    may_go_on.set()
    assert await scan == (True, True)
    assert not await store.scan(lambda reading: reading.is_bucket_empty(1))


async def test_what_the_loop_committed_every_thread_reads(store: SqliteMetadataStore) -> None:
    def elsewhere() -> object:
        return asyncio.run(store.read(partial(current, KEY)))

    for number in range(1, 9):
        await store.transact(putting(1, make_version(number)))
        found = await asyncio.gather(*(asyncio.to_thread(elsewhere) for _ in range(4)))
        assert found == [make_version(number)] * 4


async def test_a_caller_that_is_cancelled_leaves_a_store_that_works(store: SqliteMetadataStore) -> None:
    has_begun, may_go_on = threading.Event(), threading.Event()

    def blocked(transaction: Transaction) -> None:
        has_begun.set()
        assert may_go_on.wait(30)
        put(transaction, 1, make_version(1))

    running = asyncio.create_task(store.transact_bulk(blocked))
    await asyncio.to_thread(has_begun.wait, 30)
    waiting = asyncio.create_task(store.transact(putting(1, make_version(2, "waiting"))))
    await asyncio.sleep(0)
    running.cancel()
    waiting.cancel()
    outcomes = await asyncio.gather(running, waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError] * 2
    may_go_on.set()
    await store.transact(putting(1, make_version(3, "after")))
    assert await store.read(lambda reading: reading.current_version(1, KEY)) == make_version(1)


async def test_close_commits_what_was_handed_in(store: SqliteMetadataStore, data_dir: Path) -> None:
    handed_in = [
        asyncio.create_task(store.transact(putting(1, make_version(number, f"{number}")))) for number in range(1, 200)
    ]
    await asyncio.sleep(0)
    await store.close()
    await asyncio.gather(*handed_in)
    connection = other(data_dir)
    assert connection.execute("SELECT count(*) FROM head").fetchone() == (199,)
    connection.close()


async def test_a_database_that_can_not_be_read_is_unavailable(
    store: SqliteMetadataStore, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> sqlite3.Connection:
        error = sqlite3.OperationalError("unable to open database file")
        error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
        raise error

    await store.read(lambda reading: reading.bucket(BUCKET))
    monkeypatch.setattr(readers, "open_reading", refuse)
    with pytest.raises(StoreUnavailable, match="unable to open"):
        await store.scan(lambda reading: reading.bucket(BUCKET))


# -------------------------------------------------------------------------------------------- checkpoints


async def test_the_log_is_begun_anew_under_load(
    store: SqliteMetadataStore, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "CHECKPOINT_ROWS", 30)
    log = data_dir / "metadata.sqlite3-wal"
    for number in range(1, 601):
        await store.transact(putting(1, make_version(number), bytes(4096)))
    # Each of them puts five pages or more into the log, 12 MB in all.
    assert size(log) < 6_000_000


async def test_checkpoints_copy_the_log_while_the_store_is_open(
    store: SqliteMetadataStore, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "CHECKPOINT_ROWS", 2)
    needle = b"a needle that is easily found"
    await store.transact(putting(1, make_version(1), needle))
    database = data_dir / "metadata.sqlite3"
    await asyncio.to_thread(
        wait_until, lambda: needle in database.read_bytes(), seconds=30, what="the row to reach the database file"
    )


class Mixed:
    """Units of every kind, handed in from many tasks at different times."""

    def __init__(self, store: SqliteMetadataStore) -> None:
        self._store = store
        self.expected: list[str] = []

    async def run(self, number: int) -> None:
        key = f"key-{number:03}"
        for _ in range(number % 7):
            await asyncio.sleep(0)
        transact = self._store.transact_bulk if number % 101 == 0 else self._store.transact
        if number % 3 == 0:
            with pytest.raises(ValueError, match="refused"):
                await transact(partial(self._refuse, number, key))
        else:
            await transact(putting(1, make_version(number, key), bytes(1000)))
            assert await self._store.read(partial(current, ObjectKey(key))) == make_version(number, key)
            self.expected.append(key)

    def _refuse(self, number: int, key: str, transaction: Transaction) -> None:
        if number % 2 == 0:
            put(transaction, 1, make_version(number, key))
        raise ValueError("refused")


async def test_units_of_all_kinds_meet_checkpoints(store: SqliteMetadataStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "CHECKPOINT_ROWS", 10)
    mixed = Mixed(store)
    await asyncio.gather(*(mixed.run(number) for number in range(1, 400)))
    page = await store.scan(lambda reading: reading.list_objects(1, prefix="", delimiter="", after="", limit=1000))
    assert [item.key for item in page.objects] == sorted(mixed.expected)
    assert store.is_healthy


class Database:
    """All that a checkpoint asks of a connection."""

    def __init__(self, turn: Turn, failure: sqlite3.Error | None = None) -> None:
        self._turn = turn
        self._failure = failure
        self.was_turn_taken: list[bool] = []

    def execute(self, _: str) -> "Database":
        self.was_turn_taken.append(self._turn.is_taken)
        if self._failure is not None:
            raise self._failure
        return self

    def fetchone(self) -> None:
        return None


def run_one_checkpoint(database: Database, turn: Turn) -> list[sqlite3.Error]:
    failures: list[sqlite3.Error] = []
    checkpointer = checkpoint.Checkpointer(database, turn, failures.append)  # type: ignore[arg-type]  # see Database
    checkpointer.start()
    checkpointer.committed(checkpoint.CHECKPOINT_ROWS - 1)
    checkpointer.committed(1)
    wait_until(lambda: bool(failures) or len(database.was_turn_taken) == 2, seconds=30, what="the checkpoint")
    checkpointer.stop()
    return failures


def test_a_checkpoint_keeps_the_writer_out_for_the_rest_only() -> None:
    turn = Turn()
    database = Database(turn)
    assert run_one_checkpoint(database, turn) == []
    assert database.was_turn_taken == [False, True]
    assert not turn.is_taken


def test_the_turn_is_given_in_the_order_of_coming() -> None:
    turn = Turn()
    passed: list[str] = []
    is_waiting = threading.Event()

    def other() -> None:
        is_waiting.set()
        with turn:
            passed.append("the one that waited")

    thread = threading.Thread(target=other)
    with turn:
        thread.start()
        is_waiting.wait(30)
        wait_until(lambda: turn.has_queue, seconds=30, what="the other thread to wait for the turn")
        assert not turn.try_take()
    with turn:
        passed.append("the one that came back")
    thread.join()
    assert passed == ["the one that waited", "the one that came back"]


def test_the_turn_is_tried_without_waiting_and_released_elsewhere() -> None:
    turn = Turn()
    assert turn.try_take()
    assert not turn.try_take()
    thread = threading.Thread(target=turn.release)
    thread.start()
    thread.join()
    assert turn.try_take()


def test_a_checkpoint_that_fails_is_reported() -> None:
    turn = Turn()
    failure = sqlite3.OperationalError("disk I/O error")
    assert run_one_checkpoint(Database(turn, failure), turn) == [failure]
