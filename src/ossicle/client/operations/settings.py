"""Settings of buckets: methods of the synchronous client."""

from ossicle.client.operations.invoking import Invoker
from ossicle.wire.api import (
    bucket_access_monitor,
    bucket_archive_direct_read,
    bucket_callback_policy,
    bucket_cors,
    bucket_encryption,
    bucket_https_config,
    bucket_lifecycle,
    bucket_log_fields,
    bucket_overwrite_config,
    bucket_policy,
    bucket_qos_info,
    bucket_referer,
    bucket_request_payment,
    bucket_resource_group,
    bucket_storage_capacity,
    bucket_storage_quota,
    bucket_tags,
    bucket_transfer_acceleration,
    bucket_website,
    public_access_block,
)


class SettingOperations(Invoker):
    """One method an operation, as the docstring of its request says."""

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

    def put_bucket_encryption(
        self, request: bucket_encryption.PutBucketEncryptionRequest
    ) -> bucket_encryption.PutBucketEncryptionResult:
        return self.invoke(bucket_encryption.PUT_BUCKET_ENCRYPTION, request)

    def get_bucket_encryption(
        self, request: bucket_encryption.GetBucketEncryptionRequest
    ) -> bucket_encryption.GetBucketEncryptionResult:
        return self.invoke(bucket_encryption.GET_BUCKET_ENCRYPTION, request)

    def delete_bucket_encryption(
        self, request: bucket_encryption.DeleteBucketEncryptionRequest
    ) -> bucket_encryption.DeleteBucketEncryptionResult:
        return self.invoke(bucket_encryption.DELETE_BUCKET_ENCRYPTION, request)

    def put_bucket_public_access_block(
        self, request: public_access_block.PutBucketPublicAccessBlockRequest
    ) -> public_access_block.PutBucketPublicAccessBlockResult:
        return self.invoke(public_access_block.PUT_BUCKET_PUBLIC_ACCESS_BLOCK, request)

    def get_bucket_public_access_block(
        self, request: public_access_block.GetBucketPublicAccessBlockRequest
    ) -> public_access_block.GetBucketPublicAccessBlockResult:
        return self.invoke(public_access_block.GET_BUCKET_PUBLIC_ACCESS_BLOCK, request)

    def delete_bucket_public_access_block(
        self, request: public_access_block.DeleteBucketPublicAccessBlockRequest
    ) -> public_access_block.DeleteBucketPublicAccessBlockResult:
        return self.invoke(public_access_block.DELETE_BUCKET_PUBLIC_ACCESS_BLOCK, request)

    def put_bucket_overwrite_config(
        self, request: bucket_overwrite_config.PutBucketOverwriteConfigRequest
    ) -> bucket_overwrite_config.PutBucketOverwriteConfigResult:
        return self.invoke(bucket_overwrite_config.PUT_BUCKET_OVERWRITE_CONFIG, request)

    def get_bucket_overwrite_config(
        self, request: bucket_overwrite_config.GetBucketOverwriteConfigRequest
    ) -> bucket_overwrite_config.GetBucketOverwriteConfigResult:
        return self.invoke(bucket_overwrite_config.GET_BUCKET_OVERWRITE_CONFIG, request)

    def delete_bucket_overwrite_config(
        self, request: bucket_overwrite_config.DeleteBucketOverwriteConfigRequest
    ) -> bucket_overwrite_config.DeleteBucketOverwriteConfigResult:
        return self.invoke(bucket_overwrite_config.DELETE_BUCKET_OVERWRITE_CONFIG, request)

    def put_bucket_storage_quota(
        self, request: bucket_storage_quota.PutBucketStorageQuotaRequest
    ) -> bucket_storage_quota.PutBucketStorageQuotaResult:
        return self.invoke(bucket_storage_quota.PUT_BUCKET_STORAGE_QUOTA, request)

    def get_bucket_storage_quota(
        self, request: bucket_storage_quota.GetBucketStorageQuotaRequest
    ) -> bucket_storage_quota.GetBucketStorageQuotaResult:
        return self.invoke(bucket_storage_quota.GET_BUCKET_STORAGE_QUOTA, request)

    def delete_bucket_storage_quota(
        self, request: bucket_storage_quota.DeleteBucketStorageQuotaRequest
    ) -> bucket_storage_quota.DeleteBucketStorageQuotaResult:
        return self.invoke(bucket_storage_quota.DELETE_BUCKET_STORAGE_QUOTA, request)

    def put_bucket_callback_policy(
        self, request: bucket_callback_policy.PutBucketCallbackPolicyRequest
    ) -> bucket_callback_policy.PutBucketCallbackPolicyResult:
        return self.invoke(bucket_callback_policy.PUT_BUCKET_CALLBACK_POLICY, request)

    def get_bucket_callback_policy(
        self, request: bucket_callback_policy.GetBucketCallbackPolicyRequest
    ) -> bucket_callback_policy.GetBucketCallbackPolicyResult:
        return self.invoke(bucket_callback_policy.GET_BUCKET_CALLBACK_POLICY, request)

    def delete_bucket_callback_policy(
        self, request: bucket_callback_policy.DeleteBucketCallbackPolicyRequest
    ) -> bucket_callback_policy.DeleteBucketCallbackPolicyResult:
        return self.invoke(bucket_callback_policy.DELETE_BUCKET_CALLBACK_POLICY, request)

    def put_public_access_block(
        self, request: public_access_block.PutPublicAccessBlockRequest
    ) -> public_access_block.PutPublicAccessBlockResult:
        return self.invoke(public_access_block.PUT_PUBLIC_ACCESS_BLOCK, request)

    def get_public_access_block(
        self, request: public_access_block.GetPublicAccessBlockRequest
    ) -> public_access_block.GetPublicAccessBlockResult:
        return self.invoke(public_access_block.GET_PUBLIC_ACCESS_BLOCK, request)

    def delete_public_access_block(
        self, request: public_access_block.DeletePublicAccessBlockRequest
    ) -> public_access_block.DeletePublicAccessBlockResult:
        return self.invoke(public_access_block.DELETE_PUBLIC_ACCESS_BLOCK, request)

    def put_bucket_tags(self, request: bucket_tags.PutBucketTagsRequest) -> bucket_tags.PutBucketTagsResult:
        return self.invoke(bucket_tags.PUT_BUCKET_TAGS, request)

    def get_bucket_tags(self, request: bucket_tags.GetBucketTagsRequest) -> bucket_tags.GetBucketTagsResult:
        return self.invoke(bucket_tags.GET_BUCKET_TAGS, request)

    def delete_bucket_tags(self, request: bucket_tags.DeleteBucketTagsRequest) -> bucket_tags.DeleteBucketTagsResult:
        return self.invoke(bucket_tags.DELETE_BUCKET_TAGS, request)

    def get_user_qos_info(self, request: bucket_qos_info.GetUserQosInfoRequest) -> bucket_qos_info.GetUserQosInfoResult:
        return self.invoke(bucket_qos_info.GET_USER_QOS_INFO, request)

    def put_bucket_lifecycle(
        self, request: bucket_lifecycle.PutBucketLifecycleRequest
    ) -> bucket_lifecycle.PutBucketLifecycleResult:
        return self.invoke(bucket_lifecycle.PUT_BUCKET_LIFECYCLE, request)

    def get_bucket_lifecycle(
        self, request: bucket_lifecycle.GetBucketLifecycleRequest
    ) -> bucket_lifecycle.GetBucketLifecycleResult:
        return self.invoke(bucket_lifecycle.GET_BUCKET_LIFECYCLE, request)

    def delete_bucket_lifecycle(
        self, request: bucket_lifecycle.DeleteBucketLifecycleRequest
    ) -> bucket_lifecycle.DeleteBucketLifecycleResult:
        return self.invoke(bucket_lifecycle.DELETE_BUCKET_LIFECYCLE, request)

    def put_bucket_referer(
        self, request: bucket_referer.PutBucketRefererRequest
    ) -> bucket_referer.PutBucketRefererResult:
        return self.invoke(bucket_referer.PUT_BUCKET_REFERER, request)

    def get_bucket_referer(
        self, request: bucket_referer.GetBucketRefererRequest
    ) -> bucket_referer.GetBucketRefererResult:
        return self.invoke(bucket_referer.GET_BUCKET_REFERER, request)

    def put_bucket_website(
        self, request: bucket_website.PutBucketWebsiteRequest
    ) -> bucket_website.PutBucketWebsiteResult:
        return self.invoke(bucket_website.PUT_BUCKET_WEBSITE, request)

    def get_bucket_website(
        self, request: bucket_website.GetBucketWebsiteRequest
    ) -> bucket_website.GetBucketWebsiteResult:
        return self.invoke(bucket_website.GET_BUCKET_WEBSITE, request)

    def delete_bucket_website(
        self, request: bucket_website.DeleteBucketWebsiteRequest
    ) -> bucket_website.DeleteBucketWebsiteResult:
        return self.invoke(bucket_website.DELETE_BUCKET_WEBSITE, request)

    def put_bucket_policy(self, request: bucket_policy.PutBucketPolicyRequest) -> bucket_policy.PutBucketPolicyResult:
        return self.invoke(bucket_policy.PUT_BUCKET_POLICY, request)

    def get_bucket_policy(self, request: bucket_policy.GetBucketPolicyRequest) -> bucket_policy.GetBucketPolicyResult:
        return self.invoke(bucket_policy.GET_BUCKET_POLICY, request)

    def delete_bucket_policy(
        self, request: bucket_policy.DeleteBucketPolicyRequest
    ) -> bucket_policy.DeleteBucketPolicyResult:
        return self.invoke(bucket_policy.DELETE_BUCKET_POLICY, request)

    def get_bucket_policy_status(
        self, request: bucket_policy.GetBucketPolicyStatusRequest
    ) -> bucket_policy.GetBucketPolicyStatusResult:
        return self.invoke(bucket_policy.GET_BUCKET_POLICY_STATUS, request)
