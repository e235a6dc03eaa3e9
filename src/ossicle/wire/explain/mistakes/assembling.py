"""The mistakes of signers of version 4 that somebody wrote by hand: one step of putting together what is signed, done otherwise."""

import hmac
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Final

from ossicle.wire.explain.assembly import Assembly, Lines, join
from ossicle.wire.explain.attempt import Attempt, Suspicion
from ossicle.wire.http import Request
from ossicle.wire.signing import ALGORITHM, UNSIGNED_PAYLOAD, Claim
from ossicle.wire.signing.scope import TERMINATOR
from ossicle.wire.text import decode, encode

_ALGORITHM_OF_OTHERS: Final = "AWS4-HMAC-SHA256"
_PREFIX: Final = "aliyun_v4"
_PREFIX_OF_OTHERS: Final = "AWS4"
_ENCODED: Final = re.compile("%[0-9A-F]{2}")
_OF_NOTHING: Final = sha256(b"").hexdigest()


def suspect_assembly(start: Attempt) -> Iterator[Suspicion]:
    """Suspect that one step of version 4 was done otherwise."""
    claim = start.claim
    if not isinstance(claim, Claim):
        return
    for cause, key in _KEYS:
        yield _suspicion(start, cause, Assembly(key=key))
    for cause, text in _TEXTS.items():
        yield _suspicion(start, cause, Assembly(text=text))
    for cause, canonical in (*_CANONICALS, *_of_request(start.request)):
        yield _suspicion(start, cause, Assembly(canonical=canonical))


def _suspicion(start: Attempt, cause: str, assembly: Assembly) -> Suspicion:
    return Suspicion(cause=cause, attempt=replace(start, assembly=assembly))


def _key_of(
    *,
    prefix: str = _PREFIX,
    steps: Callable[[Claim], list[str]] | None = None,
    is_hex: bool = False,
) -> Callable[[Claim, str], bytes]:
    """Return how a key is derived: from what, in which steps, and whether each goes on with the digits of the one before."""

    def derive(claim: Claim, secret: str) -> bytes:
        key = encode(prefix + secret)
        for step in (_steps if steps is None else steps)(claim):
            digest = hmac.digest(key, encode(step), "sha256")
            key = encode(digest.hex()) if is_hex else digest
        return key

    return derive


def _steps(claim: Claim) -> list[str]:
    return [claim.scope.date, claim.scope.region, claim.scope.product, TERMINATOR]


def _with_time(claim: Claim) -> list[str]:
    return [claim.datetime_text, *_steps(claim)[1:]]


def _region_first(claim: Claim) -> list[str]:
    day, region, *others = _steps(claim)
    return [region, day, *others]


_KEYS: Final = (
    ("key-digits", _key_of(is_hex=True)),
    ("key-prefix", _key_of(prefix="")),
    ("key-prefix", _key_of(prefix=_PREFIX_OF_OTHERS)),
    ("key-steps", _key_of(steps=lambda claim: _steps(claim)[:-1])),
    ("key-steps", _key_of(steps=_region_first)),
    ("key-day", _key_of(steps=_with_time)),
)


def _scope_missing(claim: Claim, canonical: str) -> str:
    return f"{ALGORITHM}\n{claim.datetime_text}\n{_hash(canonical)}"


def _credential_as_scope(claim: Claim, canonical: str) -> str:
    return f"{ALGORITHM}\n{claim.datetime_text}\n{claim.access_key_id}/{claim.scope.text}\n{_hash(canonical)}"


def _not_hashed(claim: Claim, canonical: str) -> str:
    return f"{ALGORITHM}\n{claim.datetime_text}\n{claim.scope.text}\n{canonical}"


def _algorithm_of_others(claim: Claim, canonical: str) -> str:
    return f"{_ALGORITHM_OF_OTHERS}\n{claim.datetime_text}\n{claim.scope.text}\n{_hash(canonical)}"


def _hash(canonical: str) -> str:
    return sha256(encode(canonical)).hexdigest()


_TEXTS: Final[Mapping[str, Callable[[Claim, str], str]]] = {
    "text-scope-missing": _scope_missing,
    "text-scope-with-id": _credential_as_scope,
    "text-not-hashed": _not_hashed,
    "text-algorithm": _algorithm_of_others,
}


def _blank_line_missing(lines: Lines) -> str:
    return join(replace(lines, headers=lines.headers.removesuffix("\n")))


def _additional_missing(lines: Lines) -> str:
    return f"{lines.method}\n{lines.uri}\n{lines.query}\n{lines.headers}\n{lines.payload}"


def _space_behind_colons(lines: Lines) -> str:
    return join(replace(lines, headers="".join(f"{name}: {value}" for name, value in _fields(lines))))


def _names_in_capitals(lines: Lines) -> str:
    return join(replace(lines, headers="".join(f"{name.title()}:{value}" for name, value in _fields(lines))))


def _fields(lines: Lines) -> list[tuple[str, str]]:
    """Return names and values of header lines, the values with their LF."""
    parts = [line.partition(":") for line in lines.headers.splitlines(keepends=True)]
    return [(name, value) for name, _, value in parts]


def _names_listed(lines: Lines) -> str:
    return join(replace(lines, additional=";".join(name for name, _ in _fields(lines))))


def _path_in_lower_case(lines: Lines) -> Lines:
    return replace(lines, uri=_lower(lines.uri))


def _all_in_lower_case(lines: Lines) -> Lines:
    return replace(_path_in_lower_case(lines), query=_lower(lines.query))


def _lower(text: str) -> str:
    return _ENCODED.sub(lambda found: found[0].lower(), text)


def _payload_of_nothing(lines: Lines) -> str:
    return join(replace(lines, payload=_OF_NOTHING) if lines.payload == UNSIGNED_PAYLOAD else lines)


def _elements(lines: Lines) -> tuple[str, ...]:
    return lines.method, lines.uri, lines.query, lines.headers, lines.additional, lines.payload


_CANONICALS: Final[tuple[tuple[str, Callable[[Lines], str]], ...]] = (
    ("payload-signed", _payload_of_nothing),
    ("line-missing", _blank_line_missing),
    ("line-missing", _additional_missing),
    ("headers-listed", _names_listed),
    ("header-line-space", _space_behind_colons),
    ("header-line-case", _names_in_capitals),
    ("encoding-case", lambda lines: join(_path_in_lower_case(lines))),
    ("encoding-case", lambda lines: join(_all_in_lower_case(lines))),
    ("path-plus-signed", lambda lines: join(replace(lines, uri=lines.uri.replace("%20", "+")))),
    ("method-line-case", lambda lines: join(replace(lines, method=lines.method.lower()))),
    ("canonical-line-ends", lambda lines: join(lines).replace("\n", "\r\n")),
    ("canonical-line-ends", lambda lines: "\r\n".join(_elements(lines))),
    ("canonical-line-ends", lambda lines: join(lines) + "\n"),
)


def _of_request(request: Request) -> Iterator[tuple[str, Callable[[Lines], str]]]:
    """Yield what needs more of the request than its canonical form: the order of its headers, and its host."""
    order = {decode(name): place for place, (name, _) in enumerate(request.headers.items())}

    def as_sent(lines: Lines) -> str:
        fields = sorted(_fields(lines), key=lambda field: order.get(field[0], 0))
        return join(replace(lines, headers="".join(f"{name}:{value}" for name, value in fields)))

    def with_host(lines: Lines) -> Lines:
        fields = sorted([*_fields(lines), ("host", f"{decode(request.host)}\n")])
        return replace(lines, headers="".join(f"{name}:{value}" for name, value in fields))

    yield "header-line-order", as_sent
    yield "host-line", lambda lines: join(with_host(lines))
    yield "headers-listed", lambda lines: _names_listed(with_host(lines))
