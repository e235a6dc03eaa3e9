"""The one mistake that explains the signature of a form: what is signed there is a policy's text, and nothing else."""

import base64
import binascii
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ossicle.wire.credentials import Credentials
from ossicle.wire.explain.attempt import Facts
from ossicle.wire.explain.explanation import Explanation, found
from ossicle.wire.explain.mistakes.signers import SECRET_ENDINGS
from ossicle.wire.form import FormClaim, sign_policy
from ossicle.wire.signing import signature_v2
from ossicle.wire.text import decode, encode

POLICY_BYTES_MAX: Final = 16 * 1024
"""The longest policy for whose signature anything is tried."""
_Guess = tuple[str, Facts, str]


def explain_form_signature(claim: FormClaim, credentials: Credentials) -> Explanation | None:
    """Return the mistake without which `credentials` signed the policy of a form; None if none is known, or none was made."""
    if len(claim.policy) > POLICY_BYTES_MAX:
        return None
    given = encode(claim.signature)
    if hmac.compare_digest(encode(sign_policy(claim.policy, credentials, claim.scope)), given):
        return None
    for cause, facts, made in _guesses(claim, credentials):
        if hmac.compare_digest(encode(made), given):
            return found(cause, facts)
    return None


def _guesses(claim: FormClaim, credentials: Credentials) -> Iterator[_Guess]:
    """Yield causes with the signature that each would have made."""
    scope, secret = claim.scope, credentials.access_key_secret
    for cause, text in _policies(claim.policy):
        if text != claim.policy:
            yield cause, {}, sign_policy(text, credentials, scope)
    for ending, shown in SECRET_ENDINGS:
        other = replace(credentials, access_key_secret=secret + ending)
        yield "secret-ending", {"sent": shown}, sign_policy(claim.policy, other, scope)
    made = sign_policy(claim.policy, credentials, scope)
    if scope is None:
        yield "signature-plus", {}, made.replace("+", " ")
        yield "hash-of-other-version", {"sent": "1", "signed": "2"}, signature_v2(secret, claim.policy)
        return
    yield "signature-case", {}, made.upper()
    yield "key-not-derived", {}, hmac.digest(encode(secret), encode(claim.policy), "sha256").hex()
    signed = scope.region.removeprefix("oss-") if scope.region.startswith("oss-") else f"oss-{scope.region}"
    facts = {"sent": scope.region, "signed": signed}
    yield "region-prefix", facts, sign_policy(claim.policy, credentials, replace(scope, region=signed))


def _policies(sent: str) -> Iterator[tuple[str, str]]:
    """Yield the texts that may have been signed for a policy."""
    yield "policy-changed", sent.replace(" ", "+")
    yield "policy-changed", "".join(sent.split())
    yield "policy-changed", sent + "\n"
    yield "policy-changed", sent.rstrip("=")
    try:
        document = base64.b64decode(sent)
    except binascii.Error:
        return
    yield "policy-not-encoded", decode(document)
    yield "policy-changed", base64.encodebytes(document).decode("ascii")
    yield "policy-changed", base64.urlsafe_b64encode(document).decode("ascii")
    try:
        read = json.loads(document)
    except ValueError:
        return
    for separators in ((",", ":"), (", ", ": ")):
        text = json.dumps(read, separators=separators, ensure_ascii=False)
        yield "policy-changed", base64.b64encode(encode(text)).decode("ascii")
        yield "policy-not-encoded", text
