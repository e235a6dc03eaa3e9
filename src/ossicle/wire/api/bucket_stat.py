"""How much is stored in a bucket."""

from typing import Annotated, ClassVar, Final

from ossicle.wire.binding import RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record


@record
class GetBucketStatRequest(RequestBase):
    """Ask how much is stored in a bucket."""

    bucket: str


@record
class GetBucketStatResult(ResultBase):
    """Bytes and numbers of objects, every version counted, in all and by storage class, as of `last_modified_time` (Unix seconds)."""

    XML_ROOT: ClassVar[str] = "BucketStat"
    storage: Annotated[int | None, Tag("Storage")] = None
    object_count: Annotated[int | None, Tag("ObjectCount")] = None
    multi_part_upload_count: Annotated[int | None, Tag("MultipartUploadCount")] = None
    multi_part_part_count: Annotated[int | None, Tag("MultipartPartCount")] = None
    live_channel_count: Annotated[int | None, Tag("LiveChannelCount")] = None
    last_modified_time: Annotated[int | None, Tag("LastModifiedTime")] = None
    standard_storage: Annotated[int | None, Tag("StandardStorage")] = None
    standard_object_count: Annotated[int | None, Tag("StandardObjectCount")] = None
    infrequent_access_storage: Annotated[int | None, Tag("InfrequentAccessStorage")] = None
    infrequent_access_real_storage: Annotated[int | None, Tag("InfrequentAccessRealStorage")] = None
    infrequent_access_object_count: Annotated[int | None, Tag("InfrequentAccessObjectCount")] = None
    archive_storage: Annotated[int | None, Tag("ArchiveStorage")] = None
    archive_real_storage: Annotated[int | None, Tag("ArchiveRealStorage")] = None
    archive_object_count: Annotated[int | None, Tag("ArchiveObjectCount")] = None
    cold_archive_storage: Annotated[int | None, Tag("ColdArchiveStorage")] = None
    cold_archive_real_storage: Annotated[int | None, Tag("ColdArchiveRealStorage")] = None
    cold_archive_object_count: Annotated[int | None, Tag("ColdArchiveObjectCount")] = None
    deep_cold_archive_storage: Annotated[int | None, Tag("DeepColdArchiveStorage")] = None
    deep_cold_archive_real_storage: Annotated[int | None, Tag("DeepColdArchiveRealStorage")] = None
    deep_cold_archive_object_count: Annotated[int | None, Tag("DeepColdArchiveObjectCount")] = None
    delete_marker_count: Annotated[int | None, Tag("DeleteMarkerCount")] = None


GET_BUCKET_STAT: Final = Operation(
    name="GetBucketStat",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=GetBucketStatRequest,
    result=GetBucketStatResult,
    selectors=("stat",),
    source=DOCS + "getbucketstat",
)

OPERATIONS: Final = (GET_BUCKET_STAT,)
