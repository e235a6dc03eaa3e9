"""How a single value of a request or document is written as text and read back, by its annotated type."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Final, Union, get_args, get_origin

from ossicle.wire.errors import InvalidArgument
from ossicle.wire.names import BucketAcl, ObjectAcl, Payer, StorageClass
from ossicle.wire.text import encode, parse_http_date, parse_iso, render_http_date, render_iso_millis

INTEGER_MAX: Final = 2**63 - 1
_WHITE_SPACE: Final = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Refusal:
    """How OSS refuses a value outside a closed list, where it has a way of its own; without a message, as a malformed document."""

    message: str | None = None
    ec: str | None = None
    ec_of_empty: str | None = None
    """Where no value at all has another one."""


_REFUSALS: Final[Mapping[object, Refusal]] = {
    BucketAcl: Refusal("no such bucket access control exists", ec="0015-00000204"),
    # OSS: these ECs are documented by the example of PutObjectAcl; that other operations use them is unverified.
    ObjectAcl: Refusal("no such object access control exists", ec="0017-00000104", ec_of_empty="0017-00000105"),
    Payer: Refusal(ec="0035-00000002"),
    StorageClass: Refusal("No such bucket storage class exists."),
}


@dataclass(frozen=True, slots=True)
class Codec:
    """The text form of a type. `from_text` raises ValueError for text that is not of the type.

    `is_plain` says that no text of it has a character that XML escapes.
    """

    to_text: Callable[[object], str]
    from_text: Callable[[str], object]
    is_enumeration: bool = False
    is_plain: bool = False
    refusal: Refusal = Refusal()

    def refuse(self, name: str, text: str) -> InvalidArgument:
        """Return the error for `text` as the value of the argument `name`."""
        refusal = self.refusal
        ec = refusal.ec if text else refusal.ec_of_empty or refusal.ec
        return InvalidArgument(refusal.message, ec=ec, argument_name=name, argument_value=text)


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
        return Codec(_bool_to_text, _text_to_bool, is_plain=True)
    if kind is int:
        return Codec(_integer_to_text, parse_integer, is_plain=True)
    if kind is datetime:
        return Codec(_datetime_to_text, _text_to_datetime, is_plain=True)
    if isinstance(kind, type) and issubclass(kind, Enum):
        refusal = _REFUSALS.get(kind, Refusal())
        return Codec(str, lambda text: kind(text.strip(_WHITE_SPACE)), is_enumeration=True, refusal=refusal)
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


def _http_date_to_text(moment: object) -> str:
    if not isinstance(moment, datetime):
        raise TypeError("no moment")
    return render_http_date(moment)


def _text_to_http_date(text: str) -> datetime:
    moment = parse_http_date(encode(text))
    if moment is None:
        raise ValueError(text)
    return moment


HTTP_DATE: Final = Codec(_http_date_to_text, _text_to_http_date)
"""Moments as headers have them."""
