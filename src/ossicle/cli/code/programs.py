"""The programs of `templates/`, with a URL, headers and a file filled in."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import click

from ossicle.cli.code import literals
from ossicle.cli.curl import has_dot_segment
from ossicle.cli.output import plain

if TYPE_CHECKING:
    from ossicle.client.presign import PresignResult

_BLOCK: Final = re.compile(
    r"^[^\n]*presigned: begin[^\n]*\n(.*?)^[^\n]*presigned: end[^\n]*\n", re.DOTALL | re.MULTILINE
)
_CONSTANT: Final = re.compile(r'"(URL|NAME|VALUE|FILE)"|EXPIRATION')


def _as_text(value: str) -> str:
    return value


def _as_bytes(value: str) -> str:
    """Return one character for each byte of UTF-8: what becomes those bytes where headers are written in Latin-1."""
    return value.encode().decode("latin-1")


def _ascii_only(value: str) -> str:
    if not value.isascii():
        raise click.BadParameter(
            f"the header value {value!r} can't be sent in this language: use ASCII, for example by percent-encoding it"
        )
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One kind of program.

    Attributes:
        template: its file below `templates/`.
        literal: writes a text as this language does.
        sent: gives the text that makes its library send a header's value in UTF-8.
        takes_file: whether the file can be named beforehand.
        keeps_dots: whether its library sends a path with `.` and `..` in it as it is.
    """

    template: str
    literal: Callable[[str], str]
    sent: Callable[[str], str]
    takes_file: bool = True
    keeps_dots: bool = True


LANGUAGES: Final[Mapping[str, Language]] = {
    "python": Language(template="python/upload.py", literal=literals.code_points, sent=_as_bytes, keeps_dots=False),
    "go": Language(template="go/upload.go", literal=literals.code_points, sent=_as_text),
    "java": Language(template="java/Upload.java", literal=literals.utf16, sent=_as_text),
    "node": Language(template="node/upload.mjs", literal=literals.script, sent=_as_bytes, keeps_dots=False),
    "browser": Language(
        template="browser/upload.html", literal=literals.script, sent=_as_bytes, takes_file=False, keeps_dots=False
    ),
    "csharp": Language(template="csharp/Upload.cs", literal=literals.utf16, sent=_ascii_only, keeps_dots=False),
    "cpp": Language(template="cpp/upload.cpp", literal=literals.utf8, sent=_as_text),
    "android": Language(template="android/Upload.java", literal=literals.utf16, sent=_ascii_only),
}
"""By the name that `--code` takes."""


def program_text(result: "PresignResult", language: str, file: str | None) -> str:
    """Return a program that uploads the file named by its first argument, else `file`.

    A refusal is printed and makes it exit with 1; with 2 it ends when there was no answer.
    """
    from importlib import resources

    chosen = LANGUAGES[language]
    if file is not None and not chosen.takes_file:
        raise click.BadParameter(f"--file does not go with --code {language}: the page asks for the file")
    if file is not None and not _is_utf8(file):
        raise click.BadParameter("--file: a name that is not UTF-8 can't stand in a program; name it when you run that")
    if has_dot_segment(result) and not chosen.keeps_dots:
        raise click.BadParameter(
            f"the libraries of --code {language} take . and .. out of a key: use curl, go, java, cpp or android"
        )
    for name, value in result.signed_headers.items():
        if not _is_utf8(value):
            raise click.BadParameter(
                f"the value of {name} is not UTF-8 and can't stand in a program; --curl can send it"
            )
    template = (
        resources.files("ossicle.cli.code").joinpath("templates", chosen.template).read_text("utf-8").rstrip("\n")
    )
    constants = {"URL": result.url, "FILE": file or "", "EXPIRATION": plain(result.expiration)}
    return _BLOCK.sub(lambda block: "".join(_filled(block[1], chosen, constants, _headers(result))), template)


def _is_utf8(text: str) -> bool:
    return not any("\ud800" <= mark <= "\udfff" for mark in text)


def _headers(result: "PresignResult") -> dict[str, str]:
    """Return what is to be set; the length is the file's, and every program sends that by itself."""
    return {name: value for name, value in result.signed_headers.items() if name.lower() != "content-length"}


def _filled(block: str, language: Language, constants: Mapping[str, str], headers: Mapping[str, str]) -> Iterator[str]:
    """Give the block's lines with constants for their placeholders; the line of a header comes once for each."""
    for line in block.splitlines(keepends=True):
        if '"NAME"' in line:
            for name, value in headers.items():
                yield _replaced(line, language, {"NAME": name, "VALUE": language.sent(value)})
        else:
            yield _replaced(line, language, constants)


def _replaced(line: str, language: Language, constants: Mapping[str, str]) -> str:
    return _CONSTANT.sub(
        lambda found: language.literal(constants[found[1]]) if found[1] else constants["EXPIRATION"], line
    )
