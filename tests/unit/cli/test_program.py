"""The program itself: its commands, how failures are told, and what start-up may load."""

import json
import os
import subprocess
import sys
from importlib import import_module

import click
import pytest

from ossicle._version import __version__
from ossicle.cli import program as program_module
from ossicle.cli.program import COMMANDS
from ossicle.client.failures import ConfigError, CredentialsError
from ossicle.wire.errors import NoSuchKey
from tests.support.command_line import ossicle, set_variables


def test_version() -> None:
    assert ossicle("--version").stdout == f"ossicle {__version__}\n"


def test_help_lists_every_command() -> None:
    outcome = ossicle("--help")
    assert outcome.status == 0
    for name in COMMANDS:
        assert f"\n  {name} " in outcome.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    outcome = ossicle(name, "--help")
    assert (outcome.status, outcome.stderr) == (0, "")
    assert outcome.stdout.startswith(f"Usage: ossicle {name} ")


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"serve", "cat", "completion"}))
def test_every_command_that_prints_facts_can_print_json(name: str) -> None:
    """`serve` runs until it is stopped, `cat` prints the object itself, and `completion` what a shell reads."""
    command: click.Command = getattr(import_module(f"ossicle.cli.{name}"), name)
    for each in command.commands.values() if isinstance(command, click.Group) else (command,):
        flags = {flag for parameter in each.params for flag in parameter.opts}
        assert {"--json", "--output-format"} <= flags, each.name


def test_without_a_command_the_help_is_shown_as_a_message() -> None:
    outcome = ossicle()
    assert (outcome.status, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith("Usage: ossicle")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["bm", "oss://demo"], "No such command 'bm'"),
        (["mb"], "Missing argument 'oss://BUCKET'"),
        (["mb", "oss://demo", "--no-such-option"], "No such option"),
        (["mb", "demo"], "'demo' is not oss://BUCKET/KEY"),
        (["mb", "oss://demo/key"], "is not oss://BUCKET"),
        (["mb", "oss://"], "is not oss://BUCKET"),
        (["rm", "oss://demo"], "names no object"),
        (["rm", "oss:///key"], "names no bucket"),
        (["stat", "oss://"], "name a bucket or an object"),
        (["ls", "--output-format", "table"], "'table' is not one of"),
        (["ls", "--connect-timeout", "0"], "--connect-timeout"),
        (["stat", "oss://demo", "--version-id", "x"], "--version-id goes with oss://BUCKET/KEY"),
        (["rm", "oss://demo/a", "oss://demo/b", "--version-id", "x"], "goes with one name"),
        (["rm", "oss://demo/a", "--all-versions", "--version-id", "x"], "goes with one name"),
        (["rm", "oss://demo/a", "--all-versions", "--uploads"], "uploads have no versions"),
        (["ls", "--all-versions"], "--all-versions goes with oss://BUCKET"),
        (["ls", "oss://demo", "--all-versions", "-m"], "--all-versions goes with oss://BUCKET"),
        (["cp", "file", "oss://demo/k", "--version-id", "x"], "--version-id is of one object"),
        (["cp", "-r", "oss://demo/k", "there", "--version-id", "x"], "--version-id is of one object"),
        (["cat", "oss://demo/k", "--range", "abc"], "--range 'abc' is not a range of bytes"),
        (["cat", "oss://demo/k", "--range", "3-1"], "--range '3-1' is not"),
        (["cat", "oss://demo/k", "--range", ""], "--range '' is not"),
        (["mb", "oss://Demo"], "The specified bucket is not valid"),
        (["ls", "--region", "a b"], "region 'a b'"),
        (["ls", "--endpoint", "ftp://h"], "neither http nor https"),
    ],
)
def test_what_is_not_understood_is_one_line_and_2(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    set_variables(monkeypatch, endpoint="http://127.0.0.1:9")
    outcome = ossicle(*arguments)
    assert (outcome.status, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith("ossicle: ")
    assert told in outcome.stderr
    assert outcome.stderr.count("\n") == 1


def test_a_usage_error_says_where_the_help_is() -> None:
    assert ossicle("mb").stderr.endswith("(see: ossicle mb --help)\n")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ((), "missing --access-key-id (OSS_ACCESS_KEY_ID) and --access-key-secret (OSS_ACCESS_KEY_SECRET)"),
        (("OSS_ACCESS_KEY_ID",), "missing --access-key-secret (OSS_ACCESS_KEY_SECRET)"),
    ],
)
def test_missing_keys_are_named(monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...], told: str) -> None:
    set_variables(monkeypatch, endpoint="http://127.0.0.1:9")
    for name in ("OSS_ACCESS_KEY_ID", "OSS_ACCESS_KEY_SECRET"):
        if name not in given:
            monkeypatch.delenv(name)
    outcome = ossicle("ls")
    assert outcome.status == 2
    assert outcome.stderr.splitlines() == [f"ossicle: {told}", "hint: `ossicle config` keeps them in a profile"]


def failing(error: BaseException) -> click.Command:
    def fail() -> None:
        raise error

    return click.Command("fail", callback=fail)


def refusal() -> NoSuchKey:
    error = NoSuchKey("The specified key does not exist.")
    error.request_id = "RID"
    return error


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (refusal(), 1, "ossicle: NoSuchKey (404): The specified key does not exist; request id RID\n"),
        (NoSuchKey("gone\nfor\x1b[31m good"), 1, "ossicle: NoSuchKey (404): gone for\\x1b[31m good\n"),
        (ConfigError("no region"), 2, "ossicle: no region\n"),
        (CredentialsError("nobody"), 2, "ossicle: nobody\n"),
        (FileNotFoundError(2, "No such file or directory", "x.txt"), 1, "ossicle: x.txt: No such file or directory\n"),
        (KeyError("x"), 1, "ossicle: unexpected KeyError: 'x'; please report this\n"),
        (KeyboardInterrupt(), 130, "ossicle: interrupted\n"),
    ],
)
def test_failures_are_one_line(monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int, told: str) -> None:
    monkeypatch.setattr(program_module, "program", failing(error))
    outcome = ossicle()
    assert (outcome.status, outcome.stdout) == (status, "")
    assert outcome.stderr.lstrip("\n") == told


def test_a_hint_stands_below_the_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    error = refusal()
    error.add_note("look elsewhere")
    monkeypatch.setattr(program_module, "program", failing(error))
    assert ossicle().stderr.splitlines()[1] == "hint: look elsewhere"


def test_failures_are_objects_where_json_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    error = refusal()
    error.add_note("look elsewhere")
    monkeypatch.setattr(program_module, "_wants_json", lambda arguments: True)
    monkeypatch.setattr(program_module, "program", failing(error))
    outcome = ossicle()
    assert (outcome.status, outcome.stdout, outcome.stderr.count("\n")) == (1, "", 1)
    assert json.loads(outcome.stderr) == {
        "error": {
            "code": "NoSuchKey",
            "status": 404,
            "message": "The specified key does not exist.",
            "request_id": "RID",
            "hints": ["look elsewhere"],
        }
    }


def test_an_interrupt_is_an_object_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program_module, "_wants_json", lambda arguments: True)
    monkeypatch.setattr(program_module, "program", failing(KeyboardInterrupt()))
    outcome = ossicle()
    assert (outcome.status, outcome.stdout) == (130, "")
    error = json.loads(outcome.stderr)["error"]
    assert (error["code"], error["message"]) == ("Interrupted", "interrupted")


@pytest.mark.parametrize("asked", [["--json"], ["--output-format", "json"], ["--output-format=json"]])
def test_a_command_that_is_not_understood_is_told_in_json_too(asked: list[str]) -> None:
    outcome = ossicle("stat", "nothing", *asked)
    assert (outcome.status, outcome.stdout) == (2, "")
    error = json.loads(outcome.stderr)["error"]
    assert (error["code"], error["status"], error["request_id"]) == ("UsageError", None, None)
    assert "'nothing' is not oss://BUCKET/KEY" in error["message"]


# Coverage, where it watches a process, imports things of its own.
UNMEASURED = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
LOADED = """
import sys
from ossicle.cli.program import run
status = run({arguments!r})
print(status, [name for name in {heavy!r} if name in sys.modules], file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["--help"], ["ossicle.client", "ossicle.edge", "httpcore", "uvicorn", "rich", "asyncio", "sqlite3"]),
        (["cp", "--help"], ["ossicle.client", "ossicle.wire", "httpcore", "rich", "asyncio"]),
        (["--version"], ["ossicle.client", "ossicle.app", "httpcore", "uvicorn", "rich", "asyncio"]),
        (
            ["presign", "oss://demo/a", "-i", "id", "-k", "secret", "--region", "cn-hangzhou"],
            ["ossicle.app", "ossicle.edge", "httpcore", "uvicorn", "rich", "asyncio", "ssl", "sqlite3"],
        ),
        (["serve", "--help"], ["uvicorn", "ossicle.edge", "ossicle.stores", "httpcore"]),
    ],
)
def test_a_command_loads_what_it_needs_and_no_more(arguments: list[str], heavy: list[str]) -> None:
    script = LOADED.format(arguments=arguments, heavy=heavy)
    finished = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, env=UNMEASURED
    )
    assert finished.stderr == "0 []\n"
