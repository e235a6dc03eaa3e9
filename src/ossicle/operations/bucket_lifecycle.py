"""Operations on the lifecycle of a bucket."""

from ossicle.operations.context import Context
from ossicle.operations.lifecycle_rules import judge_rules
from ossicle.operations.registry import handles
from ossicle.operations.settings import Rules, serve_deletion, serve_get
from ossicle.wire.api.bucket_access_monitor import ACCESS_MONITOR
from ossicle.wire.api.bucket_lifecycle import (
    DELETE_BUCKET_LIFECYCLE,
    GET_BUCKET_LIFECYCLE,
    LIFECYCLE,
    PUT_BUCKET_LIFECYCLE,
    PutBucketLifecycleRequest,
    PutBucketLifecycleResult,
)
from ossicle.wire.errors import MalformedXML, NoSuchLifecycle
from ossicle.wire.names import AccessMonitorStatusType

_RULES = Rules(setting=LIFECYCLE, field="lifecycle_configuration", default=NoSuchLifecycle)


@handles(PUT_BUCKET_LIFECYCLE)
async def put_bucket_lifecycle(context: Context, request: PutBucketLifecycleRequest) -> PutBucketLifecycleResult:
    """Replace the rules."""
    if request.lifecycle_configuration is None:
        raise MalformedXML(ec=PUT_BUCKET_LIFECYCLE.malformed_ec)
    monitor = await context.services.buckets.setting(context.bucket, ACCESS_MONITOR)
    judged = judge_rules(
        request.lifecycle_configuration,
        overlap_is_allowed=request.allow_same_action_overlap == "true",
        access_is_monitored=monitor is not None and monitor.status == AccessMonitorStatusType.ENABLED,
        now_seconds=int(context.clock().timestamp()),
    )
    await context.services.buckets.put_setting(context.bucket, LIFECYCLE, judged)
    return PutBucketLifecycleResult()


serve_get(_RULES, GET_BUCKET_LIFECYCLE)
serve_deletion(_RULES, DELETE_BUCKET_LIFECYCLE)
