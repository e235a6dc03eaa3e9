"""Access logs of a bucket: a line for each request, gathered by the hour as objects of a bucket.

Source: https://help.aliyun.com/zh/oss/user-guide/logging
"""

from typing import Annotated, Final

from ossicle.wire.binding import Body, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.records import record
from ossicle.wire.setting import Setting, setting_operation


@record
class LoggingEnabled:
    """Where the logs go. The role is kept and told; nothing is asked of it here."""

    target_bucket: Annotated[str | None, Tag("TargetBucket")] = None
    target_prefix: Annotated[str | None, Tag("TargetPrefix")] = None
    logging_role: Annotated[str | None, Tag("LoggingRole")] = None


@record
class BucketLoggingStatus:
    """Whether there are logs, and where they go."""

    logging_enabled: Annotated[LoggingEnabled | None, Tag("LoggingEnabled")] = None


@record
class PutBucketLoggingRequest(RequestBase):
    """Say where the logs go; an empty document ends them."""

    bucket: str
    bucket_logging_status: Annotated[BucketLoggingStatus | None, Body("BucketLoggingStatus")] = None


@record
class PutBucketLoggingResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketLoggingRequest(RequestBase):
    """Ask where the logs go."""

    bucket: str


@record
class GetBucketLoggingResult(ResultBase):
    """Where the logs go; an empty document where there are none."""

    bucket_logging_status: Annotated[BucketLoggingStatus | None, Body("BucketLoggingStatus")] = None


@record
class DeleteBucketLoggingRequest(RequestBase):
    """End the logs. What is there stays."""

    bucket: str


@record
class DeleteBucketLoggingResult(ResultBase):
    """Nothing but the request id."""


LOGGING: Final = Setting(kind="logging", root="BucketLoggingStatus", document=BucketLoggingStatus)
PUT_BUCKET_LOGGING: Final = setting_operation(
    "PUT", "BucketLogging", "logging", PutBucketLoggingRequest, PutBucketLoggingResult
)
GET_BUCKET_LOGGING: Final = setting_operation(
    "GET", "BucketLogging", "logging", GetBucketLoggingRequest, GetBucketLoggingResult
)
DELETE_BUCKET_LOGGING: Final = setting_operation(
    "DELETE", "BucketLogging", "logging", DeleteBucketLoggingRequest, DeleteBucketLoggingResult
)

OPERATIONS: Final = (PUT_BUCKET_LOGGING, GET_BUCKET_LOGGING, DELETE_BUCKET_LOGGING)
