"""Text on the wire: percent-encoding, dates, and bytes that should be UTF-8 but may not be."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from urllib.parse import unquote_to_bytes

_RFC_1123: Final = re.compile(
    rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) (\d\d):(\d\d):(\d\d) GMT"
)
_ISO: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z", re.ASCII)
_PAIRS: Final = tuple(f"{number:02}" for number in range(60))
_TRIPLES: Final = tuple(f"{number:03}" for number in range(1000))
_THREE_DIGITS: Final = 999
_ISO_BASIC: Final = re.compile(r"\d{8}T(?:[01]\d|2[0-3])[0-5]\d[0-5]\dZ", re.ASCII)
# Most names and values need no escape, and telling so costs a fraction of looking at each byte in Python.
_UNRESERVED: Final = re.compile(rb"[A-Za-z0-9._~-]*")
_UNRESERVED_PATH: Final = re.compile(rb"[A-Za-z0-9._~/-]*")
_RESERVED: Final = re.compile(rb"[^A-Za-z0-9._~-]+")
_RESERVED_PATH: Final = re.compile(rb"[^A-Za-z0-9._~/-]+")
HEADER_CONTROL: Final = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
"""A character that no value of a header may have."""
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def decode(raw: bytes) -> str:
    """Return header or query bytes as text. What is not UTF-8 becomes lone surrogates, so that `encode` gives it back."""
    return raw.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """Return the bytes that `decode` came from."""
    return text.encode("utf-8", "surrogateescape")


def legible(text: str) -> str:
    """Return `text` fit for a document or a terminal: what was not UTF-8 in it becomes U+FFFD."""
    return encode(text).decode("utf-8", "replace")


def percent_encode(raw: bytes) -> str:
    """Encode all but `A-Z a-z 0-9 - . _ ~`, in upper-case hex."""
    plain = raw if _UNRESERVED.fullmatch(raw) else _RESERVED.sub(_escape_run, raw)
    return plain.decode("ascii")


def percent_encode_path(raw: bytes) -> str:
    """Encode as `percent_encode` does, but keep `/`. Nothing is normalised."""
    plain = raw if _UNRESERVED_PATH.fullmatch(raw) else _RESERVED_PATH.sub(_escape_run, raw)
    return plain.decode("ascii")


def _escape_run(run: re.Match[bytes]) -> bytes:
    return b"%" + run[0].hex("%").upper().encode("ascii")


def percent_decode(raw: bytes) -> bytes:
    """Decode `%XX` once; `+` is a plus."""
    # OSS: a `%` that two hex digits don't follow stays as it is (unverified).
    return unquote_to_bytes(raw) if b"%" in raw else raw


def percent_decode_query(raw: bytes) -> bytes:
    """Decode `%XX` once and read `+` as a space, as OSS does in a query."""
    return percent_decode(raw.replace(b"+", b" "))


def render_http_date(moment: datetime) -> str:
    """Return RFC 1123 text, in GMT and English whatever the locale."""
    return _render_http_date(moment.replace(microsecond=0) if moment.microsecond else moment)


# An answer has one date that changes once a second, and often a second one that is asked for again and again.
@lru_cache(maxsize=4096)
def _render_http_date(moment: datetime) -> str:
    iso = moment.isoformat()  # 2023-12-17T03:56:28...
    return f"{_DAYS[moment.weekday()]}, {iso[8:10]} {_MONTHS[moment.month - 1]} {iso[:4]} {iso[11:19]} GMT"


def parse_http_date(raw: bytes) -> datetime | None:
    """Return the moment of RFC 1123 text; None for anything else."""
    found = _RFC_1123.fullmatch(raw.strip())
    if found is None:
        return None
    day, month, year, hour, minute, second = found.groups()
    try:
        return datetime(
            int(year), _MONTHS.index(month.decode()) + 1, int(day), int(hour), int(minute), int(second), tzinfo=UTC
        )
    except ValueError:
        return None


def render_iso_millis(moment: datetime) -> str:
    """Return `2023-12-17T03:56:28.000Z`, the form of every date in OSS's XML."""
    # A page of a listing has a thousand: looking numbers up takes a quarter of the time that `isoformat` takes.
    year = moment.year
    date = f"{year if year > _THREE_DIGITS else f'{year:04}'}-{_PAIRS[moment.month]}-{_PAIRS[moment.day]}"
    time = f"{_PAIRS[moment.hour]}:{_PAIRS[moment.minute]}:{_PAIRS[moment.second]}"
    return f"{date}T{time}.{_TRIPLES[moment.microsecond // 1000]}Z"


def parse_iso(text: str) -> datetime | None:
    """Return the moment of an ISO 8601 text in UTC, with or without a fraction; None for anything else."""
    found = _ISO.fullmatch(text)
    if found is None:
        return None
    *numbers, fraction = found.groups()
    year, month, day, hour, minute, second = map(int, numbers)
    try:
        return datetime(year, month, day, hour, minute, second, int((fraction or "0")[:6].ljust(6, "0")), tzinfo=UTC)
    except ValueError:
        return None


def render_iso_basic(moment: datetime) -> str:
    """Return `20231217T035628Z`, the form of `x-oss-date`."""
    return moment.isoformat(timespec="seconds")[:19].replace("-", "").replace(":", "") + "Z"


# A browser's parts, a page's pictures: many requests were signed in the same second.
@lru_cache(maxsize=256)
def parse_iso_basic(text: str) -> datetime | None:
    """Return the moment of `20231217T035628Z`; None for anything else."""
    if _ISO_BASIC.fullmatch(text) is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
