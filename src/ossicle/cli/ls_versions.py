"""What `ossicle ls --all-versions` prints."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from ossicle.cli.listing import entries_of, versions_of
from ossicle.cli.names import SCHEME, ObjectName
from ossicle.cli.output import Output, plain, print_json, print_table
from ossicle.cli.sizes import render_size

if TYPE_CHECKING:
    from ossicle.client.sync import Client
    from ossicle.wire.api.bucket_versioning import (
        DeleteMarkerProperties,
        ListObjectVersionsResult,
        ObjectVersionProperties,
    )

    Entry = str | ObjectVersionProperties | DeleteMarkerProperties


def list_versions(
    client: "Client", name: ObjectName, output: Output, delimiter: str | None, limit: int | None, *, is_for_people: bool
) -> None:
    """Print all versions and delete markers of a level, by key; of one key the latest comes first, then versions, then markers."""
    pages = versions_of(client, name, delimiter=delimiter)
    entries = islice((entry for page in pages for entry in _entries(page)), limit)
    if output.is_json:
        _print_as_json(entries)
        return
    rows = (_row(name.bucket, entry, is_for_people=is_for_people) for entry in entries)
    print_table(rows, (24, -12, 12, 64))


def _entries(page: "ListObjectVersionsResult") -> "Iterator[Entry]":
    found: list[tuple[bytes, bool, Entry]] = [
        ((item.key or "").encode(), not item.is_latest, item) for item in entries_of(page)
    ]
    found += [((group.prefix or "").encode(), False, group.prefix or "") for group in page.common_prefixes]
    return (entry for _, _, entry in sorted(found, key=lambda row: row[:2]))


def _row(bucket: str, entry: "Entry", *, is_for_people: bool) -> tuple[str, ...]:
    if isinstance(entry, str):
        return "", "", "", "", f"{SCHEME}{bucket}/{entry}"
    place = (entry.version_id or "", f"{SCHEME}{bucket}/{entry.key}{' (latest)' if entry.is_latest else ''}")
    size: int | None = getattr(entry, "size", None)
    if size is None:
        return plain(entry.last_modified), "", "(deleted)", *place
    shown = render_size(size) if is_for_people else str(size)
    return plain(entry.last_modified), shown, str(getattr(entry, "storage_class", "")), *place


def _print_as_json(entries: "Iterator[Entry]") -> None:
    versions: list[dict[str, object]] = []
    prefixes: list[str] = []
    for entry in entries:
        if isinstance(entry, str):
            prefixes.append(entry)
            continue
        size: int | None = getattr(entry, "size", None)
        versions.append(
            {
                "key": entry.key,
                "version_id": entry.version_id,
                "is_latest": entry.is_latest,
                "is_delete_marker": size is None,
                "size": size,
                "last_modified": entry.last_modified,
                "etag": getattr(entry, "etag", None),
            }
        )
    print_json({"versions": versions, "common_prefixes": prefixes})
