"""The search for the one mistake that explains a signature: try what people get wrong until the signature fits."""

from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Final

from ossicle.wire.credentials import Credentials
from ossicle.wire.explain.attempt import Attempt, Suspicion
from ossicle.wire.explain.catalogue import CAUSES
from ossicle.wire.explain.explanation import Explanation, Finding, found
from ossicle.wire.explain.mistakes.assembling import suspect_assembly
from ossicle.wire.explain.mistakes.content_types import suspect_type, suspect_type_added
from ossicle.wire.explain.mistakes.dated import suspect_dated_text
from ossicle.wire.explain.mistakes.headers import suspect_headers, suspect_headers_added
from ossicle.wire.explain.mistakes.methods import suspect_form, suspect_method
from ossicle.wire.explain.mistakes.paths import suspect_host, suspect_key, suspect_path_text, suspect_place
from ossicle.wire.explain.mistakes.queries import (
    suspect_expiry,
    suspect_parameters_added,
    suspect_query,
    suspect_query_text,
)
from ossicle.wire.explain.mistakes.signers import suspect_signature, suspect_signer
from ossicle.wire.explain.seen import explain_break, explain_form
from ossicle.wire.http import Request, Resource
from ossicle.wire.signing import AnyClaim

TRIES_MAX: Final = 256
"""How often a signature is computed anew for one request, at most; each time is up to eight hashes."""
HEAD_BYTES_MAX: Final = 8 * 1024
"""The largest target and headers for which anything is tried."""
PARTS_MAX: Final = 128
"""The most parameters and headers together: each try looks at all of them, and thousands fit into the bytes."""
Suspect = Callable[[Attempt], Iterator[Suspicion]]
_LIKELIEST_FIRST: Final[tuple[Suspect, ...]] = (
    suspect_form,
    suspect_method,
    suspect_type,
    suspect_signature,
    suspect_query,
    suspect_key,
    suspect_headers,
    suspect_host,
    suspect_signer,
    suspect_path_text,
    suspect_place,
    suspect_query_text,
    suspect_expiry,
    suspect_assembly,
    suspect_dated_text,
)
_FIRST_OF_TWO: Final[tuple[Suspect, ...]] = (suspect_form, suspect_type_added, suspect_method)
_SECOND_OF_TWO: Final[tuple[Suspect, ...]] = (
    suspect_type_added,
    suspect_headers_added,
    suspect_parameters_added,
    suspect_key,
    suspect_method,
    suspect_type,
)


def explain(
    request: Request,
    resource: Resource,
    claim: AnyClaim,
    credentials: Credentials,
    *,
    tries_max: int = TRIES_MAX,
    may_go_on: Callable[[], bool] = lambda: True,
) -> Explanation | None:
    """Return the one mistake, else the two, without which `credentials` signed this request; None if none is known, or none was made.

    Each try is compared with the whole signature, never with a part of it. `may_go_on` is asked before each, and ends the search.
    """
    shown = explain_break(request.query) or explain_form(claim)
    if shown is not None:
        return shown
    start = Attempt(request=request, resource=resource, claim=claim)
    if not _is_small(request) or start.fits(credentials):
        return None
    for suspicions in islice(chain(_singles(start), _pairs(start)), tries_max - 1):
        if not may_go_on():
            return None
        if suspicions[-1].attempt.fits(credentials):
            return Explanation(findings=tuple(Finding(cause=CAUSES[one.cause], facts=one.facts) for one in suspicions))
    return None


def explain_place(
    request: Request, resource: Resource, claim: AnyClaim, credentials: Credentials
) -> Explanation | None:
    """Return what a proxy did to path or host, if `credentials` signed this request for another place; for a bucket that is not there."""
    start = Attempt(request=request, resource=resource, claim=claim)
    if not _is_small(request):
        return None
    fitting = (one for one in suspect_place(start) if one.attempt.fits(credentials))
    return next((found(one.cause, one.facts) for one in fitting), None)


def _singles(start: Attempt) -> Iterator[tuple[Suspicion, ...]]:
    for suspect in _LIKELIEST_FIRST:
        for suspicion in suspect(start):
            yield (suspicion,)


def _pairs(start: Attempt) -> Iterator[tuple[Suspicion, ...]]:
    for first in chain.from_iterable(suspect(start) for suspect in _FIRST_OF_TWO):
        for second in chain.from_iterable(suspect(first.attempt) for suspect in _SECOND_OF_TWO):
            if _kind(second) != _kind(first):
                yield first, second


def _kind(suspicion: Suspicion) -> str:
    """Return what a mistake is about, by the beginning of its id: two of one kind are another mistake of that kind."""
    return suspicion.cause.partition("-")[0]


def _is_small(request: Request) -> bool:
    """Whether what a search costs is bounded by the count of its tries."""
    headers = list(request.headers.items())
    head = len(request.path) + len(request.query.raw) + sum(len(name) + len(value) for name, value in headers)
    return len(request.query.pairs) + len(headers) <= PARTS_MAX and head <= HEAD_BYTES_MAX
