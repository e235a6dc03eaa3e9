"""Group commit: one thread takes all units that wait and commits them together, under one sync of the log."""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from ossicle.ports import Conflict, StoreUnavailable, Transaction
from ossicle.stores.sqlite import statements
from ossicle.stores.sqlite.checkpoint import Gate
from ossicle.stores.sqlite.failures import is_final, is_of_the_store, translate
from ossicle.stores.sqlite.units import SqliteTransaction

R = TypeVar("R")

GROUP_UNITS_MAX: Final = 64
"""Units in one commit: beyond this the shared sync is a small part of the cost, and the first would wait for the last."""
WAITING_UNITS_MAX: Final = 8192
"""Units that may wait; what comes then is refused."""


class _Member:
    """One unit of work in a group, and where its outcome goes."""

    __slots__ = ("error", "future", "loop", "result", "work")

    def __init__(self, work: Callable[[Transaction], Any]) -> None:
        self.work = work
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Any] = self.loop.create_future()
        self.result: Any = None
        self.error: BaseException | None = None


class _Refused(Exception):
    """The whole group is off, for the reason that the port raises."""

    def __init__(self, reason: BaseException) -> None:
        super().__init__(reason)
        self.reason = reason


class Writer:
    """The only place that changes the database.

    Raises, from `transact`:
        StoreUnavailable: the commit failed, the queue is full, or the writer has stopped.
        Conflict: the incarnation is fenced, or a key of the schema refused the change.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        incarnation: int,
        gate: Gate,
        on_commit: Callable[[int], None],
    ) -> None:
        self._connection = connection
        self._transaction = SqliteTransaction(connection)
        self._incarnation = incarnation
        self._gate = gate
        self._on_commit = on_commit
        self._waiting: queue.SimpleQueue[_Member | None] = queue.SimpleQueue()
        self._entrance = threading.Lock()
        self._is_closed = False
        self._stopped_by: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="ossicle-writer", daemon=True)

    @property
    def is_healthy(self) -> bool:
        """False once a write or a sync has failed."""
        return self._stopped_by is None

    def start(self) -> None:
        """Begin to commit."""
        self._thread.start()

    def stop_for_good(self, error: BaseException) -> None:
        """Refuse everything from now on: what the kernel holds of earlier writes is unknown after this error."""
        if self._stopped_by is None:
            self._stopped_by = error

    async def transact(self, work: Callable[[Transaction], R]) -> R:
        """Return the result of `work` once its changes are on disk.

        A caller that is cancelled meanwhile gets no answer; its unit is committed or not, like any other.
        """
        member = _Member(work)
        with self._entrance:  # held for two look-ups and an append, never while anything waits
            if self._is_closed:
                raise StoreUnavailable("the metadata store is closed")
            if self._waiting.qsize() >= WAITING_UNITS_MAX:
                raise StoreUnavailable(f"{WAITING_UNITS_MAX} changes wait to be written already")
            self._waiting.put(member)
        result: R = await member.future
        return result

    def close(self) -> None:
        """Commit what waits, then end the thread. May be called twice."""
        with self._entrance:
            if not self._is_closed:
                self._is_closed = True
                self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        is_last = False
        while not is_last:
            group, is_last = self._next_group()
            if group:
                self._commit(group)
                _deliver(group)

    def _next_group(self) -> tuple[list[_Member], bool]:
        group: list[_Member] = []
        try:
            while len(group) < GROUP_UNITS_MAX:
                member = self._waiting.get(block=not group)
                if member is None:
                    return group, True
                group.append(member)
        except queue.Empty:
            pass
        return group, False

    def _commit(self, group: Sequence[_Member]) -> None:
        try:
            with self._gate:
                self._run_group(group)
        except _Refused as refusal:
            _fail(group, refusal.reason)
        except Exception as error:
            # Past this line nothing is known about the database but what `is_final` can tell; a mistake of our own
            # is treated as the worst.
            if is_final(error) or not isinstance(error, sqlite3.Error):
                self.stop_for_good(error)
            _fail(group, error)

    def _run_group(self, group: Sequence[_Member]) -> None:
        if self._stopped_by is not None:
            raise _Refused(StoreUnavailable(f"writing has stopped until a restart: {self._stopped_by}"))
        before = self._connection.total_changes
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._refuse_if_fenced()
            for member in group:
                self._run_unit(member)
            self._connection.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise
        self._on_commit(self._connection.total_changes - before)

    def _refuse_if_fenced(self) -> None:
        row = self._connection.execute(statements.IS_FENCED, (self._incarnation,)).fetchone()
        if row is None or row[0]:
            raise _Refused(Conflict(f"incarnation {self._incarnation} has been fenced: another process took over"))

    def _run_unit(self, member: _Member) -> None:
        self._connection.execute("SAVEPOINT unit")
        try:
            member.result = member.work(self._transaction)
        except BaseException as error:
            if is_of_the_store(error) or not self._connection.in_transaction:
                raise
            member.error = error
            self._connection.execute("ROLLBACK TO unit")
        self._connection.execute("RELEASE unit")

    def _roll_back(self) -> None:
        # Some failures have ended the transaction already; one that can't be ended now ends with the connection.
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            self.stop_for_good(error)


def _fail(group: Sequence[_Member], error: BaseException) -> None:
    failure = translate(error)
    if failure is error and isinstance(error, sqlite3.Error):
        failure = StoreUnavailable(str(error))
    for member in group:
        member.result = None
        member.error = failure


def _deliver(group: Sequence[_Member]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[_Member]] = {}
    for member in group:
        by_loop.setdefault(member.loop, []).append(member)
    for loop, members in by_loop.items():
        try:
            loop.call_soon_threadsafe(_settle, members)
        except RuntimeError:
            continue  # the loop is closed, so nobody waits there any more


def _settle(members: Sequence[_Member]) -> None:
    for member in members:
        if member.future.done():
            continue  # its caller was cancelled
        if member.error is None:
            member.future.set_result(member.result)
        else:
            member.future.set_exception(_outcome(member.error))


def _outcome(error: BaseException) -> BaseException:
    """Return what one awaiter gets: an exception of its own, since each adds its frames to the traceback."""
    failure = translate(error)
    if failure is not error:
        failure.__cause__ = error
    elif isinstance(error, (StoreUnavailable, Conflict)):
        failure = type(error)(*error.args)
        failure.__cause__ = error.__cause__
    elif isinstance(error, StopIteration):
        failure = RuntimeError("a unit of work raised StopIteration")  # no future takes one
        failure.__cause__ = error
    return failure
