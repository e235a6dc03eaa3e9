"""Which values the operators of conditions take."""

import pytest

from ossicle.wire.policy import OPERATORS


@pytest.mark.parametrize(
    ("operator", "value", "is_taken"),
    [
        ("StringLike", "", True),
        ("NumericEquals", "-1.5", True),
        ("NumericEquals", "x", False),
        ("DateGreaterThan", "2026-01-01T00:00:00Z", True),
        ("DateGreaterThan", "2026", False),
        ("Bool", "True", True),
        ("Bool", "1", False),
        ("IpAddress", "192.0.2.1", True),
        ("NotIpAddress", "2001:db8::/32", True),
        ("IpAddress", "192.0.2.1/40", False),
    ],
)
def test_values(operator: str, value: str, is_taken: bool) -> None:
    assert OPERATORS[operator](value) is is_taken


def test_there_are_all_operators() -> None:
    assert len(OPERATORS) == 21
