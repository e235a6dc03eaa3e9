"""What is told of a refusal: one cause, in plain words, with what to do."""

import re
from typing import Final

from ossicle.wire.explain.attempt import Facts
from ossicle.wire.explain.catalogue import CAUSES, UNKNOWN, Cause
from ossicle.wire.records import record
from ossicle.wire.text import legible

_FACT_CHARACTERS_MAX: Final = 120
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f]")


@record
class Finding:
    """A cause, and the facts that its words have room for."""

    cause: Cause
    facts: Facts

    @property
    def words(self) -> str:
        """What went wrong."""
        return self.cause.words.format(**self._shown())

    @property
    def fix(self) -> str:
        """What to do."""
        return self.cause.fix.format(**self._shown())

    def _shown(self) -> dict[str, str]:
        return {name: _shown(text if name == "how" else _visible(text)) for name, text in self.facts.items()}


@record
class Explanation:
    """Why a request is refused. There are two findings only where no single one makes the signature fit."""

    findings: tuple[Finding, ...]

    @property
    def id(self) -> str:
        """The ids of the causes, joined with `+`."""
        return "+".join(finding.cause.id for finding in self.findings)

    @property
    def text(self) -> str:
        """What went wrong and what to do."""
        return " ".join(f"{finding.words} {finding.fix}" for finding in self.findings)

    @property
    def line(self) -> str:
        """Id and text in ASCII on one line, for a header."""
        return f"{self.id}: {self.text}".encode("ascii", "backslashreplace").decode("ascii")


def found(cause: str, facts: Facts | None = None) -> Explanation:
    """Return the explanation of one cause, by its id."""
    return Explanation(findings=(Finding(cause=CAUSES[cause], facts=facts or {}),))


UNEXPLAINED: Final = found(UNKNOWN.id)
"""What is told when nothing fits: with a wrong secret as with a key that nobody has."""


def _visible(text: str) -> str:
    """Return a text in quotes if nobody would see its end."""
    return text if text == text.strip(" ") else f'"{text}"'


def _shown(text: str) -> str:
    """Return a fact fit for a line: bounded, and with what can't be seen written out."""
    if len(text) > _FACT_CHARACTERS_MAX:
        text = text[:_FACT_CHARACTERS_MAX] + "..."
    return _CONTROL.sub(lambda mark: f"\\x{ord(mark[0]):02x}", legible(text))
