"""What listings show of the versions that are in memory."""

from ossicle.model.objects import ListedObject, ListedVersion, ObjectVersion


def listed(version: ObjectVersion) -> ListedObject:
    """Return what a listing of objects shows of a version."""
    return ListedObject(
        key=version.key,
        last_modified=version.last_modified,
        etag=version.etag,
        type=version.type,
        size=version.size,
        storage_class=version.storage_class,
        restoration=version.traits.restoration,
    )


def listed_version(version: ObjectVersion, *, is_latest: bool) -> ListedVersion:
    """Return what a listing of versions shows of one."""
    return ListedVersion(
        key=version.key,
        version_id=version.version_id,
        rank=version.rank,
        is_latest=is_latest,
        last_modified=version.last_modified,
        etag=version.etag,
        type=version.type,
        size=version.size,
        storage_class=version.storage_class,
    )
