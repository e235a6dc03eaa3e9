"""Stores that fail, in the ways that stores may."""

from typing import Any, NoReturn

from ossicle.ports import Conflict, Corrupt, StoreUnavailable

SECRET = "what-only-the-log-may-say"


class Failing:
    """Stands in for a verb of a store; its failure has a text that must not reach the client."""

    secret = SECRET

    def __init__(self, failure: Exception) -> None:
        self._failure = failure
        self.calls = 0

    @classmethod
    def unavailable(cls) -> "Failing":
        return cls(StoreUnavailable(SECRET))

    @classmethod
    def conflict(cls) -> "Failing":
        return cls(Conflict(SECRET))

    @classmethod
    def corrupt(cls) -> "Failing":
        return cls(Corrupt(SECRET))

    @classmethod
    def unexpectedly(cls) -> "Failing":
        return cls(ZeroDivisionError(SECRET))

    async def __call__(self, *arguments: Any) -> NoReturn:
        self.calls += 1
        raise self._failure
