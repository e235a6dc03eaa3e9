"""Retention of single objects: allowed in a bucket, and given to every new object of it."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.names import ObjectRetentionModeType
from ossicle.wire.records import record
from ossicle.wire.setting import Setting, setting_operation


@record
class ObjectWormConfigurationRuleDefaultRetention:
    """How long a new object is retained: `days` from 1 to 36500, or `years` from 1 to 100."""

    mode: Annotated[ObjectRetentionModeType | str | None, Tag("Mode")] = None
    days: Annotated[int | None, Tag("Days")] = None
    years: Annotated[int | None, Tag("Years")] = None


@record
class ObjectWormConfigurationRule:
    """What new objects get."""

    default_retention: Annotated[ObjectWormConfigurationRuleDefaultRetention | None, Tag("DefaultRetention")] = None


@record
class ObjectWormConfiguration:
    """`object_worm_enabled` is `Enabled`, always; without a `rule` new objects are retained only if they say so."""

    object_worm_enabled: Annotated[str | None, Tag("ObjectWormEnabled")] = None
    rule: Annotated[ObjectWormConfigurationRule | None, Tag("Rule")] = None


@record
class PutBucketObjectWormConfigurationRequest(RequestBase):
    """Allow objects of a bucket with versions to be retained, one by one. It can't be taken back, the rule can be changed."""

    bucket: str
    object_worm_configuration: Annotated[ObjectWormConfiguration | None, Body("ObjectWormConfiguration")] = None


@record
class PutBucketObjectWormConfigurationResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketObjectWormConfigurationRequest(RequestBase):
    """Ask whether objects may be retained one by one, and what new ones get."""

    bucket: str


@record
class GetBucketObjectWormConfigurationResult(ResultBase):
    """That they may, and what new ones get."""

    object_worm_configuration: Annotated[ObjectWormConfiguration | None, Body("ObjectWormConfiguration")] = None


OBJECT_WORM: Final = Setting(kind="objectWorm", root="ObjectWormConfiguration", document=ObjectWormConfiguration)
PUT_BUCKET_OBJECT_WORM_CONFIGURATION: Final = setting_operation(
    "PUT",
    "BucketObjectWormConfiguration",
    "objectWorm",
    PutBucketObjectWormConfigurationRequest,
    PutBucketObjectWormConfigurationResult,
)
GET_BUCKET_OBJECT_WORM_CONFIGURATION: Final = setting_operation(
    "GET",
    "BucketObjectWormConfiguration",
    "objectWorm",
    GetBucketObjectWormConfigurationRequest,
    GetBucketObjectWormConfigurationResult,
)

OPERATIONS: Final = (PUT_BUCKET_OBJECT_WORM_CONFIGURATION, GET_BUCKET_OBJECT_WORM_CONFIGURATION)
