"""Fields that a bucket's access log has besides the usual ones."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.records import record
from ossicle.wire.setting import Setting, setting_operation


@record
class LoggingHeaderSet:
    """Request headers to be noted."""

    headers: Annotated[tuple[str, ...], Tag("header")] = ()


@record
class LoggingParamSet:
    """Query parameters to be noted."""

    parameters: Annotated[tuple[str, ...], Tag("parameter")] = ()


@record
class UserDefinedLogFieldsConfiguration:
    """Headers and parameters to be noted. Kept and told; access logs have the usual fields only."""

    header_set: Annotated[LoggingHeaderSet | None, Tag("HeaderSet")] = None
    param_set: Annotated[LoggingParamSet | None, Tag("ParamSet")] = None


@record
class PutUserDefinedLogFieldsConfigRequest(RequestBase):
    """Name the headers and parameters to be noted."""

    bucket: str
    user_defined_log_fields_configuration: Annotated[
        UserDefinedLogFieldsConfiguration | None, Body("UserDefinedLogFieldsConfiguration")
    ] = None


@record
class PutUserDefinedLogFieldsConfigResult(ResultBase):
    """Nothing but the request id."""


@record
class GetUserDefinedLogFieldsConfigRequest(RequestBase):
    """Ask which headers and parameters are noted."""

    bucket: str


@record
class GetUserDefinedLogFieldsConfigResult(ResultBase):
    """What is noted; a bucket where it was never set has no such document."""

    user_defined_log_fields_configuration: Annotated[
        UserDefinedLogFieldsConfiguration | None, Body("UserDefinedLogFieldsConfiguration")
    ] = None


@record
class DeleteUserDefinedLogFieldsConfigRequest(RequestBase):
    """Note no headers and parameters any more."""

    bucket: str


@record
class DeleteUserDefinedLogFieldsConfigResult(ResultBase):
    """Nothing but the request id."""


LOG_FIELDS: Final = Setting(
    kind="userDefinedLogFieldsConfig",
    root="UserDefinedLogFieldsConfiguration",
    document=UserDefinedLogFieldsConfiguration,
)
PUT_USER_DEFINED_LOG_FIELDS_CONFIG: Final = setting_operation(
    "PUT",
    "UserDefinedLogFieldsConfig",
    "userDefinedLogFieldsConfig",
    PutUserDefinedLogFieldsConfigRequest,
    PutUserDefinedLogFieldsConfigResult,
)
GET_USER_DEFINED_LOG_FIELDS_CONFIG: Final = setting_operation(
    "GET",
    "UserDefinedLogFieldsConfig",
    "userDefinedLogFieldsConfig",
    GetUserDefinedLogFieldsConfigRequest,
    GetUserDefinedLogFieldsConfigResult,
)
DELETE_USER_DEFINED_LOG_FIELDS_CONFIG: Final = setting_operation(
    "DELETE",
    "UserDefinedLogFieldsConfig",
    "userDefinedLogFieldsConfig",
    DeleteUserDefinedLogFieldsConfigRequest,
    DeleteUserDefinedLogFieldsConfigResult,
)

OPERATIONS: Final = (
    PUT_USER_DEFINED_LOG_FIELDS_CONFIG,
    GET_USER_DEFINED_LOG_FIELDS_CONFIG,
    DELETE_USER_DEFINED_LOG_FIELDS_CONFIG,
)
