"""Operations on the archive an object may lie in."""

from ossicle.model.objects import ObjectVersion
from ossicle.operations.context import Context
from ossicle.operations.registry import handles
from ossicle.services.archive import cleaned, is_restored, judge_days, judge_tier, restored
from ossicle.wire.api.object_restore import (
    CLEAN_RESTORED_OBJECT,
    RESTORE_OBJECT,
    CleanRestoredObjectRequest,
    CleanRestoredObjectResult,
    RestoreObjectRequest,
    RestoreObjectResult,
    RestoreRequest,
)
from ossicle.wire.names import ObjectKey


@handles(RESTORE_OBJECT)
async def restore_object(context: Context, request: RestoreObjectRequest) -> RestoreObjectResult:
    """Begin to restore an archived object, or keep the restored copy longer."""
    now, asked = context.clock(), request.restore_request or RestoreRequest()
    job = asked.job_parameters
    answer = RestoreObjectResult()

    def restore(version: ObjectVersion) -> ObjectVersion:
        nonlocal answer
        keep = judge_days(version, asked.days)
        tier = judge_tier(version, None if job is None else job.tier)
        answer = RestoreObjectResult(status_code=200 if is_restored(version, now) else None, restore_priority=tier)
        return restored(version, keep=keep, tier=tier, now=now)

    await context.attributes.change(context.principal, context.bucket, ObjectKey(request.key), restore)
    return answer


@handles(CLEAN_RESTORED_OBJECT)
async def clean_restored_object(context: Context, request: CleanRestoredObjectRequest) -> CleanRestoredObjectResult:
    """Give a restored copy up."""
    now = context.clock()
    key = ObjectKey(request.key)
    await context.attributes.change(context.principal, context.bucket, key, lambda version: cleaned(version, now))
    return CleanRestoredObjectResult()
