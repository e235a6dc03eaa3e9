"""What a handler may rely on."""

from dataclasses import replace
from typing import Any

import pytest

from ossicle.edge.body import RequestBody
from ossicle.operations import Context, Site
from ossicle.services.identity import ANONYMOUS, Principal
from ossicle.services.pacing import PacedBody
from ossicle.wire.http import Headers, Query
from tests.support.bodies import Chunks
from tests.support.inprocess import build_server
from tests.support.stored import OWNER, make_bucket

SITE = Site(region="cn-hangzhou", extranet_endpoint="http://a", intranet_endpoint="http://b")


async def _nothing() -> dict[str, Any]:
    raise AssertionError("nobody asks for the body here")


def context(**changes: Any) -> Context:
    server = build_server()
    usual = Context(
        principal=Principal(account=OWNER, access_key_id="k"),
        bucket_row=make_bucket(),
        headers=Headers([]),
        query=Query(b""),
        body=RequestBody(_nothing, 0),
        services=server.services,
        clock=server.clock,
        site=SITE,
        request_id="0123456789ABCDEF01234567",
        remote="127.0.0.1",
    )
    return replace(usual, **changes)


def test_the_bucket_and_the_account_are_there() -> None:
    assert context().bucket == make_bucket()
    assert context().account == OWNER


def test_an_operation_that_has_none_and_asks_for_it_is_a_bug() -> None:
    with pytest.raises(LookupError, match="bucket"):
        _ = context(bucket_row=None).bucket
    with pytest.raises(LookupError, match="anonymous"):
        _ = context(principal=ANONYMOUS).account


def test_a_location_is_the_region_as_oss_writes_it() -> None:
    assert SITE.location == "oss-cn-hangzhou"


def test_a_body_that_nobody_asks_to_be_paced_stays_itself() -> None:
    body = Chunks(b"a")
    assert context().paced(body, None) is body
    assert isinstance(context().paced(body, 245_760), PacedBody)
