"""One thing to be moved: what it is called, whether it is needed, and how it is done. Finding it out may have failed already."""

from collections.abc import Callable
from dataclasses import dataclass, field

Moved = Callable[[int, int, int | None], object]
"""Told of progress: bytes since the last time, bytes so far, bytes in all if that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something to do.

    Attributes:
        action: the verb, such as `upload`.
        source: what is moved, for people.
        target: where it goes, for people.
        size: its bytes, where that is known.
        run: does it.
        is_resumable: whether the same command goes on where it was interrupted.
        skip: returns why it is not needed, or None.
    """

    action: str
    source: str
    target: str
    run: Callable[[Moved], object] = field(repr=False)
    size: int | None = None
    is_resumable: bool = False
    skip: Callable[[], str | None] = field(default=lambda: None, repr=False)


def failed(action: str, source: str, target: str, error: Exception) -> Task:
    """Return a task of which it is known already that it can't be done."""

    def fail(moved: Moved) -> None:
        raise error

    return Task(action=action, source=source, target=target, run=fail)


def unneeded(action: str, source: str, target: str, why: str) -> Task:
    """Return a task that is only told of."""
    return Task(action=action, source=source, target=target, run=lambda moved: None, skip=lambda: why)
