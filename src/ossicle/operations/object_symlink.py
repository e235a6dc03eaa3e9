"""Operations on symbolic links themselves; reading through one is reading an object."""

from ossicle.model.objects import Traits
from ossicle.operations.bucket_overwrite_config import is_overwrite_forbidden
from ossicle.operations.context import Context
from ossicle.operations.object_attributes import (
    judge_metadata,
    judge_version_id,
    quoted,
    refuse_callback,
    refuse_unserved,
    stored_headers,
    told_version_id,
)
from ossicle.operations.public_access_block import judge_object_acl
from ossicle.operations.registry import handles
from ossicle.services.links import Link
from ossicle.wire.api.object_symlink import (
    GET_SYMLINK,
    PUT_SYMLINK,
    GetSymlinkRequest,
    GetSymlinkResult,
    PutSymlinkRequest,
    PutSymlinkResult,
)
from ossicle.wire.errors import NotSymlink
from ossicle.wire.names import ObjectKey, ObjectType, StorageClass
from ossicle.wire.tags import parse_tags


@handles(PUT_SYMLINK)
async def put_symlink(context: Context, request: PutSymlinkRequest) -> PutSymlinkResult:
    """Make an object a link to another one."""
    refuse_unserved(context.headers)
    refuse_callback(context.headers, context.query)
    documents = await context.services.buckets.documents(context.bucket)
    link = Link(
        key=ObjectKey(request.key),
        target=request.target,
        headers=stored_headers(context.headers),
        traits=Traits(tags=parse_tags(request.tagging or "")),
        metadata=judge_metadata(request.metadata),
        acl=judge_object_acl(context, request.acl),
        storage_class=StorageClass(request.storage_class or context.bucket.storage_class),
        is_overwrite_forbidden=is_overwrite_forbidden(
            documents, context.principal, request.key, request.forbid_overwrite
        ),
    )
    version = await context.services.links.put(context.principal, context.bucket, link)
    return PutSymlinkResult(etag=quoted(version.etag), version_id=told_version_id(context.bucket, version))


@handles(GET_SYMLINK)
async def get_symlink(context: Context, request: GetSymlinkRequest) -> GetSymlinkResult:
    """Tell what a link names."""
    key, version_id = ObjectKey(request.key), judge_version_id(request.version_id)
    version = await context.services.objects.find(context.principal, context.bucket, key, version_id)
    if version.type is not ObjectType.SYMLINK:
        raise NotSymlink
    return GetSymlinkResult(
        target=version.traits.symlink_target,
        etag=quoted(version.etag),
        last_modified=version.last_modified,
        metadata=dict(version.metadata),
        version_id=told_version_id(context.bucket, version),
    )
