"""`ossicle presign`: verbs, options, what is printed. The signatures themselves are the client's matter."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import click
import pytest

from ossicle.cli.code import LANGUAGES
from ossicle.cli.presign import parse_duration
from tests.support.command_line import ossicle, set_variables


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch) -> None:
    set_variables(monkeypatch, endpoint="http://localhost:8880")


def presigned(*arguments: str) -> dict[str, Any]:
    outcome = ossicle("presign", *arguments, "--json")
    assert (outcome.status, outcome.stderr) == (0, "")
    document: dict[str, Any] = json.loads(outcome.stdout)
    return document


def parameters(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def test_the_contracts_example() -> None:
    options = ["--expires", "10m", "--content-type", "text/plain", "--meta", "a=b", "--storage-class", "Standard"]
    before = datetime.now(UTC)
    found = presigned("put", "oss://b-1/k", *options, "--header", "K: V")
    assert list(found) == ["method", "url", "expiration", "signed_headers"]
    assert found["method"] == "PUT"
    assert found["url"].startswith("http://b-1.localhost:8880/k?")
    assert parameters(found["url"])["x-oss-expires"] == "600"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found["expiration"])
    left = datetime.fromisoformat(found["expiration"]) - before
    assert timedelta(seconds=598) <= left <= timedelta(seconds=660)
    assert found["signed_headers"] == {
        "x-oss-storage-class": "Standard",
        "Content-Type": "text/plain",
        "x-oss-meta-a": "b",
        "K": "V",
    }


def test_data_is_the_url_and_the_headers_are_a_message() -> None:
    outcome = ossicle("presign", "put", "oss://demo/k", "--content-type", "text/plain")
    assert outcome.stdout.startswith("http://demo.localhost:8880/k?")
    assert outcome.stdout.count("\n") == 1
    assert outcome.stderr == "send with it, exactly:\n  Content-Type: text/plain\n"


def test_without_a_verb_it_is_a_get() -> None:
    outcome = ossicle("presign", "oss://demo/k")
    assert (outcome.status, outcome.stderr) == (0, "")
    assert presigned("oss://demo/k")["method"] == "GET"


@pytest.mark.parametrize(
    ("verb", "options", "method", "more"),
    [
        ("get", ["--version-id", "null"], "GET", {"versionId": "null"}),
        ("GET", [], "GET", {}),
        ("put", [], "PUT", {}),
        ("head", [], "HEAD", {}),
        ("initiate", ["--content-type", "text/plain"], "POST", {"uploads": ""}),
        ("part", ["--upload-id", "U", "--part-number", "3"], "PUT", {"partNumber": "3", "uploadId": "U"}),
        ("complete", ["--upload-id", "U"], "POST", {"uploadId": "U"}),
        ("abort", ["--upload-id", "U"], "DELETE", {"uploadId": "U"}),
        ("delete", ["--version-id", "V"], "DELETE", {"versionId": "V"}),
        ("get", ["--query-param", "x-oss-process=image/resize,w_1", "--query-param", "x="], "GET", {"x": ""}),
    ],
)
def test_verbs(verb: str, options: list[str], method: str, more: dict[str, str]) -> None:
    found = presigned(verb, "oss://demo/k", *options)
    assert found["method"] == method
    assert parameters(found["url"]).items() >= more.items()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["oss://demo"], "names no object"),
        (["put", "demo/k"], "is not oss://BUCKET/KEY"),
        (["post", "oss://demo/k"], "'post' is none of get, put"),
        (["put", "oss://demo/k", "oss://demo/l"], "one object at a time"),
        (["part", "oss://demo/k"], "part needs --part-number and --upload-id"),
        (["part", "oss://demo/k", "--upload-id", "U", "--part-number", "0"], "--part-number"),
        (["abort", "oss://demo/k"], "abort needs --upload-id"),
        (["get", "oss://demo/k", "--content-type", "text/plain"], "--content-type does not go with get"),
        (["head", "oss://demo/k", "--meta", "a=b"], "--meta does not go with head"),
        (["put", "oss://demo/k", "--meta", "a"], "'name=value'"),
        (["put", "oss://demo/k", "-H", "a"], "'Name: value'"),
        (["put", "oss://demo/k", "-H", "a: 1", "-H", "A: 2"], "given twice"),
        (["put", "oss://demo/k", "--file", "x"], "--file goes with --curl or --code"),
        (["put", "oss://demo/k", "--code", "python", "--curl"], "give --curl or --code, not both"),
        (["put", "oss://demo/k", "--code", "perl"], "'perl' is not one of 'python', 'go', 'java', 'node', 'browser'"),
        (["oss://demo/k", "--code", "python"], "--code goes with put, not with get"),
        (["get", "oss://demo/k", "--code", "curl"], "--code goes with put, not with get"),
        (["part", "oss://demo/k", "--upload-id", "U", "--part-number", "1", "--code", "go"], "--code goes with put"),
        (["put", "oss://demo/k", "--code", "browser", "--file", "x"], "--file does not go with --code browser"),
        (["put", "oss://demo/k", "--code", "android", "--meta", "a=ü"], "use ASCII"),
        (["put", "oss://demo/k", "--complete-all"], "--complete-all does not go with put"),
        (["put", "oss://demo/k", "--expires", "soon"], "'soon' is not a time"),
        (["put", "oss://demo/k", "--expires", "8d"], "at most 7 days"),
        (["put", "oss://demo/k", "--expires", "0"], "at least 1 second"),
        (["put", "oss://demo/k", "--read-timeout", "5"], "No such option"),
        (["put", "oss://demo/k", "--meta", "a=b\nc"], "control character"),
        (["put", "oss://demo/k", "-H", "a: b\x01c"], "control character"),
        (["put", "oss://demo/k", "-H", "a b: 1"], "not a header name"),
        (["put", f"oss://demo/{'k' * 1024}"], "Object name"),
    ],
)
def test_what_can_not_be_signed_is_told_in_one_line(arguments: list[str], told: str) -> None:
    outcome = ossicle("presign", *arguments)
    assert (outcome.status, outcome.stdout) == (2, "")
    assert told in outcome.stderr
    assert outcome.stderr.count("\n") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_program_is_all_that_is_printed(language: str) -> None:
    options = ["put", "oss://demo/k", "--content-type", "text/plain", "--code", language]
    outcome = ossicle("presign", *options)
    assert (outcome.status, outcome.stderr) == (0, "")
    assert outcome.stdout.count('"text/plain"') == 1
    document = presigned(*options)
    assert list(document) == ["method", "url", "expiration", "signed_headers", "code"]
    assert LANGUAGES[language].literal(document["url"]) in document["code"]
    assert outcome.stdout.count("\n") == document["code"].count("\n") + 1


def test_code_for_curl_is_the_curl_line() -> None:
    document = presigned("put", "oss://demo/k", "--code", "curl", "--file", "a.txt")
    assert document["code"] == f"curl -sS --fail-with-body -T a.txt '{document['url']}'"
    document = presigned("put", "oss://demo/k", "--curl", "--file", "a.txt")
    assert document["curl"] == f"curl -sS --fail-with-body -T a.txt '{document['url']}'"
    line = ossicle("presign", "put", "oss://demo/k", "--code", "curl").stdout
    assert line.startswith("curl -sS --fail-with-body -T - 'http://demo.localhost:8880/k?")
    assert line.count("\n") == 1


def test_complete_all_is_signed() -> None:
    found = presigned("complete", "oss://demo/k", "--upload-id", "U", "--complete-all", "--curl")
    assert found["signed_headers"] == {"x-oss-complete-all": "yes"}
    assert " -T " not in found["curl"]


@pytest.mark.parametrize("option", ["--expires", "--expires-duration"])
def test_ossutils_name_for_the_lifetime(option: str) -> None:
    assert parameters(presigned("oss://demo/k", option, "7d")["url"])["x-oss-expires"] == "604800"


def test_ossutils_name_for_json() -> None:
    outcome = ossicle("presign", "oss://demo/k", "--output-format", "json")
    assert json.loads(outcome.stdout)["method"] == "GET"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("600", 600), ("0", 0), ("90s", 90), ("10m", 600), ("2h30m", 9000), ("7d", 604800), ("1w", 604800)],
)
def test_durations(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "-1", "1.5h", "10 m", "m", "10M", "٣", "1" * 10, "9" * 12 + "w"])
def test_no_durations(text: str) -> None:
    with pytest.raises(click.BadParameter):
        parse_duration(text)


@pytest.mark.parametrize(
    ("options", "address"),
    [
        (["--path-style"], "http://localhost:8880/demo/k"),
        (["--addressing-style", "path"], "http://localhost:8880/demo/k"),
        (["--cname"], "http://localhost:8880/k"),
        (["--addressing-style", "cname"], "http://localhost:8880/k"),
        (["-e", "oss.example.com"], "https://demo.oss.example.com/k"),
        (["-e", ""], "https://demo.oss-cn-hangzhou.aliyuncs.com/k"),
        (["-e", "", "--region", "cn-beijing"], "https://demo.oss-cn-beijing.aliyuncs.com/k"),
    ],
)
def test_addresses(options: list[str], address: str) -> None:
    assert presigned("oss://demo/k", *options)["url"].partition("?")[0] == address


@pytest.mark.parametrize("option", ["--security-token", "--sts-token", "-t"])
def test_keys_from_options_and_a_token(option: str) -> None:
    found = parameters(presigned("oss://demo/k", "-i", "ID", "-k", "SECRET", option, "TOKEN")["url"])
    assert found["x-oss-credential"].startswith("ID/")
    assert found["x-oss-security-token"] == "TOKEN"


def test_the_session_token_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSS_SESSION_TOKEN", "TOKEN")
    assert parameters(presigned("oss://demo/k")["url"])["x-oss-security-token"] == "TOKEN"


def test_the_secret_is_in_no_output() -> None:
    outcomes = [ossicle("presign", "oss://demo/k"), ossicle("presign", "put", "oss://demo/k", "--expires", "9d")]
    assert all("ksecret" not in outcome.stdout + outcome.stderr for outcome in outcomes)


def test_the_signature_of_before() -> None:
    found = parameters(presigned("oss://demo/k", "--sign-version", "v1", "-t", "", "--expires", "30d")["url"])
    assert found.keys() == {"OSSAccessKeyId", "Expires", "Signature"}
    refused = ossicle("presign", "put", "oss://demo/k", "--sign-version", "v1", "-H", "Cache-Control: no-cache")
    assert (refused.status, refused.stdout) == (2, "")
    assert "v1 signs no additional headers, such as cache-control" in refused.stderr
    assert ossicle("presign", "oss://demo/k", "--sign-version", "v3").status == 2


def test_the_signature_of_before_names_no_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OSS_REGION")
    assert ossicle("presign", "oss://demo/k", "--sign-version", "v1").status == 0
    assert ossicle("presign", "oss://demo/k").status == 2
