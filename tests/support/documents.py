"""The answers that the files in `tests/vectors/documents` show, as values."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ossicle.wire.api.bucket import (
    GET_BUCKET_INFO,
    GET_BUCKET_LOCATION,
    LIST_OBJECTS,
    LIST_OBJECTS_V2,
    BucketInfo,
    BucketPolicy,
    CommonPrefix,
    GetBucketInfoResult,
    GetBucketLocationResult,
    ListObjectsResult,
    ListObjectsV2Result,
    ObjectProperties,
    SSERule,
)
from ossicle.wire.api.bucket_cors import GET_BUCKET_CORS, CORSConfiguration, CORSRule, GetBucketCorsResult
from ossicle.wire.api.multipart import (
    COMPLETE_MULTIPART_UPLOAD,
    INITIATE_MULTIPART_UPLOAD,
    LIST_MULTIPART_UPLOADS,
    LIST_PARTS,
    UPLOAD_PART_COPY,
    CompleteMultipartUploadResult,
    InitiateMultipartUploadResult,
    ListMultipartUploadsResult,
    ListPartsResult,
    Part,
    Upload,
    UploadPartCopyResult,
)
from ossicle.wire.api.object_basic import DELETE_MULTIPLE_OBJECTS, DeletedInfo, DeleteMultipleObjectsResult
from ossicle.wire.api.object_copy import COPY_OBJECT, CopyObjectResult
from ossicle.wire.api.service import LIST_BUCKETS, BucketProperties, ListBucketsResult, Owner
from ossicle.wire.binding import ResultBase
from ossicle.wire.errors import NoSuchKey
from ossicle.wire.names import (
    BucketAcl,
    DataRedundancyType,
    ObjectType,
    StorageClass,
    Versioning,
)
from ossicle.wire.operation import AnyOperation

_FOLDER: Final = Path(__file__).parents[1] / "vectors" / "documents"
_MOMENT: Final = datetime(2023, 12, 17, 3, 56, 28, tzinfo=UTC)
_OWNER: Final = Owner(id="1234567890123456", display_name="1234567890123456")
_ETAG: Final = '"5D41402ABC4B2A76B9719D911017C592"'
_OBJECT: Final = ObjectProperties(
    key="fun/a & b+c%.txt",
    last_modified=_MOMENT,
    etag=_ETAG,
    object_type=ObjectType.NORMAL,
    size=5,
    storage_class=StorageClass.STANDARD,
    owner=_OWNER,
)
_EXTRANET: Final = "oss-cn-hangzhou.aliyuncs.com"
_INTRANET: Final = "oss-cn-hangzhou-internal.aliyuncs.com"

REQUEST_ID: Final = "657E6F7C4A1B2C3D4E5F6071"
UPLOAD_ID: Final = "0004B9894A22E5B1888A1E29F8236E2D"
VERSION_ID: Final = "CAEQNhiBgMDJgZCA0BYiIDc4MGZjZGI2OTBjOTRmNTE5NmU5NmFhZjhjYmY0****"
HOST_ID: Final = "examplebucket.oss-cn-hangzhou.aliyuncs.com"
ERROR: Final = NoSuchKey(key="missing.txt")

BUCKET_INFO: Final = GetBucketInfoResult(
    bucket_info=BucketInfo(
        access_monitor="Disabled",
        block_public_access=False,
        comment="",
        creation_date=_MOMENT,
        cross_region_replication="Disabled",
        data_redundancy_type=DataRedundancyType.LRS,
        extranet_endpoint=_EXTRANET,
        intranet_endpoint=_INTRANET,
        location="oss-cn-hangzhou",
        name="examplebucket",
        resource_group_id="rg-acfmexample",
        storage_class=StorageClass.STANDARD,
        transfer_acceleration="Disabled",
        owner=_OWNER,
        acl=BucketAcl.PRIVATE,
        sse_rule=SSERule(sse_algorithm="None"),
        bucket_policy=BucketPolicy(log_bucket="", log_prefix=""),
        versioning=Versioning.ENABLED,
    )
)
BUCKETS: Final = ListBucketsResult(
    prefix="ex",
    marker="",
    max_keys=1,
    is_truncated=True,
    next_marker="examplebucket",
    owner=_OWNER,
    buckets=(
        BucketProperties(
            comment="",
            creation_date=_MOMENT,
            extranet_endpoint=_EXTRANET,
            intranet_endpoint=_INTRANET,
            location="oss-cn-hangzhou",
            name="examplebucket",
            region="cn-hangzhou",
            storage_class=StorageClass.STANDARD,
            resource_group_id="rg-acfmexample",
        ),
    ),
)
CORS: Final = CORSConfiguration(
    cors_rules=(
        CORSRule(
            allowed_origins=("https://example.com", "https://*.example.net"),
            allowed_methods=("PUT", "GET"),
            allowed_headers=("*",),
            expose_headers=("ETag", "x-oss-request-id"),
            max_age_seconds=100,
        ),
        CORSRule(allowed_origins=("*",), allowed_methods=("GET",)),
    ),
    response_vary=False,
)


def objects(encoding_type: str | None) -> ListObjectsV2Result:
    """One page of a listing, which is the same however it is written."""
    return ListObjectsV2Result(
        name="examplebucket",
        prefix="fun/",
        start_after="fun/",
        continuation_token="CgJiYw--",
        max_keys=2,
        delimiter="/",
        encoding_type=encoding_type,
        is_truncated=True,
        next_continuation_token="CgpmdW4vbW92aWUv",
        key_count=2,
        contents=(_OBJECT,),
        common_prefixes=(CommonPrefix(prefix="fun/movie/"),),
    )


OBJECTS: Final = ListObjectsResult(
    name="examplebucket",
    prefix="fun/",
    marker="",
    max_keys=100,
    delimiter="/",
    is_truncated=False,
    contents=(_OBJECT,),
    common_prefixes=(CommonPrefix(prefix="fun/movie/"),),
)
FIRST_OBJECTS: Final = ListObjectsResult(
    name="examplebucket",
    prefix="fun/",
    marker="fun/",
    max_keys=1,
    delimiter="/",
    encoding_type="url",
    is_truncated=True,
    next_marker=_OBJECT.key,
    contents=(_OBJECT,),
)
NO_UPLOADS: Final = ListMultipartUploadsResult(
    bucket="examplebucket",
    key_marker="",
    upload_id_marker="",
    next_key_marker="",
    next_upload_id_marker="",
    delimiter="",
    prefix="",
    max_uploads=1000,
    is_truncated=False,
)
UPLOADS: Final = replace(
    NO_UPLOADS,
    encoding_type="url",
    next_key_marker="fun/k",
    next_upload_id_marker=UPLOAD_ID,
    delimiter="/",
    prefix="fun/",
    is_truncated=True,
    uploads=(Upload(key="fun/k", upload_id=UPLOAD_ID, storage_class=StorageClass.STANDARD, initiated=_MOMENT),),
    common_prefixes=(CommonPrefix(prefix="fun/movie/"),),
)
PARTS: Final = ListPartsResult(
    encoding_type="url",
    bucket="examplebucket",
    key="a/multipart.data",
    upload_id=UPLOAD_ID,
    storage_class=StorageClass.STANDARD,
    part_number_marker=0,
    next_part_number_marker=2,
    max_parts=1000,
    is_truncated=False,
    parts=(
        Part(
            part_number=1,
            last_modified=_MOMENT,
            etag='"3349DC700140D7F86A078484278075A9"',
            hash_crc64="11051210869376104954",
            size=102400,
        ),
        Part(part_number=2, last_modified=_MOMENT, etag=_ETAG, hash_crc64="0", size=5),
    ),
)
COMPLETED: Final = CompleteMultipartUploadResult(
    encoding_type="url",
    location="http://examplebucket.oss-cn-hangzhou.aliyuncs.com/a%2Fmultipart.data",
    bucket="examplebucket",
    key="a/multipart.data",
    etag='"B864DB6A936D376F9F8D3ED3BBE540DD-3"',
)
DELETED: Final = DeleteMultipleObjectsResult(
    encoding_type="url",
    deleted_objects=(
        DeletedInfo(key="a b"),
        DeletedInfo(
            key="multipart.data", version_id=VERSION_ID, delete_marker=True, delete_marker_version_id=VERSION_ID
        ),
    ),
)


ANSWERS: Final[dict[str, tuple[AnyOperation, ResultBase]]] = {
    "GetBucketInfo": (GET_BUCKET_INFO, BUCKET_INFO),
    "GetBucketLocation": (GET_BUCKET_LOCATION, GetBucketLocationResult(location="oss-cn-hangzhou")),
    "ListBuckets": (LIST_BUCKETS, BUCKETS),
    "ListBuckets-none": (LIST_BUCKETS, ListBucketsResult(is_truncated=False, owner=_OWNER)),
    "ListObjectsV2": (LIST_OBJECTS_V2, objects(None)),
    "ListObjectsV2-url": (LIST_OBJECTS_V2, objects("url")),
    "ListObjects": (LIST_OBJECTS, OBJECTS),
    "ListObjects-url": (LIST_OBJECTS, FIRST_OBJECTS),
    "CopyObject": (COPY_OBJECT, CopyObjectResult(etag=_ETAG, last_modified=_MOMENT)),
    "UploadPartCopy": (UPLOAD_PART_COPY, UploadPartCopyResult(etag=_ETAG, last_modified=_MOMENT)),
    "CompleteMultipartUpload": (COMPLETE_MULTIPART_UPLOAD, COMPLETED),
    "ListMultipartUploads": (LIST_MULTIPART_UPLOADS, UPLOADS),
    "ListMultipartUploads-none": (LIST_MULTIPART_UPLOADS, NO_UPLOADS),
    "ListParts": (LIST_PARTS, PARTS),
    "DeleteMultipleObjects": (DELETE_MULTIPLE_OBJECTS, DELETED),
    "GetBucketCors": (GET_BUCKET_CORS, GetBucketCorsResult(cors_configuration=CORS)),
    "InitiateMultipartUpload": (
        INITIATE_MULTIPART_UPLOAD,
        InitiateMultipartUploadResult(
            encoding_type="url",
            bucket="examplebucket",
            key="multipart.data",
            upload_id=UPLOAD_ID,
        ),
    ),
}
"""Operation and result by the name of the file, without suffix."""


def names() -> set[str]:
    """The names of all files, without suffix."""
    return {path.stem for path in _FOLDER.glob("*.xml")}


def golden(name: str) -> bytes:
    """The document of that name, as the file has it: with line breaks and indents."""
    return (_FOLDER / f"{name}.xml").read_bytes()


def compact(document: bytes) -> bytes:
    """A document without the white space between its elements."""
    return re.sub(rb">\s+<", b"><", document).strip()
