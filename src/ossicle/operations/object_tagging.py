"""Operations on the tags of an object."""

from dataclasses import replace

from ossicle.operations.context import Context
from ossicle.operations.object_attributes import judge_version_id, told_version_id
from ossicle.operations.registry import handles
from ossicle.wire.api.object_tagging import (
    DELETE_OBJECT_TAGGING,
    GET_OBJECT_TAGGING,
    PUT_OBJECT_TAGGING,
    DeleteObjectTaggingRequest,
    DeleteObjectTaggingResult,
    GetObjectTaggingRequest,
    GetObjectTaggingResult,
    PutObjectTaggingRequest,
    PutObjectTaggingResult,
    Tag,
    TagSet,
)
from ossicle.wire.errors import MalformedXML
from ossicle.wire.names import ObjectKey, VersionId
from ossicle.wire.tags import Tags, judge_tags


@handles(PUT_OBJECT_TAGGING)
async def put_object_tagging(context: Context, request: PutObjectTaggingRequest) -> PutObjectTaggingResult:
    """Replace the tags of an object."""
    if request.tagging is None or request.tagging.tag_set is None:
        raise MalformedXML(ec=PUT_OBJECT_TAGGING.malformed_ec)
    tags = judge_tags((tag.key or "", tag.value or "") for tag in request.tagging.tag_set.tags)
    return PutObjectTaggingResult(version_id=await _tag(context, request, tags))


@handles(GET_OBJECT_TAGGING)
async def get_object_tagging(context: Context, request: GetObjectTaggingRequest) -> GetObjectTaggingResult:
    """Tell the tags of an object."""
    version = await context.services.objects.find(
        context.principal, context.bucket, ObjectKey(request.key), judge_version_id(request.version_id)
    )
    tags = tuple(Tag(key=key, value=value) for key, value in version.traits.tags)
    return GetObjectTaggingResult(tag_set=TagSet(tags=tags), version_id=told_version_id(context.bucket, version))


@handles(DELETE_OBJECT_TAGGING)
async def delete_object_tagging(context: Context, request: DeleteObjectTaggingRequest) -> DeleteObjectTaggingResult:
    """Remove the tags of an object."""
    return DeleteObjectTaggingResult(version_id=await _tag(context, request, ()))


async def _tag(
    context: Context, request: PutObjectTaggingRequest | DeleteObjectTaggingRequest, tags: Tags
) -> VersionId | None:
    version = await context.services.attributes.change(
        context.principal,
        context.bucket,
        ObjectKey(request.key),
        judge_version_id(request.version_id),
        lambda version: replace(version, traits=replace(version.traits, tags=tags)),
        method="PUT" if tags else "DELETE",
    )
    return told_version_id(context.bucket, version)
