"""Patterns with `*` for any text and `?` for any one character."""

from collections.abc import Iterable


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
        self._places: dict[str, int] = {}

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
                found &= self._places_of(letter) >> place
        return start + (found & -found).bit_length() - 1 if found else -1

    def _places_of(self, letter: str) -> int:
        """Return a number whose bits are set where the text has the letter."""
        if not self._places:
            for place, other in enumerate(self._text):
                self._places[other] = self._places.get(other, 0) | 1 << place
        return self._places.get(letter, 0)
