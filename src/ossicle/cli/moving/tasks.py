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
        is_resumable: whether the same command goes on where it was interrupted, if that has so many bytes.
        skip: returns why it is not needed, or None.
        probe: fails where `run` would, as far as that can be found out without doing it.
        writes: whether `target` is what gets written.
    """

    action: str
    source: str
    target: str
    run: Callable[[Moved], object] = field(repr=False)
    size: int | None = None
    is_resumable: Callable[[int | None], bool] = field(default=lambda size: False, repr=False)
    skip: Callable[[], str | None] = field(default=lambda: None, repr=False)
    probe: Callable[[], object] = field(default=lambda: None, repr=False)
    writes: bool = True


def failed(action: str, source: str, target: str, error: Exception) -> Task:
    """Return a task of which it is known already that it can't be done."""

    def fail(*told: object) -> None:
        raise error

    return Task(action=action, source=source, target=target, run=fail, probe=fail, writes=False)


def unneeded(action: str, source: str, target: str, why: str) -> Task:
    """Return a task that is only told of."""
    return Task(action=action, source=source, target=target, run=lambda moved: None, skip=lambda: why, writes=False)
