"""Who may assume a role."""

import json

import pytest

from ossicle.model.policy import PolicyError
from ossicle.model.ram import parse_trust_policy

ACCOUNT = "1234567890123456"
ROOT, ANN, BOB = f"acs:ram::{ACCOUNT}:root", f"acs:ram::{ACCOUNT}:user/ann", f"acs:ram::{ACCOUNT}:user/bob"


def statement(*names: str, effect: str = "Allow", **more: object) -> dict[str, object]:
    return {"Effect": effect, "Action": "sts:AssumeRole", "Principal": {"RAM": list(names)}, **more}


def policy(*statements: object, version: str = "1") -> str:
    return json.dumps({"Version": version, "Statement": list(statements)})


@pytest.mark.parametrize(
    ("statements", "ann", "bob"),
    [
        ([statement(ROOT)], True, True),
        ([statement(ANN)], True, False),
        ([statement(ROOT), statement(ANN, effect="Deny")], False, True),
        ([statement("acs:ram::1000000000000009:root")], False, False),
        ([{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs.aliyuncs.com"}}], False, False),
        ([{"Effect": "Allow", "Action": ["sts:AssumeRole"], "Principal": {"RAM": ANN}}], True, False),
    ],
)
def test_who_is_trusted(statements: list[object], ann: bool, bob: bool) -> None:
    trust = parse_trust_policy(policy(*statements))
    assert (trust.trusts(ACCOUNT, ANN), trust.trusts(ACCOUNT, BOB)) == (ann, bob)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        policy(),
        policy(statement(ROOT), version="2"),
        policy(statement("*")),
        policy(statement("acs:ram::*:root")),
        policy(statement()),
        policy(statement(ROOT, effect="allow")),
        policy(statement(ROOT, Condition={"IpAddress": {"acs:SourceIp": "10.0.0.0/8"}})),
        policy({**statement(ROOT), "Action": "sts:*"}),
        policy({**statement(ROOT), "Principal": {}}),
        policy({**statement(ROOT), "Principal": {"Everybody": "*"}}),
        policy({**statement(ROOT), "Principal": "*"}),
        policy("x"),
        policy(statement(ROOT)).replace('"Effect"', '"Effect": "Deny", "Effect"'),
    ],
)
def test_what_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(PolicyError):
        parse_trust_policy(text)
