"""What buckets have that makes sense in the cloud: methods of the synchronous client."""

from ossicle.client.operations.invoking import Invoker
from ossicle.wire.api import (
    bucket_cname,
    bucket_data_redundancy_transition,
    bucket_replication,
    bucket_style,
)


class CloudOperations(Invoker):
    """One method an operation, as the docstring of its request says."""

    def put_style(self, request: bucket_style.PutStyleRequest) -> bucket_style.PutStyleResult:
        return self.invoke(bucket_style.PUT_STYLE, request)

    def get_style(self, request: bucket_style.GetStyleRequest) -> bucket_style.GetStyleResult:
        return self.invoke(bucket_style.GET_STYLE, request)

    def delete_style(self, request: bucket_style.DeleteStyleRequest) -> bucket_style.DeleteStyleResult:
        return self.invoke(bucket_style.DELETE_STYLE, request)

    def list_style(self, request: bucket_style.ListStyleRequest) -> bucket_style.ListStyleResult:
        return self.invoke(bucket_style.LIST_STYLE, request)

    def put_cname(self, request: bucket_cname.PutCnameRequest) -> bucket_cname.PutCnameResult:
        return self.invoke(bucket_cname.PUT_CNAME, request)

    def delete_cname(self, request: bucket_cname.DeleteCnameRequest) -> bucket_cname.DeleteCnameResult:
        return self.invoke(bucket_cname.DELETE_CNAME, request)

    def create_cname_token(self, request: bucket_cname.CreateCnameTokenRequest) -> bucket_cname.CreateCnameTokenResult:
        return self.invoke(bucket_cname.CREATE_CNAME_TOKEN, request)

    def get_cname_token(self, request: bucket_cname.GetCnameTokenRequest) -> bucket_cname.GetCnameTokenResult:
        return self.invoke(bucket_cname.GET_CNAME_TOKEN, request)

    def list_cname(self, request: bucket_cname.ListCnameRequest) -> bucket_cname.ListCnameResult:
        return self.invoke(bucket_cname.LIST_CNAME, request)

    def put_bucket_replication(
        self, request: bucket_replication.PutBucketReplicationRequest
    ) -> bucket_replication.PutBucketReplicationResult:
        return self.invoke(bucket_replication.PUT_BUCKET_REPLICATION, request)

    def delete_bucket_replication(
        self, request: bucket_replication.DeleteBucketReplicationRequest
    ) -> bucket_replication.DeleteBucketReplicationResult:
        return self.invoke(bucket_replication.DELETE_BUCKET_REPLICATION, request)

    def get_bucket_replication(
        self, request: bucket_replication.GetBucketReplicationRequest
    ) -> bucket_replication.GetBucketReplicationResult:
        return self.invoke(bucket_replication.GET_BUCKET_REPLICATION, request)

    def get_bucket_replication_location(
        self, request: bucket_replication.GetBucketReplicationLocationRequest
    ) -> bucket_replication.GetBucketReplicationLocationResult:
        return self.invoke(bucket_replication.GET_BUCKET_REPLICATION_LOCATION, request)

    def get_bucket_replication_progress(
        self, request: bucket_replication.GetBucketReplicationProgressRequest
    ) -> bucket_replication.GetBucketReplicationProgressResult:
        return self.invoke(bucket_replication.GET_BUCKET_REPLICATION_PROGRESS, request)

    def put_bucket_rtc(self, request: bucket_replication.PutBucketRtcRequest) -> bucket_replication.PutBucketRtcResult:
        return self.invoke(bucket_replication.PUT_BUCKET_RTC, request)

    def create_bucket_data_redundancy_transition(
        self, request: bucket_data_redundancy_transition.CreateBucketDataRedundancyTransitionRequest
    ) -> bucket_data_redundancy_transition.CreateBucketDataRedundancyTransitionResult:
        return self.invoke(bucket_data_redundancy_transition.CREATE_BUCKET_DATA_REDUNDANCY_TRANSITION, request)

    def get_bucket_data_redundancy_transition(
        self, request: bucket_data_redundancy_transition.GetBucketDataRedundancyTransitionRequest
    ) -> bucket_data_redundancy_transition.GetBucketDataRedundancyTransitionResult:
        return self.invoke(bucket_data_redundancy_transition.GET_BUCKET_DATA_REDUNDANCY_TRANSITION, request)

    def delete_bucket_data_redundancy_transition(
        self, request: bucket_data_redundancy_transition.DeleteBucketDataRedundancyTransitionRequest
    ) -> bucket_data_redundancy_transition.DeleteBucketDataRedundancyTransitionResult:
        return self.invoke(bucket_data_redundancy_transition.DELETE_BUCKET_DATA_REDUNDANCY_TRANSITION, request)

    def list_bucket_data_redundancy_transition(
        self, request: bucket_data_redundancy_transition.ListBucketDataRedundancyTransitionRequest
    ) -> bucket_data_redundancy_transition.ListBucketDataRedundancyTransitionResult:
        return self.invoke(bucket_data_redundancy_transition.LIST_BUCKET_DATA_REDUNDANCY_TRANSITION, request)

    def list_user_data_redundancy_transition(
        self, request: bucket_data_redundancy_transition.ListUserDataRedundancyTransitionRequest
    ) -> bucket_data_redundancy_transition.ListUserDataRedundancyTransitionResult:
        return self.invoke(bucket_data_redundancy_transition.LIST_USER_DATA_REDUNDANCY_TRANSITION, request)
