"""The version that a request names, found in one snapshot: by its id, or the current one where the request names none."""

from ossicle.model.objects import Bucket, ObjectVersion
from ossicle.ports import Reading
from ossicle.services.access import authorize_object
from ossicle.services.identity import Principal
from ossicle.wire.errors import MethodNotAllowed, NoSuchKey, NoSuchVersion, OssError
from ossicle.wire.names import ObjectKey, VersionId
from ossicle.wire.operation import Access


def find_version(
    rows: Reading,
    principal: Principal,
    bucket: Bucket,
    key: ObjectKey,
    version_id: VersionId | None = None,
    *,
    access: Access,
    method: str = "GET",
) -> ObjectVersion:
    """Return the version of this id, the current one for None; never a delete marker. `method` is told if it is one.

    Raises:
        AccessDenied: the caller has not this access to it, or may not know that it is not there.
        NoSuchKey: there is no object, or none any more, which the headers of a delete marker tell.
        NoSuchVersion: the key has no version of this id.
        MethodNotAllowed: the id is that of a delete marker.
    """
    version = _version(rows, bucket, key, version_id)
    authorize_object(rows, principal, bucket, key, version, access)
    if version is None:
        raise missing(rows, bucket, key, version_id)
    if version.is_delete_marker:
        raise MethodNotAllowed(
            method=method, resource_type="DeleteMarker", headers=(("Allow", "DELETE"), *_marker_headers(version))
        )
    return version


def _version(rows: Reading, bucket: Bucket, key: ObjectKey, version_id: VersionId | None) -> ObjectVersion | None:
    if version_id is None:
        return rows.current_version(bucket.id, key)
    return rows.version(bucket.id, key, version_id)


def find_readable(
    rows: Reading, principal: Principal, bucket: Bucket, key: ObjectKey, version_id: VersionId | None = None
) -> ObjectVersion:
    """Return the version of this id, the current one for None, for a caller who reads it; see `find_version`."""
    return find_version(rows, principal, bucket, key, version_id, access=Access.READ)


def missing(rows: Reading, bucket: Bucket, key: ObjectKey, version_id: VersionId | None) -> OssError:
    """Return the refusal where there is no version of this id, or for None no current one."""
    if version_id is not None:
        return NoSuchVersion()
    marker = None if bucket.versioning is None else rows.latest_version(bucket.id, key)
    return NoSuchKey(key=key, headers=() if marker is None else _marker_headers(marker))


def _marker_headers(marker: ObjectVersion) -> tuple[tuple[str, str], ...]:
    return ("x-oss-delete-marker", "true"), ("x-oss-version-id", marker.version_id)
