"""What shows without comparing a signature: mistakes that are refused before, and signatures of a wrong form.

Nothing here knows a secret, so nothing here can tell one.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final

from ossicle.wire.errors import OssError
from ossicle.wire.explain.explanation import UNEXPLAINED, Explanation, found
from ossicle.wire.explain.mistakes.queries import ENDING
from ossicle.wire.http import Query, Request
from ossicle.wire.records import record
from ossicle.wire.signing import (
    ALGORITHM,
    CLOCK_SKEW,
    AnyClaim,
    Claim,
    DatedClaim,
    Version,
    additional_names,
    is_url_signed,
)
from ossicle.wire.text import decode, parse_iso_basic

_V4: Final = ("x-oss-signature-version", "x-oss-credential", "x-oss-date", "x-oss-expires", "x-oss-signature")
_V2: Final = ("x-oss-signature-version", "x-oss-access-key-id", "x-oss-expires", "x-oss-signature")
_V1: Final = ("OSSAccessKeyId", "Expires", "Signature")
_OF_SIGNATURE: Final = frozenset((*_V4, *_V2, *_V1))
_BREAK: Final = re.compile(r"\s*[\r\n]\s*")
_HEXADECIMAL: Final = re.compile(r"[0-9A-Fa-f]+")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/ ]+=*")
_DIGITS_V1: Final = (40, 56)
"""Of a signature of version 1 in hexadecimal digits, and of base64 of these."""
_LENGTHS: Final = {"4": 64, "1": 28, "2": 44}
_OTHER_SCHEME: Final = re.compile(r"(AWS4?-[A-Z0-9-]+|AWS|SharedKey|GOOG\d?-[A-Z0-9-]+)\b")
_OTHER_PARAMETER: Final = re.compile(r"x-(?!oss)[a-z]{3,4}-signature", re.IGNORECASE)
_MARK_IN_PATH: Final = re.compile(rb"%3[fF].*(?:x-oss-signature|Signature)(?:=|%3[dD])")
_BESIDE_AUTHORIZATION: Final = (b"x-oss-content-sha256", b"x-oss-date", b"x-oss-security-token")
_DAY_OF_HEADER: Final = re.compile(r"Credential=[^/,]*/([0-9]{8})/")
_DAY_OF_QUERY: Final = re.compile(r"[^/]*/([0-9]{8})/")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,30}")
_DIGITS_MAX: Final = 18
_HALF_HOUR: Final = 1800
_ABOUT: Final = 120
"""Seconds that a clock in another zone may be off besides."""
_FAR: Final = 14 * 3600 + _ABOUT
_YEAR_2001: Final = 1_000_000_000
_YEAR_2001_MILLIS: Final = 1_000_000_000_000


def explain_form(claim: AnyClaim) -> Explanation | None:
    """Return what the form of a signature tells of a mistake."""
    name = "4" if isinstance(claim, Claim) else "1" if claim.version is Version.V1 else "2"
    given = claim.signature
    is_hexadecimal = len(given) == _LENGTHS["4"] and _HEXADECIMAL.fullmatch(given) is not None
    other = "4" if is_hexadecimal else _base64_of(given)
    if other is not None and other != name:
        # V2's and V1's differ in a hash alone: that is tried, and told apart, by comparing.
        return found("version-mixed", {"name": name, "signed": other}) if "4" in (name, other) else None
    if name == "1" and len(given) in _DIGITS_V1:
        return None  # whether these are the right ones is tried
    alphabet = _HEXADECIMAL if name == "4" else _BASE64
    if alphabet.fullmatch(given) and len(given.rstrip("=")) not in (_LENGTHS[name], _LENGTHS[name] - 1):
        return found("signature-cut", {"name": name, "sent": str(len(given)), "signed": str(_LENGTHS[name])})
    return None


def _base64_of(given: str) -> str | None:
    if _BASE64.fullmatch(given) is None or not given.endswith("="):
        return None
    return {28: "1", 44: "2"}.get(len(given))


@record
class Refused:
    """A refusal, with what it was made of. `claim` is None if the request has none that can be read."""

    error: OssError
    request: Request
    claim: AnyClaim | None
    region: str
    now: datetime


def explain_refusal(refused: Refused) -> Explanation | None:
    """Return why a request was refused before its signature was compared; None where the refusal says it all."""
    explain = _BY_CODE.get(refused.error.code)
    return None if explain is None else explain_break(refused.request.query) or explain(refused)


def explain_break(query: Query) -> Explanation | None:
    """Return that a URL was wrapped, if there is a line break in what signs it."""
    for name, value in query.pairs:
        if _BREAK.search(name.strip()) or (name in _OF_SIGNATURE and _BREAK.search(value.strip())):
            return found("url-wrapped", {"name": _BREAK.sub("", name)})
    return None


def _explain_denial(refused: Refused) -> Explanation | None:
    claim, now = refused.claim, refused.now
    if claim is None:
        return _explain_remains(refused.request) or _explain_loss(refused.request)
    if isinstance(claim, DatedClaim):
        if claim.expires_at is None or now.timestamp() <= claim.expires_at:
            return None
        if claim.expires_at < _YEAR_2001:
            return found("expires-relative", {"sent": str(claim.expires_at)})
        return found("expired", {"sent": _duration(now.timestamp() - claim.expires_at)})
    if claim.expires_seconds is None:
        return None
    age = (now - claim.signed_at).total_seconds()
    if age < -CLOCK_SKEW.total_seconds():
        return _explain_clock(-age)
    late = age - claim.expires_seconds
    return found("expired", {"sent": _duration(late)}) if late > 0 else None


def _explain_skew(refused: Refused) -> Explanation | None:
    claim = refused.claim
    signed_at = None if claim is None else claim.signed_at
    return None if signed_at is None else _explain_clock((signed_at - refused.now).total_seconds())


def _explain_clock(ahead: float) -> Explanation:
    facts = {"sent": _duration(abs(ahead)), "name": "ahead of" if ahead > 0 else "behind"}
    off = abs(abs(ahead) - round(abs(ahead) / _HALF_HOUR) * _HALF_HOUR)
    is_zone = off <= _ABOUT and _HALF_HOUR - _ABOUT <= abs(ahead) <= _FAR
    return found("local-time" if is_zone else "clock", facts)


def _explain_argument(refused: Refused) -> Explanation | None:
    request, claim = refused.request, refused.claim
    if claim is None:
        return _explain_authorization(request) or _explain_parameters(request)
    if refused.error.code == "AuthorizationQueryParametersError":
        return _explain_parameters(request)
    if isinstance(claim, Claim) and claim.scope.region != refused.region:
        return found("region", {"signed": claim.scope.region, "sent": refused.region})
    names = [decode(name) for name in additional_names(claim.additional_headers) if name not in request.headers]
    return found("additional-missing", {"name": ", ".join(names)}) if names else None


def _explain_authorization(request: Request) -> Explanation | None:
    authorization = request.headers.text(b"authorization")
    if authorization is None:
        return None
    scheme = authorization.partition(" ")[0]
    if is_url_signed(request.query):
        return found("signed-twice", {"sent": _scheme(scheme)})
    if _OTHER_SCHEME.match(authorization):
        return found("other-storage", {"sent": _scheme(scheme)})
    if scheme == ALGORITHM:
        return _explain_day(_DAY_OF_HEADER.search(authorization), request.headers.text(b"x-oss-date"))
    return None if scheme in ("OSS", "OSS2") else found("authorization-scheme", {"sent": _scheme(scheme)})


def _scheme(text: str) -> str:
    """Return the kind of an `Authorization`, but nothing that may be a secret in a malformed one."""
    return text if _SCHEME.fullmatch(text) else "unnamed"


def _explain_parameters(request: Request) -> Explanation | None:
    query = request.query
    expires, credential = query.get("x-oss-expires") or "", query.get("x-oss-credential") or ""
    remains = _explain_remains(request)
    if remains is not None:
        return remains
    if expires.isdecimal() and int(expires[:_DIGITS_MAX]) > _YEAR_2001:
        kind = "Unix time in milliseconds" if int(expires[:_DIGITS_MAX]) > _YEAR_2001_MILLIS else "Unix time"
        return found("expires-absolute", {"sent": expires, "name": kind})
    if "%2F" in credential or "%2f" in credential:
        return found("url-encoded-twice")
    return _explain_day(_DAY_OF_QUERY.search(credential), query.get("x-oss-date"))


def _explain_day(day: re.Match[str] | None, date: str | None) -> Explanation | None:
    if day is None or date is None or day[1] == date[:8] or parse_iso_basic(date) is None:
        return None
    return found("scope-date", {"sent": day[1], "signed": date[:8]})


def _explain_remains(request: Request) -> Explanation | None:
    """Return what became of a URL of which only a part looks signed."""
    query = request.query
    if any(name.startswith("amp;") for name in query.names()):
        return found("html-ampersand")
    if _MARK_IN_PATH.search(request.path):
        return found("query-in-path")
    if any(_OTHER_PARAMETER.fullmatch(name) for name in query.names()):
        return found("other-storage", {"sent": "X-...-Signature"})
    for names in (_V2 if "x-oss-access-key-id" in query else _V4, _V1):
        missing = [name for name in names if not query.get(name)]
        if len(names) > len(missing) > 0:
            return found("url-cut", {"name": ", ".join(missing)})
    for name in dict.fromkeys((*_V4, *_V2, *_V1)):
        ending = ENDING.search(query.get(name) or "")
        if ending is not None:
            return found("signature-parameter-ending", {"name": name, "sent": ending[0]})
    return None


def _explain_loss(request: Request) -> Explanation | None:
    if b"authorization" in request.headers:
        return None
    names = [name for name in _BESIDE_AUTHORIZATION if name in request.headers]
    return found("authorization-lost", {"name": decode(names[0])}) if names else None


def _explain_key(refused: Refused) -> Explanation | None:
    claim = refused.claim
    is_temporary = claim is not None and claim.access_key_id.startswith("STS.")
    if claim is not None and is_temporary and claim.security_token is None:
        return found("token-missing")
    return UNEXPLAINED


def _explain_token(refused: Refused) -> Explanation | None:
    claim = refused.claim
    token = None if claim is None else claim.security_token
    return found("token-plus") if token is not None and " " in token else None


def _explain_request(refused: Refused) -> Explanation | None:
    is_token = b"x-oss-security-token" in refused.request.headers or b"security-token" in refused.request.headers
    return (
        found("token-in-header")
        if refused.claim is None and is_token and is_url_signed(refused.request.query)
        else None
    )


def _duration(seconds: float) -> str:
    """Return a length of time in its largest unit, rounded down."""
    for length, name in _UNITS:
        if seconds >= length:
            number = int(seconds // length)
            return f"{number} {name}" if number == 1 else f"{number} {name}s"
    return "less than a second"


_UNITS: Final = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
_BY_CODE: Final[dict[str, Callable[[Refused], Explanation | None]]] = {
    "AccessDenied": _explain_denial,
    "RequestTimeTooSkewed": _explain_skew,
    "InvalidArgument": _explain_argument,
    "AuthorizationQueryParametersError": _explain_argument,
    "InvalidAccessKeyId": _explain_key,
    "InvalidSecurityToken": _explain_token,
    "SecurityTokenExpired": lambda _: found("token-expired"),
    "InvalidRequest": _explain_request,
}
SEEN_CODES: Final = frozenset(_BY_CODE)
"""The codes of refusals of which anything is seen."""
