"""Operations on one object: put, get, head, delete."""

import base64
import re
from dataclasses import replace
from typing import Any, Final

from ossicle.model.objects import ObjectVersion, StoredHeaders
from ossicle.operations.context import Context
from ossicle.operations.registry import handles
from ossicle.services.objects import Upload
from ossicle.wire import errors
from ossicle.wire.api.object_basic import (
    DELETE_OBJECT,
    GET_OBJECT,
    HEAD_OBJECT,
    PUT_OBJECT,
    DeleteObjectRequest,
    DeleteObjectResult,
    GetObjectRequest,
    GetObjectResult,
    HeadObjectRequest,
    HeadObjectResult,
    PutObjectRequest,
    PutObjectResult,
)
from ossicle.wire.conditions import Conditions, is_not_modified, is_range_current
from ossicle.wire.errors import InvalidArgument, InvalidRequest, NoSuchVersion
from ossicle.wire.http import Headers, Query
from ossicle.wire.names import NULL_VERSION, ObjectAcl, ObjectKey, StorageClass
from ossicle.wire.ranges import resolve_range
from ossicle.wire.text import encode
from ossicle.wire.values import parse_integer

DEFAULT_CONTENT_TYPE: Final = "application/octet-stream"
_METADATA_BYTES_MAX: Final = 8 * 1024
_METADATA_NAME: Final = re.compile(r"[A-Za-z0-9-]+")
_TRAFFIC_LIMIT: Final = "x-oss-traffic-limit"
_TRAFFIC_LIMITS: Final = range(245_760, 838_860_801)
_CONTROL: Final = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
_VERSION_ID: Final = re.compile(r"[A-Za-z0-9+/=_-]{24,128}")
_UNSERVED_HEADERS: Final = (
    b"if-match", b"if-none-match", b"if-modified-since", b"if-unmodified-since", b"x-oss-callback", b"x-oss-callback-var",
    b"x-oss-tagging", b"x-oss-server-side-encryption", b"x-oss-server-side-encryption-key-id",
    b"x-oss-server-side-data-encryption", b"x-oss-persistent-headers", b"x-oss-object-worm-mode",
    b"x-oss-object-worm-retain-until-date", b"x-oss-object-worm-legal-hold",
)  # fmt: skip
_UNSERVED_PARAMETERS: Final = ("callback", "callback-var")


@handles(PUT_OBJECT)
async def put_object(context: Context, request: PutObjectRequest) -> PutObjectResult:
    """Store an object. Everything that can be judged without the body is judged before the body is asked for."""
    _refuse_unserved(context.headers, context.query)
    _judge_traffic_limit(context, request)
    upload = Upload(
        key=ObjectKey(request.key),
        headers=_stored_headers(request),
        metadata=_judge_metadata(request.metadata or {}),
        acl=ObjectAcl(request.acl or ObjectAcl.DEFAULT),
        storage_class=StorageClass(request.storage_class or context.bucket.storage_class),
        content_md5=request.content_md5,
        crc64=request.hash_crc64,
        is_overwrite_forbidden=request.forbid_overwrite or False,
    )
    version = await context.objects.put(context.principal, context.bucket, upload, context.body)
    return PutObjectResult(
        content_md5=_base64(version.content_md5), etag=f'"{version.etag}"', hash_crc64=str(version.crc64)
    )


def _refuse_unserved(headers: Headers, query: Query) -> None:
    """Refuse by name what would change the meaning of the upload and is not served; silence would be a broken promise."""
    for name in _UNSERVED_HEADERS:
        if name in headers:
            raise errors.NotImplemented(status=400, header=name.decode())
    for parameter in _UNSERVED_PARAMETERS:
        if parameter in query:
            raise errors.NotImplemented(status=400, header=parameter)


def _judge_traffic_limit(context: Context, request: PutObjectRequest | GetObjectRequest) -> None:
    # The limit is judged, and then left to the network: bandwidth is the operator's.
    limit, in_query = request.traffic_limit, context.query.get(_TRAFFIC_LIMIT)
    if limit is not None and in_query is not None:
        message = f"{_TRAFFIC_LIMIT} should be specified either in query string or header, not both."
        raise InvalidArgument(message, argument_name=_TRAFFIC_LIMIT)
    if in_query is not None:
        try:
            limit = parse_integer(in_query)
        except ValueError as error:
            raise InvalidArgument(argument_name=_TRAFFIC_LIMIT, argument_value=in_query) from error
    if limit is not None and limit not in _TRAFFIC_LIMITS:
        message = (
            f"{_TRAFFIC_LIMIT} is invalid, should be specified between {_TRAFFIC_LIMITS[0]} and {_TRAFFIC_LIMITS[-1]}."
        )
        raise InvalidArgument(message, argument_name=_TRAFFIC_LIMIT, argument_value=str(limit))


def _judge_metadata(metadata: dict[str, str]) -> tuple[tuple[str, str], ...]:
    # OSS: the code for metadata that breaks a rule is unverified.
    if sum(len(encode(name)) + len(encode(value)) for name, value in metadata.items()) > _METADATA_BYTES_MAX:
        raise InvalidArgument("User metadata is larger than 8 KB.", argument_name="x-oss-meta-")
    for name in metadata:
        if _METADATA_NAME.fullmatch(name) is None:
            raise InvalidArgument(argument_name=f"x-oss-meta-{name}")
    return tuple(metadata.items())


def _stored_headers(request: PutObjectRequest) -> StoredHeaders:
    return StoredHeaders(
        content_type=request.content_type,
        cache_control=request.cache_control,
        content_disposition=request.content_disposition,
        content_encoding=request.content_encoding,
        content_language=request.content_language,
        expires=request.expires,
    )


@handles(GET_OBJECT)
async def get_object(context: Context, request: GetObjectRequest) -> GetObjectResult[object]:
    """Read an object, whole or in part."""
    _judge_traffic_limit(context, request)
    overrides = _overrides(context, request)
    _judge_version_id(request.version_id)
    opened = await context.objects.open(context.principal, context.bucket, ObjectKey(request.key))
    version = opened.version
    if is_not_modified(_conditions(request), etag=version.etag, last_modified=version.last_modified):
        return GetObjectResult(status_code=304, etag=f'"{version.etag}"', last_modified=version.last_modified)
    if_range = context.headers.text(b"if-range")
    is_current = is_range_current(if_range, etag=version.etag, last_modified=version.last_modified)
    asked = request.range_header if is_current else None
    part = resolve_range(asked, version.size, is_standard=request.range_behavior == "standard")
    result: GetObjectResult[object] = GetObjectResult(
        **_object_headers(version),
        status_code=206 if part.is_partial else None,
        content_length=part.length,
        content_range=part.content_range(version.size) if part.is_partial else None,
        body=await context.objects.read(opened, part),
    )
    return replace(result, **overrides) if overrides else result


@handles(HEAD_OBJECT)
async def head_object(context: Context, request: HeadObjectRequest) -> HeadObjectResult:
    """Tell an object's headers."""
    _judge_version_id(request.version_id)
    version = await context.objects.find(context.principal, context.bucket, ObjectKey(request.key))
    if is_not_modified(_conditions(request), etag=version.etag, last_modified=version.last_modified):
        return HeadObjectResult(status_code=304, etag=f'"{version.etag}"', last_modified=version.last_modified)
    return HeadObjectResult(**_object_headers(version), content_length=version.size)


def _conditions(request: GetObjectRequest | HeadObjectRequest) -> Conditions:
    return Conditions(
        if_match=request.if_match,
        if_none_match=request.if_none_match,
        if_modified_since=request.if_modified_since,
        if_unmodified_since=request.if_unmodified_since,
    )


def _overrides(context: Context, request: GetObjectRequest) -> dict[str, Any]:
    """Return the headers that the request replaces in the answer.

    Raises:
        InvalidRequest: the caller is anonymous, to whom OSS does not grant this.
        InvalidArgument: a value holds what no header can, a line end for one.
    """
    names = ("cache_control", "content_disposition", "content_encoding", "content_language", "content_type", "expires")
    given = {name: value for name in names if (value := getattr(request, f"response_{name}"))}
    if given and context.principal.account is None:
        raise InvalidRequest("Request specific response headers cannot be used for anonymous GET requests.")
    for name, value in given.items():
        if _CONTROL.search(value):
            raise InvalidArgument(argument_name=f"response-{name.replace('_', '-')}", argument_value=value)
    return given


def _object_headers(version: ObjectVersion) -> dict[str, Any]:
    headers = version.headers
    return {
        "content_type": headers.content_type or DEFAULT_CONTENT_TYPE,
        "cache_control": headers.cache_control,
        "content_disposition": headers.content_disposition,
        "content_encoding": headers.content_encoding,
        "content_language": headers.content_language,
        "expires": headers.expires,
        "etag": f'"{version.etag}"',
        "last_modified": version.last_modified,
        "content_md5": _base64(version.content_md5),
        "metadata": dict(version.metadata),
        "hash_crc64": str(version.crc64),
        "storage_class": version.storage_class,
        "object_type": version.type,
        "accept_ranges": "bytes",
    }


def _base64(raw: bytes | None) -> str | None:
    return None if raw is None else base64.b64encode(raw).decode("ascii")


@handles(DELETE_OBJECT)
async def delete_object(context: Context, request: DeleteObjectRequest) -> DeleteObjectResult:
    """Remove an object; of a version that never was nothing is removed."""
    # OSS: an id that no version of an unversioned bucket can have is answered 204 (unverified).
    if request.version_id in (None, NULL_VERSION):
        await context.objects.delete(context.principal, context.bucket, ObjectKey(request.key))
    return DeleteObjectResult()


def _judge_version_id(version_id: str | None) -> None:
    """Accept the only version there is without versioning, `null`.

    Raises:
        InvalidArgument: empty, or not of the shape of an id.
        NoSuchVersion: any other id.
    """
    if version_id is None or version_id == NULL_VERSION:
        return
    if version_id == "":
        raise InvalidArgument("Version id can not be the empty string.", argument_name="versionId", argument_value="")
    if _VERSION_ID.fullmatch(version_id) is None:
        raise InvalidArgument("Invalid version id specified.", argument_name="versionId", argument_value=version_id)
    raise NoSuchVersion
