"""Operations on the inventories of a bucket, and how these are judged. They are carried out by `services.inventory`."""

import re
from dataclasses import replace
from typing import Final

from ossicle.model.objects import Bucket
from ossicle.operations.context import Context
from ossicle.operations.paging import parse_token, render_token
from ossicle.operations.registry import handles
from ossicle.services.inventory_lists import FIELDS, SCHEME, bucket_of, folder_of, target_of
from ossicle.wire.api.bucket_inventory import (
    DELETE_BUCKET_INVENTORY,
    GET_BUCKET_INVENTORY,
    INVENTORIES,
    LIST_BUCKET_INVENTORY,
    PUT_BUCKET_INVENTORY,
    DeleteBucketInventoryRequest,
    DeleteBucketInventoryResult,
    GetBucketInventoryRequest,
    GetBucketInventoryResult,
    InventoryConfiguration,
    InventoryFilter,
    InventoryOSSBucketDestination,
    KeptInventories,
    KeptInventory,
    ListBucketInventoryRequest,
    ListBucketInventoryResult,
    ListInventoryConfigurationsResult,
    OptionalFields,
    PutBucketInventoryRequest,
    PutBucketInventoryResult,
)
from ossicle.wire.api.object_basic import PUT_OBJECT
from ossicle.wire.errors import (
    InvalidArgument,
    InventoryAlreadyExist,
    InventoryExceedLimit,
    MalformedXML,
    NoSuchInventory,
)
from ossicle.wire.names import ObjectKey, StorageClass, is_bucket_name

_INVENTORIES_MAX: Final = 1000
_PAGE: Final = 100
_PREFIX_MAX: Final = 128
_ROLE: Final = re.compile(r"acs:ram::[0-9]+:role/[A-Za-z0-9.@_-]{1,64}")
# OSS: its console takes lower-case letters, digits and dashes inside, its examples of the API have capitals; the length is unverified.
_ID: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_-]{0,62}[A-Za-z0-9])?")
_CLASSES: Final = frozenset({"All", *StorageClass})
_OF_CHANGES: Final = frozenset(
    {
        *FIELDS, "SequenceNumber", "RecordType", "RecordTimestamp", "Requester", "RequestId", "SourceIp",
    }
)  # fmt: skip
_NONE: Final = KeptInventories()


@handles(PUT_BUCKET_INVENTORY)
async def put_bucket_inventory(context: Context, request: PutBucketInventoryRequest) -> PutBucketInventoryResult:
    """Make an inventory. One that is there is not replaced."""
    configuration = _judge(request.inventory_id, request.inventory_configuration, context.bucket)
    await _judge_target(context, configuration)

    def add(found: KeptInventories | None) -> KeptInventories:
        kept = (found or _NONE).inventories
        if any(each.configuration.id == configuration.id for each in kept):
            raise InventoryAlreadyExist(inventory_id=configuration.id)
        if len(kept) >= _INVENTORIES_MAX:
            raise InventoryExceedLimit
        added = [*kept, KeptInventory(configuration=configuration)]
        return KeptInventories(inventories=tuple(sorted(added, key=lambda each: each.configuration.id or "")))

    await context.services.buckets.change_setting(context.bucket, INVENTORIES, add)
    return PutBucketInventoryResult()


@handles(GET_BUCKET_INVENTORY)
async def get_bucket_inventory(context: Context, request: GetBucketInventoryRequest) -> GetBucketInventoryResult:
    """Tell what an inventory is like."""
    for configuration in await _configurations(context):
        if configuration.id == request.inventory_id:
            return GetBucketInventoryResult(inventory_configuration=configuration)
    raise NoSuchInventory(inventory_id=request.inventory_id)


@handles(LIST_BUCKET_INVENTORY)
async def list_bucket_inventory(context: Context, request: ListBucketInventoryRequest) -> ListBucketInventoryResult:
    """Tell a page of inventories by id. A bucket without any has no such list."""
    found = await _configurations(context)
    if not found:
        raise NoSuchInventory
    after = parse_token(request.continuation_token) if request.continuation_token else ""
    left = [configuration for configuration in found if (configuration.id or "") > after]
    page, is_truncated = tuple(left[:_PAGE]), len(left) > _PAGE
    return ListBucketInventoryResult(
        list_inventory_configurations_result=ListInventoryConfigurationsResult(
            inventory_configurations=page,
            continuation_token=request.continuation_token or None,
            is_truncated=is_truncated,
            next_continuation_token=render_token(page[-1].id or "") if is_truncated else None,
        )
    )


@handles(DELETE_BUCKET_INVENTORY)
async def delete_bucket_inventory(
    context: Context, request: DeleteBucketInventoryRequest
) -> DeleteBucketInventoryResult:
    """Forget an inventory."""

    def without(found: KeptInventories | None) -> KeptInventories | None:
        kept = (found or _NONE).inventories
        left = tuple(each for each in kept if each.configuration.id != request.inventory_id)
        return KeptInventories(inventories=left) if left else None

    # OSS: that forgetting what is not there is no error is unverified.
    await context.services.buckets.change_setting(context.bucket, INVENTORIES, without)
    return DeleteBucketInventoryResult()


async def _configurations(context: Context) -> list[InventoryConfiguration]:
    kept = await context.services.buckets.setting(context.bucket, INVENTORIES) or _NONE
    return [each.configuration for each in kept.inventories]


def _judge(inventory_id: str, wanted: InventoryConfiguration | None, bucket: Bucket) -> InventoryConfiguration:
    if wanted is None or wanted.destination is None or wanted.schedule is None:
        raise MalformedXML(ec=PUT_BUCKET_INVENTORY.malformed_ec)
    target = wanted.destination.oss_bucket_destination
    required = (wanted.id, wanted.is_enabled, wanted.included_object_versions, wanted.schedule.frequency, target)
    if target is None or None in (*required, target.format, target.account_id, target.role_arn, target.bucket):
        raise MalformedXML(ec=PUT_BUCKET_INVENTORY.malformed_ec)
    if wanted.id != inventory_id or _ID.fullmatch(inventory_id) is None:
        raise InvalidArgument(argument_name="Id", argument_value=wanted.id)
    _judge_destination(target, bucket)
    if wanted.filter is not None:
        _judge_filter(wanted.filter)
    if wanted.incremental_inventory is not None:
        changes = _judge_fields(wanted.incremental_inventory.optional_fields, _OF_CHANGES)
        wanted = replace(wanted, incremental_inventory=replace(wanted.incremental_inventory, optional_fields=changes))
    return replace(wanted, optional_fields=_judge_fields(wanted.optional_fields, frozenset(FIELDS)))


def _judge_fields(given: OptionalFields | None, known: frozenset[str]) -> OptionalFields | None:
    if given is None:
        return None
    if not known.issuperset(given.fields):
        raise MalformedXML(ec=PUT_BUCKET_INVENTORY.malformed_ec)
    return OptionalFields(fields=tuple(dict.fromkeys(given.fields)))


def _judge_destination(target: InventoryOSSBucketDestination, bucket: Bucket) -> None:
    name = (target.bucket or "").removeprefix(SCHEME)
    prefix = target.prefix or ""
    if not (target.bucket or "").startswith(SCHEME) or not is_bucket_name(name):
        raise InvalidArgument(argument_name="Bucket", argument_value=target.bucket)
    if target.account_id != bucket.owner:
        raise InvalidArgument(argument_name="AccountId", argument_value=target.account_id)
    if _ROLE.fullmatch(target.role_arn or "") is None:
        raise InvalidArgument(argument_name="RoleArn", argument_value=target.role_arn)
    if len(prefix) > _PREFIX_MAX or prefix.startswith(("/", "\\")):
        raise InvalidArgument(argument_name="Prefix", argument_value=prefix)
    encryption = target.encryption
    if encryption is not None and encryption.sse_kms is not None and encryption.sse_oss is not None:
        raise InvalidArgument(argument_name="Encryption")


def _judge_filter(given: InventoryFilter) -> None:
    bounds = (
        ("SizeBound", given.lower_size_bound, given.upper_size_bound),
        ("LastModifyTimeStamp", given.last_modify_begin_time_stamp, given.last_modify_end_time_stamp),
    )
    for name, lower, upper in bounds:
        if (lower or 0) < 0 or (upper is not None and upper < (lower or 0)):
            raise InvalidArgument(argument_name=name, argument_value=f"{lower}-{upper}")
    if given.storage_class and not _CLASSES.issuperset(given.storage_class.split(",")):
        raise InvalidArgument(argument_name="StorageClass", argument_value=given.storage_class)


async def _judge_target(context: Context, configuration: InventoryConfiguration) -> None:
    """Refuse a bucket that is not there, or is somebody else's, by the same words: nobody learns of it what there is.

    Whoever asks for the lists must be allowed to write them there.
    """
    destination = target_of(configuration)
    target = await context.services.buckets.find(bucket_of(destination))
    if target is None or target.owner != context.bucket.owner:
        # OSS: the code is unverified.
        raise InvalidArgument(argument_name="Bucket", argument_value=destination.bucket)
    key = ObjectKey(f"{folder_of(configuration, context.bucket.name)}manifest.json")
    # OSS: there the role writes; here it is whoever asks for the lists that must be allowed to write where they go.
    await context.services.objects.judge_write(context.principal.doing(PUT_OBJECT.name), target, key)
