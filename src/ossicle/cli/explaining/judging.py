"""Whether a server would let a request in, judged with the owner's keys in the order in which a server judges.

Unlike a server, this may say what only the owner may know: that the key is another one, that the secret is, that a token is missing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from ossicle.cli.explaining.causes import (
    CUT_BY_A_SHELL,
    UNKNOWN_CAUSE,
    UNSIGNED,
    Cause,
    causes_of,
    found_causes,
)
from ossicle.cli.explaining.keys import Key, Keys
from ossicle.cli.explaining.place import Place
from ossicle.cli.explaining.sent import Sent
from ossicle.cli.explaining.validity import Validity, validity_of
from ossicle.edge.authentication import PRODUCTS
from ossicle.wire.credentials import Credentials
from ossicle.wire.errors import AccessDenied, InvalidArgument, OssError, SignatureDoesNotMatch
from ossicle.wire.explain import Refused, explain
from ossicle.wire.http import Request, Resource
from ossicle.wire.signing import (
    AnyClaim,
    Claim,
    DatedClaim,
    Scope,
    additional_names,
    judge_place,
    judge_scope,
    parse_claim,
    verify_signature,
)
from ossicle.wire.signing.canonical import is_signed_by_default
from ossicle.wire.signing.v2 import listed_names
from ossicle.wire.text import decode, legible


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What was found. `fits` is None where there is no secret to judge with; `causes` are why a server refuses, the first first.

    Where nobody said which method is sent (`is_method_known`), that of the request is the one that fits, or the likeliest.
    """

    request: Request
    resource: Resource
    claim: AnyClaim | None = None
    key: Key | None = None
    fits: bool | None = None
    validity: Validity | None = None
    at: datetime
    causes: tuple[Cause, ...] = ()
    remarks: tuple[str, ...] = ()
    is_method_known: bool = True

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
    resources = place.readings(requests[0]) or [Resource()]
    found = Judgement(
        request=requests[0], resource=resources[0], at=at, remarks=sent.remarks, is_method_known=sent.method is not None
    )
    if sent.is_cut:
        return replace(found, causes=(CUT_BY_A_SHELL,))
    region = place.region_of(requests[0]) or ""
    try:
        claim = parse_claim(requests[0])
    except OssError as refusal:
        return replace(
            found, causes=causes_of(Refused(error=refusal, request=requests[0], claim=None, region=region, now=at))
        )
    if claim is None:
        unsigned = Refused(error=AccessDenied(), request=requests[0], claim=None, region=region, now=at)
        return replace(found, causes=causes_of(unsigned, UNSIGNED))
    key = keys.find(claim.access_key_id)
    causes = [] if key else [_other_key(claim, keys)]
    causes += _of_scope(found, claim, region)
    found = replace(found, claim=claim, key=key, validity=validity_of(claim))
    if key is None:
        return replace(found, causes=tuple(causes))
    causes += _of_token(claim, key.credentials)
    fitting = _fitting(requests, resources, claim, key.credentials)
    if fitting is not None:
        return replace(found, request=fitting[0], resource=fitting[1], fits=True, causes=tuple(causes))
    request, reasons = _of_signature(requests, resources[0], claim, keys, key)
    return replace(found, request=request, fits=False, causes=(*causes, *reasons))


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
        text = f"It is signed with the access key {theirs}, and you have given no keys to judge with."
    else:
        text = f"It is signed with the access key {theirs}; yours is {given.credentials.access_key_id}, from {given.source}."
    return Cause(
        name="other-key",
        text=text,
        fix="Give that key and its secret (OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET, or a profile), or sign with yours.",
    )


def _of_scope(found: Judgement, claim: AnyClaim, region: str) -> Iterator[Cause]:
    """Give what is wrong with region or product, and with the time."""
    # V1 and V2 name no region and no product.
    here = claim.scope if isinstance(claim, Claim) else Scope(date="", region=region)
    judgements: tuple[Callable[[], None], ...] = (
        lambda: judge_place(here, region=region or here.region, products=PRODUCTS),
        lambda: judge_scope(claim, region=here.region, products=frozenset({here.product}), now=found.at),
    )
    for judged in judgements:
        try:
            judged()
        except OssError as refusal:
            yield from causes_of(
                Refused(error=refusal, request=found.request, claim=claim, region=region, now=found.at)
            )


def _of_token(claim: AnyClaim, credentials: Credentials) -> Iterator[Cause]:
    theirs, own = claim.security_token, credentials.security_token
    if theirs and own and theirs != own:
        yield Cause(
            name="other-token",
            text="The security token in it is another one than yours: of another session, or changed on the way.",
            fix="Take key, secret and token from the same answer of AssumeRole, and encode the token for the URL.",
        )
    elif not theirs and (own or claim.access_key_id.startswith("STS.")):
        yield Cause(
            name="token-missing",
            text="The access key is a temporary one, and the security token that belongs to it is not in the request.",
            fix="Give the token to what signs; in a URL it is the parameter x-oss-security-token (V1: security-token).",
        )


def _of_signature(
    requests: list[Request], resource: Resource, claim: AnyClaim, keys: Keys, key: Key
) -> tuple[Request, tuple[Cause, ...]]:
    """Return the request as it was most likely meant, and why the signature is not of it."""
    for text, credentials in _mistaken_secrets(keys, key):
        fitting = _fitting(requests, [resource], claim, credentials)
        if fitting is not None:
            fix = "Sign with the secret of that key, as it was given out."
            return fitting[0], (Cause(name="other-secret", text=f"It is signed with {text}.", fix=fix),)
    for request in requests:
        explanation = explain(request, resource, claim, key.credentials)
        # Where nobody said which method is sent, another one is no mistake.
        if explanation is not None and (len(requests) == 1 or "method" not in explanation.id):
            return request, found_causes(explanation)
    return requests[0], (replace(UNKNOWN_CAUSE, text=UNKNOWN_CAUSE.text.format(source=key.source)),)


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
