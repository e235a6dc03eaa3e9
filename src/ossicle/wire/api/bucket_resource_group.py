"""The resource group that a bucket belongs to."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.records import record
from ossicle.wire.setting import Setting, setting_operation


@record
class BucketResourceGroupConfiguration:
    """The group's id, `rg-` and what the resource manager calls it. Kept and told; there is no resource manager here."""

    resource_group_id: Annotated[str | None, Tag("ResourceGroupId")] = None


@record
class PutBucketResourceGroupRequest(RequestBase):
    """Move the bucket to a resource group, with an empty id to the default one."""

    bucket: str
    bucket_resource_group_configuration: Annotated[
        BucketResourceGroupConfiguration | None, Body("BucketResourceGroupConfiguration")
    ] = None


@record
class PutBucketResourceGroupResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketResourceGroupRequest(RequestBase):
    """Ask for the resource group."""

    bucket: str


@record
class GetBucketResourceGroupResult(ResultBase):
    """The group; the default one where nothing was said."""

    bucket_resource_group_configuration: Annotated[
        BucketResourceGroupConfiguration | None, Body("BucketResourceGroupConfiguration")
    ] = None


RESOURCE_GROUP: Final = Setting(
    kind="resourceGroup", root="BucketResourceGroupConfiguration", document=BucketResourceGroupConfiguration
)
PUT_BUCKET_RESOURCE_GROUP: Final = setting_operation(
    "PUT", "BucketResourceGroup", "resourceGroup", PutBucketResourceGroupRequest, PutBucketResourceGroupResult
)
GET_BUCKET_RESOURCE_GROUP: Final = setting_operation(
    "GET", "BucketResourceGroup", "resourceGroup", GetBucketResourceGroupRequest, GetBucketResourceGroupResult
)

OPERATIONS: Final = (PUT_BUCKET_RESOURCE_GROUP, GET_BUCKET_RESOURCE_GROUP)
