"""Overwriting of objects: where it is forbidden, without each upload saying so."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.records import record
from ossicle.wire.setting import Setting, setting_operation


@record
class OverwritePrincipals:
    """Whom a rule is about, by the ids of accounts; nobody is everybody."""

    principals: Annotated[tuple[str, ...], Tag("Principal")] = ()


@record
class OverwriteRule:
    """What may not be overwritten: keys with this beginning and this end, of which the empty ones fit all. `action` is `forbid`."""

    id: Annotated[str | None, Tag("ID")] = None
    action: Annotated[str | None, Tag("Action")] = None
    prefix: Annotated[str | None, Tag("Prefix")] = None
    suffix: Annotated[str | None, Tag("Suffix")] = None
    principals: Annotated[OverwritePrincipals | None, Tag("Principals")] = None


@record
class OverwriteConfiguration:
    """The rules, of which any one forbids."""

    rules: Annotated[tuple[OverwriteRule, ...], Tag("Rule")] = ()


@record
class PutBucketOverwriteConfigRequest(RequestBase):
    """Forbid to overwrite objects."""

    bucket: str
    overwrite_configuration: Annotated[OverwriteConfiguration | None, Body("OverwriteConfiguration")] = None


@record
class PutBucketOverwriteConfigResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketOverwriteConfigRequest(RequestBase):
    """Ask what may not be overwritten."""

    bucket: str


@record
class GetBucketOverwriteConfigResult(ResultBase):
    """The rules; a bucket without has no such document."""

    overwrite_configuration: Annotated[OverwriteConfiguration | None, Body("OverwriteConfiguration")] = None


@record
class DeleteBucketOverwriteConfigRequest(RequestBase):
    """Forbid no overwriting any more."""

    bucket: str


@record
class DeleteBucketOverwriteConfigResult(ResultBase):
    """Nothing but the request id."""


OVERWRITE_CONFIG: Final = Setting(
    kind="overwriteConfig", root="OverwriteConfiguration", document=OverwriteConfiguration
)
PUT_BUCKET_OVERWRITE_CONFIG: Final = setting_operation(
    "PUT", "BucketOverwriteConfig", "overwriteConfig", PutBucketOverwriteConfigRequest, PutBucketOverwriteConfigResult
)
GET_BUCKET_OVERWRITE_CONFIG: Final = setting_operation(
    "GET", "BucketOverwriteConfig", "overwriteConfig", GetBucketOverwriteConfigRequest, GetBucketOverwriteConfigResult
)
DELETE_BUCKET_OVERWRITE_CONFIG: Final = setting_operation(
    "DELETE",
    "BucketOverwriteConfig",
    "overwriteConfig",
    DeleteBucketOverwriteConfigRequest,
    DeleteBucketOverwriteConfigResult,
)

OPERATIONS: Final = (PUT_BUCKET_OVERWRITE_CONFIG, GET_BUCKET_OVERWRITE_CONFIG, DELETE_BUCKET_OVERWRITE_CONFIG)
