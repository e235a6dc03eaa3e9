"""`ossicle ls`: list buckets, the objects of one, or its unfinished uploads."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import click

from ossicle.cli.completion import complete_name
from ossicle.cli.connection import Connection, connection_options
from ossicle.cli.listing import buckets_of, pages_of, uploads_of
from ossicle.cli.names import SCHEME, ObjectName, parse_name
from ossicle.cli.output import Output, output_options, plain, print_json, print_table
from ossicle.cli.sizes import render_size

if TYPE_CHECKING:
    from ossicle.client.sync import Client
    from ossicle.wire.api.bucket import ObjectProperties


@click.command
@click.argument("name", metavar="[oss://BUCKET[/PREFIX]]", default=SCHEME, shell_complete=complete_name)
@click.option("--recursive", "-r", is_flag=True, help="All keys, instead of one level up to the next slash.")
@click.option("--uploads", "-m", is_flag=True, help="Unfinished multipart uploads instead of objects.")
@click.option("--all-versions", is_flag=True, help="All versions and delete markers of the objects.")
@click.option("--limit", "--limited-num", type=click.IntRange(min=1), metavar="N", help="No more than N.")
@click.option("--human-readable", "-H", is_flag=True, help="Sizes such as 1.5 MiB.")
@connection_options
@output_options
def ls(
    *,
    name: str,
    recursive: bool,
    uploads: bool,
    all_versions: bool,
    limit: int | None,
    human_readable: bool,
    connection: Connection,
    output: Output,
) -> None:
    """List buckets, or the objects of one. Everything is listed, however many pages that takes."""
    found = parse_name(name)
    if uploads and not found.bucket:
        raise click.BadParameter("name the bucket whose uploads are wanted: oss://BUCKET[/PREFIX]")
    if all_versions and (uploads or not found.bucket):
        raise click.BadParameter("--all-versions goes with oss://BUCKET[/PREFIX], without --uploads")
    with connection.client() as client:
        if uploads:
            _list_uploads(client, found, output, limit)
        elif all_versions:
            from ossicle.cli.ls_versions import list_versions

            delimiter = None if recursive else "/"
            list_versions(client, found, output, delimiter, limit, is_for_people=human_readable)
        elif found.bucket:
            entries = islice(_entries(client, found, None if recursive else "/"), limit)
            _print_entries(found, entries, output, is_for_people=human_readable)
        else:
            _list_buckets(client, output, limit)


def _list_buckets(client: "Client", output: Output, limit: int | None) -> None:
    buckets = islice(buckets_of(client), limit)
    if output.is_json:
        facts = [
            {
                "name": item.name,
                "created": item.creation_date,
                "region": item.region,
                "storage_class": item.storage_class,
                "extranet_endpoint": item.extranet_endpoint,
                "intranet_endpoint": item.intranet_endpoint,
            }
            for item in buckets
        ]
        print_json({"buckets": facts})
        return
    rows = (
        (plain(item.creation_date), item.region or "", str(item.storage_class), f"{SCHEME}{item.name}")
        for item in buckets
    )
    print_table(rows, (24, 14, 12))


def _entries(client: "Client", name: ObjectName, delimiter: str | None) -> "Iterator[str | ObjectProperties]":
    """Yield what a level has, in the order of keys: groups as text, and objects."""
    for page in pages_of(client, name, delimiter=delimiter):
        entries: list[tuple[str, str | ObjectProperties]] = [(item.key or "", item) for item in page.contents]
        entries += [(group.prefix or "", group.prefix or "") for group in page.common_prefixes]
        for _, entry in sorted(entries, key=lambda entry: entry[0].encode()):
            yield entry


def _print_entries(
    name: ObjectName, entries: "Iterator[str | ObjectProperties]", output: Output, *, is_for_people: bool
) -> None:
    if output.is_json:
        _print_as_json(entries)
        return
    rows = (
        ("", "", "", f"{SCHEME}{name.bucket}/{entry}")
        if isinstance(entry, str)
        else (
            plain(entry.last_modified),
            render_size(entry.size or 0) if is_for_people else str(entry.size),
            str(entry.storage_class),
            f"{SCHEME}{name.bucket}/{entry.key}",
        )
        for entry in entries
    )
    print_table(rows, (24, -12, 12))


def _print_as_json(entries: "Iterator[str | ObjectProperties]") -> None:
    objects: list[dict[str, object]] = []
    prefixes: list[str] = []
    for entry in entries:
        if isinstance(entry, str):
            prefixes.append(entry)
            continue
        objects.append(
            {
                "key": entry.key,
                "size": entry.size,
                "last_modified": entry.last_modified,
                "etag": entry.etag,
                "storage_class": entry.storage_class,
                "type": entry.object_type,
            }
        )
    print_json({"objects": objects, "common_prefixes": prefixes})


def _list_uploads(client: "Client", name: ObjectName, output: Output, limit: int | None) -> None:
    found = islice(uploads_of(client, name), limit)
    if output.is_json:
        facts = [{"key": item.key, "upload_id": item.upload_id, "initiated": item.initiated} for item in found]
        print_json({"uploads": facts})
        return
    rows = ((plain(item.initiated), item.upload_id or "", f"{SCHEME}{name.bucket}/{item.key}") for item in found)
    print_table(rows, (24, 32))
