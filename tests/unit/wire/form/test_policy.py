"""Policies of forms."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ossicle.wire import errors
from ossicle.wire.form import Fields, parse_policy

END = datetime(2026, 3, 14, 13, 0, tzinfo=UTC)
EXPIRATION = "2026-03-14T13:00:00.000Z"


def encoded(document: object) -> str:
    return base64.b64encode(json.dumps(document).encode()).decode()


def judge(condition: object, fields: dict[str, str] | None = None, now: datetime = END) -> None:
    policy = parse_policy(encoded({"expiration": EXPIRATION, "conditions": [condition]}))
    policy.judge(Fields.of(fields or {}), bucket="b", now=now)


@pytest.mark.parametrize(
    ("condition", "fields"),
    [
        ({"bucket": "b"}, {}),
        ({"KEY": "k"}, {"key": "k"}),
        (["eq", "$bucket", "b"], {}),
        (["eq", "$Key", "k"], {"key": "k"}),
        (["starts-with", "$key", "user/"], {"key": "user/a"}),
        (["starts-with", "$key", ""], {}),
        (["in", "$content-type", ["image/jpg", "text/plain"]], {"content-type": "text/plain"}),
        (["not-in", "$cache-control", ["no-cache"]], {"cache-control": "private"}),
        (["not-in", "$cache-control", ["no-cache"]], {}),
        (["eq", "$content-type", "a/b"], {"content-type": "c/d", "x-oss-content-type": "a/b"}),
    ],
)
def test_conditions_that_hold(condition: object, fields: dict[str, str]) -> None:
    judge(condition, fields)


@pytest.mark.parametrize(
    ("condition", "fields", "named"),
    [
        ({"bucket": "other"}, {}, '["eq", "$bucket", "other"]'),
        ({"key": "k"}, {"key": "K"}, '["eq", "$key", "k"]'),
        (["eq", "$success-action", "200"], {}, '["eq", "$success-action", "200"]'),
        (["starts-with", "$key", "ü/"], {"key": "other/a"}, '["starts-with", "$key", "ü/"]'),
        (["starts-with", "$key", "user/"], {}, '["starts-with", "$key", "user/"]'),
        (["in", "$key", ["a", "b"]], {"key": "c"}, '["in", "$key", ["a", "b"]]'),
        (["in", "$key", ["a"]], {}, '["in", "$key", ["a"]]'),
        (["not-in", "$key", ["a"]], {"key": "a"}, '["not-in", "$key", ["a"]]'),
        (
            ["eq", "$content-type", "image/png"],
            {"content-type": "image/png", "x-oss-content-type": "text/html"},
            '["eq", "$content-type", "image/png"]',
        ),
    ],
)
def test_a_condition_that_fails_is_named(condition: object, fields: dict[str, str], named: str) -> None:
    with pytest.raises(errors.AccessDenied) as caught:
        judge(condition, fields)
    assert caught.value.message == f"Invalid according to Policy: Policy Condition failed: {named}"
    assert (caught.value.status, caught.value.ec) == (403, "0006-00000227")


def test_what_may_not_be_does_not_come_about_otherwise() -> None:
    page = parse_policy(encoded({"expiration": EXPIRATION, "conditions": [["not-in", "$key", ["a/index.html"]]]}))
    fields = Fields.of({"key": "a/${filename}"})
    page.judge(fields, bucket="b", now=END, file_name="cat.jpg")
    with pytest.raises(errors.AccessDenied):
        page.judge(fields, bucket="b", now=END, file_name="index.html")
    for field in ("content-type", "x-oss-content-type"):
        condition = ["not-in", f"${field}", ["text/html"]]
        typed = parse_policy(encoded({"expiration": EXPIRATION, "conditions": [condition]}))
        for given in ({"content-type": "text/html"}, {"x-oss-content-type": "text/html"}, {}):
            with pytest.raises(errors.AccessDenied):
                typed.judge(Fields.of(given), bucket="b", now=END, file_type="text/html")
            typed.judge(Fields.of(dict.fromkeys(given, "image/png")), bucket="b", now=END, file_type="image/png")


def test_its_last_moment_is_in_time() -> None:
    judge({"bucket": "b"}, now=END)
    with pytest.raises(errors.AccessDenied) as caught:
        judge({"bucket": "b"}, now=END + timedelta(milliseconds=1))
    assert (caught.value.message, caught.value.ec) == (
        "Invalid according to Policy: Policy expired.",
        "0006-00000213",
    )


def test_sizes() -> None:
    ranges = [["content-length-range", 2, 9], ["content-length-range", 1, 5]]
    policy = parse_policy(encoded({"expiration": EXPIRATION, "conditions": ranges}))
    policy.judge_size(1, is_whole=False)
    policy.judge_size(2, is_whole=True)
    policy.judge_size(5, is_whole=True)
    with pytest.raises(errors.EntityTooSmall):
        policy.judge_size(1, is_whole=True)
    with pytest.raises(errors.EntityTooLarge):
        policy.judge_size(6, is_whole=False)


@pytest.mark.parametrize(
    ("document", "ec"),
    [
        ({}, "0006-00000209"),
        ({"expiration": EXPIRATION}, "0006-00000207"),
        ({"conditions": []}, "0006-00000208"),
        ({"expiration": 1, "conditions": []}, "0006-00000210"),
        ({"expiration": "", "conditions": []}, "0006-00000211"),
        ({"expiration": "tomorrow", "conditions": []}, None),
        ({"expiration": "2026-02-30T00:00:00Z", "conditions": []}, None),
        ([], None),
        ("text", None),
        ({"expiration": EXPIRATION, "conditions": {}}, None),
    ],
)
def test_malformed_documents(document: object, ec: str | None) -> None:
    with pytest.raises(errors.InvalidPolicyDocument) as caught:
        parse_policy(encoded(document))
    assert (caught.value.status, caught.value.ec) == (400, ec)


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"bucket": "b", "key": "k"},
        {"key": 1},
        "key",
        [],
        ["eq", "$key"],
        ["eq", "key", "k"],
        ["eq", "$key", ["k"]],
        ["equals", "$key", "k"],
        ["in", "$key", "k"],
        ["in", "$key", [1]],
        [["eq"], "$key", "k"],
        ["content-length-range", 1],
        ["content-length-range", 2, 1],
        ["content-length-range", -1, 1],
        ["content-length-range", "1", "2"],
        ["content-length-range", False, True],
        ["content-length-range", 1, 2, 3],
    ],
)
def test_malformed_conditions(condition: Any) -> None:
    with pytest.raises(errors.InvalidPolicyDocument):
        judge(condition)


@pytest.mark.parametrize(
    "text",
    ["", "%%%", "e30", base64.b64encode(b"{").decode(), base64.b64encode(b"[" * 200_000).decode(), "\udcff", "ü"],
)
def test_what_is_not_base64_of_json(text: str) -> None:
    with pytest.raises(errors.InvalidPolicyDocument):
        parse_policy(text)


def test_lines_of_base64() -> None:
    text = encoded({"expiration": EXPIRATION, "conditions": []})
    assert parse_policy(text[:20] + "\r\n" + text[20:]).expiration == END
