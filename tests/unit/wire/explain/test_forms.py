"""The signature of a form's policy: what people sign in its place."""

import base64
import hmac
import json
from dataclasses import replace

import pytest

from ossicle.wire.explain import explain_form_signature
from ossicle.wire.explain.forms import POLICY_BYTES_MAX
from ossicle.wire.form import FormClaim, sign_policy
from ossicle.wire.signing import Scope, signature_v1, signature_v2
from ossicle.wire.text import encode
from tests.support.mistakes import KEY, REGION

SCOPE = Scope(date="20260102", region=REGION)
DOCUMENT = json.dumps(
    {"expiration": "2026-01-03T00:00:00.000Z", "conditions": [["eq", "$key", "subjects/ü?>"]]}, ensure_ascii=False
)
POLICY = base64.b64encode(DOCUMENT.encode()).decode()
every_version = pytest.mark.parametrize("scope", [SCOPE, None], ids=["v4", "v1"])


def claim(scope: Scope | None, signature: str, policy: str = POLICY) -> FormClaim:
    return FormClaim(
        access_key_id=KEY.access_key_id, policy=policy, scope=scope, signature=signature, security_token=None
    )


def cause(made: FormClaim) -> str:
    explanation = explain_form_signature(made, KEY)
    return "" if explanation is None else explanation.id


@every_version
@pytest.mark.parametrize(
    ("signed", "sent", "expected"),
    [
        (DOCUMENT, POLICY, "policy-not-encoded"),
        (json.dumps(json.loads(DOCUMENT), separators=(",", ":"), ensure_ascii=False), POLICY, "policy-not-encoded"),
        (POLICY + "\n", POLICY, "policy-changed"),
        (base64.encodebytes(DOCUMENT.encode()).decode(), POLICY, "policy-changed"),
        (POLICY, POLICY.replace("+", " "), "policy-changed"),
        (POLICY, f"{POLICY[:60]}\r\n{POLICY[60:]}", "policy-changed"),
        (POLICY.replace("+", "-").replace("/", "_"), POLICY, "policy-changed"),
    ],
)
def test_another_text_was_signed(scope: Scope | None, signed: str, sent: str, expected: str) -> None:
    assert cause(claim(scope, sign_policy(signed, KEY, scope), sent)) == (expected if signed != sent else "")


@every_version
def test_another_key_signed(scope: Scope | None) -> None:
    signer = replace(KEY, access_key_secret=KEY.access_key_secret + "\n")
    assert cause(claim(scope, sign_policy(POLICY, signer, scope))) == "secret-ending"
    signer = replace(KEY, access_key_secret="another")
    assert cause(claim(scope, sign_policy(POLICY, signer, scope))) == ""


def test_the_signature_s_text() -> None:
    assert cause(claim(SCOPE, sign_policy(POLICY, KEY, SCOPE).upper())) == "signature-case"
    policies = (base64.b64encode(f'{{"a":{number}}}'.encode()).decode() for number in range(999))
    policy, made = next(
        (policy, made) for policy in policies if "+" in (made := signature_v1(KEY.access_key_secret, policy))
    )
    assert cause(claim(None, made.replace("+", " "), policy)) == "signature-plus"


def test_hash_and_derivation() -> None:
    assert cause(claim(None, signature_v2(KEY.access_key_secret, POLICY))) == "hash-of-other-version"
    other = Scope(date="20260102", region=f"oss-{REGION}")
    assert cause(claim(SCOPE, sign_policy(POLICY, KEY, other))) == "region-prefix"
    made = hmac.digest(encode(KEY.access_key_secret), encode(POLICY), "sha256").hex()
    assert cause(claim(SCOPE, made)) == "key-not-derived"


@every_version
def test_nothing_is_tried_for_what_is_right_or_too_long(scope: Scope | None) -> None:
    assert cause(claim(scope, sign_policy(POLICY, KEY, scope))) == ""
    long = "A" * (POLICY_BYTES_MAX + 4)
    assert cause(claim(scope, sign_policy(long + "\n", KEY, scope), long)) == ""
