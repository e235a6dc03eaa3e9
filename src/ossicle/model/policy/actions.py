"""Which actions of policies an operation needs.

Most operations are an action of their own name; the others are those of the table here.

Source: https://help.aliyun.com/zh/oss/user-guide/ram-policy-overview
"""

from collections.abc import Mapping
from typing import Final

_SHARED: Final[Mapping[str, str]] = {
    "ListObjectsV2": "ListObjects",
    "HeadBucket": "GetBucketInfo",
    "PutBucketTags": "PutBucketTagging",
    "GetBucketTags": "GetBucketTagging",
    "DeleteBucketTags": "DeleteBucketTagging",
    "HeadObject": "GetObject",
    "GetObjectMeta": "GetObject",
    "GetSymlink": "GetObject",
    "PostObject": "PutObject",
    "AppendObject": "PutObject",
    "SealAppendObject": "PutObject",
    "PutSymlink": "PutObject",
    "CopyObject": "PutObject",
    "InitiateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "DeleteMultipleObjects": "DeleteObject",
    "ProcessObject": "PostProcessTask",
    "AsyncProcessObject": "ProcessImm",
}
# OSS: HeadBucket and SealAppendObject are unverified.
_OF_VERSIONS: Final[Mapping[str, str]] = {
    "GetObject": "GetObjectVersion",
    "DeleteObject": "DeleteObjectVersion",
    "GetObjectAcl": "GetObjectVersionAcl",
    "PutObjectAcl": "PutObjectVersionAcl",
    "RestoreObject": "RestoreObjectVersion",
    "PutObjectTagging": "PutObjectVersionTagging",
    "GetObjectTagging": "GetObjectVersionTagging",
    "DeleteObjectTagging": "DeleteObjectVersionTagging",
}
_PUT: Final = "PutObject"
_TAGGING: Final = "oss:PutObjectTagging"


def actions_of(operation: str, *, has_version: bool = False, has_tags: bool = False) -> tuple[str, ...]:
    """Return the actions that an operation needs, all of them.

    `has_version` says that the request names a version, `has_tags` that it comes with tags for the object that it writes.
    """
    action = _SHARED.get(operation, operation)
    if has_version:
        action = _OF_VERSIONS.get(action, action)
    if has_tags and action == _PUT:
        # OSS: that tags of a write need an action of their own is unverified.
        return f"oss:{action}", _TAGGING
    return (f"oss:{action}",)
