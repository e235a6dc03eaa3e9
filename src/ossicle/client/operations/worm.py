"""Retention: methods of the synchronous client."""

from ossicle.client.operations.invoking import Invoker
from ossicle.wire.api import bucket_object_worm, bucket_worm, object_worm


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

    def put_bucket_object_worm_configuration(
        self, request: bucket_object_worm.PutBucketObjectWormConfigurationRequest
    ) -> bucket_object_worm.PutBucketObjectWormConfigurationResult:
        return self.invoke(bucket_object_worm.PUT_BUCKET_OBJECT_WORM_CONFIGURATION, request)

    def get_bucket_object_worm_configuration(
        self, request: bucket_object_worm.GetBucketObjectWormConfigurationRequest
    ) -> bucket_object_worm.GetBucketObjectWormConfigurationResult:
        return self.invoke(bucket_object_worm.GET_BUCKET_OBJECT_WORM_CONFIGURATION, request)

    def put_object_retention(
        self, request: object_worm.PutObjectRetentionRequest
    ) -> object_worm.PutObjectRetentionResult:
        return self.invoke(object_worm.PUT_OBJECT_RETENTION, request)

    def get_object_retention(
        self, request: object_worm.GetObjectRetentionRequest
    ) -> object_worm.GetObjectRetentionResult:
        return self.invoke(object_worm.GET_OBJECT_RETENTION, request)

    def put_object_legal_hold(
        self, request: object_worm.PutObjectLegalHoldRequest
    ) -> object_worm.PutObjectLegalHoldResult:
        return self.invoke(object_worm.PUT_OBJECT_LEGAL_HOLD, request)

    def get_object_legal_hold(
        self, request: object_worm.GetObjectLegalHoldRequest
    ) -> object_worm.GetObjectLegalHoldResult:
        return self.invoke(object_worm.GET_OBJECT_LEGAL_HOLD, request)
