"""What the signatures V1 and V2 have in common: the date is a line of what is signed, and the secret itself is the key.

Neither names a region, and neither bounds the life of a URL.

Source: https://help.aliyun.com/zh/oss/developer-reference/include-signatures-in-the-authorization-header and
https://help.aliyun.com/zh/oss/developer-reference/add-signatures-to-urls
"""

import re
from collections.abc import Collection
from dataclasses import field
from datetime import datetime
from typing import Final

from ossicle.wire.errors import AccessDenied, InvalidArgument, InvalidRequest
from ossicle.wire.http import Headers, Query
from ossicle.wire.records import record
from ossicle.wire.signing.version import Version
from ossicle.wire.text import decode, parse_http_date

# More digits than any moment has; nobody has a longer text made a number.
_SECONDS: Final = re.compile(r"[0-9]{1,18}")
_DATE_HEADERS: Final = (b"x-oss-date", b"date")


@record
class DatedClaim:
    """A V1 or V2 signature and what it says of itself.

    Of a header `signed_at` is the moment and `expires_at` None; of a URL it is the other way round, and `expires_at` is in Unix
    seconds. `date_lines` are the texts that may stand for it in what was signed. `additional_headers` is always empty in V1.
    """

    version: Version
    access_key_id: str
    signed_at: datetime | None
    expires_at: int | None
    date_lines: tuple[str, ...]
    additional_headers: tuple[str, ...] = ()
    signature: str = field(repr=False)
    security_token: str | None = field(repr=False)


@record
class UrlParameters:
    """The query parameters that sign a URL, and the ECs of their absence: by name, when absent and when empty."""

    access_key_id: str
    expires: str
    signature: str
    tokens: tuple[str, ...]
    refusals: dict[str, tuple[str | None, str | None]]

    def read(self, query: Query) -> tuple[str, str, str]:
        """Return key id, expiry and signature as they were sent.

        Raises:
            AccessDenied: one is missing or empty.
            InvalidArgument: one stands there twice, so that readers may disagree on which of them counts.
        """
        names = (self.access_key_id, self.expires, self.signature)
        for name in names:
            if query.is_repeated(name):
                raise InvalidArgument(f"The query parameter {name} stands there more than once.")
        first, second, third = (query.get(name) or self._refuse(query, name) for name in names)
        return first, second, third

    def token(self, query: Query, headers: Headers) -> str | None:
        """Return the security token.

        Raises:
            InvalidRequest: it came as a header, which a URL does not sign.
        """
        found = next((value for name in self.tokens if (value := query.get(name))), None)
        if found is None and header_token(headers) is not None:
            raise InvalidRequest("Security-token must be provided by query string parameter.")
        return found

    def _refuse(self, query: Query, name: str) -> str:
        ec_absent, ec_empty = self.refusals.get(name, (None, None))
        raise AccessDenied(
            f"Query-string authentication requires the {self.signature}, {self.expires} and {self.access_key_id} parameters",
            ec=ec_empty if name in query else ec_absent,
        )


def parse_expires(text: str) -> int:
    """Return the Unix seconds at which a URL ends.

    Raises:
        AccessDenied: they are no number.
    """
    if _SECONDS.fullmatch(text) is None:
        raise AccessDenied("Invalid date (should be seconds since epoch).", ec="0002-00000070")
    return int(text)


def header_date(headers: Headers) -> tuple[datetime, tuple[str, ...]]:
    """Return when a header was signed, and the texts that may stand for it in what was signed, the likeliest first.

    Raises:
        AccessDenied: neither `x-oss-date` nor `Date` is there, or the one that counts is no date.
    """
    found = [value for name in _DATE_HEADERS if (value := headers.get(name))]
    moment = parse_http_date(found[0]) if found else None
    if moment is None:
        raise AccessDenied("OSS authentication requires a valid Date.")
    # OSS: x-oss-date counts where there are both (unverified that Date does as well). It is signed in either case, as one of the
    # x-oss-* headers, so the moment that is judged is one that the signer wrote.
    return moment, tuple(dict.fromkeys(map(decode, found)))


def header_token(headers: Headers) -> str | None:
    """Return the security token of a header, however it is named."""
    # OSS: the official Python SDK V2 sends `security-token`, which its V1 does not sign. Whose token it is gets judged all the same.
    return headers.text(b"x-oss-security-token") or headers.text(b"security-token") or None


def leading_lines(method: str, headers: Headers, date_line: str, additional: Collection[bytes] = ()) -> str:
    """Return what both versions sign before the resource: method, digest, type, date and the headers, each with its LF."""
    md5, kind = headers.text(b"content-md5") or "", headers.text(b"content-type") or ""
    signed = [(name, value) for name, value in headers.items() if name.startswith(b"x-oss-") or name in additional]
    lines = decode(b"".join([b"%b:%b\n" % field for field in sorted(signed)]))
    return f"{method.upper()}\n{md5}\n{kind}\n{date_line}\n{lines}"
