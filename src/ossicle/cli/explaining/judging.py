"""Whether a server would let a request in, judged with the owner's keys in the order in which a server judges.

Unlike a server, this may say what only the owner may know: that the key is another one, that the secret is, that a token is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from ossicle.cli.explaining.keys import Key, Keys
from ossicle.cli.explaining.place import Place
from ossicle.cli.explaining.repair import Cause, repaired
from ossicle.cli.explaining.sent import Sent
from ossicle.cli.explaining.validity import Validity, span_text, validity_of
from ossicle.wire.credentials import Credentials
from ossicle.wire.errors import InvalidArgument, OssError, SignatureDoesNotMatch
from ossicle.wire.http import Request, Resource
from ossicle.wire.signing import AnyClaim, Claim, DatedClaim, additional_names, judge_scope, verify_signature
from ossicle.wire.signing.canonical import is_signed_by_default
from ossicle.wire.signing.v2 import listed_names
from ossicle.wire.text import decode, legible

_EARLIEST: Final = 100_000_000
"""Unix seconds of 1973: what is less was meant as a length of time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What was found. `fits` is None where there is no secret to judge with; `causes` are why a server refuses, the first first."""

    request: Request
    resource: Resource
    claim: AnyClaim | None = None
    key: Key | None = None
    fits: bool | None = None
    validity: Validity | None = None
    at: datetime
    causes: tuple[Cause, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def is_let_in(self) -> bool:
        """Whether a server that has these keys takes the request, as far as its signature goes."""
        return self.fits is True and not self.causes

    @property
    def signed_headers(self) -> list[tuple[str, str]]:
        """Return the headers that are signed and have to be sent just so."""
        claim = self.claim
        if claim is None:
            return []
        listed = (listed_names if isinstance(claim, DatedClaim) else additional_names)(claim.additional_headers)
        return [
            (decode(name), legible(decode(value)))
            for name, value in sorted(self.request.headers.items())
            if (is_signed_by_default(name) or name in listed) and name != b"x-oss-security-token"
        ]


def judge(sent: Sent, keys: Keys, place: Place, at: datetime) -> Judgement:
    """Return what a server would say of a request at a moment, and why.

    Raises:
        Unreadable: the URL is none.
    """
    requests = sent.requests()
    mended, claim, cause = repaired(sent, requests[0])
    if mended is not requests[0]:
        requests = [replace(mended, method=each.method) for each in requests]
    resources = place.readings(mended) or [Resource()]
    found = Judgement(request=requests[0], resource=resources[0], claim=claim, at=at, remarks=sent.remarks)
    causes = [] if cause is None else [cause]
    if claim is None:
        return replace(found, causes=tuple(causes))
    key = keys.find(claim.access_key_id)
    if key is None:
        causes.append(_other_key(claim, keys))
    causes += _of_scope(claim, place.region_of(mended), at)
    found = replace(found, key=key, validity=validity_of(claim))
    if key is None:
        return replace(found, causes=tuple(causes))
    causes += _of_token(claim, key.credentials)
    fitting = _fitting(requests, resources, claim, key.credentials)
    if fitting is not None:
        request, resource = fitting
        return replace(found, request=request, resource=resource, fits=cause is None, causes=tuple(causes))
    causes.append(_of_signature(found, keys, key))
    return replace(found, fits=False, causes=tuple(causes))


def _fitting(
    requests: list[Request], resources: list[Resource], claim: AnyClaim, credentials: Credentials
) -> tuple[Request, Resource] | None:
    """Return the request and its resource that the signature is of."""
    for request in requests:
        for resource in resources:
            try:
                verify_signature(request, resource, claim, credentials)
            except (SignatureDoesNotMatch, InvalidArgument):
                continue
            return request, resource
    return None


def _other_key(claim: AnyClaim, keys: Keys) -> Cause:
    theirs, given = legible(claim.access_key_id), keys.given
    if given is None:
        text = f"it is signed with the access key {theirs}, and you have given no keys to judge with"
    else:
        text = f"it is signed with the access key {theirs}; yours is {given.credentials.access_key_id}, from {given.source}"
    return Cause(
        name="other-key",
        text=text,
        fix="give that key and its secret (OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET, or a profile), or sign with yours",
    )


def _of_scope(claim: AnyClaim, region: str | None, at: datetime) -> Iterator[Cause]:
    if isinstance(claim, Claim):
        if claim.scope.product != "oss":
            yield Cause(
                name="other-product",
                text=f"it is signed for the product {claim.scope.product}",
                fix="a bucket of OSS is signed for with the product oss",
            )
        if region is not None and claim.scope.region != region:
            yield _other_region(claim.scope.region, region)
    try:
        place = claim.scope if isinstance(claim, Claim) else None
        judge_scope(
            claim,
            region=place.region if place else "",
            products=frozenset({place.product if place else ""}),
            now=at,
        )
    except OssError as refusal:
        yield _of_time(claim, at, refusal)


def _other_region(signed: str, region: str) -> Cause:
    fix = f"sign with --region {region} (OSS_REGION), or use the endpoint of {signed}"
    if signed.removeprefix("oss-") == region:
        fix = f"the region in a signature is written without oss-: {region}"
    return Cause(name="other-region", text=f"it is signed for the region {signed}; the server is in {region}", fix=fix)


def _of_time(claim: AnyClaim, at: datetime, refusal: OssError) -> Cause:
    validity = validity_of(claim)
    if isinstance(claim, DatedClaim) and claim.expires_at is not None and claim.expires_at < _EARLIEST:
        return Cause(
            name="expires-is-a-length",
            text=f"Expires is {claim.expires_at}: that is a moment in {_year(validity)}, not a length of time",
            fix="write the Unix time at which the URL ends: now plus the seconds it shall live",
        )
    if validity.end is not None and validity.is_over(at):
        return Cause(name="expired", text=f"it expired {span_text(at - validity.end)} before", fix="sign a new one")
    if validity.start is not None and validity.is_ahead(at):
        ahead = span_text((validity.signed_at or validity.start) - at)
        return Cause(
            name="not-yet",
            text=f"it was signed {ahead} ahead of this clock: it is not valid yet",
            fix="set the clock of the machine that signs (NTP), or look whether it signs local time as if it were UTC",
        )
    return Cause(name="lifetime", text=refusal.message, fix="sign it for at most 7 days")


def _year(validity: Validity) -> int:
    return validity.end.year if validity.end else 1970


def _of_token(claim: AnyClaim, credentials: Credentials) -> Iterator[Cause]:
    theirs, own = claim.security_token, credentials.security_token
    if theirs and own and theirs != own:
        yield Cause(
            name="other-token",
            text="the security token in it is another one than yours: of another session, or changed on the way",
            fix="take key, secret and token from the same answer of AssumeRole, and encode the token for the URL",
        )
    elif not theirs and (own or claim.access_key_id.startswith("STS.")):
        yield Cause(
            name="token-missing",
            text="the access key is a temporary one, and the security token that belongs to it is not in the request",
            fix="give the token to what signs; in a URL it is the parameter x-oss-security-token (V1: security-token)",
        )


def _of_signature(found: Judgement, keys: Keys, key: Key) -> Cause:
    for text, credentials in _mistaken_secrets(keys, key):
        if found.claim is not None and _fitting([found.request], [found.resource], found.claim, credentials):
            return Cause(name="other-secret", text=f"it is signed with {text}", fix="sign with the secret of that key")
    return Cause(
        name="unknown",
        text=(
            "what arrived is not what was signed, and no known mistake explains the difference; or the secret is not that of "
            f"the access key ({key.source})"
        ),
        fix="compare method, path, query and the headers below with what was signed; then the secret, character by character",
    )


def _mistaken_secrets(keys: Keys, key: Key) -> Iterator[tuple[str, Credentials]]:
    """Give what is signed with in place of the secret, and how it is called."""
    own = key.credentials
    secret = own.access_key_secret
    mistaken = {
        "a line end behind the secret": f"{secret}\n",
        "a Windows line end behind the secret": f"{secret}\r\n",
        "a space behind the secret": f"{secret} ",
        "a space before the secret": f" {secret}",
        "quotes around the secret": f'"{secret}"',
        "apostrophes around the secret": f"'{secret}'",
        "the secret without the white space or quotes around it": secret.strip(" \t\r\n\"'"),
        "the id of the access key in place of its secret": own.access_key_id,
        "an empty secret": "",
    }
    for text, other in mistaken.items():
        if other != secret:
            yield text, replace(own, access_key_secret=other)
    for other_key in keys.all():
        if other_key.credentials.access_key_secret != secret:
            yield (
                f"the secret from {other_key.source}",
                replace(own, access_key_secret=other_key.credentials.access_key_secret),
            )
