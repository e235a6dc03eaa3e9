"""The order in which a claim is judged: scope and time, then the key, then its token, then the signature."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ossicle.edge.authentication import authenticate
from ossicle.services.identity import ANONYMOUS, AccessKey
from ossicle.wire.credentials import Credentials
from ossicle.wire.errors import (
    AccessDenied,
    InvalidAccessKeyId,
    InvalidArgument,
    InvalidSecurityToken,
    OssError,
    SignatureDoesNotMatch,
)
from ossicle.wire.http import Headers, Query, Request, Resource
from ossicle.wire.signing import Claim, presign
from tests.support.identities import identity_of
from tests.support.signing_vectors import v4_claim
from tests.support.stored import NOON, OWNER

CREDENTIALS = Credentials(access_key_id="k", access_key_secret="s", security_token="t")
KEY = AccessKey(account=OWNER, credentials=CREDENTIALS)
RESOURCE = Resource(bucket="bucket", key=b"key")


def signed() -> tuple[Request, Claim]:
    made = presign(
        method="GET",
        resource=RESOURCE,
        query=[],
        headers=[],
        credentials=CREDENTIALS,
        region="cn-hangzhou",
        now=NOON,
        expires=timedelta(minutes=1),
    )
    query = Query(made.query.encode())
    request = Request(method="GET", path=b"/bucket/key", query=query, headers=Headers([]), host=b"h")
    claim = v4_claim(request)
    assert claim is not None
    return request, claim


async def refusal_of(claim: Claim, *, late: bool = False) -> type[OssError]:
    now = NOON + timedelta(hours=1) if late else NOON
    request, _ = signed()
    with pytest.raises(OssError) as caught:
        await authenticate(request, RESOURCE, claim, identity=identity_of([KEY]), region="cn-hangzhou", now=now)
    return type(caught.value)


async def test_no_claim_is_anybody() -> None:
    request, _ = signed()
    assert await authenticate(request, RESOURCE, None, identity=identity_of([]), region="x", now=NOON) is ANONYMOUS


async def test_a_claim_that_is_proved() -> None:
    request, claim = signed()
    principal = await authenticate(
        request, RESOURCE, claim, identity=identity_of([KEY]), region="cn-hangzhou", now=NOON
    )
    assert principal == KEY.principal


async def test_of_several_faults_the_first_in_order_is_told() -> None:
    _, claim = signed()
    forged = replace(claim, signature="0" * 64)
    stolen = replace(forged, security_token="other")
    unknown = replace(stolen, access_key_id="other")
    elsewhere = replace(unknown, scope=replace(unknown.scope, region="other"))
    assert await refusal_of(forged) is SignatureDoesNotMatch
    assert await refusal_of(stolen) is InvalidSecurityToken
    assert await refusal_of(unknown) is InvalidAccessKeyId
    assert await refusal_of(unknown, late=True) is AccessDenied
    assert await refusal_of(elsewhere, late=True) is InvalidArgument
    assert await refusal_of(replace(forged, scope=replace(forged.scope, product="other")), late=True) is InvalidArgument
