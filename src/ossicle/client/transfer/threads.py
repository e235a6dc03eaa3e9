"""Runs the parts of a transfer, several at a time, and ends them together."""

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from ossicle.client.transfer.failures import TransferCancelled
from ossicle.client.transfer.ledger import Meter

T = TypeVar("T")


def run_all(work: Callable[[T], object], items: Iterable[T], *, threads: int, meter: Meter) -> None:
    """Do `work` for all items, `threads` at a time; one more item is held at most, the next.

    Raises:
        Exception: what the first one raised that failed; the others have ended by then.
    """
    running: set[Future[object]] = set()
    failures: list[BaseException] = []
    with ThreadPoolExecutor(threads, "ossicle-transfer") as pool:
        try:
            for item in items:
                if len(running) == threads:
                    running = _wait(running, failures)
                if failures:
                    break
                running.add(pool.submit(work, item))
            while running and not failures:
                running = _wait(running, failures)
        except BaseException as error:
            failures.append(error)
        if failures:
            meter.stop()
    failures += _failures(running)
    # The others were told to end because of the first: what they say of it is no news.
    failures.sort(key=lambda failure: isinstance(failure, TransferCancelled))
    try:
        if failures:
            raise failures[0]
    finally:
        failures.clear()  # they hold this frame, which holds them


def _wait(running: set[Future[object]], failures: list[BaseException]) -> set[Future[object]]:
    """Wait until one is over, note how, and return the others."""
    done, left = wait(running, return_when=FIRST_COMPLETED)
    failures += _failures(done)
    return left


def _failures(ended: Iterable[Future[object]]) -> list[BaseException]:
    return [failure for future in ended if (failure := future.exception()) is not None]
