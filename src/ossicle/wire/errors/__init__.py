"""Every error OSS names, one class a code; the same class is raised by the server and by the client that reads the answer.

```
OssError
 ├─ AccessDenied, InvalidAccessKeyId, SignatureDoesNotMatch, ...   403
 ├─ InvalidArgument, InvalidDigest, MalformedXML, ...              400
 ├─ NoSuchBucket, NoSuchKey, ...                                   404
 └─ ...
```

A class names its status, default message, default EC and the further elements it may carry. EC is the fine-grained code of OSS;
it is left out where it is not known.

Source: https://help.aliyun.com/zh/oss/developer-reference/error-responses
"""

from ossicle.wire.errors.access import (
    AccessDenied,
    AccessForbidden,
    AccessKeyIdAndSecurityTokenNotMatch,
    AuthorizationQueryParametersError,
    BadRequest,
    InvalidAccessKeyId,
    InvalidSecurityToken,
    RequestTimeTooSkewed,
    SecurityTokenExpired,
    SignatureDoesNotMatch,
)
from ossicle.wire.errors.bucket import (
    BucketAlreadyExists,
    BucketNotEmpty,
    CORSRuleBeyondLimit,
    InvalidBucketName,
    InvalidLocationConstraint,
    NoSuchArchiveDirectReadConfiguration,
    NoSuchBucket,
    NoSuchCORSConfiguration,
    NoSuchRegion,
    NoSuchTransferAccelerationConfiguration,
    NoSuchUserDefinedLogFieldsConfig,
    ResourceGroupIdPreCheckError,
)
from ossicle.wire.errors.callback import CallbackFailed
from ossicle.wire.errors.form import (
    FieldItemTooLong,
    IncorrectNumberOfFilesInPOSTRequest,
    InvalidPolicyDocument,
    MalformedPOSTRequest,
    MaxPOSTPreDataLengthExceededError,
    RequestIsNotMultiPartContent,
)
from ossicle.wire.errors.multipart import (
    EntityTooSmall,
    InvalidPart,
    InvalidPartOrder,
    NoSuchUpload,
    PartNotSequential,
)
from ossicle.wire.errors.object import (
    AppendSealedObjectNotAllowed,
    ArchiveRestoreFileStale,
    ArchiveRestoreNotFinished,
    FileAlreadyExists,
    InvalidEncryptionAlgorithmError,
    InvalidObjectName,
    InvalidObjectState,
    InvalidRange,
    InvalidTag,
    InvalidTargetType,
    NoSuchKey,
    NoSuchVersion,
    NotSymlink,
    ObjectNotAppendable,
    OperationNotSupported,
    PositionNotEqualToLength,
    PreconditionFailed,
    RepeatedTags,
    RestoreAlreadyInProgress,
    SymlinkTargetNotExist,
    TooManyTags,
)
from ossicle.wire.errors.oss_error import (
    REGISTRY,
    OssError,
)
from ossicle.wire.errors.request import (
    EntityTooLarge,
    IncompleteBody,
    InlineDataTooLarge,
    InvalidArgument,
    InvalidCRC64,
    InvalidDigest,
    InvalidRequest,
    MalformedXML,
    MethodNotAllowed,
    MissingArgument,
    MissingContentLength,
    RequestTimeout,
)
from ossicle.wire.errors.retention import (
    FileImmutable,
    InvalidWORMConfiguration,
    NoSuchWORMConfiguration,
    WORMConfigurationAlreadyExists,
    WORMConfigurationLocked,
)
from ossicle.wire.errors.server import (
    InternalError,
    NotImplemented,
    ServiceUnavailable,
)

__all__ = [
    "REGISTRY",
    "AccessDenied",
    "AccessForbidden",
    "AccessKeyIdAndSecurityTokenNotMatch",
    "AppendSealedObjectNotAllowed",
    "ArchiveRestoreFileStale",
    "ArchiveRestoreNotFinished",
    "AuthorizationQueryParametersError",
    "BadRequest",
    "BucketAlreadyExists",
    "BucketNotEmpty",
    "CORSRuleBeyondLimit",
    "CallbackFailed",
    "EntityTooLarge",
    "EntityTooSmall",
    "FieldItemTooLong",
    "FileAlreadyExists",
    "FileImmutable",
    "IncompleteBody",
    "IncorrectNumberOfFilesInPOSTRequest",
    "InlineDataTooLarge",
    "InternalError",
    "InvalidAccessKeyId",
    "InvalidArgument",
    "InvalidBucketName",
    "InvalidCRC64",
    "InvalidDigest",
    "InvalidEncryptionAlgorithmError",
    "InvalidLocationConstraint",
    "InvalidObjectName",
    "InvalidObjectState",
    "InvalidPart",
    "InvalidPartOrder",
    "InvalidPolicyDocument",
    "InvalidRange",
    "InvalidRequest",
    "InvalidSecurityToken",
    "InvalidTag",
    "InvalidTargetType",
    "InvalidWORMConfiguration",
    "MalformedPOSTRequest",
    "MalformedXML",
    "MaxPOSTPreDataLengthExceededError",
    "MethodNotAllowed",
    "MissingArgument",
    "MissingContentLength",
    "NoSuchArchiveDirectReadConfiguration",
    "NoSuchBucket",
    "NoSuchCORSConfiguration",
    "NoSuchKey",
    "NoSuchRegion",
    "NoSuchTransferAccelerationConfiguration",
    "NoSuchUpload",
    "NoSuchUserDefinedLogFieldsConfig",
    "NoSuchVersion",
    "NoSuchWORMConfiguration",
    "NotImplemented",
    "NotSymlink",
    "ObjectNotAppendable",
    "OperationNotSupported",
    "OssError",
    "PartNotSequential",
    "PositionNotEqualToLength",
    "PreconditionFailed",
    "RepeatedTags",
    "RequestIsNotMultiPartContent",
    "RequestTimeTooSkewed",
    "RequestTimeout",
    "ResourceGroupIdPreCheckError",
    "RestoreAlreadyInProgress",
    "SecurityTokenExpired",
    "ServiceUnavailable",
    "SignatureDoesNotMatch",
    "SymlinkTargetNotExist",
    "TooManyTags",
    "WORMConfigurationAlreadyExists",
    "WORMConfigurationLocked",
]
