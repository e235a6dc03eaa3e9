"""What every RPC request has, whatever its action is."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

from ossicle.wire.ram_errors import RamError
from ossicle.wire.records import record
from ossicle.wire.rpc.signing import METHOD, SIGNATURE, VERSION

_REQUIRED: Final = ("Version", "AccessKeyId", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Timestamp")
_COMMON: Final = frozenset(
    {*_REQUIRED, SIGNATURE, "Action", "Format", "SecurityToken", "RegionId", "SignatureType", "ResourceOwnerAccount"}
)


@record
class Call:
    """One request, read but not judged. `own` are the parameters of the action, `all` those that are signed."""

    action: str
    version: str
    access_key_id: str
    security_token: str | None
    signature: str
    nonce: str
    sent_at: datetime
    own: Mapping[str, str]
    all: Mapping[str, str]


def parse_call(pairs: Iterable[tuple[str, str]]) -> Call:
    """Return the request that parameters are, those of a query and of a form together.

    Raises:
        RamError: MissingAction, MissingParameter, InvalidParameter, IncompleteSignature, InvalidTimeStamp.Format.
    """
    # OSS: all codes here are unverified but for their names.
    found: dict[str, str] = {}
    for name, value in pairs:
        if found.setdefault(name, value) != value:
            raise RamError.invalid(name, f"The parameter {name} is there twice.")
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
        own={name: value for name, value in found.items() if name not in _COMMON},
        all=found,
    )


def _moment(text: str) -> datetime:
    """Read `2023-12-17T03:56:28Z`, with or without milliseconds."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise RamError("InvalidTimeStamp.Format", "Timestamp has to be like 2023-12-17T03:56:28Z.")
    return moment.astimezone(UTC)
