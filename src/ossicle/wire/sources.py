"""Where time and identity come from: arguments everywhere, so that a test holds both still."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time of day, as an aware UTC datetime."""

    def __call__(self) -> datetime:
        """Return the present moment, aware and in UTC."""
        ...


class IdSource(Protocol):
    """Fresh unguessable bytes, which ids are made of."""

    def __call__(self, count: int, /) -> bytes:
        """Return `count` random bytes."""
        ...
