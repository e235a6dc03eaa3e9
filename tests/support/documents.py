"""The answers that the files in `tests/vectors/documents` show, as values."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ossicle.wire.api.bucket import (
    GET_BUCKET_INFO,
    GET_BUCKET_LOCATION,
    LIST_OBJECTS_V2,
    BucketInfo,
    BucketPolicy,
    CommonPrefix,
    GetBucketInfoResult,
    GetBucketLocationResult,
    ListObjectsV2Result,
    ObjectProperties,
    SSERule,
)
from ossicle.wire.api.bucket_cors import GET_BUCKET_CORS, CORSConfiguration, CORSRule, GetBucketCorsResult
from ossicle.wire.api.multipart import INITIATE_MULTIPART_UPLOAD, InitiateMultipartUploadResult
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
_EXTRANET: Final = "oss-cn-hangzhou.aliyuncs.com"
_INTRANET: Final = "oss-cn-hangzhou-internal.aliyuncs.com"

REQUEST_ID: Final = "657E6F7C4A1B2C3D4E5F6071"
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
        contents=(
            ObjectProperties(
                key="fun/a & b+c%.txt",
                last_modified=_MOMENT,
                etag='"5D41402ABC4B2A76B9719D911017C592"',
                object_type=ObjectType.NORMAL,
                size=5,
                storage_class=StorageClass.STANDARD,
                owner=_OWNER,
            ),
        ),
        common_prefixes=(CommonPrefix(prefix="fun/movie/"),),
    )


ANSWERS: Final[dict[str, tuple[AnyOperation, ResultBase]]] = {
    "GetBucketInfo": (GET_BUCKET_INFO, BUCKET_INFO),
    "GetBucketLocation": (GET_BUCKET_LOCATION, GetBucketLocationResult(location="oss-cn-hangzhou")),
    "ListBuckets": (LIST_BUCKETS, BUCKETS),
    "ListBuckets-none": (LIST_BUCKETS, ListBucketsResult(is_truncated=False, owner=_OWNER)),
    "ListObjectsV2": (LIST_OBJECTS_V2, objects(None)),
    "ListObjectsV2-url": (LIST_OBJECTS_V2, objects("url")),
    "GetBucketCors": (GET_BUCKET_CORS, GetBucketCorsResult(cors_configuration=CORS)),
    "InitiateMultipartUpload": (
        INITIATE_MULTIPART_UPLOAD,
        InitiateMultipartUploadResult(
            encoding_type="url",
            bucket="examplebucket",
            key="multipart.data",
            upload_id="0004B9894A22E5B1888A1E29F8236E2D",
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
