"""How much a bucket may hold, as older SDKs set it."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.records import record
from ossicle.wire.setting import Setting, setting_operation


@record
class BucketUserQos:
    """The capacity in GB, -1 for no limit. Kept and told; uploads are not counted against it yet."""

    storage_capacity: Annotated[int | None, Tag("StorageCapacity")] = None


@record
class PutBucketStorageCapacityRequest(RequestBase):
    """Limit what the bucket may hold."""

    bucket: str
    bucket_user_qos: Annotated[BucketUserQos | None, Body("BucketUserQos")] = None


@record
class PutBucketStorageCapacityResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketStorageCapacityRequest(RequestBase):
    """Ask how much the bucket may hold."""

    bucket: str


@record
class GetBucketStorageCapacityResult(ResultBase):
    """The limit; -1 where nothing was said."""

    bucket_user_qos: Annotated[BucketUserQos | None, Body("BucketUserQos")] = None


STORAGE_CAPACITY: Final = Setting(kind="qos", root="BucketUserQos", document=BucketUserQos)
PUT_BUCKET_STORAGE_CAPACITY: Final = setting_operation(
    "PUT", "BucketStorageCapacity", "qos", PutBucketStorageCapacityRequest, PutBucketStorageCapacityResult
)
GET_BUCKET_STORAGE_CAPACITY: Final = setting_operation(
    "GET", "BucketStorageCapacity", "qos", GetBucketStorageCapacityRequest, GetBucketStorageCapacityResult
)

OPERATIONS: Final = (PUT_BUCKET_STORAGE_CAPACITY, GET_BUCKET_STORAGE_CAPACITY)
