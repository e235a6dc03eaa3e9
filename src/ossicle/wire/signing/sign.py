"""Signing a request: in its URL, for somebody else to send, or in its headers.

Source: https://help.aliyun.com/zh/oss/developer-reference/add-signatures-to-urls and
https://help.aliyun.com/zh/oss/developer-reference/recommend-to-use-signature-version-4
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from ossicle.wire.credentials import Credentials
from ossicle.wire.http import Headers, Resource
from ossicle.wire.records import record
from ossicle.wire.signing.canonical import (
    SIGNATURE_PARAMETER,
    UNSIGNED_PAYLOAD,
    additional_names,
    canonical_headers,
    canonical_query,
    canonical_request,
    canonical_uri,
    encode_parameters,
    is_signed_by_default,
    join_parameters,
    payload_hash,
    signature,
    string_to_sign,
)
from ossicle.wire.signing.scope import ALGORITHM, EXPIRES_SECONDS_MAX, Scope, signing_key
from ossicle.wire.text import decode, encode, render_http_date, render_iso_basic

_EXPIRES_MIN: Final = timedelta(seconds=1)
_EXPIRES_MAX: Final = timedelta(seconds=EXPIRES_SECONDS_MAX)
SET_BY_PRESIGN: Final = frozenset(
    (
        "x-oss-signature-version",
        "x-oss-credential",
        "x-oss-date",
        "x-oss-expires",
        "x-oss-additional-headers",
        "x-oss-security-token",
        SIGNATURE_PARAMETER,
    )
)
"""Names of the query parameters that make the signature of a URL."""
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_LINE_END: Final = re.compile("[\r\n\0]")


@record
class SignedQuery:
    """A presigned URL without its address.

    `query` goes after the `?` as it is. Whoever sends the request must send every one of `signed_headers`, byte for byte in UTF-8,
    and no other `Content-Type`, `Content-MD5` or `x-oss-*` header. `expiration` is when it ends, the token's end included.
    """

    query: str = field(repr=False)
    signed_headers: Mapping[str, str]
    expiration: datetime


@record
class _Signer:
    """One signature about to be made: everything but the request."""

    signed_at: datetime
    datetime_text: str
    scope: Scope
    credential: str
    key: bytes = field(repr=False)
    parameters: tuple[tuple[str, str], ...] = field(repr=False)
    """The parameters of every URL that it signs, encoded."""

    def sign(
        self, *, method: str, resource: Resource, query: str, headers: Headers, additional: Collection[bytes]
    ) -> str:
        form = canonical_request(
            method=method,
            uri=canonical_uri(resource),
            query=query,
            headers=canonical_headers(headers, additional),
            additional=additional,
            payload=payload_hash(headers),
        )
        return signature(self.key, string_to_sign(datetime_text=self.datetime_text, scope=self.scope, canonical=form))


def presign(
    *,
    method: str,
    resource: Resource,
    query: Sequence[tuple[str, str]],
    headers: Sequence[tuple[str, str]],
    credentials: Credentials,
    region: str,
    product: str = "oss",
    now: datetime,
    expires: timedelta,
    additional_headers: Iterable[str] = (),
) -> SignedQuery:
    """Sign a URL that is good from `now` on for `expires`, cut to whole seconds.

    Args:
        method: the method that the URL is for; no other works.
        resource: what it addresses.
        query: decoded parameters of the request; those of the signature are added.
        headers: what the sender will send. `Content-Type`, `Content-MD5` and `x-oss-*` are signed, others only when listed.
        credentials: a security token becomes part of the query.
        region: without `oss-` in front.
        product: `oss`, but for cloud boxes and the like.
        now: start of the lifetime, aware.
        expires: from one second to seven days.
        additional_headers: names of `headers` to sign besides; one that is not there, or is signed anyway, has no effect.

    Raises:
        ValueError: `expires` is out of its range, `now` is naive, a header can't be sent, or `query` holds a parameter of the signature.
    """
    seconds = _lifetime_seconds(expires)
    signer = _signer(credentials, region=region, product=product, now=now)
    fields = header_fields(headers)
    additional = present_names(additional_headers, fields)
    # What is signed is what is sent: no server has to guess how marks were encoded.
    parameters = [*signer.parameters, ("x-oss-expires", str(seconds)), *encode_parameters(unreserved(query))]
    if additional:
        parameters += encode_parameters([("x-oss-additional-headers", decode(b";".join(additional)))])
    text = join_parameters(parameters)
    made = signer.sign(method=method, resource=resource, query=text, headers=fields, additional=additional)
    end = signer.signed_at + timedelta(seconds=seconds)
    return SignedQuery(
        query=f"{text}&{SIGNATURE_PARAMETER}={made}",
        signed_headers=named_headers(headers, fields, additional),
        expiration=end if credentials.expiration is None else min(end, credentials.expiration),
    )


def _lifetime_seconds(expires: timedelta) -> int:
    if not _EXPIRES_MIN <= expires <= _EXPIRES_MAX:
        raise ValueError(f"expires must be at least 1 second and at most 7 days, not {expires}")
    return expires // _EXPIRES_MIN


def unreserved(
    query: Sequence[tuple[str, str]], reserved: frozenset[str] = SET_BY_PRESIGN
) -> Sequence[tuple[str, str]]:
    """Return `query`.

    Raises:
        ValueError: it holds a parameter of the signature.
    """
    if not query:
        return query
    taken = sorted({name for name, _ in query} & reserved)
    if taken:
        raise ValueError(f"the query holds parameters that only the signature may set: {', '.join(taken)}")
    return query


def sign_headers(
    *,
    method: str,
    resource: Resource,
    query: Sequence[tuple[str, str]],
    headers: Sequence[tuple[str, str]],
    credentials: Credentials,
    region: str,
    product: str = "oss",
    now: datetime,
    additional_headers: Iterable[str] = (),
) -> dict[str, str]:
    """Return the headers that sign a request sent at once; they replace those of the same names, in any letter case.

    The arguments are those of `presign`. A payload hash among `headers` is kept and signed, else `UNSIGNED-PAYLOAD` is added.

    Raises:
        ValueError: `now` is naive, or a header can't be sent.
    """
    signer = _signer(credentials, region=region, product=product, now=now)
    added = {"x-oss-date": signer.datetime_text, "Date": render_http_date(signer.signed_at)}
    if credentials.security_token:
        added["x-oss-security-token"] = credentials.security_token
    if not any(name.lower() == "x-oss-content-sha256" for name, _ in headers):
        added["x-oss-content-sha256"] = UNSIGNED_PAYLOAD
    replaced = {"authorization", *(name.lower() for name in added)}
    fields = header_fields(
        [*((name, value) for name, value in headers if name.lower() not in replaced), *added.items()]
    )
    additional = present_names(additional_headers, fields)
    made = signer.sign(
        method=method, resource=resource, query=canonical_query(query), headers=fields, additional=additional
    )
    listed = f",AdditionalHeaders={decode(b';'.join(additional))}" if additional else ""
    added["Authorization"] = f"{ALGORITHM} Credential={signer.credential}{listed},Signature={made}"
    return added


def _signer(credentials: Credentials, *, region: str, product: str, now: datetime) -> _Signer:
    if now.tzinfo is None:
        raise ValueError("now must be an aware datetime")
    signed_at = now.astimezone(UTC).replace(microsecond=0)
    who = credentials.access_key_id, credentials.access_key_secret, credentials.security_token
    return _signer_of(who, region, product, signed_at)


# Who signs URLs signs many: those of one second have all of this in common.
@lru_cache(maxsize=8)
def _signer_of(who: tuple[str, str, str | None], region: str, product: str, signed_at: datetime) -> _Signer:
    access_key_id, secret, token = who
    datetime_text = render_iso_basic(signed_at)
    scope = Scope(date=datetime_text[:8], region=region, product=product)
    credential = f"{access_key_id}/{scope.text}"
    parameters = [
        ("x-oss-credential", credential),
        ("x-oss-date", datetime_text),
        ("x-oss-signature-version", ALGORITHM),
    ]
    if token:
        parameters.append(("x-oss-security-token", token))
    return _Signer(
        signed_at=signed_at,
        datetime_text=datetime_text,
        scope=scope,
        credential=credential,
        key=signing_key(secret, scope),
        parameters=tuple(encode_parameters(parameters)),
    )


def header_fields(headers: Sequence[tuple[str, str]]) -> Headers:
    """Refuse what could not be sent: a line end in a value would let it stand for a second signed header."""
    for name, value in headers:
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError(f"not a header name: {name!r}")
        if _LINE_END.search(value):
            raise ValueError(f"the value of the header {name} holds a line end or NUL")
    return Headers((encode(name), encode(value)) for name, value in headers)


def present_names(listed: Iterable[str], fields: Headers) -> tuple[bytes, ...]:
    """Return the additional headers of a list that are there."""
    names = tuple(listed)
    return tuple([name for name in additional_names(names) if name in fields]) if names else ()


def named_headers(headers: Iterable[tuple[str, str]], fields: Headers, additional: Collection[bytes]) -> dict[str, str]:
    """Return the signed ones among `headers`, by name as the caller spelled it."""
    signed: dict[bytes, tuple[str, str]] = {}
    for name, _ in headers:
        lower = encode(name.lower())
        if is_signed_by_default(lower) or lower in additional:
            signed.setdefault(lower, (name, fields.text(lower) or ""))
    return dict(signed.values())
