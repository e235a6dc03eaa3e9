"""Causes as they are told to the owner: those of the catalogue, and the few that only the owner may be told."""

from dataclasses import dataclass
from typing import Final

from ossicle.wire.explain import UNKNOWN, Explanation, Refused, explain_refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why a request is refused: a name for programs, what is wrong, and what to do. Names are ids of the catalogue where it has them."""

    name: str
    text: str
    fix: str


CUT_BY_A_SHELL: Final = Cause(
    name="url-cut",
    text="The URL stands without quotes, so the shell ends the command at its first & and never sends the rest.",
    fix="Put the URL in single quotes (in cmd and PowerShell: in double quotes).",
)
UNSIGNED: Final = Cause(
    name="unsigned",
    text="Nothing signs the request: neither its URL nor an Authorization header.",
    fix="Use the whole URL, with all that stands behind its question mark; a HAR file may have been saved without secrets.",
)
UNKNOWN_CAUSE: Final = Cause(
    name=UNKNOWN.id,
    text=(
        "What arrived is not what was signed, and no known mistake explains the difference; or the secret is not that of the "
        "access key (from {source})."
    ),
    fix=(
        "Give every header that was signed (-H): one that can't be guessed, such as metadata, is not found out. Then compare method, "
        "path, query and headers with what was signed, and the secret, character by character."
    ),
)


def causes_of(refused: Refused, otherwise: Cause | None = None) -> tuple[Cause, ...]:
    """Return why a request is refused before its signature is compared."""
    explanation = explain_refusal(refused)
    if explanation is not None:
        return found_causes(explanation)
    fix = "Copy the URL again, whole, or sign a new one."
    return (otherwise or Cause(name="malformed", text=refused.error.message, fix=fix),)


def found_causes(explanation: Explanation) -> tuple[Cause, ...]:
    """Return the causes of an explanation."""
    return tuple(Cause(name=one.cause.id, text=one.words, fix=one.fix) for one in explanation.findings)
