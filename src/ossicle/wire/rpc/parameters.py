"""What every RPC request has, whatever its action is."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

from ossicle.wire.http import Request
from ossicle.wire.ram_errors import RamError
from ossicle.wire.records import record
from ossicle.wire.rpc.header_signing import canonical_request, parse_header_signature, sign_canonical
from ossicle.wire.rpc.signing import METHOD, SIGNATURE, VERSION, sign

_REQUIRED: Final = ("Version", "AccessKeyId", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Timestamp")
_COMMON: Final = frozenset(
    {*_REQUIRED, SIGNATURE, "Action", "Format", "SecurityToken", "RegionId", "SignatureType", "ResourceOwnerAccount"}
)

_HEADERS: Final = {
    "Action": "action",
    "Version": "version",
    "SignatureNonce": "signature-nonce",
    "Timestamp": "date",
}
"""What the other scheme says in headers."""


@record
class Call:
    """One request, read but not judged. `own` are the parameters of the action; `expects` makes the signature that a secret gives it."""

    action: str
    version: str
    access_key_id: str
    security_token: str | None
    signature: str
    nonce: str
    sent_at: datetime
    own: Mapping[str, str]
    expects: Callable[[str], str]


def parse_call(method: str, pairs: Iterable[tuple[str, str]]) -> Call:
    """Return the request that parameters are, those of a query and of a form together, signed by version 1.0.

    Raises:
        RamError: MissingAction, MissingParameter, InvalidParameter, IncompleteSignature, InvalidTimeStamp.Format.
    """
    # OSS: all codes here are unverified but for their names.
    found = _once(pairs)
    if not found.get("Action"):
        raise RamError("MissingAction", "The parameter Action is missing.")
    for name in _REQUIRED:
        if not found.get(name):
            raise RamError(f"Missing{name}", f"{name} is mandatory for this action.")
    if not found.get(SIGNATURE):
        raise RamError("IncompleteSignature", "The parameter Signature is missing.")
    if (found["SignatureMethod"], found["SignatureVersion"]) != (METHOD, VERSION):
        raise RamError(
            "UnsupportedSignatureMethod", f"Only SignatureMethod {METHOD} of SignatureVersion {VERSION} is taken."
        )
    return Call(
        action=found["Action"],
        version=found["Version"],
        access_key_id=found["AccessKeyId"],
        security_token=found.get("SecurityToken"),
        signature=found[SIGNATURE],
        nonce=found["SignatureNonce"],
        sent_at=_moment(found["Timestamp"]),
        own=_own(found),
        expects=lambda secret: sign(method, found, secret),
    )


def parse_header_call(request: Request, pairs: Iterable[tuple[str, str]], body: bytes) -> Call:
    """Return the request that headers and parameters are, signed by `ACS3-HMAC-SHA256`.

    Raises:
        RamError: as `parse_call`, or see `parse_header_signature`.
    """
    headers, found = request.headers, _once(pairs)
    named = {name: headers.text(f"x-acs-{header}".encode("ascii")) or "" for name, header in _HEADERS.items()}
    if not named["Action"]:
        raise RamError("MissingAction", "The header x-acs-action is missing.")
    for name, value in named.items():
        if not value:
            raise RamError(f"Missing{name}", f"{name} is mandatory for this action.")
    signed = parse_header_signature(headers, body)
    canonical = canonical_request(request.method, request.query.pairs, headers, signed.signed_headers)
    return Call(
        action=named["Action"],
        version=named["Version"],
        access_key_id=signed.access_key_id,
        security_token=headers.text(b"x-acs-security-token"),
        signature=signed.signature,
        nonce=named["SignatureNonce"],
        sent_at=_moment(named["Timestamp"]),
        own=_own(found),
        expects=lambda secret: sign_canonical(canonical, secret),
    )


def _once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs:
        if found.setdefault(name, value) != value:
            raise RamError.invalid(name, f"The parameter {name} is there twice.")
    return found


def _own(found: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in found.items() if name not in _COMMON}


def _moment(text: str) -> datetime:
    """Read `2023-12-17T03:56:28Z`, with or without milliseconds."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise RamError("InvalidTimeStamp.Format", "Timestamp has to be like 2023-12-17T03:56:28Z.")
    return moment.astimezone(UTC)
