"""Referers of a bucket: which pages may link to its objects."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.records import record
from ossicle.wire.setting import Setting, setting_operation


@record
class RefererList:
    """Pages that may link; `*` stands for any text and `?` for one character. None is all."""

    referers: Annotated[tuple[str, ...], Tag("Referer")] = ()


@record
class RefererBlacklist:
    """Pages that may not, whatever the list says."""

    referers: Annotated[tuple[str, ...], Tag("Referer")] = ()


@record
class RefererConfiguration:
    """Who may link, and how much of an address is compared: without the query, or without the path as well."""

    allow_empty_referer: Annotated[bool | None, Tag("AllowEmptyReferer")] = None
    allow_truncate_query_string: Annotated[bool | None, Tag("AllowTruncateQueryString")] = None
    truncate_path: Annotated[bool | None, Tag("TruncatePath")] = None
    referer_list: Annotated[RefererList | None, Tag("RefererList")] = None
    referer_blacklist: Annotated[RefererBlacklist | None, Tag("RefererBlacklist")] = None


@record
class PutBucketRefererRequest(RequestBase):
    """Say which pages may link to objects of the bucket."""

    bucket: str
    referer_configuration: Annotated[RefererConfiguration | None, Body("RefererConfiguration")] = None


@record
class PutBucketRefererResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketRefererRequest(RequestBase):
    """Ask which pages may link."""

    bucket: str


@record
class GetBucketRefererResult(ResultBase):
    """The lists; all may where nothing was said."""

    referer_configuration: Annotated[RefererConfiguration | None, Body("RefererConfiguration")] = None


REFERER: Final = Setting(kind="referer", root="RefererConfiguration", document=RefererConfiguration)
PUT_BUCKET_REFERER: Final = setting_operation(
    "PUT", "BucketReferer", "referer", PutBucketRefererRequest, PutBucketRefererResult, malformed_ec="0033-00000001"
)
GET_BUCKET_REFERER: Final = setting_operation(
    "GET", "BucketReferer", "referer", GetBucketRefererRequest, GetBucketRefererResult
)

OPERATIONS: Final = (PUT_BUCKET_REFERER, GET_BUCKET_REFERER)
