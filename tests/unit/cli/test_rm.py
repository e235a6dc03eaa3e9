"""What `ossicle rm` asks, and what it does when one of several fails."""

import json

import pytest

from ossicle.cli import questions
from ossicle.cli.failures import Refused
from tests.support.command_line import ossicle, set_variables

DEAD = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch) -> None:
    set_variables(monkeypatch, endpoint=DEAD)


@pytest.mark.parametrize(
    ("options", "question"),
    [
        ([], "remove everything in oss://demo/p/...?"),
        (["--include", "*.log"], "remove everything that matches in oss://demo/p/...?"),
        (["--all-versions"], "remove all versions of everything in oss://demo/p/...?"),
    ],
)
def test_the_question_says_what_would_go(monkeypatch: pytest.MonkeyPatch, options: list[str], question: str) -> None:
    asked: list[str] = []

    def say_no(text: str, *, is_sure: bool) -> None:
        asked.append(text)
        raise Refused("nothing was done")

    monkeypatch.setattr(questions, "confirm", say_no)
    assert ossicle("rm", "-r", "oss://demo/p/", *options).status == 1
    assert asked == [question]


def test_every_name_is_tried() -> None:
    outcome = ossicle("rm", "oss://demo/a", "oss://demo/b", "--retry-times", "0")
    assert outcome.status == 1
    assert [line.partition(f": {DEAD}")[0] for line in outcome.stderr.splitlines()] == [
        "ossicle: remove oss://demo/a",
        "ossicle: remove oss://demo/b",
    ]


@pytest.mark.parametrize("names", [["oss://demo/a"], ["oss://demo/a", "oss://demo/b"]])
def test_json_tells_what_was_removed_also_after_a_failure(names: list[str]) -> None:
    outcome = ossicle("rm", *names, "--json", "--retry-times", "0")
    assert outcome.status == 1
    assert json.loads(outcome.stdout) == {"removed": [], "dry_run": False}
    told = [json.loads(line)["error"] for line in outcome.stderr.splitlines()]
    assert [each["code"] for each in told] == ["ConnectionFailed"] * len(names)
    if len(names) > 1:
        assert [each["source"] for each in told] == names
