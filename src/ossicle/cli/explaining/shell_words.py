"""A line as it was given to a shell, taken apart as that shell does: POSIX shells and bash, or cmd of Windows.

`shlex` knows neither bash's `$'...'` nor where a line ends that was meant to go on: an `&` without quotes ends a command, and with it
many a URL.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from ossicle.cli.explaining.unreadable import Unreadable

_CMD: Final = re.compile(r"\^\"|\^[ \t]*\r?\n")
_SPACE: Final = " \t"
_ENDS: Final = "&;|\n"
_ANSI: Final = {"a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_ANSI_CODE: Final = re.compile(
    r"x(?P<byte>[0-9a-fA-F]{1,2})|u(?P<short>[0-9a-fA-F]{1,4})|U(?P<long>[0-9a-fA-F]{1,8})|(?P<octal>[0-7]{1,3})"
)
_VARIABLE: Final = re.compile(r"\$(?:[A-Za-z_]\w*|\{[^}]*\}|\()|`")
_REDIRECTION: Final = re.compile(r"(?:&>>?|[0-9]*(?:<<<|<|>>|>\||>)(?:&(?:[0-9]+|-))?)")
_COMPLETE: Final = re.compile(r"&(?:[0-9]+|-)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of the first command of a line.

    `rest` is what the shell takes for another command, with the mark that divides the two. `has_variables` says that some word holds
    what a shell would have replaced, which stands here as it is written.
    """

    words: tuple[str, ...] = field(repr=False)
    rest: str = field(default="", repr=False)
    has_variables: bool = False


def split_line(text: str) -> Words:
    """Return the words of a line for cmd if it escapes as only cmd does, else for a POSIX shell.

    Raises:
        Unreadable: a quote is never closed.
    """
    line = text.replace("\r\n", "\n").strip("\n")
    return _split_cmd(line) if _CMD.search(line) else _Posix(line).split()


class _Posix:
    """One pass over a line."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._words: list[str] = []
        self._word: list[str] | None = None
        self._has_variables = False

    def split(self) -> Words:
        while self._at < len(self._text):
            mark = self._text[self._at]
            if self._skips_redirection():
                continue
            if mark in _ENDS:
                break
            if mark == "#" and self._word is None:
                self._at = self._find("\n", self._at)
                break
            self._take(mark)
        self._end_word()
        return Words(words=tuple(self._words), rest=self._text[self._at :], has_variables=self._has_variables)

    def _take(self, mark: str) -> None:
        if mark in _SPACE:
            self._end_word()
            self._at += 1
        elif mark == "\\":
            self._add(
                self._text[self._at + 1 : self._at + 2].replace("\n", ""),
                is_word=self._text[self._at + 1 : self._at + 2] != "\n",
            )
            self._at += 2
        elif mark == "'":
            self._quoted()
        elif mark == '"':
            self._double_quoted()
        elif self._text.startswith("$'", self._at):
            self._ansi_quoted()
        else:
            self._look_for_variable()
            self._add(mark)
            self._at += 1

    def _quoted(self) -> None:
        end = self._closing("'", self._at + 1)
        self._add(self._text[self._at + 1 : end])
        self._at = end + 1

    def _double_quoted(self) -> None:
        self._add("")
        self._at += 1
        while self._mark() != '"':
            if self._mark() == "\\" and self._text[self._at + 1 : self._at + 2] in '$`"\\\n':
                self._add(self._text[self._at + 1].replace("\n", ""))
                self._at += 2
            else:
                self._look_for_variable()
                self._add(self._mark())
                self._at += 1
        self._at += 1

    def _ansi_quoted(self) -> None:
        self._add("")
        self._at += 2
        while self._mark() != "'":
            if self._mark() == "\\":
                self._at += 1
                self._escaped()
            else:
                self._add(self._mark())
                self._at += 1
        self._at += 1

    def _escaped(self) -> None:
        found = _ANSI_CODE.match(self._text, self._at)
        if found is None:
            mark = self._mark()
            self._add(_ANSI.get(mark, mark if mark in "'\"\\?" else f"\\{mark}"))
            self._at += 1
            return
        digits = found["byte"] or found["short"] or found["long"]
        code = int(digits, 16) if digits else int(found["octal"], 8) & 0xFF
        if found["short"] or found["long"]:
            self._add(chr(code) if code < 0x110000 else "\ufffd")
        else:
            self._add(bytes((code,)).decode("utf-8", "surrogateescape"))
        self._at = found.end()

    def _skips_redirection(self) -> bool:
        """Go past `< file`, `2>&1` and the like, and say whether one was there."""
        found = _REDIRECTION.match(self._text, self._at)
        if found is None or (found[0][0].isdigit() and self._word is not None):
            return False
        self._end_word()
        self._at = found.end()
        if _COMPLETE.search(found[0]) is None:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            kept = list(self._words)
            while self._at < len(self._text) and self._text[self._at] not in _SPACE + _ENDS + "<>":
                self._take(self._text[self._at])
            self._word = None
            self._words = kept
        return True

    def _look_for_variable(self) -> None:
        self._has_variables |= _VARIABLE.match(self._text, self._at) is not None

    def _mark(self) -> str:
        if self._at >= len(self._text):
            raise Unreadable("a quote is never closed")
        return self._text[self._at]

    def _closing(self, mark: str, start: int) -> int:
        end = self._text.find(mark, start)
        if end < 0:
            raise Unreadable("a quote is never closed")
        return end

    def _find(self, mark: str, start: int) -> int:
        end = self._text.find(mark, start)
        return len(self._text) if end < 0 else end

    def _add(self, text: str, *, is_word: bool = True) -> None:
        if self._word is None and is_word:
            self._word = []
        if self._word is not None:
            self._word.append(text)

    def _end_word(self) -> None:
        if self._word is not None:
            word = "".join(self._word)
            # Bytes that were written one by one may be UTF-8 together.
            self._words.append(word.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape"))
            self._word = None


def _split_cmd(text: str) -> Words:
    """Return what a program gets from cmd: cmd takes away the carets, then the program's start-up code the quotes."""
    plain, rest = _without_carets(text)
    return Words(words=tuple(_program_arguments(plain)), rest=rest, has_variables=False)


def _without_carets(text: str) -> tuple[str, str]:
    """Return the first command as cmd passes it on, and what comes after it."""
    passed: list[str] = []
    is_quoted = False
    at = 0
    while at < len(text):
        mark = text[at]
        if mark == "^" and not is_quoted:
            # A caret at the end of a line takes the line end with it, and the mark after that as it is.
            at += 1
            if text[at : at + 1] == "\n":
                at += 1
            passed.append(text[at : at + 1])
        elif mark in "&|\n" and not is_quoted:
            return "".join(passed), text[at:]
        else:
            is_quoted ^= mark == '"'
            passed.append(mark)
        at += 1
    return "".join(passed), ""


def _program_arguments(text: str) -> list[str]:
    """Return the arguments as Microsoft's C runtime divides them: backslashes count only before a quote."""
    words: list[str] = []
    word: list[str] | None = None
    is_quoted = False
    for slashes, mark in re.findall(r"(\\*)([^\\]|$)", text, re.DOTALL):
        kept = len(slashes) // 2 if mark == '"' else len(slashes)
        is_literal = mark != '"' or len(slashes) % 2 == 1
        if mark in (" ", "\t", "\n", "") and not is_quoted:
            if word is not None or slashes:
                words.append("".join([*(word or ()), slashes]))
            word = None
            continue
        word = [*(word or ()), "\\" * kept]
        if is_literal:
            word.append(mark)
        else:
            is_quoted = not is_quoted
    if is_quoted:
        raise Unreadable("a quote is never closed")
    return words
