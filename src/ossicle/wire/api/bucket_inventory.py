"""Inventories: what a bucket's lists of its objects hold, how often they are made, and where they go.

Source: https://help.aliyun.com/zh/oss/user-guide/bucket-inventory
"""

from typing import Annotated, Final

from ossicle.wire.binding import Body, Parameter, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.names import IncludedObjectVersions, InventoryFormatType, InventoryFrequencyType
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record
from ossicle.wire.setting import MALFORMED_EC, Setting


@record
class SSEKMS:
    """Encryption by a key of the key service."""

    key_id: Annotated[str | None, Tag("KeyId")] = None


@record
class InventoryEncryption:
    """How the lists are encrypted: by KMS, or by OSS itself where `sse_oss` is there, which is empty text."""

    sse_kms: Annotated[SSEKMS | None, Tag("SSE-KMS")] = None
    sse_oss: Annotated[str | None, Tag("SSE-OSS")] = None


@record
class InventoryOSSBucketDestination:
    """Where the lists go. `bucket` is `acs:oss:::NAME`, `role_arn` the role that OSS takes on; nothing is asked of it here."""

    format: Annotated[InventoryFormatType | None, Tag("Format")] = None
    account_id: Annotated[str | None, Tag("AccountId")] = None
    role_arn: Annotated[str | None, Tag("RoleArn")] = None
    bucket: Annotated[str | None, Tag("Bucket")] = None
    prefix: Annotated[str | None, Tag("Prefix")] = None
    encryption: Annotated[InventoryEncryption | None, Tag("Encryption")] = None


@record
class InventoryDestination:
    """Where the lists go."""

    oss_bucket_destination: Annotated[InventoryOSSBucketDestination | None, Tag("OSSBucketDestination")] = None


@record
class InventorySchedule:
    """How often lists are made. `day_of_month` and `auto_delete` are kept and told, without effect."""

    frequency: Annotated[InventoryFrequencyType | None, Tag("Frequency")] = None
    day_of_month: Annotated[int | None, Tag("DayOfMonth")] = None
    auto_delete: Annotated[bool | None, Tag("AutoDelete")] = None


@record
class InventoryFilter:
    """What is listed: sizes in bytes and moments in seconds since 1970, both ends included; classes with commas between."""

    lower_size_bound: Annotated[int | None, Tag("LowerSizeBound")] = None
    upper_size_bound: Annotated[int | None, Tag("UpperSizeBound")] = None
    storage_class: Annotated[str | None, Tag("StorageClass")] = None
    prefix: Annotated[str | None, Tag("Prefix")] = None
    last_modify_begin_time_stamp: Annotated[int | None, Tag("LastModifyBeginTimeStamp")] = None
    last_modify_end_time_stamp: Annotated[int | None, Tag("LastModifyEndTimeStamp")] = None


@record
class OptionalFields:
    """What is told of each object besides its key, in this order."""

    fields: Annotated[tuple[str, ...], Tag("Field")] = ()


@record
class IncrementInventorySchedule:
    """The seconds between lists of changes."""

    frequency: Annotated[int | None, Tag("Frequency")] = None


@record
class IncrementalInventory:
    """Lists of changes. Kept and told; none is made."""

    is_enabled: Annotated[bool | None, Tag("IsEnabled")] = None
    schedule: Annotated[IncrementInventorySchedule | None, Tag("Schedule")] = None
    optional_fields: Annotated[OptionalFields | None, Tag("OptionalFields")] = None


@record
class InventoryConfiguration:
    """One inventory of a bucket."""

    included_object_versions: Annotated[IncludedObjectVersions | None, Tag("IncludedObjectVersions")] = None
    optional_fields: Annotated[OptionalFields | None, Tag("OptionalFields")] = None
    id: Annotated[str | None, Tag("Id")] = None
    is_enabled: Annotated[bool | None, Tag("IsEnabled")] = None
    destination: Annotated[InventoryDestination | None, Tag("Destination")] = None
    schedule: Annotated[InventorySchedule | None, Tag("Schedule")] = None
    filter: Annotated[InventoryFilter | None, Tag("Filter")] = None
    incremental_inventory: Annotated[IncrementalInventory | None, Tag("IncrementalInventory")] = None


@record
class ListInventoryConfigurationsResult:
    """One page of the inventories of a bucket, by id."""

    inventory_configurations: Annotated[tuple[InventoryConfiguration, ...], Tag("InventoryConfiguration")] = ()
    continuation_token: Annotated[str | None, Tag("ContinuationToken")] = None
    is_truncated: Annotated[bool | None, Tag("IsTruncated")] = None
    next_continuation_token: Annotated[str | None, Tag("NextContinuationToken")] = None


@record
class KeptInventory:
    """An inventory as it is kept: with the moment when its last list was begun, in seconds since 1970."""

    configuration: Annotated[InventoryConfiguration, Tag("InventoryConfiguration")]
    listed_at: Annotated[int | None, Tag("ListedAt")] = None


@record
class KeptInventories:
    """All inventories of a bucket, by id."""

    inventories: Annotated[tuple[KeptInventory, ...], Tag("Inventory")] = ()


@record
class PutBucketInventoryRequest(RequestBase):
    """Make an inventory."""

    bucket: str
    inventory_id: Annotated[str, Parameter("inventoryId")]
    inventory_configuration: Annotated[InventoryConfiguration | None, Body("InventoryConfiguration")] = None


@record
class PutBucketInventoryResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketInventoryRequest(RequestBase):
    """Ask what an inventory is like."""

    bucket: str
    inventory_id: Annotated[str, Parameter("inventoryId")]


@record
class GetBucketInventoryResult(ResultBase):
    """The inventory."""

    inventory_configuration: Annotated[InventoryConfiguration | None, Body("InventoryConfiguration")] = None


@record
class ListBucketInventoryRequest(RequestBase):
    """Ask for the inventories of a bucket, 100 at a time."""

    bucket: str
    continuation_token: Annotated[str | None, Parameter("continuation-token")] = None


@record
class ListBucketInventoryResult(ResultBase):
    """One page of inventories."""

    list_inventory_configurations_result: Annotated[
        ListInventoryConfigurationsResult | None, Body("ListInventoryConfigurationsResult")
    ] = None


@record
class DeleteBucketInventoryRequest(RequestBase):
    """Forget an inventory, if there is one of the id. What it has listed stays."""

    bucket: str
    inventory_id: Annotated[str, Parameter("inventoryId")]


@record
class DeleteBucketInventoryResult(ResultBase):
    """Nothing but the request id."""


PUT_BUCKET_INVENTORY: Final = Operation(
    name="PutBucketInventory",
    method="PUT",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=PutBucketInventoryRequest,
    result=PutBucketInventoryResult,
    selectors=("inventory", "inventoryId"),
    document_bytes_max=64 * 1024,
    malformed_ec=MALFORMED_EC,
    source=DOCS + "putbucketinventory",
)
GET_BUCKET_INVENTORY: Final = Operation(
    name="GetBucketInventory",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=GetBucketInventoryRequest,
    result=GetBucketInventoryResult,
    selectors=("inventory", "inventoryId"),
    source=DOCS + "getbucketinventory",
)
LIST_BUCKET_INVENTORY: Final = Operation(
    name="ListBucketInventory",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=ListBucketInventoryRequest,
    result=ListBucketInventoryResult,
    selectors=("inventory",),
    source=DOCS + "listbucketinventory",
)
DELETE_BUCKET_INVENTORY: Final = Operation(
    name="DeleteBucketInventory",
    method="DELETE",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=DeleteBucketInventoryRequest,
    result=DeleteBucketInventoryResult,
    selectors=("inventory", "inventoryId"),
    success_status=204,
    source=DOCS + "deletebucketinventory",
)

INVENTORIES: Final = Setting(kind="inventory", root="Inventories", document=KeptInventories)

OPERATIONS: Final = (PUT_BUCKET_INVENTORY, GET_BUCKET_INVENTORY, LIST_BUCKET_INVENTORY, DELETE_BUCKET_INVENTORY)
