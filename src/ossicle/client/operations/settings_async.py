"""Settings of buckets, awaited: methods of the asynchronous client."""

from ossicle.client.operations.invoking import AsyncInvoker
from ossicle.wire.api import (
    bucket_access_monitor,
    bucket_archive_direct_read,
    bucket_cors,
    bucket_https_config,
    bucket_log_fields,
    bucket_qos_info,
    bucket_request_payment,
    bucket_resource_group,
    bucket_storage_capacity,
    bucket_transfer_acceleration,
)


class AsyncSettingOperations(AsyncInvoker):
    """One method an operation, as the docstring of its request says."""

    async def put_bucket_cors(self, request: bucket_cors.PutBucketCorsRequest) -> bucket_cors.PutBucketCorsResult:
        return await self.invoke(bucket_cors.PUT_BUCKET_CORS, request)

    async def get_bucket_cors(self, request: bucket_cors.GetBucketCorsRequest) -> bucket_cors.GetBucketCorsResult:
        return await self.invoke(bucket_cors.GET_BUCKET_CORS, request)

    async def delete_bucket_cors(
        self, request: bucket_cors.DeleteBucketCorsRequest
    ) -> bucket_cors.DeleteBucketCorsResult:
        return await self.invoke(bucket_cors.DELETE_BUCKET_CORS, request)

    async def put_bucket_transfer_acceleration(
        self, request: bucket_transfer_acceleration.PutBucketTransferAccelerationRequest
    ) -> bucket_transfer_acceleration.PutBucketTransferAccelerationResult:
        return await self.invoke(bucket_transfer_acceleration.PUT_BUCKET_TRANSFER_ACCELERATION, request)

    async def get_bucket_transfer_acceleration(
        self, request: bucket_transfer_acceleration.GetBucketTransferAccelerationRequest
    ) -> bucket_transfer_acceleration.GetBucketTransferAccelerationResult:
        return await self.invoke(bucket_transfer_acceleration.GET_BUCKET_TRANSFER_ACCELERATION, request)

    async def delete_bucket_transfer_acceleration(
        self, request: bucket_transfer_acceleration.DeleteBucketTransferAccelerationRequest
    ) -> bucket_transfer_acceleration.DeleteBucketTransferAccelerationResult:
        return await self.invoke(bucket_transfer_acceleration.DELETE_BUCKET_TRANSFER_ACCELERATION, request)

    async def put_bucket_access_monitor(
        self, request: bucket_access_monitor.PutBucketAccessMonitorRequest
    ) -> bucket_access_monitor.PutBucketAccessMonitorResult:
        return await self.invoke(bucket_access_monitor.PUT_BUCKET_ACCESS_MONITOR, request)

    async def get_bucket_access_monitor(
        self, request: bucket_access_monitor.GetBucketAccessMonitorRequest
    ) -> bucket_access_monitor.GetBucketAccessMonitorResult:
        return await self.invoke(bucket_access_monitor.GET_BUCKET_ACCESS_MONITOR, request)

    async def put_bucket_https_config(
        self, request: bucket_https_config.PutBucketHttpsConfigRequest
    ) -> bucket_https_config.PutBucketHttpsConfigResult:
        return await self.invoke(bucket_https_config.PUT_BUCKET_HTTPS_CONFIG, request)

    async def get_bucket_https_config(
        self, request: bucket_https_config.GetBucketHttpsConfigRequest
    ) -> bucket_https_config.GetBucketHttpsConfigResult:
        return await self.invoke(bucket_https_config.GET_BUCKET_HTTPS_CONFIG, request)

    async def put_bucket_resource_group(
        self, request: bucket_resource_group.PutBucketResourceGroupRequest
    ) -> bucket_resource_group.PutBucketResourceGroupResult:
        return await self.invoke(bucket_resource_group.PUT_BUCKET_RESOURCE_GROUP, request)

    async def get_bucket_resource_group(
        self, request: bucket_resource_group.GetBucketResourceGroupRequest
    ) -> bucket_resource_group.GetBucketResourceGroupResult:
        return await self.invoke(bucket_resource_group.GET_BUCKET_RESOURCE_GROUP, request)

    async def put_bucket_archive_direct_read(
        self, request: bucket_archive_direct_read.PutBucketArchiveDirectReadRequest
    ) -> bucket_archive_direct_read.PutBucketArchiveDirectReadResult:
        return await self.invoke(bucket_archive_direct_read.PUT_BUCKET_ARCHIVE_DIRECT_READ, request)

    async def get_bucket_archive_direct_read(
        self, request: bucket_archive_direct_read.GetBucketArchiveDirectReadRequest
    ) -> bucket_archive_direct_read.GetBucketArchiveDirectReadResult:
        return await self.invoke(bucket_archive_direct_read.GET_BUCKET_ARCHIVE_DIRECT_READ, request)

    async def put_user_defined_log_fields_config(
        self, request: bucket_log_fields.PutUserDefinedLogFieldsConfigRequest
    ) -> bucket_log_fields.PutUserDefinedLogFieldsConfigResult:
        return await self.invoke(bucket_log_fields.PUT_USER_DEFINED_LOG_FIELDS_CONFIG, request)

    async def get_user_defined_log_fields_config(
        self, request: bucket_log_fields.GetUserDefinedLogFieldsConfigRequest
    ) -> bucket_log_fields.GetUserDefinedLogFieldsConfigResult:
        return await self.invoke(bucket_log_fields.GET_USER_DEFINED_LOG_FIELDS_CONFIG, request)

    async def delete_user_defined_log_fields_config(
        self, request: bucket_log_fields.DeleteUserDefinedLogFieldsConfigRequest
    ) -> bucket_log_fields.DeleteUserDefinedLogFieldsConfigResult:
        return await self.invoke(bucket_log_fields.DELETE_USER_DEFINED_LOG_FIELDS_CONFIG, request)

    async def put_bucket_storage_capacity(
        self, request: bucket_storage_capacity.PutBucketStorageCapacityRequest
    ) -> bucket_storage_capacity.PutBucketStorageCapacityResult:
        return await self.invoke(bucket_storage_capacity.PUT_BUCKET_STORAGE_CAPACITY, request)

    async def get_bucket_storage_capacity(
        self, request: bucket_storage_capacity.GetBucketStorageCapacityRequest
    ) -> bucket_storage_capacity.GetBucketStorageCapacityResult:
        return await self.invoke(bucket_storage_capacity.GET_BUCKET_STORAGE_CAPACITY, request)

    async def put_bucket_qos_info(
        self, request: bucket_qos_info.PutBucketQosInfoRequest
    ) -> bucket_qos_info.PutBucketQosInfoResult:
        return await self.invoke(bucket_qos_info.PUT_BUCKET_QOS_INFO, request)

    async def get_bucket_qos_info(
        self, request: bucket_qos_info.GetBucketQosInfoRequest
    ) -> bucket_qos_info.GetBucketQosInfoResult:
        return await self.invoke(bucket_qos_info.GET_BUCKET_QOS_INFO, request)

    async def delete_bucket_qos_info(
        self, request: bucket_qos_info.DeleteBucketQosInfoRequest
    ) -> bucket_qos_info.DeleteBucketQosInfoResult:
        return await self.invoke(bucket_qos_info.DELETE_BUCKET_QOS_INFO, request)

    async def put_bucket_request_payment(
        self, request: bucket_request_payment.PutBucketRequestPaymentRequest
    ) -> bucket_request_payment.PutBucketRequestPaymentResult:
        return await self.invoke(bucket_request_payment.PUT_BUCKET_REQUEST_PAYMENT, request)

    async def get_bucket_request_payment(
        self, request: bucket_request_payment.GetBucketRequestPaymentRequest
    ) -> bucket_request_payment.GetBucketRequestPaymentResult:
        return await self.invoke(bucket_request_payment.GET_BUCKET_REQUEST_PAYMENT, request)
