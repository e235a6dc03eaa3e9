"""Operations on appendable objects."""

from ossicle.operations.context import Context
from ossicle.operations.object_attributes import (
    judge_metadata,
    judge_traffic_limit,
    quoted,
    refuse_callback,
    refuse_unserved,
    stored_headers,
    told_version_id,
)
from ossicle.operations.object_traits import encryption_headers, traits_of
from ossicle.operations.public_access_block import judge_object_acl
from ossicle.operations.registry import handles
from ossicle.services.appends import Append
from ossicle.services.objects import Upload
from ossicle.wire.api.object_append import (
    APPEND_OBJECT,
    SEAL_APPEND_OBJECT,
    AppendObjectRequest,
    AppendObjectResult,
    SealAppendObjectRequest,
    SealAppendObjectResult,
)
from ossicle.wire.errors import InvalidArgument
from ossicle.wire.names import ObjectKey, StorageClass


@handles(APPEND_OBJECT)
async def append_object(context: Context, request: AppendObjectRequest) -> AppendObjectResult:
    """Add bytes to an object. Its position is judged before the body is asked for."""
    refuse_unserved(context.headers)
    refuse_callback(context.headers, context.query)
    limit = judge_traffic_limit(request.traffic_limit, context.query)
    documents = await context.services.buckets.documents(context.bucket)
    upload = Upload(
        key=ObjectKey(request.key),
        headers=stored_headers(context.headers),
        metadata=judge_metadata(request.metadata),
        acl=judge_object_acl(context, request.acl),
        storage_class=StorageClass(request.storage_class or context.bucket.storage_class),
        content_md5=request.content_md5,
        crc64=request.hash_crc64,
        # Rules forbid to replace an object; adding to it replaces nothing.
        is_overwrite_forbidden=request.forbid_overwrite or False,
        traits=traits_of(request, documents),
    )
    append = Append(upload=upload, position=_judge_position(request.position))
    body = context.paced(context.body, limit)
    version = await context.services.appends.append(context.principal, context.bucket, append, body)
    return AppendObjectResult(
        next_position=version.size,
        hash_crc64=str(version.crc64),
        etag=quoted(version.etag),
        version_id=told_version_id(context.bucket, version),
        **encryption_headers(version),
    )


@handles(SEAL_APPEND_OBJECT)
async def seal_append_object(context: Context, request: SealAppendObjectRequest) -> SealAppendObjectResult:
    """Let no more bytes be added to an object."""
    position = _judge_position(request.position)
    version = await context.services.appends.seal(context.principal, context.bucket, ObjectKey(request.key), position)
    return SealAppendObjectResult(sealed_time=version.traits.sealed_at)


def _judge_position(position: int) -> int:
    if position < 0:
        raise InvalidArgument(argument_name="position", argument_value=str(position))
    return position
