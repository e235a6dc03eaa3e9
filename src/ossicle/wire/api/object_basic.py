"""Operations on objects: put, get, head, delete, and the deletion of many at once."""

from datetime import datetime
from typing import Annotated, ClassVar, Final, Generic, TypeVar

from ossicle.wire.binding import (
    Body,
    CallbackAnswer,
    Header,
    HeaderPrefix,
    Parameter,
    ProgressFn,
    RequestBase,
    ResultBase,
)
from ossicle.wire.document import Tag
from ossicle.wire.names import ObjectAcl, ObjectLegalHoldStatusType, ObjectRetentionModeType, ObjectType, StorageClass
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record

BodyT_co = TypeVar("BodyT_co", covariant=True)


@record
class PutObjectRequest(RequestBase):
    """Store an object whole, replacing one of the same key.

    `content_md5` is base64 of the body's MD5, `hash_crc64` its CRC-64 in decimal: the server refuses a body that differs.
    `callback` and `callback_var` are base64 of JSON, and ask the server to tell an application of the object once it is stored.
    `metadata` names are without `x-oss-meta-`. `body` is what a client sends; a server streams it apart.
    """

    bucket: str
    key: str
    acl: Annotated[ObjectAcl | str | None, Header("x-oss-object-acl")] = None
    storage_class: Annotated[StorageClass | str | None, Header("x-oss-storage-class")] = None
    metadata: Annotated[dict[str, str] | None, HeaderPrefix("x-oss-meta-")] = None
    cache_control: Annotated[str | None, Header("Cache-Control")] = None
    content_disposition: Annotated[str | None, Header("Content-Disposition")] = None
    content_encoding: Annotated[str | None, Header("Content-Encoding")] = None
    content_language: Annotated[str | None, Header("Content-Language")] = None
    content_length: Annotated[int | None, Header("Content-Length")] = None
    content_md5: Annotated[str | None, Header("Content-MD5")] = None
    content_type: Annotated[str | None, Header("Content-Type")] = None
    expires: Annotated[str | None, Header("Expires")] = None
    server_side_encryption: Annotated[str | None, Header("x-oss-server-side-encryption")] = None
    server_side_data_encryption: Annotated[str | None, Header("x-oss-server-side-data-encryption")] = None
    server_side_encryption_key_id: Annotated[str | None, Header("x-oss-server-side-encryption-key-id")] = None
    tagging: Annotated[str | None, Header("x-oss-tagging")] = None
    object_worm_mode: Annotated[ObjectRetentionModeType | str | None, Header("x-oss-object-worm-mode")] = None
    object_worm_retain_until_date: Annotated[str | None, Header("x-oss-object-worm-retain-until-date")] = None
    object_worm_legal_hold: Annotated[
        ObjectLegalHoldStatusType | str | None, Header("x-oss-object-worm-legal-hold")
    ] = None
    forbid_overwrite: Annotated[bool | None, Header("x-oss-forbid-overwrite")] = None
    traffic_limit: Annotated[int | None, Header("x-oss-traffic-limit")] = None
    hash_crc64: Annotated[str | None, Header("x-oss-hash-crc64ecma")] = None
    callback: Annotated[str | None, Header("x-oss-callback")] = None
    callback_var: Annotated[str | None, Header("x-oss-callback-var")] = None
    body: object = None
    progress_fn: ProgressFn | None = None


@record
class PutObjectResult(ResultBase):
    """`etag` is quoted, `hash_crc64` decimal: both of the bytes that were stored. `callback_result` is the application's JSON answer."""

    content_md5: Annotated[str | None, Header("Content-MD5")] = None
    etag: Annotated[str | None, Header("ETag")] = None
    hash_crc64: Annotated[str | None, Header("x-oss-hash-crc64ecma")] = None
    version_id: Annotated[str | None, Header("x-oss-version-id")] = None
    server_side_encryption: Annotated[str | None, Header("x-oss-server-side-encryption")] = None
    server_side_data_encryption: Annotated[str | None, Header("x-oss-server-side-data-encryption")] = None
    server_side_encryption_key_id: Annotated[str | None, Header("x-oss-server-side-encryption-key-id")] = None
    callback_result: Annotated[object, CallbackAnswer()] = None


@record
class GetObjectRequest(RequestBase):
    """Read an object, whole or a range of it, if the conditions hold.

    `range_behavior` `standard` makes a range beyond the end an error instead of the whole object. The `response_*` fields replace
    headers of the answer.
    """

    bucket: str
    key: str
    if_match: Annotated[str | None, Header("If-Match")] = None
    if_none_match: Annotated[str | None, Header("If-None-Match")] = None
    if_modified_since: Annotated[str | None, Header("If-Modified-Since")] = None
    if_unmodified_since: Annotated[str | None, Header("If-Unmodified-Since")] = None
    range_header: Annotated[str | None, Header("Range")] = None
    range_behavior: Annotated[str | None, Header("x-oss-range-behavior")] = None
    response_cache_control: Annotated[str | None, Parameter("response-cache-control")] = None
    response_content_disposition: Annotated[str | None, Parameter("response-content-disposition")] = None
    response_content_encoding: Annotated[str | None, Parameter("response-content-encoding")] = None
    response_content_language: Annotated[str | None, Parameter("response-content-language")] = None
    response_content_type: Annotated[str | None, Parameter("response-content-type")] = None
    response_expires: Annotated[str | None, Parameter("response-expires")] = None
    version_id: Annotated[str | None, Parameter("versionId")] = None
    traffic_limit: Annotated[int | None, Header("x-oss-traffic-limit")] = None
    progress_fn: ProgressFn | None = None


@record
class ObjectHeaders(ResultBase):
    """What GetObject and HeadObject tell of an object."""

    content_length: Annotated[int | None, Header("Content-Length")] = None
    content_type: Annotated[str | None, Header("Content-Type")] = None
    etag: Annotated[str | None, Header("ETag")] = None
    last_modified: Annotated[datetime | None, Header("Last-Modified")] = None
    content_md5: Annotated[str | None, Header("Content-MD5")] = None
    metadata: Annotated[dict[str, str] | None, HeaderPrefix("x-oss-meta-")] = None
    cache_control: Annotated[str | None, Header("Cache-Control")] = None
    content_disposition: Annotated[str | None, Header("Content-Disposition")] = None
    content_encoding: Annotated[str | None, Header("Content-Encoding")] = None
    content_language: Annotated[str | None, Header("Content-Language")] = None
    expires: Annotated[str | None, Header("Expires")] = None
    hash_crc64: Annotated[str | None, Header("x-oss-hash-crc64ecma")] = None
    storage_class: Annotated[StorageClass | str | None, Header("x-oss-storage-class")] = None
    object_type: Annotated[ObjectType | str | None, Header("x-oss-object-type")] = None
    version_id: Annotated[str | None, Header("x-oss-version-id")] = None
    next_append_position: Annotated[int | None, Header("x-oss-next-append-position")] = None
    sealed_time: Annotated[datetime | None, Header("x-oss-sealed-time")] = None
    tagging_count: Annotated[int | None, Header("x-oss-tagging-count")] = None
    server_side_encryption: Annotated[str | None, Header("x-oss-server-side-encryption")] = None
    server_side_data_encryption: Annotated[str | None, Header("x-oss-server-side-data-encryption")] = None
    server_side_encryption_key_id: Annotated[str | None, Header("x-oss-server-side-encryption-key-id")] = None
    restore: Annotated[str | None, Header("x-oss-restore")] = None
    object_worm_mode: Annotated[ObjectRetentionModeType | str | None, Header("x-oss-object-worm-mode")] = None
    object_worm_retain_until_date: Annotated[str | None, Header("x-oss-object-worm-retain-until-date")] = None
    object_worm_legal_hold: Annotated[
        ObjectLegalHoldStatusType | str | None, Header("x-oss-object-worm-legal-hold")
    ] = None
    accept_ranges: Annotated[str | None, Header("Accept-Ranges")] = None


@record
class GetObjectResult(ObjectHeaders, Generic[BodyT_co]):
    """The object's headers, and its bytes in `body`: a stream on either side."""

    content_range: Annotated[str | None, Header("Content-Range")] = None
    body: BodyT_co | None = None


@record
class HeadObjectRequest(RequestBase):
    """Ask for an object's headers, if the conditions hold."""

    bucket: str
    key: str
    version_id: Annotated[str | None, Parameter("versionId")] = None
    if_match: Annotated[str | None, Header("If-Match")] = None
    if_none_match: Annotated[str | None, Header("If-None-Match")] = None
    if_modified_since: Annotated[str | None, Header("If-Modified-Since")] = None
    if_unmodified_since: Annotated[str | None, Header("If-Unmodified-Since")] = None


@record
class HeadObjectResult(ObjectHeaders):
    """The object's headers."""


@record
class GetObjectMetaRequest(RequestBase):
    """Ask for an object's size, ETag and time, and for nothing else."""

    bucket: str
    key: str
    version_id: Annotated[str | None, Parameter("versionId")] = None


@record
class GetObjectMetaResult(ResultBase):
    """`content_length` is the size of the object."""

    content_length: Annotated[int | None, Header("Content-Length")] = None
    etag: Annotated[str | None, Header("ETag")] = None
    last_modified: Annotated[datetime | None, Header("Last-Modified")] = None
    version_id: Annotated[str | None, Header("x-oss-version-id")] = None
    hash_crc64: Annotated[str | None, Header("x-oss-hash-crc64ecma")] = None


@record
class DeleteObjectRequest(RequestBase):
    """Remove an object; one that is not there is removed as well. With `bypass_governance_retention` also one retained by GOVERNANCE."""

    bucket: str
    key: str
    version_id: Annotated[str | None, Parameter("versionId")] = None
    bypass_governance_retention: Annotated[bool | None, Header("x-oss-bypass-governance-retention")] = None


@record
class DeleteObjectResult(ResultBase):
    """What was removed, in a bucket with versions."""

    version_id: Annotated[str | None, Header("x-oss-version-id")] = None
    delete_marker: Annotated[bool | None, Header("x-oss-delete-marker")] = None


@record
class ObjectIdentifier:
    """An object to be removed, or one version of it."""

    key: Annotated[str, Tag("Key")]
    version_id: Annotated[str | None, Tag("VersionId")] = None


@record
class Delete:
    """Up to 1,000 objects to be removed; `quiet` asks to be told of nothing."""

    quiet: Annotated[bool | None, Tag("Quiet")] = None
    objects: Annotated[tuple[ObjectIdentifier, ...], Tag("Object")] = ()


@record
class DeleteMultipleObjectsRequest(RequestBase):
    """Remove objects; those that are not there are removed as well. `bypass_governance_retention` is that of DeleteObject."""

    bucket: str
    encoding_type: Annotated[str | None, Parameter("encoding-type")] = None
    bypass_governance_retention: Annotated[bool | None, Header("x-oss-bypass-governance-retention")] = None
    delete: Annotated[Delete | None, Body("Delete")] = None


@record
class DeletedInfo:
    """What was removed, and in a bucket with versions the marker that was written or removed."""

    key: Annotated[str | None, Tag("Key", is_url_encoded=True)] = None
    version_id: Annotated[str | None, Tag("VersionId")] = None
    delete_marker: Annotated[bool | None, Tag("DeleteMarker")] = None
    delete_marker_version_id: Annotated[str | None, Tag("DeleteMarkerVersionId")] = None


@record
class DeleteError:
    """An object that was not deleted, and why."""

    key: Annotated[str | None, Tag("Key", is_url_encoded=True)] = None
    version_id: Annotated[str | None, Tag("VersionId")] = None
    code: Annotated[str | None, Tag("Code")] = None
    message: Annotated[str | None, Tag("Message")] = None
    ec: Annotated[str | None, Tag("EC")] = None


@record
class DeleteMultipleObjectsResult(ResultBase):
    """What was removed, and what was not; no document at all when that was not asked for, and nothing was refused."""

    XML_ROOT: ClassVar[str] = "DeleteResult"
    XML_MAY_BE_ABSENT: ClassVar[bool] = True
    encoding_type: Annotated[str | None, Tag("EncodingType")] = None
    deleted_objects: Annotated[tuple[DeletedInfo, ...], Tag("Deleted")] = ()
    errors: Annotated[tuple[DeleteError, ...], Tag("Error")] = ()


PUT_OBJECT: Final = Operation(
    name="PutObject",
    method="PUT",
    level=Level.OBJECT,
    access=Access.WRITE,
    request=PutObjectRequest,
    result=PutObjectResult,
    source=DOCS + "putobject",
)
GET_OBJECT: Final = Operation(
    name="GetObject",
    method="GET",
    level=Level.OBJECT,
    access=Access.READ,
    request=GetObjectRequest,
    result=GetObjectResult,
    source=DOCS + "getobject",
)
HEAD_OBJECT: Final = Operation(
    name="HeadObject",
    method="HEAD",
    level=Level.OBJECT,
    access=Access.READ,
    request=HeadObjectRequest,
    result=HeadObjectResult,
    source=DOCS + "headobject",
)
DELETE_OBJECT: Final = Operation(
    name="DeleteObject",
    method="DELETE",
    level=Level.OBJECT,
    access=Access.WRITE,
    request=DeleteObjectRequest,
    result=DeleteObjectResult,
    success_status=204,
    source=DOCS + "deleteobject",
)
GET_OBJECT_META: Final = Operation(
    name="GetObjectMeta",
    method="HEAD",
    level=Level.OBJECT,
    access=Access.READ,
    request=GetObjectMetaRequest,
    result=GetObjectMetaResult,
    selectors=("objectMeta",),
    source=DOCS + "getobjectmeta",
)
DELETE_MULTIPLE_OBJECTS: Final = Operation(
    name="DeleteMultipleObjects",
    method="POST",
    level=Level.BUCKET,
    access=Access.WRITE,
    request=DeleteMultipleObjectsRequest,
    result=DeleteMultipleObjectsResult,
    selectors=("delete",),
    document_bytes_max=2 * 1024 * 1024,
    malformed_ec="0016-00000608",
    source=DOCS + "deletemultipleobjects",
)

OPERATIONS: Final = (PUT_OBJECT, GET_OBJECT, HEAD_OBJECT, GET_OBJECT_META, DELETE_OBJECT, DELETE_MULTIPLE_OBJECTS)
