"""HAR files: which request of one is chosen, and what is read of it. A file that a browser wrote is read in tests/integration."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from ossicle.cli.explaining.har import parse_har
from ossicle.cli.explaining.unreadable import Unreadable

SIGNED = "http://h/k?OSSAccessKeyId=a&Expires=1&Signature=b"


def entry(url: str = SIGNED, *, method: str = "PUT", status: int = 200, **more: Any) -> dict[str, Any]:
    return {"request": {"method": method, "url": url, "headers": []}, "response": {"status": status}, **more}


def har(*entries: Any) -> bytes:
    return json.dumps({"log": {"version": "1.2", "entries": entries}}).encode()


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "the file is not a HAR file, which is JSON with log.entries"),
        (b"[]", "the file is not a HAR file, which is JSON with log.entries"),
        (b'{"log": {}}', "the file is not a HAR file, which is JSON with log.entries"),
        (b'{"log": {"entries": 3}}', "the file is not a HAR file, which is JSON with log.entries"),
        (b"\xff\xfe", "the file is not a HAR file, which is JSON with log.entries"),
        (har({}), "the file is not a HAR file, which is JSON with log.entries"),
        (har("x"), "the file is not a HAR file, which is JSON with log.entries"),
        (har(), "the HAR file has no request"),
    ],
)
def test_what_is_no_har_file(raw: bytes, told: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        parse_har(raw)
    assert str(refusal.value) == told


PLAIN = entry("http://h/page")
BROKEN = entry("http://h/missing", status=404)
GOOD, BAD, HIDDEN = entry(status=200), entry(status=403), entry(status=0)
PREFLIGHT = entry(method="OPTIONS", status=403)
BY_HEADER = entry("http://h/k?x=1", status=403)
BY_HEADER["request"]["headers"] = [{"name": "authorization", "value": "OSS4-HMAC-SHA256 Credential=x"}]
BASIC = entry("http://h/k", status=401)
BASIC["request"]["headers"] = [{"name": "Authorization", "value": "Basic eA=="}]


@pytest.mark.parametrize(
    ("entries", "place"),
    [
        ([PLAIN], 1),
        ([PLAIN, BROKEN], 2),
        ([PLAIN, BROKEN, GOOD], 3),
        ([PLAIN, GOOD, BAD, BAD], 3),
        ([GOOD, HIDDEN], 2),
        ([PREFLIGHT, GOOD], 2),
        ([PREFLIGHT, BROKEN], 2),
        ([BROKEN, BASIC, BY_HEADER], 3),
    ],
)
def test_which_request_is_chosen(entries: list[dict[str, Any]], place: int) -> None:
    sent = parse_har(har(*entries))
    (remark,) = sent.remarks
    assert remark.startswith(f"request {place} of {len(entries)} in the file; ")
    assert sent.url == entries[place - 1]["request"]["url"]


def test_what_is_read() -> None:
    one = entry(status=403, startedDateTime="2026-03-04T05:06:07.890+01:00")
    one["request"]["headers"] = [
        {"name": ":method", "value": "PUT"},
        {"name": "Content-Type", "value": "text/plain"},
    ]
    one["response"]["content"] = {"text": "<Error><Code>SignatureDoesNotMatch</Code></Error>"}
    sent = parse_har(har(one))
    assert (sent.method, sent.url, sent.headers) == ("PUT", SIGNED, (("Content-Type", "text/plain"),))
    assert sent.sent_at == datetime(2026, 3, 4, 4, 6, 7, 890000, UTC)
    assert sent.remarks == ("request 1 of 1 in the file; it was answered with 403 SignatureDoesNotMatch",)


def test_an_answer_that_no_page_may_see() -> None:
    assert parse_har(har(HIDDEN)).remarks[0].endswith("answered with nothing that the page could see")


@pytest.mark.parametrize("text", ["", "yesterday", None])
def test_without_a_time(text: object) -> None:
    assert parse_har(har(entry(startedDateTime=text))).sent_at is None
