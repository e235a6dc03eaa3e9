"""Group commit: units of a few rows run on the event loop, together, and a thread commits them under one sync of the log.

A statement takes microseconds, and a thread that runs one gives the interpreter's lock away and has to win it back from a busy event
loop: that costs more than the statement. So the loop tries what is small, and the thread does all that may wait or take long: the sync,
the turn that somebody else has, units of many rows, and groups in which something did not go as it should.
"""

import asyncio
import queue
import sqlite3
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar

from ossicle.ports import Conflict, StoreUnavailable, Transaction
from ossicle.stores.health import Health
from ossicle.stores.sqlite import statements
from ossicle.stores.sqlite.connection import have_patience, lose_patience
from ossicle.stores.sqlite.failures import is_busy, is_final, is_of_the_store, translate
from ossicle.stores.sqlite.turn import Turn
from ossicle.stores.sqlite.units import BriefTransaction, SqliteTransaction, TooManyRows

R = TypeVar("R")

GROUP_UNITS_MAX: Final = 64
"""Units in one commit: beyond this the shared sync is a small part of the cost, and the first would wait for the last."""
WAITING_UNITS_MAX: Final = 8192
"""Units that may wait; what comes then is refused."""


class _Member:
    """One unit of work in a group, and where its outcome goes."""

    __slots__ = ("error", "future", "is_bulk", "result", "work")

    def __init__(self, work: Callable[[Transaction], Any], future: asyncio.Future[Any], is_bulk: bool) -> None:
        self.work = work
        self.future = future
        self.is_bulk = is_bulk
        self.result: Any = None
        self.error: BaseException | None = None


_Group = list[_Member]
_OnLoop = Callable[[_Group], None]


class _Refused(Exception):
    """The whole group is off, for the reason that the port raises."""

    def __init__(self, reason: BaseException) -> None:
        super().__init__(reason)
        self.reason = reason


class Writer:
    """The only place that changes the database. All but `stop_for_good` is called on the event loop that it was made for.

    One group at a time is under way. Its connection is used by the loop or by the thread, never by both: `_next`, `_try` and `_end`
    run on the loop, `_wait`, `_run_bulk`, `_run_whole` and `_commit` on the thread, each after the other.

    What `hand_in` returns raises:
        StoreUnavailable: the commit failed, the queue is full, or the writer has stopped.
        Conflict: the incarnation is fenced, or a key of the schema refused the change.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        incarnation: int,
        turn: Turn,
        on_commit: Callable[[int], None],
        loop: asyncio.AbstractEventLoop,
        health: Health,
    ) -> None:
        self._connection = connection
        self._transaction = SqliteTransaction(connection)
        self._brief = BriefTransaction(connection)
        self._incarnation = incarnation
        self._turn = turn
        self._on_commit = on_commit
        self._loop = loop
        self._health = health
        self._waiting: deque[_Member] = deque()
        self._is_under_way = False
        self._idle: asyncio.Future[None] | None = None
        self._stopped_by: BaseException | None = None
        self._changes_before = 0
        self._jobs: queue.SimpleQueue[tuple[Callable[[_Group], _OnLoop], _Group] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="ossicle-writer", daemon=True)

    @property
    def is_healthy(self) -> bool:
        """False once a write or a sync has failed, here or in another process of the server."""
        return not self._health.is_lost

    def start(self) -> None:
        """Begin to commit."""
        lose_patience(self._connection)
        self._thread.start()

    def stop_for_good(self, error: BaseException) -> None:
        """Refuse everything from now on: what the kernel holds of earlier writes is unknown after this error."""
        if self._stopped_by is None:
            self._stopped_by = error
        self._health.lose()

    def hand_in(self, work: Callable[[Transaction], R], *, is_bulk: bool) -> Awaitable[R]:
        """Return what gives the result of `work` once its changes are on disk.

        A caller that is cancelled meanwhile gets no answer; its unit is committed or not, like any other.
        """
        if self._idle is not None:
            raise StoreUnavailable("the metadata store is closed")
        if len(self._waiting) >= WAITING_UNITS_MAX:
            raise StoreUnavailable(f"{WAITING_UNITS_MAX} changes wait to be written already")
        future: asyncio.Future[R] = self._loop.create_future()
        self._waiting.append(_Member(work, future, is_bulk))
        if not self._is_under_way:
            self._is_under_way = True
            self._loop.call_soon(self._next)  # so that all that this turn of the loop hands in is one group
        return future

    async def close(self) -> None:
        """Commit what waits, then end the thread. May be called twice."""
        if self._idle is None:
            self._idle = self._loop.create_future()
            if not self._is_under_way:
                self._idle.set_result(None)
        await asyncio.shield(self._idle)
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _next(self) -> None:
        waiting = self._waiting
        if not waiting:
            self._is_under_way = False
            if self._idle is not None:
                self._idle.set_result(None)
            return
        group = [waiting.popleft() for _ in range(min(len(waiting), GROUP_UNITS_MAX))]
        if any(member.is_bulk for member in group):
            self._jobs.put((self._run_bulk, group))
        elif self._turn.try_take():
            self._try(group)
        else:
            self._jobs.put((self._wait, group))

    def _try(self, group: _Group) -> None:
        """Run the group on the loop, and have the thread commit it, or run it if it is none for the loop."""
        try:
            step = self._commit if self._is_tried(group) else self._run_whole
        except BaseException as error:
            self._fail(group, error)
            self._turn.release()
            self._loop.call_soon(self._end, group)
        else:
            self._jobs.put((step, group))

    def _is_tried(self, group: _Group) -> bool:
        """Run the group without savepoints; False when nothing has been done, and it needs them, or time.

        A unit that refuses has mostly changed nothing yet. When one has, all are undone and run again: units are made for that.
        """
        try:
            self._begin()
        except sqlite3.OperationalError as error:
            if is_busy(error):
                return False
            raise
        for member in group:
            before = self._connection.total_changes
            try:
                member.result = member.work(self._brief)
            except BaseException as error:
                if is_of_the_store(error) or not self._connection.in_transaction:
                    raise
                if isinstance(error, TooManyRows) or self._connection.total_changes != before:
                    self._connection.execute("ROLLBACK")
                    return False
                member.error = error
        return True

    def _end(self, group: _Group) -> None:
        for member in group:
            if member.future.done():
                continue  # its caller was cancelled
            if member.error is None:
                member.future.set_result(member.result)
            else:
                member.future.set_exception(_outcome(member.error))
        self._next()

    # ------------------------------------------------------------------------------------------- on the thread

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            step, group = job
            on_loop = step(group)
            try:
                self._loop.call_soon_threadsafe(on_loop, group)
            except RuntimeError:
                return  # the loop is closed, so nobody waits there any more

    def _wait(self, group: _Group) -> _OnLoop:
        self._turn.take()
        return self._try

    def _run_bulk(self, group: _Group) -> _OnLoop:
        self._turn.take()
        return self._run_whole(group)

    def _run_whole(self, group: _Group) -> _OnLoop:
        """Run the group here, each unit in a savepoint of its own, and commit it."""
        try:
            have_patience(self._connection)
            try:
                self._begin()
            finally:
                lose_patience(self._connection)
            for member in group:
                self._run_unit(member)
        except BaseException as error:
            self._fail(group, error)
            self._turn.release()
            return self._end
        return self._commit(group)

    def _run_unit(self, member: _Member) -> None:
        member.result = member.error = None
        self._connection.execute("SAVEPOINT unit")
        try:
            member.result = member.work(self._transaction)
        except BaseException as error:
            if is_of_the_store(error) or not self._connection.in_transaction:
                raise
            member.error = error
            self._connection.execute("ROLLBACK TO unit")
        self._connection.execute("RELEASE unit")

    def _commit(self, group: _Group) -> _OnLoop:
        try:
            self._connection.execute("COMMIT")
            self._on_commit(self._connection.total_changes - self._changes_before)
        except BaseException as error:
            self._fail(group, error)
        finally:
            self._turn.release()
        return self._end

    # ------------------------------------------------------------------------------------------------- on both

    def _begin(self) -> None:
        if self._health.is_lost:
            reason = self._stopped_by or "a sync failed in another process"
            raise _Refused(StoreUnavailable(f"writing has stopped until a restart: {reason}"))
        self._changes_before = self._connection.total_changes
        self._connection.execute("BEGIN IMMEDIATE")
        row = self._connection.execute(statements.IS_FENCED, (self._incarnation,)).fetchone()
        if row is None or row[0]:
            raise _Refused(Conflict(f"incarnation {self._incarnation} has been fenced: another process took over"))

    def _fail(self, group: Sequence[_Member], error: BaseException) -> None:
        self._roll_back()
        if isinstance(error, _Refused):
            failure = error.reason
        else:
            # Nothing is known about the database now but what `is_final` can tell; a mistake of our own is treated as the worst.
            if is_final(error) or not isinstance(error, sqlite3.Error):
                self.stop_for_good(error)
            failure = translate(error)
            if failure is error and isinstance(error, sqlite3.Error):
                failure = StoreUnavailable(str(error))
        for member in group:
            member.result = None
            member.error = failure

    def _roll_back(self) -> None:
        # Some failures have ended the transaction already; one that can't be ended now ends with the connection.
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            self.stop_for_good(error)


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
