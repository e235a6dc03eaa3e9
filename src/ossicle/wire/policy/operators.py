"""The operators of conditions, and which values they take.

Source: https://help.aliyun.com/zh/ram/user-guide/policy-elements
"""

import re
from collections.abc import Callable
from ipaddress import ip_network
from typing import Final

from ossicle.wire.text import parse_iso

_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")


def _is_text(_: str) -> bool:
    return True


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def _is_time(text: str) -> bool:
    return parse_iso(text) is not None


def _is_yes_or_no(text: str) -> bool:
    return text.lower() in ("true", "false")


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


_COMPARISONS: Final = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")

OPERATORS: Final[dict[str, Callable[[str], bool]]] = {
    **dict.fromkeys(
        (
            "StringEquals",
            "StringNotEquals",
            "StringEqualsIgnoreCase",
            "StringNotEqualsIgnoreCase",
            "StringLike",
            "StringNotLike",
        ),
        _is_text,
    ),
    **{f"Numeric{each}": _is_number for each in _COMPARISONS},
    **{f"Date{each}": _is_time for each in _COMPARISONS},
    "Bool": _is_yes_or_no,
    "IpAddress": _is_network,
    "NotIpAddress": _is_network,
}
"""What each operator takes for a value."""
