"""Operations on the public access block of a bucket and of an account, and what ACLs may still be set."""

from typing import Final

from ossicle.operations.context import Context
from ossicle.operations.registry import handles
from ossicle.operations.settings import Rules, serve
from ossicle.wire.api.public_access_block import (
    DELETE_BUCKET_PUBLIC_ACCESS_BLOCK,
    DELETE_PUBLIC_ACCESS_BLOCK,
    GET_BUCKET_PUBLIC_ACCESS_BLOCK,
    GET_PUBLIC_ACCESS_BLOCK,
    PUBLIC_ACCESS_BLOCK,
    PUT_BUCKET_PUBLIC_ACCESS_BLOCK,
    PUT_PUBLIC_ACCESS_BLOCK,
    DeletePublicAccessBlockRequest,
    DeletePublicAccessBlockResult,
    GetPublicAccessBlockRequest,
    GetPublicAccessBlockResult,
    PublicAccessBlockConfiguration,
    PutPublicAccessBlockRequest,
    PutPublicAccessBlockResult,
)
from ossicle.wire.errors import AccessDenied, MalformedXML
from ossicle.wire.names import BucketAcl, ObjectAcl

_OPEN: Final = PublicAccessBlockConfiguration(block_public_access=False)
_PUBLIC: Final = frozenset({"public-read", "public-read-write"})


def _judge(configuration: PublicAccessBlockConfiguration) -> PublicAccessBlockConfiguration:
    """A document without its one element is refused: a misspelled name would open what somebody means to close."""
    if configuration.block_public_access is None:
        raise MalformedXML(ec=PUT_PUBLIC_ACCESS_BLOCK.malformed_ec)
    return configuration


@handles(PUT_PUBLIC_ACCESS_BLOCK)
async def put_public_access_block(context: Context, request: PutPublicAccessBlockRequest) -> PutPublicAccessBlockResult:
    """Block public access to all buckets of the account, or no more."""
    configuration = request.public_access_block_configuration
    if configuration is None:
        raise MalformedXML(ec=PUT_PUBLIC_ACCESS_BLOCK.malformed_ec)
    await context.services.buckets.put_account_setting(context.account, PUBLIC_ACCESS_BLOCK, _judge(configuration))
    return PutPublicAccessBlockResult()


@handles(GET_PUBLIC_ACCESS_BLOCK)
async def get_public_access_block(context: Context, _: GetPublicAccessBlockRequest) -> GetPublicAccessBlockResult:
    """Tell whether public access to all buckets of the account is blocked."""
    configuration = await context.services.buckets.account_setting(context.account, PUBLIC_ACCESS_BLOCK)
    return GetPublicAccessBlockResult(public_access_block_configuration=configuration or _OPEN)


@handles(DELETE_PUBLIC_ACCESS_BLOCK)
async def delete_public_access_block(
    context: Context, _: DeletePublicAccessBlockRequest
) -> DeletePublicAccessBlockResult:
    """Block public access to the account's buckets no more."""
    await context.services.buckets.delete_account_setting(context.account, PUBLIC_ACCESS_BLOCK)
    return DeletePublicAccessBlockResult()


async def judge_bucket_acl(context: Context, acl: BucketAcl | str | None) -> BucketAcl | None:
    """Return the ACL that a bucket is to have; None where none is asked for.

    Raises:
        AccessDenied: it is a public one, and public access is blocked.
    """
    if acl is None:
        return None
    if acl in _PUBLIC and await _is_blocked(context):
        # OSS: the text and the next one are unverified.
        raise AccessDenied("Put public bucket acl is not allowed")
    return BucketAcl(acl)


async def _is_blocked(context: Context) -> bool:
    if context.bucket_row is not None:
        return context.bucket_row.blocks_public_access
    block = await context.services.buckets.account_setting(context.account, PUBLIC_ACCESS_BLOCK)
    return block is not None and block.block_public_access is True


def judge_object_acl(context: Context, acl: ObjectAcl | str | None) -> ObjectAcl:
    """Return the ACL that an object is to have; none asked for is the bucket's.

    Raises:
        AccessDenied: it is a public one, and public access is blocked.
    """
    if acl in _PUBLIC and context.bucket.blocks_public_access:
        raise AccessDenied("Put public object acl is not allowed")
    return ObjectAcl(acl or ObjectAcl.DEFAULT)


serve(
    Rules(setting=PUBLIC_ACCESS_BLOCK, field="public_access_block_configuration", judge=_judge, default=_OPEN),
    PUT_BUCKET_PUBLIC_ACCESS_BLOCK,
    GET_BUCKET_PUBLIC_ACCESS_BLOCK,
    DELETE_BUCKET_PUBLIC_ACCESS_BLOCK,
)
