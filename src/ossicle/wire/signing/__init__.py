"""The signatures of OSS, V1, V2 and V4: made by clients, checked by servers, with the same functions.

Rules of the package:

1. Nothing here knows a clock, a key store or an address style: the moment, the credentials and the resource are arguments.
2. What is signed is bytes as they travel. Nothing is normalised, neither a path nor a media type; only the ends of a header's value
   are trimmed.
3. A signer signs the text that is about to be sent. A verifier builds the text that all signers agree on first, then the few that
   released SDKs differ in; it accepts no others.
4. Order of judgement: `parse_claim`, `judge_scope`, the look-up of the key and its token, `verify_signature`.
5. A refusal names the parameter and what was expected, and never repeats a signature that would be right, nor a secret.
"""

from ossicle.wire.signing.canonical import (
    UNSIGNED_PAYLOAD,
    additional_names,
    canonical_headers,
    canonical_query,
    canonical_query_as_received,
    canonical_request,
    canonical_uri,
    signature,
    string_to_sign,
)
from ossicle.wire.signing.claim import AnyClaim, Claim, is_url_signed, parse_claim, split_credential
from ossicle.wire.signing.dated import DatedClaim
from ossicle.wire.signing.scope import ALGORITHM, Scope, signing_key
from ossicle.wire.signing.sign import SET_BY_PRESIGN, SignedQuery, presign, sign_headers
from ossicle.wire.signing.sign_dated import SET_BY_PRESIGN_DATED, presign_dated, sign_headers_dated
from ossicle.wire.signing.v1 import signature as signature_v1
from ossicle.wire.signing.v2 import signature as signature_v2
from ossicle.wire.signing.verify import CLOCK_SKEW, is_signed, judge_place, judge_scope, verify_signature
from ossicle.wire.signing.version import Version

__all__ = [
    "ALGORITHM",
    "CLOCK_SKEW",
    "SET_BY_PRESIGN",
    "SET_BY_PRESIGN_DATED",
    "UNSIGNED_PAYLOAD",
    "AnyClaim",
    "Claim",
    "DatedClaim",
    "Scope",
    "SignedQuery",
    "Version",
    "additional_names",
    "canonical_headers",
    "canonical_query",
    "canonical_query_as_received",
    "canonical_request",
    "canonical_uri",
    "is_signed",
    "is_url_signed",
    "judge_place",
    "judge_scope",
    "parse_claim",
    "presign",
    "presign_dated",
    "sign_headers",
    "sign_headers_dated",
    "signature",
    "signature_v1",
    "signature_v2",
    "signing_key",
    "split_credential",
    "string_to_sign",
    "verify_signature",
]
