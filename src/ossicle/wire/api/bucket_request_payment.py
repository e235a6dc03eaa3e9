"""Who pays for requests to a bucket: its owner, or who makes them."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.names import Payer
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record
from ossicle.wire.setting import Setting


@record
class RequestPaymentConfiguration:
    """`BucketOwner`, or `Requester`: then others must say with each request that they pay, and anonymous callers are refused."""

    payer: Annotated[Payer | str | None, Tag("Payer")] = None


@record
class PutBucketRequestPaymentRequest(RequestBase):
    """Say who pays for requests."""

    bucket: str
    request_payment_configuration: Annotated[
        RequestPaymentConfiguration | None, Body("RequestPaymentConfiguration")
    ] = None


@record
class PutBucketRequestPaymentResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketRequestPaymentRequest(RequestBase):
    """Ask who pays for requests."""

    bucket: str


@record
class GetBucketRequestPaymentResult(ResultBase):
    """Who pays; `BucketOwner` where nothing was said."""

    request_payment_configuration: Annotated[
        RequestPaymentConfiguration | None, Body("RequestPaymentConfiguration")
    ] = None


REQUEST_PAYMENT: Final = Setting(
    kind="requestPayment", root="RequestPaymentConfiguration", document=RequestPaymentConfiguration
)
PUT_BUCKET_REQUEST_PAYMENT: Final = Operation(
    name="PutBucketRequestPayment",
    method="PUT",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=PutBucketRequestPaymentRequest,
    result=PutBucketRequestPaymentResult,
    selectors=("requestPayment",),
    document_bytes_max=64 * 1024,
    malformed_ec="0035-00000001",
    source=DOCS + "putbucketrequestpayment",
)
GET_BUCKET_REQUEST_PAYMENT: Final = Operation(
    name="GetBucketRequestPayment",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=GetBucketRequestPaymentRequest,
    result=GetBucketRequestPaymentResult,
    selectors=("requestPayment",),
    source=DOCS + "getbucketrequestpayment",
)

OPERATIONS: Final = (PUT_BUCKET_REQUEST_PAYMENT, GET_BUCKET_REQUEST_PAYMENT)
