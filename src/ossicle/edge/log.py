"""What is written down of a request: one JSON line, in which no signature, token or secret can stand."""

import json
import logging
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from ossicle.wire.redaction import redact_target
from ossicle.wire.text import render_iso_millis

access_log: Final = logging.getLogger("ossicle.access")
error_log: Final = logging.getLogger("ossicle.error")

_render_json: Final = json.JSONEncoder(ensure_ascii=True, default=str).encode


class JsonFormatter(logging.Formatter):
    """One JSON object a line; a record's `fields` join it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        moment = datetime.fromtimestamp(record.created, UTC)
        entry: dict[str, object] = {
            "time": render_iso_millis(moment),
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


def configure_logging(*, has_access_log: bool) -> None:
    """Send everything to standard error as JSON lines."""
    # What no line tells need not be found out for each of them: see "Optimization" in the documentation of logging.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    access_log.setLevel(logging.INFO if has_access_log else logging.WARNING)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)


def log_access(fields: Mapping[str, object], *, target: str, referer: str | None) -> None:
    """Write a request's line. The target and the referring page are redacted here, and nowhere before."""
    if access_log.isEnabledFor(logging.INFO):
        entry = {**fields, "target": redact_target(target)}
        if referer is not None:
            entry["referer"] = redact_target(referer)
        access_log.info("request", extra={"fields": entry})


def log_failure(request_id: str, failure: Exception) -> None:
    """Write what the caller is not told, under the id that it was given."""
    error_log.error("request failed", exc_info=failure, extra={"fields": {"request_id": request_id}})
