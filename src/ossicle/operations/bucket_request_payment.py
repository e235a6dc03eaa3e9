"""Operations on who pays for requests to a bucket."""

from ossicle.operations.settings import Rules, serve
from ossicle.wire.api.bucket_request_payment import (
    GET_BUCKET_REQUEST_PAYMENT,
    PUT_BUCKET_REQUEST_PAYMENT,
    REQUEST_PAYMENT,
    RequestPaymentConfiguration,
)
from ossicle.wire.names import Payer

serve(
    Rules(
        setting=REQUEST_PAYMENT,
        field="request_payment_configuration",
        required=("payer",),
        default=RequestPaymentConfiguration(payer=Payer.BUCKET_OWNER),
    ),
    PUT_BUCKET_REQUEST_PAYMENT,
    GET_BUCKET_REQUEST_PAYMENT,
)
