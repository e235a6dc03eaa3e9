"""The mistakes in making a signature, and with its text."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ossicle.wire.explain.assembly import Assembly
from ossicle.wire.explain.attempt import Attempt, Suspicion
from ossicle.wire.explain.mistakes.queries import ENDING
from ossicle.wire.signing import Claim, DatedClaim, Version
from ossicle.wire.text import decode, encode, percent_decode

DIGITS_V1: Final = 40
SECRET_ENDINGS: Final = (
    ("\n", "a line end (LF)"),
    ("\r\n", "a line end (CR LF)"),
    (" ", "a space"),
    ("\r", "a carriage return"),
)
_SECRET_ITSELF: Final = Assembly(key=lambda _, secret: encode(secret))


def suspect_signature(start: Attempt) -> Iterator[Suspicion]:
    """Suspect that the text of the signature was changed after it was made."""
    given = start.claim.signature
    ending = ENDING.search(given)
    if ending is not None:
        yield _signed(start, "url-ending", given[: ending.start()], sent=ending[0])
        yield _signed(start, "url-ending", given.rstrip(), sent=ending[0])
    if start.is_v4:
        yield _signed(start, "signature-case", given.lower())
        return
    yield _signed(start, "signature-plus", given.replace(" ", "+"))
    yield _signed(start, "signature-encoded-twice", decode(percent_decode(encode(given))))
    yield _signed(start, "signature-alphabet", given.replace("-", "+").replace("_", "/"))
    yield _signed(start, "signature-digits", _bytes_of(given))
    yield _signed(start, "signature-padding", given.rstrip("=") + "=" * (-len(given.rstrip("=")) % 4))


def _bytes_of(given: str) -> str:
    """Return base64 of what hexadecimal digits say, which may be in base64 themselves; the text as it is, if it is neither."""
    try:
        digits = given if len(given) == DIGITS_V1 else base64.b64decode(given, validate=True).decode("ascii")
        return base64.b64encode(bytes.fromhex(digits)).decode("ascii")
    except ValueError:
        return given


def suspect_signer(start: Attempt) -> Iterator[Suspicion]:
    """Suspect that the signature was made with another key or hash."""
    for ending, shown in SECRET_ENDINGS:
        attempt = replace(start, secret_ending=ending)
        yield Suspicion(cause="secret-ending", attempt=attempt, facts={"sent": shown})
    claim = start.claim
    yield Suspicion(cause="key-id-as-secret", attempt=replace(start, secret=claim.access_key_id))
    if isinstance(claim, DatedClaim):
        yield _hash_of_other(start, claim)
        return
    yield Suspicion(cause="key-not-derived", attempt=replace(start, assembly=_SECRET_ITSELF))
    sent = claim.scope.region
    signed = sent.removeprefix("oss-") if sent.startswith("oss-") else f"oss-{sent}"
    yield _scoped(start, claim, "region-prefix", region=signed)
    for product in ("s3", "OSS"):
        yield _scoped(start, claim, "product-signed", product=product)


def _signed(start: Attempt, cause: str, signature: str, **facts: str) -> Suspicion:
    return Suspicion(cause=cause, attempt=replace(start, claim=replace(start.claim, signature=signature)), facts=facts)


def _scoped(start: Attempt, claim: Claim, cause: str, **changed: str) -> Suspicion:
    scope = replace(claim.scope, **changed)
    facts = {name: getattr(claim.scope, name) for name in changed}
    (sent,), (signed,) = facts.values(), changed.values()
    attempt = replace(start, claim=replace(claim, scope=scope))
    return Suspicion(cause=cause, attempt=attempt, facts={"sent": sent, "signed": signed})


def _hash_of_other(start: Attempt, claim: DatedClaim) -> Suspicion:
    sent, signed = ("1", "2") if claim.version is Version.V1 else ("2", "1")
    return Suspicion(
        cause="hash-of-other-version",
        attempt=replace(start, has_usual_hash=False),
        facts={"sent": sent, "signed": signed},
    )
