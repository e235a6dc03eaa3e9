"""Retention of all objects of a bucket: for some days after each was written, nobody can replace or remove it.

A retention policy is initiated, and for 24 hours can be aborted or completed. Completed, it is locked, and can only be extended.
"""

from typing import Annotated, Final

from ossicle.wire.binding import Body, Header, Parameter, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.names import BucketWormStateType
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record
from ossicle.wire.setting import Setting, setting_operation

_DOCUMENT_BYTES_MAX: Final = 64 * 1024
_MALFORMED_EC: Final = "0027-00000004"


@record
class WormConfiguration:
    """A retention policy. Times are texts in UTC; `expiration_date` is when one that is not locked ends by itself."""

    worm_id: Annotated[str | None, Tag("WormId")] = None
    state: Annotated[BucketWormStateType | str | None, Tag("State")] = None
    retention_period_in_days: Annotated[int | None, Tag("RetentionPeriodInDays")] = None
    creation_date: Annotated[str | None, Tag("CreationDate")] = None
    expiration_date: Annotated[str | None, Tag("ExpirationDate")] = None


@record
class InitiateWormConfiguration:
    """For how many days after its last modification an object is retained: 1 to 25550."""

    retention_period_in_days: Annotated[int | None, Tag("RetentionPeriodInDays")] = None


@record
class ExtendWormConfiguration:
    """For how many days after its last modification an object is retained: no fewer than before."""

    retention_period_in_days: Annotated[int | None, Tag("RetentionPeriodInDays")] = None


@record
class InitiateBucketWormRequest(RequestBase):
    """Begin a retention policy. It counts at once, and ends after 24 hours if it is not completed by then."""

    bucket: str
    initiate_worm_configuration: Annotated[InitiateWormConfiguration | None, Body("InitiateWormConfiguration")] = None


@record
class InitiateBucketWormResult(ResultBase):
    """The policy's id."""

    worm_id: Annotated[str | None, Header("x-oss-worm-id")] = None


@record
class AbortBucketWormRequest(RequestBase):
    """Remove a retention policy that is not locked."""

    bucket: str


@record
class AbortBucketWormResult(ResultBase):
    """Nothing but the request id."""


@record
class CompleteBucketWormRequest(RequestBase):
    """Lock a retention policy. There is no way back."""

    bucket: str
    worm_id: Annotated[str, Parameter("wormId")]


@record
class CompleteBucketWormResult(ResultBase):
    """Nothing but the request id."""


@record
class ExtendBucketWormRequest(RequestBase):
    """Retain objects for longer, by a policy that is locked."""

    bucket: str
    worm_id: Annotated[str, Parameter("wormId")]
    extend_worm_configuration: Annotated[ExtendWormConfiguration | None, Body("ExtendWormConfiguration")] = None


@record
class ExtendBucketWormResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketWormRequest(RequestBase):
    """Ask for the retention policy."""

    bucket: str


@record
class GetBucketWormResult(ResultBase):
    """The retention policy."""

    worm_configuration: Annotated[WormConfiguration | None, Body("WormConfiguration")] = None


WORM: Final = Setting(kind="worm", root="WormConfiguration", document=WormConfiguration)
INITIATE_BUCKET_WORM: Final = Operation(
    name="InitiateBucketWorm",
    method="POST",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=InitiateBucketWormRequest,
    result=InitiateBucketWormResult,
    selectors=("worm",),
    document_bytes_max=_DOCUMENT_BYTES_MAX,
    malformed_ec=_MALFORMED_EC,
    source=DOCS + "initiatebucketworm",
)
ABORT_BUCKET_WORM: Final = Operation(
    name="AbortBucketWorm",
    method="DELETE",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=AbortBucketWormRequest,
    result=AbortBucketWormResult,
    selectors=("worm",),
    success_status=204,
    source=DOCS + "abortbucketworm",
)
COMPLETE_BUCKET_WORM: Final = Operation(
    name="CompleteBucketWorm",
    method="POST",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=CompleteBucketWormRequest,
    result=CompleteBucketWormResult,
    selectors=("wormId",),
    source=DOCS + "completebucketworm",
)
EXTEND_BUCKET_WORM: Final = Operation(
    name="ExtendBucketWorm",
    method="POST",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=ExtendBucketWormRequest,
    result=ExtendBucketWormResult,
    selectors=("wormId", "wormExtend"),
    document_bytes_max=_DOCUMENT_BYTES_MAX,
    malformed_ec=_MALFORMED_EC,
    source=DOCS + "extendbucketworm",
)
GET_BUCKET_WORM: Final = setting_operation("GET", "BucketWorm", "worm", GetBucketWormRequest, GetBucketWormResult)

OPERATIONS: Final = (
    INITIATE_BUCKET_WORM,
    ABORT_BUCKET_WORM,
    COMPLETE_BUCKET_WORM,
    EXTEND_BUCKET_WORM,
    GET_BUCKET_WORM,
)
