"""The operations as methods of the synchronous client, each as the docstring of its request says. A test holds the list complete."""

from abc import ABC, abstractmethod
from typing import TypeVar, cast

from ossicle.client.pages import Paginator
from ossicle.client.streams import StreamBody
from ossicle.wire.api import (
    bucket,
    bucket_access_monitor,
    bucket_acl,
    bucket_archive_direct_read,
    bucket_cors,
    bucket_https_config,
    bucket_log_fields,
    bucket_qos_info,
    bucket_request_payment,
    bucket_resource_group,
    bucket_stat,
    bucket_storage_capacity,
    bucket_transfer_acceleration,
    bucket_versioning,
    multipart,
    object_acl,
    object_append,
    object_basic,
    object_copy,
    object_restore,
    object_symlink,
    object_tagging,
    service,
)
from ossicle.wire.operation import Operation

In = TypeVar("In")
Out = TypeVar("Out")


class Operations(ABC):
    """One method an operation, and a paginator for each listing that has pages."""

    @abstractmethod
    def invoke(self, operation: Operation[In, Out], request: In) -> Out:
        """Carry out an operation by its value in `ossicle.wire.api`; the methods below are this by name."""

    def list_buckets(self, request: service.ListBucketsRequest) -> service.ListBucketsResult:
        return self.invoke(service.LIST_BUCKETS, request)

    def describe_regions(self, request: service.DescribeRegionsRequest) -> service.DescribeRegionsResult:
        return self.invoke(service.DESCRIBE_REGIONS, request)

    def put_bucket(self, request: bucket.PutBucketRequest) -> bucket.PutBucketResult:
        return self.invoke(bucket.PUT_BUCKET, request)

    def delete_bucket(self, request: bucket.DeleteBucketRequest) -> bucket.DeleteBucketResult:
        return self.invoke(bucket.DELETE_BUCKET, request)

    def head_bucket(self, request: bucket.HeadBucketRequest) -> bucket.HeadBucketResult:
        return self.invoke(bucket.HEAD_BUCKET, request)

    def get_bucket_info(self, request: bucket.GetBucketInfoRequest) -> bucket.GetBucketInfoResult:
        return self.invoke(bucket.GET_BUCKET_INFO, request)

    def get_bucket_location(self, request: bucket.GetBucketLocationRequest) -> bucket.GetBucketLocationResult:
        return self.invoke(bucket.GET_BUCKET_LOCATION, request)

    def list_objects(self, request: bucket.ListObjectsRequest) -> bucket.ListObjectsResult:
        return self.invoke(bucket.LIST_OBJECTS, request)

    def list_objects_v2(self, request: bucket.ListObjectsV2Request) -> bucket.ListObjectsV2Result:
        return self.invoke(bucket.LIST_OBJECTS_V2, request)

    def put_bucket_acl(self, request: bucket_acl.PutBucketAclRequest) -> bucket_acl.PutBucketAclResult:
        return self.invoke(bucket_acl.PUT_BUCKET_ACL, request)

    def get_bucket_acl(self, request: bucket_acl.GetBucketAclRequest) -> bucket_acl.GetBucketAclResult:
        return self.invoke(bucket_acl.GET_BUCKET_ACL, request)

    def put_bucket_versioning(
        self, request: bucket_versioning.PutBucketVersioningRequest
    ) -> bucket_versioning.PutBucketVersioningResult:
        return self.invoke(bucket_versioning.PUT_BUCKET_VERSIONING, request)

    def get_bucket_versioning(
        self, request: bucket_versioning.GetBucketVersioningRequest
    ) -> bucket_versioning.GetBucketVersioningResult:
        return self.invoke(bucket_versioning.GET_BUCKET_VERSIONING, request)

    def list_object_versions(
        self, request: bucket_versioning.ListObjectVersionsRequest
    ) -> bucket_versioning.ListObjectVersionsResult:
        return self.invoke(bucket_versioning.LIST_OBJECT_VERSIONS, request)

    def get_bucket_stat(self, request: bucket_stat.GetBucketStatRequest) -> bucket_stat.GetBucketStatResult:
        return self.invoke(bucket_stat.GET_BUCKET_STAT, request)

    def put_bucket_cors(self, request: bucket_cors.PutBucketCorsRequest) -> bucket_cors.PutBucketCorsResult:
        return self.invoke(bucket_cors.PUT_BUCKET_CORS, request)

    def get_bucket_cors(self, request: bucket_cors.GetBucketCorsRequest) -> bucket_cors.GetBucketCorsResult:
        return self.invoke(bucket_cors.GET_BUCKET_CORS, request)

    def delete_bucket_cors(self, request: bucket_cors.DeleteBucketCorsRequest) -> bucket_cors.DeleteBucketCorsResult:
        return self.invoke(bucket_cors.DELETE_BUCKET_CORS, request)

    def put_bucket_transfer_acceleration(
        self, request: bucket_transfer_acceleration.PutBucketTransferAccelerationRequest
    ) -> bucket_transfer_acceleration.PutBucketTransferAccelerationResult:
        return self.invoke(bucket_transfer_acceleration.PUT_BUCKET_TRANSFER_ACCELERATION, request)

    def get_bucket_transfer_acceleration(
        self, request: bucket_transfer_acceleration.GetBucketTransferAccelerationRequest
    ) -> bucket_transfer_acceleration.GetBucketTransferAccelerationResult:
        return self.invoke(bucket_transfer_acceleration.GET_BUCKET_TRANSFER_ACCELERATION, request)

    def delete_bucket_transfer_acceleration(
        self, request: bucket_transfer_acceleration.DeleteBucketTransferAccelerationRequest
    ) -> bucket_transfer_acceleration.DeleteBucketTransferAccelerationResult:
        return self.invoke(bucket_transfer_acceleration.DELETE_BUCKET_TRANSFER_ACCELERATION, request)

    def put_bucket_access_monitor(
        self, request: bucket_access_monitor.PutBucketAccessMonitorRequest
    ) -> bucket_access_monitor.PutBucketAccessMonitorResult:
        return self.invoke(bucket_access_monitor.PUT_BUCKET_ACCESS_MONITOR, request)

    def get_bucket_access_monitor(
        self, request: bucket_access_monitor.GetBucketAccessMonitorRequest
    ) -> bucket_access_monitor.GetBucketAccessMonitorResult:
        return self.invoke(bucket_access_monitor.GET_BUCKET_ACCESS_MONITOR, request)

    def put_bucket_https_config(
        self, request: bucket_https_config.PutBucketHttpsConfigRequest
    ) -> bucket_https_config.PutBucketHttpsConfigResult:
        return self.invoke(bucket_https_config.PUT_BUCKET_HTTPS_CONFIG, request)

    def get_bucket_https_config(
        self, request: bucket_https_config.GetBucketHttpsConfigRequest
    ) -> bucket_https_config.GetBucketHttpsConfigResult:
        return self.invoke(bucket_https_config.GET_BUCKET_HTTPS_CONFIG, request)

    def put_bucket_resource_group(
        self, request: bucket_resource_group.PutBucketResourceGroupRequest
    ) -> bucket_resource_group.PutBucketResourceGroupResult:
        return self.invoke(bucket_resource_group.PUT_BUCKET_RESOURCE_GROUP, request)

    def get_bucket_resource_group(
        self, request: bucket_resource_group.GetBucketResourceGroupRequest
    ) -> bucket_resource_group.GetBucketResourceGroupResult:
        return self.invoke(bucket_resource_group.GET_BUCKET_RESOURCE_GROUP, request)

    def put_bucket_archive_direct_read(
        self, request: bucket_archive_direct_read.PutBucketArchiveDirectReadRequest
    ) -> bucket_archive_direct_read.PutBucketArchiveDirectReadResult:
        return self.invoke(bucket_archive_direct_read.PUT_BUCKET_ARCHIVE_DIRECT_READ, request)

    def get_bucket_archive_direct_read(
        self, request: bucket_archive_direct_read.GetBucketArchiveDirectReadRequest
    ) -> bucket_archive_direct_read.GetBucketArchiveDirectReadResult:
        return self.invoke(bucket_archive_direct_read.GET_BUCKET_ARCHIVE_DIRECT_READ, request)

    def put_user_defined_log_fields_config(
        self, request: bucket_log_fields.PutUserDefinedLogFieldsConfigRequest
    ) -> bucket_log_fields.PutUserDefinedLogFieldsConfigResult:
        return self.invoke(bucket_log_fields.PUT_USER_DEFINED_LOG_FIELDS_CONFIG, request)

    def get_user_defined_log_fields_config(
        self, request: bucket_log_fields.GetUserDefinedLogFieldsConfigRequest
    ) -> bucket_log_fields.GetUserDefinedLogFieldsConfigResult:
        return self.invoke(bucket_log_fields.GET_USER_DEFINED_LOG_FIELDS_CONFIG, request)

    def delete_user_defined_log_fields_config(
        self, request: bucket_log_fields.DeleteUserDefinedLogFieldsConfigRequest
    ) -> bucket_log_fields.DeleteUserDefinedLogFieldsConfigResult:
        return self.invoke(bucket_log_fields.DELETE_USER_DEFINED_LOG_FIELDS_CONFIG, request)

    def put_bucket_storage_capacity(
        self, request: bucket_storage_capacity.PutBucketStorageCapacityRequest
    ) -> bucket_storage_capacity.PutBucketStorageCapacityResult:
        return self.invoke(bucket_storage_capacity.PUT_BUCKET_STORAGE_CAPACITY, request)

    def get_bucket_storage_capacity(
        self, request: bucket_storage_capacity.GetBucketStorageCapacityRequest
    ) -> bucket_storage_capacity.GetBucketStorageCapacityResult:
        return self.invoke(bucket_storage_capacity.GET_BUCKET_STORAGE_CAPACITY, request)

    def put_bucket_qos_info(
        self, request: bucket_qos_info.PutBucketQosInfoRequest
    ) -> bucket_qos_info.PutBucketQosInfoResult:
        return self.invoke(bucket_qos_info.PUT_BUCKET_QOS_INFO, request)

    def get_bucket_qos_info(
        self, request: bucket_qos_info.GetBucketQosInfoRequest
    ) -> bucket_qos_info.GetBucketQosInfoResult:
        return self.invoke(bucket_qos_info.GET_BUCKET_QOS_INFO, request)

    def delete_bucket_qos_info(
        self, request: bucket_qos_info.DeleteBucketQosInfoRequest
    ) -> bucket_qos_info.DeleteBucketQosInfoResult:
        return self.invoke(bucket_qos_info.DELETE_BUCKET_QOS_INFO, request)

    def put_bucket_request_payment(
        self, request: bucket_request_payment.PutBucketRequestPaymentRequest
    ) -> bucket_request_payment.PutBucketRequestPaymentResult:
        return self.invoke(bucket_request_payment.PUT_BUCKET_REQUEST_PAYMENT, request)

    def get_bucket_request_payment(
        self, request: bucket_request_payment.GetBucketRequestPaymentRequest
    ) -> bucket_request_payment.GetBucketRequestPaymentResult:
        return self.invoke(bucket_request_payment.GET_BUCKET_REQUEST_PAYMENT, request)

    def put_object(self, request: object_basic.PutObjectRequest) -> object_basic.PutObjectResult:
        return self.invoke(object_basic.PUT_OBJECT, request)

    def get_object(self, request: object_basic.GetObjectRequest) -> object_basic.GetObjectResult[StreamBody]:
        result = self.invoke(object_basic.GET_OBJECT, request)
        return cast("object_basic.GetObjectResult[StreamBody]", result)

    def head_object(self, request: object_basic.HeadObjectRequest) -> object_basic.HeadObjectResult:
        return self.invoke(object_basic.HEAD_OBJECT, request)

    def get_object_meta(self, request: object_basic.GetObjectMetaRequest) -> object_basic.GetObjectMetaResult:
        return self.invoke(object_basic.GET_OBJECT_META, request)

    def delete_object(self, request: object_basic.DeleteObjectRequest) -> object_basic.DeleteObjectResult:
        return self.invoke(object_basic.DELETE_OBJECT, request)

    def delete_multiple_objects(
        self, request: object_basic.DeleteMultipleObjectsRequest
    ) -> object_basic.DeleteMultipleObjectsResult:
        return self.invoke(object_basic.DELETE_MULTIPLE_OBJECTS, request)

    def copy_object(self, request: object_copy.CopyObjectRequest) -> object_copy.CopyObjectResult:
        return self.invoke(object_copy.COPY_OBJECT, request)

    def append_object(self, request: object_append.AppendObjectRequest) -> object_append.AppendObjectResult:
        return self.invoke(object_append.APPEND_OBJECT, request)

    def seal_append_object(
        self, request: object_append.SealAppendObjectRequest
    ) -> object_append.SealAppendObjectResult:
        return self.invoke(object_append.SEAL_APPEND_OBJECT, request)

    def put_symlink(self, request: object_symlink.PutSymlinkRequest) -> object_symlink.PutSymlinkResult:
        return self.invoke(object_symlink.PUT_SYMLINK, request)

    def get_symlink(self, request: object_symlink.GetSymlinkRequest) -> object_symlink.GetSymlinkResult:
        return self.invoke(object_symlink.GET_SYMLINK, request)

    def initiate_multipart_upload(
        self, request: multipart.InitiateMultipartUploadRequest
    ) -> multipart.InitiateMultipartUploadResult:
        return self.invoke(multipart.INITIATE_MULTIPART_UPLOAD, request)

    def upload_part(self, request: multipart.UploadPartRequest) -> multipart.UploadPartResult:
        return self.invoke(multipart.UPLOAD_PART, request)

    def upload_part_copy(self, request: multipart.UploadPartCopyRequest) -> multipart.UploadPartCopyResult:
        return self.invoke(multipart.UPLOAD_PART_COPY, request)

    def complete_multipart_upload(
        self, request: multipart.CompleteMultipartUploadRequest
    ) -> multipart.CompleteMultipartUploadResult:
        return self.invoke(multipart.COMPLETE_MULTIPART_UPLOAD, request)

    def abort_multipart_upload(
        self, request: multipart.AbortMultipartUploadRequest
    ) -> multipart.AbortMultipartUploadResult:
        return self.invoke(multipart.ABORT_MULTIPART_UPLOAD, request)

    def list_multipart_uploads(
        self, request: multipart.ListMultipartUploadsRequest
    ) -> multipart.ListMultipartUploadsResult:
        return self.invoke(multipart.LIST_MULTIPART_UPLOADS, request)

    def list_parts(self, request: multipart.ListPartsRequest) -> multipart.ListPartsResult:
        return self.invoke(multipart.LIST_PARTS, request)

    def put_object_acl(self, request: object_acl.PutObjectAclRequest) -> object_acl.PutObjectAclResult:
        return self.invoke(object_acl.PUT_OBJECT_ACL, request)

    def get_object_acl(self, request: object_acl.GetObjectAclRequest) -> object_acl.GetObjectAclResult:
        return self.invoke(object_acl.GET_OBJECT_ACL, request)

    def put_object_tagging(
        self, request: object_tagging.PutObjectTaggingRequest
    ) -> object_tagging.PutObjectTaggingResult:
        return self.invoke(object_tagging.PUT_OBJECT_TAGGING, request)

    def get_object_tagging(
        self, request: object_tagging.GetObjectTaggingRequest
    ) -> object_tagging.GetObjectTaggingResult:
        return self.invoke(object_tagging.GET_OBJECT_TAGGING, request)

    def delete_object_tagging(
        self, request: object_tagging.DeleteObjectTaggingRequest
    ) -> object_tagging.DeleteObjectTaggingResult:
        return self.invoke(object_tagging.DELETE_OBJECT_TAGGING, request)

    def restore_object(self, request: object_restore.RestoreObjectRequest) -> object_restore.RestoreObjectResult:
        return self.invoke(object_restore.RESTORE_OBJECT, request)

    def clean_restored_object(
        self, request: object_restore.CleanRestoredObjectRequest
    ) -> object_restore.CleanRestoredObjectResult:
        return self.invoke(object_restore.CLEAN_RESTORED_OBJECT, request)

    def list_buckets_paginator(
        self, *, limit: int | None = None
    ) -> Paginator[service.ListBucketsRequest, service.ListBucketsResult]:
        return Paginator(self.list_buckets, limit)

    def list_objects_paginator(
        self, *, limit: int | None = None
    ) -> Paginator[bucket.ListObjectsRequest, bucket.ListObjectsResult]:
        return Paginator(self.list_objects, limit)

    def list_objects_v2_paginator(
        self, *, limit: int | None = None
    ) -> Paginator[bucket.ListObjectsV2Request, bucket.ListObjectsV2Result]:
        return Paginator(self.list_objects_v2, limit)

    def list_object_versions_paginator(
        self, *, limit: int | None = None
    ) -> Paginator[bucket_versioning.ListObjectVersionsRequest, bucket_versioning.ListObjectVersionsResult]:
        return Paginator(self.list_object_versions, limit)

    def list_parts_paginator(
        self, *, limit: int | None = None
    ) -> Paginator[multipart.ListPartsRequest, multipart.ListPartsResult]:
        return Paginator(self.list_parts, limit)

    def list_multipart_uploads_paginator(
        self, *, limit: int | None = None
    ) -> Paginator[multipart.ListMultipartUploadsRequest, multipart.ListMultipartUploadsResult]:
        return Paginator(self.list_multipart_uploads, limit)
