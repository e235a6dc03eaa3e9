"""Deleting many objects at once."""

from typing import Final

from ossicle.operations.context import Context
from ossicle.operations.object_attributes import judge_version_id
from ossicle.operations.paging import judge_encoding_type
from ossicle.operations.registry import handles
from ossicle.services.deletion import Deleted
from ossicle.wire.api.object_basic import (
    DELETE_MULTIPLE_OBJECTS,
    DeletedInfo,
    DeleteError,
    DeleteMultipleObjectsRequest,
    DeleteMultipleObjectsResult,
    ObjectIdentifier,
)
from ossicle.wire.errors import MalformedXML, OssError
from ossicle.wire.names import parse_object_key
from ossicle.wire.text import encode, legible

_OBJECTS_MAX: Final = 1000


@handles(DELETE_MULTIPLE_OBJECTS)
async def delete_multiple_objects(
    context: Context, request: DeleteMultipleObjectsRequest
) -> DeleteMultipleObjectsResult:
    """Delete up to 1,000 objects and versions; each that was asked for is told, there or not, unless the caller wants quiet.

    Each that is retained is told in any case.
    """
    # Old clients send this as a header.
    encoding_type = request.encoding_type or context.headers.text(b"encoding-type")
    judge_encoding_type(encoding_type)
    asked = () if request.delete is None else request.delete.objects
    if not 1 <= len(asked) <= _OBJECTS_MAX or any(legible(item.key) != item.key or not item.key for item in asked):
        raise MalformedXML(ec=DELETE_MULTIPLE_OBJECTS.malformed_ec)
    named = [(parse_object_key(encode(item.key)), judge_version_id(item.version_id)) for item in asked]
    deleted = await context.services.objects.delete(
        context.principal, context.bucket, named, is_bypassing=request.bypass_governance_retention or False
    )
    # OSS: how a key is told that could not be deleted is unverified; it must not look as if it were gone.
    errors = tuple(_refused(item, each.refusal) for item, each in zip(asked, deleted, strict=True) if each.refusal)
    is_quiet = request.delete is not None and request.delete.quiet
    if is_quiet and not errors:
        return DeleteMultipleObjectsResult()
    told = () if is_quiet else zip(asked, deleted, strict=True)
    return DeleteMultipleObjectsResult(
        encoding_type=encoding_type or None,
        deleted_objects=tuple(_told(item, each) for item, each in told if each.refusal is None),
        errors=errors,
    )


def _refused(item: ObjectIdentifier, refusal: OssError) -> DeleteError:
    return DeleteError(
        key=item.key, version_id=item.version_id, code=refusal.code, message=refusal.message, ec=refusal.ec
    )


def _told(item: ObjectIdentifier, deleted: Deleted) -> DeletedInfo:
    marker = deleted.marker if item.version_id is None else deleted.removed
    if marker is None or not marker.is_delete_marker:
        return DeletedInfo(key=item.key, version_id=item.version_id)
    return DeletedInfo(
        key=item.key, version_id=item.version_id, delete_marker=True, delete_marker_version_id=marker.version_id
    )
