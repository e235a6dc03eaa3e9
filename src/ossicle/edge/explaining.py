"""What is told of a refusal besides OSS's document: the one mistake that explains it, if there is one."""

import time
from collections.abc import Callable
from typing import Final

from ossicle.edge.log import log_failure
from ossicle.edge.target import Origin
from ossicle.edge.visit import Visit
from ossicle.services.identity import Identity
from ossicle.wire.errors import OssError
from ossicle.wire.explain import UNEXPLAINED, Explanation, Refused, explain, explain_place, explain_refusal
from ossicle.wire.signing import AnyClaim, parse_claim
from ossicle.wire.sources import Clock

HEADER: Final = "x-ossicle-explanation"
ELEMENT: Final = "Explanation"
SEARCH_SHARE: Final = 0.2
"""The part of each second that a process follows up signatures in. Whoever sends more wrong ones gets them refused and no more."""
_MISMATCH: Final = "SignatureDoesNotMatch"
_SEARCHED: Final = frozenset({_MISMATCH, "NoSuchBucket", "MethodNotAllowed"})
"""The refusals whose request may have been signed for another place or method; the last two come before the signature is compared."""
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
        claim = _claim(visit)
        if error.code in _SEARCHED:
            return None if claim is None else await self._search(visit, error, claim)
        refused = Refused(error=error, request=visit.request, claim=claim, region=self._region, now=self._clock())
        return explain_refusal(refused)

    async def _search(self, visit: Visit, error: OssError, claim: AnyClaim) -> Explanation | None:
        if not self._has_time(int(visit.started)):
            return None
        request = visit.request
        resource = self._locate(request.host).resource(request.path)
        key = await self._identity.access_key(claim.access_key_id, claim.security_token, self._clock())
        started = time.perf_counter()
        if error.code == "NoSuchBucket":
            explanation = explain_place(request, resource, claim, key.credentials)
        else:
            explanation = explain(request, resource, claim, key.credentials)
        self._spent += time.perf_counter() - started
        return UNEXPLAINED if explanation is None and error.code == _MISMATCH else explanation

    def _has_time(self, second: int) -> bool:
        if second != self._second:
            self._second, self._spent = second, 0.0
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
