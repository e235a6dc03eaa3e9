"""The mistakes with the parameters of a URL."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ossicle.wire.explain.attempt import Attempt, Suspicion
from ossicle.wire.signing import SET_BY_PRESIGN, SET_BY_PRESIGN_DATED, Claim, DatedClaim, Version, v1
from ossicle.wire.text import decode, encode, percent_decode, percent_encode

_OF_SIGNATURE: Final = SET_BY_PRESIGN | SET_BY_PRESIGN_DATED | {"x-oss-access-key-id"}
_TRACKING: Final = re.compile(
    r"_|[a-z]{1,3}clid|utm_\w+|_t|t|ts|timestamp|nocache|cachebuster|rnd|random|v|ver|version|spm"
)
_SINGLES_MAX: Final = 12
"""How many parameters or headers of one request are suspected one by one."""
_WITHOUT_VALUE: Final = (
    "uploads",
    "acl",
    "tagging",
    "symlink",
    "objectMeta",
    "append",
    "delete",
    "restore",
    "cors",
    "location",
)
_USUAL_SECONDS: Final = (60, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800)
ENDING: Final = re.compile(r"[\s\"'`<>()\[\]{},.;:!?*\\\u3000-\u303f\uff00-\uffef]+$")
"""What is copied along with a URL: white space, quotes, brackets, punctuation."""
_SPELLED: Final = {name.lower(): name for name in v1.SUB_RESOURCES}
Pairs = list[tuple[str, str]]


def suspect_query(start: Attempt) -> Iterator[Suspicion]:
    """Suspect that parameters were added, dropped or changed after signing."""
    pairs = list(start.request.query.pairs)
    yield from _repeated(start, pairs)
    yield from suspect_parameters_added(start)
    for place in range(min(len(pairs), 2 * _SINGLES_MAX)):
        yield from _changed(start, pairs, place)
    yield from _lost(start, pairs)


def suspect_query_text(start: Attempt) -> Iterator[Suspicion]:
    """Suspect that the parameters were signed in a form that canonical requests don't have; V4 alone has them."""
    if not isinstance(start.claim, Claim) or not start.request.query.pairs:
        return
    query = start.request.query
    sent = [(name, value) for name, value in query.segments if name != "x-oss-signature"]
    plain = sorted((name, value) for name, value in query.pairs if name != "x-oss-signature")
    yield _text(start, "parameters-unsorted", "&".join(f"{name}={value}" if value else name for name, value in sent))
    yield _text(start, "empty-value-equals", "&".join(f"{name}={value}" for name, value in sorted(sent)))
    yield _text(start, "query-not-encoded", "&".join(f"{name}={value}" if value else name for name, value in plain))


def suspect_expiry(start: Attempt) -> Iterator[Suspicion]:
    """Suspect that the lifetime of a URL was changed, or that something else was signed as its end."""
    claim, pairs = start.claim, list(start.request.query.pairs)
    if isinstance(claim, Claim):
        if claim.expires_seconds is not None:
            for seconds in _USUAL_SECONDS:
                yield _lifetime(start, pairs, "x-oss-expires", str(seconds))
        return
    if claim.expires_at is None or claim.version is not Version.V1:
        return
    sent, date = str(claim.expires_at), start.request.headers.text(b"date")
    for signed in (f"{sent}000", sent[:-3], *([date] if date else ())):
        facts = {"sent": sent, "signed": signed}
        yield Suspicion(cause="expires-not-signed", attempt=_dated(start, claim, signed), facts=facts)
    for seconds in _USUAL_SECONDS:
        for signed in (str(claim.expires_at - seconds), str(claim.expires_at + seconds)):
            facts = {"name": "Expires", "sent": sent, "signed": signed}
            yield Suspicion(cause="expires-changed", attempt=_dated(start, claim, signed), facts=facts)


def _text(start: Attempt, cause: str, text: str) -> Suspicion:
    return Suspicion(cause=cause, attempt=replace(start, query_text=text))


def _dated(start: Attempt, claim: DatedClaim, line: str) -> Attempt:
    return replace(start, claim=replace(claim, date_lines=(line,)))


def _lifetime(start: Attempt, pairs: Pairs, name: str, signed: str) -> Suspicion:
    sent = start.request.query.get(name) or ""
    changed = [(given, signed if given == name else value) for given, value in pairs]
    facts = {"name": name, "sent": sent, "signed": signed}
    return Suspicion(cause="expires-changed", attempt=start.with_pairs(changed), facts=facts)


def suspect_parameters_added(start: Attempt) -> Iterator[Suspicion]:
    """Suspect that parameters were added."""
    pairs = list(start.request.query.pairs)
    free = [place for place, (name, _) in enumerate(pairs) if name not in _OF_SIGNATURE]
    for place in free[:_SINGLES_MAX]:
        name = pairs[place][0]
        cause = "tracking-parameter" if _TRACKING.fullmatch(name) else "parameter-added"
        yield Suspicion(cause=cause, attempt=_without(start, pairs, {place}), facts={"name": name})
    followed = {place for place in free if _TRACKING.fullmatch(pairs[place][0])}
    plain = {place for place in free if not v1.is_sub_resource(pairs[place][0])}
    for places in (followed, plain, set(free)):
        if len(places) > 1:
            names = ", ".join(pairs[place][0] for place in sorted(places))
            yield Suspicion(cause="parameters-added", attempt=_without(start, pairs, places), facts={"name": names})


def _without(start: Attempt, pairs: Pairs, places: set[int]) -> Attempt:
    return start.with_pairs(pair for place, pair in enumerate(pairs) if place not in places)


def _repeated(start: Attempt, pairs: Pairs) -> Iterator[Suspicion]:
    names = [name for name, _ in pairs]
    repeated = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if repeated:
        attempt = start.with_pairs(start.request.query.items())
        yield Suspicion(cause="parameter-twice", attempt=attempt, facts={"name": ", ".join(repeated)})


def _changed(start: Attempt, pairs: Pairs, place: int) -> Iterator[Suspicion]:
    name, value = pairs[place]

    def with_pair(new_name: str, new_value: str) -> Attempt:
        return start.with_pairs([*pairs[:place], (new_name, new_value), *pairs[place + 1 :]])

    spelled = _SPELLED.get(name.lower(), name.lower())
    if spelled != name and name not in _OF_SIGNATURE:
        yield Suspicion(
            cause="parameter-case", attempt=with_pair(spelled, value), facts={"name": name, "signed": spelled}
        )
    if "%" in value:
        decoded = decode(percent_decode(encode(value)))
        yield Suspicion(cause="query-encoded-twice", attempt=with_pair(name, decoded), facts={"name": name})
    if " " in value:
        yield Suspicion(cause="plus-in-query", attempt=with_pair(name, value.replace(" ", "+")), facts={"name": name})
    encoded = percent_encode(encode(value))
    if encoded != value and name not in ("x-oss-signature", "Signature"):
        yield Suspicion(cause="query-signed-encoded", attempt=with_pair(name, encoded), facts={"name": name})
    ending = ENDING.search(value)
    if ending is not None and name not in _OF_SIGNATURE:
        facts = {"name": name, "sent": ending[0]}
        yield Suspicion(cause="parameter-ending", attempt=with_pair(name, value[: ending.start()]), facts=facts)


def _lost(start: Attempt, pairs: Pairs) -> Iterator[Suspicion]:
    names = {name for name, _ in pairs}
    guesses = [(name, "") for name in _WITHOUT_VALUE]
    if "uploadId" in names:
        guesses.insert(0, ("partNumber", "1"))
    for name, value in guesses:
        if name not in names:
            yield Suspicion(
                cause="parameter-lost", attempt=start.with_pairs([*pairs, (name, value)]), facts={"name": name}
            )
