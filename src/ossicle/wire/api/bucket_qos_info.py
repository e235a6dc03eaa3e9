"""Bandwidths and rates of requests that a bucket is limited to."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.operation import Level
from ossicle.wire.records import record
from ossicle.wire.setting import Setting, setting_operation


@record
class QoSConfiguration:
    """Bandwidths in Gbit/s and requests a second, -1 for no limit. Kept and told; nothing is slowed down by them."""

    total_upload_bandwidth: Annotated[int | None, Tag("TotalUploadBandwidth")] = None
    intranet_upload_bandwidth: Annotated[int | None, Tag("IntranetUploadBandwidth")] = None
    extranet_upload_bandwidth: Annotated[int | None, Tag("ExtranetUploadBandwidth")] = None
    total_download_bandwidth: Annotated[int | None, Tag("TotalDownloadBandwidth")] = None
    intranet_download_bandwidth: Annotated[int | None, Tag("IntranetDownloadBandwidth")] = None
    extranet_download_bandwidth: Annotated[int | None, Tag("ExtranetDownloadBandwidth")] = None
    total_qps: Annotated[int | None, Tag("TotalQps")] = None
    intranet_qps: Annotated[int | None, Tag("IntranetQps")] = None
    extranet_qps: Annotated[int | None, Tag("ExtranetQps")] = None


@record
class PutBucketQosInfoRequest(RequestBase):
    """Limit bandwidths and rates; what is left out is unlimited."""

    bucket: str
    qos_configuration: Annotated[QoSConfiguration | None, Body("QoSConfiguration")] = None


@record
class PutBucketQosInfoResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketQosInfoRequest(RequestBase):
    """Ask for the limits."""

    bucket: str


@record
class GetBucketQosInfoResult(ResultBase):
    """The limits; -1 each where nothing was said."""

    qos_configuration: Annotated[QoSConfiguration | None, Body("QoSConfiguration")] = None


@record
class DeleteBucketQosInfoRequest(RequestBase):
    """Forget the limits."""

    bucket: str


@record
class DeleteBucketQosInfoResult(ResultBase):
    """Nothing but the request id."""


@record
class UserQosConfiguration(QoSConfiguration):
    """The limits of an account in a region."""

    region: Annotated[str | None, Tag("Region")] = None


@record
class GetUserQosInfoRequest(RequestBase):
    """Ask for the limits of the caller's account."""


@record
class GetUserQosInfoResult(ResultBase):
    """The limits; -1 each, as nothing is limited."""

    qos_configuration: Annotated[UserQosConfiguration | None, Body("QoSConfiguration")] = None


QOS_INFO: Final = Setting(kind="qosInfo", root="QoSConfiguration", document=QoSConfiguration)
PUT_BUCKET_QOS_INFO: Final = setting_operation(
    "PUT", "BucketQosInfo", "qosInfo", PutBucketQosInfoRequest, PutBucketQosInfoResult
)
GET_BUCKET_QOS_INFO: Final = setting_operation(
    "GET", "BucketQosInfo", "qosInfo", GetBucketQosInfoRequest, GetBucketQosInfoResult
)
DELETE_BUCKET_QOS_INFO: Final = setting_operation(
    "DELETE", "BucketQosInfo", "qosInfo", DeleteBucketQosInfoRequest, DeleteBucketQosInfoResult
)

GET_USER_QOS_INFO: Final = setting_operation(
    "GET", "UserQosInfo", "qosInfo", GetUserQosInfoRequest, GetUserQosInfoResult, level=Level.SERVICE
)

OPERATIONS: Final = (PUT_BUCKET_QOS_INFO, GET_BUCKET_QOS_INFO, DELETE_BUCKET_QOS_INFO, GET_USER_QOS_INFO)
