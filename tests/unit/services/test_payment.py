"""Who is charged for a request. What the wire makes of it is tested with the operations."""

from typing import TypeVar, cast

from ossicle.model.objects import Bucket
from ossicle.services.buckets import Buckets
from ossicle.services.identity import Principal
from ossicle.services.payment import is_charged
from ossicle.wire.api.bucket_request_payment import REQUEST_PAYMENT, RequestPaymentConfiguration
from ossicle.wire.http import Headers, Query
from ossicle.wire.names import AccountId, Payer
from ossicle.wire.setting import Setting
from tests.support.stored import OWNER, make_bucket

D = TypeVar("D")


class Asked(Buckets):
    """Says that requesters pay, and counts how often it is asked."""

    def __init__(self) -> None:
        self.times = 0

    async def setting(self, bucket: Bucket, setting: Setting[D]) -> D | None:
        assert setting.kind == REQUEST_PAYMENT.kind
        self.times += 1
        return cast("D", RequestPaymentConfiguration(payer=Payer.REQUESTER))


async def test_of_the_owner_s_requests_nothing_is_looked_up() -> None:
    buckets, paying = Asked(), Headers([(b"x-oss-request-payer", b"Requester")])
    owner, other = Principal(account=OWNER), Principal(account=AccountId("1000000000000002"))
    assert not await is_charged(buckets, owner, make_bucket(), paying, Query(b""))
    assert buckets.times == 0
    assert await is_charged(buckets, other, make_bucket(), paying, Query(b""))
    assert buckets.times == 1
