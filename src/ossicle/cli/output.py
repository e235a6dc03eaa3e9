"""How results are printed: data on standard output, everything else on standard error."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import click

from ossicle.cli.groups import group_of_options


@dataclass(frozen=True, kw_only=True)
class Output:
    """Whether a person reads or a program."""

    json: bool
    output_format: str

    @property
    def is_json(self) -> bool:
        """Whether data is printed as JSON."""
        return self.json or self.output_format == "json"

    def print_fields(self, values: Mapping[str, object]) -> None:
        """Print one thing: an object in JSON, else a line for each field that is known."""
        if self.is_json:
            print_json(values)
        else:
            known = {name.replace("_", " "): plain(value) for name, value in values.items() if value is not None}
            width = max(len(name) for name in known) + 2
            for name, text in known.items():
                print(printable(f"{name:{width}}{text}"))

    def print_done(self, message: str, values: Mapping[str, object]) -> None:
        """Say that something without result is done: in JSON as data, else as a message."""
        if self.is_json:
            print_json(values)
        else:
            note(message)


output_options = group_of_options(
    "output",
    Output,
    (
        click.option("--json", is_flag=True, help="Print JSON."),
        click.option("--output-format", type=click.Choice(["raw", "json"]), default="raw", help="`json` is --json."),
    ),
)
"""Gives a command its `output`."""


def print_json(value: object) -> None:
    """Print JSON that any reader takes: bytes that were no UTF-8 are replaced."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=plain)
    print(printable(text, has_lines=True))


def print_table(rows: Iterable[Sequence[str]], widths: Sequence[int]) -> None:
    """Print rows as they come, the last column unpadded; a negative width sets a column to the right."""
    for row in rows:
        cells = [
            f"{cell:>{-width}}" if width < 0 else f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)
        ]
        print(printable("  ".join([*cells, row[-1]])))


def note(message: str) -> None:
    """Print a message for the person at the terminal."""
    print(printable(message, has_lines=True), file=sys.stderr)


def plain(value: object) -> str:
    """Return a value as text: moments in RFC 3339, in UTC."""
    if isinstance(value, datetime):
        moment = value.astimezone(UTC)
        return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds").replace("+00:00", "Z")
    return str(value)


def printable(text: str, *, has_lines: bool = False) -> str:
    """Return text that a terminal takes as text: what is no character to be seen is written as an escape.

    Line ends are escaped too, unless the text `has_lines` of its own: a key that holds one must not look like two.
    """
    return "".join(
        mark if mark.isprintable() or (has_lines and mark == "\n") else mark.encode("unicode_escape").decode()
        for mark in text
    )
