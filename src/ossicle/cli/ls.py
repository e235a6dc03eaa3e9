"""`ossicle ls`: list buckets, or the objects of one."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from ossicle.cli.connection import Connection, connection_options
from ossicle.cli.names import SCHEME, ObjectName, parse_name
from ossicle.cli.output import Output, output_options, plain, print_json, print_table

if TYPE_CHECKING:
    from ossicle.client.sync import Client
    from ossicle.wire.api.bucket import ListObjectsV2Result
    from ossicle.wire.api.service import BucketProperties

PAGE = 1000


@click.command
@click.argument("name", metavar="[oss://BUCKET[/PREFIX]]", default=SCHEME)
@click.option("--recursive", "-r", is_flag=True, help="All keys, instead of one level up to the next slash.")
@connection_options
@output_options
def ls(*, name: str, recursive: bool, connection: Connection, output: Output) -> None:
    """List buckets, or the objects of one. Everything is listed, however many pages that takes."""
    found = parse_name(name)
    with connection.client() as client:
        if found.bucket:
            _list_objects(client, found, output, delimiter=None if recursive else "/")
        else:
            _list_buckets(client, output)


def _list_buckets(client: "Client", output: Output) -> None:
    buckets = _buckets(client)
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


def _list_objects(client: "Client", name: ObjectName, output: Output, *, delimiter: str | None) -> None:
    pages = _pages(client, name, delimiter)
    if output.is_json:
        _print_objects_as_json(pages)
        return
    for page in pages:
        groups = [("", "", "", f"{SCHEME}{name.bucket}/{group.prefix}") for group in page.common_prefixes]
        objects = [
            (
                plain(item.last_modified),
                str(item.size),
                str(item.storage_class),
                f"{SCHEME}{name.bucket}/{item.key}",
            )
            for item in page.contents
        ]
        print_table(sorted(groups + objects, key=lambda row: row[-1]), (24, -12, 12))


def _print_objects_as_json(pages: "Iterator[ListObjectsV2Result]") -> None:
    objects: list[dict[str, object]] = []
    prefixes: list[str | None] = []
    for page in pages:
        prefixes.extend(group.prefix for group in page.common_prefixes)
        objects.extend(
            {
                "key": item.key,
                "size": item.size,
                "last_modified": item.last_modified,
                "etag": item.etag,
                "storage_class": item.storage_class,
                "type": item.object_type,
            }
            for item in page.contents
        )
    print_json({"objects": objects, "common_prefixes": prefixes})


def _buckets(client: "Client") -> "Iterator[BucketProperties]":
    from ossicle.wire.api.service import ListBucketsRequest

    marker: str | None = None
    while True:
        page = client.list_buckets(ListBucketsRequest(marker=marker, max_keys=PAGE))
        yield from page.buckets
        if not page.is_truncated or not page.next_marker:
            return
        marker = page.next_marker


def _pages(client: "Client", name: ObjectName, delimiter: str | None) -> "Iterator[ListObjectsV2Result]":
    from ossicle.wire.api.bucket import ListObjectsV2Request

    token: str | None = None
    while True:
        page = client.list_objects_v2(
            ListObjectsV2Request(
                bucket=name.bucket,
                prefix=name.key or None,
                delimiter=delimiter,
                continuation_token=token,
                max_keys=PAGE,
                encoding_type="url",
            )
        )
        yield page
        if not page.is_truncated or not page.next_continuation_token:
            return
        token = page.next_continuation_token
