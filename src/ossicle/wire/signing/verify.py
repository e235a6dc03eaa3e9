"""Whether a claim is in its scope and time, and whether its signature is that of the request.

Between the two judgements stands the look-up of the access key, which is not this room's business.

Source: https://help.aliyun.com/zh/oss/developer-reference/recommend-to-use-signature-version-4 and
https://help.aliyun.com/zh/oss/developer-reference/add-signatures-to-urls
"""

import hmac
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from ossicle.wire.credentials import Credentials
from ossicle.wire.errors import AccessDenied, InvalidArgument, RequestTimeTooSkewed, SignatureDoesNotMatch
from ossicle.wire.http import Headers, Request, Resource
from ossicle.wire.signing import v1, v2
from ossicle.wire.signing.canonical import (
    additional_names,
    canonical_headers,
    canonical_query,
    canonical_query_as_received,
    canonical_request,
    canonical_uri,
    payload_hash,
    signature,
    string_to_sign,
)
from ossicle.wire.signing.claim import AnyClaim, Claim, expires_out_of_range
from ossicle.wire.signing.dated import DatedClaim
from ossicle.wire.signing.scope import EXPIRES_SECONDS_MAX, Scope, signing_key
from ossicle.wire.signing.version import Version
from ossicle.wire.text import decode, encode, legible, render_iso_millis

CLOCK_SKEW: Final = timedelta(minutes=15)


def judge_scope(claim: AnyClaim, *, region: str, products: frozenset[str], now: datetime) -> None:
    """Return if the claim is for this server and in its time; every bound is inclusive. V1 and V2 name no region or product.

    Raises:
        InvalidArgument: another product or region.
        AuthorizationQueryParametersError: a lifetime outside 1 to 604,800 seconds.
        AccessDenied: a presigned URL more than 15 minutes before its start, or after its end.
        RequestTimeTooSkewed: a header more than 15 minutes off `now`.
    """
    if isinstance(claim, DatedClaim):
        _judge_date(claim, now)
        return
    judge_place(claim.scope, region=region, products=products)
    if claim.expires_seconds is None:
        _judge_skew(claim.signed_at, now)
    else:
        _judge_lifetime(claim.signed_at, claim.expires_seconds, now)


def judge_place(scope: Scope, *, region: str, products: frozenset[str]) -> None:
    """Return if the scope is one of this server, whatever the time.

    Raises:
        InvalidArgument: another product or region.
    """
    if scope.product not in products:
        raise InvalidArgument("Invalid signing product in Authorization header.", ec="0002-00000227")
    if scope.region != region:
        raise InvalidArgument("Invalid signing region in Authorization header.", ec="0002-00000226")


def _judge_date(claim: DatedClaim, now: datetime) -> None:
    if claim.signed_at is not None:
        _judge_skew(claim.signed_at, now)
    # Compared as a number: most of what can be written so is no date.
    if claim.expires_at is not None and now.timestamp() > claim.expires_at:
        raise AccessDenied(
            "Request has expired.",
            ec="0002-00000069",
            expires=render_iso_millis(datetime.fromtimestamp(claim.expires_at, UTC)),
            server_time=render_iso_millis(now),
        )


def _judge_skew(signed_at: datetime, now: datetime) -> None:
    if abs(now - signed_at) > CLOCK_SKEW:
        raise RequestTimeTooSkewed(
            max_allowed_skew_milliseconds=str(CLOCK_SKEW // timedelta(milliseconds=1)),
            request_time=render_iso_millis(signed_at),
            server_time=render_iso_millis(now),
        )


def _judge_lifetime(signed_at: datetime, expires_seconds: int, now: datetime) -> None:
    if not 1 <= expires_seconds <= EXPIRES_SECONDS_MAX:
        raise expires_out_of_range()
    # The age is compared, not the end: the end of a URL of the year 9999 is no date.
    age = now - signed_at
    if age < -CLOCK_SKEW:
        # OSS: status and message are unverified.
        raise AccessDenied("Request is not valid yet.", ec="0002-00000235", server_time=render_iso_millis(now))
    lifetime = timedelta(seconds=expires_seconds)
    if age > lifetime:
        raise AccessDenied(
            "Request has expired.",
            ec="0002-00000236",
            expires=render_iso_millis(signed_at + lifetime),
            server_time=render_iso_millis(now),
        )


def verify_signature(request: Request, resource: Resource, claim: AnyClaim, credentials: Credentials) -> None:
    """Return if `credentials` signed this very request for `resource`.

    Raises:
        InvalidArgument: a header that is listed as additional is absent.
        SignatureDoesNotMatch: another signature; the error holds the texts this server made.
    """
    if isinstance(claim, DatedClaim):
        _require(v2.listed_names(claim.additional_headers), request.headers)
        text = _unsigned_text(request, resource, claim, credentials)
        if text is not None:
            raise _mismatch_dated(claim, text)
        return
    additional = additional_names(claim.additional_headers) if claim.additional_headers else ()
    _require(additional, request.headers)
    form = _unsigned_form(request, resource, claim, credentials, additional)
    if form is not None:
        raise _mismatch(claim, form)


def is_signed(request: Request, resource: Resource, claim: AnyClaim, credentials: Credentials) -> bool:
    """Whether `credentials` signed this very request for `resource`, additional headers that are absent left aside."""
    if isinstance(claim, DatedClaim):
        return _unsigned_text(request, resource, claim, credentials) is None
    additional = additional_names(claim.additional_headers)
    return _unsigned_form(request, resource, claim, credentials, additional) is None


def _unsigned_form(
    request: Request, resource: Resource, claim: Claim, credentials: Credentials, additional: tuple[bytes, ...]
) -> str | None:
    """Return None if one of the canonical requests was signed, else the usual one."""
    key = signing_key(credentials.access_key_secret, claim.scope)
    given = encode(claim.signature)

    def is_match(form: str) -> bool:
        return hmac.compare_digest(encode(signature(key, _string_to_sign(claim, form))), given)

    headers = canonical_headers(request.headers, additional)
    # Nearly every query was sent as it was signed, and that form costs least.
    form = canonical_request(
        method=request.method,
        uri=canonical_uri(resource),
        query=canonical_query_as_received(request.query),
        headers=headers,
        additional=additional,
        payload=payload_hash(request.headers),
    )
    if is_match(form):
        return None
    # The first is told in a refusal, and is tried again only where it differs from what was.
    forms = _forms(request, resource, headers, additional)
    return None if any(is_match(other) for other in forms if other != form) else forms[0]


def _unsigned_text(request: Request, resource: Resource, claim: DatedClaim, credentials: Credentials) -> str | None:
    """Return None if one of the strings to sign was signed, else the usual one."""
    version = v1 if claim.version is Version.V1 else v2
    given, secret = encode(claim.signature), credentials.access_key_secret
    texts = version.strings_to_sign(request, resource, claim)
    is_match = any(hmac.compare_digest(encode(version.signature(secret, text)), given) for text in texts)
    return None if is_match else texts[0]


def _require(additional: tuple[bytes, ...], headers: Headers) -> None:
    for name in additional:
        if name not in headers:
            text = legible(decode(name))
            raise InvalidArgument(f"The header {text} is listed as an additional header but is not in the request.")


def _string_to_sign(claim: Claim, form: str) -> str:
    return string_to_sign(datetime_text=claim.datetime_text, scope=claim.scope, canonical=form)


def _forms(request: Request, resource: Resource, headers: str, additional: tuple[bytes, ...]) -> list[str]:
    """Return the canonical request, then the forms that only some signers build, if they differ from it."""
    # The official C++ SDK leaves headers without a value out; see canonical_query_as_received for the second query.
    queries = dict.fromkeys((canonical_query(request.query.pairs), canonical_query_as_received(request.query)))
    blocks = dict.fromkeys((headers, canonical_headers(request.headers, additional, with_empty=False)))
    form = partial(
        canonical_request,
        method=request.method,
        uri=canonical_uri(resource),
        additional=additional,
        payload=payload_hash(request.headers),
    )
    return [form(query=query, headers=block) for query in queries for block in blocks]


def _mismatch_dated(claim: DatedClaim, text: str) -> SignatureDoesNotMatch:
    return SignatureDoesNotMatch(
        ec="0002-00000040",
        access_key_id=legible(claim.access_key_id),
        signature_provided=legible(claim.signature),
        string_to_sign=legible(text),
        string_to_sign_bytes=encode(text).hex(" ").upper() + " ",
    )


def _mismatch(claim: Claim, form: str) -> SignatureDoesNotMatch:
    text = _string_to_sign(claim, form)
    return SignatureDoesNotMatch(
        access_key_id=legible(claim.access_key_id),
        signature_provided=legible(claim.signature),
        string_to_sign=legible(text),
        string_to_sign_bytes=encode(text).hex(" ").upper() + " ",
        canonical_request=legible(form),
    )
