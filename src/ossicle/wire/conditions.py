"""Conditional requests, ETag before date.

Source: https://help.aliyun.com/zh/oss/developer-reference/getobject
"""

from datetime import datetime
from typing import Final

from ossicle.wire.errors import PreconditionFailed
from ossicle.wire.records import record
from ossicle.wire.text import encode, parse_http_date

_NONE: Final = (None, None, None, None)


@record
class Conditions:
    """The four conditional headers of a request, as text."""

    if_match: str | None = None
    if_none_match: str | None = None
    if_modified_since: str | None = None
    if_unmodified_since: str | None = None


def is_not_modified(conditions: Conditions, *, etag: str, last_modified: datetime) -> bool:
    """Return whether the answer is 304. Dates compare at a resolution of one second; one that can't be read is ignored.

    Raises:
        PreconditionFailed: If-Match or If-Unmodified-Since does not hold.
    """
    given = conditions.if_match, conditions.if_none_match, conditions.if_modified_since, conditions.if_unmodified_since
    if given == _NONE:
        return False  # as nearly always
    modified = last_modified.replace(microsecond=0)
    if conditions.if_match is not None and not _is_same_etag(conditions.if_match, etag):
        raise PreconditionFailed(condition="If-Match")
    unmodified_since = _date(conditions.if_unmodified_since)
    if unmodified_since is not None and modified > unmodified_since:
        raise PreconditionFailed(condition="If-Unmodified-Since")
    if conditions.if_none_match is not None and _is_same_etag(conditions.if_none_match, etag):
        return True
    modified_since = _date(conditions.if_modified_since)
    return modified_since is not None and modified <= modified_since


def is_range_current(if_range: str | None, *, etag: str, last_modified: datetime) -> bool:
    """Return whether a Range may be served: without `If-Range`, or when it is the very ETag or date of what is there.

    Source: RFC 9110 section 13.1.5
    """
    # OSS: the header is not documented (unverified). Ignoring it would join parts of two different objects.
    if if_range is None:
        return True
    moment = _date(if_range)
    if moment is not None:
        return moment == last_modified.replace(microsecond=0)
    return if_range.strip().strip('"').upper() == etag.upper()


def _is_same_etag(given: str, etag: str) -> bool:
    # OSS: `*` matches whatever is there (unverified); a list of tags is not documented and is compared as one text.
    bare = given.strip().strip('"')
    return bare == "*" or bare.upper() == etag.upper()


def _date(text: str | None) -> datetime | None:
    return None if text is None else parse_http_date(encode(text))
