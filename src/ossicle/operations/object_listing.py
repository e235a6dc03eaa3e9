"""Listings of a bucket's objects."""

from ossicle.model.objects import ListedObject
from ossicle.operations.context import Context
from ossicle.operations.paging import judge_encoding_type, judge_page_size, judge_text, parse_token, render_token
from ossicle.operations.registry import handles
from ossicle.services.archive import describe_restoration
from ossicle.wire.api.bucket import (
    LIST_OBJECTS,
    LIST_OBJECTS_V2,
    CommonPrefix,
    ListObjectsRequest,
    ListObjectsResult,
    ListObjectsV2Request,
    ListObjectsV2Result,
    ObjectProperties,
)
from ossicle.wire.api.service import Owner


@handles(LIST_OBJECTS)
async def list_objects(context: Context, request: ListObjectsRequest) -> ListObjectsResult:
    """List one page of keys and common prefixes behind `marker`."""
    limit = judge_page_size(request.max_keys, "max-keys")
    judge_encoding_type(request.encoding_type)
    prefix, delimiter = judge_text(request.prefix, "prefix"), judge_text(request.delimiter, "delimiter")
    marker = judge_text(request.marker, "marker")
    page = await context.services.objects.list(
        context.bucket, prefix=prefix, delimiter=delimiter, after=marker, limit=limit
    )
    owner = Owner(id=context.bucket.owner, display_name=context.bucket.owner)
    return ListObjectsResult(
        name=context.bucket.name,
        prefix=prefix,
        marker=marker,
        max_keys=limit,
        delimiter=delimiter,
        encoding_type=request.encoding_type or None,
        is_truncated=page.next_marker is not None,
        next_marker=page.next_marker,
        contents=tuple(_properties(context, listed, owner) for listed in page.objects),
        common_prefixes=tuple(CommonPrefix(prefix=name) for name in page.common_prefixes),
    )


@handles(LIST_OBJECTS_V2)
async def list_objects_v2(context: Context, request: ListObjectsV2Request) -> ListObjectsV2Result:
    """List one page of keys and common prefixes; a continuation token wins over `start_after`."""
    limit = judge_page_size(request.max_keys, "max-keys")
    judge_encoding_type(request.encoding_type)
    prefix, delimiter = judge_text(request.prefix, "prefix"), judge_text(request.delimiter, "delimiter")
    start_after = judge_text(request.start_after, "start-after")
    after = parse_token(request.continuation_token) if request.continuation_token else start_after
    page = await context.services.objects.list(
        context.bucket, prefix=prefix, delimiter=delimiter, after=after, limit=limit
    )
    account = context.bucket.owner
    owner = Owner(id=account, display_name=account) if request.fetch_owner else None
    return ListObjectsV2Result(
        name=context.bucket.name,
        prefix=prefix,
        start_after=start_after or None,
        continuation_token=request.continuation_token or None,
        max_keys=limit,
        delimiter=delimiter or None,
        encoding_type=request.encoding_type or None,
        is_truncated=page.next_marker is not None,
        next_continuation_token=None if page.next_marker is None else render_token(page.next_marker),
        key_count=len(page.objects) + len(page.common_prefixes),
        contents=tuple(_properties(context, listed, owner) for listed in page.objects),
        common_prefixes=tuple(CommonPrefix(prefix=name) for name in page.common_prefixes),
    )


def _properties(context: Context, listed: ListedObject, owner: Owner | None) -> ObjectProperties:
    restoration = listed.restoration
    return ObjectProperties(
        key=listed.key,
        last_modified=listed.last_modified,
        etag=f'"{listed.etag}"',
        object_type=listed.type,
        size=listed.size,
        storage_class=listed.storage_class,
        owner=owner,
        restore_info=None if restoration is None else describe_restoration(restoration, context.clock()),
    )
