"""One page of a listing, from any store that can find entries from a given key on.

Keys are bytes of UTF-8, in which 0xFF never occurs: `prefix + 0xFF` is therefore greater than every key that begins with
`prefix`, and the least possible key after `key` is `key + 0x00`. Several multipart uploads may have one key; they are ordered by
upload id, so that a place in their walk is a pair. So it is for the versions of a key, which are ordered by rank.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from ossicle.model.objects import (
    RANK_MIN,
    ListedObject,
    ListedVersion,
    MultipartUpload,
    ObjectPage,
    UploadMarker,
    UploadPage,
    VersionMarker,
    VersionPage,
)

AFTER_ALL: Final = b"\xff"
"""Appended to a prefix: greater than every key that begins with it."""

Row = TypeVar("Row", bound=tuple[Any, ...])
Place = TypeVar("Place")
UploadPlace = tuple[bytes, bytes]
"""Uploads behind this key and upload id; no upload id is empty."""
VersionPlace = tuple[bytes, int]
"""Versions behind this key and rank."""


def encode(text: str) -> bytes:
    """Return the bytes that `text` compares by; lone surrogates, which no key holds, compare as they do in `str`."""
    return text.encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walk(Generic[Row]):
    """What a walk came by: rows, common prefixes, and the last of both if there is more behind it."""

    rows: list[Row]
    groups: list[bytes]
    last: Row | bytes | None


def list_page(
    seek: Callable[[bytes, bytes, int], Iterable[Row]],
    listed_of: Callable[[Row], ListedObject],
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
    walk = _walk(seek, _start(first, mark, encode(after)), lambda key: key, first=first, mark=mark, limit=limit)
    last = walk.last[0] if isinstance(walk.last, tuple) else walk.last
    return ObjectPage(
        objects=tuple(listed_of(row) for row in walk.rows),
        common_prefixes=tuple(group.decode() for group in walk.groups),
        next_marker=None if last is None else last.decode(),
    )


def list_upload_page(
    seek: Callable[[UploadPlace, bytes, int], Iterable[Row]],
    upload_of: Callable[[Row], MultipartUpload],
    *,
    prefix: str,
    delimiter: str,
    after: UploadMarker | None,
    limit: int,
) -> UploadPage:
    """Return up to `limit` multipart uploads and common prefixes behind `after`; see `list_page`.

    `seek(place, end, count)` finds rows behind a place, with keys less than `end`.
    """
    first, mark = encode(prefix), encode(delimiter)
    start = (first, b"") if after is None else _upload_start(first, mark, after)
    walk = _walk(seek, start, lambda key: (key, b""), first=first, mark=mark, limit=limit)
    uploads = tuple(upload_of(row) for row in walk.rows)
    if walk.last is None:
        marker = None
    elif isinstance(walk.last, bytes):
        marker = UploadMarker(key=walk.last.decode())
    else:
        marker = UploadMarker(key=uploads[-1].key, upload_id=uploads[-1].upload_id)
    return UploadPage(
        uploads=uploads, common_prefixes=tuple(group.decode() for group in walk.groups), next_marker=marker
    )


def list_version_page(
    seek: Callable[[VersionPlace, bytes, int], Iterable[Row]],
    version_of: Callable[[Row], ListedVersion],
    *,
    prefix: str,
    delimiter: str,
    after: VersionMarker | None,
    limit: int,
) -> VersionPage:
    """Return up to `limit` versions, delete markers and common prefixes behind `after`; see `list_upload_page`."""
    first, mark = encode(prefix), encode(delimiter)
    start = (first, RANK_MIN) if after is None else _version_start(first, mark, after)
    walk = _walk(seek, start, lambda key: (key, RANK_MIN), first=first, mark=mark, limit=limit)
    versions = tuple(version_of(row) for row in walk.rows)
    if walk.last is None:
        marker = None
    elif isinstance(walk.last, bytes):
        marker = VersionMarker(key=walk.last.decode())
    else:
        marker = VersionMarker(key=versions[-1].key, rank=versions[-1].rank)
    return VersionPage(
        versions=versions, common_prefixes=tuple(group.decode() for group in walk.groups), next_marker=marker
    )


def _walk(
    seek: Callable[[Place, bytes, int], Iterable[Row]],
    start: Place,
    place_of: Callable[[bytes], Place],
    *,
    first: bytes,
    mark: bytes,
    limit: int,
) -> _Walk[Row]:
    rows: list[Row] = []
    groups: list[bytes] = []
    last: Row | bytes | None = None
    if not mark:  # nothing is grouped: there is no need to look at each
        found = list(seek(start, first + AFTER_ALL, limit + 1))
        rows = found[:limit]
        return _Walk(rows=rows, groups=groups, last=rows[-1] if rows and len(found) > limit else None)
    while True:
        for row in seek(start, first + AFTER_ALL, limit - len(rows) - len(groups) + 1):
            if len(rows) + len(groups) == limit:
                return _Walk(rows=rows, groups=groups, last=last)
            group = _group(row[0], first, mark)
            if group is not None:
                groups.append(group)
                last, start = group, place_of(group + AFTER_ALL)
                break
            rows.append(row)
            last = row
        else:
            return _Walk(rows=rows, groups=groups, last=None)


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


def _upload_start(prefix: bytes, delimiter: bytes, after: UploadMarker) -> UploadPlace:
    key = encode(after.key)
    behind_key = (_start(prefix, delimiter, key), b"")
    if after.upload_id is None or _group(key, prefix, delimiter) == key:
        return behind_key
    return max((prefix, b""), (key, encode(after.upload_id)))


def _version_start(prefix: bytes, delimiter: bytes, after: VersionMarker) -> VersionPlace:
    key = encode(after.key)
    if after.rank is None or _group(key, prefix, delimiter) == key:
        return _start(prefix, delimiter, key), RANK_MIN
    return max((prefix, RANK_MIN), (key, after.rank))
