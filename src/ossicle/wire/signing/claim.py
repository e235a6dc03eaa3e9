"""What a request says about who signed it, read but not yet believed.

A request is signed in its `Authorization` header or in its URL, never in both. Its form is judged here; whether it is in its time and
region, and whether the signature is right, is judged in `verify`.

Source: https://help.aliyun.com/zh/oss/developer-reference/recommend-to-use-signature-version-4 and
https://help.aliyun.com/zh/oss/developer-reference/add-signatures-to-urls; an EC `N` is explained at
https://help.aliyun.com/zh/oss/user-guide/N
"""

import re
from dataclasses import field
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Final, TypeAlias

from ossicle.wire.errors import AuthorizationQueryParametersError, InvalidArgument, OssError
from ossicle.wire.http import Headers, Query, Request
from ossicle.wire.records import record
from ossicle.wire.signing import v1, v2
from ossicle.wire.signing.dated import DatedClaim
from ossicle.wire.signing.scope import ALGORITHM, TERMINATOR, Scope
from ossicle.wire.text import parse_http_date, parse_iso_basic, render_iso_basic

_FIELDS: Final = frozenset(("Credential", "AdditionalHeaders", "Signature"))
# Some SDKs sign a negative lifetime; that is an integer, though none in the range.
_INTEGER: Final = re.compile(r"-?[0-9]{1,18}")
# Parameter of a presigned URL: what is expected, EC when it is absent, EC when it is empty.
_REQUIRED: Final = {
    "x-oss-credential": (f"AccessKeyId/Date/Region/Product/{TERMINATOR}", "0002-00000217", "0002-00000218"),
    "x-oss-date": ("a time like 20231217T035628Z", None, None),
    "x-oss-expires": ("a number of seconds from 1 to 604800", "0002-00000215", "0002-00000216"),
    "x-oss-signature": ("64 hexadecimal digits", "0002-00000219", "0002-00000220"),
}


class _Mode(Enum):
    """Where the signature is."""

    HEADER = "header"
    QUERY = "query"


@record
class Claim:
    """A V4 signature and what it says of itself.

    `datetime_text` is the text that was signed and `signed_at` the same moment; `expires_seconds` is None for a header, whose life is
    bounded by the clock skew alone; `additional_headers` are the names in the list as it was sent.
    """

    access_key_id: str
    scope: Scope
    signed_at: datetime
    datetime_text: str
    expires_seconds: int | None
    additional_headers: tuple[str, ...]
    signature: str = field(repr=False)
    security_token: str | None = field(repr=False)


AnyClaim: TypeAlias = Claim | DatedClaim
"""A signature of any version."""


def parse_claim(request: Request) -> AnyClaim | None:
    """Return what the request claims, or None for an anonymous one. A PostObject form must not come here: its fields decide.

    Raises:
        InvalidArgument: the `Authorization` header is malformed, of no known version, or comes with a signed URL.
        InvalidRequest: the security token of a V1 or V2 URL came as a header.
        AuthorizationQueryParametersError: a parameter of a V4 URL is missing or malformed.
        AccessDenied: the date of a V1 or V2 signature, or a parameter of such a URL, is missing or malformed.
    """
    authorization = request.headers.text(b"authorization")
    version = request.query.get("x-oss-signature-version")
    if authorization is not None:
        if is_url_signed(request.query):
            raise InvalidArgument(
                "The request is signed in its Authorization header and in its URL; only one is allowed."
            )
        return _parse_header(request.headers, authorization)
    if version == ALGORITHM:
        return _parse_query(request.query)
    if version == v2.SCHEME:
        return v2.parse_query(request.query, request.headers)
    if version is not None:
        expected = f"The value of x-oss-signature-version must be {ALGORITHM} or {v2.SCHEME}."
        raise InvalidArgument(expected, ec="0002-00000066")
    return v1.parse_query(request.query, request.headers) if is_url_signed(request.query) else None


def is_url_signed(query: Query) -> bool:
    """Return whether the URL claims to be signed, by whatever version."""
    return "x-oss-signature-version" in query or "OSSAccessKeyId" in query or "Signature" in query


def _parse_header(headers: Headers, authorization: str) -> AnyClaim:
    scheme, space, text = authorization.partition(" ")
    if space and scheme == ALGORITHM:
        return _parse_fields(headers, text)
    if space and scheme == v1.SCHEME:
        return v1.parse_header(headers, text)
    if space and scheme == v2.SCHEME:
        return v2.parse_header(headers, text)
    raise InvalidArgument(
        f"The Authorization header must begin with {ALGORITHM}, {v2.SCHEME} or {v1.SCHEME}, and a space."
    )


def _parse_fields(headers: Headers, text: str) -> Claim:
    fields = _split_fields(text)
    listed = fields.get("AdditionalHeaders")
    datetime_text = _header_datetime(headers)
    access_key_id, scope = _parse_credential(_Mode.HEADER, fields["Credential"])
    return Claim(
        access_key_id=access_key_id,
        scope=scope,
        signed_at=_signed_at(_Mode.HEADER, scope.date, datetime_text),
        datetime_text=datetime_text,
        expires_seconds=None,
        additional_headers=() if listed is None else _parse_names(_Mode.HEADER, listed),
        signature=fields["Signature"],
        security_token=headers.text(b"x-oss-security-token") or None,
    )


def _split_fields(text: str) -> dict[str, str]:
    """Return the fields of the header, whose order is free and whose commas may be followed by a space."""
    pieces = [piece.strip().partition("=") for piece in text.split(",")]
    if not 2 <= len(pieces) <= 3:
        raise _malformed("it must have two or three fields", ec="0002-00000202")
    if not all(separator for _, separator, _ in pieces):
        raise _malformed("each field must be key=value", ec="0002-00000203")
    fields = {name: value for name, _, value in pieces}
    if not fields.keys() <= _FIELDS:
        raise _malformed("it has a field other than Credential, AdditionalHeaders and Signature", ec="0002-00000204")
    if len(pieces) != len(fields):
        raise _malformed("it has a field twice", ec=None)
    if "Credential" not in fields:
        raise _malformed("Credential is missing", ec="0002-00000205")
    if "Signature" not in fields:
        raise _malformed("Signature is missing", ec="0002-00000207")
    if not fields["Signature"]:
        raise _malformed("Signature is empty", ec="0002-00000208")
    return fields


def _malformed(reason: str, *, ec: str | None) -> InvalidArgument:
    expected = f"{ALGORITHM} Credential=...[,AdditionalHeaders=...],Signature=..."
    return InvalidArgument(f"The Authorization header is malformed: {reason}. Expected: {expected}", ec=ec)


def _header_datetime(headers: Headers) -> str:
    text = headers.text(b"x-oss-date")
    if text is not None:
        return text
    # OSS: no current SDK leaves x-oss-date out; that Date then takes its place is unverified.
    date = headers.get(b"date")
    moment = None if date is None else parse_http_date(date)
    if moment is None:
        raise InvalidArgument("The request must have a valid x-oss-date or Date header.", ec="0002-00000503")
    return render_iso_basic(moment)


def _parse_query(query: Query) -> Claim:
    # The one parameter that is not signed: readers that disagree on which of two counts would judge two requests.
    if query.is_repeated("x-oss-signature"):
        raise AuthorizationQueryParametersError("The query parameter x-oss-signature stands there more than once.")
    credential, datetime_text = _required(query, "x-oss-credential"), _required(query, "x-oss-date")
    expires, signature = _required(query, "x-oss-expires"), _required(query, "x-oss-signature")
    listed = query.get("x-oss-additional-headers")
    additional = () if listed is None else _parse_names(_Mode.QUERY, listed)
    access_key_id, scope = _parse_credential(_Mode.QUERY, credential)
    return Claim(
        access_key_id=access_key_id,
        scope=scope,
        signed_at=_signed_at(_Mode.QUERY, scope.date, datetime_text),
        datetime_text=datetime_text,
        expires_seconds=_parse_expires(expires),
        additional_headers=additional,
        signature=signature,
        security_token=query.get("x-oss-security-token") or None,
    )


def _required(query: Query, name: str) -> str:
    value = query.get(name)
    if value:
        return value
    expected, ec_absent, ec_empty = _REQUIRED[name]
    is_absent = value is None
    reason = "is missing" if is_absent else "is empty"
    raise AuthorizationQueryParametersError(
        f"The query parameter {name} {reason}. Expected: {expected}.", ec=ec_absent if is_absent else ec_empty
    )


def _parse_credential(mode: _Mode, text: str) -> tuple[str, Scope]:
    found = split_credential(text)
    if found is None:
        ec = "0002-00000213" if mode is _Mode.HEADER else "0002-00000224"
        raise _refusal(mode, f"The credential must be AccessKeyId/Date/Region/Product/{TERMINATOR}.", ec)
    return found


# The same for all of a signer's day.
@lru_cache(maxsize=256)
def split_credential(text: str) -> tuple[str, Scope] | None:
    """Return the access key id and the scope of a credential; None for what is none."""
    parts = text.split("/")
    if len(parts) != 5 or parts[4] != TERMINATOR or not all(parts):
        return None
    return parts[0], Scope(date=parts[1], region=parts[2], product=parts[3])


def _signed_at(mode: _Mode, date: str, datetime_text: str) -> datetime:
    ec = "0002-00000212" if mode is _Mode.HEADER else "0002-00000223"
    moment = parse_iso_basic(datetime_text)
    if moment is None:
        # OSS: that this has the EC of a wrong date in the credential is unverified.
        raise _refusal(mode, "The value of x-oss-date must be a UTC time like 20231217T035628Z.", ec)
    if date != datetime_text[:8]:
        raise _refusal(mode, "The date of the credential must be eight digits, the day of x-oss-date.", ec)
    return moment


def _parse_expires(text: str) -> int:
    if _INTEGER.fullmatch(text) is None:
        raise expires_out_of_range()
    return int(text)


def expires_out_of_range() -> AuthorizationQueryParametersError:
    """Return the refusal of an `x-oss-expires` that is not a number of seconds in its range."""
    message = "The value of x-oss-expires must be an integer number of seconds from 1 to 604800."
    return AuthorizationQueryParametersError(message, ec="0002-00000232")


def _parse_names(mode: _Mode, listed: str) -> tuple[str, ...]:
    names = tuple(listed.split(";"))
    if all(name.strip() for name in names):
        return names
    ec = None
    if mode is _Mode.HEADER:
        ec = "0002-00000210" if listed else "0002-00000209"
    raise _refusal(mode, "The list of additional headers must be lower-case names joined with semicolons.", ec)


def _refusal(mode: _Mode, message: str, ec: str | None) -> OssError:
    # OSS: that a malformed presigned URL has a code of its own is unverified; see AuthorizationQueryParametersError.
    refuse = InvalidArgument if mode is _Mode.HEADER else AuthorizationQueryParametersError
    return refuse(message, ec=ec)
