"""Removing many objects, a thousand at a time, and unfinished uploads."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from ossicle.cli.filters import Filters
from ossicle.cli.listing import entries_of, objects_of, uploads_of, versions_of
from ossicle.cli.names import ObjectName
from ossicle.cli.places import relative_key

if TYPE_CHECKING:
    from ossicle.client.sync import Client
    from ossicle.wire.api.object_basic import DeleteError, ObjectIdentifier

BATCH: Final = 1000

Told = Callable[[str], object]


def keys_below(client: "Client", name: ObjectName, filters: Filters) -> Iterator[str]:
    """Yield the keys that begin with that of `name`; patterns are about what lies below its folder."""
    for item in objects_of(client, name):
        key = item.key or ""
        if filters.take(relative_key(name.key, key)):
            yield key


def remove_objects(client: "Client", bucket: str, keys: Iterable[str], told: Told, *, is_dry: bool = False) -> int:
    """Remove objects by key, and return how many; what was removed is told as it goes.

    Keys come from a listing that goes on by key, so that removing what it returned does not disturb it.

    Raises:
        OssError: some are retained. All others were removed.
    """
    from ossicle.wire.api.object_basic import ObjectIdentifier

    named = (ObjectIdentifier(key=key) for key in keys)
    return _remove(client, bucket, named, lambda item: told(str(ObjectName(bucket, item.key))), is_dry=is_dry)


def versions_below(client: "Client", name: ObjectName, filters: Filters) -> "Iterator[ObjectIdentifier]":
    """Yield all versions and delete markers of the keys that begin with that of `name`; see `keys_below`."""
    from ossicle.wire.api.object_basic import ObjectIdentifier

    for page in versions_of(client, name):
        for item in entries_of(page):
            key = item.key or ""
            if filters.take(relative_key(name.key, key)):
                yield ObjectIdentifier(key=key, version_id=item.version_id)


def versions_of_key(client: "Client", name: ObjectName) -> "Iterator[ObjectIdentifier]":
    """Yield all versions and delete markers of one key, the first of those that begin with it."""
    from ossicle.wire.api.object_basic import ObjectIdentifier

    for page in versions_of(client, name):
        found = entries_of(page)
        own = [item for item in found if item.key == name.key]
        yield from (ObjectIdentifier(key=name.key, version_id=item.version_id) for item in own)
        if len(own) < len(found):
            return


def remove_versions(
    client: "Client", bucket: str, versions: "Iterable[ObjectIdentifier]", told: Told, *, is_dry: bool = False
) -> int:
    """Remove versions for good, and return how many; see `remove_objects`.

    The listing goes on behind the id of a version, whether or not that is there any more.
    """

    def tell(item: "ObjectIdentifier") -> None:
        told(f"{ObjectName(bucket, item.key)} (version {item.version_id})")

    return _remove(client, bucket, versions, tell, is_dry=is_dry)


def _remove(
    client: "Client",
    bucket: str,
    named: "Iterable[ObjectIdentifier]",
    told: "Callable[[ObjectIdentifier], object]",
    *,
    is_dry: bool,
) -> int:
    from ossicle.wire.api.object_basic import Delete, DeleteMultipleObjectsRequest

    left, count = iter(named), 0
    kept: list[DeleteError] = []
    while batch := tuple(islice(left, BATCH)):
        refused: tuple[DeleteError, ...] = ()
        if not is_dry:
            request = DeleteMultipleObjectsRequest(bucket=bucket, delete=Delete(quiet=True, objects=batch))
            refused = client.delete_multiple_objects(request).errors
        stay = {(error.key, error.version_id) for error in refused}
        gone = [item for item in batch if (item.key, item.version_id) not in stay]
        count += len(gone)
        for item in gone:
            told(item)
        kept += refused
    _judge(kept)
    return count


def _judge(kept: "list[DeleteError]") -> None:
    from ossicle.wire.errors import FileImmutable, OssError

    if kept:
        first = kept[0]
        raise OssError.received(
            code=first.code or "",
            status=FileImmutable.status,
            message=f"{len(kept)} could not be removed, the first of them {first.key}: {first.message}",
            ec=first.ec,
            details={},
        )


def abort_uploads(client: "Client", name: ObjectName, told: Told, *, is_dry: bool = False) -> int:
    """Abort the unfinished uploads to keys that begin with that of `name`, and return how many."""
    from ossicle.wire.api.multipart import AbortMultipartUploadRequest

    count = 0
    for upload in uploads_of(client, name):
        key, upload_id = upload.key or "", upload.upload_id or ""
        if not is_dry:
            client.abort_multipart_upload(AbortMultipartUploadRequest(bucket=name.bucket, key=key, upload_id=upload_id))
        count += 1
        told(f"{ObjectName(name.bucket, key)} (upload {upload_id})")
    return count
