"""Who is calling: the order in which a signature is judged, before any byte of a body."""

from datetime import datetime

from ossicle.services.identity import ANONYMOUS, Identity, Principal
from ossicle.wire.http import Request, Resource
from ossicle.wire.signing import Claim, judge_scope, verify_signature

PRODUCTS = frozenset({"oss"})


def authenticate(
    request: Request, resource: Resource, claim: Claim | None, *, identity: Identity, region: str, now: datetime
) -> Principal:
    """Return the caller that a claim proves; no claim is an anonymous caller.

    Raises:
        OssError: the first of scope, time, key, token and signature that is refused.
    """
    if claim is None:
        return ANONYMOUS
    judge_scope(claim, region=region, products=PRODUCTS, now=now)
    key = identity.access_key(claim.access_key_id, claim.security_token, now)
    verify_signature(request, resource, claim, key.credentials)
    return key.principal
