"""Group commit: what shares a commit, what fails with it, and what stops the writer for good."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from ossicle.ports import Conflict, StoreUnavailable, Transaction
from ossicle.stores.sqlite import statements, writer
from ossicle.stores.sqlite.checkpoint import Gate
from ossicle.stores.sqlite.schema import migrate
from ossicle.stores.sqlite.writer import Writer
from ossicle.wire.names import ObjectKey
from tests.support.stored import make_bucket, make_version, putting


class Faulty(sqlite3.Connection):
    """A connection whose statements can be made to fail."""

    fault: BaseException | None = None
    fails_at = "COMMIT"
    commits = 0

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        if sql == "COMMIT":
            self.commits += 1
        if self.fault is not None and sql == self.fails_at:
            raise self.fault
        return super().execute(sql, *parameters)


def failure(code: int, text: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return error


class Bench:
    """A writer on a connection that a test can spoil, and a gate that holds the writer where it is."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=Faulty)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=OFF")
        self.connection.execute("PRAGMA foreign_keys=ON")
        migrate(self.connection)
        (incarnation,) = self.connection.execute(statements.NEW_INCARNATION, (0,)).fetchone()
        self.connection.execute("INSERT INTO bucket VALUES (1, 'bucket', 'o', 0, 'private', 'Standard', 'LRS', NULL)")
        self.connection.commits = 0
        self.rows: list[int] = []
        self.writer = Writer(self.connection, incarnation, Gate(), self.rows.append)
        self.writer.start()

    def put(self, number: int, body: bytes = b"abc") -> "asyncio.Task[None]":
        """Hand in one unit."""
        return self.do(putting(1, make_version(number, f"key-{number}"), body))

    def do(self, work: Callable[[Transaction], None]) -> "asyncio.Task[None]":
        return asyncio.get_running_loop().create_task(self.writer.transact(work))

    async def group(self, *works: Callable[[], "asyncio.Task[None]"]) -> list[object]:
        """Hand in units so that they share one commit; return the outcome of each."""
        has_begun, may_go_on = threading.Event(), threading.Event()

        def hold(_: Transaction) -> None:
            has_begun.set()
            assert may_go_on.wait(30)

        holding = self.do(hold)
        await asyncio.to_thread(has_begun.wait, 30)
        tasks = [work() for work in works]
        await asyncio.sleep(0)
        may_go_on.set()
        await holding
        return list(await asyncio.gather(*tasks, return_exceptions=True))

    def keys(self) -> list[str]:
        connection = sqlite3.connect(self.path)
        found = [key.decode() for (key,) in connection.execute("SELECT key FROM head ORDER BY version")]
        connection.close()
        return found


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path / "metadata.sqlite3")
    yield bench
    await asyncio.to_thread(bench.writer.close)
    bench.connection.close()


async def test_units_that_wait_share_one_commit(bench: Bench) -> None:
    outcomes = await bench.group(*(lambda number=number: bench.put(number) for number in range(1, 31)))
    assert outcomes == [None] * 30
    assert bench.connection.commits == 2
    assert len(bench.keys()) == 30
    assert bench.rows == [0, 90]


async def test_a_group_has_a_bound(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "GROUP_UNITS_MAX", 4)
    await bench.group(*(lambda number=number: bench.put(number) for number in range(1, 11)))
    assert bench.connection.commits == 1 + 3
    assert len(bench.keys()) == 10


async def test_the_queue_has_a_bound(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "WAITING_UNITS_MAX", 3)
    outcomes = await bench.group(*(lambda number=number: bench.put(number) for number in range(1, 6)))
    assert outcomes[:3] == [None] * 3
    assert [type(outcome) for outcome in outcomes[3:]] == [StoreUnavailable] * 2
    assert bench.keys() == ["key-1", "key-2", "key-3"]


async def test_a_commit_that_fails_fails_all_its_members_and_is_not_tried_again(bench: Bench) -> None:
    bench.connection.fault = failure(sqlite3.SQLITE_IOERR_FSYNC, "disk I/O error")
    bench.connection.fails_at = "COMMIT"
    outcomes = await asyncio.gather(*(bench.put(number) for number in range(1, 4)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 3
    assert not bench.writer.is_healthy
    assert bench.keys() == []
    commits = bench.connection.commits
    # The disk is well again, but what the kernel dropped meanwhile nobody knows.
    bench.connection.fault = None
    with pytest.raises(StoreUnavailable, match=r"stopped until a restart: disk I/O error"):
        await bench.put(4)
    assert bench.connection.commits == commits
    assert bench.keys() == []


async def test_a_disk_that_fails_inside_a_unit_fails_the_group_and_stops_the_writer(bench: Bench) -> None:
    bench.connection.fault = failure(sqlite3.SQLITE_IOERR_READ, "disk I/O error")
    bench.connection.fails_at = statements.DELETE_HEAD
    outcomes = await bench.group(
        lambda: bench.put(1),
        lambda: bench.do(lambda transaction: transaction.delete_current_version(1, ObjectKey("key"))),
        lambda: bench.put(2),
    )
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 3
    assert not bench.writer.is_healthy
    assert bench.keys() == []


async def test_each_awaiter_gets_an_exception_of_its_own(bench: Bench) -> None:
    bench.connection.fault = failure(sqlite3.SQLITE_FULL, "database or disk is full")
    bench.connection.fails_at = "RELEASE unit"
    outcomes = await asyncio.gather(*(bench.put(number) for number in range(1, 4)), return_exceptions=True)
    assert len({id(outcome) for outcome in outcomes}) == 3
    assert {str(outcome) for outcome in outcomes} == {"database or disk is full"}


async def test_a_full_disk_fails_the_group_and_the_writer_goes_on(bench: Bench) -> None:
    (pages,) = bench.connection.execute("PRAGMA page_count").fetchone()
    bench.connection.execute(f"PRAGMA max_page_count={pages + 4}")
    outcomes = await bench.group(lambda: bench.put(1), lambda: bench.put(2, bytes(100_000)), lambda: bench.put(3))
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 3
    assert "full" in str(outcomes[0])
    assert bench.writer.is_healthy
    assert bench.keys() == []
    await bench.put(4)
    bench.connection.execute("PRAGMA max_page_count=1000000")
    await bench.put(2, bytes(100_000))
    assert bench.keys() == ["key-2", "key-4"]


async def test_a_mistake_of_our_own_stops_the_writer(bench: Bench) -> None:
    bench.connection.fault = RuntimeError("a bug")
    bench.connection.fails_at = "BEGIN IMMEDIATE"
    with pytest.raises(RuntimeError, match="a bug"):
        await bench.put(1)
    assert not bench.writer.is_healthy


async def test_a_statement_that_is_wrong_fails_its_unit_alone(bench: Bench) -> None:
    def wrong(transaction: Transaction) -> None:
        transaction.insert_bucket(make_bucket(2, "other"))
        bench.connection.execute("SELECT no_such_column FROM head")

    outcomes = await bench.group(lambda: bench.put(1), lambda: bench.do(wrong), lambda: bench.put(2))
    assert [type(outcome) for outcome in outcomes] == [type(None), sqlite3.OperationalError, type(None)]
    assert bench.keys() == ["key-1", "key-2"]
    assert bench.connection.execute("SELECT count(*) FROM bucket").fetchone() == (1,)
    assert bench.writer.is_healthy


async def test_a_fence_fails_the_whole_group(bench: Bench) -> None:
    fence = sqlite3.connect(bench.path, isolation_level=None)
    fence.execute("UPDATE incarnation SET fenced = 1")
    fence.close()
    outcomes = await asyncio.gather(bench.put(1), bench.put(2), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [Conflict] * 2
    assert bench.keys() == []


async def test_nothing_is_taken_after_close(bench: Bench) -> None:
    await asyncio.to_thread(bench.writer.close)
    with pytest.raises(StoreUnavailable, match="closed"):
        await bench.put(1)
