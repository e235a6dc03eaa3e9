"""Tasks run while others are found, a failure stops none of the others, and a cancellation all."""

import json
import threading
from collections.abc import Callable, Iterator
from threading import Event

import pytest

from ossicle.cli.moving.runner import HOPELESS, WAITING_MAX, run_tasks
from ossicle.cli.moving.showing import JsonLines, Lines, Show, resumption
from ossicle.cli.moving.tasks import Moved, Task, failed, unneeded
from ossicle.client.failures import ConnectionFailed
from ossicle.wire.errors import AccessDenied, InvalidAccessKeyId, NoSuchBucket, NoSuchKey, SignatureDoesNotMatch

SECONDS = 10


def task(number: int, run: Callable[[Moved], object] | None = None, *, size: int | None = 3) -> Task:
    def nothing(moved: Moved) -> None:
        moved(3, 3, 3)

    return Task(
        action="upload",
        source=f"f{number}",
        target=f"oss://b/f{number}",
        size=size,
        run=run or nothing,
        is_resumable=lambda size: True,
    )


def fail(moved: Moved) -> None:
    raise OSError(28, "No space left on device")


def test_a_failure_stops_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    show = Lines(is_single=False, clock=iter([0.0, 2.0]).__next__)
    tasks = [task(0), task(1, fail), unneeded("upload", "f2", "oss://b/f2", "no regular file"), task(3)]
    run_tasks(iter(tasks), show, Event(), jobs=1)
    show.summarize()
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        "uploaded f0 -> oss://b/f0 (3 B)",
        "ossicle: upload f1: No space left on device",
        "skipped f2 -> oss://b/f2: no regular file",
        "uploaded f3 -> oss://b/f3 (3 B)",
        "2 files done, 6 B in 2.0 s (3 B/s); 1 skipped; 1 failed",
    ]


def test_the_first_failures_are_told_and_the_others_counted(capsys: pytest.CaptureFixture[str]) -> None:
    show = Show(is_single=False)
    run_tasks((failed("upload", f"f{n}", "t", ValueError("bad")) for n in range(25)), show, Event(), jobs=3)
    show.summarize()
    lines = capsys.readouterr().err.splitlines()
    assert (len(lines), lines[-1], show.tally.failed) == (11, "ossicle: 15 more failed", 25)


def test_what_is_found_is_bounded_by_what_is_done() -> None:
    """With nothing done yet, no more than a bounded number has been found of an endless supply."""
    may_go_on, cancel = Event(), Event()
    found = 0

    def endless() -> Iterator[Task]:
        nonlocal found
        while True:
            found += 1
            if found > WAITING_MAX:
                cancel.set()
                may_go_on.set()
            yield task(found, lambda moved: may_go_on.wait(SECONDS))

    run_tasks(endless(), Show(is_single=False), cancel, jobs=2)
    assert found == WAITING_MAX + 1


def test_as_many_at_a_time_as_were_asked_for() -> None:
    together = threading.Barrier(4, timeout=SECONDS)
    show = Show(is_single=False)
    run_tasks(iter([task(n, lambda moved: together.wait()) for n in range(4)]), show, Event(), jobs=4)
    assert (show.tally.done, show.tally.failed) == (4, 0)


def test_a_cancellation_leaves_what_had_not_begun(capsys: pytest.CaptureFixture[str]) -> None:
    cancel = Event()
    begun: list[int] = []

    def stop(moved: Moved) -> None:
        begun.append(1)
        cancel.set()
        raise RuntimeError("cancelled")

    show = Lines(is_single=False)
    run_tasks(iter([task(0), task(1, stop), task(2, stop), task(3, stop)]), show, cancel, jobs=1)
    assert (show.tally.done, show.tally.failed, len(begun)) == (1, 0, 1)
    assert capsys.readouterr().err == "uploaded f0 -> oss://b/f0 (3 B)\n"
    assert resumption(show) == "run the same command again with --update to go on (1 done, 1 begun)"


def test_how_far_a_single_one_was() -> None:
    cancel = Event()

    def stop(moved: Moved) -> None:
        moved(1024, 1024, 4096)
        moved(1024, 2048, 4096)
        cancel.set()
        raise RuntimeError("cancelled")

    show = Show(is_single=True)
    run_tasks(iter([task(0, stop)]), show, cancel, jobs=1)
    assert resumption(show) == "run the same command again to resume (about 2.0 KiB of 4.0 KiB are there)"


def test_a_dry_run_runs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    run_tasks(iter([task(0, fail)]), Lines(is_single=True), Event(), jobs=1, is_dry=True)
    assert capsys.readouterr().err == "would upload f0 -> oss://b/f0\n"


def test_a_dry_run_fails_where_it_is_known_already(capsys: pytest.CaptureFixture[str]) -> None:
    show = Lines(is_single=False)
    missing = failed("upload", "f1", "oss://b/f1", FileNotFoundError(2, "No such file or directory", "f1"))
    run_tasks(iter([task(0), missing]), show, Event(), jobs=1, is_dry=True)
    show.summarize()
    assert capsys.readouterr().err.splitlines() == [
        "would upload f0 -> oss://b/f0",
        "ossicle: upload f1: f1: No such file or directory",
        "1 file would be done; 1 failed",
    ]


def raising(error: Exception) -> Callable[[Moved], object]:
    def run(moved: Moved) -> None:
        raise error

    return run


@pytest.mark.parametrize(
    "kind", [AccessDenied, ConnectionFailed, InvalidAccessKeyId, NoSuchBucket, SignatureDoesNotMatch]
)
def test_what_fails_for_all_is_given_up(kind: type[Exception], capsys: pytest.CaptureFixture[str]) -> None:
    show = Lines(is_single=False)
    run_tasks((task(n, raising(kind("no"))) for n in range(500)), show, Event(), jobs=1)
    lines = capsys.readouterr().err.splitlines()
    assert show.tally.failed == HOPELESS == len(lines) - 2
    assert lines[-2].startswith(f"ossicle: stopped: {HOPELESS} in a row failed, and more would: ")
    assert lines[-1].startswith("hint: ")


@pytest.mark.parametrize(
    ("errors", "failed_count"),
    [
        ([NoSuchKey("no")] * 30, 30),
        ([*[AccessDenied("no")] * 9, None, *[AccessDenied("no")] * 20], 29),
        ([*[NoSuchBucket("no")] * 9, None, *[NoSuchBucket("no")] * 20], 9 + HOPELESS),
        ([*[NoSuchBucket("no")] * 9, OSError(13, "Permission denied"), *[NoSuchBucket("no")] * 9], 19),
    ],
)
def test_what_may_be_about_one_is_not(errors: list[Exception | None], failed_count: int) -> None:
    show = Show(is_single=False)
    tasks = (task(n, None if error is None else raising(error)) for n, error in enumerate(errors))
    run_tasks(tasks, show, Event(), jobs=1)
    assert show.tally.failed == failed_count


def test_the_bytes_of_what_failed_do_not_count() -> None:
    def break_off(moved: Moved) -> None:
        moved(2, 2, 3)
        raise OSError(28, "No space left on device")

    show = Show(is_single=False)
    run_tasks(iter([task(0), task(1, break_off)]), show, Event(), jobs=1)
    assert show.tally.moved_bytes == 3


def test_what_can_not_be_found_is_raised_after_the_others_are_done() -> None:
    def broken() -> Iterator[Task]:
        yield task(0)
        raise ConnectionError("listing broke off")

    show = Show(is_single=False)
    with pytest.raises(ConnectionError):
        run_tasks(broken(), show, Event(), jobs=1)
    assert show.tally.done == 1


def test_json_is_a_line_each_and_a_summary(capsys: pytest.CaptureFixture[str]) -> None:
    show = JsonLines(is_single=False, clock=iter([0.0, 1.5]).__next__)
    run_tasks(iter([task(0), task(1, fail), unneeded("upload", "f2", "t", "why")]), show, Event(), jobs=1)
    show.summarize()
    captured = capsys.readouterr()
    first, second, third, last = map(json.loads, captured.out.splitlines())
    assert first == {"action": "upload", "source": "f0", "target": "oss://b/f0", "size": 3, "status": "done"}
    assert (second["status"], second["error"]["message"]) == ("failed", "No space left on device")
    assert (third["status"], third["reason"]) == ("skipped", "why")
    (told,) = map(json.loads, captured.err.splitlines())
    assert told == {"error": {"action": "upload", "source": "f1", **second["error"]}}
    assert last == {"summary": {"done": 1, "skipped": 1, "failed": 1, "bytes": 3, "seconds": 1.5, "dry_run": False}}


def test_a_name_that_commands_a_terminal_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    bad = Task(action="upload", source="a\x1b[31m\n", target="oss://b/a", run=lambda moved: None)
    run_tasks(iter([bad]), Lines(is_single=True), Event(), jobs=1)
    assert capsys.readouterr().err == "uploaded a\\x1b[31m\\n -> oss://b/a\n"
