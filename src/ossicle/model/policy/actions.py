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
_PLAIN: Final[Mapping[str, str]] = {f"oss:{of_version}": f"oss:{plain}" for plain, of_version in _OF_VERSIONS.items()}
_PUT: Final = "PutObject"
_TAGGING: Final = "oss:PutObjectTagging"
RETENTION: Final = "oss:PutObjectRetention"
LEGAL_HOLD: Final = "oss:PutObjectLegalHold"

_BUCKET: Final = "PutBucket"
_BUCKET_ACL: Final = "PutBucketAcl"


def actions_of(
    operation: str,
    *,
    has_version: bool = False,
    has_tags: bool = False,
    has_acl: bool = False,
    is_new: bool = False,
    has_retention: bool = False,
    has_legal_hold: bool = False,
) -> tuple[str, ...]:
    """Return the actions that an operation needs, all of them.

    `has_version` says that the request names a version, `has_tags` that it comes with tags for the object that it writes, `has_acl` with an
    ACL for the bucket, `is_new` that there is no such bucket yet. Making a bucket and saying its ACL are two actions, by whichever operation.
    `has_retention` and `has_legal_hold` say that what is written shall be kept: that takes the same action as saying so afterwards.
    """
    if operation == _BUCKET and has_acl:
        return f"oss:{_BUCKET}", f"oss:{_BUCKET_ACL}"
    if operation == _BUCKET_ACL and is_new:
        return f"oss:{_BUCKET_ACL}", f"oss:{_BUCKET}"
    action = _SHARED.get(operation, operation)
    if has_version:
        action = _OF_VERSIONS.get(action, action)
    if action != _PUT:
        return (f"oss:{action}",)
    # OSS: that tags, retention and legal hold of a write need actions of their own is unverified.
    brought = ((has_tags, _TAGGING), (has_retention, RETENTION), (has_legal_hold, LEGAL_HOLD))
    return (f"oss:{action}", *(more for is_there, more in brought if is_there))


def denied_with(action: str) -> tuple[str, ...]:
    """Return the actions whose denial denies this one as well: itself, and for one of versions that of the object.

    Who denies reading or deleting objects means all of them, and `versionId=null` names any object of a bucket without versions.
    """
    # OSS: that a denial of the plain action counts so is unverified; without it, it would protect nothing.
    return (action, _PLAIN[action]) if action in _PLAIN else (action,)
