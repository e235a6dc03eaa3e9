"""What several operations on objects share: the attributes a request gives an object, and how an answer tells them."""

import re
from collections.abc import Container, Mapping
from typing import Any, Final

from ossicle.model.objects import NO_TRAITS, Bucket, ObjectVersion, StoredHeaders
from ossicle.operations.context import Context
from ossicle.operations.object_traits import trait_headers
from ossicle.wire import errors
from ossicle.wire.digest import render_md5
from ossicle.wire.errors import InvalidArgument
from ossicle.wire.http import Headers, Query
from ossicle.wire.names import NULL_VERSION, ObjectKey, ObjectType, VersionId
from ossicle.wire.text import encode, percent_encode
from ossicle.wire.values import parse_integer

DEFAULT_CONTENT_TYPE: Final = "application/octet-stream"
_METADATA_BYTES_MAX: Final = 8 * 1024
_METADATA_NAME: Final = re.compile(r"[A-Za-z0-9-]+")
_TRAFFIC_LIMIT: Final = "x-oss-traffic-limit"
_TRAFFIC_LIMITS: Final = range(245_760, 838_860_801)
_VERSION_ID: Final = re.compile(r"[A-Za-z0-9+/=_-]{24,128}")
_ENCRYPTION_HEADERS: Final = (
    b"x-oss-server-side-encryption",
    b"x-oss-server-side-encryption-key-id",
    b"x-oss-server-side-data-encryption",
)
CONDITIONS: Final = (b"if-match", b"if-none-match", b"if-modified-since", b"if-unmodified-since")
RETENTION_HEADERS: Final = (
    b"x-oss-object-worm-mode",
    b"x-oss-object-worm-retain-until-date",
    b"x-oss-object-worm-legal-hold",
)
_UNSERVED_HEADERS: Final = (*CONDITIONS, b"x-oss-persistent-headers", *RETENTION_HEADERS)
_CALLBACK_HEADERS: Final = (b"x-oss-callback", b"x-oss-callback-var")
_CALLBACK_PARAMETERS: Final = ("callback", "callback-var")


def refuse_unserved(headers: Headers, *, ignored: Container[bytes] = ()) -> None:
    """Refuse by name what would change the meaning of the upload and is not served; silence would be a broken promise.

    Args:
        headers: of the request.
        ignored: names of headers that mean nothing in this operation.
    """
    for name in _UNSERVED_HEADERS:
        if name in headers and name not in ignored:
            raise errors.NotImplemented(status=400, header=name.decode())


def refuse_callback(headers: Headers, query: Query) -> None:
    """Refuse a callback where OSS makes none: nobody would be called, and nobody told of it."""
    for name in _CALLBACK_HEADERS:
        if name in headers:
            raise errors.NotImplemented(status=400, header=name.decode())
    for parameter in _CALLBACK_PARAMETERS:
        if parameter in query:
            raise errors.NotImplemented(status=400, header=parameter)


def judge_traffic_limit(limit: int | None, query: Query) -> int | None:
    """Return the limit of the header or of the query in bits per second; None for none.

    Raises:
        InvalidArgument: it is given twice, or out of range.
    """
    in_query = query.get(_TRAFFIC_LIMIT)
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
    return limit


def judge_metadata(metadata: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    """Return user metadata as it is stored.

    Raises:
        InvalidArgument: it is larger than 8 KiB, or a name is not made of letters, digits and hyphens.
    """
    metadata = metadata or {}
    # OSS: the code for metadata that breaks a rule is unverified.
    if sum(len(encode(name)) + len(encode(value)) for name, value in metadata.items()) > _METADATA_BYTES_MAX:
        raise InvalidArgument("User metadata is larger than 8 KB.", argument_name="x-oss-meta-")
    for name in metadata:
        if _METADATA_NAME.fullmatch(name) is None:
            raise InvalidArgument(argument_name=f"x-oss-meta-{name}")
    return tuple(metadata.items())


def stored_headers(headers: Headers) -> StoredHeaders:
    """Return the headers of a request that a download of the object returns."""
    return StoredHeaders(
        content_type=headers.text(b"content-type"),
        cache_control=headers.text(b"cache-control"),
        content_disposition=headers.text(b"content-disposition"),
        content_encoding=headers.text(b"content-encoding"),
        content_language=headers.text(b"content-language"),
        expires=headers.text(b"expires"),
    )


def refuse_encryption(headers: Headers) -> None:
    """Refuse what belongs to the initiation of a multipart upload and stands in a later request."""
    for name in _ENCRYPTION_HEADERS:
        if name in headers:
            raise InvalidArgument(argument_name=name.decode(), argument_value=headers.text(name))


def object_headers(context: Context, version: ObjectVersion) -> dict[str, Any]:
    """Return what GetObject and HeadObject tell of a version, by field."""
    headers = version.headers
    told = {
        "content_type": headers.content_type or DEFAULT_CONTENT_TYPE,
        "cache_control": headers.cache_control,
        "content_disposition": headers.content_disposition,
        "content_encoding": headers.content_encoding,
        "content_language": headers.content_language,
        "expires": headers.expires,
        "etag": quoted(version.etag),
        "last_modified": version.last_modified,
        "content_md5": None if version.content_md5 is None else render_md5(version.content_md5),
        "metadata": dict(version.metadata),
        "hash_crc64": str(version.crc64),
        "storage_class": version.storage_class,
        "object_type": version.type,
        "next_append_position": version.size if version.type is ObjectType.APPENDABLE else None,
        "accept_ranges": "bytes",
        "version_id": told_version_id(context.bucket, version),
    }
    if version.traits is not NO_TRAITS:
        told |= trait_headers(version, context.clock())
    return told


def judge_version_id(given: str | None) -> VersionId | None:
    """Return the version id that a request names; None where it names none.

    Raises:
        InvalidArgument: empty, or not of the shape of an id.
    """
    if given is None or given == NULL_VERSION:
        return None if given is None else NULL_VERSION
    if given == "":
        raise InvalidArgument("Version id can not be the empty string.", argument_name="versionId", argument_value="")
    if _VERSION_ID.fullmatch(given) is None:
        raise InvalidArgument("Invalid version id specified.", argument_name="versionId", argument_value=given)
    return VersionId(given)


def told_version_id(bucket: Bucket, version: ObjectVersion) -> VersionId | None:
    """Return the id of a version as answers tell it: not at all in a bucket that never had versions."""
    return None if bucket.versioning is None and version.rank == 0 else version.version_id


def quoted(etag: str) -> str:
    """Return an ETag as headers and documents write it."""
    return f'"{etag}"'


def object_address(context: Context, key: ObjectKey) -> str:
    """Return the address of the object, in the style in which this request addressed it."""
    scheme, _, endpoint = context.site.extranet_endpoint.partition("://")
    bucket, path = context.bucket.name, percent_encode(encode(key))
    is_in_host = (context.headers.text(b"host") or "").startswith(f"{bucket}.")
    return f"{scheme}://{bucket}.{endpoint}/{path}" if is_in_host else f"{scheme}://{endpoint}/{bucket}/{path}"
