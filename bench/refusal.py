"""What a refusal costs: a wrong signature judged and answered, with and without the search for what explains it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from bench.outcome import Figure, render_rows
from bench.servers import KEYS
from bench.target import BUCKET
from ossicle.edge.answer import error_response
from ossicle.wire.credentials import Credentials
from ossicle.wire.errors import SignatureDoesNotMatch
from ossicle.wire.explain import UNEXPLAINED, explain
from ossicle.wire.http import Headers, Query, Request, Resource
from ossicle.wire.signing import parse_claim, presign, verify_signature

_KEY: Final = Credentials(access_key_id=KEYS.access_key_id, access_key_secret=KEYS.access_key_secret)
_OTHER: Final = Credentials(access_key_id=KEYS.access_key_id, access_key_secret=KEYS.access_key_secret[::-1])
_TYPE: Final = (b"content-type", b"application/x-www-form-urlencoded")
_PARAMETER: Final = "&x-oss-process=image%2Finfo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Processor time of one refusal in microseconds, a value for each round: without the search, and with it."""

    title: str
    without: list[float]
    explained: list[float]


def measure_refusals(*, count: int, rounds: int, say: Callable[[str], None]) -> list[Refusal]:
    """Refuse `count` requests of each kind, in turn with and without the search, `rounds` times."""
    kinds: dict[str, tuple[Credentials, list[tuple[bytes, bytes]], str]] = {
        "a type that was added": (_KEY, [_TYPE], ""),
        "a parameter that was added": (_KEY, [], _PARAMETER),
        "a wrong secret, a bare URL": (_OTHER, [], ""),
        "a wrong secret, with a type and a parameter": (_OTHER, [_TYPE], _PARAMETER),
    }
    found = []
    for title, (signer, headers, more) in kinds.items():
        requests = [_request(number, signer, headers, more) for number in range(count)]
        refusal = Refusal(title=title, without=[], explained=[])
        for number in range(rounds + 1):
            for is_explained, times in ((False, refusal.without), (True, refusal.explained)):
                began = time.process_time()
                for request, resource in requests:
                    _refuse(request, resource, is_explained=is_explained)
                used = (time.process_time() - began) / count * 1e6
                if number:  # the first round is for caches
                    times.append(used)
        say(f"{title}: {refusal.without[-1]:.0f} and {refusal.explained[-1]:.0f} µs")
        found.append(refusal)
    return found


def _request(
    number: int, signer: Credentials, headers: list[tuple[bytes, bytes]], more: str
) -> tuple[Request, Resource]:
    resource = Resource(bucket=BUCKET, key=f"folder/object-{number:06}".encode())
    signed = presign(
        method="PUT", resource=resource, query=[], headers=[], credentials=signer, region=KEYS.region,
        now=datetime.now(UTC), expires=timedelta(minutes=15),
    )  # fmt: skip
    request = Request(
        method="PUT",
        path=b"/%b/%b" % (BUCKET.encode(), resource.key or b""),
        query=Query((signed.query + more).encode()),
        headers=Headers([(b"host", b"127.0.0.1:8880"), (b"user-agent", b"bench/1"), (b"accept", b"*/*"), *headers]),
        host=b"127.0.0.1:8880",
    )
    return request, resource


def _refuse(request: Request, resource: Resource, *, is_explained: bool) -> None:
    claim = parse_claim(request)
    if claim is None:
        raise RuntimeError("the request is not signed")
    try:
        verify_signature(request, resource, claim, _KEY)
    except SignatureDoesNotMatch as error:
        if is_explained:
            explanation = explain(request, resource, claim, _KEY) or UNEXPLAINED
            error.details["Explanation"] = explanation.text
            error.headers = (("x-ossicle-explanation", explanation.line),)
        error_response(error, request_id="0" * 24, host_id="127.0.0.1", is_head=False)


def render_refusals(refusals: list[Refusal]) -> str:
    """Return a Markdown table."""
    rows = [
        [refusal.title, *(Figure.of(times).show(0) for times in (refusal.without, refusal.explained))]
        for refusal in refusals
    ]
    return render_rows(["refused for", "µs without", "µs with the search"], rows)
