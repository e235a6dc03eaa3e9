"""Printing: what a terminal would obey is shown as an escape, and JSON is JSON."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ossicle.cli.output import Output, json_text, note, plain, print_json, print_table

RAW = Output(json=False, output_format="raw")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2023, 12, 17, 3, 56, 28, tzinfo=UTC), "2023-12-17T03:56:28Z"),
        (datetime(2023, 12, 17, 3, 56, 28, 5000, tzinfo=UTC), "2023-12-17T03:56:28.005Z"),
        (datetime(2023, 12, 17, 3, 56, 28, tzinfo=timezone(timedelta(hours=8))), "2023-12-16T19:56:28Z"),
        (3, "3"),
    ],
)
def test_plain(value: object, text: str) -> None:
    assert plain(value) == text


@pytest.mark.parametrize(
    ("flag", "word", "is_json"), [(True, "raw", True), (False, "json", True), (False, "raw", False)]
)
def test_two_ways_to_ask_for_json(flag: bool, word: str, is_json: bool) -> None:
    assert Output(json=flag, output_format=word).is_json is is_json


def test_fields_that_are_not_known_are_left_out_for_people_and_null_for_programs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    facts = {"size": 3, "version_id": None, "content_type": "text/plain"}
    RAW.print_fields(facts)
    assert capsys.readouterr().out == "size          3\ncontent type  text/plain\n"
    Output(json=True, output_format="raw").print_fields(facts)
    assert json.loads(capsys.readouterr().out) == facts


def test_what_is_done_is_a_message_for_people_and_data_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    RAW.print_done("made it", {"bucket": "demo"})
    assert capsys.readouterr() == ("", "made it\n")
    Output(json=True, output_format="raw").print_done("made it", {"bucket": "demo"})
    assert capsys.readouterr() == ('{\n  "bucket": "demo"\n}\n', "")


def test_a_name_can_not_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([("1", "a\x1b[2J\x07\u202eb")], (-3,))
    note("x\x1b]0;title\x07y")
    assert capsys.readouterr() == ("  1  a\\x1b[2J\\x07\\u202eb\n", "x\\x1b]0;title\\x07y\n")


def test_json_keeps_every_name(capsys: pytest.CaptureFixture[str]) -> None:
    names = ["ü", "\x1b", "\x7f", "\xa0", "\u202e", "\U000e0001", "\udcff", '"', "\n"]
    print_json(names)
    assert json.loads(capsys.readouterr().out) == names


def test_a_key_with_a_line_end_stays_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([("1", "oss://demo/a\n2  oss://demo/forged")], [1])
    assert capsys.readouterr().out == "1  oss://demo/a\\n2  oss://demo/forged\n"


def test_a_message_can_not_be_made_two_by_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    RAW.print_done("removed oss://demo/a\nremoved oss://demo/b", {})
    RAW.print_fields({"key": "a\nsize  1"})
    assert capsys.readouterr() == ("key  a\\nsize  1\n", "removed oss://demo/a\\nremoved oss://demo/b\n")


@pytest.mark.parametrize(("encoding", "text"), [("ascii", '"\\u00fc"'), ("latin-1", '"\\u00fc"'), ("utf-8", '"ü"')])
def test_json_is_json_in_every_encoding(encoding: str, text: str) -> None:
    assert json_text("ü", encoding) == text
