"""Operations on how many bytes a bucket may hold."""

from dataclasses import replace
from typing import Final

from ossicle.operations.context import Context
from ossicle.operations.registry import handles
from ossicle.operations.settings import Rules, serve_deletion
from ossicle.services.quota import STRICT
from ossicle.wire.api.bucket_storage_quota import (
    DELETE_BUCKET_STORAGE_QUOTA,
    GET_BUCKET_STORAGE_QUOTA,
    PUT_BUCKET_STORAGE_QUOTA,
    STORAGE_QUOTA,
    GetBucketStorageQuotaRequest,
    GetBucketStorageQuotaResult,
    PutBucketStorageQuotaRequest,
    PutBucketStorageQuotaResult,
    QuotaConfiguration,
)
from ossicle.wire.errors import InvalidArgument, MalformedXML

_MODES: Final = (STRICT, "Warning")
# OSS: what a bucket without a quota tells is unverified, as are the mode where none is given and the code for a negative quota.
_UNLIMITED: Final = QuotaConfiguration(storage_quota=-1, mode=STRICT)


def _judge(quota: QuotaConfiguration) -> QuotaConfiguration:
    mode = quota.mode or STRICT
    if quota.storage_quota is None or mode not in _MODES:
        raise MalformedXML(ec=PUT_BUCKET_STORAGE_QUOTA.malformed_ec)
    if quota.storage_quota < -1:
        raise InvalidArgument(argument_name="StorageQuota", argument_value=str(quota.storage_quota))
    return QuotaConfiguration(storage_quota=quota.storage_quota, mode=mode)


@handles(PUT_BUCKET_STORAGE_QUOTA)
async def put_bucket_storage_quota(
    context: Context, request: PutBucketStorageQuotaRequest
) -> PutBucketStorageQuotaResult:
    """Replace the quota, also by one that the bucket exceeds already: then it takes nothing more."""
    if request.quota_configuration is None:
        raise MalformedXML(ec=PUT_BUCKET_STORAGE_QUOTA.malformed_ec)
    await context.services.buckets.put_quota(context.bucket, _judge(request.quota_configuration))
    return PutBucketStorageQuotaResult()


@handles(GET_BUCKET_STORAGE_QUOTA)
async def get_bucket_storage_quota(context: Context, _: GetBucketStorageQuotaRequest) -> GetBucketStorageQuotaResult:
    """Tell the quota, and how much the bucket holds."""
    quota = await context.services.buckets.setting(context.bucket, STORAGE_QUOTA) or _UNLIMITED
    held = await context.services.buckets.counted_size(context.bucket)
    if held is None:
        usage, _moment = await context.services.buckets.usage(context.bucket)
        held = sum(usage.sizes.values())
    return GetBucketStorageQuotaResult(quota_configuration=replace(quota, current_usage=held))


serve_deletion(
    Rules(setting=STORAGE_QUOTA, field="quota_configuration", default=_UNLIMITED), DELETE_BUCKET_STORAGE_QUOTA
)
