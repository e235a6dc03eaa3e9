"""How many bytes a bucket may hold."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.records import record
from ossicle.wire.setting import Setting, setting_operation


@record
class QuotaConfiguration:
    """The bytes, and whether more is refused (`Strict`) or not (`Warning`). `current_usage` is told only."""

    storage_quota: Annotated[int | None, Tag("StorageQuota")] = None
    mode: Annotated[str | None, Tag("Mode")] = None
    current_usage: Annotated[int | None, Tag("CurrentUsage")] = None


@record
class PutBucketStorageQuotaRequest(RequestBase):
    """Limit what the bucket may hold, in bytes."""

    bucket: str
    quota_configuration: Annotated[QuotaConfiguration | None, Body("QuotaConfiguration")] = None


@record
class PutBucketStorageQuotaResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketStorageQuotaRequest(RequestBase):
    """Ask how much the bucket may hold and holds."""

    bucket: str


@record
class GetBucketStorageQuotaResult(ResultBase):
    """The quota, and what the bucket holds."""

    quota_configuration: Annotated[QuotaConfiguration | None, Body("QuotaConfiguration")] = None


@record
class DeleteBucketStorageQuotaRequest(RequestBase):
    """Limit no more what the bucket may hold."""

    bucket: str


@record
class DeleteBucketStorageQuotaResult(ResultBase):
    """Nothing but the request id."""


STORAGE_QUOTA: Final = Setting(kind="quota", root="QuotaConfiguration", document=QuotaConfiguration)
PUT_BUCKET_STORAGE_QUOTA: Final = setting_operation(
    "PUT", "BucketStorageQuota", "quota", PutBucketStorageQuotaRequest, PutBucketStorageQuotaResult
)
GET_BUCKET_STORAGE_QUOTA: Final = setting_operation(
    "GET", "BucketStorageQuota", "quota", GetBucketStorageQuotaRequest, GetBucketStorageQuotaResult
)
DELETE_BUCKET_STORAGE_QUOTA: Final = setting_operation(
    "DELETE", "BucketStorageQuota", "quota", DeleteBucketStorageQuotaRequest, DeleteBucketStorageQuotaResult
)

OPERATIONS: Final = (PUT_BUCKET_STORAGE_QUOTA, GET_BUCKET_STORAGE_QUOTA, DELETE_BUCKET_STORAGE_QUOTA)
