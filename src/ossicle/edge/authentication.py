"""Who is calling: the order in which a signature is judged, before any byte of a body."""

from datetime import datetime

from ossicle.services.identity import ANONYMOUS, Identity, Principal
from ossicle.wire import errors
from ossicle.wire.http import Request, Resource
from ossicle.wire.signing import AnyClaim, judge_scope, verify_signature
from ossicle.wire.text import decode

PRODUCTS = frozenset({"oss"})
_CONDITION = "x-oss-ac-"
_CONDITION_HEADER = b"x-oss-ac-"


async def authenticate(
    request: Request, resource: Resource, claim: AnyClaim | None, *, identity: Identity, region: str, now: datetime
) -> Principal:
    """Return the caller that a claim proves; no claim is an anonymous caller.

    Raises:
        OssError: the first of scope, time, key, token and signature that is refused.
    """
    if claim is None:
        return ANONYMOUS
    judge_scope(claim, region=region, products=PRODUCTS, now=now)
    key = await identity.access_key(claim.access_key_id, claim.security_token, now)
    verify_signature(request, resource, claim, key.credentials)
    return key.principal


def refuse_conditions(request: Request) -> None:
    """Refuse `x-oss-ac-*`, by which a signer binds a URL to addresses or networks: who signed it believes that it is bound.

    Raises:
        NotImplemented: one is there, in the query or among the headers.
    """
    # One look at all names together: hardly ever is there one.
    if _CONDITION in "\n".join(request.query.names()):
        for name in request.query.names():
            if name.startswith(_CONDITION):
                raise errors.NotImplemented(status=400, header=name)
    if _CONDITION_HEADER in b"\n".join(request.headers.names()):
        for raw in request.headers.names():
            if raw.startswith(_CONDITION_HEADER):
                raise errors.NotImplemented(status=400, header=decode(raw))
