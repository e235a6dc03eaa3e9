"""Retention: methods of the synchronous client."""

from ossicle.client.operations.invoking import Invoker
from ossicle.wire.api import bucket_worm


class WormOperations(Invoker):
    """One method an operation, as the docstring of its request says."""

    def initiate_bucket_worm(
        self, request: bucket_worm.InitiateBucketWormRequest
    ) -> bucket_worm.InitiateBucketWormResult:
        return self.invoke(bucket_worm.INITIATE_BUCKET_WORM, request)

    def abort_bucket_worm(self, request: bucket_worm.AbortBucketWormRequest) -> bucket_worm.AbortBucketWormResult:
        return self.invoke(bucket_worm.ABORT_BUCKET_WORM, request)

    def complete_bucket_worm(
        self, request: bucket_worm.CompleteBucketWormRequest
    ) -> bucket_worm.CompleteBucketWormResult:
        return self.invoke(bucket_worm.COMPLETE_BUCKET_WORM, request)

    def extend_bucket_worm(self, request: bucket_worm.ExtendBucketWormRequest) -> bucket_worm.ExtendBucketWormResult:
        return self.invoke(bucket_worm.EXTEND_BUCKET_WORM, request)

    def get_bucket_worm(self, request: bucket_worm.GetBucketWormRequest) -> bucket_worm.GetBucketWormResult:
        return self.invoke(bucket_worm.GET_BUCKET_WORM, request)
