"""One line of JSON each, and nothing in it that must not be there."""

import json
import logging
import sys
from collections.abc import Iterator, MutableMapping
from datetime import UTC, datetime
from typing import Any

import pytest

from ossicle.edge.body import RequestBody
from ossicle.edge.log import JsonFormatter, access_log, configure_logging, error_log, log_failure
from ossicle.edge.visit import Visit
from ossicle.wire.errors import NoSuchKey, OssError
from ossicle.wire.http import Headers, Query, Request
from tests.support.inprocess import NOON


def line(**attributes: Any) -> dict[str, Any]:
    record = logging.makeLogRecord(
        {"name": "ossicle", "levelname": "INFO", "msg": "hello %s", "args": ("you",), **attributes}
    )
    text = JsonFormatter().format(record)
    assert "\n" not in text
    assert text.isascii()
    parsed: dict[str, Any] = json.loads(text)
    return parsed


def test_a_record_is_one_line_of_json() -> None:
    moment = datetime(2026, 3, 14, 12, 0, 0, 250_000, tzinfo=UTC)
    assert line(created=moment.timestamp()) == {
        "time": "2026-03-14T12:00:00.250Z",
        "level": "info",
        "logger": "ossicle",
        "message": "hello you",
    }


def test_fields_join_the_line_whatever_they_hold() -> None:
    told = line(fields={"a": 1, "b": "é\udcff\n", "c": {"x"}})
    assert (told["a"], told["b"], told["c"]) == (1, "é\udcff\n", "{'x'}")
    assert "fields" not in line(fields="not a mapping")


def test_a_traceback_stays_on_the_line() -> None:
    try:
        raise ZeroDivisionError("why")
    except ZeroDivisionError as failure:
        told = line(exc_info=(type(failure), failure, failure.__traceback__))
    assert told["traceback"].endswith("ZeroDivisionError: why\n")


@pytest.fixture
def restored() -> Iterator[None]:
    root, uvicorn = logging.getLogger(), logging.getLogger("uvicorn")
    before = root.handlers, root.level, uvicorn.level
    yield
    root.handlers, root.level, uvicorn.level = before
    access_log.attach(None)


@pytest.mark.allow_blocking  # standard error, when it can be written to
@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize("has_access_log", [True, False])
async def test_everything_goes_to_standard_error(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *, has_access_log: bool
) -> None:
    with open(2, "w", closefd=False) as standard_error:  # noqa: ASYNC230  # it is open already
        monkeypatch.setattr(sys, "stderr", standard_error)
        writer = configure_logging(has_access_log=has_access_log)
        access_log.note_request(visit(), 0.1, NOON)
        logging.getLogger("uvicorn.error").info("not wanted")
        logging.getLogger("elsewhere").info("wanted")
        writer.close(1)
    captured = capfd.readouterr()
    told = sorted(json.loads(text)["message"] for text in captured.err.splitlines())
    assert captured.out == ""
    assert told == (["request"] if has_access_log else []) + ["wanted"]


def visit(
    path: bytes = b"/b/k", query: bytes = b"", *headers: tuple[bytes, bytes], error: OssError | None = None
) -> Visit:
    async def receive() -> MutableMapping[str, Any]:
        raise AssertionError("nobody asks for the body")

    fields = Headers(headers)
    return Visit(
        request=Request(method="GET", path=path, query=Query(query), headers=fields, host=b"h\xff:80"),
        request_id="ABC",
        scheme="http",
        remote="192.0.2.7",
        started=0,
        body=RequestBody(receive, 0),
        operation="GetObject",
        error=error,
        status=200 if error is None else error.status,
        sent_bytes=5,
    )


@pytest.fixture
def written() -> Iterator[list[bytes]]:
    lines: list[bytes] = []
    access_log.attach(lines.append)
    yield lines
    access_log.attach(None)


def test_the_line_of_a_request(written: list[bytes]) -> None:
    seen = visit(b"/b/k", b"prefix=a&max-keys=5&callback=c", (b"user-agent", b'"\xe9\n\x7f'), error=NoSuchKey())
    access_log.note_request(seen, 0.0012345, NOON)
    [line] = written
    told = json.loads(line)
    assert told == {
        "time": "2026-03-14T12:00:00.750Z",
        "level": "info",
        "logger": "ossicle.access",
        "message": "request",
        "request_id": "ABC",
        "remote": "192.0.2.7",
        "operation": "GetObject",
        "method": "GET",
        "host": "h\udcff:80",
        "status": 404,
        "code": "NoSuchKey",
        "access_key_id": None,
        "received_bytes": 0,
        "sent_bytes": 5,
        "milliseconds": 1.234,
        "user_agent": '"\udce9\n\x7f',
        "target": "/b/k?prefix=a&max-keys=5&callback=-",
    }
    assert line == json.dumps(told).encode() + b"\n"  # nothing is rendered in a way of its own


def test_the_referring_page_is_redacted_as_well(written: list[bytes]) -> None:
    access_log.note_request(visit(b"/b/k", b"x-oss-signature=s", (b"referer", b"http://p/?x-oss-signature=s")), 0, NOON)
    told = json.loads(written[0])
    assert (told["target"], told["referer"]) == ("/b/k?x-oss-signature=-", "http://p/?x-oss-signature=-")


def test_a_failure_is_written_under_its_request_id(caplog: pytest.LogCaptureFixture) -> None:
    log_failure("ABC", ValueError("why"))
    [record] = caplog.records
    assert (record.name, record.levelno) == (error_log.name, logging.ERROR)
    assert record.__dict__["fields"] == {"request_id": "ABC", "reason": "why"}
    assert "ValueError: why" in json.loads(JsonFormatter().format(record))["traceback"]
