"""Appendable objects: adding bytes at the end, and sealing, after which no more can be added."""

from datetime import datetime
from typing import Annotated, Final

from ossicle.wire.binding import Header, HeaderPrefix, Parameter, ProgressFn, RequestBase, ResultBase
from ossicle.wire.names import ObjectAcl, StorageClass
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record


@record
class AppendObjectRequest(RequestBase):
    """Add bytes to the end of an appendable object, or make one with them.

    `position` is how many bytes it has: another number is refused, and the refusal names the right one. Headers, metadata, ACL and
    storage class count when the object is made and are ignored later. `content_md5` and `hash_crc64` are of these bytes alone.
    """

    bucket: str
    key: str
    position: Annotated[int, Parameter("position")]
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
    tagging: Annotated[str | None, Header("x-oss-tagging")] = None
    server_side_encryption: Annotated[str | None, Header("x-oss-server-side-encryption")] = None
    server_side_data_encryption: Annotated[str | None, Header("x-oss-server-side-data-encryption")] = None
    server_side_encryption_key_id: Annotated[str | None, Header("x-oss-server-side-encryption-key-id")] = None
    forbid_overwrite: Annotated[bool | None, Header("x-oss-forbid-overwrite")] = None
    traffic_limit: Annotated[int | None, Header("x-oss-traffic-limit")] = None
    hash_crc64: Annotated[str | None, Header("x-oss-hash-crc64ecma")] = None
    body: object = None
    progress_fn: ProgressFn | None = None


@record
class AppendObjectResult(ResultBase):
    """`next_position` is how many bytes the object has now; `hash_crc64`, decimal, and `etag`, quoted, are of all of them."""

    next_position: Annotated[int | None, Header("x-oss-next-append-position")] = None
    hash_crc64: Annotated[str | None, Header("x-oss-hash-crc64ecma")] = None
    etag: Annotated[str | None, Header("ETag")] = None
    version_id: Annotated[str | None, Header("x-oss-version-id")] = None
    server_side_encryption: Annotated[str | None, Header("x-oss-server-side-encryption")] = None
    server_side_data_encryption: Annotated[str | None, Header("x-oss-server-side-data-encryption")] = None
    server_side_encryption_key_id: Annotated[str | None, Header("x-oss-server-side-encryption-key-id")] = None


@record
class SealAppendObjectRequest(RequestBase):
    """Let no more bytes be added to an appendable object, which has `position` of them."""

    bucket: str
    key: str
    position: Annotated[int, Parameter("position")]


@record
class SealAppendObjectResult(ResultBase):
    """When it was sealed."""

    sealed_time: Annotated[datetime | None, Header("x-oss-sealed-time")] = None


APPEND_OBJECT: Final = Operation(
    name="AppendObject",
    method="POST",
    level=Level.OBJECT,
    access=Access.WRITE,
    request=AppendObjectRequest,
    result=AppendObjectResult,
    selectors=("append",),
    source=DOCS + "appendobject",
)
SEAL_APPEND_OBJECT: Final = Operation(
    name="SealAppendObject",
    method="POST",
    level=Level.OBJECT,
    access=Access.WRITE,
    request=SealAppendObjectRequest,
    result=SealAppendObjectResult,
    selectors=("seal",),
    source=DOCS + "sealappendobject",
)

OPERATIONS: Final = (APPEND_OBJECT, SEAL_APPEND_OBJECT)
