"""Operations on the ACL of an object."""

from dataclasses import replace

from ossicle.operations.context import Context
from ossicle.operations.object_attributes import judge_version_id, told_version_id
from ossicle.operations.public_access_block import judge_object_acl
from ossicle.operations.registry import handles
from ossicle.wire.api.object_acl import (
    GET_OBJECT_ACL,
    PUT_OBJECT_ACL,
    GetObjectAclRequest,
    GetObjectAclResult,
    PutObjectAclRequest,
    PutObjectAclResult,
)
from ossicle.wire.api.service import Owner
from ossicle.wire.names import ObjectAcl, ObjectKey
from ossicle.wire.values import scalar_codec


@handles(PUT_OBJECT_ACL)
async def put_object_acl(context: Context, request: PutObjectAclRequest) -> PutObjectAclResult:
    """Set the ACL of an object."""
    if request.acl is None:
        # OSS: no header and an empty one are documented to be refused alike, by their EC; the code is unverified.
        raise scalar_codec(ObjectAcl).refuse("x-oss-object-acl", "")
    acl = judge_object_acl(context, request.acl)
    version = await context.services.attributes.change(
        context.principal,
        context.bucket,
        ObjectKey(request.key),
        judge_version_id(request.version_id),
        lambda version: replace(version, acl=acl),
        method="PUT",
    )
    return PutObjectAclResult(version_id=told_version_id(context.bucket, version))


@handles(GET_OBJECT_ACL)
async def get_object_acl(context: Context, request: GetObjectAclRequest) -> GetObjectAclResult:
    """Tell the ACL of an object."""
    key, version_id = ObjectKey(request.key), judge_version_id(request.version_id)
    version = await context.services.objects.find(context.principal, context.bucket, key, version_id)
    owner = context.bucket.owner
    return GetObjectAclResult(
        owner=Owner(id=owner, display_name=owner),
        acl=version.acl,
        version_id=told_version_id(context.bucket, version),
    )
