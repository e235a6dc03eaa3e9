"""A request as it may have been signed, and whether it was."""

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from typing import Final

from ossicle.wire.credentials import Credentials
from ossicle.wire.explain.assembly import Assembly, Lines
from ossicle.wire.http import Headers, Query, Request, Resource
from ossicle.wire.records import record
from ossicle.wire.signing import (
    AnyClaim,
    Claim,
    DatedClaim,
    Version,
    additional_names,
    canonical_headers,
    canonical_query,
    canonical_uri,
    is_signed,
    signature,
    signature_v1,
    signature_v2,
    v1,
    v2,
)
from ossicle.wire.signing.canonical import payload_hash
from ossicle.wire.text import decode, encode, percent_encode

Facts = Mapping[str, str]
_NO_FACTS: Final[Facts] = {}


@record
class Attempt:
    """What may have been signed: a request with its resource and claim, one of them changed.

    `path_text` and `query_text` stand in the canonical request as they are, for what signers sign that no request has: a path that was
    not encoded, say. `assembly` is how a V4 signer went about it otherwise, `text_of` what one of V1 or V2 made of the text. `secret` signed in place
    of the secret, and `secret_ending` follows it. `has_usual_hash` is False where a request of V1 or V2 was signed with the other's hash.
    """

    request: Request
    resource: Resource
    claim: AnyClaim
    path_text: str | None = None
    query_text: str | None = None
    secret: str | None = field(default=None, repr=False)
    secret_ending: str = field(default="", repr=False)
    has_usual_hash: bool = True
    assembly: Assembly | None = None
    text_of: Callable[[str], str] | None = None

    @property
    def is_v4(self) -> bool:
        """Whether the claim is one of V4."""
        return isinstance(self.claim, Claim)

    @property
    def is_url_signed(self) -> bool:
        """Whether the URL is signed, not a header."""
        claim = self.claim
        return claim.expires_at is not None if isinstance(claim, DatedClaim) else claim.expires_seconds is not None

    def with_method(self, method: str) -> "Attempt":
        """Return it with another method."""
        return replace(self, request=replace(self.request, method=method))

    def with_headers(self, changed: Mapping[bytes, bytes | None]) -> "Attempt":
        """Return it with headers of lower-case names changed; None takes one away."""
        kept = [(name, value) for name, value in self.request.headers.items() if name not in changed]
        new = [(name, value) for name, value in changed.items() if value is not None]
        return replace(self, request=replace(self.request, headers=Headers([*kept, *new])))

    def with_pairs(self, pairs: Iterable[tuple[str, str]]) -> "Attempt":
        """Return it with other parameters, given decoded."""
        raw = "&".join(f"{percent_encode(encode(name))}={percent_encode(encode(value))}" for name, value in pairs)
        return replace(self, request=replace(self.request, query=Query(raw.encode("ascii"))))

    def with_key(self, key: bytes) -> "Attempt":
        """Return it for another key of the bucket; an empty one is the bucket itself."""
        return replace(self, resource=replace(self.resource, key=key or None))

    def fits(self, credentials: Credentials) -> bool:
        """Whether this is what `credentials` signed."""
        secret = (self.secret or credentials.access_key_secret) + self.secret_ending
        if self._is_usual:
            is_other = secret != credentials.access_key_secret
            signer = replace(credentials, access_key_secret=secret) if is_other else credentials
            return is_signed(self.request, self.resource, self.claim, signer)
        claim = self.claim
        made = self._made(claim, secret) if isinstance(claim, Claim) else self._made_dated(claim, secret)
        return hmac.compare_digest(encode(made), encode(claim.signature))

    @property
    def _is_usual(self) -> bool:
        is_sent = self.path_text is None and self.query_text is None
        return is_sent and self.has_usual_hash and self.assembly is None and self.text_of is None

    def _made(self, claim: Claim, secret: str) -> str:
        request, additional = self.request, additional_names(claim.additional_headers)
        assembly = self.assembly or Assembly()
        lines = Lines(
            method=request.method.upper(),
            uri=canonical_uri(self.resource) if self.path_text is None else self.path_text,
            query=canonical_query(request.query.pairs) if self.query_text is None else self.query_text,
            headers=canonical_headers(request.headers, additional),
            additional=decode(b";".join(additional)),
            payload=payload_hash(request.headers),
        )
        return signature(assembly.key(claim, secret), assembly.text(claim, assembly.canonical(lines)))

    def _made_dated(self, claim: DatedClaim, secret: str) -> str:
        request, date_line, is_v1 = self.request, claim.date_lines[0], claim.version is Version.V1
        version = v1 if is_v1 else v2
        resource = version.canonical_resource(self.resource, request.query.pairs)
        if self.path_text is not None:
            # The parameters are what follows the path of the service.
            nothing = version.canonical_resource(Resource(), ())
            query = version.canonical_resource(Resource(), request.query.pairs).removeprefix(nothing)
            resource = self.path_text + query
        if is_v1:
            text = v1.string_to_sign(request.method, request.headers, date_line, resource)
        else:
            listed = v2.listed_names(claim.additional_headers)
            text = v2.string_to_sign(request.method, request.headers, date_line, resource, listed)
        if self.text_of is not None:
            text = self.text_of(text)
        sign = signature_v1 if is_v1 is self.has_usual_hash else signature_v2
        return sign(secret, text)


@record
class Suspicion:
    """A mistake that may have been made: its cause's id, what there is to tell of it, and what was signed if it was made."""

    cause: str
    attempt: Attempt
    facts: Facts = field(default_factory=lambda: _NO_FACTS)
