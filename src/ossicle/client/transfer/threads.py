"""Runs the parts of a transfer, several at a time, and ends them together."""

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from ossicle.client.transfer.failures import TransferCancelled
from ossicle.client.transfer.ledger import Meter

T = TypeVar("T")


def run_all(work: Callable[[T], object], items: Iterable[T], *, threads: int, meter: Meter) -> None:
    """Do `work` for all items, `threads` at a time, never holding more than that many of them.

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
    # The others were told to end because of the first: what they say of it is no news.
    failures += _failures(running)
    causes = [failure for failure in failures if not isinstance(failure, TransferCancelled)]
    if failures:
        raise (causes or failures)[0]


def _wait(running: set[Future[object]], failures: list[BaseException]) -> set[Future[object]]:
    """Wait until one is over, note how, and return the others."""
    done, left = wait(running, return_when=FIRST_COMPLETED)
    failures += _failures(done)
    return left


def _failures(ended: Iterable[Future[object]]) -> list[BaseException]:
    return [failure for future in ended if (failure := future.exception()) is not None]
