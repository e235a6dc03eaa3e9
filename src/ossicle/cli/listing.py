"""Listings of the server, all pages of them, one page in memory."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ossicle.cli.names import ObjectName

if TYPE_CHECKING:
    from ossicle.client.sync import Client
    from ossicle.wire.api.bucket import ListObjectsV2Result, ObjectProperties
    from ossicle.wire.api.bucket_versioning import (
        DeleteMarkerProperties,
        ListObjectVersionsResult,
        ObjectVersionProperties,
    )
    from ossicle.wire.api.multipart import Upload
    from ossicle.wire.api.service import BucketProperties

PAGE = 1000


def pages_of(
    client: "Client", name: ObjectName, *, delimiter: str | None = None, page: int = PAGE
) -> "Iterator[ListObjectsV2Result]":
    """Yield the pages of what begins with a key."""
    from ossicle.wire.api.bucket import ListObjectsV2Request

    request = ListObjectsV2Request(
        bucket=name.bucket, prefix=name.key or None, delimiter=delimiter, max_keys=page, encoding_type="url"
    )
    return client.list_objects_v2_paginator().iter_page(request)


def objects_of(client: "Client", name: ObjectName) -> "Iterator[ObjectProperties]":
    """Yield every object whose key begins with that of `name`."""
    for page in pages_of(client, name):
        yield from page.contents


def versions_of(
    client: "Client", name: ObjectName, *, delimiter: str | None = None, page: int = PAGE
) -> "Iterator[ListObjectVersionsResult]":
    """Yield the pages of all versions and delete markers of what begins with a key."""
    from ossicle.wire.api.bucket_versioning import ListObjectVersionsRequest

    request = ListObjectVersionsRequest(
        bucket=name.bucket, prefix=name.key or None, delimiter=delimiter, max_keys=page, encoding_type="url"
    )
    return client.list_object_versions_paginator().iter_page(request)


def entries_of(page: "ListObjectVersionsResult") -> "list[ObjectVersionProperties | DeleteMarkerProperties]":
    """Return the versions of a page, and its delete markers behind them."""
    entries: list[ObjectVersionProperties | DeleteMarkerProperties] = [*page.version, *page.delete_marker]
    return entries


def buckets_of(client: "Client") -> "Iterator[BucketProperties]":
    """Yield the caller's buckets."""
    from ossicle.wire.api.service import ListBucketsRequest

    for page in client.list_buckets_paginator().iter_page(ListBucketsRequest(max_keys=PAGE)):
        yield from page.buckets


def uploads_of(client: "Client", name: ObjectName) -> "Iterator[Upload]":
    """Yield the unfinished uploads to every key that begins with that of `name`."""
    from ossicle.wire.api.multipart import ListMultipartUploadsRequest

    request = ListMultipartUploadsRequest(
        bucket=name.bucket, prefix=name.key or None, max_uploads=PAGE, encoding_type="url"
    )
    for page in client.list_multipart_uploads_paginator().iter_page(request):
        yield from page.uploads


def bytes_of_upload(client: "Client", bucket: str, upload: "Upload") -> tuple[int, int]:
    """Return how many parts an unfinished upload has, and how many bytes these have."""
    from ossicle.wire.api.multipart import ListPartsRequest

    request = ListPartsRequest(
        bucket=bucket, key=upload.key or "", upload_id=upload.upload_id or "", max_parts=PAGE, encoding_type="url"
    )
    parts = size = 0
    for page in client.list_parts_paginator().iter_page(request):
        parts += len(page.parts)
        size += sum(part.size or 0 for part in page.parts)
    return parts, size
