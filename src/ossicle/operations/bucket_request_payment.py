"""Operations on who pays for requests to a bucket."""

from ossicle.operations.context import Context
from ossicle.operations.registry import handles
from ossicle.wire.api.bucket_request_payment import (
    GET_BUCKET_REQUEST_PAYMENT,
    PUT_BUCKET_REQUEST_PAYMENT,
    GetBucketRequestPaymentRequest,
    GetBucketRequestPaymentResult,
    PutBucketRequestPaymentRequest,
    PutBucketRequestPaymentResult,
    RequestPaymentConfiguration,
)
from ossicle.wire.errors import MalformedXML


@handles(PUT_BUCKET_REQUEST_PAYMENT)
async def put_bucket_request_payment(
    context: Context, request: PutBucketRequestPaymentRequest
) -> PutBucketRequestPaymentResult:
    """Say who pays, from the next request on."""
    configuration = request.request_payment_configuration
    if configuration is None or configuration.payer is None:
        raise MalformedXML(ec=PUT_BUCKET_REQUEST_PAYMENT.malformed_ec)
    await context.services.buckets.put_payment(context.bucket, configuration)
    return PutBucketRequestPaymentResult()


@handles(GET_BUCKET_REQUEST_PAYMENT)
async def get_bucket_request_payment(
    context: Context, _: GetBucketRequestPaymentRequest
) -> GetBucketRequestPaymentResult:
    """Tell who pays."""
    payer = await context.services.buckets.payer(context.bucket)
    return GetBucketRequestPaymentResult(request_payment_configuration=RequestPaymentConfiguration(payer=payer))
