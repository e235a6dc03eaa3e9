"""Operations on the service: which buckets an account has, which regions there are."""

from datetime import datetime
from typing import Annotated, ClassVar, Final

from ossicle.wire.binding import Header, Parameter, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.names import StorageClass
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record


@record
class Owner:
    """An account, by its UID in both fields."""

    id: Annotated[str | None, Tag("ID")] = None
    display_name: Annotated[str | None, Tag("DisplayName")] = None


@record
class BucketProperties:
    """A bucket in a list of buckets."""

    comment: Annotated[str | None, Tag("Comment")] = None
    creation_date: Annotated[datetime | None, Tag("CreationDate")] = None
    extranet_endpoint: Annotated[str | None, Tag("ExtranetEndpoint")] = None
    intranet_endpoint: Annotated[str | None, Tag("IntranetEndpoint")] = None
    location: Annotated[str | None, Tag("Location")] = None
    name: Annotated[str | None, Tag("Name")] = None
    region: Annotated[str | None, Tag("Region")] = None
    storage_class: Annotated[StorageClass | str | None, Tag("StorageClass")] = None
    resource_group_id: Annotated[str | None, Tag("ResourceGroupId")] = None


@record
class ListBucketsRequest(RequestBase):
    """Ask for the caller's buckets by name, after `marker`; `max_keys` is 1 to 1000, 100 by default.

    Those only that have a tag, by its key or by key and value, or all tags of `tagging`, as in `"key1":"value1","key2":"value2"`; or
    that belong to a resource group.
    """

    prefix: Annotated[str | None, Parameter("prefix")] = None
    marker: Annotated[str | None, Parameter("marker")] = None
    max_keys: Annotated[int | None, Parameter("max-keys")] = None
    resource_group_id: Annotated[str | None, Header("x-oss-resource-group-id")] = None
    tag_key: Annotated[str | None, Parameter("tag-key")] = None
    tag_value: Annotated[str | None, Parameter("tag-value")] = None
    tagging: Annotated[str | None, Parameter("tagging")] = None


@record
class ListBucketsResult(ResultBase):
    """One page of buckets; `next_marker` when there are more."""

    XML_ROOT: ClassVar[str] = "ListAllMyBucketsResult"
    prefix: Annotated[str | None, Tag("Prefix")] = None
    marker: Annotated[str | None, Tag("Marker")] = None
    max_keys: Annotated[int | None, Tag("MaxKeys")] = None
    is_truncated: Annotated[bool | None, Tag("IsTruncated")] = None
    next_marker: Annotated[str | None, Tag("NextMarker")] = None
    owner: Annotated[Owner | None, Tag("Owner")] = None
    buckets: Annotated[tuple[BucketProperties, ...], Tag("Buckets/Bucket")] = ()


@record
class DescribeRegionsRequest(RequestBase):
    """Ask for all regions, or for one, which is written as a location: `oss-cn-hangzhou`."""

    regions: Annotated[str, Parameter("regions")] = ""


@record
class RegionInfo:
    """A region and its endpoints. There is none for acceleration here."""

    region: Annotated[str | None, Tag("Region")] = None
    internet_endpoint: Annotated[str | None, Tag("InternetEndpoint")] = None
    internal_endpoint: Annotated[str | None, Tag("InternalEndpoint")] = None
    accelerate_endpoint: Annotated[str | None, Tag("AccelerateEndpoint")] = None


@record
class DescribeRegionsResult(ResultBase):
    """The regions."""

    XML_ROOT: ClassVar[str] = "RegionInfoList"
    region_info: Annotated[tuple[RegionInfo, ...], Tag("RegionInfo")] = ()


LIST_BUCKETS: Final = Operation(
    name="ListBuckets",
    method="GET",
    level=Level.SERVICE,
    access=Access.MANAGE,
    request=ListBucketsRequest,
    result=ListBucketsResult,
    shared_parameter="tagging",
    source=DOCS + "listbuckets",
)

DESCRIBE_REGIONS: Final = Operation(
    name="DescribeRegions",
    method="GET",
    level=Level.SERVICE,
    access=Access.MANAGE,
    request=DescribeRegionsRequest,
    result=DescribeRegionsResult,
    selectors=("regions",),
    source=DOCS + "describeregions",
)

OPERATIONS: Final = (LIST_BUCKETS, DESCRIBE_REGIONS)
