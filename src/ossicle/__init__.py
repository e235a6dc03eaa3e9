"""Ossicle: an object storage server that speaks the Alibaba Cloud OSS protocol, and its clients.

```python
import ossicle

config = ossicle.load_default()
config.credentials_provider = ossicle.credentials.EnvironmentVariableCredentialsProvider()
with ossicle.Client(config) as client:
    client.put_object(ossicle.PutObjectRequest(bucket="demo", key="hello.txt", body=b"hello"))
```

What is named here is public, and loaded when it is first used: `import ossicle` by itself costs next to nothing.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from ossicle._version import __version__

if TYPE_CHECKING:
    from ossicle.client import config, credentials
    from ossicle.client.aio import AsyncClient
    from ossicle.client.config import Config, load_default
    from ossicle.client.failures import (
        ClientError,
        ConfigError,
        ConnectionFailed,
        ConnectionTimedOut,
        CredentialsError,
        InconsistentError,
        MalformedAnswer,
        ParameterError,
    )
    from ossicle.client.presign import PresignResult
    from ossicle.client.streams import AsyncStreamBody, StreamBody
    from ossicle.client.sync import Client
    from ossicle.client.transfer.aio import AsyncCopier, AsyncDownloader, AsyncUploader
    from ossicle.client.transfer.copy import Copier
    from ossicle.client.transfer.download import Downloader
    from ossicle.client.transfer.failures import (
        CopyError,
        DownloadError,
        SourceChanged,
        TransferCancelled,
        TransferFailed,
        UploadError,
    )
    from ossicle.client.transfer.results import CopyResult, DownloadResult, UploadResult
    from ossicle.client.transfer.upload import Uploader
    from ossicle.wire import errors
    from ossicle.wire.api.bucket import (
        BucketInfo,
        BucketPolicy,
        CommonPrefix,
        CreateBucketConfiguration,
        DeleteBucketRequest,
        DeleteBucketResult,
        GetBucketInfoRequest,
        GetBucketInfoResult,
        GetBucketLocationRequest,
        GetBucketLocationResult,
        HeadBucketRequest,
        HeadBucketResult,
        ListObjectsRequest,
        ListObjectsResult,
        ListObjectsV2Request,
        ListObjectsV2Result,
        ObjectProperties,
        PutBucketRequest,
        PutBucketResult,
        SSERule,
    )
    from ossicle.wire.api.bucket_access_monitor import (
        AccessMonitorConfiguration,
        GetBucketAccessMonitorRequest,
        GetBucketAccessMonitorResult,
        PutBucketAccessMonitorRequest,
        PutBucketAccessMonitorResult,
    )
    from ossicle.wire.api.bucket_acl import (
        GetBucketAclRequest,
        GetBucketAclResult,
        PutBucketAclRequest,
        PutBucketAclResult,
    )
    from ossicle.wire.api.bucket_archive_direct_read import (
        ArchiveDirectReadConfiguration,
        GetBucketArchiveDirectReadRequest,
        GetBucketArchiveDirectReadResult,
        PutBucketArchiveDirectReadRequest,
        PutBucketArchiveDirectReadResult,
    )
    from ossicle.wire.api.bucket_cors import (
        CORSConfiguration,
        CORSRule,
        DeleteBucketCorsRequest,
        DeleteBucketCorsResult,
        GetBucketCorsRequest,
        GetBucketCorsResult,
        PutBucketCorsRequest,
        PutBucketCorsResult,
    )
    from ossicle.wire.api.bucket_https_config import (
        TLS,
        CipherSuite,
        GetBucketHttpsConfigRequest,
        GetBucketHttpsConfigResult,
        HttpsConfiguration,
        PutBucketHttpsConfigRequest,
        PutBucketHttpsConfigResult,
    )
    from ossicle.wire.api.bucket_log_fields import (
        DeleteUserDefinedLogFieldsConfigRequest,
        DeleteUserDefinedLogFieldsConfigResult,
        GetUserDefinedLogFieldsConfigRequest,
        GetUserDefinedLogFieldsConfigResult,
        LoggingHeaderSet,
        LoggingParamSet,
        PutUserDefinedLogFieldsConfigRequest,
        PutUserDefinedLogFieldsConfigResult,
        UserDefinedLogFieldsConfiguration,
    )
    from ossicle.wire.api.bucket_qos_info import (
        DeleteBucketQosInfoRequest,
        DeleteBucketQosInfoResult,
        GetBucketQosInfoRequest,
        GetBucketQosInfoResult,
        PutBucketQosInfoRequest,
        PutBucketQosInfoResult,
        QoSConfiguration,
    )
    from ossicle.wire.api.bucket_request_payment import (
        GetBucketRequestPaymentRequest,
        GetBucketRequestPaymentResult,
        PutBucketRequestPaymentRequest,
        PutBucketRequestPaymentResult,
        RequestPaymentConfiguration,
    )
    from ossicle.wire.api.bucket_resource_group import (
        BucketResourceGroupConfiguration,
        GetBucketResourceGroupRequest,
        GetBucketResourceGroupResult,
        PutBucketResourceGroupRequest,
        PutBucketResourceGroupResult,
    )
    from ossicle.wire.api.bucket_stat import (
        GetBucketStatRequest,
        GetBucketStatResult,
    )
    from ossicle.wire.api.bucket_storage_capacity import (
        BucketUserQos,
        GetBucketStorageCapacityRequest,
        GetBucketStorageCapacityResult,
        PutBucketStorageCapacityRequest,
        PutBucketStorageCapacityResult,
    )
    from ossicle.wire.api.bucket_transfer_acceleration import (
        DeleteBucketTransferAccelerationRequest,
        DeleteBucketTransferAccelerationResult,
        GetBucketTransferAccelerationRequest,
        GetBucketTransferAccelerationResult,
        PutBucketTransferAccelerationRequest,
        PutBucketTransferAccelerationResult,
        TransferAccelerationConfiguration,
    )
    from ossicle.wire.api.bucket_versioning import (
        DeleteMarkerProperties,
        GetBucketVersioningRequest,
        GetBucketVersioningResult,
        ListObjectVersionsRequest,
        ListObjectVersionsResult,
        ObjectVersionProperties,
        PutBucketVersioningRequest,
        PutBucketVersioningResult,
        VersioningConfiguration,
    )
    from ossicle.wire.api.bucket_worm import (
        AbortBucketWormRequest,
        AbortBucketWormResult,
        CompleteBucketWormRequest,
        CompleteBucketWormResult,
        ExtendBucketWormRequest,
        ExtendBucketWormResult,
        ExtendWormConfiguration,
        GetBucketWormRequest,
        GetBucketWormResult,
        InitiateBucketWormRequest,
        InitiateBucketWormResult,
        InitiateWormConfiguration,
        WormConfiguration,
    )
    from ossicle.wire.api.multipart import (
        AbortMultipartUploadRequest,
        AbortMultipartUploadResult,
        CompleteMultipartUpload,
        CompleteMultipartUploadRequest,
        CompleteMultipartUploadResult,
        InitiateMultipartUploadRequest,
        InitiateMultipartUploadResult,
        ListMultipartUploadsRequest,
        ListMultipartUploadsResult,
        ListPartsRequest,
        ListPartsResult,
        Part,
        Upload,
        UploadPart,
        UploadPartCopyRequest,
        UploadPartCopyResult,
        UploadPartRequest,
        UploadPartResult,
    )
    from ossicle.wire.api.object_acl import (
        GetObjectAclRequest,
        GetObjectAclResult,
        PutObjectAclRequest,
        PutObjectAclResult,
    )
    from ossicle.wire.api.object_append import (
        AppendObjectRequest,
        AppendObjectResult,
        SealAppendObjectRequest,
        SealAppendObjectResult,
    )
    from ossicle.wire.api.object_basic import (
        Delete,
        DeletedInfo,
        DeleteError,
        DeleteMultipleObjectsRequest,
        DeleteMultipleObjectsResult,
        DeleteObjectRequest,
        DeleteObjectResult,
        GetObjectMetaRequest,
        GetObjectMetaResult,
        GetObjectRequest,
        GetObjectResult,
        HeadObjectRequest,
        HeadObjectResult,
        ObjectIdentifier,
        PutObjectRequest,
        PutObjectResult,
    )
    from ossicle.wire.api.object_copy import CopyObjectRequest, CopyObjectResult
    from ossicle.wire.api.object_restore import (
        CleanRestoredObjectRequest,
        CleanRestoredObjectResult,
        JobParameters,
        RestoreObjectRequest,
        RestoreObjectResult,
        RestoreRequest,
    )
    from ossicle.wire.api.object_symlink import (
        GetSymlinkRequest,
        GetSymlinkResult,
        PutSymlinkRequest,
        PutSymlinkResult,
    )
    from ossicle.wire.api.object_tagging import (
        DeleteObjectTaggingRequest,
        DeleteObjectTaggingResult,
        GetObjectTaggingRequest,
        GetObjectTaggingResult,
        PutObjectTaggingRequest,
        PutObjectTaggingResult,
        Tag,
        Tagging,
        TagSet,
    )
    from ossicle.wire.api.service import (
        BucketProperties,
        DescribeRegionsRequest,
        DescribeRegionsResult,
        ListBucketsRequest,
        ListBucketsResult,
        Owner,
        RegionInfo,
    )
    from ossicle.wire.errors import OssError
    from ossicle.wire.form import sign_form
    from ossicle.wire.names import (
        AccessMonitorStatusType,
        BucketAcl,
        BucketWormStateType,
        DataRedundancyType,
        ObjectAcl,
        ObjectType,
        Payer,
        StorageClass,
        Versioning,
    )

__all__ = [
    "TLS",
    "AbortBucketWormRequest",
    "AbortBucketWormResult",
    "AbortMultipartUploadRequest",
    "AbortMultipartUploadResult",
    "AccessMonitorConfiguration",
    "AccessMonitorStatusType",
    "AppendObjectRequest",
    "AppendObjectResult",
    "ArchiveDirectReadConfiguration",
    "AsyncClient",
    "AsyncCopier",
    "AsyncDownloader",
    "AsyncStreamBody",
    "AsyncUploader",
    "BucketAcl",
    "BucketInfo",
    "BucketPolicy",
    "BucketProperties",
    "BucketResourceGroupConfiguration",
    "BucketUserQos",
    "BucketWormStateType",
    "CORSConfiguration",
    "CORSRule",
    "CipherSuite",
    "CleanRestoredObjectRequest",
    "CleanRestoredObjectResult",
    "Client",
    "ClientError",
    "CommonPrefix",
    "CompleteBucketWormRequest",
    "CompleteBucketWormResult",
    "CompleteMultipartUpload",
    "CompleteMultipartUploadRequest",
    "CompleteMultipartUploadResult",
    "Config",
    "ConfigError",
    "ConnectionFailed",
    "ConnectionTimedOut",
    "Copier",
    "CopyError",
    "CopyObjectRequest",
    "CopyObjectResult",
    "CopyResult",
    "CreateBucketConfiguration",
    "CredentialsError",
    "DataRedundancyType",
    "Delete",
    "DeleteBucketCorsRequest",
    "DeleteBucketCorsResult",
    "DeleteBucketQosInfoRequest",
    "DeleteBucketQosInfoResult",
    "DeleteBucketRequest",
    "DeleteBucketResult",
    "DeleteBucketTransferAccelerationRequest",
    "DeleteBucketTransferAccelerationResult",
    "DeleteError",
    "DeleteMarkerProperties",
    "DeleteMultipleObjectsRequest",
    "DeleteMultipleObjectsResult",
    "DeleteObjectRequest",
    "DeleteObjectResult",
    "DeleteObjectTaggingRequest",
    "DeleteObjectTaggingResult",
    "DeleteUserDefinedLogFieldsConfigRequest",
    "DeleteUserDefinedLogFieldsConfigResult",
    "DeletedInfo",
    "DescribeRegionsRequest",
    "DescribeRegionsResult",
    "DownloadError",
    "DownloadResult",
    "Downloader",
    "ExtendBucketWormRequest",
    "ExtendBucketWormResult",
    "ExtendWormConfiguration",
    "GetBucketAccessMonitorRequest",
    "GetBucketAccessMonitorResult",
    "GetBucketAclRequest",
    "GetBucketAclResult",
    "GetBucketArchiveDirectReadRequest",
    "GetBucketArchiveDirectReadResult",
    "GetBucketCorsRequest",
    "GetBucketCorsResult",
    "GetBucketHttpsConfigRequest",
    "GetBucketHttpsConfigResult",
    "GetBucketInfoRequest",
    "GetBucketInfoResult",
    "GetBucketLocationRequest",
    "GetBucketLocationResult",
    "GetBucketQosInfoRequest",
    "GetBucketQosInfoResult",
    "GetBucketRequestPaymentRequest",
    "GetBucketRequestPaymentResult",
    "GetBucketResourceGroupRequest",
    "GetBucketResourceGroupResult",
    "GetBucketStatRequest",
    "GetBucketStatResult",
    "GetBucketStorageCapacityRequest",
    "GetBucketStorageCapacityResult",
    "GetBucketTransferAccelerationRequest",
    "GetBucketTransferAccelerationResult",
    "GetBucketVersioningRequest",
    "GetBucketVersioningResult",
    "GetBucketWormRequest",
    "GetBucketWormResult",
    "GetObjectAclRequest",
    "GetObjectAclResult",
    "GetObjectMetaRequest",
    "GetObjectMetaResult",
    "GetObjectRequest",
    "GetObjectResult",
    "GetObjectTaggingRequest",
    "GetObjectTaggingResult",
    "GetSymlinkRequest",
    "GetSymlinkResult",
    "GetUserDefinedLogFieldsConfigRequest",
    "GetUserDefinedLogFieldsConfigResult",
    "HeadBucketRequest",
    "HeadBucketResult",
    "HeadObjectRequest",
    "HeadObjectResult",
    "HttpsConfiguration",
    "InconsistentError",
    "InitiateBucketWormRequest",
    "InitiateBucketWormResult",
    "InitiateMultipartUploadRequest",
    "InitiateMultipartUploadResult",
    "InitiateWormConfiguration",
    "JobParameters",
    "ListBucketsRequest",
    "ListBucketsResult",
    "ListMultipartUploadsRequest",
    "ListMultipartUploadsResult",
    "ListObjectVersionsRequest",
    "ListObjectVersionsResult",
    "ListObjectsRequest",
    "ListObjectsResult",
    "ListObjectsV2Request",
    "ListObjectsV2Result",
    "ListPartsRequest",
    "ListPartsResult",
    "LoggingHeaderSet",
    "LoggingParamSet",
    "MalformedAnswer",
    "ObjectAcl",
    "ObjectIdentifier",
    "ObjectProperties",
    "ObjectType",
    "ObjectVersionProperties",
    "OssError",
    "Owner",
    "ParameterError",
    "Part",
    "Payer",
    "PresignResult",
    "PutBucketAccessMonitorRequest",
    "PutBucketAccessMonitorResult",
    "PutBucketAclRequest",
    "PutBucketAclResult",
    "PutBucketArchiveDirectReadRequest",
    "PutBucketArchiveDirectReadResult",
    "PutBucketCorsRequest",
    "PutBucketCorsResult",
    "PutBucketHttpsConfigRequest",
    "PutBucketHttpsConfigResult",
    "PutBucketQosInfoRequest",
    "PutBucketQosInfoResult",
    "PutBucketRequest",
    "PutBucketRequestPaymentRequest",
    "PutBucketRequestPaymentResult",
    "PutBucketResourceGroupRequest",
    "PutBucketResourceGroupResult",
    "PutBucketResult",
    "PutBucketStorageCapacityRequest",
    "PutBucketStorageCapacityResult",
    "PutBucketTransferAccelerationRequest",
    "PutBucketTransferAccelerationResult",
    "PutBucketVersioningRequest",
    "PutBucketVersioningResult",
    "PutObjectAclRequest",
    "PutObjectAclResult",
    "PutObjectRequest",
    "PutObjectResult",
    "PutObjectTaggingRequest",
    "PutObjectTaggingResult",
    "PutSymlinkRequest",
    "PutSymlinkResult",
    "PutUserDefinedLogFieldsConfigRequest",
    "PutUserDefinedLogFieldsConfigResult",
    "QoSConfiguration",
    "RegionInfo",
    "RequestPaymentConfiguration",
    "RestoreObjectRequest",
    "RestoreObjectResult",
    "RestoreRequest",
    "SSERule",
    "SealAppendObjectRequest",
    "SealAppendObjectResult",
    "SourceChanged",
    "StorageClass",
    "StreamBody",
    "Tag",
    "TagSet",
    "Tagging",
    "TransferAccelerationConfiguration",
    "TransferCancelled",
    "TransferFailed",
    "Upload",
    "UploadError",
    "UploadPart",
    "UploadPartCopyRequest",
    "UploadPartCopyResult",
    "UploadPartRequest",
    "UploadPartResult",
    "UploadResult",
    "Uploader",
    "UserDefinedLogFieldsConfiguration",
    "Versioning",
    "VersioningConfiguration",
    "WormConfiguration",
    "__version__",
    "config",
    "credentials",
    "errors",
    "load_default",
    "sign_form",
]

_MODULES = {
    "credentials": "ossicle.client.credentials",
    "config": "ossicle.client.config",
    "errors": "ossicle.wire.errors",
}
# Where the other names are looked for, the cheapest to import first.
_PLACES = (
    "ossicle.wire.errors",
    "ossicle.wire.names",
    "ossicle.wire.api.service",
    "ossicle.wire.api.bucket",
    "ossicle.wire.api.bucket_cors",
    "ossicle.wire.api.bucket_acl",
    "ossicle.wire.api.object_acl",
    "ossicle.wire.api.bucket_request_payment",
    "ossicle.wire.api.object_basic",
    "ossicle.wire.api.object_copy",
    "ossicle.wire.api.object_append",
    "ossicle.wire.api.object_symlink",
    "ossicle.wire.api.multipart",
    "ossicle.wire.api.object_tagging",
    "ossicle.wire.api.object_restore",
    "ossicle.wire.api.bucket_versioning",
    "ossicle.wire.api.bucket_stat",
    "ossicle.wire.api.bucket_transfer_acceleration",
    "ossicle.wire.api.bucket_access_monitor",
    "ossicle.wire.api.bucket_https_config",
    "ossicle.wire.api.bucket_resource_group",
    "ossicle.wire.api.bucket_archive_direct_read",
    "ossicle.wire.api.bucket_log_fields",
    "ossicle.wire.api.bucket_storage_capacity",
    "ossicle.wire.api.bucket_qos_info",
    "ossicle.wire.api.bucket_worm",
    "ossicle.client.failures",
    "ossicle.client.config",
    "ossicle.client.presign",
    "ossicle.client.streams",
    "ossicle.client.sync",
    "ossicle.client.aio",
    "ossicle.client.transfer.failures",
    "ossicle.client.transfer.results",
    "ossicle.client.transfer.upload",
    "ossicle.client.transfer.download",
    "ossicle.client.transfer.copy",
    "ossicle.client.transfer.aio",
    "ossicle.wire.form",
)


def _is_defined_in(module: ModuleType, name: str) -> bool:
    """Whether a module, or one inside of it, defines a name and has not merely imported it: `Tag` means two things."""
    home: str = getattr(getattr(module, name, None), "__module__", "")
    return f"{home}.".startswith(f"{module.__name__}.")


if not TYPE_CHECKING:  # a type checker has the imports above, and shall see nothing else

    def __getattr__(name: str) -> object:
        if name in _MODULES:
            found: object = import_module(_MODULES[name])
        elif name in __all__:
            found = next(
                getattr(module, name) for module in map(import_module, _PLACES) if _is_defined_in(module, name)
            )
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = found  # so that the next one who asks finds it without this
        return found


def __dir__() -> list[str]:
    return sorted(__all__)
