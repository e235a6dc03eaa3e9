"""Sizes as people write and read them: powers of 1024."""

import re
from collections.abc import Callable
from typing import Final

import click

_UNITS: Final = "KMGTPE"
_SIZE: Final = re.compile(
    r"(?P<number>[0-9]{1,18}(?:\.[0-9]{1,6})?)\s*(?:(?P<unit>[KMGTPE])(?:i?B)?|B)?", re.IGNORECASE
)


def parse_size(text: str) -> int:
    """Return the bytes of `8388608`, `8M`, `8MB` or `8MiB`, which are all the same, or of `1.5G`."""
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise click.BadParameter(f"{text!r} is not a size such as 5000, 512K, 8M or 1.5GiB")
    power = 1 + _UNITS.index(found["unit"].upper()) if found["unit"] else 0
    if "." not in found["number"]:
        return int(found["number"]) << (10 * power)
    return round(float(found["number"]) * (1 << (10 * power)))


def render_size(count: int) -> str:
    """Return a size with three or four digits and its unit."""
    if count < 1024:
        return f"{count} B"
    size, power = count / 1024, 0
    while size >= 1023.95 and power < len(_UNITS) - 1:
        size, power = size / 1024, power + 1
    return f"{size:.1f} {_UNITS[power]}iB"


def size_of_at_least(least: int) -> Callable[[str], int]:
    """Return what reads an option whose value is a size, and refuses one below `least` bytes."""

    def convert(text: str) -> int:
        count = parse_size(text)
        if count < least:
            raise click.BadParameter(f"{text} is less than {render_size(least)}")
        return count

    return convert
