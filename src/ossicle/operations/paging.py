"""What all listings share: how the parameters that shape a page are judged, and the token that continues one."""

import base64
import binascii
from typing import Final

from ossicle.wire.errors import InvalidArgument
from ossicle.wire.text import decode, encode, legible

PAGE_DEFAULT: Final = 100
_PAGE_MAX: Final = 1000
_TEXT_BYTES_MAX: Final = 1024
_FIELD_ONE: Final = 0x0A
_MORE: Final = 0x80


def judge_page_size(given: int | None, name: str, *, default: int = PAGE_DEFAULT) -> int:
    """Return the page size, `default` where none is given.

    Raises:
        InvalidArgument: it is not 1 to 1000.
    """
    if given is None:
        return default
    # OSS: 0 is refused (unverified); the wording of the message is ours.
    if not 1 <= given <= _PAGE_MAX:
        message = f"Argument {name} must be an integer between 1 and {_PAGE_MAX}."
        raise InvalidArgument(message, argument_name=name, argument_value=str(given))
    return given


def judge_text(given: str | None, name: str) -> str:
    """Return a prefix, marker or delimiter, empty where none is given.

    Raises:
        InvalidArgument: it is longer than 1,024 bytes, or not UTF-8.
    """
    text = given or ""
    if legible(text) != text:
        # OSS: that no listing takes such a text is unverified; no key could match it.
        raise InvalidArgument(f"The {name} must be UTF-8.", argument_name=name)
    if len(encode(text)) > _TEXT_BYTES_MAX:
        raise InvalidArgument(f"The length of {name} must be less than 1025.", argument_name=name)
    return text


def judge_encoding_type(given: str | None) -> None:
    """Refuse an encoding other than `url`.

    Raises:
        InvalidArgument: it is something else.
    """
    if given not in (None, "", "url"):
        raise InvalidArgument(argument_name="encoding-type", argument_value=given)


def render_token(marker: str) -> str:
    """Return the token that continues after `marker`, in the shape of OSS's: base64 of a message with one text field."""
    raw = encode(marker)
    size = len(raw)
    prefix = bytes([_FIELD_ONE])
    while size >= _MORE:
        prefix += bytes([size % _MORE | _MORE])
        size //= _MORE
    return base64.b64encode(prefix + bytes([size]) + raw).decode("ascii").replace("=", "-")


def parse_token(token: str) -> str:
    """Return the marker of a token.

    Raises:
        InvalidArgument: no listing made this token.
    """
    try:
        message = base64.b64decode(token.replace("-", "="), validate=True)
        marker = decode(message[2 if len(message) - 2 < _MORE else 3 :])
    except (binascii.Error, ValueError):
        marker = ""
    if not marker or render_token(marker) != token:
        raise InvalidArgument(argument_name="continuation-token", argument_value=token)
    return marker
