"""Lifecycle of a bucket: what is done with objects, versions and uploads of some age."""

from datetime import datetime
from typing import Annotated, Final

from ossicle.wire.api.object_tagging import Tag as ObjectTag
from ossicle.wire.binding import Body, Header, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.names import StorageClass
from ossicle.wire.records import record
from ossicle.wire.setting import Setting, setting_operation


@record
class LifecycleRuleExpiration:
    """When objects expire: after so many days, those from before a date, all from a date on; or delete markers that are alone."""

    days: Annotated[int | None, Tag("Days")] = None
    created_before_date: Annotated[datetime | None, Tag("CreatedBeforeDate")] = None
    date: Annotated[datetime | None, Tag("Date")] = None
    expired_object_delete_marker: Annotated[bool | None, Tag("ExpiredObjectDeleteMarker")] = None


@record
class LifecycleRuleTransition:
    """When objects get another storage class, a colder one. The flags are about the time of the last access."""

    days: Annotated[int | None, Tag("Days")] = None
    created_before_date: Annotated[datetime | None, Tag("CreatedBeforeDate")] = None
    storage_class: Annotated[StorageClass | str | None, Tag("StorageClass")] = None
    is_access_time: Annotated[bool | None, Tag("IsAccessTime")] = None
    return_to_std_when_visit: Annotated[bool | None, Tag("ReturnToStdWhenVisit")] = None
    allow_small_file: Annotated[bool | None, Tag("AllowSmallFile")] = None


@record
class LifecycleRuleAbortMultipartUpload:
    """When uploads that were not completed are given up."""

    days: Annotated[int | None, Tag("Days")] = None
    created_before_date: Annotated[datetime | None, Tag("CreatedBeforeDate")] = None
    date: Annotated[datetime | None, Tag("Date")] = None


@record
class NoncurrentVersionExpiration:
    """How many days after it ceased to be the latest a version goes for good."""

    noncurrent_days: Annotated[int | None, Tag("NoncurrentDays")] = None


@record
class NoncurrentVersionTransition:
    """How many days after it ceased to be the latest a version gets a colder storage class."""

    noncurrent_days: Annotated[int | None, Tag("NoncurrentDays")] = None
    storage_class: Annotated[StorageClass | str | None, Tag("StorageClass")] = None
    is_access_time: Annotated[bool | None, Tag("IsAccessTime")] = None
    return_to_std_when_visit: Annotated[bool | None, Tag("ReturnToStdWhenVisit")] = None
    allow_small_file: Annotated[bool | None, Tag("AllowSmallFile")] = None


@record
class LifecycleRuleNot:
    """Objects that a rule is not about: with this beginning of the key and this tag, if both are given."""

    prefix: Annotated[str | None, Tag("Prefix")] = None
    tag: Annotated[ObjectTag | None, Tag("Tag")] = None


@record
class LifecycleRuleFilter:
    """Which objects a rule is about, by more than prefix and tags: sizes in bytes, both ends excluded, and exceptions."""

    nots: Annotated[tuple[LifecycleRuleNot, ...], Tag("Not")] = ()
    object_size_greater_than: Annotated[int | None, Tag("ObjectSizeGreaterThan")] = None
    object_size_less_than: Annotated[int | None, Tag("ObjectSizeLessThan")] = None


@record
class LifecycleRule:
    """What is done with the objects that have the prefix and all tags, while the status is `Enabled`."""

    id: Annotated[str | None, Tag("ID")] = None
    prefix: Annotated[str | None, Tag("Prefix")] = None
    status: Annotated[str | None, Tag("Status")] = None
    tags: Annotated[tuple[ObjectTag, ...], Tag("Tag")] = ()
    filter: Annotated[LifecycleRuleFilter | None, Tag("Filter")] = None
    expiration: Annotated[LifecycleRuleExpiration | None, Tag("Expiration")] = None
    transitions: Annotated[tuple[LifecycleRuleTransition, ...], Tag("Transition")] = ()
    abort_multipart_upload: Annotated[LifecycleRuleAbortMultipartUpload | None, Tag("AbortMultipartUpload")] = None
    noncurrent_version_expiration: Annotated[NoncurrentVersionExpiration | None, Tag("NoncurrentVersionExpiration")] = (
        None
    )
    noncurrent_version_transitions: Annotated[
        tuple[NoncurrentVersionTransition, ...], Tag("NoncurrentVersionTransition")
    ] = ()
    atime_base: Annotated[int | None, Tag("AtimeBase")] = None


@record
class LifecycleConfiguration:
    """Up to 1,000 rules with different ids."""

    rules: Annotated[tuple[LifecycleRule, ...], Tag("Rule")] = ()


@record
class PutBucketLifecycleRequest(RequestBase):
    """Say what is done with objects of some age, instead of what was said before."""

    bucket: str
    allow_same_action_overlap: Annotated[str | None, Header("x-oss-allow-same-action-overlap")] = None
    lifecycle_configuration: Annotated[LifecycleConfiguration | None, Body("LifecycleConfiguration")] = None


@record
class PutBucketLifecycleResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketLifecycleRequest(RequestBase):
    """Ask what is done with objects of some age."""

    bucket: str


@record
class GetBucketLifecycleResult(ResultBase):
    """The rules; a bucket without has no such document."""

    lifecycle_configuration: Annotated[LifecycleConfiguration | None, Body("LifecycleConfiguration")] = None


@record
class DeleteBucketLifecycleRequest(RequestBase):
    """Do nothing any more with objects of any age."""

    bucket: str


@record
class DeleteBucketLifecycleResult(ResultBase):
    """Nothing but the request id."""


LIFECYCLE: Final = Setting(kind="lifecycle", root="LifecycleConfiguration", document=LifecycleConfiguration)
PUT_BUCKET_LIFECYCLE: Final = setting_operation(
    "PUT",
    "BucketLifecycle",
    "lifecycle",
    PutBucketLifecycleRequest,
    PutBucketLifecycleResult,
    document_bytes_max=1024 * 1024,
)
GET_BUCKET_LIFECYCLE: Final = setting_operation(
    "GET", "BucketLifecycle", "lifecycle", GetBucketLifecycleRequest, GetBucketLifecycleResult
)
DELETE_BUCKET_LIFECYCLE: Final = setting_operation(
    "DELETE", "BucketLifecycle", "lifecycle", DeleteBucketLifecycleRequest, DeleteBucketLifecycleResult
)

OPERATIONS: Final = (PUT_BUCKET_LIFECYCLE, GET_BUCKET_LIFECYCLE, DELETE_BUCKET_LIFECYCLE)
