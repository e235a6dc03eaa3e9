"""PostObject: what a browser's form uploads."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, CallbackAnswer, Header, HeaderPrefix, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.names import ObjectAcl, StorageClass
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record


@record
class PostObjectRequest(RequestBase):
    """Store an object from a form, whose fields are bound like the headers of a PutObject.

    `object_key` may hold `${filename}`, the name of the file. `content_md5` is base64 of the file's MD5. `metadata` names are without
    `x-oss-meta-`.
    """

    bucket: str
    object_key: Annotated[str | None, Header("key")] = None
    success_action_status: Annotated[str | None, Header("success_action_status")] = None
    success_action_redirect: Annotated[str | None, Header("success_action_redirect")] = None
    acl: Annotated[ObjectAcl | str | None, Header("x-oss-object-acl")] = None
    storage_class: Annotated[StorageClass | str | None, Header("x-oss-storage-class")] = None
    metadata: Annotated[dict[str, str] | None, HeaderPrefix("x-oss-meta-")] = None
    oss_content_type: Annotated[str | None, Header("x-oss-content-type")] = None
    content_md5: Annotated[str | None, Header("Content-MD5")] = None
    forbid_overwrite: Annotated[bool | None, Header("x-oss-forbid-overwrite")] = None
    server_side_encryption: Annotated[str | None, Header("x-oss-server-side-encryption")] = None
    server_side_data_encryption: Annotated[str | None, Header("x-oss-server-side-data-encryption")] = None
    server_side_encryption_key_id: Annotated[str | None, Header("x-oss-server-side-encryption-key-id")] = None
    tagging: Annotated[str | None, Header("x-oss-tagging")] = None
    traffic_limit: Annotated[int | None, Header("x-oss-traffic-limit")] = None
    hash_crc64: Annotated[str | None, Header("x-oss-hash-crc64ecma")] = None


@record
class PostResponse:
    """What a form that asks for status 201 is told."""

    bucket: Annotated[str | None, Tag("Bucket")] = None
    etag: Annotated[str | None, Tag("ETag")] = None
    key: Annotated[str | None, Tag("Key")] = None
    location: Annotated[str | None, Tag("Location")] = None


@record
class PostObjectResult(ResultBase):
    """`location` is the address of the object, or that to which a page goes on; `etag` is quoted and `hash_crc64` decimal.

    `callback_result` is the application's JSON answer.
    """

    etag: Annotated[str | None, Header("ETag")] = None
    location: Annotated[str | None, Header("Location")] = None
    hash_crc64: Annotated[str | None, Header("x-oss-hash-crc64ecma")] = None
    version_id: Annotated[str | None, Header("x-oss-version-id")] = None
    server_side_encryption: Annotated[str | None, Header("x-oss-server-side-encryption")] = None
    server_side_data_encryption: Annotated[str | None, Header("x-oss-server-side-data-encryption")] = None
    server_side_encryption_key_id: Annotated[str | None, Header("x-oss-server-side-encryption-key-id")] = None
    callback_result: Annotated[object, CallbackAnswer()] = None
    response: Annotated[PostResponse | None, Body("PostResponse")] = None


POST_OBJECT: Final = Operation(
    name="PostObject",
    method="POST",
    level=Level.BUCKET,
    access=Access.WRITE,
    request=PostObjectRequest,
    result=PostObjectResult,
    success_status=204,
    is_form=True,
    source=DOCS + "postobject",
)

OPERATIONS: Final = (POST_OBJECT,)
