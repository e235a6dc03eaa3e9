"""Access monitor of a bucket: whether OSS notes when each object was last read."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.names import AccessMonitorStatusType
from ossicle.wire.records import record
from ossicle.wire.setting import Setting, setting_operation


@record
class AccessMonitorConfiguration:
    """`Enabled` or `Disabled`. Kept and told; nobody notes when objects are read."""

    status: Annotated[AccessMonitorStatusType | str | None, Tag("Status")] = None


@record
class PutBucketAccessMonitorRequest(RequestBase):
    """Turn the access monitor on or off."""

    bucket: str
    access_monitor_configuration: Annotated[AccessMonitorConfiguration | None, Body("AccessMonitorConfiguration")] = (
        None
    )


@record
class PutBucketAccessMonitorResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketAccessMonitorRequest(RequestBase):
    """Ask whether the access monitor is on."""

    bucket: str


@record
class GetBucketAccessMonitorResult(ResultBase):
    """`Disabled` where nothing was said."""

    access_monitor_configuration: Annotated[AccessMonitorConfiguration | None, Body("AccessMonitorConfiguration")] = (
        None
    )


ACCESS_MONITOR: Final = Setting(
    kind="accessmonitor", root="AccessMonitorConfiguration", document=AccessMonitorConfiguration
)
PUT_BUCKET_ACCESS_MONITOR: Final = setting_operation(
    "PUT", "BucketAccessMonitor", "accessmonitor", PutBucketAccessMonitorRequest, PutBucketAccessMonitorResult
)
GET_BUCKET_ACCESS_MONITOR: Final = setting_operation(
    "GET", "BucketAccessMonitor", "accessmonitor", GetBucketAccessMonitorRequest, GetBucketAccessMonitorResult
)

OPERATIONS: Final = (PUT_BUCKET_ACCESS_MONITOR, GET_BUCKET_ACCESS_MONITOR)
