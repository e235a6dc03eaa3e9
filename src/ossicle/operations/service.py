"""Operations on the service."""

import json
from dataclasses import fields
from typing import Final

from ossicle.model.objects import Bucket
from ossicle.operations.bucket_settings import DEFAULT_GROUP
from ossicle.operations.bucket_tags import tags_of
from ossicle.operations.context import Context, Site
from ossicle.operations.paging import judge_page_size, judge_text
from ossicle.operations.registry import handles
from ossicle.wire.api.bucket_qos_info import (
    GET_USER_QOS_INFO,
    GetUserQosInfoRequest,
    GetUserQosInfoResult,
    QoSConfiguration,
    UserQosConfiguration,
)
from ossicle.wire.api.bucket_resource_group import RESOURCE_GROUP
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
from ossicle.wire.errors import InvalidArgument, NoSuchRegion
from ossicle.wire.setting import Documents

_UNLIMITED: Final = -1


@handles(LIST_BUCKETS)
async def list_buckets(context: Context, request: ListBucketsRequest) -> ListBucketsResult:
    """List the caller's buckets."""
    limit = judge_page_size(request.max_keys, "max-keys")
    prefix, marker = judge_text(request.prefix, "prefix"), judge_text(request.marker, "marker")
    wanted, group = _wanted_tags(request), request.resource_group_id

    def fits(documents: Documents) -> bool:
        tags = tags_of(documents) if wanted else {}
        is_tagged = all(key in tags and value in (None, tags[key]) for key, value in wanted)
        return is_tagged and (not group or group == _group(documents))

    found = await context.services.buckets.list(
        context.account, prefix=prefix, marker=marker, limit=limit + 1, fits=fits
    )
    page = found[:limit]
    is_truncated = len(found) > limit
    return ListBucketsResult(
        prefix=prefix,
        marker=marker,
        max_keys=limit,
        is_truncated=is_truncated,
        next_marker=page[-1][0].name if is_truncated else None,
        owner=Owner(id=context.account, display_name=context.account),
        buckets=tuple(_properties(bucket, _group(documents), context.site) for bucket, documents in page),
    )


def _wanted_tags(request: ListBucketsRequest) -> tuple[tuple[str, str | None], ...]:
    """Return the tags that are asked for; a value of None stands for any.

    Raises:
        InvalidArgument: a value without a key, both ways to ask at once, or a list that is none.
    """
    # OSS: the code for each of these is unverified.
    if request.tagging:
        if request.tag_key or request.tag_value:
            raise InvalidArgument(argument_name="tagging", argument_value=request.tagging)
        return tuple(_parse_tag_list(request.tagging).items())
    if not request.tag_key:
        if request.tag_value:
            raise InvalidArgument(argument_name="tag-value", argument_value=request.tag_value)
        return ()
    return ((request.tag_key, request.tag_value or None),)


def _parse_tag_list(text: str) -> dict[str, str]:
    # The list is what stands between the braces of a JSON object.
    try:
        tags: object = json.loads(f"{{{text}}}")
    except ValueError as error:
        raise InvalidArgument(argument_name="tagging", argument_value=text) from error
    if not isinstance(tags, dict) or not all(isinstance(value, str) for value in tags.values()):
        raise InvalidArgument(argument_name="tagging", argument_value=text)
    return tags


def _group(documents: Documents) -> str | None:
    return (documents.get(RESOURCE_GROUP) or DEFAULT_GROUP).resource_group_id


def _properties(bucket: Bucket, group: str | None, site: Site) -> BucketProperties:
    return BucketProperties(
        name=bucket.name,
        creation_date=bucket.created_at,
        location=site.location,
        region=site.region,
        storage_class=bucket.storage_class,
        extranet_endpoint=site.extranet_endpoint,
        intranet_endpoint=site.intranet_endpoint,
        resource_group_id=group,
    )


@handles(GET_USER_QOS_INFO)
async def get_user_qos_info(context: Context, _: GetUserQosInfoRequest) -> GetUserQosInfoResult:
    """Tell that an account is not limited."""
    limits = {field.name: _UNLIMITED for field in fields(QoSConfiguration)}
    return GetUserQosInfoResult(qos_configuration=UserQosConfiguration(**limits, region=context.site.location))


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
