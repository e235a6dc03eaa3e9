"""Requests that say nothing proper of a signature any more, because of what happened to the URL on its way."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from ossicle.cli.explaining.sent import Sent
from ossicle.wire.errors import OssError
from ossicle.wire.http import Query, Request
from ossicle.wire.signing import AnyClaim, parse_claim
from ossicle.wire.text import percent_decode

_SIGNING: Final = frozenset(
    {
        "Expires", "OSSAccessKeyId", "Signature", "x-oss-access-key-id", "x-oss-additional-headers", "x-oss-credential",
        "x-oss-date", "x-oss-expires", "x-oss-security-token", "x-oss-signature", "x-oss-signature-version",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why a request is refused: a name for programs, what is wrong, and what to do."""

    name: str
    text: str
    fix: str


def repaired(sent: Sent, request: Request) -> tuple[Request, AnyClaim | None, Cause | None]:
    """Return what a request claims; where it claims nothing proper, the request as it was meant, if that is plain, and what happened to it."""
    if sent.is_cut:
        return request, None, _CUT_BY_A_SHELL
    try:
        claim = parse_claim(request)
    except OssError as error:
        refusal: str | None = error.message
    else:
        if claim is not None:
            return request, claim, None
        refusal = None
    for query, path, cause in _mended(request):
        mended = replace(request, query=Query(query), path=path)
        try:
            claim = parse_claim(mended)
        except OssError:
            continue
        if claim is not None:
            return mended, claim, cause
    return request, None, _unmended(request, refusal)


def _mended(request: Request) -> Iterator[tuple[bytes, bytes, Cause]]:
    """Give what query and path may have been, each with what was done to them."""
    query, path = request.query.raw, request.path
    if b"&amp;" in query:
        yield query.replace(b"&amp;", b"&"), path, _HTML
    if b"\\u0026" in query:
        yield query.replace(b"\\u0026", b"&"), path, _JSON
    if b"\\" in query:
        yield query.replace(b"\\", b""), path, _BACKSLASHES
    if b"%3D" in query or b"%3d" in query:
        yield percent_decode(query), path, _ENCODED_WHOLE
    before, mark, after = path.partition(b"%3F")
    if mark:
        yield percent_decode(after), before, _ENCODED_WHOLE


def _unmended(request: Request, refusal: str | None) -> Cause:
    signing = _SIGNING.intersection(request.query.names())
    if len(request.query.pairs) == 1 and signing:
        return _CUT
    if refusal is not None:
        return Cause(name="malformed", text=refusal, fix="copy the URL again, whole, or sign a new one")
    if signing:
        return _CUT
    if request.headers.get(b"authorization") is not None:
        return Cause(
            name="malformed",
            text="the Authorization header is none of OSS",
            fix="leave out what adds it (curl -u, a proxy, a default of the HTTP library)",
        )
    return Cause(
        name="unsigned",
        text="nothing signs the request: neither its URL nor an Authorization header",
        fix="use the whole URL, with all that stands behind the question mark; a HAR file may have been saved without secrets",
    )


_CUT_BY_A_SHELL: Final = Cause(
    name="cut-by-shell",
    text="the URL stands without quotes, so the shell ends the command at its first & and the rest is never sent",
    fix="put the URL in single quotes (in cmd and PowerShell: in double quotes)",
)
_CUT: Final = Cause(
    name="cut",
    text="parts of the signature are missing: the URL was cut, as a shell does at an & without quotes",
    fix="put the URL in single quotes (in cmd and PowerShell: in double quotes), and use all of it",
)
_HTML: Final = Cause(
    name="html-escaped",
    text="the URL was copied out of HTML or XML: it has &amp; where an & belongs",
    fix="unescape it before it is used, or replace each &amp; by &",
)
_JSON: Final = Cause(
    name="json-escaped",
    text="the URL was copied out of JSON as it is written there: it has \\u0026 where an & belongs",
    fix="read it with a JSON parser, or replace each \\u0026 by &",
)
_BACKSLASHES: Final = Cause(
    name="backslashes",
    text="the URL has backslashes in it, which a shell or an editor put before its marks",
    fix="take the backslashes out, and put the URL in single quotes instead",
)
_ENCODED_WHOLE: Final = Cause(
    name="encoded-whole",
    text="the URL was percent-encoded as a whole, its ?, & and = too",
    fix="send it as it was signed: it is encoded already",
)
