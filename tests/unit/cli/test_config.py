"""`ossicle config`, and which of flag, environment and profile is used."""

import io
import json
import sys
from pathlib import Path

import pytest

from tests.support.command_line import Outcome, ossicle

SECRET = "do-not-print-me"
PROFILE = f"""\
[default]
endpoint = "http://home:8880"
region = "cn-home"
access-key-id = "home-id"
access-key-secret = "{SECRET}"
security-token = "{SECRET}"
addressing-style = "path"
[other]
region = "cn-other"
"""


@pytest.fixture
def profiles(home: Path) -> Path:
    path = home / ".ossicle.toml"
    path.write_text(PROFILE)
    path.chmod(0o600)
    return path


def settings(*arguments: str) -> dict[str, tuple[object, object]]:
    outcome = ossicle("config", "list", "--json", *arguments)
    assert outcome.status == 0, outcome.stderr
    found = json.loads(outcome.stdout)["settings"]
    return {key: (each["value"], each["from"]) for key, each in found.items() if each["is_set"]}


def test_a_profile_says_everything(profiles: Path) -> None:
    source = "~/.ossicle.toml [default]"
    assert settings() == {
        "endpoint": ("http://home:8880", source),
        "region": ("cn-home", source),
        "access-key-id": ("home-id", source),
        "access-key-secret": (None, source),
        "security-token": (None, source),
        "addressing-style": ("path", source),
    }


def test_flag_before_environment_before_profile(profiles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSS_REGION", "cn-env")
    monkeypatch.setenv("OSS_ENDPOINT", "http://env")
    found = settings("--endpoint", "http://flag")
    assert found["endpoint"] == ("http://flag", "--endpoint")
    assert found["region"] == ("cn-env", "OSS_REGION")
    assert found["access-key-id"] == ("home-id", "~/.ossicle.toml [default]")
    assert settings("--cname")["addressing-style"] == ("cname", "--addressing-style")


def test_keys_of_two_places_are_never_mixed(profiles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token of the profile with a key of the environment would be refused, and nobody would see why."""
    monkeypatch.setenv("OSS_ACCESS_KEY_ID", "env-id")
    monkeypatch.setenv("OSS_ACCESS_KEY_SECRET", "env-secret")
    found = settings()
    assert found["access-key-id"] == ("env-id", "OSS_ACCESS_KEY_ID")
    assert found["access-key-secret"] == (None, "OSS_ACCESS_KEY_SECRET")
    assert "security-token" not in found
    monkeypatch.delenv("OSS_ACCESS_KEY_SECRET")
    outcome = ossicle("ls")
    assert (outcome.status, "missing --access-key-secret" in outcome.stderr) == (2, True)


def test_a_profile_by_name(profiles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings("-p", "other") == {
        "region": ("cn-other", "~/.ossicle.toml [other]"),
        "addressing-style": ("virtual", "default"),
    }
    monkeypatch.setenv("OSSICLE_PROFILE", "other")
    assert settings()["region"] == ("cn-other", "~/.ossicle.toml [other]")
    assert settings("-p", "default")["region"] == ("cn-home", "~/.ossicle.toml [default]")


def test_a_profile_that_is_missing_is_told_in_one_line(profiles: Path) -> None:
    outcome = ossicle("ls", "--profile", "prod")
    assert (outcome.status, outcome.stdout, outcome.stderr.count("\n")) == (2, "", 1)
    assert "no profile 'prod'" in outcome.stderr
    assert "there are: default, other" in outcome.stderr


def test_presign_takes_its_keys_from_a_profile(profiles: Path) -> None:
    outcome = ossicle("presign", "put", "oss://demo/k")
    assert outcome.status == 0, outcome.stderr
    assert outcome.stdout.startswith("http://home:8880/demo/k?")
    assert "home-id%2F" in outcome.stdout


def test_where_the_file_is(home: Path, tmp_path: Path) -> None:
    assert ossicle("config", "path").stdout == f"{home}/.ossicle.toml\n"
    assert json.loads(ossicle("config", "path", "--json").stdout) == {"path": f"{home}/.ossicle.toml"}
    assert ossicle("config", "path", "--config-file", "/x.toml").stdout == "/x.toml\n"


def test_one_value(profiles: Path) -> None:
    assert ossicle("config", "get", "region").stdout == "cn-home\n"
    assert json.loads(ossicle("config", "get", "region", "--json").stdout) == {"region": "cn-home"}
    missing = ossicle("config", "get", "endpoint", "-p", "other")
    assert (missing.status, "endpoint is not set" in missing.stderr) == (2, True)


@pytest.mark.parametrize("key", ["access-key-secret", "security-token"])
def test_no_secret_is_ever_printed(profiles: Path, key: str) -> None:
    outcomes = [
        ossicle("config", "get", key),
        ossicle("config", "get", key, "--json"),
        ossicle("config", "list"),
        ossicle("config", "list", "--json"),
    ]
    assert outcomes[0].status == 2
    assert f"{key} is never printed; it is set" in outcomes[0].stderr
    assert all(SECRET not in outcome.stdout + outcome.stderr for outcome in outcomes)


def test_a_list_for_people(profiles: Path) -> None:
    outcome = ossicle("config", "list")
    assert outcome.stdout.splitlines()[0].split() == ["endpoint", "http://home:8880", "~/.ossicle.toml", "[default]"]
    assert outcome.stdout.splitlines()[3].split() == ["access-key-secret", "(set)", "~/.ossicle.toml", "[default]"]
    assert outcome.stderr == "profiles: default, other\n"


def typed(monkeypatch: pytest.MonkeyPatch, text: str, *arguments: str) -> Outcome:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    return ossicle("config", *arguments)


def test_set_makes_a_file_of_the_owner_s_alone(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ossicle("config", "set", "endpoint", "http://h:1").status == 0
    assert typed(monkeypatch, f"{SECRET}\n", "set", "access-key-secret").status == 0
    path = home / ".ossicle.toml"
    assert path.read_text() == f'[default]\nendpoint = "http://h:1"\naccess-key-secret = "{SECRET}"\n'
    assert path.stat().st_mode & 0o777 == 0o600


def test_set_in_another_file_and_profile(tmp_path: Path) -> None:
    path = tmp_path / "new.toml"
    outcome = ossicle("config", "set", "region", "r", "-p", "ci", "--config-file", str(path), "--json")
    assert json.loads(outcome.stdout) == {"path": str(path), "profile": "ci", "key": "region"}
    assert path.read_text() == '[ci]\nregion = "r"\n'


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("set", "access-key-secret", SECRET), "others can see arguments"),
        (("set", "security-token", SECRET), "others can see arguments"),
        (("set", "nothing", "x"), "'nothing' is none of endpoint"),
        (("set",), "name one of endpoint"),
        (("get",), "name one of"),
        (("set", "region"), "region is empty"),
        (("list", "x"), "'x' is too much"),
        (("path", "x"), "'x' is too much"),
        (("remove", "x"), "'remove' is not one of"),
        ((), "nobody can be asked here"),
        (("set", "addressing-style", "x"), "addressing-style is one of"),
    ],
)
def test_what_is_not_understood(
    home: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], told: str
) -> None:
    outcome = typed(monkeypatch, "", *arguments)
    assert (outcome.status, outcome.stdout, outcome.stderr.count("\n")) == (2, "", 1)
    assert told in outcome.stderr
    assert SECRET not in outcome.stderr
    assert list(home.iterdir()) == []
