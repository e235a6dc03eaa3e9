"""Runs tasks in threads, while more are being found: a bounded number waits, however many there are."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event, Lock, Semaphore
from typing import TYPE_CHECKING, Final

from ossicle.cli.failures import is_about_all
from ossicle.cli.moving.tasks import Task

if TYPE_CHECKING:
    from ossicle.cli.moving.showing import Show

WAITING_MAX: Final = 1000
"""Tasks that were found and not begun: enough to tell a total early, and no list of everything."""

HOPELESS: Final = 10
"""Failures in a row, of a kind that all will share, after which no more is begun."""


class _Hope:
    """Ends when task after task fails for a reason that is hardly its own."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._in_a_row = 0
        self._has_success = False
        self.end: Exception | None = None

    def succeeded(self) -> None:
        with self._lock:
            self._in_a_row, self._has_success = 0, True

    def failed(self, error: Exception) -> None:
        with self._lock:
            is_such = is_about_all(error, is_first=not self._has_success)
            self._in_a_row = self._in_a_row + 1 if is_such else 0
            if self._in_a_row >= HOPELESS and self.end is None:
                self.end = error


def run_tasks(tasks: Iterator[Task], show: "Show", cancel: Event, *, jobs: int, is_dry: bool = False) -> None:
    """Run all tasks, `jobs` at a time. A failure is told to `show`, and the others go on; `cancel` ends it early.

    When the server is not there or takes none of them, `show` is told so, and no more are begun.

    Raises:
        OssError, ClientError, OSError: no more tasks could be found. What had been begun is finished.
    """
    room, hope = Semaphore(WAITING_MAX), _Hope()
    show.tally.is_dry = is_dry

    def work(task: Task) -> None:
        try:
            if not (cancel.is_set() or hope.end):
                _run(task, show, cancel, hope, is_dry=is_dry)
        finally:
            room.release()

    with ThreadPoolExecutor(jobs, thread_name_prefix="ossicle-cp") as workers:
        for task in tasks:
            room.acquire()
            if cancel.is_set() or hope.end:
                break
            show.found(task)
            workers.submit(work, task)
        else:
            show.found_all()
    if hope.end and not cancel.is_set():
        show.gave_up(hope.end, HOPELESS)


def _run(task: Task, show: "Show", cancel: Event, hope: _Hope, *, is_dry: bool) -> None:
    show.begun(task)
    try:
        if why := task.skip():
            show.skipped(task, why)
            if task.writes:
                hope.succeeded()
        elif is_dry:
            task.probe()
            show.would(task)
        else:
            task.run(partial(show.moved, task))
            show.done(task)
            hope.succeeded()
    except Exception as error:
        if cancel.is_set():
            show.interrupted(task)
        else:
            show.failed(task, error)
            hope.failed(error)
    finally:
        show.ended(task)
