"""Whether a policy lets in anybody."""

from ipaddress import IPv4Network, IPv6Network
from typing import Final

from ossicle.model.policy.conditions import Condition, Quantifier
from ossicle.model.policy.document import EVERYBODY, Effect, Policy, Statement

_NARROWING: Final = frozenset({"acs:SourceIp", "acs:SourceVpc", "acs:AccessId"})
_POSITIVE: Final = frozenset({"StringEquals", "StringEqualsIgnoreCase", "StringLike", "IpAddress"})


def is_public(policy: Policy) -> bool:
    """Whether a statement allows something to everybody, without a condition that narrows who that is."""
    return any(is_open(statement) for statement in policy.statements)


def is_open(statement: Statement) -> bool:
    """Whether a statement allows something to everybody: to `*`, or to all but a few."""
    names = statement.principals
    if statement.effect is not Effect.ALLOW or names is None:
        return False
    names_everybody = EVERYBODY in names.patterns
    if names_everybody is names.is_inverted:
        return False
    return not any(_narrows(condition) for condition in statement.conditions)


def _narrows(condition: Condition) -> bool:
    if condition.key not in _NARROWING or condition.operator.name not in _POSITIVE:
        return False
    # Where the request says nothing, ForAllValues is met.
    return condition.quantifier is not Quantifier.ALL and not any(_is_anything(value) for value in condition.values)


def _is_anything(value: object) -> bool:
    if isinstance(value, IPv4Network | IPv6Network):
        return value.prefixlen == 0
    return isinstance(value, str) and value != "" and not value.strip("*")
