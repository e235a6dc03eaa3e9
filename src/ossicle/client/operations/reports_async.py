"""What is reported of buckets, inventories and access logs: methods of the asynchronous client."""

from ossicle.client.operations.invoking import AsyncInvoker
from ossicle.wire.api import bucket_inventory, bucket_logging


class AsyncReportOperations(AsyncInvoker):
    """One method an operation, as the docstring of its request says."""

    async def put_bucket_logging(
        self, request: bucket_logging.PutBucketLoggingRequest
    ) -> bucket_logging.PutBucketLoggingResult:
        return await self.invoke(bucket_logging.PUT_BUCKET_LOGGING, request)

    async def get_bucket_logging(
        self, request: bucket_logging.GetBucketLoggingRequest
    ) -> bucket_logging.GetBucketLoggingResult:
        return await self.invoke(bucket_logging.GET_BUCKET_LOGGING, request)

    async def delete_bucket_logging(
        self, request: bucket_logging.DeleteBucketLoggingRequest
    ) -> bucket_logging.DeleteBucketLoggingResult:
        return await self.invoke(bucket_logging.DELETE_BUCKET_LOGGING, request)

    async def put_bucket_inventory(
        self, request: bucket_inventory.PutBucketInventoryRequest
    ) -> bucket_inventory.PutBucketInventoryResult:
        return await self.invoke(bucket_inventory.PUT_BUCKET_INVENTORY, request)

    async def get_bucket_inventory(
        self, request: bucket_inventory.GetBucketInventoryRequest
    ) -> bucket_inventory.GetBucketInventoryResult:
        return await self.invoke(bucket_inventory.GET_BUCKET_INVENTORY, request)

    async def list_bucket_inventory(
        self, request: bucket_inventory.ListBucketInventoryRequest
    ) -> bucket_inventory.ListBucketInventoryResult:
        return await self.invoke(bucket_inventory.LIST_BUCKET_INVENTORY, request)

    async def delete_bucket_inventory(
        self, request: bucket_inventory.DeleteBucketInventoryRequest
    ) -> bucket_inventory.DeleteBucketInventoryResult:
        return await self.invoke(bucket_inventory.DELETE_BUCKET_INVENTORY, request)
