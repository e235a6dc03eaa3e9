"""A request and a response as values, before and after any meaning is read into them."""

from collections.abc import AsyncIterable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ossicle.wire.text import decode, percent_decode_query

RawHeaders = Sequence[tuple[bytes, bytes]]


class Headers:
    """Header fields by name: names in lower case, values raw, white space trimmed at both ends.

    They are copied when made, so that nothing that arrives later (a trailer, say) can join them.
    """

    __slots__ = ("_index",)

    def __init__(self, raw: Iterable[tuple[bytes, bytes]]) -> None:
        self._index: dict[bytes, bytes] = {}
        for given_name, given_value in raw:
            name, value = given_name.lower(), given_value.strip(b" \t")
            earlier = self._index.get(name)
            self._index[name] = value if earlier is None else earlier + b"," + value

    def get(self, name: bytes) -> bytes | None:
        """Return the value of a lower-case name; repeated fields are joined with a comma."""
        return self._index.get(name)

    def text(self, name: bytes) -> str | None:
        """Return the value decoded, see `wire.text.decode`."""
        value = self._index.get(name)
        return None if value is None else decode(value)

    def items(self) -> Iterable[tuple[bytes, bytes]]:
        """Return each name once, with its joined value."""
        return self._index.items()

    def __contains__(self, name: bytes) -> bool:
        return name in self._index

    def __repr__(self) -> str:
        return f"Headers({[name.decode('latin-1') for name in self._index]})"


class Query:
    """A query string, raw and decoded. `a`, `a=` and `a` with an empty value are the same parameter."""

    __slots__ = ("_index", "pairs", "raw")

    def __init__(self, raw: bytes) -> None:
        self.raw: Final = raw
        self.pairs: Final = tuple(_split(raw))
        self._index: dict[str, str] = {}
        for name, value in self.pairs:
            self._index.setdefault(name, value)

    def get(self, name: str) -> str | None:
        """Return the decoded value of the first parameter of that name, which is case-sensitive."""
        return self._index.get(name)

    def items(self) -> Iterable[tuple[str, str]]:
        """Return each decoded name once, with its first value."""
        return self._index.items()

    def __contains__(self, name: str) -> bool:
        return name in self._index


def _split(raw: bytes) -> Iterator[tuple[str, str]]:
    # OSS: empty segments are skipped and a segment splits at its first `=` (unverified).
    for segment in raw.split(b"&"):
        if b"%" in segment or b"+" in segment:
            raw_name, _, raw_value = segment.partition(b"=")
            yield decode(percent_decode_query(raw_name)), decode(percent_decode_query(raw_value))
        elif segment:
            name, _, value = decode(segment).partition("=")
            yield name, value


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The head of a request, exactly as it was sent.

    `path` is the raw target before `?`: no dot segment, doubled slash or escape has been touched. `host` is the `Host` field.
    """

    method: str
    path: bytes
    query: Query
    headers: Headers
    host: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What a request addresses: the service (`bucket` None), a bucket (`key` None), or an object by its decoded raw key."""

    bucket: str | None = None
    key: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer. A streamed body comes with its length in the headers."""

    status: int
    headers: RawHeaders = ()
    body: bytes | AsyncIterable[bytes] = b""
