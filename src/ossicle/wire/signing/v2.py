"""Signature V2: as V1, but HMAC-SHA256, over all query parameters, and with headers that the signer lists.

Hardly anybody signs so; `oss2` and the older Java and Go SDKs can be told to.
"""

import hmac
from base64 import b64encode
from collections.abc import Iterable
from typing import Final

from ossicle.wire.errors import InvalidArgument
from ossicle.wire.http import Headers, Query, Request, Resource
from ossicle.wire.signing.canonical import canonical_query
from ossicle.wire.signing.dated import (
    DatedClaim,
    UrlParameters,
    header_date,
    header_token,
    leading_lines,
    parse_expires,
)
from ossicle.wire.signing.version import Version
from ossicle.wire.text import decode, encode, percent_encode

SCHEME: Final = "OSS2"
PARAMETERS: Final = UrlParameters(
    access_key_id="x-oss-access-key-id",
    expires="x-oss-expires",
    signature="x-oss-signature",
    # OSS: the second is what the official `oss2` sends.
    tokens=("x-oss-security-token", "security-token"),
    refusals={"x-oss-expires": ("0002-00000113", None), "x-oss-signature": (None, "0002-00000118")},
)
"""What signs a URL, by the names that travel; the version and the list of additional headers go with them."""
ADDITIONAL: Final = "x-oss-additional-headers"
_FIELDS: Final = frozenset(("AccessKeyId", "AdditionalHeaders", "Signature"))
_EXPECTED: Final = "Expected: OSS2 AccessKeyId:...[,AdditionalHeaders:...],Signature:..."


def parse_header(headers: Headers, text: str) -> DatedClaim:
    """Return what `Authorization: OSS2 <text>` claims.

    Raises:
        InvalidArgument: a field is missing, unknown or given twice, or the list of headers is malformed.
        AccessDenied: there is no valid date.
    """
    pieces = [piece.strip().partition(":") for piece in text.split(",")]
    fields = {name: value for name, _, value in pieces}
    if len(fields) != len(pieces) or not fields.keys() <= _FIELDS:
        raise InvalidArgument(f"The Authorization header is malformed. {_EXPECTED}")
    access_key_id, made = fields.get("AccessKeyId"), fields.get("Signature")
    if not access_key_id or not made:
        raise InvalidArgument(f"The Authorization header lacks AccessKeyId or Signature. {_EXPECTED}")
    signed_at, date_lines = header_date(headers)
    return DatedClaim(
        version=Version.V2,
        access_key_id=access_key_id,
        signed_at=signed_at,
        expires_at=None,
        date_lines=date_lines,
        additional_headers=_parse_names(fields.get("AdditionalHeaders")),
        signature=made,
        security_token=header_token(headers),
    )


def parse_query(query: Query, headers: Headers) -> DatedClaim:
    """Return what the parameters of a URL with `x-oss-signature-version=OSS2` claim.

    Raises:
        AccessDenied: one is missing or empty, or the expiry is no number.
        InvalidArgument: one stands there twice, or the list of headers is malformed.
        InvalidRequest: the security token came as a header.
    """
    access_key_id, expires, made = PARAMETERS.read(query)
    return DatedClaim(
        version=Version.V2,
        access_key_id=access_key_id,
        signed_at=None,
        expires_at=parse_expires(expires),
        date_lines=(expires,),
        additional_headers=_parse_names(query.get(ADDITIONAL)),
        signature=made,
        security_token=PARAMETERS.token(query, headers),
    )


def _parse_names(listed: str | None) -> tuple[str, ...]:
    names = () if listed is None else tuple(listed.split(";"))
    if not all(name.strip() for name in names):
        raise InvalidArgument("The list of additional headers must be lower-case names joined with semicolons.")
    return names


def listed_names(listed: Iterable[str]) -> tuple[bytes, ...]:
    """Return the additional headers of a list: lower case, sorted, each once."""
    # OSS: unlike in V4, `content-type` and `content-md5` may be among them: signers join what they were given.
    return tuple(sorted({encode(name.lower()) for name in listed}))


def canonical_resource(resource: Resource, pairs: Iterable[tuple[str, str]]) -> str:
    """Return the path, its slashes encoded too, and all decoded parameters but the signature, encoded and sorted."""
    path = b"/" if resource.bucket is None else b"/%b/%b" % (encode(resource.bucket), resource.key or b"")
    query = canonical_query(pairs)
    return percent_encode(path) + (f"?{query}" if query else "")


def string_to_sign(
    method: str, headers: Headers, date_line: str, resource: str, additional: tuple[bytes, ...] = ()
) -> str:
    """Return the text that is signed; `resource` is the canonical one."""
    return f"{leading_lines(method, headers, date_line, additional)}{decode(b';'.join(additional))}\n{resource}"


def strings_to_sign(request: Request, resource: Resource, claim: DatedClaim) -> list[str]:
    """Return the texts that a claim may be the signature of, one for each date."""
    canonical, additional = canonical_resource(resource, request.query.pairs), listed_names(claim.additional_headers)
    return [
        string_to_sign(request.method, request.headers, date_line, canonical, additional)
        for date_line in claim.date_lines
    ]


def signature(secret: str, text: str) -> str:
    """Return base64 of HMAC-SHA256 under an access key's secret."""
    return b64encode(hmac.digest(encode(secret), encode(text), "sha256")).decode("ascii")
