"""Retention, awaited: methods of the asynchronous client."""

from ossicle.client.operations.invoking import AsyncInvoker
from ossicle.wire.api import bucket_worm


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
