"""A HAR file, as browsers save it from their network panel, and the one request of it that is to be explained.

Source: http://www.softwareishard.com/blog/har-12-spec/
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from ossicle.cli.explaining.sent import Sent
from ossicle.cli.explaining.unreadable import Unreadable
from ossicle.wire.http import Query
from ossicle.wire.signing import is_url_signed
from ossicle.wire.text import encode

_CODE: Final = re.compile(r"<Code>([A-Za-z]{1,80})</Code>")
_OK_MAX: Final = 399


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A request, and how it ended; a status of 0 is an answer that the browser did not show to the page."""

    sent: Sent
    status: int
    code: str | None

    @property
    def has_failed(self) -> bool:
        return self.status == 0 or self.status > _OK_MAX

    @property
    def is_signed(self) -> bool:
        query = Query(encode(self.sent.url.partition("?")[2].partition("#")[0]))
        schemes = [value.partition(" ")[0] for name, value in self.sent.headers if name.lower() == "authorization"]
        return is_url_signed(query) or any(scheme.startswith("OSS") for scheme in schemes)


def parse_har(raw: bytes) -> Sent:
    """Return the first signed request that failed; if none did, the first signed one, else the first one.

    Raises:
        Unreadable: it is no HAR file, or has no request.
    """
    entries = list(_entries(raw))
    # A preflight is never signed, and is refused because of CORS.
    ranked = sorted(entries, key=lambda each: (each.sent.method == "OPTIONS", not each.is_signed, not each.has_failed))
    if not ranked:
        raise Unreadable("the HAR file has no request")
    chosen = ranked[0]
    answered = f"{chosen.status} {chosen.code or ''}".strip() if chosen.status else "nothing that the page could see"
    place = entries.index(chosen) + 1
    remarks = (f"request {place} of {len(entries)} in the file; it was answered with {answered}",)
    return Sent(
        url=chosen.sent.url,
        method=chosen.sent.method,
        headers=chosen.sent.headers,
        sent_at=chosen.sent.sent_at,
        remarks=remarks,
    )


def _entries(raw: bytes) -> Iterator[_Entry]:
    try:
        document = json.loads(raw)
        entries = document["log"]["entries"]
        for entry in entries:
            yield _entry(entry)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable("the file is not a HAR file, which is JSON with log.entries") from error


def _entry(entry: dict[str, Any]) -> _Entry:
    request, response = entry["request"], entry.get("response") or {}
    found = _CODE.search((response.get("content") or {}).get("text") or "")
    return _Entry(
        sent=Sent(
            url=str(request["url"]),
            method=str(request["method"]),
            headers=tuple(_headers(request)),
            sent_at=_moment(entry.get("startedDateTime")),
        ),
        status=int(response.get("status") or 0),
        code=found[1] if found else None,
    )


def _headers(request: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Give the headers; HTTP/2 has no Host, but the same in the URL, and fields of its own."""
    for header in request.get("headers") or ():
        name, value = str(header["name"]), str(header["value"])
        if not name.startswith(":"):
            yield name, value


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
