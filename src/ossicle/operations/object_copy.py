"""Operations that make an object, or a part of one, of bytes that are there already."""

import re
from typing import Final

from ossicle.model.objects import ObjectVersion, Traits
from ossicle.operations.bucket_overwrite_config import is_overwrite_forbidden
from ossicle.operations.context import Context
from ossicle.operations.multipart import judge_part_number
from ossicle.operations.object_attributes import (
    CONDITIONS,
    RETENTION_HEADERS,
    judge_metadata,
    judge_traffic_limit,
    judge_version_id,
    quoted,
    refuse_callback,
    refuse_encryption,
    refuse_unserved,
    stored_headers,
    told_version_id,
)
from ossicle.operations.object_traits import encryption_headers, retained_traits_of
from ossicle.operations.public_access_block import judge_object_acl
from ossicle.operations.registry import handles
from ossicle.services.copies import Attributes, Copy, PartCopy, Source
from ossicle.services.payment import is_charged
from ossicle.services.uploads import EC_OF_COPIED_PART, UploadAddress
from ossicle.wire.api.multipart import UPLOAD_PART_COPY, UploadPartCopyRequest, UploadPartCopyResult
from ossicle.wire.api.object_copy import COPY_OBJECT, CopyObjectRequest, CopyObjectResult
from ossicle.wire.conditions import Conditions, is_not_modified
from ossicle.wire.errors import InvalidArgument, NoSuchBucket
from ossicle.wire.names import ObjectKey, StorageClass, parse_bucket_name
from ossicle.wire.ranges import ByteRange, resolve_range

_DIRECTIVE: Final = "x-oss-metadata-directive"
_TAGGING_DIRECTIVE: Final = "x-oss-tagging-directive"
_RANGE_HEADER: Final = "x-oss-copy-source-range"
_RANGE: Final = re.compile(r"bytes=\d+-\d+", re.ASCII)


@handles(COPY_OBJECT)
async def copy_object(context: Context, request: CopyObjectRequest) -> CopyObjectResult:
    """Copy an object, with its headers and metadata or with others."""
    # ali-oss sends its conditions on the source under these names, too.
    refuse_unserved(context.headers, ignored=(*CONDITIONS, *RETENTION_HEADERS))
    refuse_callback(context.headers, context.query)
    judge_traffic_limit(
        request.traffic_limit, context.query
    )  # and no more: no bytes of a copy leave or enter the server
    key, metadata = ObjectKey(request.key), judge_metadata(request.metadata)
    documents = await context.services.buckets.documents(context.bucket)
    acl, traits = judge_object_acl(context, request.acl), retained_traits_of(request, context, documents)
    is_replaced = _is_replaced(_DIRECTIVE, request.metadata_directive)
    has_new_tags = _is_replaced(_TAGGING_DIRECTIVE, request.tagging_directive)
    source = await _source(context, request, None)
    # OSS: onto itself, the object gets what the request says, whatever the directive is; with versions there is no itself.
    is_own = (source.bucket.id, source.key) == (context.bucket.id, key) and context.bucket.versioning is None

    def describe(version: ObjectVersion) -> Attributes:
        is_given = is_replaced or is_own
        return Attributes(
            headers=stored_headers(context.headers) if is_given else version.headers,
            metadata=metadata if is_given else version.metadata,
            acl=acl,
            storage_class=StorageClass(request.storage_class or context.bucket.storage_class),
            # A link is copied as a link. Encryption, retention and a restored copy are not taken over.
            traits=Traits(
                tags=traits.tags if has_new_tags else version.traits.tags,
                symlink_target=version.traits.symlink_target,
                encryption=traits.encryption,
                retention=traits.retention,
                is_held=traits.is_held,
            ),
        )

    forbidden = is_overwrite_forbidden(documents, context.principal, key, request.forbid_overwrite)
    copy = Copy(key=key, source=source, describe=describe, is_overwrite_forbidden=forbidden)
    copied = await context.services.copies.copy(context.principal, context.bucket, copy)
    if copied is None:
        return CopyObjectResult(status_code=304)
    version = copied.version
    return CopyObjectResult(
        etag=quoted(version.etag),
        last_modified=version.last_modified,
        hash_crc64=str(version.crc64),
        version_id=told_version_id(context.bucket, version),
        source_version_id=told_version_id(source.bucket, copied.source),
        **encryption_headers(version),
    )


@handles(UPLOAD_PART_COPY)
async def upload_part_copy(context: Context, request: UploadPartCopyRequest) -> UploadPartCopyResult:
    """Make an object, or a range of it, a part of an upload."""
    refuse_encryption(context.headers)
    refuse_unserved(context.headers)
    refuse_callback(context.headers, context.query)
    judge_traffic_limit(request.traffic_limit, context.query)
    copy = PartCopy(
        address=UploadAddress(key=ObjectKey(request.key), upload_id=request.upload_id, ec=EC_OF_COPIED_PART),
        number=judge_part_number(request.part_number),
        source=await _source(context, request, _judge_range(request.source_range)),
    )
    copied = await context.services.copies.copy_part(context.principal, context.bucket, copy)
    if copied is None:
        return UploadPartCopyResult(status_code=304)
    return UploadPartCopyResult(
        etag=quoted(copied.part.etag),
        last_modified=copied.part.last_modified,
        hash_crc64=str(copied.part.crc64),
        source_version_id=told_version_id(copy.source.bucket, copied.source),
    )


def _is_replaced(header: str, directive: str | None) -> bool:
    word = (directive or "COPY").upper()
    if word not in ("COPY", "REPLACE"):
        raise InvalidArgument(argument_name=header, argument_value=directive)
    return word == "REPLACE"


def _judge_range(given: str | None) -> str | None:
    # OSS: that a range without both ends is refused is unverified; one that does not fit the object means all of it.
    if given is not None and _RANGE.fullmatch(given.strip()) is None:
        raise InvalidArgument(argument_name=_RANGE_HEADER, argument_value=given)
    return given


async def _source(
    context: Context, request: CopyObjectRequest | UploadPartCopyRequest, asked_range: str | None
) -> Source:
    """Return what `x-oss-copy-source` names, with the conditions on it.

    Raises:
        InvalidArgument: it names a version by what is no version id.
        NoSuchBucket: there is no such bucket.
        AccessDenied: who reads from it pays, and the caller did not say that it does.
    """
    version_id = judge_version_id(request.source_version_id)
    bucket = parse_bucket_name(request.source_bucket or context.bucket.name)
    row = await context.services.buckets.find(bucket)
    if row is None:
        raise NoSuchBucket(bucket_name=bucket)
    await is_charged(context.services.buckets, context.principal, row, context.headers, context.query)
    conditions = Conditions(
        if_match=request.if_match,
        if_none_match=request.if_none_match,
        if_modified_since=request.if_modified_since,
        if_unmodified_since=request.if_unmodified_since,
    )

    def choose(version: ObjectVersion) -> ByteRange | None:
        if is_not_modified(conditions, etag=version.etag, last_modified=version.last_modified):
            return None
        return resolve_range(asked_range, version.size, is_standard=False)

    return Source(bucket=row, key=ObjectKey(request.source_key), version_id=version_id, choose=choose)
