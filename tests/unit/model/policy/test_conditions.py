"""Conditions: each operator by values that fit it and values that don't, and what counts where a request says nothing."""

import pytest

from ossicle.model.policy.conditions import OPERATORS, Condition, Quantifier, is_met


def met(operator: str, wanted: list[str], given: list[str], quantifier: Quantifier = Quantifier.PLAIN) -> bool:
    read = OPERATORS[operator].read_policy
    condition = Condition(
        operator=OPERATORS[operator], quantifier=quantifier, key="k", values=tuple(read(each) for each in wanted)
    )
    return is_met(condition, {"k": given} if given else {})


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "answer"),
    [
        ("StringEquals", ["a", "b"], ["b"], True),
        ("StringEquals", ["a"], ["A"], False),
        ("StringNotEquals", ["a", "b"], ["b"], False),
        ("StringNotEquals", ["a", "b"], ["c"], True),
        ("StringEqualsIgnoreCase", ["a"], ["A"], True),
        ("StringNotEqualsIgnoreCase", ["a"], ["A"], False),
        ("StringLike", ["a/*", ""], ["a/b"], True),
        ("StringLike", ["a/?"], ["a/bc"], False),
        ("StringNotLike", ["a/*"], ["b"], True),
        ("NumericEquals", ["7"], ["7.0"], True),
        ("NumericNotEquals", ["7"], ["8"], True),
        ("NumericLessThan", ["7"], ["7"], False),
        ("NumericLessThanEquals", ["7"], ["7"], True),
        ("NumericGreaterThan", ["7"], ["8"], True),
        ("NumericGreaterThanEquals", ["7"], ["6"], False),
        ("NumericEquals", ["7"], ["x"], False),
        ("NumericEquals", ["7"], ["\u0667"], False),
        ("NumericEquals", ["10"], ["1_0"], False),
        ("NumericEquals", ["100"], ["1e2"], True),
        ("NumericNotEquals", ["7"], ["x"], True),
        ("NumericLessThan", ["9007199254740993"], ["9007199254740992"], True),
        ("DateLessThan", ["2026-01-01T00:00:00"], ["2025-12-31T23:59:59Z"], True),
        ("DateGreaterThan", ["0001-01-01T00:00:00+23:59"], ["2026-01-01T00:00:00Z"], True),
        ("DateLessThan", ["9999-12-31T23:59:59-23:59"], ["2026-01-01T00:00:00Z"], True),
        ("DateEquals", ["2026-01-01T00:00:00Z"], ["2026-01-01T01:00:00+01:00"], True),
        ("DateLessThan", ["2026-01-01T00:00:00Z"], ["2025-12-31T23:59:59Z"], True),
        ("DateGreaterThan", ["2026-01-01T00:00:00Z"], ["2025-12-31T23:59:59Z"], False),
        ("Bool", ["true"], ["true"], True),
        ("Bool", ["false"], ["true"], False),
        ("IpAddress", ["10.0.0.0/8", "2001:db8::/32"], ["10.1.2.3"], True),
        ("IpAddress", ["10.0.0.0/8"], ["11.1.2.3"], False),
        ("IpAddress", ["10.0.0.0/8"], ["::ffff:10.1.2.3"], True),
        ("IpAddress", ["2001:db8::/32"], ["2001:db8::1"], True),
        ("IpAddress", ["::ffff:10.0.0.0/104"], ["10.1.2.3"], True),
        ("IpAddress", ["::ffff:10.0.0.0/104"], ["::ffff:11.1.2.3"], False),
        ("IpAddress", ["::/0"], ["10.1.2.3"], False),
        ("IpAddress", ["fe80::/10"], ["fe80::1%eth0"], True),
        ("NotIpAddress", ["::ffff:10.1.2.3"], ["10.1.2.3"], False),
        ("NotIpAddress", ["10.0.0.0/8"], ["10.1.2.3"], False),
        ("NotIpAddress", ["10.0.0.0/8"], ["not an address"], True),
    ],
)
def test_operators(operator: str, wanted: list[str], given: list[str], answer: bool) -> None:
    assert met(operator, wanted, given) is answer


@pytest.mark.parametrize("operator", sorted(OPERATORS))
def test_where_nothing_is_said_only_negations_hold(operator: str) -> None:
    wanted = {"Bool": "true", "Date": "2026-01-01T00:00:00Z", "IpAd": "10.0.0.1", "NotI": "10.0.0.1"}
    value = next((text for start, text in wanted.items() if operator.startswith(start)), "1")
    assert met(operator, [value], []) is ("Not" in operator)


def test_several_values() -> None:
    for quantifier, answers in (
        (Quantifier.ANY, (True, False, False)),
        (Quantifier.ALL, (False, False, True)),
    ):
        given: tuple[list[str], ...] = (["a", "x"], ["x"], [])
        assert tuple(met("StringEquals", ["a", "b"], each, quantifier) for each in given) == answers
    assert met("StringEquals", ["a", "b"], ["b", "a"], Quantifier.ALL)
