"""The V4 signature of OSS: made by clients, checked by servers, with the same functions.

Rules of the package:

1. Nothing here knows a clock, a key store or an address style: the moment, the credentials and the resource are arguments.
2. What is signed is bytes as they travel. Nothing is normalised, neither a path nor a media type; only the ends of a header's value
   are trimmed.
3. A signer signs the text that is about to be sent. A verifier builds the text that all signers agree on first, then the few that
   released SDKs differ in; it accepts no third.
4. Order of judgement: `parse_claim`, `judge_scope`, the look-up of the key and its token, `verify_signature`.
5. A refusal names the parameter and what was expected, and never repeats a signature that would be right, nor a secret.
"""

from ossicle.wire.signing.canonical import (
    UNSIGNED_PAYLOAD,
    canonical_headers,
    canonical_query,
    canonical_query_as_received,
    canonical_request,
    canonical_uri,
    signature,
    string_to_sign,
)
from ossicle.wire.signing.claim import Claim, parse_claim, split_credential
from ossicle.wire.signing.scope import ALGORITHM, Scope, signing_key
from ossicle.wire.signing.sign import SET_BY_PRESIGN, SignedQuery, presign, sign_headers
from ossicle.wire.signing.verify import judge_place, judge_scope, verify_signature

__all__ = [
    "ALGORITHM",
    "SET_BY_PRESIGN",
    "UNSIGNED_PAYLOAD",
    "Claim",
    "Scope",
    "SignedQuery",
    "canonical_headers",
    "canonical_query",
    "canonical_query_as_received",
    "canonical_request",
    "canonical_uri",
    "judge_place",
    "judge_scope",
    "parse_claim",
    "presign",
    "sign_headers",
    "signature",
    "signing_key",
    "split_credential",
    "string_to_sign",
    "verify_signature",
]
