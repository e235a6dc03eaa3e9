"""Buckets: made, listed, described, and what is in them, awaited: methods of the asynchronous client."""

from ossicle.client.operations.invoking import AsyncInvoker
from ossicle.client.pages import AsyncPaginator
from ossicle.wire.api import bucket, bucket_acl, bucket_stat, bucket_versioning, service


class AsyncBucketOperations(AsyncInvoker):
    """One method an operation, as the docstring of its request says."""

    async def list_buckets(self, request: service.ListBucketsRequest) -> service.ListBucketsResult:
        return await self.invoke(service.LIST_BUCKETS, request)

    async def describe_regions(self, request: service.DescribeRegionsRequest) -> service.DescribeRegionsResult:
        return await self.invoke(service.DESCRIBE_REGIONS, request)

    async def put_bucket(self, request: bucket.PutBucketRequest) -> bucket.PutBucketResult:
        return await self.invoke(bucket.PUT_BUCKET, request)

    async def delete_bucket(self, request: bucket.DeleteBucketRequest) -> bucket.DeleteBucketResult:
        return await self.invoke(bucket.DELETE_BUCKET, request)

    async def head_bucket(self, request: bucket.HeadBucketRequest) -> bucket.HeadBucketResult:
        return await self.invoke(bucket.HEAD_BUCKET, request)

    async def get_bucket_info(self, request: bucket.GetBucketInfoRequest) -> bucket.GetBucketInfoResult:
        return await self.invoke(bucket.GET_BUCKET_INFO, request)

    async def get_bucket_location(self, request: bucket.GetBucketLocationRequest) -> bucket.GetBucketLocationResult:
        return await self.invoke(bucket.GET_BUCKET_LOCATION, request)

    async def list_objects(self, request: bucket.ListObjectsRequest) -> bucket.ListObjectsResult:
        return await self.invoke(bucket.LIST_OBJECTS, request)

    async def list_objects_v2(self, request: bucket.ListObjectsV2Request) -> bucket.ListObjectsV2Result:
        return await self.invoke(bucket.LIST_OBJECTS_V2, request)

    async def put_bucket_acl(self, request: bucket_acl.PutBucketAclRequest) -> bucket_acl.PutBucketAclResult:
        return await self.invoke(bucket_acl.PUT_BUCKET_ACL, request)

    async def get_bucket_acl(self, request: bucket_acl.GetBucketAclRequest) -> bucket_acl.GetBucketAclResult:
        return await self.invoke(bucket_acl.GET_BUCKET_ACL, request)

    async def put_bucket_versioning(
        self, request: bucket_versioning.PutBucketVersioningRequest
    ) -> bucket_versioning.PutBucketVersioningResult:
        return await self.invoke(bucket_versioning.PUT_BUCKET_VERSIONING, request)

    async def get_bucket_versioning(
        self, request: bucket_versioning.GetBucketVersioningRequest
    ) -> bucket_versioning.GetBucketVersioningResult:
        return await self.invoke(bucket_versioning.GET_BUCKET_VERSIONING, request)

    async def list_object_versions(
        self, request: bucket_versioning.ListObjectVersionsRequest
    ) -> bucket_versioning.ListObjectVersionsResult:
        return await self.invoke(bucket_versioning.LIST_OBJECT_VERSIONS, request)

    async def get_bucket_stat(self, request: bucket_stat.GetBucketStatRequest) -> bucket_stat.GetBucketStatResult:
        return await self.invoke(bucket_stat.GET_BUCKET_STAT, request)

    def list_buckets_paginator(
        self, *, limit: int | None = None
    ) -> AsyncPaginator[service.ListBucketsRequest, service.ListBucketsResult]:
        return AsyncPaginator(self.list_buckets, limit)

    def list_objects_paginator(
        self, *, limit: int | None = None
    ) -> AsyncPaginator[bucket.ListObjectsRequest, bucket.ListObjectsResult]:
        return AsyncPaginator(self.list_objects, limit)

    def list_objects_v2_paginator(
        self, *, limit: int | None = None
    ) -> AsyncPaginator[bucket.ListObjectsV2Request, bucket.ListObjectsV2Result]:
        return AsyncPaginator(self.list_objects_v2, limit)

    def list_object_versions_paginator(
        self, *, limit: int | None = None
    ) -> AsyncPaginator[bucket_versioning.ListObjectVersionsRequest, bucket_versioning.ListObjectVersionsResult]:
        return AsyncPaginator(self.list_object_versions, limit)
