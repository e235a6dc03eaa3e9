"""One page of a listing, from any store that can find keys from a given one on.

Keys are bytes of UTF-8, in which 0xFF never occurs: `prefix + 0xFF` is therefore greater than every key that begins with
`prefix`, and the least possible key after `key` is `key + 0x00`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Generic, TypeVarTuple

AFTER_ALL: Final = b"\xff"
"""Appended to a prefix: greater than every key that begins with it."""

Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk(Generic[*Columns]):
    """What one page shows: rows, common prefixes, and the last of both when more follows."""

    rows: list[tuple[bytes, *Columns]]
    groups: list[bytes]
    next_marker: bytes | None


def encode(text: str) -> bytes:
    """Return the bytes that `text` compares by; lone surrogates, which no key holds, compare as they do in `str`."""
    return text.encode("utf-8", "surrogatepass")


def walk(
    seek: Callable[[bytes, bytes, int], Iterable[tuple[bytes, *Columns]]],
    *,
    prefix: bytes,
    delimiter: bytes,
    after: bytes,
    limit: int,
) -> Walk[*Columns]:
    """Return up to `limit` rows and common prefixes after `after`.

    `seek(start, end, count)` finds up to `count` rows with `start <= key < end` in order, and is asked once more for each
    common prefix, from behind it: keys that a common prefix hides are never visited.
    """
    rows: list[tuple[bytes, *Columns]] = []
    groups: list[bytes] = []
    last: bytes | None = None
    start = _start(prefix, delimiter, after)
    end = prefix + AFTER_ALL
    while True:
        found = seek(start, end, limit - len(rows) - len(groups) + 1)
        for row in found:
            if len(rows) + len(groups) == limit:
                return Walk(rows=rows, groups=groups, next_marker=last)
            last = _group(row[0], prefix, delimiter)
            if last is not None:
                groups.append(last)
                start = last + AFTER_ALL
                break
            rows.append(row)
            last = row[0]
        else:
            return Walk(rows=rows, groups=groups, next_marker=None)


def _group(key: bytes, prefix: bytes, delimiter: bytes) -> bytes | None:
    if not delimiter:
        return None
    at = key.find(delimiter, len(prefix))
    return None if at < 0 else key[: at + len(delimiter)]


def _start(prefix: bytes, delimiter: bytes, after: bytes) -> bytes:
    if not after:
        return prefix
    if after.startswith(prefix) and _group(after, prefix, delimiter) == after:
        return after + AFTER_ALL  # the marker is a common prefix: its whole group was shown
    return max(prefix, after + b"\0")
