"""Tags of a bucket, by which buckets are listed and costs are shared out."""

from typing import Annotated, Final

from ossicle.wire.api.object_tagging import Tagging
from ossicle.wire.binding import Body, Parameter, RequestBase, ResultBase
from ossicle.wire.records import record
from ossicle.wire.setting import Setting, setting_operation


@record
class PutBucketTagsRequest(RequestBase):
    """Give a bucket these tags, up to twenty, and no others."""

    bucket: str
    tagging: Annotated[Tagging | None, Body("Tagging")] = None


@record
class PutBucketTagsResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketTagsRequest(RequestBase):
    """Ask for the tags of a bucket."""

    bucket: str


@record
class GetBucketTagsResult(ResultBase):
    """The tags; none is an empty set."""

    tagging: Annotated[Tagging | None, Body("Tagging")] = None


@record
class DeleteBucketTagsRequest(RequestBase):
    """Remove the tags of a bucket, or only those with the keys in `tagging`, between which there are commas."""

    bucket: str
    tagging: Annotated[str, Parameter("tagging")] = ""


@record
class DeleteBucketTagsResult(ResultBase):
    """Nothing but the request id."""


BUCKET_TAGS: Final = Setting(kind="tagging", root="Tagging", document=Tagging)
PUT_BUCKET_TAGS: Final = setting_operation("PUT", "BucketTags", "tagging", PutBucketTagsRequest, PutBucketTagsResult)
GET_BUCKET_TAGS: Final = setting_operation("GET", "BucketTags", "tagging", GetBucketTagsRequest, GetBucketTagsResult)
DELETE_BUCKET_TAGS: Final = setting_operation(
    "DELETE", "BucketTags", "tagging", DeleteBucketTagsRequest, DeleteBucketTagsResult
)

OPERATIONS: Final = (PUT_BUCKET_TAGS, GET_BUCKET_TAGS, DELETE_BUCKET_TAGS)
