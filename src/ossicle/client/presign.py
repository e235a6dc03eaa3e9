"""Signing a URL for somebody else to use: local, without asking anybody.

Source: https://help.aliyun.com/zh/oss/developer-reference/add-signatures-to-urls
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from ossicle.client.endpoint import check_region
from ossicle.client.exchange import Draft, Exchange
from ossicle.client.failures import CredentialsError, ParameterError
from ossicle.wire.api import OPERATIONS
from ossicle.wire.binding import RequestBase
from ossicle.wire.operation import AnyOperation
from ossicle.wire.records import record
from ossicle.wire.signing import SignedQuery, Version, presign_dated
from ossicle.wire.signing import presign as sign_query

EXPIRES_DEFAULT: Final = timedelta(minutes=15)

_OPERATIONS: Final[Mapping[type, AnyOperation]] = {
    operation.request: operation
    for operation in OPERATIONS
    if operation.request is not RequestBase and not operation.is_form
}
"""What a URL can carry, by request: every operation but those that are known by name alone, and forms."""


@record
class PresignResult:
    """A signed URL and what goes with it.

    Attributes:
        method: the method that the URL is for; no other works.
        url: whoever has it may use it, as often as they like, until it expires. It stays out of `repr`.
        expiration: when that is, aware; the end of temporary credentials, if that comes sooner.
        signed_headers: headers that the sender must send exactly so. No other `Content-Type`, `Content-MD5` or `x-oss-*` may be sent.
    """

    method: str
    url: str = field(repr=False)
    expiration: datetime
    signed_headers: Mapping[str, str]


def presign(
    exchange: Exchange,
    request: RequestBase,
    *,
    expires: timedelta | None = None,
    expiration: datetime | None = None,
) -> PresignResult:
    """See `Client.presign`."""
    operation = _OPERATIONS.get(type(request))
    if operation is None:
        raise TypeError(f"a URL is signed for the request of an operation; {type(request).__name__} is none")
    credentials = exchange.credentials()
    if not credentials.access_key_id:
        raise CredentialsError("anonymous credentials can't sign a URL")
    now = exchange.clock()
    lifetime = _lifetime(expires, expiration, now)
    draft = exchange.draft(operation, request)
    sign: Callable[..., SignedQuery] = (
        partial(sign_query, region=check_region(exchange.region))
        if exchange.version is Version.V4
        else partial(presign_dated, version=exchange.version)
    )
    try:
        signed = sign(
            method=draft.method,
            resource=draft.resource,
            query=draft.query,
            headers=_headers(exchange, draft),
            credentials=credentials,
            now=now,
            expires=lifetime,
            additional_headers=exchange.additional_headers,
        )
    except ValueError as error:
        raise ParameterError(str(error)) from error
    return PresignResult(
        method=draft.method,
        url=f"{draft.address.base}?{signed.query}",
        expiration=signed.expiration,
        signed_headers=signed.signed_headers,
    )


def _headers(exchange: Exchange, draft: Draft) -> list[tuple[str, str]]:
    """Add the `Host` that the sender is going to send, where it is to be signed."""
    headers = list(draft.headers)
    signs_host = "host" in [name.lower() for name in exchange.additional_headers]
    if signs_host and "host" not in [name.lower() for name, _ in headers]:
        headers.append(("Host", draft.address.authority))
    return headers


def _lifetime(expires: timedelta | None, expiration: datetime | None, now: datetime) -> timedelta:
    if expires is not None and not isinstance(expires, timedelta):
        raise TypeError(f"expires is a datetime.timedelta, not {expires!r}")
    if expires is not None and expiration is not None:
        raise ParameterError("give expires or expiration, not both")
    if expiration is not None:
        if expiration.tzinfo is None:
            raise ParameterError("expiration needs a time zone, for example datetime.now(UTC) + timedelta(hours=1)")
        expires = expiration - now.replace(microsecond=0)
    return EXPIRES_DEFAULT if expires is None else expires
