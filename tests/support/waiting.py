"""Waiting for a condition with a bound: the only way a test waits for another process."""

import time
from collections.abc import Callable


class NotInTime(AssertionError):
    """The condition did not become true within its bound."""


def wait_until(condition: Callable[[], bool], *, seconds: float, what: str, every_seconds: float = 0.01) -> None:
    """Return as soon as `condition()` is true; raise `NotInTime` naming `what` after `seconds`.

    What `condition` raises passes through, so a condition may also report why it can no longer become true.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            raise NotInTime(f"not within {seconds} s: {what}")
        time.sleep(every_seconds)
