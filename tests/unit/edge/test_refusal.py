"""Refusals of the protocol look like any other, and are counted and logged."""

import json
import re

import pytest

from ossicle.edge.audit import AuditLog
from ossicle.edge.framing import Refused, too_slow
from ossicle.edge.log import access_log
from ossicle.edge.metrics import Metrics
from ossicle.edge.refusal import refusal_renderer
from ossicle.wire.error_document import parse_error
from ossicle.wire.http import Headers
from tests.support.inprocess import FrozenClock


@pytest.mark.parametrize(
    ("host", "host_id"), [(b"example.com:80", "example.com"), (b"[::1]:80", "[::1]"), (b"[::1]", "[::1]"), (b"", "")]
)
def test_a_refusal_is_an_oss_error(host: bytes, host_id: str) -> None:
    render, _ = refusal_renderer(FrozenClock(), Metrics())
    headers, body = render("MissingContentLength", 411, "You must provide it.", host, b"PUT")
    fields = Headers(headers)
    error = parse_error(411, fields, body)
    assert (error.code, error.message, error.ec, error.host_id) == (
        "MissingContentLength",
        "You must provide it.",
        None,
        host_id,
    )
    assert error.request_id == fields.text(b"x-oss-request-id")
    assert re.fullmatch("[0-9A-F]{24}", error.request_id)
    assert fields.text(b"date") == "Sat, 14 Mar 2026 12:00:00 GMT"
    assert fields.text(b"server") == "Ossicle"
    assert fields.text(b"content-type") == "application/xml"
    assert b"content-length" not in fields, "the protocol adds it"


def test_a_refusal_of_head_travels_in_a_header() -> None:
    render, _ = refusal_renderer(FrozenClock(), Metrics())
    headers, body = render("InvalidArgument", 400, "No.", b"h", b"HEAD")
    assert body == b""
    error = parse_error(400, Headers(headers), body)
    assert (error.code, error.message, error.host_id) == ("InvalidArgument", "No.", "h")


def test_each_refusal_has_an_id_of_its_own() -> None:
    render, _ = refusal_renderer(FrozenClock(), Metrics())
    ids = {Headers(render("InvalidArgument", 400, "", b"", b"")[0]).text(b"x-oss-request-id") for _ in range(5)}
    assert len(ids) == 5


def test_a_code_that_no_class_has(caplog: pytest.LogCaptureFixture) -> None:
    render, _ = refusal_renderer(FrozenClock(), Metrics())
    _, body = render("ActiveRequestLimitExceeded", 503, "Max active request limit is exceeded.", b"h", b"GET")
    assert b"<Code>ActiveRequestLimitExceeded</Code>" in body
    assert caplog.records == []


def test_a_refusal_is_counted_and_logged() -> None:
    written: list[bytes] = []
    audited: list[bytes] = []
    metrics, audit = Metrics(), AuditLog(audited.append, has_reads=False)
    render, note = refusal_renderer(FrozenClock(), metrics, audit)
    access_log.attach(written.append)
    try:
        refused = Refused("InvalidArgument", 400, "secret")
        headers, _ = render(refused.code, refused.status, refused.message, b"h", b"GET")
        note(refused)
        note(too_slow())
    finally:
        access_log.attach(None)
    assert b'ossicle_requests_total{code="InvalidArgument",operation="-",status="400"} 1.0' in metrics.render()
    assert b'ossicle_requests_total{code="RequestTimeout",operation="-",status="400"} 1.0' in metrics.render()
    first, second = map(json.loads, written)
    assert [json.loads(line) for line in audited] == [
        {"operation": "-"} | {name: told[name] for name in ("time", "request_id", "status", "code")}
        for told in (first, second)
    ]
    assert first == {
        "time": "2026-03-14T12:00:00.750Z",
        "level": "info",
        "logger": "ossicle.access",
        "message": "refused",
        "request_id": Headers(headers).text(b"x-oss-request-id"),
        "operation": "-",
        "status": 400,
        "code": "InvalidArgument",
    }
    assert second["code"] == "RequestTimeout"
