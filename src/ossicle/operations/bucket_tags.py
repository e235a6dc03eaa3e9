"""Operations on the tags of a bucket, and whether a bucket has those that are asked for."""

from typing import Final

from ossicle.operations.context import Context
from ossicle.operations.registry import handles
from ossicle.operations.settings import Rules, serve
from ossicle.wire.api.bucket_tags import (
    BUCKET_TAGS,
    DELETE_BUCKET_TAGS,
    GET_BUCKET_TAGS,
    PUT_BUCKET_TAGS,
    DeleteBucketTagsRequest,
    DeleteBucketTagsResult,
)
from ossicle.wire.api.object_tagging import Tag, Tagging, TagSet
from ossicle.wire.errors import MalformedXML
from ossicle.wire.setting import Documents
from ossicle.wire.tags import Tags, judge_bucket_tags

_NONE: Final = Tagging(tag_set=TagSet())


def _judge(tagging: Tagging) -> Tagging:
    if tagging.tag_set is None:
        raise MalformedXML(ec=PUT_BUCKET_TAGS.malformed_ec)
    return _document(judge_bucket_tags((tag.key or "", tag.value or "") for tag in tagging.tag_set.tags))


def _document(tags: Tags) -> Tagging:
    return Tagging(tag_set=TagSet(tags=tuple(Tag(key=key, value=value) for key, value in tags)))


def tags_of(documents: Documents) -> dict[str, str]:
    """Return the tags of a bucket, values by key."""
    tagging = documents.get(BUCKET_TAGS)
    tags = tagging.tag_set.tags if tagging is not None and tagging.tag_set is not None else ()
    return {tag.key or "": tag.value or "" for tag in tags}


@handles(DELETE_BUCKET_TAGS)
async def delete_bucket_tags(context: Context, request: DeleteBucketTagsRequest) -> DeleteBucketTagsResult:
    """Remove all tags, or some by their keys."""
    buckets, removed = context.services.buckets, frozenset(request.tagging.split(","))

    def without(tagging: Tagging | None) -> Tagging | None:
        if tagging is None or tagging.tag_set is None:
            return None
        left = tuple(tag for tag in tagging.tag_set.tags if tag.key not in removed)
        return Tagging(tag_set=TagSet(tags=left)) if left else None

    if request.tagging:
        await buckets.change_setting(context.bucket, BUCKET_TAGS, without)
    else:
        await buckets.delete_setting(context.bucket, BUCKET_TAGS)
    return DeleteBucketTagsResult()


serve(Rules(setting=BUCKET_TAGS, field="tagging", judge=_judge, default=_NONE), PUT_BUCKET_TAGS, GET_BUCKET_TAGS)
