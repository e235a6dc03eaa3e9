"""Signing as V1 and V2 do; `sign` is the same for V4, and what an argument means stands there.

Source: https://help.aliyun.com/zh/oss/developer-reference/include-signatures-in-the-authorization-header and
https://help.aliyun.com/zh/oss/developer-reference/add-signatures-to-urls
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from ossicle.wire.credentials import Credentials
from ossicle.wire.http import Headers, Resource
from ossicle.wire.records import record
from ossicle.wire.signing import v1, v2
from ossicle.wire.signing.canonical import encode_parameters, join_parameters
from ossicle.wire.signing.sign import SignedQuery, header_fields, named_headers, present_names, unreserved
from ossicle.wire.signing.version import Version
from ossicle.wire.text import decode, encode, percent_encode, render_http_date

_PARAMETERS: Final = {Version.V1: v1.PARAMETERS, Version.V2: v2.PARAMETERS}
_VERSION_PARAMETER: Final = "x-oss-signature-version"
_SEPARATOR: Final = re.compile("[?&]")
_RESERVED: Final = {
    Version.V1: frozenset(("OSSAccessKeyId", "Expires", "Signature", "security-token", _VERSION_PARAMETER)),
    Version.V2: frozenset(
        (
            "x-oss-access-key-id",
            "x-oss-expires",
            "x-oss-signature",
            "x-oss-security-token",
            "security-token",
            v2.ADDITIONAL,
            _VERSION_PARAMETER,
        )
    ),
}
SET_BY_PRESIGN_DATED: Final = _RESERVED[Version.V1] | _RESERVED[Version.V2]
"""Names of the query parameters that make the signature of a URL."""


@record
class _Message:
    """What is about to be signed; `query` is decoded and whole."""

    version: Version
    method: str
    resource: Resource
    query: Sequence[tuple[str, str]]
    headers: Headers
    additional: tuple[bytes, ...]

    def signature(self, secret: str, date_line: str) -> str:
        if self.version is Version.V1:
            canonical = v1.canonical_resource(self.resource, self.query)
            return v1.signature(secret, v1.string_to_sign(self.method, self.headers, date_line, canonical))
        canonical = v2.canonical_resource(self.resource, self.query)
        text = v2.string_to_sign(self.method, self.headers, date_line, canonical, self.additional)
        return v2.signature(secret, text)


def presign_dated(
    *,
    version: Version,
    method: str,
    resource: Resource,
    query: Sequence[tuple[str, str]],
    headers: Sequence[tuple[str, str]],
    credentials: Credentials,
    now: datetime,
    expires: timedelta,
    additional_headers: Iterable[str] = (),
) -> SignedQuery:
    """Sign a URL that is good for `expires` after `now`, at least a second; it is good before `now` too.

    V1 signs no `additional_headers`, and of `query` only the sub-resources: whoever has the URL may change the rest.

    Raises:
        ValueError: `expires` is out of its range, `now` is naive, a header can't be sent, `query` holds a parameter of the
            signature, or a V1 URL would be good for another resource as well.
    """
    end = _end(_whole_seconds(now), expires)
    date_line = str(int(end.timestamp()))
    fields = header_fields(headers)
    additional = _additional(version, additional_headers, fields)
    signing = _signing(version, credentials, date_line, additional)
    message = _Message(
        version=version,
        method=method,
        resource=resource,
        query=[*signing, *unreserved(query, _RESERVED[version])],
        headers=fields,
        additional=additional,
    )
    if version is Version.V1:
        _refuse_ambiguity(message)
    made = message.signature(credentials.access_key_secret, date_line)
    text = join_parameters(encode_parameters(message.query))
    return SignedQuery(
        query=f"{text}&{_PARAMETERS[version].signature}={percent_encode(encode(made))}",
        signed_headers=named_headers(headers, fields, additional),
        expiration=end if credentials.expiration is None else min(end, credentials.expiration),
    )


def sign_headers_dated(
    *,
    version: Version,
    method: str,
    resource: Resource,
    query: Sequence[tuple[str, str]],
    headers: Sequence[tuple[str, str]],
    credentials: Credentials,
    now: datetime,
    additional_headers: Iterable[str] = (),
) -> dict[str, str]:
    """Return the headers that sign a request sent at once; they replace those of the same names, in any letter case.

    An `x-oss-date` among `headers` is kept, and is then the date that counts.

    Raises:
        ValueError: `now` is naive, or a header can't be sent.
    """
    added = {"Date": render_http_date(_whole_seconds(now))}
    if credentials.security_token:
        added["x-oss-security-token"] = credentials.security_token
    replaced = {"authorization", *(name.lower() for name in added)}
    fields = header_fields(
        [*((name, value) for name, value in headers if name.lower() not in replaced), *added.items()]
    )
    additional = _additional(version, additional_headers, fields)
    message = _Message(
        version=version, method=method, resource=resource, query=query, headers=fields, additional=additional
    )
    date_line = fields.text(b"x-oss-date") or added["Date"]
    made = message.signature(credentials.access_key_secret, date_line)
    if version is Version.V1:
        added["Authorization"] = f"{v1.SCHEME} {credentials.access_key_id}:{made}"
    else:
        listed = f"AdditionalHeaders:{_listed(additional)}," if additional else ""
        added["Authorization"] = f"{v2.SCHEME} AccessKeyId:{credentials.access_key_id},{listed}Signature:{made}"
    return added


def _signing(
    version: Version, credentials: Credentials, expires: str, additional: tuple[bytes, ...]
) -> list[tuple[str, str]]:
    """Return the parameters that make a URL a signed one, but for the signature."""
    names = _PARAMETERS[version]
    parameters = [(names.access_key_id, credentials.access_key_id), (names.expires, expires)]
    if version is Version.V2:
        parameters.append((_VERSION_PARAMETER, v2.SCHEME))
        if additional:
            parameters.append((v2.ADDITIONAL, _listed(additional)))
    if credentials.security_token:
        parameters.append((names.tokens[0], credentials.security_token))
    return parameters


def _additional(version: Version, listed: Iterable[str], fields: Headers) -> tuple[bytes, ...]:
    return () if version is Version.V1 else present_names(listed, fields)


def _listed(additional: tuple[bytes, ...]) -> str:
    return decode(b";".join(additional))


def _refuse_ambiguity(message: _Message) -> None:
    """Refuse a resource whose text is that of another one: V1 encodes nothing, so a `?acl` may be the end of a key.

    Who may choose the name of an upload would otherwise choose what is done to which object, or to the bucket.
    """
    text = v1.canonical_resource(message.resource, message.query)
    read = [piece.partition("=")[0] for piece in _SEPARATOR.split(text)[1:]]
    if sum(map(v1.is_sub_resource, read)) > sum(v1.is_sub_resource(name) for name, _ in message.query):
        raise ValueError("a V1 signature of this key or query would be good for another resource too; sign it with V4")


def _whole_seconds(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise ValueError("now must be an aware datetime")
    return now.astimezone(UTC).replace(microsecond=0)


def _end(start: datetime, expires: timedelta) -> datetime:
    whole = timedelta(seconds=expires // timedelta(seconds=1))
    if not timedelta() < whole < datetime.max.replace(tzinfo=UTC) - start:
        raise ValueError(f"expires must be at least 1 second and end before the year 10000, not {expires}")
    return start + whole
