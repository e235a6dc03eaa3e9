"""Tags of objects and of buckets: the header that those of objects travel in, and the rules they obey.

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
_BUCKET_TAGS_MAX: Final = 20
_BUCKET_KEY_MAX: Final = 64
_BUCKET_VALUE_MAX: Final = 128
_RESERVED: Final = ("http://", "https://", "aliyun")
_MARKS: Final = frozenset(" +-=._:/")

Tags = tuple[tuple[str, str], ...]


def parse_tags(header: str) -> Tags:
    """Return the tags of `x-oss-tagging`: pairs as in a query, percent-encoded. A key without a value has the empty one.

    Raises:
        InvalidArgument: it is not UTF-8, or names a key twice.
        InvalidTag, TooManyTags: see `judge_tags`.
    """
    pairs = split_tags(header)
    if len({key for key, _ in pairs}) != len(pairs):
        raise _wrong_header(header)
    return judge_tags(pairs)


def split_tags(header: str) -> list[tuple[str, str]]:
    """Return the pairs of `x-oss-tagging`, which may be no tags.

    Raises:
        InvalidArgument: it is not UTF-8.
    """
    return [_decode_pair(item) for item in header.split("&") if item]


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


def judge_bucket_tags(tags: Iterable[tuple[str, str]]) -> Tags:
    """Return tags that a bucket may have: up to twenty, with different keys of 1 to 64 characters and values of up to 128.

    Raises:
        InvalidTag: a key or value is too long, or a key begins with what is kept for OSS.
        RepeatedTags: a key stands there twice.
        TooManyTags: there are more than twenty.
    """
    judged = tuple(tags)
    if len(judged) > _BUCKET_TAGS_MAX:
        raise TooManyTags
    for key, value in judged:
        if not 0 < len(key) <= _BUCKET_KEY_MAX or key.lower().startswith(_RESERVED):
            raise InvalidTag("The TagKey you have provided is invalid.", tag_key=key)
        if len(value) > _BUCKET_VALUE_MAX:
            raise InvalidTag("The TagValue you have provided is invalid.", tag_key=key)
    if len({key for key, _ in judged}) != len(judged):
        raise RepeatedTags
    return judged


def _is_legal(text: str, bytes_max: int) -> bool:
    # Letters are those of any script: what is refused are control characters, symbols and lone surrogates.
    return len(encode(text)) <= bytes_max and all(each.isalnum() or each in _MARKS for each in decode(encode(text)))
