"""How a single value of a request or document is written as text and read back, by its annotated type."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Final, Union, get_args, get_origin

from ossicle.wire.errors import InvalidArgument
from ossicle.wire.names import BucketAcl, ObjectAcl, StorageClass
from ossicle.wire.text import parse_iso, render_iso_millis

INTEGER_MAX: Final = 2**63 - 1
_WHITE_SPACE: Final = " \t\r\n"
_REFUSALS: Final[Mapping[object, str]] = {
    BucketAcl: "no such bucket access control exists",
    ObjectAcl: "no such object access control exists",
    StorageClass: "No such bucket storage class exists.",
}
"""The messages by which OSS refuses a value outside a closed list, where it has one of its own."""


@dataclass(frozen=True, slots=True)
class Codec:
    """The text form of a type. `from_text` raises ValueError for text that is not of the type."""

    to_text: Callable[[object], str]
    from_text: Callable[[str], object]
    is_enumeration: bool = False
    refusal: str | None = None

    def refuse(self, name: str, text: str) -> InvalidArgument:
        """Return the error for `text` as the value of the argument `name`."""
        return InvalidArgument(self.refusal, argument_name=name, argument_value=text)


def plain_type(annotation: object) -> object:
    """Return the type behind an optional or a union: the enum of `Enum | str | None`, else the first member."""
    if get_origin(annotation) in (Union, UnionType):
        members = [member for member in get_args(annotation) if member is not NoneType]
        return next(filter(_is_enumeration, members), members[0])
    return annotation


def scalar_codec(kind: object) -> Codec:
    """Return the text form of `str`, `int`, `bool`, `datetime` or an enum of strings.

    White space around anything but a `str` means nothing.
    """
    if kind is bool:
        return Codec(_bool_to_text, _text_to_bool)
    if kind is int:
        return Codec(_integer_to_text, parse_integer)
    if kind is datetime:
        return Codec(_datetime_to_text, _text_to_datetime)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return Codec(str, lambda text: kind(text.strip(_WHITE_SPACE)), is_enumeration=True, refusal=_REFUSALS.get(kind))
    if kind is str or getattr(kind, "__supertype__", None) is str:
        return Codec(str, str)
    raise TypeError(f"no text form for {kind}")


def _is_enumeration(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def parse_integer(text: str) -> int:
    """Return a decimal integer of at most 64 bits: ASCII digits, with a minus at most.

    Raises:
        ValueError: it is something else.
    """
    text = text.strip(_WHITE_SPACE)
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > len(str(INTEGER_MAX)) or int(digits) > INTEGER_MAX:
        raise ValueError(text)
    return int(text)


def _integer_to_text(value: object) -> str:
    return str(value)


def _bool_to_text(value: object) -> str:
    return "true" if value else "false"


def _text_to_bool(text: str) -> bool:
    return text.strip(_WHITE_SPACE).lower() == "true"


def _datetime_to_text(value: object) -> str:
    if not isinstance(value, datetime):
        raise TypeError(f"not a datetime: {value!r}")
    return render_iso_millis(value)


def _text_to_datetime(text: str) -> datetime:
    moment = parse_iso(text.strip(_WHITE_SPACE))
    if moment is None:
        raise ValueError(text)
    return moment
