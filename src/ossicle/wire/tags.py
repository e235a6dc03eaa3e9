"""Tags of an object: the header they travel in, and the rules they obey.

Source: https://help.aliyun.com/zh/oss/developer-reference/putobjecttagging
"""

from collections.abc import Iterable
from typing import Final

from ossicle.wire.errors import InvalidArgument, InvalidTag, RepeatedTags, TooManyTags
from ossicle.wire.text import decode, encode, percent_decode_query, percent_encode

TAGGING: Final = "x-oss-tagging"
_TAGS_MAX: Final = 10
_KEY_BYTES_MAX: Final = 128
_VALUE_BYTES_MAX: Final = 256
_MARKS: Final = frozenset(" +-=._:/")

Tags = tuple[tuple[str, str], ...]


def parse_tags(header: str) -> Tags:
    """Return the tags of `x-oss-tagging`: pairs as in a query, percent-encoded. A key without a value has the empty one.

    Raises:
        InvalidArgument: it is not UTF-8, or names a key twice.
        InvalidTag, TooManyTags: see `judge_tags`.
    """
    pairs = [_decode_pair(item) for item in header.split("&") if item]
    if len({key for key, _ in pairs}) != len(pairs):
        raise _wrong_header(header)
    return judge_tags(pairs)


def _decode_pair(item: str) -> tuple[str, str]:
    key, _, value = item.partition("=")
    try:
        return percent_decode_query(encode(key)).decode(), percent_decode_query(encode(value)).decode()
    except UnicodeDecodeError as error:
        raise _wrong_header(item) from error


def _wrong_header(text: str) -> InvalidArgument:
    message = (
        "The header 'x-oss-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters "
        "without tag name duplicates."
    )
    return InvalidArgument(message, argument_name=TAGGING, argument_value=text)


def render_tags(tags: Iterable[tuple[str, str]]) -> str:
    """Return the text of `x-oss-tagging`."""
    return "&".join(f"{percent_encode(encode(key))}={percent_encode(encode(value))}" for key, value in tags)


def judge_tags(tags: Iterable[tuple[str, str]]) -> Tags:
    """Return tags that an object may have: up to ten, with different keys of 1 to 128 bytes and values of up to 256.

    Raises:
        InvalidTag: a key or value is too long, or holds other than letters, digits, spaces and `+-=._:/`.
        RepeatedTags: a key stands there twice.
        TooManyTags: there are more than ten.
    """
    judged = tuple(tags)
    if len(judged) > _TAGS_MAX:
        # OSS: which of InvalidTag and TooManyTags an object's eleventh tag gets is unverified.
        raise TooManyTags("Object tags cannot be greater than 10.")
    for key, value in judged:
        if not key or not _is_legal(key, _KEY_BYTES_MAX):
            raise InvalidTag("The TagKey you have provided is invalid.", tag_key=key)
        if not _is_legal(value, _VALUE_BYTES_MAX):
            raise InvalidTag("The TagValue you have provided is invalid.", tag_key=key)
    if len({key for key, _ in judged}) != len(judged):
        raise RepeatedTags
    return judged


def _is_legal(text: str, bytes_max: int) -> bool:
    # Letters are those of any script: what is refused are control characters, symbols and lone surrogates.
    return len(encode(text)) <= bytes_max and all(each.isalnum() or each in _MARKS for each in decode(encode(text)))
