"""PostObject: a form's file becomes an object. Who posts it, and whether its policy allows it, was judged by the edge."""

import re
from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Final
from urllib.parse import urlencode, urlsplit

from ossicle.model.objects import StoredHeaders
from ossicle.operations.bucket_overwrite_config import is_overwrite_forbidden
from ossicle.operations.callback import call_back, judge_form_callback
from ossicle.operations.context import Context
from ossicle.operations.object_attributes import (
    judge_metadata,
    judge_traffic_limit,
    object_address,
    quoted,
    refuse_unserved,
    stored_headers,
    told_version_id,
)
from ossicle.operations.object_traits import encryption_headers, traits_of
from ossicle.operations.public_access_block import judge_object_acl
from ossicle.operations.registry import handles
from ossicle.services.forms import Form
from ossicle.services.objects import Upload
from ossicle.wire.api.object_post import POST_OBJECT, PostObjectRequest, PostObjectResult, PostResponse
from ossicle.wire.errors import FieldItemTooLong, InvalidArgument
from ossicle.wire.names import ObjectKey, StorageClass, parse_object_key
from ossicle.wire.setting import Documents
from ossicle.wire.text import HEADER_CONTROL, encode

_STATUSES: Final = {"200": 200, "201": 201, "204": 204}
_CREATED: Final = 201
_SEE_OTHER: Final = 303
_CONTROL: Final = re.compile("[\x00-\x20\x7f]")
_STORED: Final = tuple(field.name for field in fields(StoredHeaders))
_HEADER_BYTES_MAX: Final = 8 * 1024
"""Of a value that answers have as a header. All of them together fit into the head of an answer that clients read."""


@handles(POST_OBJECT)
async def post_object(context: Context, request: PostObjectRequest) -> PostObjectResult:
    """Store the file of a form. Everything that can be judged by the fields is judged before the file is asked for."""
    form = context.form
    documents = await context.services.buckets.documents(context.bucket)
    upload = _upload(context, form, request, documents)
    limit = judge_traffic_limit(request.traffic_limit, context.query)
    _judge_redirect(request.success_action_redirect)
    callback = await judge_form_callback(context)
    version = await context.services.objects.put(context.principal, context.bucket, upload, context.paced(form, limit))
    result = PostObjectResult(
        etag=quoted(version.etag),
        location=object_address(context, upload.key),
        hash_crc64=str(version.crc64),
        version_id=told_version_id(context.bucket, version),
        **encryption_headers(version),
    )
    if callback is not None:
        return replace(
            result, status_code=200, callback_result=await call_back(context, callback, version, POST_OBJECT)
        )
    return _answer(result, context, request, upload.key)


def _upload(context: Context, form: Form, request: PostObjectRequest, documents: Documents) -> Upload:
    given = form.fields.as_headers()
    refuse_unserved(given)
    headers = stored_headers(given)
    content_type = request.oss_content_type or headers.content_type or form.file.content_type
    headers = replace(headers, content_type=content_type)
    metadata = judge_metadata(request.metadata)
    _judge_values([*(getattr(headers, name) for name in _STORED), *(value for _, value in metadata)])
    key = _key(form.fields.key_of(form.file.filename))
    return Upload(
        key=key,
        headers=headers,
        metadata=metadata,
        acl=judge_object_acl(context, request.acl),
        storage_class=StorageClass(request.storage_class or context.bucket.storage_class),
        content_md5=request.content_md5,
        crc64=request.hash_crc64,
        is_overwrite_forbidden=is_overwrite_forbidden(documents, context.principal, key, request.forbid_overwrite),
        traits=traits_of(request, documents),
    )


def _key(given: str | None) -> ObjectKey:
    if given is None:
        raise InvalidArgument("The bucket POST must contain the specified field name.", argument_name="key")
    return parse_object_key(encode(given))


def _judge_values(values: Iterable[str | None]) -> None:
    """Refuse what an answer could not have in its headers: the object would be stored, and nobody could read it.

    Raises:
        InvalidArgument: a control character.
        FieldItemTooLong: a value is larger than 8 KiB.
    """
    # OSS: how it refuses these is unverified.
    for value in filter(None, values):
        if len(encode(value)) > _HEADER_BYTES_MAX:
            raise FieldItemTooLong
        if HEADER_CONTROL.search(value):
            raise InvalidArgument(argument_value=value)


def _judge_redirect(url: str | None) -> None:
    """Refuse before the upload an address to which no page can go on.

    Raises:
        FieldItemTooLong: it is larger than 8 KiB.
        InvalidArgument: it is no address of http or https.
    """
    # OSS: how it refuses one is unverified.
    _judge_values([url])
    if url and (_CONTROL.search(url) or not _is_address(url)):
        raise InvalidArgument(argument_name="success_action_redirect", argument_value=url)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _answer(result: PostObjectResult, context: Context, request: PostObjectRequest, key: ObjectKey) -> PostObjectResult:
    bucket = context.bucket.name
    if url := request.success_action_redirect:
        # OSS: the parameters that the address gets are unverified.
        told = urlencode({"bucket": bucket, "key": key, "etag": result.etag or ""})
        address, hash_sign, fragment = url.partition("#")
        location = f"{address}{'&' if '?' in address else '?'}{told}{hash_sign}{fragment}"
        return replace(result, status_code=_SEE_OTHER, location=location)
    status = _STATUSES.get(request.success_action_status or "", POST_OBJECT.success_status)
    if status != _CREATED:
        return replace(result, status_code=status)
    response = PostResponse(bucket=bucket, etag=result.etag, key=key, location=result.location)
    return replace(result, status_code=status, response=response)
