"""Operations on the tags of an object."""

from collections.abc import Callable
from dataclasses import replace

from ossicle.model.objects import ObjectVersion
from ossicle.operations.context import Context
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
from ossicle.wire.names import ObjectKey
from ossicle.wire.tags import Tags, judge_tags


@handles(PUT_OBJECT_TAGGING)
async def put_object_tagging(context: Context, request: PutObjectTaggingRequest) -> PutObjectTaggingResult:
    """Replace the tags of an object."""
    if request.tagging is None or request.tagging.tag_set is None:
        raise MalformedXML(ec=PUT_OBJECT_TAGGING.malformed_ec)
    tags = judge_tags((tag.key or "", tag.value or "") for tag in request.tagging.tag_set.tags)
    await context.attributes.change(context.principal, context.bucket, ObjectKey(request.key), _tagging(tags))
    return PutObjectTaggingResult()


@handles(GET_OBJECT_TAGGING)
async def get_object_tagging(context: Context, request: GetObjectTaggingRequest) -> GetObjectTaggingResult:
    """Tell the tags of an object."""
    version = await context.objects.find(context.principal, context.bucket, ObjectKey(request.key))
    tags = tuple(Tag(key=key, value=value) for key, value in version.traits.tags)
    return GetObjectTaggingResult(tag_set=TagSet(tags=tags))


@handles(DELETE_OBJECT_TAGGING)
async def delete_object_tagging(context: Context, request: DeleteObjectTaggingRequest) -> DeleteObjectTaggingResult:
    """Remove the tags of an object."""
    await context.attributes.change(context.principal, context.bucket, ObjectKey(request.key), _tagging(()))
    return DeleteObjectTaggingResult()


def _tagging(tags: Tags) -> Callable[[ObjectVersion], ObjectVersion]:
    return lambda version: replace(version, traits=replace(version.traits, tags=tags))
