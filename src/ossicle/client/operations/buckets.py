"""Buckets: made, listed, described, and what is in them: methods of the synchronous client."""

from ossicle.client.operations.invoking import Invoker
from ossicle.client.pages import Paginator
from ossicle.wire.api import bucket, bucket_acl, bucket_stat, bucket_versioning, service


class BucketOperations(Invoker):
    """One method an operation, as the docstring of its request says."""

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
