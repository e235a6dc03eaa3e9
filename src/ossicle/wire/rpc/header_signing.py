"""Signature version 3 of RPC, `ACS3-HMAC-SHA256`: a header over the method, all parameters, some headers and the body's digest.

Source: https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from typing import Final

from ossicle.wire.http import Headers
from ossicle.wire.ram_errors import RamError
from ossicle.wire.records import record
from ossicle.wire.text import decode, encode, percent_encode

ALGORITHM: Final = "ACS3-HMAC-SHA256"
_AUTHORIZATION: Final = re.compile(
    rf"{ALGORITHM} +Credential=([^,\s]+), *SignedHeaders=([a-z0-9;-]+), *Signature=([0-9a-f]{{64}})"
)
_DIGEST: Final = b"x-acs-content-sha256"


@record
class HeaderSignature:
    """What an Authorization header says: whose key signed which headers."""

    access_key_id: str
    signed_headers: tuple[str, ...]
    signature: str


def is_header_signed(headers: Headers) -> bool:
    """Whether a request says that it is signed so."""
    return (headers.get(b"authorization") or b"").startswith(ALGORITHM.encode("ascii"))


def parse_header_signature(headers: Headers, body: bytes) -> HeaderSignature:
    """Return what the Authorization header says, if it covers what it has to, and the digest is the body's.

    Raises:
        RamError: IncompleteSignature, or SignatureDoesNotMatch: the digest is another body's.
    """
    match = _AUTHORIZATION.fullmatch(headers.text(b"authorization") or "")
    if match is None:
        raise RamError(
            "IncompleteSignature", f"Authorization has to be {ALGORITHM} Credential, SignedHeaders, Signature."
        )
    signed = tuple(match[2].split(";"))
    # What is not signed could be added by whoever carries the request.
    for name in ("host", *sorted(decode(each) for each in headers.names() if each.startswith(b"x-acs-"))):
        if name not in signed:
            raise RamError("IncompleteSignature", f"The header {name} has to be among SignedHeaders.")
    digest = (headers.get(_DIGEST) or b"").lower()
    if not hmac.compare_digest(digest, hashlib.sha256(body).hexdigest().encode("ascii")):
        raise RamError("SignatureDoesNotMatch", "The header x-acs-content-sha256 is not the digest of the body.")
    return HeaderSignature(access_key_id=match[1], signed_headers=signed, signature=match[3])


def canonical_request(
    method: str, query: Iterable[tuple[str, str]], headers: Headers, signed_headers: Sequence[str]
) -> str:
    """Return what is digested of a request; `query` are the parameters of its URL, decoded."""
    pairs = sorted((percent_encode(encode(name)), percent_encode(encode(value))) for name, value in query)
    lines = [f"{name}:{headers.text(encode(name)) or ''}\n" for name in sorted(signed_headers)]
    return "\n".join(
        (
            method,
            "/",
            "&".join(f"{name}={value}" for name, value in pairs),
            "".join(lines),
            ";".join(sorted(signed_headers)),
            headers.text(_DIGEST) or "",
        )
    )


def sign_canonical(canonical: str, secret: str) -> str:
    """Return the signature of a canonical request, hexadecimal."""
    digest = hashlib.sha256(encode(canonical)).hexdigest()
    return hmac.digest(encode(secret), f"{ALGORITHM}\n{digest}".encode("ascii"), "sha256").hex()
