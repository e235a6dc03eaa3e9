"""Operations on a bucket's retention policy."""

from ossicle.operations.context import Context
from ossicle.operations.registry import handles
from ossicle.wire.api.bucket_worm import (
    ABORT_BUCKET_WORM,
    COMPLETE_BUCKET_WORM,
    EXTEND_BUCKET_WORM,
    GET_BUCKET_WORM,
    INITIATE_BUCKET_WORM,
    AbortBucketWormRequest,
    AbortBucketWormResult,
    CompleteBucketWormRequest,
    CompleteBucketWormResult,
    ExtendBucketWormRequest,
    ExtendBucketWormResult,
    ExtendWormConfiguration,
    GetBucketWormRequest,
    GetBucketWormResult,
    InitiateBucketWormRequest,
    InitiateBucketWormResult,
    InitiateWormConfiguration,
)
from ossicle.wire.errors import MalformedXML


@handles(INITIATE_BUCKET_WORM)
async def initiate_bucket_worm(context: Context, request: InitiateBucketWormRequest) -> InitiateBucketWormResult:
    """Begin a retention policy."""
    days = _days(request.initiate_worm_configuration)
    return InitiateBucketWormResult(worm_id=await context.services.worms.initiate(context.bucket, days))


@handles(ABORT_BUCKET_WORM)
async def abort_bucket_worm(context: Context, _: AbortBucketWormRequest) -> AbortBucketWormResult:
    """Remove a retention policy that is not locked."""
    await context.services.worms.abort(context.bucket)
    return AbortBucketWormResult()


@handles(COMPLETE_BUCKET_WORM)
async def complete_bucket_worm(context: Context, request: CompleteBucketWormRequest) -> CompleteBucketWormResult:
    """Lock a retention policy."""
    await context.services.worms.complete(context.bucket, request.worm_id)
    return CompleteBucketWormResult()


@handles(EXTEND_BUCKET_WORM)
async def extend_bucket_worm(context: Context, request: ExtendBucketWormRequest) -> ExtendBucketWormResult:
    """Retain objects for longer."""
    days = _days(request.extend_worm_configuration)
    await context.services.worms.extend(context.bucket, request.worm_id, days)
    return ExtendBucketWormResult()


@handles(GET_BUCKET_WORM)
async def get_bucket_worm(context: Context, _: GetBucketWormRequest) -> GetBucketWormResult:
    """Tell the retention policy."""
    return GetBucketWormResult(worm_configuration=await context.services.worms.get(context.bucket))


def _days(document: InitiateWormConfiguration | ExtendWormConfiguration | None) -> int:
    if document is None or document.retention_period_in_days is None:
        raise MalformedXML(ec=INITIATE_BUCKET_WORM.malformed_ec)
    return document.retention_period_in_days
