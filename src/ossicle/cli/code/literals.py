"""Text as a string literal of a programming language, in ASCII: a terminal or a clipboard then changes nothing."""

import re
from collections.abc import Callable, Mapping
from typing import Final

# Java reads a `\u` escape of a line end as a line end, hence the letters.
_SPECIAL: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r"}


def code_points(text: str) -> str:
    r"""Return a literal of Python or Go, where a character beyond 16 bits is `\U` and eight digits."""
    return _quoted(text, _SPECIAL, _code_point)


def utf16(text: str) -> str:
    r"""Return a literal of Java or C#, where a character beyond 16 bits is a pair of `\u` escapes."""
    return _quoted(text, _SPECIAL, _utf16_units)


def script(text: str) -> str:
    """Return a literal of JavaScript that can't end the `<script>` it stands in, nor begin a comment of HTML there."""
    return _quoted(text, {**_SPECIAL, "<": "\\u003c"}, _utf16_units)


def utf8(text: str) -> str:
    """Return a literal of C++: bytes, whatever the compiler's character set is, and no trigraph."""
    return re.sub(r"(?<=\?)\?", r"\\?", _quoted(text, _SPECIAL, _octal_bytes))


def _quoted(text: str, special: Mapping[str, str], other: Callable[[str], str]) -> str:
    marks = (special.get(mark) or (mark if " " <= mark <= "~" else other(mark)) for mark in text)
    return f'"{"".join(marks)}"'


def _code_point(mark: str) -> str:
    return f"\\u{ord(mark):04x}" if ord(mark) < 0x10000 else f"\\U{ord(mark):08x}"


def _utf16_units(mark: str) -> str:
    units = mark.encode("utf-16-be").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


def _octal_bytes(mark: str) -> str:
    # Always three digits: a digit that follows belongs to the text.
    return "".join(f"\\{byte:03o}" for byte in mark.encode())
