"""How tasks are told: a bar on a terminal, a line each elsewhere, JSON for a program, or only what failed.

Each way is told from several threads.
"""

import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import RLock
from types import TracebackType
from typing import Any, ClassVar, Final, Self

from ossicle.cli.failures import GaveUp, describe, describe_as_json, hints, may_pass, tell, tell_of
from ossicle.cli.moving.tally import ERRORS_SHOWN, Tally
from ossicle.cli.moving.tasks import Task
from ossicle.cli.output import json_text, note, printable
from ossicle.cli.sizes import render_size

_PAST: Final = {"upload": "uploaded", "download": "downloaded", "copy": "copied", "make": "made"}


Far = tuple[int, int | None]
"""Bytes of a task that have been moved, and how many it has."""


class Show(AbstractContextManager["Show"]):
    """Counts, and tells nothing but failures: what `--quiet` asks for. `is_json` says whether these are for a program.

    Args:
        is_single: there is one task, whose failure the caller tells.
        clock: seconds, from any moment on.
    """

    is_json: ClassVar = False

    def __init__(self, *, is_single: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self.tally = Tally()
        self.first_error: Exception | None = None
        self.unfinished: list[tuple[Task, Far]] = []
        self._far: dict[int, Far] = {}
        self._moved: dict[int, int] = {}
        self._is_single = is_single
        self._clock = clock
        self._began = clock()
        self._lock = RLock()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def found(self, task: Task) -> None:
        """Take in a task that will be run."""
        with self._lock:
            self.tally.known += 1
            self.tally.known_bytes += task.size or 0

    def found_all(self) -> None:
        """Take in that there are no more."""
        self.tally.is_complete = True

    def begun(self, task: Task) -> None:
        """Take in that a task is run now."""

    def moved(self, task: Task, increment: int, so_far: int, total: int | None) -> None:
        """Take in bytes that were moved."""
        with self._lock:
            self._moved[id(task)] = self._moved.get(id(task), 0) + increment
            self._far[id(task)] = (so_far, total)

    def ended(self, task: Task) -> None:
        """Take in that a task is over, in whatever way."""
        with self._lock:
            self._far.pop(id(task), None)
            self._moved.pop(id(task), None)

    def done(self, task: Task) -> None:
        """Take in that a task is done."""
        with self._lock:
            self.tally.done += 1
            self.tally.moved_bytes += self._moved.get(id(task), 0)
            self._tell(task, "done")

    def would(self, task: Task) -> None:
        """Take in that a task would be done."""
        with self._lock:
            self.tally.done += 1
            self._tell(task, "dry_run")

    def skipped(self, task: Task, why: str) -> None:
        """Take in that a task is not needed."""
        with self._lock:
            self.tally.skipped += 1
            self._tell(task, "skipped", why=why)

    def failed(self, task: Task, error: Exception) -> None:
        """Take in that a task failed; the first failures are told."""
        with self._lock:
            far = self._far.get(id(task), (0, None))
            if far[0] and may_pass(error) and _is_resumable(task, far):
                error.add_note(_to_resume(far))
            self.tally.failed += 1
            self.first_error = self.first_error or error
            self._tell(task, "failed", error=error)
            if not self._is_single and self.tally.failed <= ERRORS_SHOWN:
                tell_of(task.action, task.source, error, as_json=self.is_json)

    def gave_up(self, error: Exception, count: int) -> None:
        """Take in that nothing more is begun, after so many failures in a row that were like this one."""
        if not self._is_single:
            end = GaveUp(f"stopped: {count} in a row failed, and more would: {describe(error)}")
            for hint in hints(error):
                end.add_note(hint)
            tell(end, as_json=self.is_json)

    def warn(self, message: str) -> None:
        """Tell what a user may want to know though nothing has failed; here nobody does."""

    def interrupted(self, task: Task) -> None:
        """Take in that a task was given up half-way."""
        with self._lock:
            self.unfinished.append((task, self._far.get(id(task), (0, None))))
            self._tell(task, "interrupted")

    def _tell(self, task: Task, status: str, *, why: str | None = None, error: Exception | None = None) -> None:
        """Tell what became of a task."""

    def summarize(self) -> None:
        """Tell what came of all."""
        self._note_more_failures()

    def _note_more_failures(self) -> None:
        more = self.tally.failed - ERRORS_SHOWN
        if more > 0 and not self._is_single:
            note(f"ossicle: {more} more failed")

    def _seconds(self) -> float:
        return max(self._clock() - self._began, 0.001)


class Lines(Show):
    """A line for each task, without control characters: for logs."""

    def warn(self, message: str) -> None:
        """See `Show.warn`."""
        note(f"ossicle: {message}")

    def _tell(self, task: Task, status: str, *, why: str | None = None, error: Exception | None = None) -> None:
        if status in ("failed", "interrupted"):
            return
        verb = {"done": _PAST[task.action], "dry_run": f"would {task.action}", "skipped": "skipped"}[status]
        size = f" ({render_size(task.size)})" if status == "done" and task.size is not None else ""
        note(f"{verb} {task.source} -> {task.target}{size}{f': {why}' if why else ''}")

    def summarize(self) -> None:
        """Tell what came of all, if there was more than one."""
        self._note_more_failures()
        if not self._is_single:
            note(summary(self.tally, self._seconds()))


class JsonLines(Show):
    """An object on a line for each task, and one for all of them, on standard output; failures on standard error as well."""

    is_json: ClassVar = True

    def warn(self, message: str) -> None:
        """See `Show.warn`."""
        note(json_text({"warning": message}, sys.stderr.encoding))

    def _tell(self, task: Task, status: str, *, why: str | None = None, error: Exception | None = None) -> None:
        facts = {"action": task.action, "source": task.source, "target": task.target, "size": task.size}
        reason = {"reason": why} if why else {"error": describe_as_json(error)} if error else {}
        self._print({**facts, "status": status, **reason})

    def summarize(self) -> None:
        """Print what came of all."""
        tally = self.tally
        counts = {"done": tally.done, "skipped": tally.skipped, "failed": tally.failed, "bytes": tally.moved_bytes}
        self._print({"summary": {**counts, "seconds": round(self._seconds(), 3), "dry_run": tally.is_dry}})

    @staticmethod
    def _print(value: object) -> None:
        print(json_text(value, sys.stdout.encoding), flush=True)


class Bar(Show):
    """A bar with bytes, rate and time left, and how many of the files known so far are settled."""

    def __init__(self, *, is_single: bool, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
        from rich.progress import TransferSpeedColumn as Rate

        super().__init__(is_single=is_single, clock=clock)
        self._name = printable(name)
        text = TextColumn("{task.description}", markup=False)
        columns = (text, BarColumn(), DownloadColumn(binary_units=True), Rate(), TimeRemainingColumn())
        self._progress: Any = Progress(*columns, console=Console(stderr=True), transient=not is_single)
        self._bar = self._progress.add_task(self._name, total=None)

    def warn(self, message: str) -> None:
        """See `Show.warn`."""
        note(f"ossicle: {message}")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def found(self, task: Task) -> None:
        """See `Show.found`."""
        super().found(task)
        self._update()

    def found_all(self) -> None:
        """See `Show.found_all`."""
        super().found_all()
        self._update()

    def moved(self, task: Task, increment: int, so_far: int, total: int | None) -> None:
        """See `Show.moved`."""
        super().moved(task, increment, so_far, total)
        if task.size is None and self._is_single:
            self._progress.update(self._bar, total=total)
        self._progress.advance(self._bar, increment)

    def _tell(self, task: Task, status: str, *, why: str | None = None, error: Exception | None = None) -> None:
        if status in ("skipped", "failed"):
            self.tally.known_bytes -= task.size or 0
            self._progress.advance(self._bar, -self._moved.get(id(task), 0))
        self._update()

    def _update(self) -> None:
        tally = self.tally
        more = "" if tally.is_complete else "+"
        text = self._name if self._is_single else f"{tally.settled}/{tally.known}{more} files"
        self._progress.update(self._bar, description=text)
        if tally.known_bytes:
            self._progress.update(self._bar, total=tally.known_bytes)

    def summarize(self) -> None:
        """Tell what came of all, where the bar does not."""
        self._note_more_failures()
        if not self._is_single:
            note(summary(self.tally, self._seconds()))


def summary(tally: Tally, seconds: float) -> str:
    """Return what came of many tasks in one line."""
    files = f"{tally.done} file{'' if tally.done == 1 else 's'}"
    parts = [f"{files} would be done"] if tally.is_dry else [f"{files} done, {_rate(tally, seconds)}"]
    parts += [f"{tally.skipped} skipped"] if tally.skipped else []
    parts += [f"{tally.failed} failed"] if tally.failed else []
    return "; ".join(parts)


def _rate(tally: Tally, seconds: float) -> str:
    return f"{render_size(tally.moved_bytes)} in {seconds:.1f} s ({render_size(int(tally.moved_bytes / seconds))}/s)"


def resumption(show: Show) -> str:
    """Return how an interrupted command is taken up again."""
    tally = show.tally
    if tally.known > 1 or not tally.is_complete:
        begun = sum(_is_resumable(task, far) for task, far in show.unfinished)
        there = f"{tally.done} done" + (f", {begun} begun" if begun else "")
        return f"run the same command again with --update to go on ({there})"
    for task, far in show.unfinished:
        if _is_resumable(task, far):
            return _to_resume(far)
    return "run the same command again"


def _is_resumable(task: Task, far: Far) -> bool:
    return task.is_resumable(task.size if far[1] is None else far[1])


def _to_resume(far: Far) -> str:
    so_far, total = far
    there = f" (about {render_size(so_far)} of {render_size(total)} are there)" if total else ""
    return f"run the same command again to resume{there}"
