"""Operations on a multipart upload."""

from dataclasses import replace
from typing import Final

from ossicle.model.objects import Part, Traits, UploadMarker
from ossicle.operations.bucket_overwrite_config import is_overwrite_forbidden
from ossicle.operations.callback import call_back, judge_callback
from ossicle.operations.context import Context
from ossicle.operations.object_attributes import (
    RETENTION_HEADERS,
    judge_metadata,
    judge_traffic_limit,
    object_address,
    quoted,
    refuse_callback,
    refuse_encryption,
    refuse_unserved,
    stored_headers,
    told_version_id,
)
from ossicle.operations.object_traits import encryption_headers, retained_traits_of
from ossicle.operations.paging import judge_encoding_type, judge_page_size, judge_text
from ossicle.operations.public_access_block import judge_object_acl
from ossicle.operations.registry import handles
from ossicle.services.joining import ListedPart
from ossicle.services.uploads import EC_OF_PART, Completion, Initiation, PartUpload, UploadAddress
from ossicle.wire.api import multipart as api
from ossicle.wire.api.bucket import CommonPrefix
from ossicle.wire.digest import render_md5
from ossicle.wire.errors import InvalidArgument, MalformedXML
from ossicle.wire.names import ObjectKey, StorageClass
from ossicle.wire.setting import Documents

PART_NUMBERS: Final = range(1, 10_001)
_PAGE_DEFAULT: Final = 1000
_EC_LIST_AND_ALL: Final = "0042-00000216"


@handles(api.INITIATE_MULTIPART_UPLOAD)
async def initiate_multipart_upload(
    context: Context, request: api.InitiateMultipartUploadRequest
) -> api.InitiateMultipartUploadResult:
    """Begin an upload in parts."""
    refuse_unserved(context.headers, ignored=RETENTION_HEADERS)
    refuse_callback(context.headers, context.query)
    judge_encoding_type(request.encoding_type)
    documents = await context.services.buckets.documents(context.bucket)
    initiation = Initiation(
        key=ObjectKey(request.key),
        headers=stored_headers(context.headers),
        metadata=judge_metadata(request.metadata),
        acl=judge_object_acl(context, request.acl),
        storage_class=StorageClass(request.storage_class or context.bucket.storage_class),
        is_overwrite_forbidden=is_overwrite_forbidden(
            documents, context.principal, request.key, request.forbid_overwrite
        ),
        traits=_traits(request, context, documents),
    )
    upload = await context.services.uploads.initiate(context.principal, context.bucket, initiation)
    return api.InitiateMultipartUploadResult(
        encoding_type=request.encoding_type or None,
        bucket=context.bucket.name,
        key=upload.key,
        upload_id=upload.upload_id,
    )


def _traits(request: api.InitiateMultipartUploadRequest, context: Context, documents: Documents) -> Traits:
    traits = retained_traits_of(request, context, documents)
    return traits if request.sequential is None else replace(traits, is_sequential=True)


@handles(api.UPLOAD_PART)
async def upload_part(context: Context, request: api.UploadPartRequest) -> api.UploadPartResult:
    """Store one part. Everything that can be judged without the body is judged before the body is asked for."""
    refuse_encryption(context.headers)
    refuse_unserved(context.headers)
    refuse_callback(context.headers, context.query)
    limit = judge_traffic_limit(request.traffic_limit, context.query)
    part = PartUpload(
        address=UploadAddress(key=ObjectKey(request.key), upload_id=request.upload_id, ec=EC_OF_PART),
        number=judge_part_number(request.part_number),
        content_md5=request.content_md5,
        crc64=request.hash_crc64,
    )
    body = context.paced(context.body, limit)
    stored, md5 = await context.services.uploads.put_part(context.principal, context.bucket, part, body)
    return api.UploadPartResult(content_md5=render_md5(md5), etag=quoted(stored.etag), hash_crc64=str(stored.crc64))


def judge_part_number(number: int) -> int:
    """Return the number of a part.

    Raises:
        InvalidArgument: it is not 1 to 10,000.
    """
    if number not in PART_NUMBERS:
        message = "Part number must be an integer between 1 and 10000, inclusive."
        raise InvalidArgument(message, argument_name="partNumber", argument_value=str(number))
    return number


@handles(api.COMPLETE_MULTIPART_UPLOAD)
async def complete_multipart_upload(
    context: Context, request: api.CompleteMultipartUploadRequest
) -> api.CompleteMultipartUploadResult:
    """Join parts to an object: the listed ones, or all."""
    refuse_encryption(context.headers)
    refuse_unserved(context.headers)
    callback = await judge_callback(context)
    judge_encoding_type(request.encoding_type)
    key = ObjectKey(request.key)
    documents = await context.services.buckets.documents(context.bucket)
    completion = Completion(
        address=UploadAddress(key=key, upload_id=request.upload_id),
        parts=_listed(request),
        acl=None if request.acl is None else judge_object_acl(context, request.acl),
        is_overwrite_forbidden=is_overwrite_forbidden(documents, context.principal, key, request.forbid_overwrite),
    )
    version = await context.services.uploads.complete(context.principal, context.bucket, completion)
    result = api.CompleteMultipartUploadResult(
        encoding_type=request.encoding_type or None,
        location=object_address(context, key),
        bucket=context.bucket.name,
        key=key,
        etag=quoted(version.etag),
        hash_crc64=str(version.crc64),
        **encryption_headers(version),
        version_id=told_version_id(context.bucket, version),
    )
    if callback is None:
        return result
    return replace(result, callback_result=await call_back(context, callback, version, api.COMPLETE_MULTIPART_UPLOAD))


def _listed(request: api.CompleteMultipartUploadRequest) -> tuple[ListedPart, ...] | None:
    listed = request.complete_multipart_upload
    if (request.complete_all or "").lower() == "yes":
        if listed is not None:
            # The spelling is OSS's.
            message = "Should not speficy both complete all header and http body."
            raise InvalidArgument(
                message, ec=_EC_LIST_AND_ALL, argument_name="x-oss-complete-all", argument_value="yes"
            )
        return None
    if listed is None or not listed.parts:
        raise MalformedXML(ec=api.COMPLETE_MULTIPART_UPLOAD.malformed_ec)
    return tuple(ListedPart(number=part.part_number, etag=part.etag) for part in listed.parts)


@handles(api.ABORT_MULTIPART_UPLOAD)
async def abort_multipart_upload(
    context: Context, request: api.AbortMultipartUploadRequest
) -> api.AbortMultipartUploadResult:
    """Give an upload up."""
    address = UploadAddress(key=ObjectKey(request.key), upload_id=request.upload_id)
    await context.services.uploads.abort(context.principal, context.bucket, address)
    return api.AbortMultipartUploadResult()


def _judge_part_marker(given: int | None) -> int:
    # OSS: that a negative one is refused is unverified; no listing has ever told it.
    if given is not None and given < 0:
        raise InvalidArgument(argument_name="part-number-marker", argument_value=str(given))
    return given or 0


@handles(api.LIST_PARTS)
async def list_parts(context: Context, request: api.ListPartsRequest) -> api.ListPartsResult:
    """List one page of an upload's parts, by number."""
    limit = judge_page_size(request.max_parts, "max-parts", default=_PAGE_DEFAULT)
    judge_encoding_type(request.encoding_type)
    address = UploadAddress(key=ObjectKey(request.key), upload_id=request.upload_id)
    after = _judge_part_marker(request.part_number_marker)
    page = await context.services.uploads.parts(context.principal, context.bucket, address, after=after, limit=limit)
    return api.ListPartsResult(
        encoding_type=request.encoding_type or None,
        bucket=context.bucket.name,
        key=address.key,
        upload_id=page.upload.upload_id,
        storage_class=page.upload.storage_class,
        part_number_marker=after,
        next_part_number_marker=page.parts[-1].number if page.parts else 0,
        max_parts=limit,
        is_truncated=page.is_truncated,
        parts=tuple(_part(part) for part in page.parts),
    )


def _part(part: Part) -> api.Part:
    return api.Part(
        part_number=part.number,
        last_modified=part.last_modified,
        etag=quoted(part.etag),
        hash_crc64=str(part.crc64),
        size=part.size,
    )


@handles(api.LIST_MULTIPART_UPLOADS)
async def list_multipart_uploads(
    context: Context, request: api.ListMultipartUploadsRequest
) -> api.ListMultipartUploadsResult:
    """List one page of a bucket's uploads, by key and then by upload id; an upload id alone marks nothing."""
    limit = judge_page_size(request.max_uploads, "max-uploads", default=_PAGE_DEFAULT)
    judge_encoding_type(request.encoding_type)
    prefix, delimiter = judge_text(request.prefix, "prefix"), judge_text(request.delimiter, "delimiter")
    key_marker = judge_text(request.key_marker, "key-marker")
    id_marker = judge_text(request.upload_id_marker, "upload-id-marker")
    after = UploadMarker(key=key_marker, upload_id=id_marker or None) if key_marker else None
    page = await context.services.uploads.list(
        context.bucket, prefix=prefix, delimiter=delimiter, after=after, limit=limit
    )
    marker = page.next_marker
    return api.ListMultipartUploadsResult(
        encoding_type=request.encoding_type or None,
        bucket=context.bucket.name,
        key_marker=key_marker,
        upload_id_marker=id_marker,
        next_key_marker="" if marker is None else marker.key,
        next_upload_id_marker="" if marker is None else marker.upload_id or "",
        delimiter=delimiter,
        prefix=prefix,
        max_uploads=limit,
        is_truncated=marker is not None,
        uploads=tuple(
            api.Upload(
                key=upload.key,
                upload_id=upload.upload_id,
                storage_class=upload.storage_class,
                initiated=upload.initiated_at,
            )
            for upload in page.uploads
        ),
        common_prefixes=tuple(CommonPrefix(prefix=name) for name in page.common_prefixes),
    )
