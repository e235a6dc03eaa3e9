"""Operations on a bucket itself."""

from enum import StrEnum
from typing import TypeVar

from ossicle.operations.bucket_encryption import default_encryption
from ossicle.operations.bucket_settings import DEFAULT_GROUP
from ossicle.operations.context import Context
from ossicle.operations.public_access_block import judge_bucket_acl
from ossicle.operations.registry import handles
from ossicle.services.buckets import BucketProperties
from ossicle.wire.api.bucket import (
    DELETE_BUCKET,
    GET_BUCKET_INFO,
    GET_BUCKET_LOCATION,
    HEAD_BUCKET,
    PUT_BUCKET,
    BucketInfo,
    BucketPolicy,
    CreateBucketConfiguration,
    DeleteBucketRequest,
    DeleteBucketResult,
    GetBucketInfoRequest,
    GetBucketInfoResult,
    GetBucketLocationRequest,
    GetBucketLocationResult,
    HeadBucketRequest,
    HeadBucketResult,
    PutBucketRequest,
    PutBucketResult,
    SSERule,
)
from ossicle.wire.api.bucket_access_monitor import ACCESS_MONITOR
from ossicle.wire.api.bucket_logging import LOGGING
from ossicle.wire.api.bucket_replication import REPLICATION
from ossicle.wire.api.bucket_resource_group import RESOURCE_GROUP
from ossicle.wire.api.bucket_transfer_acceleration import TRANSFER_ACCELERATION
from ossicle.wire.api.public_access_block import PUBLIC_ACCESS_BLOCK
from ossicle.wire.api.service import Owner
from ossicle.wire.errors import InvalidLocationConstraint
from ossicle.wire.names import DataRedundancyType, StorageClass, parse_bucket_name
from ossicle.wire.setting import Documents

E = TypeVar("E", bound=StrEnum)


@handles(PUT_BUCKET)
async def put_bucket(context: Context, request: PutBucketRequest) -> PutBucketResult:
    """Make a bucket, private unless another ACL is asked for."""
    configuration = request.create_bucket_configuration or CreateBucketConfiguration()
    if configuration.location_constraint not in (None, "", context.site.location):
        raise InvalidLocationConstraint
    properties = BucketProperties(
        acl=await judge_bucket_acl(context, request.acl),
        storage_class=_optional(StorageClass, configuration.storage_class),
        redundancy=_optional(DataRedundancyType, configuration.data_redundancy_type),
    )
    await context.services.buckets.put(parse_bucket_name(request.bucket), context.account, properties)
    return PutBucketResult(location=f"/{request.bucket}")


def _optional(kind: type[E], value: E | str | None) -> E | None:
    return None if value is None else kind(value)


@handles(DELETE_BUCKET)
async def delete_bucket(context: Context, _: DeleteBucketRequest) -> DeleteBucketResult:
    """Remove an empty bucket."""
    await context.services.buckets.delete(context.bucket)
    return DeleteBucketResult()


@handles(HEAD_BUCKET)
async def head_bucket(context: Context, _: HeadBucketRequest) -> HeadBucketResult:
    """Tell the region of a bucket that is there."""
    return HeadBucketResult(region=context.site.location)


@handles(GET_BUCKET_LOCATION)
async def get_bucket_location(context: Context, _: GetBucketLocationRequest) -> GetBucketLocationResult:
    """Tell the region of a bucket."""
    return GetBucketLocationResult(location=context.site.location)


@handles(GET_BUCKET_INFO)
async def get_bucket_info(context: Context, _: GetBucketInfoRequest) -> GetBucketInfoResult:
    """Tell all that is known of a bucket."""
    bucket = context.bucket
    documents = await context.services.buckets.documents(bucket)
    monitor, acceleration = documents.get(ACCESS_MONITOR), documents.get(TRANSFER_ACCELERATION)
    replication = documents.get(REPLICATION)
    group, block = documents.get(RESOURCE_GROUP) or DEFAULT_GROUP, documents.get(PUBLIC_ACCESS_BLOCK)
    info = BucketInfo(
        access_monitor="Disabled" if monitor is None else monitor.status,
        block_public_access=block is not None and block.block_public_access,
        creation_date=bucket.created_at,
        cross_region_replication="Disabled" if replication is None or not replication.rules else "Enabled",
        data_redundancy_type=bucket.redundancy,
        extranet_endpoint=context.site.extranet_endpoint,
        intranet_endpoint=context.site.intranet_endpoint,
        location=context.site.location,
        name=bucket.name,
        storage_class=bucket.storage_class,
        transfer_acceleration="Enabled" if acceleration is not None and acceleration.enabled else "Disabled",
        resource_group_id=group.resource_group_id,
        owner=Owner(id=bucket.owner, display_name=bucket.owner),
        acl=bucket.acl,
        sse_rule=_sse_rule(documents),
        bucket_policy=_logs(documents),
        versioning=bucket.versioning,
    )
    return GetBucketInfoResult(bucket_info=info)


def _logs(documents: Documents) -> BucketPolicy:
    status = documents.get(LOGGING)
    enabled = None if status is None else status.logging_enabled
    if enabled is None:
        return BucketPolicy(log_bucket="", log_prefix="")
    return BucketPolicy(log_bucket=enabled.target_bucket or "", log_prefix=enabled.target_prefix or "")


def _sse_rule(documents: Documents) -> SSERule:
    encryption = default_encryption(documents)
    if encryption is None:
        return SSERule(sse_algorithm="None")
    return SSERule(
        sse_algorithm=encryption.algorithm,
        kms_master_key_id=encryption.key_id,
        kms_data_encryption=encryption.data_encryption,
    )
