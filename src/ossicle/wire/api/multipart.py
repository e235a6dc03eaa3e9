"""Operations on a multipart upload. A client can presign them; the server does not handle them yet."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from ossicle.wire.binding import Body, Header, HeaderPrefix, Parameter, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.names import ObjectAcl, StorageClass
from ossicle.wire.operation import DOCS, Access, Level, Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiateMultipartUploadRequest(RequestBase):
    """Begin an upload in parts; the headers are those of the object to be."""

    bucket: str
    key: str
    storage_class: Annotated[StorageClass | str | None, Header("x-oss-storage-class")] = None
    metadata: Annotated[dict[str, str] | None, HeaderPrefix("x-oss-meta-")] = None
    cache_control: Annotated[str | None, Header("Cache-Control")] = None
    content_disposition: Annotated[str | None, Header("Content-Disposition")] = None
    content_encoding: Annotated[str | None, Header("Content-Encoding")] = None
    content_type: Annotated[str | None, Header("Content-Type")] = None
    expires: Annotated[str | None, Header("Expires")] = None
    forbid_overwrite: Annotated[bool | None, Header("x-oss-forbid-overwrite")] = None
    encoding_type: Annotated[str | None, Parameter("encoding-type")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiateMultipartUploadResult(ResultBase):
    """The upload to send parts to."""

    XML_ROOT: ClassVar[str] = "InitiateMultipartUploadResult"
    encoding_type: Annotated[str | None, Tag("EncodingType")] = None
    bucket: Annotated[str | None, Tag("Bucket")] = None
    key: Annotated[str | None, Tag("Key", is_url_encoded=True)] = None
    upload_id: Annotated[str | None, Tag("UploadId")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPartRequest(RequestBase):
    """Send one part, numbered 1 to 10,000."""

    bucket: str
    key: str
    part_number: Annotated[int, Parameter("partNumber")]
    upload_id: Annotated[str, Parameter("uploadId")]
    content_length: Annotated[int | None, Header("Content-Length")] = None
    content_md5: Annotated[str | None, Header("Content-MD5")] = None
    traffic_limit: Annotated[int | None, Header("x-oss-traffic-limit")] = None
    body: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPartResult(ResultBase):
    """`etag` is what CompleteMultipartUpload asks for."""

    content_md5: Annotated[str | None, Header("Content-MD5")] = None
    etag: Annotated[str | None, Header("ETag")] = None
    hash_crc64: Annotated[str | None, Header("x-oss-hash-crc64ecma")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPart:
    """A part to be joined."""

    part_number: Annotated[int, Tag("PartNumber")]
    etag: Annotated[str, Tag("ETag")]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteMultipartUpload:
    """The parts that make the object, in ascending order."""

    parts: Annotated[tuple[UploadPart, ...], Tag("Part")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteMultipartUploadRequest(RequestBase):
    """Join parts to an object: the listed ones, or all with `complete_all` `yes`."""

    bucket: str
    key: str
    upload_id: Annotated[str, Parameter("uploadId")]
    acl: Annotated[ObjectAcl | str | None, Header("x-oss-object-acl")] = None
    complete_all: Annotated[str | None, Header("x-oss-complete-all")] = None
    forbid_overwrite: Annotated[bool | None, Header("x-oss-forbid-overwrite")] = None
    encoding_type: Annotated[str | None, Parameter("encoding-type")] = None
    complete_multipart_upload: Annotated[CompleteMultipartUpload | None, Body("CompleteMultipartUpload")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteMultipartUploadResult(ResultBase):
    """The object that came of it."""

    XML_ROOT: ClassVar[str] = "CompleteMultipartUploadResult"
    encoding_type: Annotated[str | None, Tag("EncodingType")] = None
    location: Annotated[str | None, Tag("Location")] = None
    bucket: Annotated[str | None, Tag("Bucket")] = None
    key: Annotated[str | None, Tag("Key", is_url_encoded=True)] = None
    etag: Annotated[str | None, Tag("ETag")] = None
    hash_crc64: Annotated[str | None, Header("x-oss-hash-crc64ecma")] = None
    version_id: Annotated[str | None, Header("x-oss-version-id")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AbortMultipartUploadRequest(RequestBase):
    """Give up an upload and drop its parts."""

    bucket: str
    key: str
    upload_id: Annotated[str, Parameter("uploadId")]


@dataclass(frozen=True, slots=True, kw_only=True)
class AbortMultipartUploadResult(ResultBase):
    """Nothing but the request id."""


INITIATE_MULTIPART_UPLOAD: Final = Operation(
    name="InitiateMultipartUpload",
    method="POST",
    level=Level.OBJECT,
    access=Access.WRITE,
    request=InitiateMultipartUploadRequest,
    result=InitiateMultipartUploadResult,
    selectors=("uploads",),
    source=DOCS + "initiatemultipartupload",
)
UPLOAD_PART: Final = Operation(
    name="UploadPart",
    method="PUT",
    level=Level.OBJECT,
    access=Access.WRITE,
    request=UploadPartRequest,
    result=UploadPartResult,
    selectors=("partNumber", "uploadId"),
    source=DOCS + "uploadpart",
)
COMPLETE_MULTIPART_UPLOAD: Final = Operation(
    name="CompleteMultipartUpload",
    method="POST",
    level=Level.OBJECT,
    access=Access.WRITE,
    request=CompleteMultipartUploadRequest,
    result=CompleteMultipartUploadResult,
    selectors=("uploadId",),
    document_bytes_max=2 * 1024 * 1024,
    source=DOCS + "completemultipartupload",
)
ABORT_MULTIPART_UPLOAD: Final = Operation(
    name="AbortMultipartUpload",
    method="DELETE",
    level=Level.OBJECT,
    access=Access.WRITE,
    request=AbortMultipartUploadRequest,
    result=AbortMultipartUploadResult,
    selectors=("uploadId",),
    success_status=204,
    source=DOCS + "abortmultipartupload",
)

OPERATIONS: Final = (
    INITIATE_MULTIPART_UPLOAD,
    UPLOAD_PART,
    COMPLETE_MULTIPART_UPLOAD,
    ABORT_MULTIPART_UPLOAD,
)
