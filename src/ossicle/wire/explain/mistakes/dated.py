"""The mistakes of signers of versions 1 and 2 that somebody wrote by hand: the text is put together otherwise."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from ossicle.wire.explain.attempt import Attempt, Suspicion
from ossicle.wire.signing import DatedClaim, Version
from ossicle.wire.text import decode, percent_encode_path

_FIRST: Final = 4
_AFTER: Final = re.compile(r"((?:x-oss-[^\n]*\n)*)(.*)", re.DOTALL)
Parts = tuple[Sequence[str], Sequence[str], str]
"""Method, MD5, type and date; the lines of headers, each with its LF; and what follows: the resource, of version 2 its list before it."""


def suspect_dated_text(start: Attempt) -> Iterator[Suspicion]:
    """Suspect that the text of version 1 or 2 was put together otherwise."""
    if not isinstance(start.claim, DatedClaim):
        return
    for cause, made in (*_TEXTS, ("header-line-order", _as_sent(start))):
        yield Suspicion(cause=cause, attempt=replace(start, text_of=_from_parts(made)))
    yield Suspicion(
        cause="canonical-line-ends", attempt=replace(start, text_of=lambda text: text.replace("\n", "\r\n"))
    )
    yield Suspicion(cause="canonical-line-ends", attempt=replace(start, text_of=lambda text: text + "\n"))
    if start.claim.version is Version.V1 and start.resource.bucket is not None:
        for text in _resources(start, start.resource.bucket):
            yield Suspicion(cause="resource-form", attempt=replace(start, path_text=text))


def _resources(start: Attempt, bucket: str) -> Iterator[str]:
    key, host = start.resource.key or b"", decode(start.request.host)
    yield f"{bucket}/{decode(key)}"
    yield f"/{host}/{bucket}/{decode(key)}"
    for scheme in ("http", "https"):
        yield f"{scheme}://{host}/{bucket}/{percent_encode_path(key)}"
        yield f"{scheme}://{host}/{percent_encode_path(key)}"


def _from_parts(made: Callable[[Parts], str]) -> Callable[[str], str]:
    def text_of(text: str) -> str:
        *first, rest = text.split("\n", _FIRST)
        found = _AFTER.fullmatch(rest)
        return text if found is None else made((first, found[1].splitlines(keepends=True), found[2]))

    return text_of


def _joined(first: Sequence[str], headers: Sequence[str], rest: str) -> str:
    return "\n".join(first) + "\n" + "".join(headers) + rest


def _with_first(*places: int) -> Callable[[Parts], str]:
    """Return how a text is made of only some of the first lines, or of them in another order."""

    def made(parts: Parts) -> str:
        first, headers, rest = parts
        return _joined([first[place] for place in places], headers, rest)

    return made


def _headers_as(change: Callable[[str], str]) -> Callable[[Parts], str]:
    def made(parts: Parts) -> str:
        first, headers, rest = parts
        return _joined(first, [change(line) for line in headers], rest)

    return made


def _run_into_resource(parts: Parts) -> str:
    first, headers, rest = parts
    return _joined(first, ["".join(headers).removesuffix("\n")], rest)


def _run_into_headers(parts: Parts) -> str:
    first, headers, rest = parts
    return "\n".join(first) + "".join(headers) + rest


def _method_in_lower_case(parts: Parts) -> str:
    (method, *others), headers, rest = parts
    return _joined([method.lower(), *others], headers, rest)


def _as_sent(start: Attempt) -> Callable[[Parts], str]:
    order = {decode(name): place for place, (name, _) in enumerate(start.request.headers.items())}

    def made(parts: Parts) -> str:
        first, headers, rest = parts
        return _joined(first, sorted(headers, key=lambda line: order.get(line.partition(":")[0], 0)), rest)

    return made


_METHOD, _MD5, _TYPE, _DATE = range(_FIRST)
_TEXTS: Final[tuple[tuple[str, Callable[[Parts], str]], ...]] = (
    ("text-lines", _with_first(_METHOD, _TYPE, _DATE)),
    ("text-lines", _with_first(_METHOD, _MD5, _DATE)),
    ("text-lines", _with_first(_METHOD, _DATE)),
    ("text-lines", _with_first(_METHOD, _TYPE, _MD5, _DATE)),
    ("text-lines", _run_into_resource),
    ("text-lines", _run_into_headers),
    ("header-line-space", _headers_as(lambda line: line.replace(":", ": ", 1))),
    ("header-line-case", _headers_as(lambda line: line.partition(":")[0].title() + ":" + line.partition(":")[2])),
    ("method-line-case", _method_in_lower_case),
)
