"""Retention, awaited: methods of the asynchronous client."""

from ossicle.client.operations.invoking import AsyncInvoker
from ossicle.wire.api import bucket_object_worm, bucket_worm, object_worm


class AsyncWormOperations(AsyncInvoker):
    """One method an operation, as the docstring of its request says."""

    async def initiate_bucket_worm(
        self, request: bucket_worm.InitiateBucketWormRequest
    ) -> bucket_worm.InitiateBucketWormResult:
        return await self.invoke(bucket_worm.INITIATE_BUCKET_WORM, request)

    async def abort_bucket_worm(self, request: bucket_worm.AbortBucketWormRequest) -> bucket_worm.AbortBucketWormResult:
        return await self.invoke(bucket_worm.ABORT_BUCKET_WORM, request)

    async def complete_bucket_worm(
        self, request: bucket_worm.CompleteBucketWormRequest
    ) -> bucket_worm.CompleteBucketWormResult:
        return await self.invoke(bucket_worm.COMPLETE_BUCKET_WORM, request)

    async def extend_bucket_worm(
        self, request: bucket_worm.ExtendBucketWormRequest
    ) -> bucket_worm.ExtendBucketWormResult:
        return await self.invoke(bucket_worm.EXTEND_BUCKET_WORM, request)

    async def get_bucket_worm(self, request: bucket_worm.GetBucketWormRequest) -> bucket_worm.GetBucketWormResult:
        return await self.invoke(bucket_worm.GET_BUCKET_WORM, request)

    async def put_bucket_object_worm_configuration(
        self, request: bucket_object_worm.PutBucketObjectWormConfigurationRequest
    ) -> bucket_object_worm.PutBucketObjectWormConfigurationResult:
        return await self.invoke(bucket_object_worm.PUT_BUCKET_OBJECT_WORM_CONFIGURATION, request)

    async def get_bucket_object_worm_configuration(
        self, request: bucket_object_worm.GetBucketObjectWormConfigurationRequest
    ) -> bucket_object_worm.GetBucketObjectWormConfigurationResult:
        return await self.invoke(bucket_object_worm.GET_BUCKET_OBJECT_WORM_CONFIGURATION, request)

    async def put_object_retention(
        self, request: object_worm.PutObjectRetentionRequest
    ) -> object_worm.PutObjectRetentionResult:
        return await self.invoke(object_worm.PUT_OBJECT_RETENTION, request)

    async def get_object_retention(
        self, request: object_worm.GetObjectRetentionRequest
    ) -> object_worm.GetObjectRetentionResult:
        return await self.invoke(object_worm.GET_OBJECT_RETENTION, request)

    async def put_object_legal_hold(
        self, request: object_worm.PutObjectLegalHoldRequest
    ) -> object_worm.PutObjectLegalHoldResult:
        return await self.invoke(object_worm.PUT_OBJECT_LEGAL_HOLD, request)

    async def get_object_legal_hold(
        self, request: object_worm.GetObjectLegalHoldRequest
    ) -> object_worm.GetObjectLegalHoldResult:
        return await self.invoke(object_worm.GET_OBJECT_LEGAL_HOLD, request)
