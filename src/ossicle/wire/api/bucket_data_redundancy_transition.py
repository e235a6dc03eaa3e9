"""Changes of a bucket's redundancy from one zone to several."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, Parameter, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record
from ossicle.wire.setting import Setting


@record
class BucketDataRedundancyTransition:
    """One change: a task that waits (`Queueing`), since nothing here lies in several zones."""

    bucket: Annotated[str | None, Tag("Bucket")] = None
    task_id: Annotated[str | None, Tag("TaskId")] = None
    status: Annotated[str | None, Tag("Status")] = None
    create_time: Annotated[str | None, Tag("CreateTime")] = None
    start_time: Annotated[str | None, Tag("StartTime")] = None
    process_percentage: Annotated[int | None, Tag("ProcessPercentage")] = None
    estimated_remaining_time: Annotated[int | None, Tag("EstimatedRemainingTime")] = None
    end_time: Annotated[str | None, Tag("EndTime")] = None


@record
class ListBucketDataRedundancyTransition:
    """Changes, and where the next page begins if there is one."""

    bucket_data_redundancy_transition: Annotated[
        tuple[BucketDataRedundancyTransition, ...], Tag("BucketDataRedundancyTransition")
    ] = ()
    is_truncated: Annotated[bool | None, Tag("IsTruncated")] = None
    next_continuation_token: Annotated[str | None, Tag("NextContinuationToken")] = None


@record
class CreateBucketDataRedundancyTransitionRequest(RequestBase):
    """Ask for a change to `ZRS`."""

    bucket: str
    target_redundancy_type: Annotated[str, Parameter("x-oss-target-redundancy-type")]


@record
class CreateBucketDataRedundancyTransitionResult(ResultBase):
    """The id of the task."""

    bucket_data_redundancy_transition: Annotated[
        BucketDataRedundancyTransition | None, Body("BucketDataRedundancyTransition")
    ] = None


@record
class GetBucketDataRedundancyTransitionRequest(RequestBase):
    """Ask how far a task is."""

    bucket: str
    redundancy_transition_taskid: Annotated[str, Parameter("x-oss-redundancy-transition-taskid")]


@record
class GetBucketDataRedundancyTransitionResult(ResultBase):
    """The task."""

    bucket_data_redundancy_transition: Annotated[
        BucketDataRedundancyTransition | None, Body("BucketDataRedundancyTransition")
    ] = None


@record
class DeleteBucketDataRedundancyTransitionRequest(RequestBase):
    """Forget a task, if there is one."""

    bucket: str
    redundancy_transition_taskid: Annotated[str, Parameter("x-oss-redundancy-transition-taskid")]


@record
class DeleteBucketDataRedundancyTransitionResult(ResultBase):
    """Nothing but the request id."""


@record
class ListBucketDataRedundancyTransitionRequest(RequestBase):
    """Ask for the tasks of a bucket."""

    bucket: str


@record
class ListBucketDataRedundancyTransitionResult(ResultBase):
    """The tasks."""

    list_bucket_data_redundancy_transition: Annotated[
        ListBucketDataRedundancyTransition | None, Body("ListBucketDataRedundancyTransition")
    ] = None


@record
class ListUserDataRedundancyTransitionRequest(RequestBase):
    """Ask for the tasks of all buckets of the caller; `max_keys` is 1 to 1000, 100 by default."""

    max_keys: Annotated[int | None, Parameter("max-keys")] = None
    continuation_token: Annotated[str | None, Parameter("continuation-token")] = None


@record
class ListUserDataRedundancyTransitionResult(ResultBase):
    """One page of tasks."""

    list_bucket_data_redundancy_transition: Annotated[
        ListBucketDataRedundancyTransition | None, Body("ListBucketDataRedundancyTransition")
    ] = None


CREATE_BUCKET_DATA_REDUNDANCY_TRANSITION: Final = Operation(
    name="CreateBucketDataRedundancyTransition",
    method="POST",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=CreateBucketDataRedundancyTransitionRequest,
    result=CreateBucketDataRedundancyTransitionResult,
    selectors=("redundancyTransition",),
    source=DOCS + "createbucketdataredundancytransition",
)
GET_BUCKET_DATA_REDUNDANCY_TRANSITION: Final = Operation(
    name="GetBucketDataRedundancyTransition",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=GetBucketDataRedundancyTransitionRequest,
    result=GetBucketDataRedundancyTransitionResult,
    selectors=(
        "redundancyTransition",
        "x-oss-redundancy-transition-taskid",
    ),
    source=DOCS + "getbucketdataredundancytransition",
)
DELETE_BUCKET_DATA_REDUNDANCY_TRANSITION: Final = Operation(
    name="DeleteBucketDataRedundancyTransition",
    method="DELETE",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=DeleteBucketDataRedundancyTransitionRequest,
    result=DeleteBucketDataRedundancyTransitionResult,
    selectors=(
        "redundancyTransition",
        "x-oss-redundancy-transition-taskid",
    ),
    success_status=204,
    source=DOCS + "deletebucketdataredundancytransition",
)
LIST_BUCKET_DATA_REDUNDANCY_TRANSITION: Final = Operation(
    name="ListBucketDataRedundancyTransition",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=ListBucketDataRedundancyTransitionRequest,
    result=ListBucketDataRedundancyTransitionResult,
    selectors=("redundancyTransition",),
    source=DOCS + "listbucketdataredundancytransition",
)
LIST_USER_DATA_REDUNDANCY_TRANSITION: Final = Operation(
    name="ListUserDataRedundancyTransition",
    method="GET",
    level=Level.SERVICE,
    access=Access.MANAGE,
    request=ListUserDataRedundancyTransitionRequest,
    result=ListUserDataRedundancyTransitionResult,
    selectors=("redundancyTransition",),
    source=DOCS + "listuserdataredundancytransition",
)

REDUNDANCY_TRANSITIONS: Final = Setting(
    kind="redundancyTransition", root="ListBucketDataRedundancyTransition", document=ListBucketDataRedundancyTransition
)


OPERATIONS: Final = (
    CREATE_BUCKET_DATA_REDUNDANCY_TRANSITION,
    GET_BUCKET_DATA_REDUNDANCY_TRANSITION,
    DELETE_BUCKET_DATA_REDUNDANCY_TRANSITION,
    LIST_BUCKET_DATA_REDUNDANCY_TRANSITION,
    LIST_USER_DATA_REDUNDANCY_TRANSITION,
)
