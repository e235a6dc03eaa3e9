"""Transfer acceleration of a bucket: whether OSS takes requests to it at points near the caller."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.records import record
from ossicle.wire.setting import Setting, setting_operation


@record
class TransferAccelerationConfiguration:
    """Whether it is on. Kept and told; a server of one place has no points near anybody."""

    enabled: Annotated[bool | None, Tag("Enabled")] = None


@record
class PutBucketTransferAccelerationRequest(RequestBase):
    """Turn transfer acceleration on or off."""

    bucket: str
    transfer_acceleration_configuration: Annotated[
        TransferAccelerationConfiguration | None, Body("TransferAccelerationConfiguration")
    ] = None


@record
class PutBucketTransferAccelerationResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketTransferAccelerationRequest(RequestBase):
    """Ask whether transfer acceleration is on."""

    bucket: str


@record
class GetBucketTransferAccelerationResult(ResultBase):
    """Whether it is on; a bucket where it was never set has no such document."""

    transfer_acceleration_configuration: Annotated[
        TransferAccelerationConfiguration | None, Body("TransferAccelerationConfiguration")
    ] = None


@record
class DeleteBucketTransferAccelerationRequest(RequestBase):
    """Forget that transfer acceleration was ever set."""

    bucket: str


@record
class DeleteBucketTransferAccelerationResult(ResultBase):
    """Nothing but the request id."""


TRANSFER_ACCELERATION: Final = Setting(
    kind="transferAcceleration", root="TransferAccelerationConfiguration", document=TransferAccelerationConfiguration
)
PUT_BUCKET_TRANSFER_ACCELERATION: Final = setting_operation(
    "PUT",
    "BucketTransferAcceleration",
    "transferAcceleration",
    PutBucketTransferAccelerationRequest,
    PutBucketTransferAccelerationResult,
)
GET_BUCKET_TRANSFER_ACCELERATION: Final = setting_operation(
    "GET",
    "BucketTransferAcceleration",
    "transferAcceleration",
    GetBucketTransferAccelerationRequest,
    GetBucketTransferAccelerationResult,
)
DELETE_BUCKET_TRANSFER_ACCELERATION: Final = setting_operation(
    "DELETE",
    "BucketTransferAcceleration",
    "transferAcceleration",
    DeleteBucketTransferAccelerationRequest,
    DeleteBucketTransferAccelerationResult,
)

OPERATIONS: Final = (
    PUT_BUCKET_TRANSFER_ACCELERATION,
    GET_BUCKET_TRANSFER_ACCELERATION,
    DELETE_BUCKET_TRANSFER_ACCELERATION,
)
