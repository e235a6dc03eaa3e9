"""Operations on the service."""

from typing import Final

from ossicle.model.objects import Bucket
from ossicle.operations.context import Context, Site
from ossicle.operations.paging import judge_page_size, judge_text
from ossicle.operations.registry import handles
from ossicle.wire.api.service import (
    DESCRIBE_REGIONS,
    LIST_BUCKETS,
    BucketProperties,
    DescribeRegionsRequest,
    DescribeRegionsResult,
    ListBucketsRequest,
    ListBucketsResult,
    Owner,
    RegionInfo,
)
from ossicle.wire.errors import NoSuchRegion

_TAG_FILTERS: Final = ("tag-key", "tag-value")


@handles(LIST_BUCKETS)
async def list_buckets(context: Context, request: ListBucketsRequest) -> ListBucketsResult:
    """List the caller's buckets."""
    limit = judge_page_size(request.max_keys, "max-keys")
    prefix, marker = judge_text(request.prefix, "prefix"), judge_text(request.marker, "marker")
    # No bucket has tags yet, so none has those that are asked for: who cleans up by tag must not be given all.
    has_filter = any(context.query.get(name) for name in _TAG_FILTERS)
    found = (
        ()
        if has_filter
        else await context.services.buckets.list(context.account, prefix=prefix, marker=marker, limit=limit + 1)
    )
    page = found[:limit]
    is_truncated = len(found) > limit
    return ListBucketsResult(
        prefix=prefix,
        marker=marker,
        max_keys=limit,
        is_truncated=is_truncated,
        next_marker=page[-1].name if is_truncated else None,
        owner=Owner(id=context.account, display_name=context.account),
        buckets=tuple(_properties(bucket, context.site) for bucket in page),
    )


def _properties(bucket: Bucket, site: Site) -> BucketProperties:
    return BucketProperties(
        name=bucket.name,
        creation_date=bucket.created_at,
        location=site.location,
        region=site.region,
        storage_class=bucket.storage_class,
        extranet_endpoint=site.extranet_endpoint,
        intranet_endpoint=site.intranet_endpoint,
    )


@handles(DESCRIBE_REGIONS)
async def describe_regions(context: Context, request: DescribeRegionsRequest) -> DescribeRegionsResult:
    """Tell the one region that there is."""
    site = context.site
    if request.regions not in ("", site.location):
        raise NoSuchRegion(request.regions)
    region = RegionInfo(
        region=site.location, internet_endpoint=site.extranet_endpoint, internal_endpoint=site.intranet_endpoint
    )
    return DescribeRegionsResult(region_info=(region,))
