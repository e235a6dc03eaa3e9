"""Deleting many objects at once."""

from typing import Final

from ossicle.operations.context import Context
from ossicle.operations.object_attributes import judge_version_id
from ossicle.operations.paging import judge_encoding_type
from ossicle.operations.registry import handles
from ossicle.wire.api.object_basic import (
    DELETE_MULTIPLE_OBJECTS,
    DeletedInfo,
    DeleteMultipleObjectsRequest,
    DeleteMultipleObjectsResult,
)
from ossicle.wire.errors import MalformedXML
from ossicle.wire.names import ObjectKey
from ossicle.wire.text import legible

_OBJECTS_MAX: Final = 1000


@handles(DELETE_MULTIPLE_OBJECTS)
async def delete_multiple_objects(
    context: Context, request: DeleteMultipleObjectsRequest
) -> DeleteMultipleObjectsResult:
    """Remove up to 1,000 objects, all or none; each that was asked for is told, there or not, unless the caller wants quiet."""
    # Old clients send this as a header.
    encoding_type = request.encoding_type or context.headers.text(b"encoding-type")
    judge_encoding_type(encoding_type)
    asked = () if request.delete is None else request.delete.objects
    if not 1 <= len(asked) <= _OBJECTS_MAX or any(legible(item.key) != item.key or not item.key for item in asked):
        raise MalformedXML(ec=DELETE_MULTIPLE_OBJECTS.malformed_ec)
    named = [(ObjectKey(item.key), judge_version_id(item.version_id)) for item in asked]
    await context.objects.delete(context.principal, context.bucket, named)
    is_quiet = request.delete is not None and request.delete.quiet
    told = () if is_quiet else asked
    return DeleteMultipleObjectsResult(
        encoding_type=encoding_type or None,
        deleted_objects=tuple(DeletedInfo(key=item.key, version_id=item.version_id) for item in told),
    )
