"""Whether a policy lets in anybody."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, collapse_addresses
from typing import Final

from ossicle.model.policy.conditions import Condition, Quantifier
from ossicle.model.policy.document import EVERYBODY, Effect, Policy, Statement

_NARROWING: Final = frozenset({"acs:SourceIp", "acs:SourceVpc", "acs:AccessId"})
_NO_LETTERS: Final = "*?.:"
"""A pattern of these alone says nothing of who it is: every address has dots or colons."""
_SESSIONS: Final = re.compile(r"arn:sts::[^:]*\*")
"""Sessions of more than one account: everybody who has any account."""
_ADDRESS: Final = "acs:SourceIp"
_ADDRESS_OPERATORS: Final = frozenset({"StringEquals", "StringEqualsIgnoreCase", "IpAddress"})
"""Patterns of addresses as texts don't narrow: `1*` to `9*` are all of them."""
_V4_BITS_MIN: Final = 8
_V6_BITS_MIN: Final = 32
"""Larger networks are no place: two of them are everybody, and may stand in two statements."""
_POSITIVE: Final = frozenset({"StringEquals", "StringEqualsIgnoreCase", "StringLike", "IpAddress"})


def is_public(policy: Policy) -> bool:
    """Whether a statement allows something to everybody, without a condition that narrows who that is."""
    return any(is_open(statement) for statement in policy.statements)


def is_open(statement: Statement) -> bool:
    """Whether a statement allows something to everybody: to `*`, or to all but a few."""
    names = statement.principals
    if statement.effect is not Effect.ALLOW or names is None:
        return False
    names_everybody = EVERYBODY in names.patterns or (
        not names.is_inverted and any(map(_SESSIONS.match, names.patterns))
    )
    if names_everybody is names.is_inverted:
        return False
    return not any(_narrows(condition) for condition in statement.conditions)


def _narrows(condition: Condition) -> bool:
    if condition.key not in _NARROWING or condition.operator.name not in _POSITIVE:
        return False
    if condition.key == _ADDRESS and condition.operator.name not in _ADDRESS_OPERATORS:
        return False
    # Where the request says nothing, ForAllValues is met.
    return condition.quantifier is not Quantifier.ALL and not _hold_anything(condition.values)


def _hold_anything(values: Sequence[object]) -> bool:
    """Whether values fit all callers, of one kind of addresses at least."""
    if any(isinstance(value, str) and value != "" and not value.strip(_NO_LETTERS) for value in values):
        return True
    all_v4 = collapse_addresses(value for value in values if isinstance(value, IPv4Network))
    all_v6 = collapse_addresses(value for value in values if isinstance(value, IPv6Network))
    return any(each.prefixlen < _V4_BITS_MIN for each in all_v4) or any(
        each.prefixlen < _V6_BITS_MIN for each in all_v6
    )
