"""A request as it is on the wire, wherever it was read from."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ossicle.cli.explaining.unreadable import Unreadable
from ossicle.wire.http import Headers, Query, Request
from ossicle.wire.text import encode

_URL: Final = re.compile(
    r"(?P<scheme>https?)://(?:[^/?#@]*@)?(?P<authority>[^/?#]+)(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?",
    re.IGNORECASE | re.DOTALL,
)
GUESSED_METHODS: Final = ("GET", "PUT", "HEAD", "POST", "DELETE")
"""What a URL alone may be for, the likeliest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A request. `method` is None where nothing says which; `sent_at` is when it was sent, if that is known.

    `remarks` are what is known of how it came to be that the request itself does not show.
    """

    url: str = field(repr=False)
    method: str | None = None
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    sent_at: datetime | None = None
    remarks: tuple[str, ...] = ()
    is_cut: bool = False
    """A shell took a part of the URL for another command."""

    def requests(self) -> list[Request]:
        """Return the request; where nothing says which method, one for each that is likely.

        Raises:
            Unreadable: the URL is none.
        """
        found = _URL.fullmatch(self.url.strip())
        if found is None:
            raise Unreadable("the URL is not http://HOST/... or https://HOST/...")
        headers = Headers((encode(name), encode(value)) for name, value in self.headers)
        query, host = Query(encode(found["query"] or "")), headers.get(b"host") or encode(found["authority"])
        return [
            Request(method=method, path=encode(found["path"] or "/"), query=query, headers=headers, host=host)
            for method in (GUESSED_METHODS if self.method is None else (self.method,))
        ]

    @property
    def scheme(self) -> str:
        """Return `http` or `https`."""
        return self.url.strip().partition(":")[0].lower()
