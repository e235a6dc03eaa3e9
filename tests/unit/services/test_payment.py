"""Who is charged for a request. What the wire makes of it is tested with the operations."""

from ossicle.model.objects import Bucket
from ossicle.services.buckets import Buckets
from ossicle.services.identity import Principal
from ossicle.services.payment import is_charged
from ossicle.wire.http import Headers, Query
from ossicle.wire.names import AccountId, Payer
from tests.support.stored import OWNER, make_bucket


class Asked(Buckets):
    """Says that requesters pay, and counts how often it is asked."""

    def __init__(self) -> None:
        self.times = 0

    async def payer(self, bucket: Bucket) -> Payer:
        self.times += 1
        return Payer.REQUESTER


async def test_of_the_owner_s_requests_nothing_is_looked_up() -> None:
    buckets, paying = Asked(), Headers([(b"x-oss-request-payer", b"Requester")])
    owner, other = Principal(account=OWNER), Principal(account=AccountId("1000000000000002"))
    assert not await is_charged(buckets, owner, make_bucket(), paying, Query(b""))
    assert buckets.times == 0
    assert await is_charged(buckets, other, make_bucket(), paying, Query(b""))
    assert buckets.times == 1
