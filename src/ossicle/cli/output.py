"""How results are printed: data on standard output, everything else on standard error."""

import codecs
import io
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
    """Print JSON that any reader takes, with names as they are where they can be shown."""
    print(json_text(value, sys.stdout.encoding, indent=2))


def json_text(value: object, encoding: str | None, *, indent: int | None = None) -> str:
    """Return JSON; what is no character to be seen, or can't be written in `encoding`, is escaped as JSON does it."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=plain)
    is_unicode = codecs.lookup(encoding or "utf-8").name.startswith("utf")
    return "".join(
        mark if mark == "\n" or (mark.isprintable() and (is_unicode or mark.isascii())) else _json_escape(mark)
        for mark in text
    )


def _json_escape(mark: str) -> str:
    return f"\\u{ord(mark):04x}" if ord(mark) < 0x10000 else json.dumps(mark).strip('"')


def print_table(rows: Iterable[Sequence[str]], widths: Sequence[int]) -> None:
    """Print rows as they come, the last column unpadded; a negative width sets a column to the right."""
    for row in rows:
        cells = [
            f"{cell:>{-width}}" if width < 0 else f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)
        ]
        print(printable("  ".join([*cells, row[-1]])))


def print_command(line: str) -> None:
    """Print a line for a shell, in UTF-8 whatever the terminal shows: an escape in it would be another command."""
    from ossicle.wire.text import encode

    binary = getattr(sys.stdout, "buffer", None)
    if binary is None:
        print(line)
    else:
        sys.stdout.flush()
        binary.write(encode(line) + b"\n")


def show_any_character() -> None:
    """Let standard output show an escape for a character that its encoding lacks; standard error does so anyway."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def note(message: str, *, has_lines: bool = False) -> None:
    """Print a message for the person at the terminal."""
    print(printable(message, has_lines=has_lines), file=sys.stderr)


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
