"""Operations on a bucket's versioning, and the listing of its versions."""

from ossicle.model.objects import ListedVersion
from ossicle.operations.context import Context
from ossicle.operations.paging import judge_encoding_type, judge_page_size, judge_text
from ossicle.operations.registry import handles
from ossicle.wire.api.bucket import CommonPrefix
from ossicle.wire.api.bucket_versioning import (
    GET_BUCKET_VERSIONING,
    LIST_OBJECT_VERSIONS,
    PUT_BUCKET_VERSIONING,
    DeleteMarkerProperties,
    GetBucketVersioningRequest,
    GetBucketVersioningResult,
    ListObjectVersionsRequest,
    ListObjectVersionsResult,
    ObjectVersionProperties,
    PutBucketVersioningRequest,
    PutBucketVersioningResult,
)
from ossicle.wire.api.service import Owner
from ossicle.wire.errors import InvalidArgument, MalformedXML
from ossicle.wire.names import NULL_VERSION, ObjectKey, VersionId, Versioning
from ossicle.wire.version_ids import parse_rank

_ID_MARKER = "version-id-marker"


@handles(PUT_BUCKET_VERSIONING)
async def put_bucket_versioning(context: Context, request: PutBucketVersioningRequest) -> PutBucketVersioningResult:
    """Enable or suspend versions."""
    status = None if request.versioning_configuration is None else request.versioning_configuration.status
    if status is None:
        raise MalformedXML(ec=PUT_BUCKET_VERSIONING.malformed_ec)
    await context.services.buckets.put_versioning(context.bucket, Versioning(status))
    return PutBucketVersioningResult()


@handles(GET_BUCKET_VERSIONING)
async def get_bucket_versioning(context: Context, _: GetBucketVersioningRequest) -> GetBucketVersioningResult:
    """Tell whether writes make versions."""
    return GetBucketVersioningResult(version_status=context.bucket.versioning)


@handles(LIST_OBJECT_VERSIONS)
async def list_object_versions(context: Context, request: ListObjectVersionsRequest) -> ListObjectVersionsResult:
    """List one page of versions, delete markers and common prefixes behind the markers."""
    limit = judge_page_size(request.max_keys, "max-keys")
    judge_encoding_type(request.encoding_type)
    prefix, delimiter = judge_text(request.prefix, "prefix"), judge_text(request.delimiter, "delimiter")
    key_marker = judge_text(request.key_marker, "key-marker")
    id_marker = _judge_id_marker(request.version_id_marker, key_marker)
    page = await context.services.objects.list_versions(
        context.bucket,
        prefix=prefix,
        delimiter=delimiter,
        key_marker=ObjectKey(key_marker),
        id_marker=id_marker,
        limit=limit,
    )
    marker = page.next_marker
    last_id = None if marker is None else "" if marker.rank is None else page.versions[-1].version_id
    owner = Owner(id=context.bucket.owner, display_name=context.bucket.owner)
    return ListObjectVersionsResult(
        name=context.bucket.name,
        prefix=prefix,
        key_marker=key_marker,
        version_id_marker=id_marker or "",
        max_keys=limit,
        delimiter=delimiter,
        encoding_type=request.encoding_type or None,
        is_truncated=marker is not None,
        next_key_marker=None if marker is None else marker.key,
        next_version_id_marker=last_id,
        # OSS: elements of the two kinds stand mixed, in the order of the listing; clients read them as two lists.
        version=tuple(_version(listed, owner) for listed in page.versions if not listed.is_delete_marker),
        delete_marker=tuple(_marker(listed, owner) for listed in page.versions if listed.is_delete_marker),
        common_prefixes=tuple(CommonPrefix(prefix=name) for name in page.common_prefixes),
    )


def _judge_id_marker(given: str | None, key_marker: str) -> VersionId | None:
    """Return the version that the page is to follow, None for none.

    Raises:
        InvalidArgument: no listing gave this marker, or it is there without a key.
    """
    text = judge_text(given, _ID_MARKER)
    if not text:
        return None
    if not key_marker:
        message = "A version-id marker cannot be specified without a key marker."
        raise InvalidArgument(message, argument_name=_ID_MARKER, argument_value=text)
    if text != NULL_VERSION and parse_rank(text) is None:
        raise InvalidArgument("Invalid version id specified.", argument_name=_ID_MARKER, argument_value=text)
    return VersionId(text)


def _version(listed: ListedVersion, owner: Owner) -> ObjectVersionProperties:
    return ObjectVersionProperties(
        key=listed.key,
        version_id=listed.version_id,
        is_latest=listed.is_latest,
        last_modified=listed.last_modified,
        etag=f'"{listed.etag}"',
        object_type=listed.type,
        size=listed.size,
        storage_class=listed.storage_class,
        owner=owner,
    )


def _marker(listed: ListedVersion, owner: Owner) -> DeleteMarkerProperties:
    return DeleteMarkerProperties(
        key=listed.key,
        version_id=listed.version_id,
        is_latest=listed.is_latest,
        last_modified=listed.last_modified,
        owner=owner,
    )
