"""Operations on the access logs of a bucket. They are written by `services.access_logs`."""

from typing import Final

from ossicle.operations.context import Context
from ossicle.operations.registry import handles
from ossicle.services.access_logs import log_key
from ossicle.wire.api.bucket_logging import (
    DELETE_BUCKET_LOGGING,
    GET_BUCKET_LOGGING,
    LOGGING,
    PUT_BUCKET_LOGGING,
    BucketLoggingStatus,
    DeleteBucketLoggingRequest,
    DeleteBucketLoggingResult,
    GetBucketLoggingRequest,
    GetBucketLoggingResult,
    LoggingEnabled,
    PutBucketLoggingRequest,
    PutBucketLoggingResult,
)
from ossicle.wire.api.object_basic import PUT_OBJECT
from ossicle.wire.errors import InvalidArgument, InvalidObjectName, InvalidTargetBucketForLogging, MalformedXML
from ossicle.wire.names import BucketName, parse_object_key
from ossicle.wire.text import encode

_OFF: Final = BucketLoggingStatus()
_UNIQUE_MAX: Final = 32


@handles(PUT_BUCKET_LOGGING)
async def put_bucket_logging(context: Context, request: PutBucketLoggingRequest) -> PutBucketLoggingResult:
    """Say where the logs go, or end them."""
    status = request.bucket_logging_status
    if status is None or (status.logging_enabled is not None and not status.logging_enabled.target_bucket):
        raise MalformedXML(ec=PUT_BUCKET_LOGGING.malformed_ec)
    if status.logging_enabled is None:
        await context.services.buckets.delete_setting(context.bucket, LOGGING)
        return PutBucketLoggingResult()
    await _judge(context, status.logging_enabled)
    await context.services.buckets.put_setting(context.bucket, LOGGING, status)
    return PutBucketLoggingResult()


async def _judge(context: Context, wanted: LoggingEnabled) -> None:
    target = await context.services.buckets.find(BucketName(wanted.target_bucket or ""))
    if target is None or target.owner != context.bucket.owner:
        raise InvalidTargetBucketForLogging
    prefix = wanted.target_prefix or ""
    try:
        if prefix.startswith(("/", "\\")):
            raise InvalidObjectName
        key = parse_object_key(encode(log_key(prefix, context.bucket.name, context.clock(), "0" * _UNIQUE_MAX)))
    except InvalidObjectName:
        # OSS: what a prefix may be, and the code, is unverified.
        raise InvalidArgument(argument_name="TargetPrefix", argument_value=prefix) from None
    # OSS: there a role writes; here it is whoever asks for the logs that must be allowed to write where they go.
    await context.services.objects.judge_write(context.principal.doing(PUT_OBJECT.name), target, key)


@handles(GET_BUCKET_LOGGING)
async def get_bucket_logging(context: Context, _: GetBucketLoggingRequest) -> GetBucketLoggingResult:
    """Tell where the logs go."""
    status = await context.services.buckets.setting(context.bucket, LOGGING)
    return GetBucketLoggingResult(bucket_logging_status=status or _OFF)


@handles(DELETE_BUCKET_LOGGING)
async def delete_bucket_logging(context: Context, _: DeleteBucketLoggingRequest) -> DeleteBucketLoggingResult:
    """End the logs."""
    await context.services.buckets.delete_setting(context.bucket, LOGGING)
    return DeleteBucketLoggingResult()
