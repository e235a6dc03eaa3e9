"""What is written down of a request: one JSON line, in which no signature, token or secret can stand."""

import json
import logging
import sys
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from json.encoder import encode_basestring_ascii
from typing import Final

from ossicle.edge.dates import dates
from ossicle.edge.lines import LineWriter
from ossicle.edge.visit import Visit
from ossicle.wire.redaction import redact_target, redact_text
from ossicle.wire.text import decode

error_log: Final = logging.getLogger("ossicle.error")

LAST_LINES_SECONDS: Final = 2.0
_render_json: Final = json.JSONEncoder(ensure_ascii=True, default=str).encode


class AccessLog:
    """One line a request. It goes past `logging`, which would cost more than finding the object."""

    def __init__(self) -> None:
        self._write: Callable[[bytes], object] | None = None

    def attach(self, write: Callable[[bytes], object] | None) -> None:
        """Say what takes the lines, each with its LF; without, none is made."""
        self._write = write

    def note_request(self, visit: Visit, seconds: float, now: datetime) -> None:
        """Write an answered request's line. Target and referring page are redacted here, and nowhere before."""
        if self._write is not None:
            self._write(_request_line(visit, seconds, now))

    def note_refusal(self, request_id: str, status: int, code: str, now: datetime) -> None:
        """Write the line of a request that never became one."""
        if self._write is not None:
            fields = {"request_id": request_id, "operation": "-", "status": status, "code": code}
            self._write(_line(now, "info", "refused", fields))


access_log: Final = AccessLog()


def _request_line(visit: Visit, seconds: float, now: datetime) -> bytes:
    # Written out, because a JSON encoder takes three times as long. Method, code and ids are made of letters and digits.
    text, request = encode_basestring_ascii, visit.request
    key_id, agent = visit.principal.access_key_id, request.headers.text(b"user-agent")
    target = decode(request.path + b"?" + request.query.raw if request.query.raw else request.path)
    line = (
        f'{{"time": "{dates.iso_millis(now)}", "level": "info", "logger": "ossicle.access", "message": "request", '
        f'"request_id": "{visit.request_id}", "remote": {text(visit.remote)}, "operation": "{visit.operation}", '
        f'"method": "{request.method}", "host": {text(decode(request.host))}, "status": {visit.status}, '
        f'"code": "{visit.code}", "access_key_id": {"null" if key_id is None else text(key_id)}, '
        f'"received_bytes": {visit.body.received_bytes}, "sent_bytes": {visit.sent_bytes}, '
        f'"milliseconds": {round(seconds * 1000, 3)}, "user_agent": {"null" if agent is None else text(redact_text(agent))}, '
        f'"target": {text(redact_target(target))}'
    )
    if visit.explanation:
        line += f', "explanation": "{visit.explanation}"'
    if b"referer" in request.headers:
        line += f', "referer": {text(redact_target(request.headers.text(b"referer") or ""))}'
    return (line + "}\n").encode("ascii")


def _line(now: datetime, level: str, message: str, fields: Mapping[str, object]) -> bytes:
    entry = {"time": dates.iso_millis(now), "level": level, "logger": "ossicle.access", "message": message, **fields}
    return (_render_json(entry) + "\n").encode("ascii")


def _loss(lines: int) -> bytes:
    return _line(datetime.now(UTC), "warning", "lines were lost, because nobody took them", {"lines": lines})


class JsonFormatter(logging.Formatter):
    """One JSON object a line; a record's `fields` join it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        moment = datetime.fromtimestamp(record.created, UTC)
        entry: dict[str, object] = {
            "time": dates.iso_millis(moment),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        fields = getattr(record, "fields", None)
        if isinstance(fields, Mapping):
            entry.update(fields)
        if record.exc_info:
            entry["traceback"] = "".join(traceback.format_exception(*record.exc_info))
        return _render_json(entry)


class LineHandler(logging.Handler):
    """Sends records the way of the access lines, so that neither cuts the other in two and no reader holds up the server."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        super().__init__()
        self._write = write
        self.setFormatter(JsonFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record's line."""
        try:
            self._write((self.format(record) + "\n").encode("ascii"))
        except Exception:  # what logging does with a record that can't be written is its own business
            self.handleError(record)


def configure_logging(*, has_access_log: bool) -> LineWriter:
    """Send everything to standard error as JSON lines, and return what writes them: it must be closed before the process ends."""
    writer = LineWriter(sys.stderr.fileno(), _loss)
    root = logging.getLogger()
    root.handlers = [LineHandler(writer.write)]
    root.setLevel(logging.INFO)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    access_log.attach(writer.write if has_access_log else None)
    return writer


def log_failure(request_id: str, failure: Exception) -> None:
    """Write what the caller is not told, under the id that it was given."""
    fields = {"request_id": request_id, "reason": str(failure)}
    error_log.error("request failed", exc_info=failure, extra={"fields": fields})
