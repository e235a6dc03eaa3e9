"""The access log of a bucket: one line a request in the format of OSS, in which no signature, token or secret can stand.

Source: https://help.aliyun.com/zh/oss/user-guide/logging
"""

import re
from datetime import datetime, timedelta
from typing import Final

from ossicle.edge.target import host_name
from ossicle.edge.visit import Visit
from ossicle.model.objects import Bucket
from ossicle.wire.http import Request
from ossicle.wire.redaction import redact_target, redact_text
from ossicle.wire.text import decode, encode, percent_encode

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NOTHING: Final = "-"
_UNSAFE: Final = re.compile(rb'[\x00-\x1f\x7f"\\]|[^\x00-\x7f]+')
_PROTOCOL: Final = "HTTP/1.1"


def render_line(visit: Visit, bucket: Bucket, key: bytes | None, *, seconds: float, now: datetime) -> bytes:
    """Return the line of an answered request, with its LF. `seconds` is how long it took, `now` when it was answered."""
    request, milliseconds = visit.request, round(seconds * 1000)
    agent = request.headers.text(b"user-agent")
    referer = request.headers.text(b"referer")
    account = visit.principal.account
    # OSS: times are in +0800; what is not known here (changes of sizes, classes, access points) is said by `-`.
    fields = (
        visit.remote or _NOTHING,
        _NOTHING,
        _NOTHING,
        _time(now - timedelta(seconds=seconds)),
        f'"{request.method} {_safe(redact_target(_target(request)))} {_PROTOCOL}"',
        str(visit.status),
        str(visit.sent_bytes),
        str(milliseconds),
        _quoted(None if referer is None else redact_target(referer)),
        _quoted(None if agent is None else redact_text(agent)),
        _quoted(host_name(request.host)),
        _quoted(visit.request_id),
        _quoted("true"),
        _quoted(account),
        _quoted(visit.operation),
        _quoted(bucket.name),
        _quoted(None if key is None else redact_text(percent_encode(key))),
        _object_size(visit),
        str(milliseconds),
        _quoted(visit.code),
        str(_request_bytes(visit)),
        _quoted(bucket.owner),
        _NOTHING,
        _quoted(None),
        _quoted(None),
        _quoted(None),
        _quoted(None),
        _quoted(visit.principal.access_key_id),
    )
    return (" ".join(fields) + "\n").encode("ascii")


def _target(request: Request) -> str:
    return decode(request.path + b"?" + request.query.raw if request.query.raw else request.path)


def _time(moment: datetime) -> str:
    return f"[{moment:%d}/{_MONTHS[moment.month - 1]}/{moment:%Y:%H:%M:%S} +0000]"


def _quoted(text: str | None) -> str:
    return f'"{_safe(text)}"' if text else f'"{_NOTHING}"'


def _safe(text: str) -> str:
    """Return text that can end neither its field nor its line, nor be mistaken for an escape; what could is percent-encoded."""
    raw = encode(text)
    if raw.isascii() and _UNSAFE.search(raw) is None:
        return text
    return _UNSAFE.sub(lambda run: b"%" + run[0].hex("%").upper().encode("ascii"), raw).decode("ascii")


def _object_size(visit: Visit) -> str:
    """Return the object's size where the request tells it: all of it came, or all of it went."""
    if visit.status != 200:
        return _NOTHING
    if visit.operation == "PutObject":
        return str(visit.body.received_bytes)
    return str(visit.sent_bytes) if visit.operation == "GetObject" else _NOTHING


def _request_bytes(visit: Visit) -> int:
    """Return how long the request was: its first line, its headers as they were understood, and what came of its body."""
    request = visit.request
    line = (
        len(request.method) + len(_PROTOCOL) + len(request.path) + len(request.query.raw) + bool(request.query.raw) + 4
    )
    headers = sum(len(name) + len(value) + 4 for name, value in request.headers.items())
    return line + headers + 2 + visit.body.received_bytes
