"""Group commit: what shares a commit, what fails with it, and what stops the writer for good."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from ossicle.ports import Conflict, StoreUnavailable, Transaction
from ossicle.stores.health import Health
from ossicle.stores.sqlite import statements, writer
from ossicle.stores.sqlite.connection import BUSY_SECONDS
from ossicle.stores.sqlite.schema import migrate
from ossicle.stores.sqlite.turn import Turn
from ossicle.stores.sqlite.units import BRIEF_ROWS_MAX
from ossicle.stores.sqlite.writer import Writer
from ossicle.wire.names import ObjectKey
from tests.support.stored import make_blob_id, make_bucket, make_segment, make_version, put, putting
from tests.support.waiting import wait_until

R = TypeVar("R")


class Faulty(sqlite3.Connection):
    """A connection whose statements can be made to fail, and whose commits can be held up."""

    fault: BaseException | None = None
    fails_at = "COMMIT"
    commits = 0
    may_commit: threading.Event

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        if sql == "COMMIT":
            self.commits += 1
            assert self.may_commit.wait(30)
        if self.fault is not None and sql == self.fails_at:
            raise self.fault
        return super().execute(sql, *parameters)


def failure(code: int, text: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return error


class Bench:
    """A writer on a connection that a test can spoil, which runs all units as bulk or none."""

    def __init__(self, path: Path, is_bulk: bool) -> None:
        self.path = path
        self.is_bulk = is_bulk
        self.connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, factory=Faulty
        )
        self.connection.may_commit = threading.Event()
        self.connection.may_commit.set()
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=OFF")
        self.connection.execute("PRAGMA foreign_keys=ON")
        migrate(self.connection)
        (incarnation,) = self.connection.execute(statements.NEW_INCARNATION, (0,)).fetchone()
        self.connection.execute("INSERT INTO bucket VALUES (1, 'bucket', 'o', 0, 'private', 'Standard', 'LRS', NULL)")
        self.connection.commits = 0
        self.rows: list[int] = []
        self.turn = Turn()
        self.writer = Writer(
            self.connection, incarnation, self.turn, self.rows.append, asyncio.get_running_loop(), Health()
        )
        self.writer.start()

    def put(self, number: int, body: bytes = b"abc") -> "asyncio.Task[None]":
        """Hand in one unit."""
        return self.do(putting(1, make_version(number, f"key-{number}"), body))

    def do(self, work: Callable[[Transaction], R]) -> "asyncio.Task[R]":
        async def transact() -> R:
            return await self.writer.hand_in(work, is_bulk=self.is_bulk)

        return asyncio.get_running_loop().create_task(transact())

    async def group(self, *works: Callable[[], "asyncio.Task[None]"]) -> list[object]:
        """Hand in units so that they share one commit; return the outcome of each."""
        return list(await asyncio.gather(*(work() for work in works), return_exceptions=True))

    async def until_committing(self, count: int) -> None:
        """Wait until so many commits have begun, on a loop that goes on meanwhile."""
        connection = self.connection
        await asyncio.to_thread(wait_until, lambda: connection.commits >= count, seconds=30, what=f"{count} commits")

    def keys(self) -> list[str]:
        connection = sqlite3.connect(self.path)
        found = [key.decode() for (key,) in connection.execute("SELECT key FROM head ORDER BY version")]
        connection.close()
        return found


@pytest.fixture(params=["brief", "bulk"])
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path / "metadata.sqlite3", request.param == "bulk")
    yield bench
    bench.connection.may_commit.set()
    await bench.writer.close()
    bench.connection.close()


@pytest.fixture
def brief(bench: Bench) -> Bench:
    """The same, in the tests of what the loop runs."""
    bench.is_bulk = False
    return bench


async def test_units_that_wait_share_one_commit(bench: Bench) -> None:
    outcomes = await bench.group(*(lambda number=number: bench.put(number) for number in range(1, 31)))
    assert outcomes == [None] * 30
    assert bench.connection.commits == 1
    assert len(bench.keys()) == 30
    assert bench.rows == [90]


async def test_a_group_has_a_bound(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "GROUP_UNITS_MAX", 4)
    await bench.group(*(lambda number=number: bench.put(number) for number in range(1, 11)))
    assert bench.connection.commits == 3
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
    bench.connection.fails_at = "COMMIT"
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
    await bench.writer.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        await bench.put(1)


async def test_closing_commits_what_waits_and_may_be_called_twice(bench: Bench) -> None:
    bench.connection.may_commit.clear()
    first = bench.put(1)
    await bench.until_committing(1)
    second = bench.put(2)
    await asyncio.sleep(0)
    closing = [asyncio.create_task(bench.writer.close()) for _ in range(2)]
    await asyncio.sleep(0)
    bench.connection.may_commit.set()
    await asyncio.gather(first, second, *closing)
    assert bench.keys() == ["key-1", "key-2"]


# --------------------------------------------------------------------------- what the loop runs, and what the thread


def where(transaction: Transaction) -> str:
    return threading.current_thread().name


async def test_the_loop_runs_what_is_brief_and_the_thread_what_is_bulk(bench: Bench) -> None:
    here = threading.current_thread().name
    assert await bench.do(where) == ("ossicle-writer" if bench.is_bulk else here)


async def test_one_unit_of_bulk_takes_its_group_to_the_thread(brief: Bench) -> None:
    first = brief.do(where)
    brief.is_bulk = True
    assert [*await asyncio.gather(first, brief.do(where))] == ["ossicle-writer"] * 2
    assert brief.connection.commits == 1


async def test_the_loop_goes_on_during_a_commit_and_gathers_the_next_group(bench: Bench) -> None:
    bench.connection.may_commit.clear()
    first = bench.put(1)
    await bench.until_committing(1)
    later = [bench.put(number) for number in range(2, 6)]
    await asyncio.sleep(0)
    assert not first.done()
    assert bench.keys() == [], "nothing is to be seen before it is on disk"
    bench.connection.may_commit.set()
    await asyncio.gather(first, *later)
    assert bench.connection.commits == 2


async def test_the_loop_does_not_wait_for_the_turn(bench: Bench) -> None:
    with bench.turn:
        task = bench.put(1)
        await asyncio.to_thread(wait_until, lambda: bench.turn.has_queue, seconds=30, what="the thread to queue up")
        assert not task.done()
    await task
    assert not bench.turn.is_taken


async def test_the_loop_does_not_wait_for_a_lock_of_the_database(brief: Bench) -> None:
    stranger = sqlite3.connect(brief.path, isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    tasks = [brief.do(where), brief.put(1)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert brief.turn.is_taken, "the group is under way"
    stranger.execute("COMMIT")  # the loop got here, so it doesn't sleep until the lock is free
    assert time.monotonic() - started < BUSY_SECONDS
    assert (await asyncio.gather(*tasks))[0] == "ossicle-writer"
    assert brief.keys() == ["key-1"]
    stranger.close()


async def test_a_unit_that_fails_after_a_change_is_undone_alone_and_run_once_more(brief: Bench) -> None:
    ran: list[str] = []

    def fail(transaction: Transaction) -> None:
        ran.append(where(transaction))
        transaction.delete_current_version(1, ObjectKey("key-1"))
        raise ValueError("after all")

    outcomes = await brief.group(lambda: brief.put(1), lambda: brief.do(fail), lambda: brief.put(2))
    assert [type(outcome) for outcome in outcomes] == [type(None), ValueError, type(None)]
    assert brief.keys() == ["key-1", "key-2"]
    assert ran == [threading.current_thread().name, "ossicle-writer"]
    assert brief.connection.commits == 1


async def test_a_unit_that_refuses_before_a_change_costs_the_others_nothing(brief: Bench) -> None:
    ran: list[str] = []

    def refuse(transaction: Transaction) -> None:
        ran.append(where(transaction))
        raise ValueError("no")

    outcomes = await brief.group(lambda: brief.put(1), lambda: brief.do(refuse), lambda: brief.put(2))
    assert [type(outcome) for outcome in outcomes] == [type(None), ValueError, type(None)]
    assert ran == [threading.current_thread().name]
    assert brief.keys() == ["key-1", "key-2"]


@pytest.mark.parametrize("count", [BRIEF_ROWS_MAX, BRIEF_ROWS_MAX + 1])
async def test_an_object_of_many_segments_is_displaced_on_the_thread(brief: Bench, count: int) -> None:
    segments = [make_segment(number) for number in range(count)]
    long = make_version(1, segments=segments)
    ran: list[str] = []

    def fill(transaction: Transaction) -> None:
        for number in range(count):
            transaction.add_blob(make_blob_id(number), 10)
        put(transaction, 1, long, segments)

    def displace(transaction: Transaction) -> None:
        ran.append(where(transaction))
        put(transaction, 1, make_version(2))
        transaction.delete_version(long)

    await brief.do(fill)
    outcomes = await brief.group(lambda: brief.put(3), lambda: brief.do(displace))
    assert outcomes == [None, None]
    here = threading.current_thread().name
    assert ran == ([here] if count == BRIEF_ROWS_MAX else [here, "ossicle-writer"])
    assert brief.keys() == ["key", "key-3"]
    assert len(await brief.do(lambda transaction: transaction.condemned(limit=1000))) == count
