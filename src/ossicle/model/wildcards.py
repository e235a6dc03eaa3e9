"""Patterns with `*` for any text and `?` for any one character."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_TEXTS_MAX: Final = 2
_NUMBERS_MAX: Final = 64
"""How many texts, and how many letters of each, are remembered with their places."""


def is_fitted(text: str, patterns: Iterable[str]) -> bool:
    """Whether one of the patterns fits the whole text.

    Patterns and texts are what strangers write, so nothing is tried twice: what stands between the stars is looked for from left to
    right, once each, by the linear search of strings. Where it has a `?`, all places are tried at once, as the bits of a number.
    """
    wanted = _Text(text)
    return any(wanted.fits(pattern) for pattern in patterns)


class _Text:
    def __init__(self, text: str) -> None:
        self._text = text

    def fits(self, pattern: str) -> bool:
        first, *others = pattern.split("*")
        if not others:
            return len(self._text) == len(first) and self._find(first, 0, len(first)) == 0
        *middle, last = others
        at, end = len(first), len(self._text) - len(last)
        if at > end or self._find(first, 0, at) < 0 or self._find(last, end, len(self._text)) < 0:
            return False
        for piece in middle:
            found = self._find(piece, at, end)
            if found < 0:
                return False
            at = found + len(piece)
        return True

    def _find(self, piece: str, start: int, end: int) -> int:
        """Return the first place at which a piece without stars fits between two others, or -1."""
        if "?" not in piece:
            return self._text.find(piece, start, end)
        room = end - start - len(piece) + 1
        found = (1 << max(room, 0)) - 1
        for place, letter in enumerate(piece, start):
            if not found:
                break
            if letter != "?":
                found &= _places(self._text).of(letter) >> place
        return start + (found & -found).bit_length() - 1 if found else -1


class _Places:
    """Where a text has which letter, as numbers whose bits are set there."""

    def __init__(self, text: str) -> None:
        self._bytes = len(text) // 8 + 1
        self._places: dict[str, list[int]] = {}
        for place, letter in enumerate(text):
            self._places.setdefault(letter, []).append(place)
        self._numbers: dict[str, int] = {}

    def of(self, letter: str) -> int:
        number = self._numbers.get(letter)
        if number is None:
            bits = bytearray(self._bytes)
            for place in self._places.get(letter, ()):
                bits[place >> 3] |= 1 << (place & 7)
            if len(self._numbers) >= _NUMBERS_MAX:
                self._numbers.clear()
            number = self._numbers[letter] = int.from_bytes(bits, "little")
        return number


@lru_cache(_TEXTS_MAX)
def _places(text: str) -> _Places:
    # A policy may have hundreds of patterns for one text, which is as long as a request's head.
    return _Places(text)
