"""How a signer of version 4 puts together what it signs: as the documentation says, or with one step done otherwise."""

from collections.abc import Callable

from ossicle.wire.records import record
from ossicle.wire.signing import Claim, signing_key, string_to_sign


@record
class Lines:
    """The elements of a canonical request. `headers` has one `name:value` line for each that is signed, each with its LF."""

    method: str
    uri: str
    query: str
    headers: str
    additional: str
    payload: str


def join(lines: Lines) -> str:
    """Return the canonical request."""
    return f"{lines.method}\n{lines.uri}\n{lines.query}\n{lines.headers}\n{lines.additional}\n{lines.payload}"


def _text(claim: Claim, canonical: str) -> str:
    return string_to_sign(datetime_text=claim.datetime_text, scope=claim.scope, canonical=canonical)


def _key(claim: Claim, secret: str) -> bytes:
    return signing_key(secret, claim.scope)


@record
class Assembly:
    """The three steps: the canonical request, the text that is signed, and the key that signs it."""

    canonical: Callable[[Lines], str] = join
    text: Callable[[Claim, str], str] = _text
    key: Callable[[Claim, str], bytes] = _key
