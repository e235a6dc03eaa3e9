"""How `ossicle cp` ends when what it was to move can't be."""

import json
from pathlib import Path
from threading import Event

import pytest

from ossicle.cli.cp import _conclude
from ossicle.cli.moving.runner import run_tasks
from ossicle.cli.moving.showing import JsonLines, Show
from ossicle.cli.moving.tasks import failed
from ossicle.client.failures import ParameterError
from ossicle.client.transfer.failures import UploadError
from tests.support.command_line import ossicle, set_variables


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch) -> None:
    set_variables(monkeypatch, endpoint="http://127.0.0.1:9")


def test_a_single_failure_has_its_summary_in_json() -> None:
    outcome = ossicle("cp", "nothing", "oss://demo/a", "--json")
    told, last = map(json.loads, outcome.stdout.splitlines())
    assert (outcome.status, told["status"], last["summary"]["failed"]) == (1, "failed", 1)
    assert json.loads(outcome.stderr)["error"]["code"] == "FileNotFoundError"


@pytest.mark.parametrize("options", [[], ["-r"]])
@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_a_source_that_is_not_there(options: list[str], dry: list[str]) -> None:
    outcome = ossicle("cp", "nothing", "oss://demo/a", *options, *dry)
    assert outcome.status == 1
    assert "nothing: No such file or directory" in outcome.stderr


def test_two_sources_of_one_target(tmp_path: Path) -> None:
    names = [str(tmp_path / folder / "s.txt") for folder in ("one", "two")]
    for name in names:
        Path(name).parent.mkdir()
        Path(name).write_text("x")
    outcome = ossicle("cp", *names, "oss://demo/same/", "--dry-run")
    assert outcome.status == 1
    assert outcome.stderr.splitlines()[0] == f"would upload {names[0]} -> oss://demo/same/s.txt"
    assert f"upload {names[1]}: will not overwrite what this command has just written" in outcome.stderr


def test_what_is_not_understood_is_told_before_anything_is_done(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    assert ossicle("cp", str(tmp_path / "a"), "oss://demo/a", "--meta", "no-value").status == 2


def test_a_server_that_is_not_there_is_told_once(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"{number}").write_text("x")
    outcome = ossicle("cp", "-r", str(tmp_path), "oss://demo/", "--retry-times", "0", "-q", "-j", "1")
    lines = outcome.stderr.splitlines()
    assert (outcome.status, len(lines)) == (1, 12)
    assert lines[10].startswith("ossicle: stopped: 10 in a row failed")
    assert lines[11].startswith("hint: is a server running there")


def test_what_goes_wrong_on_the_way_was_understood(capsys: pytest.CaptureFixture[str]) -> None:
    error = UploadError("/x", ParameterError("the file ended 3 bytes before the 5 that it had at first"))
    show = Show(is_single=True)
    run_tasks(iter([failed("upload", "x", "oss://demo/x", error)]), show, Event(), jobs=1)
    assert _conclude(show, ("x",), is_single=True, is_interrupted=False) == 1
    assert capsys.readouterr().err == "ossicle: the file ended 3 bytes before the 5 that it had at first\n"


def test_an_interrupt_is_json_where_that_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert _conclude(JsonLines(is_single=True), ("x",), is_single=True, is_interrupted=True) == 130
    captured = capsys.readouterr()
    assert json.loads(captured.out)["summary"]["done"] == 0
    error = json.loads(captured.err)["error"]
    assert (error["code"], error["message"]) == (
        "Interrupted",
        "interrupted; run the same command again with --update to go on (0 done)",
    )
