"""Operations on uploads in parts."""

from datetime import datetime
from typing import Annotated, ClassVar, Final

from ossicle.wire.api.bucket import CommonPrefix
from ossicle.wire.api.object_copy import COPY_SOURCE
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
from ossicle.wire.names import ObjectAcl, ObjectLegalHoldStatusType, ObjectRetentionModeType, StorageClass
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record


@record
class InitiateMultipartUploadRequest(RequestBase):
    """Begin an upload in parts; the headers are those of the object to be. `sequential` counts by being there."""

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
    sequential: Annotated[str | None, Parameter("sequential")] = None
    encoding_type: Annotated[str | None, Parameter("encoding-type")] = None


@record
class InitiateMultipartUploadResult(ResultBase):
    """The upload to send parts to."""

    XML_ROOT: ClassVar[str] = "InitiateMultipartUploadResult"
    encoding_type: Annotated[str | None, Tag("EncodingType")] = None
    bucket: Annotated[str | None, Tag("Bucket")] = None
    key: Annotated[str | None, Tag("Key", is_url_encoded=True)] = None
    upload_id: Annotated[str | None, Tag("UploadId")] = None


@record
class UploadPartRequest(RequestBase):
    """Send one part, numbered 1 to 10,000; the same number again replaces it. The checksums are those of PutObject."""

    bucket: str
    key: str
    part_number: Annotated[int, Parameter("partNumber")]
    upload_id: Annotated[str, Parameter("uploadId")]
    content_length: Annotated[int | None, Header("Content-Length")] = None
    content_md5: Annotated[str | None, Header("Content-MD5")] = None
    traffic_limit: Annotated[int | None, Header("x-oss-traffic-limit")] = None
    hash_crc64: Annotated[str | None, Header("x-oss-hash-crc64ecma")] = None
    body: object = None
    progress_fn: ProgressFn | None = None


@record
class UploadPartResult(ResultBase):
    """`etag` is what CompleteMultipartUpload asks for."""

    content_md5: Annotated[str | None, Header("Content-MD5")] = None
    etag: Annotated[str | None, Header("ETag")] = None
    hash_crc64: Annotated[str | None, Header("x-oss-hash-crc64ecma")] = None


@record
class UploadPartCopyRequest(RequestBase):
    """Make an object, or the inclusive `source_range` of it, one part; `source_bucket` is `bucket` if it is not given.

    The conditions are about the source.
    """

    bucket: str
    key: str
    part_number: Annotated[int, Parameter("partNumber")]
    upload_id: Annotated[str, Parameter("uploadId")]
    source_bucket: Annotated[str | None, COPY_SOURCE] = None
    source_key: Annotated[str, COPY_SOURCE]
    source_version_id: Annotated[str | None, COPY_SOURCE] = None
    source_range: Annotated[str | None, Header("x-oss-copy-source-range")] = None
    if_match: Annotated[str | None, Header("x-oss-copy-source-if-match")] = None
    if_none_match: Annotated[str | None, Header("x-oss-copy-source-if-none-match")] = None
    if_modified_since: Annotated[str | None, Header("x-oss-copy-source-if-modified-since")] = None
    if_unmodified_since: Annotated[str | None, Header("x-oss-copy-source-if-unmodified-since")] = None
    traffic_limit: Annotated[int | None, Header("x-oss-traffic-limit")] = None


@record
class UploadPartCopyResult(ResultBase):
    """The part that came of it."""

    XML_ROOT: ClassVar[str] = "CopyPartResult"
    last_modified: Annotated[datetime | None, Tag("LastModified")] = None
    etag: Annotated[str | None, Tag("ETag"), Header("ETag")] = None
    hash_crc64: Annotated[str | None, Header("x-oss-hash-crc64ecma")] = None
    source_version_id: Annotated[str | None, Header("x-oss-copy-source-version-id")] = None


@record
class UploadPart:
    """A part to be joined."""

    part_number: Annotated[int, Tag("PartNumber")]
    etag: Annotated[str, Tag("ETag")]


@record
class CompleteMultipartUpload:
    """The parts that make the object, in ascending order."""

    parts: Annotated[tuple[UploadPart, ...], Tag("Part")] = ()


@record
class CompleteMultipartUploadRequest(RequestBase):
    """Join parts to an object: the listed ones, or all with `complete_all` `yes`. `callback` is as for PutObject."""

    bucket: str
    key: str
    upload_id: Annotated[str, Parameter("uploadId")]
    acl: Annotated[ObjectAcl | str | None, Header("x-oss-object-acl")] = None
    complete_all: Annotated[str | None, Header("x-oss-complete-all")] = None
    forbid_overwrite: Annotated[bool | None, Header("x-oss-forbid-overwrite")] = None
    encoding_type: Annotated[str | None, Parameter("encoding-type")] = None
    callback: Annotated[str | None, Header("x-oss-callback")] = None
    callback_var: Annotated[str | None, Header("x-oss-callback-var")] = None
    complete_multipart_upload: Annotated[CompleteMultipartUpload | None, Body("CompleteMultipartUpload")] = None


@record
class CompleteMultipartUploadResult(ResultBase):
    """The object that came of it; with a callback, `callback_result` and the headers are all there is of it."""

    XML_ROOT: ClassVar[str] = "CompleteMultipartUploadResult"
    encoding_type: Annotated[str | None, Tag("EncodingType")] = None
    location: Annotated[str | None, Tag("Location")] = None
    bucket: Annotated[str | None, Tag("Bucket")] = None
    key: Annotated[str | None, Tag("Key", is_url_encoded=True)] = None
    etag: Annotated[str | None, Tag("ETag"), Header("ETag")] = None
    hash_crc64: Annotated[str | None, Header("x-oss-hash-crc64ecma")] = None
    version_id: Annotated[str | None, Header("x-oss-version-id")] = None
    server_side_encryption: Annotated[str | None, Header("x-oss-server-side-encryption")] = None
    server_side_data_encryption: Annotated[str | None, Header("x-oss-server-side-data-encryption")] = None
    server_side_encryption_key_id: Annotated[str | None, Header("x-oss-server-side-encryption-key-id")] = None
    callback_result: Annotated[object, CallbackAnswer()] = None


@record
class AbortMultipartUploadRequest(RequestBase):
    """Give up an upload and drop its parts."""

    bucket: str
    key: str
    upload_id: Annotated[str, Parameter("uploadId")]


@record
class AbortMultipartUploadResult(ResultBase):
    """Nothing but the request id."""


@record
class ListMultipartUploadsRequest(RequestBase):
    """List uploads that are neither completed nor aborted, by key and then by upload id; `max_uploads` is 1 to 1000."""

    bucket: str
    delimiter: Annotated[str | None, Parameter("delimiter")] = None
    encoding_type: Annotated[str | None, Parameter("encoding-type")] = None
    key_marker: Annotated[str | None, Parameter("key-marker")] = None
    max_uploads: Annotated[int | None, Parameter("max-uploads")] = None
    prefix: Annotated[str | None, Parameter("prefix")] = None
    upload_id_marker: Annotated[str | None, Parameter("upload-id-marker")] = None


@record
class Upload:
    """An upload in a listing."""

    key: Annotated[str | None, Tag("Key", is_url_encoded=True)] = None
    upload_id: Annotated[str | None, Tag("UploadId")] = None
    storage_class: Annotated[StorageClass | str | None, Tag("StorageClass")] = None
    initiated: Annotated[datetime | None, Tag("Initiated")] = None


@record
class ListMultipartUploadsResult(ResultBase):
    """One page; the next markers are empty on the last."""

    XML_ROOT: ClassVar[str] = "ListMultipartUploadsResult"
    encoding_type: Annotated[str | None, Tag("EncodingType")] = None
    bucket: Annotated[str | None, Tag("Bucket")] = None
    key_marker: Annotated[str | None, Tag("KeyMarker", is_url_encoded=True)] = None
    upload_id_marker: Annotated[str | None, Tag("UploadIdMarker")] = None
    next_key_marker: Annotated[str | None, Tag("NextKeyMarker", is_url_encoded=True)] = None
    next_upload_id_marker: Annotated[str | None, Tag("NextUploadIdMarker")] = None
    delimiter: Annotated[str | None, Tag("Delimiter", is_url_encoded=True)] = None
    prefix: Annotated[str | None, Tag("Prefix", is_url_encoded=True)] = None
    max_uploads: Annotated[int | None, Tag("MaxUploads")] = None
    is_truncated: Annotated[bool | None, Tag("IsTruncated")] = None
    uploads: Annotated[tuple[Upload, ...], Tag("Upload")] = ()
    common_prefixes: Annotated[tuple[CommonPrefix, ...], Tag("CommonPrefixes")] = ()


@record
class ListPartsRequest(RequestBase):
    """List the parts of an upload whose numbers follow `part_number_marker`; `max_parts` is 1 to 1000."""

    bucket: str
    key: str
    upload_id: Annotated[str, Parameter("uploadId")]
    encoding_type: Annotated[str | None, Parameter("encoding-type")] = None
    max_parts: Annotated[int | None, Parameter("max-parts")] = None
    # The first Python SDK begins a listing with an empty marker.
    part_number_marker: Annotated[int | None, Parameter("part-number-marker", is_empty_absent=True)] = None


@record
class Part:
    """A part that was uploaded. `hash_crc64` is decimal."""

    part_number: Annotated[int | None, Tag("PartNumber")] = None
    last_modified: Annotated[datetime | None, Tag("LastModified")] = None
    etag: Annotated[str | None, Tag("ETag")] = None
    hash_crc64: Annotated[str | None, Tag("HashCrc64ecma")] = None
    size: Annotated[int | None, Tag("Size")] = None


@record
class ListPartsResult(ResultBase):
    """One page; `next_part_number_marker` is the last number on it, 0 without any."""

    XML_ROOT: ClassVar[str] = "ListPartsResult"
    encoding_type: Annotated[str | None, Tag("EncodingType")] = None
    bucket: Annotated[str | None, Tag("Bucket")] = None
    key: Annotated[str | None, Tag("Key", is_url_encoded=True)] = None
    upload_id: Annotated[str | None, Tag("UploadId")] = None
    storage_class: Annotated[StorageClass | str | None, Tag("StorageClass")] = None
    part_number_marker: Annotated[int | None, Tag("PartNumberMarker")] = None
    next_part_number_marker: Annotated[int | None, Tag("NextPartNumberMarker")] = None
    max_parts: Annotated[int | None, Tag("MaxParts")] = None
    is_truncated: Annotated[bool | None, Tag("IsTruncated")] = None
    parts: Annotated[tuple[Part, ...], Tag("Part")] = ()


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
UPLOAD_PART_COPY: Final = Operation(
    name="UploadPartCopy",
    method="PUT",
    level=Level.OBJECT,
    access=Access.WRITE,
    request=UploadPartCopyRequest,
    result=UploadPartCopyResult,
    selectors=("partNumber", "uploadId"),
    header_selector=COPY_SOURCE.name.encode("ascii"),
    source=DOCS + "uploadpartcopy",
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
    malformed_ec="0042-00000205",
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
LIST_MULTIPART_UPLOADS: Final = Operation(
    name="ListMultipartUploads",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=ListMultipartUploadsRequest,
    result=ListMultipartUploadsResult,
    selectors=("uploads",),
    source=DOCS + "listmultipartuploads",
)
LIST_PARTS: Final = Operation(
    name="ListParts",
    method="GET",
    level=Level.OBJECT,
    access=Access.WRITE,
    request=ListPartsRequest,
    result=ListPartsResult,
    selectors=("uploadId",),
    source=DOCS + "listparts",
)

OPERATIONS: Final = (
    INITIATE_MULTIPART_UPLOAD,
    UPLOAD_PART,
    UPLOAD_PART_COPY,
    COMPLETE_MULTIPART_UPLOAD,
    ABORT_MULTIPART_UPLOAD,
    LIST_MULTIPART_UPLOADS,
    LIST_PARTS,
)
