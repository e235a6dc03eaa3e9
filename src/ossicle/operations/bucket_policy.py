"""Operations on the policy of a bucket: who else may do what there. It counts for every request, see `services.judgement`."""

from ossicle.model.policy import BucketRules, Policy, PolicyError, is_public, parse_bucket_policy
from ossicle.operations.context import Context
from ossicle.operations.registry import handles
from ossicle.wire.api.bucket_policy import (
    DELETE_BUCKET_POLICY,
    GET_BUCKET_POLICY,
    GET_BUCKET_POLICY_STATUS,
    KIND,
    PUT_BUCKET_POLICY,
    DeleteBucketPolicyRequest,
    DeleteBucketPolicyResult,
    GetBucketPolicyRequest,
    GetBucketPolicyResult,
    GetBucketPolicyStatusRequest,
    GetBucketPolicyStatusResult,
    PolicyStatus,
    PutBucketPolicyRequest,
    PutBucketPolicyResult,
)
from ossicle.wire.errors import AccessDenied, InvalidPolicyDocument, NoSuchBucketPolicy
from ossicle.wire.text import encode


@handles(PUT_BUCKET_POLICY)
async def put_bucket_policy(context: Context, request: PutBucketPolicyRequest) -> PutBucketPolicyResult:
    """Replace the policy."""
    body = request.body or b""
    raw = encode(body) if isinstance(body, str) else body
    policy = _parse(context, raw)
    if context.bucket.blocks_public_access and is_public(policy):
        # OSS: the text is unverified.
        raise AccessDenied("Put public bucket policy is not allowed")
    await context.services.buckets.put_text(context.bucket, KIND, raw)
    return PutBucketPolicyResult()


@handles(GET_BUCKET_POLICY)
async def get_bucket_policy(context: Context, _: GetBucketPolicyRequest) -> GetBucketPolicyResult:
    """Tell the policy."""
    raw = await context.services.buckets.text(context.bucket, KIND)
    if raw is None:
        raise NoSuchBucketPolicy(bucket_name=context.bucket.name)
    return GetBucketPolicyResult(body=raw)


@handles(DELETE_BUCKET_POLICY)
async def delete_bucket_policy(context: Context, _: DeleteBucketPolicyRequest) -> DeleteBucketPolicyResult:
    """Remove the policy."""
    await context.services.buckets.delete_text(context.bucket, KIND)
    return DeleteBucketPolicyResult()


@handles(GET_BUCKET_POLICY_STATUS)
async def get_bucket_policy_status(context: Context, _: GetBucketPolicyStatusRequest) -> GetBucketPolicyStatusResult:
    """Tell whether the policy lets everybody in."""
    raw = await context.services.buckets.text(context.bucket, KIND)
    answer = raw is not None and is_public(_parse(context, raw))
    return GetBucketPolicyStatusResult(policy_status=PolicyStatus(is_public=answer))


def _parse(context: Context, raw: bytes) -> Policy:
    try:
        return parse_bucket_policy(raw, BucketRules(bucket=context.bucket.name, owner=context.bucket.owner))
    except PolicyError as error:
        raise InvalidPolicyDocument(f"Invalid Policy: {error}") from error
