"""Operations on how many bytes a bucket may hold."""

from dataclasses import replace
from typing import Final

from ossicle.operations.context import Context
from ossicle.operations.registry import handles
from ossicle.operations.settings import Rules, serve_deletion, serve_put
from ossicle.wire.api.bucket_storage_quota import (
    DELETE_BUCKET_STORAGE_QUOTA,
    GET_BUCKET_STORAGE_QUOTA,
    PUT_BUCKET_STORAGE_QUOTA,
    STORAGE_QUOTA,
    GetBucketStorageQuotaRequest,
    GetBucketStorageQuotaResult,
    QuotaConfiguration,
)
from ossicle.wire.errors import InvalidArgument, MalformedXML

_STRICT: Final = "Strict"
_MODES: Final = (_STRICT, "Warning")
# OSS: what a bucket without a quota tells is unverified, as are the mode where none is given and the code for a negative quota.
_UNLIMITED: Final = QuotaConfiguration(storage_quota=-1, mode=_STRICT)


def _judge(quota: QuotaConfiguration) -> QuotaConfiguration:
    mode = quota.mode or _STRICT
    if quota.storage_quota is None or mode not in _MODES:
        raise MalformedXML(ec=PUT_BUCKET_STORAGE_QUOTA.malformed_ec)
    if quota.storage_quota < -1:
        raise InvalidArgument(argument_name="StorageQuota", argument_value=str(quota.storage_quota))
    return QuotaConfiguration(storage_quota=quota.storage_quota, mode=mode)


@handles(GET_BUCKET_STORAGE_QUOTA)
async def get_bucket_storage_quota(context: Context, _: GetBucketStorageQuotaRequest) -> GetBucketStorageQuotaResult:
    """Tell the quota, and how much the bucket holds."""
    quota = await context.services.buckets.setting(context.bucket, STORAGE_QUOTA) or _UNLIMITED
    usage, _moment = await context.services.buckets.usage(context.bucket)
    return GetBucketStorageQuotaResult(quota_configuration=replace(quota, current_usage=sum(usage.sizes.values())))


_RULES: Final = Rules(setting=STORAGE_QUOTA, field="quota_configuration", judge=_judge, default=_UNLIMITED)
serve_put(_RULES, PUT_BUCKET_STORAGE_QUOTA)
serve_deletion(_RULES, DELETE_BUCKET_STORAGE_QUOTA)
