"""Making the bytes of an archived object readable for some days, and giving that up again."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, Header, Parameter, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record


@record
class JobParameters:
    """How fast a cold or deep cold archive is restored: Expedited, Standard or Bulk."""

    tier: Annotated[str | None, Tag("Tier")] = None


@record
class RestoreRequest:
    """For how many days the copy is kept, 1 if not given."""

    days: Annotated[int | None, Tag("Days")] = None
    job_parameters: Annotated[JobParameters | None, Tag("JobParameters")] = None


@record
class RestoreObjectRequest(RequestBase):
    """Ask for a readable copy of an archived object, or for more days of the one that is there."""

    bucket: str
    key: str
    version_id: Annotated[str | None, Parameter("versionId")] = None
    restore_request: Annotated[RestoreRequest | None, Body("RestoreRequest")] = None


@record
class RestoreObjectResult(ResultBase):
    """202 when the copy is on its way, 200 when one was there and is kept longer."""

    version_id: Annotated[str | None, Header("x-oss-version-id")] = None
    restore_priority: Annotated[str | None, Header("x-oss-object-restore-priority")] = None


@record
class CleanRestoredObjectRequest(RequestBase):
    """Give the readable copy of an archived object up."""

    bucket: str
    key: str
    version_id: Annotated[str | None, Parameter("versionId")] = None


@record
class CleanRestoredObjectResult(ResultBase):
    """Nothing but the request id."""


# OSS: whether an ACL lets others restore an object is unverified; what costs the owner money is the owner's business here.
RESTORE_OBJECT: Final = Operation(
    name="RestoreObject",
    method="POST",
    level=Level.OBJECT,
    access=Access.MANAGE,
    request=RestoreObjectRequest,
    result=RestoreObjectResult,
    selectors=("restore",),
    success_status=202,
    document_bytes_max=64 * 1024,
    source=DOCS + "restoreobject",
)
CLEAN_RESTORED_OBJECT: Final = Operation(
    name="CleanRestoredObject",
    method="POST",
    level=Level.OBJECT,
    access=Access.MANAGE,
    request=CleanRestoredObjectRequest,
    result=CleanRestoredObjectResult,
    selectors=("cleanRestoredObject",),
    source=DOCS + "cleanrestoredobject",
)

OPERATIONS: Final = (RESTORE_OBJECT, CLEAN_RESTORED_OBJECT)
