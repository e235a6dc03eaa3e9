"""One line of JSON each, and nothing in it that must not be there."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from ossicle.edge.log import JsonFormatter, access_log, configure_logging, error_log, log_access, log_failure


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
    before = root.handlers, root.level, access_log.level, uvicorn.level
    yield
    root.handlers, root.level, access_log.level, uvicorn.level = before


@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize("has_access_log", [True, False])
def test_everything_goes_to_standard_error(capsys: pytest.CaptureFixture[str], *, has_access_log: bool) -> None:
    configure_logging(has_access_log=has_access_log)
    log_access({"status": 200}, target="/b/k?x-oss-signature=s", referer="http://p/?x-oss-signature=s")
    logging.getLogger("uvicorn.error").info("not wanted")
    logging.getLogger("elsewhere").info("wanted")
    captured = capsys.readouterr()
    lines = [json.loads(text) for text in captured.err.splitlines()]
    assert captured.out == ""
    assert [told["message"] for told in lines] == (["request"] if has_access_log else []) + ["wanted"]
    if has_access_log:
        assert (lines[0]["target"], lines[0]["referer"]) == ("/b/k?x-oss-signature=-", "http://p/?x-oss-signature=-")


def test_a_line_without_a_referer_has_none(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger=access_log.name)
    log_access({"status": 200}, target="/b/k?prefix=a&max-keys=5&callback=c", referer=None)
    [record] = caplog.records
    assert record.__dict__["fields"] == {"status": 200, "target": "/b/k?prefix=a&max-keys=5&callback=-"}


def test_a_failure_is_written_under_its_request_id(caplog: pytest.LogCaptureFixture) -> None:
    log_failure("ABC", ValueError("why"))
    [record] = caplog.records
    assert (record.name, record.levelno) == (error_log.name, logging.ERROR)
    assert record.__dict__["fields"] == {"request_id": "ABC"}
    assert "ValueError: why" in json.loads(JsonFormatter().format(record))["traceback"]
