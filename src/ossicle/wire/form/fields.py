"""The fields of a form, and the names of those that mean something to OSS."""

from collections.abc import Iterable, Mapping
from typing import Final

from ossicle.wire.http import Headers
from ossicle.wire.text import decode, encode

KEY: Final = "key"
_FILENAME: Final = "${filename}"
POLICY: Final = "policy"
CONTENT_TYPE: Final = "content-type"
OSS_CONTENT_TYPE: Final = "x-oss-content-type"
CALLBACK: Final = "callback"
_VARIABLE: Final = "x:"


class Fields:
    """The fields before the file, by name in lower case. Of two with one name the first counts."""

    __slots__ = ("_values",)

    def __init__(self, fields: Iterable[tuple[str, bytes]]) -> None:
        self._values: dict[str, bytes] = {}
        for name, value in fields:
            # OSS: which of two counts is unverified; the policy judges the one that is used.
            self._values.setdefault(name, value)

    def get(self, name: str) -> str | None:
        """Return the value of a lower-case name as text, see `wire.text.decode`."""
        value = self._values.get(name)
        return None if value is None else decode(value)

    def key_of(self, filename: str | None) -> str | None:
        """Return the name of the object that a file of this name becomes; nothing, if the form names none."""
        key = self.get(KEY)
        return None if key is None else key.replace(_FILENAME, filename or "")

    def as_headers(self) -> Headers:
        """Return the fields as header fields, values as they are: what PutObject has in headers, a form has in fields."""
        return Headers.received([(encode(name), value) for name, value in self._values.items()])

    def variables(self) -> dict[str, str]:
        """Return the fields that a callback may name: those that begin with `x:`."""
        return {name: decode(value) for name, value in self._values.items() if name.startswith(_VARIABLE)}

    @classmethod
    def of(cls, values: Mapping[str, str]) -> "Fields":
        """Return the fields of texts."""
        return cls((name.lower(), encode(value)) for name, value in values.items())

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def __repr__(self) -> str:
        return f"Fields({list(self._values)})"
