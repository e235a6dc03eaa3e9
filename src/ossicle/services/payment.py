"""Who is charged for a request, and whether that is settled before the request is carried out.

Source: https://help.aliyun.com/zh/oss/user-guide/enable-pay-by-requester
"""

from typing import Final

from ossicle.model.objects import Bucket
from ossicle.services.buckets import Buckets
from ossicle.services.identity import Principal
from ossicle.wire.api.bucket_request_payment import REQUEST_PAYMENT
from ossicle.wire.errors import AccessDenied
from ossicle.wire.http import Headers, Query
from ossicle.wire.names import Payer
from ossicle.wire.signing import is_url_signed

_PAYER: Final = "x-oss-request-payer"
_ACCEPTANCE: Final = "requester"


async def is_charged(buckets: Buckets, principal: Principal, bucket: Bucket, headers: Headers, query: Query) -> bool:
    """Return whether the caller pays for what it asks of a bucket; it has to have said so, in a header or in the query.

    Raises:
        AccessDenied: it would have to, and is nobody or did not say so.
    """
    # The owner never pays twice, and of its requests nothing is looked up.
    if principal.account == bucket.owner:
        return False
    payment = await buckets.setting(bucket, REQUEST_PAYMENT)
    if payment is None or payment.payer != Payer.REQUESTER:
        return False
    given = headers.text(_PAYER.encode()) or query.get(_PAYER) or ""
    if principal.account is None or given.lower() != _ACCEPTANCE:
        raise AccessDenied("Access denied for requester pay bucket", ec=_ec(principal, query))
    return True


def _ec(principal: Principal, query: Query) -> str:
    if principal.account is None:
        return "0003-00000701"
    # OSS: which of the two a form has is unverified.
    return "0003-00000702" if is_url_signed(query) else "0003-00000703"
