"""Retention and legal hold of one version of an object."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, Header, Parameter, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.names import ObjectLegalHoldStatusType, ObjectRetentionModeType
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record

_DOCUMENT_BYTES_MAX: Final = 64 * 1024
_MALFORMED_EC: Final = "0015-00000231"


@record
class Retention:
    """Until when a version stays, as ISO 8601 in UTC, and whether nobody can shorten that (COMPLIANCE) or the owner can (GOVERNANCE)."""

    mode: Annotated[ObjectRetentionModeType | str | None, Tag("Mode")] = None
    retain_until_date: Annotated[str | None, Tag("RetainUntilDate")] = None


@record
class LegalHold:
    """Whether a version stays for as long as this is ON."""

    status: Annotated[ObjectLegalHoldStatusType | str | None, Tag("Status")] = None


@record
class PutObjectRetentionRequest(RequestBase):
    """Retain a version, or retain it for longer. With `bypass_governance_retention` GOVERNANCE can be shortened."""

    bucket: str
    key: str
    version_id: Annotated[str | None, Parameter("versionId")] = None
    bypass_governance_retention: Annotated[bool | None, Header("x-oss-bypass-governance-retention")] = None
    retention: Annotated[Retention | None, Body("Retention")] = None


@record
class PutObjectRetentionResult(ResultBase):
    """Nothing but the request id."""


@record
class GetObjectRetentionRequest(RequestBase):
    """Ask until when a version is retained."""

    bucket: str
    key: str
    version_id: Annotated[str | None, Parameter("versionId")] = None


@record
class GetObjectRetentionResult(ResultBase):
    """Until when it is retained."""

    retention: Annotated[Retention | None, Body("Retention")] = None


@record
class PutObjectLegalHoldRequest(RequestBase):
    """Hold a version, or let it go."""

    bucket: str
    key: str
    version_id: Annotated[str | None, Parameter("versionId")] = None
    legal_hold: Annotated[LegalHold | None, Body("LegalHold")] = None


@record
class PutObjectLegalHoldResult(ResultBase):
    """Nothing but the request id."""


@record
class GetObjectLegalHoldRequest(RequestBase):
    """Ask whether a version is held."""

    bucket: str
    key: str
    version_id: Annotated[str | None, Parameter("versionId")] = None


@record
class GetObjectLegalHoldResult(ResultBase):
    """Whether it is held."""

    legal_hold: Annotated[LegalHold | None, Body("LegalHold")] = None


PUT_OBJECT_RETENTION: Final = Operation(
    name="PutObjectRetention",
    method="PUT",
    level=Level.OBJECT,
    access=Access.MANAGE,
    request=PutObjectRetentionRequest,
    result=PutObjectRetentionResult,
    selectors=("retention",),
    document_bytes_max=_DOCUMENT_BYTES_MAX,
    malformed_ec=_MALFORMED_EC,
    source=DOCS + "putobjectretention",
)
GET_OBJECT_RETENTION: Final = Operation(
    name="GetObjectRetention",
    method="GET",
    level=Level.OBJECT,
    access=Access.MANAGE,
    request=GetObjectRetentionRequest,
    result=GetObjectRetentionResult,
    selectors=("retention",),
    source=DOCS + "getobjectretention",
)
PUT_OBJECT_LEGAL_HOLD: Final = Operation(
    name="PutObjectLegalHold",
    method="PUT",
    level=Level.OBJECT,
    access=Access.MANAGE,
    request=PutObjectLegalHoldRequest,
    result=PutObjectLegalHoldResult,
    selectors=("legalHold",),
    document_bytes_max=_DOCUMENT_BYTES_MAX,
    malformed_ec=_MALFORMED_EC,
    source=DOCS + "putobjectlegalhold",
)
GET_OBJECT_LEGAL_HOLD: Final = Operation(
    name="GetObjectLegalHold",
    method="GET",
    level=Level.OBJECT,
    access=Access.MANAGE,
    request=GetObjectLegalHoldRequest,
    result=GetObjectLegalHoldResult,
    selectors=("legalHold",),
    source=DOCS + "getobjectlegalhold",
)

OPERATIONS: Final = (PUT_OBJECT_RETENTION, GET_OBJECT_RETENTION, PUT_OBJECT_LEGAL_HOLD, GET_OBJECT_LEGAL_HOLD)
