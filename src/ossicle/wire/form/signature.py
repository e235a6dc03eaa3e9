"""The signature of a form: of the text of its policy, in V4 or in V1, made and verified.

Source: https://help.aliyun.com/zh/oss/developer-reference/postobject
"""

import base64
import hmac
from dataclasses import field
from typing import Final

from ossicle.wire.credentials import Credentials
from ossicle.wire.errors import InvalidArgument, SignatureDoesNotMatch
from ossicle.wire.form.fields import POLICY, Fields
from ossicle.wire.records import record
from ossicle.wire.signing import ALGORITHM, Scope, signing_key, split_credential
from ossicle.wire.text import encode, legible, parse_iso_basic

_VERSION: Final = "x-oss-signature-version"
_EC: Final = "0002-00000705"
_LEGIBLE_CHARACTERS_MAX: Final = 16 * 1024


@record
class FormClaim:
    """Who says to have signed a policy. `policy` is its text as it was sent, and `scope` None for V1."""

    access_key_id: str
    policy: str
    scope: Scope | None
    signature: str = field(repr=False)
    security_token: str | None = field(repr=False)


def parse_form_claim(fields: Fields) -> FormClaim | None:
    """Return what a form claims, or None for an anonymous one.

    Raises:
        InvalidArgument: only a part of what makes a signature is there, or it is malformed.
    """
    version = fields.get(_VERSION)
    if version is None:
        if not any(name in fields for name in ("ossaccesskeyid", POLICY, "signature")):
            return None
        access_key_id, scope = _required(fields, "ossaccesskeyid", "accessKeyId"), None
        signature = _required(fields, "signature", "signature")
    elif version == ALGORITHM:
        access_key_id, scope = _parse_credential(fields)
        signature = _required(fields, "x-oss-signature", "signature")
    else:
        raise InvalidArgument(f"The value of {_VERSION} must be {ALGORITHM}.", ec="0002-00000066")
    return FormClaim(
        access_key_id=access_key_id,
        policy=_required(fields, POLICY, "policy"),
        scope=scope,
        signature=signature,
        security_token=fields.get("x-oss-security-token") or None,
    )


def _required(fields: Fields, name: str, called: str) -> str:
    value = fields.get(name)
    if not value:
        raise InvalidArgument(f"Post request {called} is empty.", argument_name=name)
    return value


def _parse_credential(fields: Fields) -> tuple[str, Scope]:
    found = split_credential(_required(fields, "x-oss-credential", "accessKeyId"))
    if found is None:
        raise InvalidArgument(
            "The credential must be AccessKeyId/Date/Region/Product/aliyun_v4_request.",
            argument_name="x-oss-credential",
        )
    signed_at = fields.get("x-oss-date") or ""
    # OSS: code and status are unverified. The moment bounds nothing: that is for the policy's expiration.
    if parse_iso_basic(signed_at) is None or signed_at[:8] != found[1].date:
        message = "The value of x-oss-date must be a UTC time like 20231217T035628Z, on the day of the credential."
        raise InvalidArgument(message, ec="0002-00000709", argument_name="x-oss-date")
    return found


def sign_policy(policy: str, credentials: Credentials, scope: Scope | None) -> str:
    """Return the signature of a policy's base64 text: hexadecimal in V4, base64 without a scope, in V1."""
    secret = credentials.access_key_secret
    if scope is None:
        return base64.b64encode(hmac.digest(encode(secret), encode(policy), "sha1")).decode()
    return hmac.digest(signing_key(secret, scope), encode(policy), "sha256").hex()


def verify_policy(claim: FormClaim, credentials: Credentials) -> None:
    """Return if `credentials` signed the policy of the form.

    Raises:
        SignatureDoesNotMatch: another signature.
    """
    expected = sign_policy(claim.policy, credentials, claim.scope)
    if not hmac.compare_digest(encode(expected), encode(claim.signature)):
        raise SignatureDoesNotMatch(
            ec=_EC,
            access_key_id=legible(claim.access_key_id),
            signature_provided=legible(claim.signature[:_LEGIBLE_CHARACTERS_MAX]),
            string_to_sign=legible(claim.policy[:_LEGIBLE_CHARACTERS_MAX]),
        )
