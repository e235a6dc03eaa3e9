"""Conditions of statements: operators, how their values are read, and whether a request meets them.

Keys inside an operator and operators among each other are ANDed; the values of a key are ORed, and of a negated operator none may fit.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from operator import eq, ge, gt, le, lt
from typing import Any, Final, TypeAlias

from ossicle.model.wildcards import is_fitted
from ossicle.wire.records import record

Value: TypeAlias = Any  # type: ignore[explicit-any]  # a text, number, moment, truth, address or network: what its operator reads
Values = Mapping[str, Sequence[str]]
"""What a request says of each key; a key that says nothing is absent."""


class Quantifier(Enum):
    """Which of several values of a request count: those of tags, for example."""

    PLAIN = ""
    ANY = "ForAnyValue:"
    ALL = "ForAllValues:"


@record
class Operator:
    """How one value of a request and one of the policy are compared; both are made by `read`, which raises ValueError.

    `is_negated` says that none of the policy's values may fit.
    """

    name: str
    read: Callable[[str], Value]
    read_policy: Callable[[str], Value]
    fits: Callable[[Value, Value], bool]
    expected: str
    is_negated: bool = False


@record
class Condition:
    """One key of one operator. `values` are what the operator's `read_policy` made of the document's."""

    operator: Operator
    quantifier: Quantifier
    key: str
    values: tuple[Value, ...]


def is_met(condition: Condition, values: Values) -> bool:
    """Whether a request that says `values` meets the condition.

    Where the request says nothing, a negated operator is met and so is ForAllValues, and others are not.
    """
    # OSS: what counts where nothing is said, and both quantifiers, are unverified for OSS; this is how RAM documents them.
    given = values.get(condition.key, ())
    negated = condition.operator.is_negated
    if condition.quantifier is Quantifier.ALL:
        return all(_has(condition, value) is not negated for value in given)
    if condition.quantifier is Quantifier.ANY:
        return any(_has(condition, value) is not negated for value in given)
    return any(_has(condition, value) for value in given) is not negated


def _has(condition: Condition, given: str) -> bool:
    """Whether one of the condition's values fits a value; one that is not of the operator's kind fits nothing."""
    operator = condition.operator
    try:
        read = operator.read(given)
    except ValueError:
        return False
    return any(operator.fits(read, value) for value in condition.values)


_Address = IPv4Address | IPv6Address
_Network = IPv4Network | IPv6Network
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_NETWORK: Final = re.compile(r"[0-9A-Fa-f.:]+(?:/[0-9]{1,3})?")
"""Neither masks, which `ipaddress` reads in two ways, nor zones, which are the server's own."""
_MAPPED: Final = IPv6Network("::ffff:0:0/96")
_IPV4_BITS: Final = 0xFFFFFFFF


def _number(text: str) -> Decimal:
    # Decimal takes underscores, white space and digits of all scripts as well.
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


def _moment(text: str) -> datetime:
    if "T" not in text:
        raise ValueError(text)
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


def _address(text: str) -> _Address:
    address = ip_address(text)
    # A socket that takes both kinds shows IPv4 callers so.
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def _network(text: str) -> _Network:
    if not _NETWORK.fullmatch(text):
        raise ValueError(text)
    network = ip_network(text, strict=False)
    if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
        # As addresses are: a policy that names IPv4 callers so means them.
        mapped = IPv4Address(int(network.network_address) & _IPV4_BITS)
        return IPv4Network((mapped, network.prefixlen - _MAPPED.prefixlen))
    return network


def _is_within(address: _Address, network: _Network) -> bool:
    return address.version == network.version and address in network


def _fits_pattern(text: str, pattern: str) -> bool:
    return is_fitted(text, (pattern,))


def _pair(
    positive: str, negative: str, read: Callable[[str], Value], fits: Callable[[Value, Value], bool], expected: str
) -> tuple[Operator, ...]:
    return tuple(
        Operator(name=name, read=read, read_policy=read, fits=fits, expected=expected, is_negated=name == negative)
        for name in (positive, negative)
    )


def _ordered(kind: str, read: Callable[[str], Value], expected: str) -> tuple[Operator, ...]:
    order = {"LessThan": lt, "LessThanEquals": le, "GreaterThan": gt, "GreaterThanEquals": ge}
    return (
        *_pair(f"{kind}Equals", f"{kind}NotEquals", read, eq, expected),
        *(
            Operator(name=kind + name, read=read, read_policy=read, fits=fits, expected=expected)
            for name, fits in order.items()
        ),
    )


def _addresses() -> tuple[Operator, ...]:
    expected = "an IP address or a CIDR block"
    return tuple(
        Operator(
            name=name,
            read=_address,
            read_policy=_network,
            fits=_is_within,
            expected=expected,
            is_negated=name.startswith("Not"),
        )
        for name in ("IpAddress", "NotIpAddress")
    )


OPERATORS: Final[Mapping[str, Operator]] = {
    operator.name: operator
    for operator in (
        *_pair("StringEquals", "StringNotEquals", str, eq, "a string"),
        *_pair("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", str.casefold, eq, "a string"),
        *_pair("StringLike", "StringNotLike", str, _fits_pattern, "a string"),
        *_ordered("Numeric", _number, "a number"),
        *_ordered("Date", _moment, "a time as 2026-01-02T03:04:05Z"),
        Operator(name="Bool", read=_truth, read_policy=_truth, fits=eq, expected="true or false"),
        *_addresses(),
    )
}
