"""Operations on one object: put, get, head, delete."""

from dataclasses import replace
from typing import Any, Final

from ossicle.model.objects import ObjectVersion
from ossicle.operations.bucket_overwrite_config import is_overwrite_forbidden
from ossicle.operations.callback import call_back, judge_callback
from ossicle.operations.context import Context
from ossicle.operations.object_attributes import (
    RETENTION_HEADERS,
    judge_metadata,
    judge_traffic_limit,
    judge_version_id,
    object_headers,
    quoted,
    refuse_unserved,
    stored_headers,
    told_version_id,
)
from ossicle.operations.object_traits import encryption_headers, retained_traits_of
from ossicle.operations.public_access_block import judge_object_acl
from ossicle.operations.registry import handles
from ossicle.services.objects import Upload
from ossicle.services.pacing import PacedContent
from ossicle.wire.api.object_basic import (
    DELETE_OBJECT,
    GET_OBJECT,
    GET_OBJECT_META,
    HEAD_OBJECT,
    PUT_OBJECT,
    DeleteObjectRequest,
    DeleteObjectResult,
    GetObjectMetaRequest,
    GetObjectMetaResult,
    GetObjectRequest,
    GetObjectResult,
    HeadObjectRequest,
    HeadObjectResult,
    PutObjectRequest,
    PutObjectResult,
)
from ossicle.wire.conditions import Conditions, is_not_modified, is_range_current
from ossicle.wire.digest import render_md5
from ossicle.wire.errors import InvalidArgument, InvalidRequest
from ossicle.wire.names import ObjectKey, StorageClass
from ossicle.wire.ranges import ByteRange, resolve_range
from ossicle.wire.text import HEADER_CONTROL

_OVERRIDABLE: Final = tuple(
    (name, f"response_{name}")
    for name in (
        "cache_control", "content_disposition", "content_encoding", "content_language", "content_type", "expires",
    )
)  # fmt: skip


@handles(PUT_OBJECT)
async def put_object(context: Context, request: PutObjectRequest) -> PutObjectResult:
    """Store an object. Everything that can be judged without the body is judged before the body is asked for."""
    refuse_unserved(context.headers, ignored=RETENTION_HEADERS)
    callback = await judge_callback(context)
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
        is_overwrite_forbidden=is_overwrite_forbidden(
            documents, context.principal, request.key, request.forbid_overwrite
        ),
        traits=retained_traits_of(request, context, documents),
    )
    version = await context.services.objects.put(
        context.principal, context.bucket, upload, context.paced(context.body, limit)
    )
    result = PutObjectResult(
        content_md5=None if version.content_md5 is None else render_md5(version.content_md5),
        etag=quoted(version.etag),
        hash_crc64=str(version.crc64),
        version_id=told_version_id(context.bucket, version),
        **encryption_headers(version),
    )
    if callback is None:
        return result
    return replace(result, callback_result=await call_back(context, callback, version, PUT_OBJECT))


@handles(GET_OBJECT)
async def get_object(context: Context, request: GetObjectRequest) -> GetObjectResult[object]:
    """Read an object, whole or in part."""
    limit = judge_traffic_limit(request.traffic_limit, context.query)
    overrides = _overrides(context, request)
    version_id = judge_version_id(request.version_id)
    key, if_range = ObjectKey(request.key), context.headers.text(b"if-range")
    opened = await context.services.objects.open(
        context.principal, context.bucket, key, lambda version: _choose(request, if_range, version), version_id
    )
    version, part = opened.version, opened.part
    if part is None:
        return GetObjectResult(
            status_code=304,
            etag=quoted(version.etag),
            last_modified=version.last_modified,
            version_id=told_version_id(context.bucket, version),
        )
    result: GetObjectResult[object] = GetObjectResult(
        **object_headers(context, version),
        status_code=206 if part.is_partial else None,
        content_length=part.length,
        content_range=part.content_range(version.size) if part.is_partial else None,
        body=await opened.body()
        if limit is None
        else PacedContent(opened.content, context.services.pacing.pace(limit)),
    )
    return replace(result, **overrides) if overrides else result


@handles(HEAD_OBJECT)
async def head_object(context: Context, request: HeadObjectRequest) -> HeadObjectResult:
    """Tell an object's headers."""
    version_id = judge_version_id(request.version_id)
    version = await context.services.objects.look_at(
        context.principal, context.bucket, ObjectKey(request.key), version_id
    )
    if _is_not_modified(request, version):
        return HeadObjectResult(
            status_code=304,
            etag=quoted(version.etag),
            last_modified=version.last_modified,
            version_id=told_version_id(context.bucket, version),
        )
    return HeadObjectResult(**object_headers(context, version), content_length=version.size)


@handles(GET_OBJECT_META)
async def get_object_meta(context: Context, request: GetObjectMetaRequest) -> GetObjectMetaResult:
    """Tell an object's size, ETag and time; of a link its own."""
    version_id = judge_version_id(request.version_id)
    version = await context.services.objects.find(context.principal, context.bucket, ObjectKey(request.key), version_id)
    return GetObjectMetaResult(
        content_length=version.size,
        etag=quoted(version.etag),
        last_modified=version.last_modified,
        hash_crc64=str(version.crc64),
        version_id=told_version_id(context.bucket, version),
    )


async def _find(context: Context, request: HeadObjectRequest | GetObjectMetaRequest) -> ObjectVersion:
    version_id = judge_version_id(request.version_id)
    return await context.services.objects.find(context.principal, context.bucket, ObjectKey(request.key), version_id)


def _choose(request: GetObjectRequest, if_range: str | None, version: ObjectVersion) -> ByteRange | None:
    """Return the part of a version that is to be sent; None when the answer is 304."""
    if _is_not_modified(request, version):
        return None
    is_current = is_range_current(if_range, etag=version.etag, last_modified=version.last_modified)
    asked = request.range_header if is_current else None
    return resolve_range(asked, version.size, is_standard=request.range_behavior == "standard")


def _is_not_modified(request: GetObjectRequest | HeadObjectRequest, version: ObjectVersion) -> bool:
    conditions = Conditions(
        if_match=request.if_match,
        if_none_match=request.if_none_match,
        if_modified_since=request.if_modified_since,
        if_unmodified_since=request.if_unmodified_since,
    )
    return is_not_modified(conditions, etag=version.etag, last_modified=version.last_modified)


def _overrides(context: Context, request: GetObjectRequest) -> dict[str, Any]:
    """Return the headers that the request replaces in the answer.

    Raises:
        InvalidRequest: the caller is anonymous, to whom OSS does not grant this.
        InvalidArgument: a value holds what no header can, a line end for one.
    """
    given = {name: value for name, attribute in _OVERRIDABLE if (value := getattr(request, attribute))}
    if given and context.principal.account is None:
        raise InvalidRequest("Request specific response headers cannot be used for anonymous GET requests.")
    for name, value in given.items():
        if HEADER_CONTROL.search(value):
            raise InvalidArgument(argument_name=f"response-{name.replace('_', '-')}", argument_value=value)
    return given


@handles(DELETE_OBJECT)
async def delete_object(context: Context, request: DeleteObjectRequest) -> DeleteObjectResult:
    """Delete an object, or remove one version of it; what is not there is deleted as well."""
    version_id = judge_version_id(request.version_id)
    named = ((ObjectKey(request.key), version_id),)
    (deleted,) = await context.services.objects.delete(
        context.principal, context.bucket, named, is_bypassing=request.bypass_governance_retention or False
    )
    if deleted.refusal is not None:
        raise deleted.refusal
    # OSS: what is answered for an id that the key has no version of is unverified.
    marker = deleted.removed if version_id is not None else deleted.marker
    is_marker = marker is not None and marker.is_delete_marker
    told = version_id if marker is None else told_version_id(context.bucket, marker)
    return DeleteObjectResult(
        version_id=None if context.bucket.versioning is None else told, delete_marker=is_marker or None
    )
