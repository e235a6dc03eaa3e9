"""Work that several threads share: all of it is done, or all threads have ended with the first failure."""

import threading
from collections.abc import Iterator

import pytest

from ossicle.client.transfer.failures import TransferCancelled
from ossicle.client.transfer.ledger import Meter
from ossicle.client.transfer.threads import run_all


def alive() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("ossicle-transfer")]


def meter(cancel: threading.Event | None = None) -> Meter:
    return Meter(None, None, cancel)


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 50])
def test_everything_is_done_once(threads: int, count: int) -> None:
    done: list[int] = []
    run_all(done.append, range(count), threads=threads, meter=meter())
    assert sorted(done) == list(range(count))
    assert alive() == []


def test_as_many_at_a_time_as_asked_for_and_one_item_ahead() -> None:
    barrier, taken = threading.Barrier(3, timeout=20), []

    def items() -> Iterator[int]:
        for number in range(9):
            taken.append(number)
            yield number

    def work(number: int) -> None:
        # All three must be there at once, and nobody has asked for more than one further item by then.
        assert len(taken) <= number // 3 * 3 + 4
        barrier.wait()

    run_all(work, items(), threads=3, meter=meter())
    assert taken == list(range(9))


def test_the_first_failure_ends_the_others_and_is_the_one_that_is_told() -> None:
    shared, started = meter(), threading.Barrier(3, timeout=20)
    ended: list[int] = []

    def work(number: int) -> None:
        started.wait()
        if number == 1:
            raise OSError("first")
        try:
            while True:
                shared.check()
        finally:
            ended.append(number)

    with pytest.raises(OSError, match="first"):
        run_all(work, range(10), threads=3, meter=shared)
    assert sorted(ended) == [0, 2]
    assert alive() == []


def test_a_failure_of_what_gives_the_items() -> None:
    done: list[int] = []

    def items() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        run_all(done.append, items(), threads=2, meter=meter())
    assert alive() == []


def test_being_interrupted_while_waiting_ends_the_threads() -> None:
    shared, running = meter(), threading.Event()

    def work(_: int) -> None:
        running.set()
        while True:
            shared.check()

    def items() -> Iterator[int]:
        yield 1
        assert running.wait(20)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_all(work, items(), threads=2, meter=shared)
    assert alive() == []


def test_what_a_thread_was_told_is_no_news_but_being_cancelled_is() -> None:
    event = threading.Event()
    shared = meter(event)

    def work(number: int) -> None:
        event.set()
        shared.check()

    with pytest.raises(TransferCancelled):
        run_all(work, range(5), threads=2, meter=shared)


def test_a_failure_holds_nothing_of_the_work() -> None:
    def work(_: int) -> None:
        raise ValueError("it")

    with pytest.raises(ValueError, match="it") as caught:
        run_all(work, [1], threads=1, meter=meter())
    frames = [entry.frame for entry in caught.traceback if entry.name == "run_all"]
    assert frames[0].f_locals["failures"] == []
