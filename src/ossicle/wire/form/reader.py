"""Bytes of `multipart/form-data` in, fields and a file out, as they come: the file is never held.

The order is OSS's: fields, then `file`. Parts after the file are read over, though not a second file.

Source: RFC 7578, RFC 2046 5.1, https://help.aliyun.com/zh/oss/developer-reference/postobject
"""

import re
from enum import Enum, auto
from typing import Final

from ossicle.wire.errors import (
    FieldItemTooLong,
    IncorrectNumberOfFilesInPOSTRequest,
    MalformedPOSTRequest,
    MaxPOSTPreDataLengthExceededError,
    RequestIsNotMultiPartContent,
)
from ossicle.wire.records import record
from ossicle.wire.text import decode, encode

NAME_BYTES_MAX: Final = 8 * 1024
VALUE_BYTES_MAX: Final = 2 * 1024 * 1024
# OSS: how much may stand before the file is not told (unverified); this is what one request may hold in memory.
FIELDS_BYTES_MAX: Final = 4 * 1024 * 1024
FIELDS_MAX: Final = 1000
_BOUNDARY_BYTES_MAX: Final = 200
_PADDING_BYTES_MAX: Final = 200
_PART_HEADERS_BYTES_MAX: Final = NAME_BYTES_MAX + 8 * 1024
_FILE: Final = "file"
# Browsers escape a quote as %22, older programs by a backslash; a backslash before anything else is itself.
_PARAMETER: Final = re.compile(r';\s*([a-z]+)\s*=\s*(?:"((?:\\"|[^"])*)"|([^;"\s]+))', re.IGNORECASE)


@record
class Field:
    """A field before the file, its name in lower case."""

    name: str
    value: bytes


@record
class FileStart:
    """The file begins; what it says of itself."""

    filename: str | None
    content_type: str | None


Event = Field | FileStart | bytes
"""Bytes are some of the file."""


def boundary_of(content_type: str | None) -> bytes:
    """Return what separates the parts.

    Raises:
        RequestIsNotMultiPartContent: the media type is another one.
        MalformedPOSTRequest: there is no boundary.
    """
    text = content_type or ""
    if text.partition(";")[0].strip().lower() != "multipart/form-data":
        raise RequestIsNotMultiPartContent
    boundary = encode(_parameters(text).get("boundary", ""))
    if not 1 <= len(boundary) <= _BOUNDARY_BYTES_MAX:
        raise MalformedPOSTRequest
    return boundary


class _Content(Enum):
    """What the bytes up to the next boundary are."""

    IGNORED = auto()
    FIELD = auto()
    FILE = auto()


class _Place(Enum):
    """Where in the form the next byte stands."""

    CONTENT = auto()
    BOUNDARY_LINE = auto()
    PART_HEADERS = auto()
    END = auto()


class FormReader:
    """Reads one form. `feed` takes its bytes in any pieces, and `end` is told when there are no more."""

    def __init__(self, boundary: bytes) -> None:
        self._delimiter: Final = b"\r\n--" + boundary
        # A form may begin with a boundary; the line end that belongs to it then is not there.
        self._held: bytes = b"\r\n"
        self._place = _Place.CONTENT
        self._content = _Content.IGNORED
        self._name = ""
        self._value = bytearray()
        self._has_file = False
        self._fields = 0
        self._fields_bytes = 0

    def feed(self, chunk: bytes | memoryview) -> list[Event]:
        """Return what a piece of the form holds or completes.

        Raises:
            MalformedPOSTRequest: it is no form.
            FieldItemTooLong, MaxPOSTPreDataLengthExceededError: a field, or all of them, are too large.
            IncorrectNumberOfFilesInPOSTRequest: there is a second file, or an end before any.
        """
        events: list[Event] = []
        # A piece may be a view of the buffer that a socket was read into. Only a regular expression seeks in one, and is slower
        # than a copy and its `find`. Bytes stay themselves.
        rest: bytes | None = self._held + chunk if self._held else bytes(chunk)
        self._held = b""
        while rest:
            data = rest
            if self._place is _Place.CONTENT:
                rest = self._read_content(data, events)
            elif self._place is _Place.BOUNDARY_LINE:
                rest = self._read_boundary_line(data, events)
            elif self._place is _Place.PART_HEADERS:
                rest = self._read_part_headers(data, events)
            else:
                break
        return events

    def end(self) -> None:
        """Return if the form was whole.

        Raises:
            MalformedPOSTRequest: its last boundary did not come.
        """
        if self._place is not _Place.END:
            raise MalformedPOSTRequest

    # Each of these returns what is left to be read, or None when more must come first.

    def _read_content(self, data: bytes, events: list[Event]) -> bytes | None:
        at = data.find(self._delimiter)
        if at >= 0:
            self._take(data[:at], events)
            self._place = _Place.BOUNDARY_LINE
            return data[at + len(self._delimiter) :]
        kept = _overlap(data, self._delimiter)
        self._held = data[len(data) - kept :]
        self._take(data[: len(data) - kept] if kept else data, events)
        return None

    def _read_boundary_line(self, data: bytes, events: list[Event]) -> bytes | None:
        """Tell a boundary from content that only begins like one, and the last boundary from the others."""
        line = data[: _PADDING_BYTES_MAX + 2].lstrip(b" \t")
        if line in (b"", b"\r", b"-") and len(data) < _PADDING_BYTES_MAX + 2:
            self._held = data
            return None
        if data.startswith(b"--"):
            self._end_part(events)
            if not self._has_file:
                raise IncorrectNumberOfFilesInPOSTRequest
            self._place = _Place.END
            return data[2:]
        if line.startswith(b"\r\n"):
            self._end_part(events)
            self._place = _Place.PART_HEADERS
            return data[data.index(b"\r\n") + 2 :]
        self._take(self._delimiter, events)
        self._place = _Place.CONTENT
        return data

    def _read_part_headers(self, data: bytes, events: list[Event]) -> bytes | None:
        at = data.find(b"\r\n\r\n", 0, _PART_HEADERS_BYTES_MAX)
        if at < 0:
            if len(data) >= _PART_HEADERS_BYTES_MAX:
                raise FieldItemTooLong
            self._held = data
            return None
        self._begin_part(data[:at], events)
        self._place = _Place.CONTENT
        return data[at + 4 :]

    def _begin_part(self, head: bytes, events: list[Event]) -> None:
        headers = _headers(head)
        disposition = headers.get("content-disposition", "")
        parameters = _parameters(disposition)
        if disposition.partition(";")[0].strip().lower() != "form-data" or "name" not in parameters:
            raise MalformedPOSTRequest
        name = parameters["name"]
        if len(encode(name)) > NAME_BYTES_MAX:
            raise FieldItemTooLong
        if name.lower() == _FILE:
            if self._has_file:
                raise IncorrectNumberOfFilesInPOSTRequest
            self._has_file = True
            self._content = _Content.FILE
            events.append(FileStart(filename=parameters.get("filename"), content_type=headers.get("content-type")))
        elif self._has_file:
            self._content = _Content.IGNORED
        else:
            self._content = _Content.FIELD
            self._name = name.lower()
            self._fields += 1
            self._count(len(head))

    def _end_part(self, events: list[Event]) -> None:
        if self._content is _Content.FIELD:
            events.append(Field(name=self._name, value=bytes(self._value)))
            self._value.clear()
        self._content = _Content.IGNORED

    def _take(self, piece: bytes, events: list[Event]) -> None:
        if self._content is _Content.FILE:
            if piece:
                events.append(piece)
        elif self._content is _Content.FIELD:
            self._value += piece
            if len(self._value) > VALUE_BYTES_MAX:
                raise FieldItemTooLong
            self._count(len(piece))
        elif not self._has_file:
            self._count(len(piece))

    def _count(self, size: int) -> None:
        self._fields_bytes += size
        if self._fields_bytes > FIELDS_BYTES_MAX or self._fields > FIELDS_MAX:
            raise MaxPOSTPreDataLengthExceededError


def _overlap(data: bytes, delimiter: bytes) -> int:
    """Return how many bytes at the end of `data` may be the beginning of a delimiter."""
    start = max(0, len(data) - len(delimiter) + 1)
    # A delimiter has one carriage return, its first byte; data rarely has one in its last few.
    at = data.find(b"\r", start)
    while at >= 0:
        if delimiter.startswith(data[at:]):
            return len(data) - at
        at = data.find(b"\r", at + 1)
    return 0


def _headers(head: bytes) -> dict[str, str]:
    lines = (line.partition(":") for line in decode(head).split("\r\n"))
    return {name.strip().lower(): value.strip() for name, _, value in lines}


def _parameters(text: str) -> dict[str, str]:
    """Return the parameters of a header's value by name in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for name, quoted, plain in _PARAMETER.findall(text):
        found.setdefault(name.lower(), plain or quoted.replace('\\"', '"'))
    return found
