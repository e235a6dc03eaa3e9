"""What is told of a refusal besides OSS's document: the one mistake that explains it, if there is one."""

import time
from collections.abc import Callable
from typing import Final

from ossicle.edge.log import log_failure
from ossicle.edge.target import Origin
from ossicle.edge.visit import Visit
from ossicle.services.forms import Form
from ossicle.services.identity import Identity
from ossicle.wire.errors import InvalidBucketName, OssError
from ossicle.wire.explain import (
    SEEN_CODES,
    UNEXPLAINED,
    Explanation,
    Refused,
    explain,
    explain_form_signature,
    explain_place,
    explain_refusal,
)
from ossicle.wire.form import parse_form_claim
from ossicle.wire.http import Request, Resource
from ossicle.wire.signing import AnyClaim, parse_claim
from ossicle.wire.sources import Clock
from ossicle.wire.text import decode, percent_decode

HEADER: Final = "x-ossicle-explanation"
ELEMENT: Final = "Explanation"
SEARCH_SHARE: Final = 0.2
"""The part of each second that a process follows up signatures in. Whoever sends more wrong ones gets them refused and no more."""
SEARCH_SECONDS_MAX: Final = 0.1
"""The processor time after which one search is given up, since nobody else is answered meanwhile."""
_MISMATCH: Final = "SignatureDoesNotMatch"
_UNKNOWN_KEY: Final = "InvalidAccessKeyId"
_ELSEWHERE: Final = frozenset({"NoSuchBucket", "InvalidBucketName"})
"""The refusals of a place, which come before the signature is compared: the request may have been signed for another."""
_SEARCHED: Final = frozenset({_MISMATCH, "MethodNotAllowed"}) | _ELSEWHERE
_FOLLOWED_UP: Final = _SEARCHED | SEEN_CODES
_EXPOSED: Final = "Access-Control-Expose-Headers"


class Explainer:
    """Finds out why requests are refused. What it may cost others is bounded for each request and for each second."""

    def __init__(self, identity: Identity, locate: Callable[[bytes], Origin], *, region: str, clock: Clock) -> None:
        self._identity = identity
        self._locate = locate
        self._region = region
        self._clock = clock
        self._second = 0
        self._spent = 0.0

    async def explain(self, visit: Visit, error: OssError) -> None:
        """Put an explanation into a refusal: as an element of its document, as a header, and for the access log."""
        if error.code not in _FOLLOWED_UP:
            return
        try:
            explanation = await self._find(visit, error)
        except OssError:
            return
        except Exception as failure:  # an answer is owed all the same
            log_failure(visit.request_id, failure)
            return
        if explanation is not None:
            visit.explanation = explanation.id
            error.details[ELEMENT] = explanation.text
            error.headers = (*error.headers, (HEADER, explanation.line))
            if visit.cors:
                visit.cors = _exposed(visit.cors)

    async def _find(self, visit: Visit, error: OssError) -> Explanation | None:
        if visit.form is not None:
            return await self._find_in_form(visit.form, error)
        claim = _claim(visit)
        if error.code in _SEARCHED:
            return None if claim is None else await self._search(visit, error, claim)
        refused = Refused(error=error, request=visit.request, claim=claim, region=self._region, now=self._clock())
        return explain_refusal(refused)

    async def _search(self, visit: Visit, error: OssError, claim: AnyClaim) -> Explanation | None:
        if not self._has_time(int(visit.started)):
            return None
        request = visit.request
        resource = self._resource(request)
        key = await self._identity.access_key(claim.access_key_id, claim.security_token, self._clock())
        started = time.thread_time()
        if error.code in _ELSEWHERE:
            explanation = explain_place(request, resource, claim, key.credentials)
        else:
            end = started + SEARCH_SECONDS_MAX
            explanation = explain(request, resource, claim, key.credentials, may_go_on=lambda: time.thread_time() < end)
        self._spent += time.thread_time() - started
        return UNEXPLAINED if explanation is None and error.code == _MISMATCH else explanation

    async def _find_in_form(self, form: Form, error: OssError) -> Explanation | None:
        claim = parse_form_claim(form.fields) if error.code in (_MISMATCH, _UNKNOWN_KEY) else None
        if claim is None:
            return None
        if error.code == _UNKNOWN_KEY:
            return UNEXPLAINED
        key = await self._identity.access_key(claim.access_key_id, claim.security_token, self._clock())
        return explain_form_signature(claim, key.credentials) or UNEXPLAINED

    def _resource(self, request: Request) -> Resource:
        try:
            return self._locate(request.host).resource(request.path)
        except InvalidBucketName:
            name, _, key = percent_decode(request.path[1:]).partition(b"/")
            return Resource(bucket=decode(name), key=key or None)

    def _has_time(self, second: int) -> bool:
        # What one second took too much is owed by the next ones.
        self._spent = max(0.0, self._spent - SEARCH_SHARE * (second - self._second))
        self._second = second
        return self._spent < SEARCH_SHARE


def _claim(visit: Visit) -> AnyClaim | None:
    try:
        return parse_claim(visit.request)
    except OssError:
        return None


def _exposed(cors: list[tuple[str, str]] | tuple[()]) -> list[tuple[str, str]]:
    """Return the headers of CORS with ours among those that a page may read."""
    names = [value for name, value in cors if name == _EXPOSED]
    return [*(pair for pair in cors if pair[0] != _EXPOSED), (_EXPOSED, ", ".join([*names, HEADER]))]
