"""Policies built from options."""

import io
import json
from typing import Any

import click
import pytest

from ossicle.cli.statements import Statements
from ossicle.model.policy import parse_ram_policy


def statements(**given: Any) -> Statements:
    none: dict[str, Any] = {"file": None, "allow": (), "deny": (), "on": (), "list_in": (), "from_ip": ()}
    return Statements(**none | given)


def built(**given: Any) -> list[dict[str, Any]]:
    document = statements(**given).document()
    parse_ram_policy(document.encode())
    found: list[dict[str, Any]] = json.loads(document)["Statement"]
    return found


def test_what_may_be_done_where() -> None:
    assert built(allow=("PutObject", "oss:Get*"), on=("b/a/*", "oss://b/c", "acs:oss:*:*:d/*", "*")) == [
        {
            "Effect": "Allow",
            "Action": ["oss:PutObject", "oss:Get*"],
            "Resource": ["acs:oss:*:*:b/a/*", "acs:oss:*:*:b/c", "acs:oss:*:*:d/*", "*"],
        }
    ]


@pytest.mark.parametrize(
    ("place", "bucket", "prefix"),
    [("b/a/", "b", "a/*"), ("oss://b/a", "b", "a*"), ("b/a/*", "b", "a/*"), ("b", "b", "*")],
)
def test_what_may_be_listed(place: str, bucket: str, prefix: str) -> None:
    assert built(list_in=(place,)) == [
        {
            "Effect": "Allow",
            "Action": ["oss:ListObjects"],
            "Resource": [f"acs:oss:*:*:{bucket}"],
            "Condition": {"StringLike": {"oss:Prefix": [prefix]}},
        }
    ]


def test_addresses_bind_what_is_allowed_and_not_what_is_denied() -> None:
    found = built(allow=("*",), deny=("DeleteObject",), on=("b/*",), list_in=("b/a/",), from_ip=("10.0.0.0/8",))
    where = {"IpAddress": {"acs:SourceIp": ["10.0.0.0/8"]}}
    assert [(each["Effect"], each.get("Condition")) for each in found] == [
        ("Allow", where),
        ("Deny", None),
        ("Allow", {"StringLike": {"oss:Prefix": ["a/*"]}, **where}),
    ]


def test_a_file_is_taken_as_it_is() -> None:
    assert statements(file=io.BytesIO(b"{ }\n")).document() == "{ }\n"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"allow": ("x",)},
        {"deny": ("x",)},
        {"on": ("b",)},
        {"from_ip": ("10.0.0.1",)},
        {"deny": ("x",), "on": ("b",), "from_ip": ("10.0.0.1",)},
        {"on": ("b",), "list_in": ("b/a/",)},
        {"file": io.BytesIO(b""), "allow": ("x",), "on": ("b",)},
    ],
)
def test_what_says_nothing_or_two_things_is_not_understood(given: dict[str, Any]) -> None:
    with pytest.raises(click.UsageError):
        statements(**given).document()


@pytest.mark.parametrize(
    ("action", "meant"),
    [
        ("PutObjekt", "oss:PutObject"),
        ("oss:DeletObject", "oss:DeleteObject"),
        ("ram:CreateUsers", "ram:CreateUser"),
        ("sts:AssumeRoles", "sts:AssumeRole"),
        ("oss:Qwerty*", ""),
    ],
)
def test_an_action_that_is_none(action: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(click.BadParameter, match=f"no request needs the action .*{action.rstrip('*')}") as failure:
        statements(deny=(action,), on=("b/*",)).document()
    assert f"({meant}?)" in failure.value.message if meant else "?" not in failure.value.message
    name = action if ":" in action else f"oss:{action}"
    raw = json.dumps({"Version": "1", "Statement": [{"Effect": "Deny", "Action": [name, "oss:Get*"], "Resource": "*"}]})
    assert statements(file=io.BytesIO(raw.encode())).document() == raw
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert f"the action {name}" in told


@pytest.mark.parametrize(
    "action",
    ["getobject", "oss:GetObjectVersionAcl", "Get*", "oss:?etObject", "*", "ram:*", "sts:AssumeRole", "kms:Decrypt"],
)
def test_an_action_that_there_is(action: str, capsys: pytest.CaptureFixture[str]) -> None:
    statements(allow=(action,), on=("b/*",)).document()
    raw = json.dumps({"Version": "1", "Statement": [{"Effect": "Deny", "NotAction": action, "Resource": "*"}]})
    statements(file=io.BytesIO(raw.encode())).document()
    assert capsys.readouterr().err == ""
