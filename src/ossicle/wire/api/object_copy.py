"""Copying an object on the server."""

from datetime import datetime
from typing import Annotated, ClassVar, Final, Protocol

from ossicle.wire import copy_source
from ossicle.wire.binding import Header, HeaderPrefix, ProgressFn, RequestBase, ResultBase, SharedHeader
from ossicle.wire.document import Tag
from ossicle.wire.names import ObjectAcl, ObjectLegalHoldStatusType, ObjectRetentionModeType, StorageClass
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record


class _Copying(Protocol):
    @property
    def bucket(self) -> str: ...
    @property
    def source_bucket(self) -> str | None: ...
    @property
    def source_key(self) -> str: ...
    @property
    def source_version_id(self) -> str | None: ...


def _render_source(request: _Copying) -> str:
    source_bucket = request.source_bucket or request.bucket
    return copy_source.render_copy_source(source_bucket, request.source_key, request.source_version_id)


COPY_SOURCE: Final = SharedHeader(copy_source.COPY_SOURCE, copy_source.parse_copy_source, _render_source)
"""What is copied: `source_bucket`, `source_key` and `source_version_id` of the two requests that copy."""


@record
class CopyObjectRequest(RequestBase):
    """Copy an object of up to 5 GiB; `source_bucket` is `bucket` if it is not given.

    The conditions are about the source. `metadata_directive` `REPLACE` takes headers and metadata from here instead of from there.
    """

    bucket: str
    key: str
    source_bucket: Annotated[str | None, COPY_SOURCE] = None
    source_key: Annotated[str, COPY_SOURCE]
    source_version_id: Annotated[str | None, COPY_SOURCE] = None
    if_match: Annotated[str | None, Header("x-oss-copy-source-if-match")] = None
    if_none_match: Annotated[str | None, Header("x-oss-copy-source-if-none-match")] = None
    if_modified_since: Annotated[str | None, Header("x-oss-copy-source-if-modified-since")] = None
    if_unmodified_since: Annotated[str | None, Header("x-oss-copy-source-if-unmodified-since")] = None
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
    tagging_directive: Annotated[str | None, Header("x-oss-tagging-directive")] = None
    metadata_directive: Annotated[str | None, Header("x-oss-metadata-directive")] = None
    forbid_overwrite: Annotated[bool | None, Header("x-oss-forbid-overwrite")] = None
    traffic_limit: Annotated[int | None, Header("x-oss-traffic-limit")] = None
    progress_fn: ProgressFn | None = None


@record
class CopyObjectResult(ResultBase):
    """The object that came of it."""

    XML_ROOT: ClassVar[str] = "CopyObjectResult"
    etag: Annotated[str | None, Tag("ETag"), Header("ETag")] = None
    last_modified: Annotated[datetime | None, Tag("LastModified")] = None
    hash_crc64: Annotated[str | None, Header("x-oss-hash-crc64ecma")] = None
    version_id: Annotated[str | None, Header("x-oss-version-id")] = None
    server_side_encryption: Annotated[str | None, Header("x-oss-server-side-encryption")] = None
    server_side_data_encryption: Annotated[str | None, Header("x-oss-server-side-data-encryption")] = None
    server_side_encryption_key_id: Annotated[str | None, Header("x-oss-server-side-encryption-key-id")] = None
    source_version_id: Annotated[str | None, Header("x-oss-copy-source-version-id")] = None


COPY_OBJECT: Final = Operation(
    name="CopyObject",
    method="PUT",
    level=Level.OBJECT,
    access=Access.WRITE,
    request=CopyObjectRequest,
    result=CopyObjectResult,
    header_selector=COPY_SOURCE.name.encode("ascii"),
    source=DOCS + "copyobject",
)

OPERATIONS: Final = (COPY_OBJECT,)
