"""Operations on changes of a bucket's redundancy. A task is kept and told as one that waits: nothing here lies in several zones."""

from typing import Final

from ossicle.operations.context import Context
from ossicle.operations.paging import judge_page_size, judge_text
from ossicle.operations.registry import handles
from ossicle.wire.api.bucket_data_redundancy_transition import (
    CREATE_BUCKET_DATA_REDUNDANCY_TRANSITION,
    DELETE_BUCKET_DATA_REDUNDANCY_TRANSITION,
    GET_BUCKET_DATA_REDUNDANCY_TRANSITION,
    LIST_BUCKET_DATA_REDUNDANCY_TRANSITION,
    LIST_USER_DATA_REDUNDANCY_TRANSITION,
    REDUNDANCY_TRANSITIONS,
    BucketDataRedundancyTransition,
    CreateBucketDataRedundancyTransitionRequest,
    CreateBucketDataRedundancyTransitionResult,
    DeleteBucketDataRedundancyTransitionRequest,
    DeleteBucketDataRedundancyTransitionResult,
    GetBucketDataRedundancyTransitionRequest,
    GetBucketDataRedundancyTransitionResult,
    ListBucketDataRedundancyTransition,
    ListBucketDataRedundancyTransitionRequest,
    ListBucketDataRedundancyTransitionResult,
    ListUserDataRedundancyTransitionRequest,
    ListUserDataRedundancyTransitionResult,
)
from ossicle.wire.errors import InvalidArgument, NoSuchBucketDataRedundancyTransition
from ossicle.wire.names import DataRedundancyType
from ossicle.wire.text import render_iso_millis

_NONE: Final = ListBucketDataRedundancyTransition()
_QUEUEING: Final = "Queueing"


@handles(CREATE_BUCKET_DATA_REDUNDANCY_TRANSITION)
async def create_bucket_data_redundancy_transition(
    context: Context, request: CreateBucketDataRedundancyTransitionRequest
) -> CreateBucketDataRedundancyTransitionResult:
    """Note that a change is wanted. A bucket has one task at a time."""
    # OSS: the code for another redundancy is unverified, and what is answered while there is a task.
    if request.target_redundancy_type != DataRedundancyType.ZRS:
        raise InvalidArgument(
            argument_name="x-oss-target-redundancy-type", argument_value=request.target_redundancy_type
        )
    task = BucketDataRedundancyTransition(
        bucket=context.bucket.name,
        task_id=context.request_id.lower(),  # the id of a request is there once
        status=_QUEUEING,
        create_time=render_iso_millis(context.clock().replace(microsecond=0)),
    )
    document = ListBucketDataRedundancyTransition(bucket_data_redundancy_transition=(task,))
    await context.services.buckets.put_setting(context.bucket, REDUNDANCY_TRANSITIONS, document)
    told = BucketDataRedundancyTransition(task_id=task.task_id)
    return CreateBucketDataRedundancyTransitionResult(bucket_data_redundancy_transition=told)


@handles(GET_BUCKET_DATA_REDUNDANCY_TRANSITION)
async def get_bucket_data_redundancy_transition(
    context: Context, request: GetBucketDataRedundancyTransitionRequest
) -> GetBucketDataRedundancyTransitionResult:
    """Tell a task."""
    for task in (await _tasks(context)).bucket_data_redundancy_transition:
        if task.task_id == request.redundancy_transition_taskid:
            return GetBucketDataRedundancyTransitionResult(bucket_data_redundancy_transition=task)
    raise NoSuchBucketDataRedundancyTransition(bucket_name=context.bucket.name)


@handles(DELETE_BUCKET_DATA_REDUNDANCY_TRANSITION)
async def delete_bucket_data_redundancy_transition(
    context: Context, request: DeleteBucketDataRedundancyTransitionRequest
) -> DeleteBucketDataRedundancyTransitionResult:
    """Forget a task."""

    def without(found: ListBucketDataRedundancyTransition | None) -> ListBucketDataRedundancyTransition | None:
        tasks = (found or _NONE).bucket_data_redundancy_transition
        left = tuple(task for task in tasks if task.task_id != request.redundancy_transition_taskid)
        return ListBucketDataRedundancyTransition(bucket_data_redundancy_transition=left) if left else None

    await context.services.buckets.change_setting(context.bucket, REDUNDANCY_TRANSITIONS, without)
    return DeleteBucketDataRedundancyTransitionResult()


@handles(LIST_BUCKET_DATA_REDUNDANCY_TRANSITION)
async def list_bucket_data_redundancy_transition(
    context: Context, _: ListBucketDataRedundancyTransitionRequest
) -> ListBucketDataRedundancyTransitionResult:
    """Tell the tasks of the bucket."""
    tasks = (await _tasks(context)).bucket_data_redundancy_transition
    document = ListBucketDataRedundancyTransition(bucket_data_redundancy_transition=tasks, is_truncated=False)
    return ListBucketDataRedundancyTransitionResult(list_bucket_data_redundancy_transition=document)


@handles(LIST_USER_DATA_REDUNDANCY_TRANSITION)
async def list_user_data_redundancy_transition(
    context: Context, request: ListUserDataRedundancyTransitionRequest
) -> ListUserDataRedundancyTransitionResult:
    """Tell the tasks of all buckets of the account, by the names of these; where a page begins is the name before it."""
    limit = judge_page_size(request.max_keys, "max-keys")
    marker = judge_text(request.continuation_token, "continuation-token")
    found = await context.services.buckets.list(
        context.account,
        prefix="",
        marker=marker,
        limit=limit + 1,
        fits=lambda documents: documents.get(REDUNDANCY_TRANSITIONS) is not None,
    )
    page = found[:limit]
    tasks = (documents.get(REDUNDANCY_TRANSITIONS) or _NONE for _, documents in page)
    is_truncated = len(found) > limit
    document = ListBucketDataRedundancyTransition(
        bucket_data_redundancy_transition=tuple(
            task for each in tasks for task in each.bucket_data_redundancy_transition
        ),
        is_truncated=is_truncated,
        next_continuation_token=page[-1][0].name if is_truncated else None,
    )
    return ListUserDataRedundancyTransitionResult(list_bucket_data_redundancy_transition=document)


async def _tasks(context: Context) -> ListBucketDataRedundancyTransition:
    return await context.services.buckets.setting(context.bucket, REDUNDANCY_TRANSITIONS) or _NONE
