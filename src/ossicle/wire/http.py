"""A request and a response as values, before and after any meaning is read into them."""

from collections.abc import AsyncIterable, Iterable, KeysView, Sequence
from functools import lru_cache
from typing import Final, Self

from ossicle.wire.records import record
from ossicle.wire.text import decode, encode, percent_decode_query

RawHeaders = Sequence[tuple[bytes, bytes]]
_SHORT_CHARACTERS: Final = 256


class Headers:
    """Header fields by name: names in lower case, values raw, white space trimmed at both ends.

    They are copied when made, so that nothing that arrives later (a trailer, say) can join them.
    """

    __slots__ = ("_index",)

    def __init__(self, raw: Iterable[tuple[bytes, bytes]]) -> None:
        index: dict[bytes, bytes] = {}
        for given_name, given_value in raw:
            name, value = given_name.lower(), given_value.strip(b" \t")
            index[name] = index[name] + b"," + value if name in index else value
        self._index = index

    @classmethod
    def received(cls, raw: RawHeaders) -> Self:
        """Return the fields that an HTTP parser read: their names are in lower case and their values trimmed."""
        index = dict(raw)
        if len(index) < len(raw):
            return cls(raw)
        headers = cls.__new__(cls)
        headers._index = index
        return headers

    def get(self, name: bytes) -> bytes | None:
        """Return the value of a lower-case name; repeated fields are joined with a comma."""
        return self._index.get(name)

    def text(self, name: bytes) -> str | None:
        """Return the value decoded, see `wire.text.decode`."""
        value = self._index.get(name)
        return None if value is None else decode(value)

    def names(self) -> KeysView[bytes]:
        """Return each name once."""
        return self._index.keys()

    def items(self) -> Iterable[tuple[bytes, bytes]]:
        """Return each name once, with its joined value."""
        return self._index.items()

    def __contains__(self, name: bytes) -> bool:
        return name in self._index

    def __repr__(self) -> str:
        return f"Headers({[name.decode('latin-1') for name in self._index]})"


class Query:
    """A query string, raw and decoded. `a`, `a=` and `a` with an empty value are the same parameter.

    `segments` are its parameters as they were sent, and `pairs` the same ones decoded: names with their values.
    """

    __slots__ = ("_index", "pairs", "raw", "segments")

    def __init__(self, raw: bytes) -> None:
        segments: list[tuple[str, str]] = []
        pairs: list[tuple[str, str]] = []
        # OSS: empty segments are skipped and a segment splits at its first `=` (unverified).
        for segment in raw.decode("utf-8", "surrogateescape").split("&"):
            if segment:
                name, _, value = segment.partition("=")
                segments.append((name, value))
                if "%" in segment or "+" in segment:
                    name, value = _decode_part(name), _decode_part(value)
                pairs.append((name, value))
        self.raw: Final = raw
        self.segments: Final = tuple(segments)
        self.pairs: Final = tuple(pairs)
        self._index: dict[str, str] = dict(pairs)
        if len(self._index) < len(pairs):
            self._index.update(reversed(pairs))  # the first of a name counts

    def is_repeated(self, name: str) -> bool:
        """Whether more than one parameter has that name."""
        return len(self._index) < len(self.pairs) and [given for given, _ in self.pairs].count(name) > 1

    def get(self, name: str) -> str | None:
        """Return the decoded value of the first parameter of that name, which is case-sensitive."""
        return self._index.get(name)

    def items(self) -> Iterable[tuple[str, str]]:
        """Return each decoded name once, with its first value."""
        return self._index.items()

    def names(self) -> KeysView[str]:
        """Return each decoded name once."""
        return self._index.keys()

    def __contains__(self, name: str) -> bool:
        return name in self._index


def _decode_part(part: str) -> str:
    if "%" not in part and "+" not in part:
        return part
    return _decode_short(part) if len(part) <= _SHORT_CHARACTERS else _decode_escapes(part)


def _decode_escapes(part: str) -> str:
    return decode(percent_decode_query(encode(part)))


# The credential of a presigned URL is the same for all of a signer's day.
_decode_short: Final = lru_cache(maxsize=256)(_decode_escapes)


@record
class Request:
    """The head of a request, exactly as it was sent.

    `path` is the raw target before `?`: no dot segment, doubled slash or escape has been touched. `host` is the `Host` field.
    """

    method: str
    path: bytes
    query: Query
    headers: Headers
    host: bytes


@record
class Resource:
    """What a request addresses: the service (`bucket` None), a bucket (`key` None), or an object by its decoded raw key."""

    bucket: str | None = None
    key: bytes | None = None


@record
class Response:
    """An answer. A streamed body comes with its length in the headers."""

    status: int
    headers: RawHeaders = ()
    body: bytes | AsyncIterable[bytes] = b""
