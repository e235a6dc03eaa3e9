"""Direct reading of archived objects: without restoring them first."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.records import record
from ossicle.wire.setting import Setting, setting_operation


@record
class ArchiveDirectReadConfiguration:
    """Whether objects of the class Archive can be read without being restored."""

    enabled: Annotated[bool | None, Tag("Enabled")] = None


@record
class PutBucketArchiveDirectReadRequest(RequestBase):
    """Allow or forbid to read archived objects directly."""

    bucket: str
    archive_direct_read_configuration: Annotated[
        ArchiveDirectReadConfiguration | None, Body("ArchiveDirectReadConfiguration")
    ] = None


@record
class PutBucketArchiveDirectReadResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketArchiveDirectReadRequest(RequestBase):
    """Ask whether archived objects can be read directly."""

    bucket: str


@record
class GetBucketArchiveDirectReadResult(ResultBase):
    """Whether they can; a bucket where it was never set has no such document."""

    archive_direct_read_configuration: Annotated[
        ArchiveDirectReadConfiguration | None, Body("ArchiveDirectReadConfiguration")
    ] = None


ARCHIVE_DIRECT_READ: Final = Setting(
    kind="bucketArchiveDirectRead", root="ArchiveDirectReadConfiguration", document=ArchiveDirectReadConfiguration
)
PUT_BUCKET_ARCHIVE_DIRECT_READ: Final = setting_operation(
    "PUT",
    "BucketArchiveDirectRead",
    "bucketArchiveDirectRead",
    PutBucketArchiveDirectReadRequest,
    PutBucketArchiveDirectReadResult,
)
GET_BUCKET_ARCHIVE_DIRECT_READ: Final = setting_operation(
    "GET",
    "BucketArchiveDirectRead",
    "bucketArchiveDirectRead",
    GetBucketArchiveDirectReadRequest,
    GetBucketArchiveDirectReadResult,
)

OPERATIONS: Final = (PUT_BUCKET_ARCHIVE_DIRECT_READ, GET_BUCKET_ARCHIVE_DIRECT_READ)
