"""Operations on the ACL of a bucket."""

from ossicle.operations.context import Context
from ossicle.operations.public_access_block import judge_bucket_acl
from ossicle.operations.registry import handles
from ossicle.services.buckets import BucketProperties
from ossicle.wire.api.bucket_acl import (
    GET_BUCKET_ACL,
    PUT_BUCKET_ACL,
    GetBucketAclRequest,
    GetBucketAclResult,
    PutBucketAclRequest,
    PutBucketAclResult,
)
from ossicle.wire.api.service import Owner
from ossicle.wire.names import parse_bucket_name


@handles(PUT_BUCKET_ACL)
async def put_bucket_acl(context: Context, request: PutBucketAclRequest) -> PutBucketAclResult:
    """Set the ACL, if one is given, of the caller's bucket; make a bucket that is not there, as OSS does."""
    properties = BucketProperties(acl=await judge_bucket_acl(context, request.acl))
    await context.services.buckets.put(parse_bucket_name(request.bucket), context.account, properties)
    return PutBucketAclResult(location=f"/{request.bucket}")


@handles(GET_BUCKET_ACL)
async def get_bucket_acl(context: Context, _: GetBucketAclRequest) -> GetBucketAclResult:
    """Tell the ACL."""
    owner = context.bucket.owner
    return GetBucketAclResult(owner=Owner(id=owner, display_name=owner), acl=context.bucket.acl)
