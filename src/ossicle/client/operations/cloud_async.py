"""What buckets have that makes sense in the cloud: methods of the asynchronous client."""

from ossicle.client.operations.invoking import AsyncInvoker
from ossicle.wire.api import (
    bucket_cname,
    bucket_data_redundancy_transition,
    bucket_replication,
    bucket_style,
)


class AsyncCloudOperations(AsyncInvoker):
    """One method an operation, as the docstring of its request says."""

    async def put_style(self, request: bucket_style.PutStyleRequest) -> bucket_style.PutStyleResult:
        return await self.invoke(bucket_style.PUT_STYLE, request)

    async def get_style(self, request: bucket_style.GetStyleRequest) -> bucket_style.GetStyleResult:
        return await self.invoke(bucket_style.GET_STYLE, request)

    async def delete_style(self, request: bucket_style.DeleteStyleRequest) -> bucket_style.DeleteStyleResult:
        return await self.invoke(bucket_style.DELETE_STYLE, request)

    async def list_style(self, request: bucket_style.ListStyleRequest) -> bucket_style.ListStyleResult:
        return await self.invoke(bucket_style.LIST_STYLE, request)

    async def put_cname(self, request: bucket_cname.PutCnameRequest) -> bucket_cname.PutCnameResult:
        return await self.invoke(bucket_cname.PUT_CNAME, request)

    async def delete_cname(self, request: bucket_cname.DeleteCnameRequest) -> bucket_cname.DeleteCnameResult:
        return await self.invoke(bucket_cname.DELETE_CNAME, request)

    async def create_cname_token(
        self, request: bucket_cname.CreateCnameTokenRequest
    ) -> bucket_cname.CreateCnameTokenResult:
        return await self.invoke(bucket_cname.CREATE_CNAME_TOKEN, request)

    async def get_cname_token(self, request: bucket_cname.GetCnameTokenRequest) -> bucket_cname.GetCnameTokenResult:
        return await self.invoke(bucket_cname.GET_CNAME_TOKEN, request)

    async def list_cname(self, request: bucket_cname.ListCnameRequest) -> bucket_cname.ListCnameResult:
        return await self.invoke(bucket_cname.LIST_CNAME, request)

    async def put_bucket_replication(
        self, request: bucket_replication.PutBucketReplicationRequest
    ) -> bucket_replication.PutBucketReplicationResult:
        return await self.invoke(bucket_replication.PUT_BUCKET_REPLICATION, request)

    async def delete_bucket_replication(
        self, request: bucket_replication.DeleteBucketReplicationRequest
    ) -> bucket_replication.DeleteBucketReplicationResult:
        return await self.invoke(bucket_replication.DELETE_BUCKET_REPLICATION, request)

    async def get_bucket_replication(
        self, request: bucket_replication.GetBucketReplicationRequest
    ) -> bucket_replication.GetBucketReplicationResult:
        return await self.invoke(bucket_replication.GET_BUCKET_REPLICATION, request)

    async def get_bucket_replication_location(
        self, request: bucket_replication.GetBucketReplicationLocationRequest
    ) -> bucket_replication.GetBucketReplicationLocationResult:
        return await self.invoke(bucket_replication.GET_BUCKET_REPLICATION_LOCATION, request)

    async def get_bucket_replication_progress(
        self, request: bucket_replication.GetBucketReplicationProgressRequest
    ) -> bucket_replication.GetBucketReplicationProgressResult:
        return await self.invoke(bucket_replication.GET_BUCKET_REPLICATION_PROGRESS, request)

    async def put_bucket_rtc(
        self, request: bucket_replication.PutBucketRtcRequest
    ) -> bucket_replication.PutBucketRtcResult:
        return await self.invoke(bucket_replication.PUT_BUCKET_RTC, request)

    async def create_bucket_data_redundancy_transition(
        self, request: bucket_data_redundancy_transition.CreateBucketDataRedundancyTransitionRequest
    ) -> bucket_data_redundancy_transition.CreateBucketDataRedundancyTransitionResult:
        return await self.invoke(bucket_data_redundancy_transition.CREATE_BUCKET_DATA_REDUNDANCY_TRANSITION, request)

    async def get_bucket_data_redundancy_transition(
        self, request: bucket_data_redundancy_transition.GetBucketDataRedundancyTransitionRequest
    ) -> bucket_data_redundancy_transition.GetBucketDataRedundancyTransitionResult:
        return await self.invoke(bucket_data_redundancy_transition.GET_BUCKET_DATA_REDUNDANCY_TRANSITION, request)

    async def delete_bucket_data_redundancy_transition(
        self, request: bucket_data_redundancy_transition.DeleteBucketDataRedundancyTransitionRequest
    ) -> bucket_data_redundancy_transition.DeleteBucketDataRedundancyTransitionResult:
        return await self.invoke(bucket_data_redundancy_transition.DELETE_BUCKET_DATA_REDUNDANCY_TRANSITION, request)

    async def list_bucket_data_redundancy_transition(
        self, request: bucket_data_redundancy_transition.ListBucketDataRedundancyTransitionRequest
    ) -> bucket_data_redundancy_transition.ListBucketDataRedundancyTransitionResult:
        return await self.invoke(bucket_data_redundancy_transition.LIST_BUCKET_DATA_REDUNDANCY_TRANSITION, request)

    async def list_user_data_redundancy_transition(
        self, request: bucket_data_redundancy_transition.ListUserDataRedundancyTransitionRequest
    ) -> bucket_data_redundancy_transition.ListUserDataRedundancyTransitionResult:
        return await self.invoke(bucket_data_redundancy_transition.LIST_USER_DATA_REDUNDANCY_TRANSITION, request)
