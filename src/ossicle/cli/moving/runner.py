"""Runs tasks in threads, while more are being found: a bounded number waits, however many there are."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event, Semaphore
from typing import TYPE_CHECKING, Final

from ossicle.cli.moving.tasks import Task

if TYPE_CHECKING:
    from ossicle.cli.moving.showing import Show

WAITING_MAX: Final = 1000
"""Tasks that were found and not begun: enough to tell a total early, and no list of everything."""


def run_tasks(tasks: Iterator[Task], show: "Show", cancel: Event, *, jobs: int, is_dry: bool = False) -> None:
    """Run all tasks, `jobs` at a time. A failure is told to `show`, and the others go on; `cancel` ends it early.

    Raises:
        OssError, ClientError, OSError: no more tasks could be found. What had been begun is finished.
    """
    room = Semaphore(WAITING_MAX)

    def work(task: Task) -> None:
        try:
            if not cancel.is_set():
                _run(task, show, cancel, is_dry=is_dry)
        finally:
            room.release()

    with ThreadPoolExecutor(jobs, thread_name_prefix="ossicle-cp") as workers:
        for task in tasks:
            room.acquire()
            if cancel.is_set():
                break
            show.found(task)
            workers.submit(work, task)
        show.found_all()


def _run(task: Task, show: "Show", cancel: Event, *, is_dry: bool) -> None:
    show.begun(task)
    try:
        if why := task.skip():
            show.skipped(task, why)
        elif is_dry:
            show.would(task)
        else:
            task.run(partial(show.moved, task))
            show.done(task)
    except Exception as error:
        if cancel.is_set():
            show.interrupted(task)
        else:
            show.failed(task, error)
    finally:
        show.ended(task)
