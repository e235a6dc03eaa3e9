"""Operations on the archive an object may lie in."""

from typing import Any

from ossicle.model.objects import ObjectVersion
from ossicle.operations.context import Context
from ossicle.operations.object_attributes import judge_version_id, told_version_id
from ossicle.operations.registry import handles
from ossicle.services.archive import cleaned, is_restored, judge_days, judge_tier, restored
from ossicle.services.attributes import Change
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
    told: dict[str, Any] = {}

    def restore(version: ObjectVersion) -> ObjectVersion:
        keep = judge_days(version, asked.days)
        tier = judge_tier(version, None if job is None else job.tier)
        told.update(status_code=200 if is_restored(version, now) else None, restore_priority=tier)
        return restored(version, keep=keep, tier=tier, now=now)

    version = await _change(context, request, restore)
    return RestoreObjectResult(**told, version_id=told_version_id(context.bucket, version))


@handles(CLEAN_RESTORED_OBJECT)
async def clean_restored_object(context: Context, request: CleanRestoredObjectRequest) -> CleanRestoredObjectResult:
    """Give a restored copy up."""
    now = context.clock()
    await _change(context, request, lambda version: cleaned(version, now))
    return CleanRestoredObjectResult()


async def _change(
    context: Context, request: RestoreObjectRequest | CleanRestoredObjectRequest, change: Change
) -> ObjectVersion:
    version_id = judge_version_id(request.version_id)
    key = ObjectKey(request.key)
    return await context.services.attributes.change(
        context.principal, context.bucket, key, version_id, change, method="POST"
    )
