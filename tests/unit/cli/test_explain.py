"""`ossicle explain`: what it says of requests that were signed rightly and wrongly, for the owner."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ossicle.wire.credentials import Credentials
from ossicle.wire.http import Resource
from ossicle.wire.signing import Version, presign, presign_dated
from tests.support.command_line import Outcome, ossicle, set_variables

SECRET, TOKEN = "ksecret", "a token/with+marks="
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
RESOURCE = Resource(bucket="demo", key=b"a b.txt")
HOST = "demo.oss-cn-hangzhou.aliyuncs.com"


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    set_variables(monkeypatch, endpoint="http://localhost:8880", access_key_secret=SECRET)
    monkeypatch.setenv("HOME", str(tmp_path))


def url(
    *,
    version: Version = Version.V4,
    method: str = "PUT",
    host: str = HOST,
    path: str = "/a%20b.txt",
    headers: dict[str, str] | None = None,
    access_key_id: str = "kid",
    secret: str = SECRET,
    token: str | None = None,
    region: str = "cn-hangzhou",
) -> str:
    credentials = Credentials(access_key_id=access_key_id, access_key_secret=secret, security_token=token)
    given: dict[str, Any] = {
        "method": method,
        "resource": RESOURCE,
        "query": [],
        "headers": list((headers or {}).items()),
        "credentials": credentials,
        "now": NOW,
        "expires": timedelta(minutes=10),
    }
    signed = presign(**given, region=region) if version is Version.V4 else presign_dated(**given, version=version)
    return f"https://{host}{path}?{signed.query}"


def explained(*arguments: str, at: timedelta = timedelta(minutes=1)) -> tuple[int, dict[str, Any]]:
    outcome = ossicle("explain", *arguments, "--json", "--at", (NOW + at).isoformat())
    assert outcome.stderr == ""
    return outcome.status, json.loads(outcome.stdout)


def causes(*arguments: str, at: timedelta = timedelta(minutes=1)) -> list[str]:
    status, found = explained(*arguments, at=at)
    assert status == (1 if found["causes"] else 0)
    return [cause["name"] for cause in found["causes"]]


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST"])
def test_a_url_alone_tells_what_it_is_for(version: Version, method: str) -> None:
    status, found = explained(url(version=version, method=method))
    assert (status, found["let_in"], found["fits"], found["method"]) == (0, True, True, method)
    assert (found["bucket"], found["key"]) == ("demo", "a b.txt")
    assert (found["signature"]["version"], found["signature"]["access_key_id"]) == (version.value, "kid")
    assert found["signature"]["valid_until"] == "2026-03-04T05:16:07Z"


@pytest.mark.parametrize(
    ("host", "path", "more"),
    [
        ("demo.oss-cn-hangzhou-internal.aliyuncs.com", "/a%20b.txt", ()),
        ("demo.oss-accelerate.aliyuncs.com", "/a%20b.txt", ()),
        ("demo.cn-hangzhou.oss.aliyuncs.com", "/a%20b.txt", ()),
        ("oss-cn-hangzhou.aliyuncs.com", "/demo/a%20b.txt", ()),
        ("demo.localhost:8880", "/a%20b.txt", ()),
        ("127.0.0.1:8880", "/demo/a%20b.txt", ()),
        ("demo.storage.example.com", "/a%20b.txt", ()),
        ("storage.example.com", "/demo/a%20b.txt", ()),
        ("files.example.com", "/a%20b.txt", ("--bucket", "demo")),
    ],
)
def test_however_the_bucket_is_addressed(host: str, path: str, more: tuple[str, ...]) -> None:
    assert causes(url(host=host, path=path), *more) == []


def test_headers_that_have_to_be_sent() -> None:
    signed = url(headers={"Content-Type": "text/plain", "x-oss-meta-a": "b"})
    status, found = explained(
        signed, "-X", "PUT", "-H", "x-oss-meta-a: b", "-H", "Content-Type: text/plain", "-H", "K: V"
    )
    assert (status, found["signature"]["signed_headers"]) == (0, {"content-type": "text/plain", "x-oss-meta-a": "b"})
    assert causes(signed, "-X", "PUT", "-H", "x-oss-meta-a: b") == ["content-type-missing"]


@pytest.mark.parametrize(
    ("changes", "arguments", "expected"),
    [
        ({}, ("-X", "GET"), ["method"]),
        ({"access_key_id": "other"}, (), ["other-key"]),
        ({"secret": f"{SECRET}\n"}, (), ["other-secret"]),
        ({"secret": f'"{SECRET}"'}, (), ["other-secret"]),
        ({"secret": "kid"}, (), ["other-secret"]),
        ({"secret": "nobody knows"}, (), ["unknown"]),
        ({"region": "cn-beijing"}, (), ["region"]),
        ({"token": TOKEN}, ("-i", "kid", "-k", SECRET, "-t", TOKEN), []),
        ({"token": TOKEN}, ("-i", "kid", "-k", SECRET, "-t", "another"), ["other-token"]),
        ({}, ("-i", "kid", "-k", SECRET, "-t", TOKEN), ["token-missing"]),
    ],
)
def test_causes(changes: dict[str, Any], arguments: tuple[str, ...], expected: list[str]) -> None:
    assert causes(url(**changes), *arguments) == expected


@pytest.mark.parametrize("version", list(Version))
def test_a_url_that_has_ended(version: Version) -> None:
    assert causes(url(version=version), at=timedelta(minutes=10)) == []
    assert causes(url(version=version), at=timedelta(minutes=10, seconds=1)) == ["expired"]


def test_a_clock_that_is_ahead() -> None:
    assert causes(url(), at=timedelta(minutes=-15)) == []
    assert causes(url(), at=timedelta(minutes=-18)) == ["clock"]


def test_the_secret_of_another_profile(tmp_path: Path) -> None:
    profiles = '[work]\naccess_key_id = "kid2"\naccess_key_secret = "s2"\n'
    (tmp_path / ".ossicle.toml").write_text(profiles)
    (tmp_path / ".ossicle.toml").chmod(0o600)
    assert causes(url(access_key_id="kid2", secret="s2")) == []
    assert causes(url(secret="s2")) == ["other-secret"]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("curl -T f 'URL'", []),
        ("curl -T f URL", ["url-cut"]),
        ("echo hello | curl -T - 'URL'", []),
        ("cd /tmp && echo 'a & b' | sed s/a/b/ | curl -T - 'URL' | cat", []),
        ("echo hello | curl -d @- 'URL'", ["curl-data"]),
        ("echo hello | curl -T - URL", ["url-cut"]),
        ("curl -d x -X PUT 'URL'", ["content-type-form"]),
        ("curl 'URL'", ["method"]),
        ("curl http://localhost/b/k", ["unsigned"]),
    ],
)
def test_curl_commands(command: str, expected: list[str]) -> None:
    assert causes("--curl", command.replace("URL", url())) == expected


def test_a_method_that_nobody_told_is_not_made_up() -> None:
    wrong = url(secret="other")
    told = ossicle("explain", wrong)
    assert told.stdout.splitlines()[0].startswith("request          any method oss://demo/a b.txt"), told.stdout
    assert json.loads(ossicle("explain", wrong, "--json").stdout)["method"] is None
    assert json.loads(ossicle("explain", url(), "--json", "--at", NOW.isoformat()).stdout)["method"] == "PUT"
    assert json.loads(ossicle("explain", wrong, "--json", "--method", "GET").stdout)["method"] == "GET"


def test_a_har_file_is_judged_as_of_its_time(tmp_path: Path) -> None:
    request = {"method": "PUT", "url": url(), "headers": [{"name": "Content-Type", "value": "image/png"}]}
    one = {"startedDateTime": NOW.isoformat(), "request": request, "response": {"status": 403}}
    (tmp_path / "a.har").write_text(json.dumps({"log": {"entries": [one]}}))
    outcome = ossicle("explain", "--har", str(tmp_path / "a.har"), "--json")
    found = json.loads(outcome.stdout)
    assert (outcome.status, [cause["name"] for cause in found["causes"]]) == (1, ["content-type-guessed"])
    assert found["remarks"] == ["request 1 of 1 in the file; it was answered with 403"]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("a", "--curl", "b"),
        ("--curl", "wget x"),
        ("no url",),
        ("--curl", "curl x", "-X", "PUT"),
        ("http://h/", "--at", "x"),
    ],
)
def test_what_is_not_understood(arguments: tuple[str, ...]) -> None:
    outcome = ossicle("explain", *arguments)
    assert (outcome.status, outcome.stdout) == (2, "")


def test_a_person_reads_lines() -> None:
    outcome = ossicle("explain", url(), "--at", NOW.isoformat())
    assert outcome == Outcome(
        0,
        "request          PUT oss://demo/a b.txt at demo.oss-cn-hangzhou.aliyuncs.com\n"
        "signed           V4 in the URL by access key kid, for cn-hangzhou\n"
        "valid            until 2026-03-04T05:16:07Z, for another 10 min\n"
        "send with it     no Content-Type, no Content-MD5, no x-oss-* header\n"
        "signature        fits\n",
        "",
    )


@pytest.mark.parametrize("form", [(), ("--json",)])
@pytest.mark.parametrize("secret", [SECRET, f"{SECRET}\n", "other"])
def test_nothing_told_holds_a_secret_token_or_signature(secret: str, form: tuple[str, ...]) -> None:
    signed = url(secret=secret, token=TOKEN)
    outcome = ossicle("explain", signed, "-i", "kid", "-k", SECRET, "-t", TOKEN, *form)
    told = outcome.stdout + outcome.stderr
    assert not [each for each in (SECRET, TOKEN, signed.rpartition("=")[2]) if each in told]
