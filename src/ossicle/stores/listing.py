"""One page of a listing, from any store that can find keys from a given one on.

Keys are bytes of UTF-8, in which 0xFF never occurs: `prefix + 0xFF` is therefore greater than every key that begins with
`prefix`, and the least possible key after `key` is `key + 0x00`.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVarTuple

from ossicle.model.objects import ListedObject, ObjectPage

AFTER_ALL: Final = b"\xff"
"""Appended to a prefix: greater than every key that begins with it."""

Columns = TypeVarTuple("Columns")


def encode(text: str) -> bytes:
    """Return the bytes that `text` compares by; lone surrogates, which no key holds, compare as they do in `str`."""
    return text.encode("utf-8", "surrogatepass")


def list_page(
    seek: Callable[[bytes, bytes, int], Iterable[tuple[bytes, *Columns]]],
    listed_of: Callable[[tuple[bytes, *Columns]], ListedObject],
    *,
    prefix: str,
    delimiter: str,
    after: str,
    limit: int,
) -> ObjectPage:
    """Return up to `limit` objects and common prefixes after `after`.

    `seek(start, end, count)` finds up to `count` rows with `start <= key < end` in order, and is asked once more for each
    common prefix, from behind it: keys that a common prefix hides are never visited. `listed_of` reads a row, which begins
    with its key.
    """
    first, mark = encode(prefix), encode(delimiter)
    objects: list[ListedObject] = []
    groups: list[bytes] = []
    last: bytes | None = None
    start = _start(first, mark, encode(after))
    while True:
        for row in seek(start, first + AFTER_ALL, limit - len(objects) - len(groups) + 1):
            if len(objects) + len(groups) == limit:
                return _page(objects, groups, last)
            last = _group(row[0], first, mark)
            if last is not None:
                groups.append(last)
                start = last + AFTER_ALL
                break
            objects.append(listed_of(row))
            last = row[0]
        else:
            return _page(objects, groups, None)


def _page(objects: Sequence[ListedObject], groups: Iterable[bytes], next_marker: bytes | None) -> ObjectPage:
    return ObjectPage(
        objects=tuple(objects),
        common_prefixes=tuple(group.decode() for group in groups),
        next_marker=None if next_marker is None else next_marker.decode(),
    )


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
