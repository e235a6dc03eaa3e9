"""What a check says."""

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """How it is: a warning may be as it should be, a failure is not."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at. `fix` is what to do, where there is something."""

    name: str
    state: State
    text: str
    fix: str | None = None


def ok(name: str, text: str) -> Check:
    """Return that all is well."""
    return Check(name=name, state=State.OK, text=text)


def warning(name: str, text: str, fix: str) -> Check:
    """Return what may be wrong."""
    return Check(name=name, state=State.WARNING, text=text, fix=fix)


def failure(name: str, text: str, fix: str | None = None) -> Check:
    """Return what is wrong."""
    return Check(name=name, state=State.FAILURE, text=text, fix=fix)


def refused(name: str, error: Exception) -> Check:
    """Return what a server or a network said."""
    from ossicle.cli.failures import describe, hints

    return failure(name, describe(error), "; ".join(hints(error)) or None)
