"""Deletion: of an object, which in a bucket with versions leaves a marker, and of one version for good.

Source: https://help.aliyun.com/zh/oss/developer-reference/deleteobject
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from ossicle.model.objects import Bucket, ObjectVersion, StoredHeaders
from ossicle.ports import Reading, Transaction
from ossicle.services.access import authorize_object
from ossicle.services.buckets import current_bucket
from ossicle.services.identity import Principal
from ossicle.services.joining import PART_BYTES_MIN
from ossicle.services.retention import judge_change
from ossicle.services.writing import judge_write, take_place
from ossicle.wire.errors import FileImmutable
from ossicle.wire.names import NULL_VERSION, ETag, ObjectAcl, ObjectKey, ObjectType, VersionId
from ossicle.wire.operation import Access
from ossicle.wire.records import record

TURN_ROWS: Final = 10_000
"""Rows, some of them estimated, after which a transaction ends for other writers to get their turn: a second at worst."""


@record
class Doomed:
    """An object that is to be deleted, or one version of it. `number` is the row that a delete marker for it would be."""

    key: ObjectKey
    version_id: VersionId | None
    number: int


@record
class Deleted:
    """What came of a deletion: the version that went for good, and the delete marker that was written; or why nothing was done."""

    removed: ObjectVersion | None = None
    marker: ObjectVersion | None = None
    refusal: FileImmutable | None = None


def judge_deletion(rows: Reading, principal: Principal, bucket: Bucket, doomed: Doomed) -> None:
    """Judge whether the caller may delete what is named.

    Raises:
        AccessDenied: it may not.
    """
    _displaced(rows, principal, bucket, doomed)


def _displaced(rows: Reading, principal: Principal, bucket: Bucket, doomed: Doomed) -> ObjectVersion | None:
    principal = principal.doing("DeleteObject", has_version=doomed.version_id is not None)
    if doomed.version_id is None:
        return judge_write(rows, principal, bucket, doomed.key, is_overwrite_forbidden=False)
    # OSS: whether who may write in a bucket of another may also remove versions for good is unverified.
    version = rows.version(bucket.id, doomed.key, doomed.version_id)
    authorize_object(rows, principal, bucket, doomed.key, version, Access.WRITE)
    return version


def delete(
    principal: Principal,
    bucket: Bucket,
    doomed: Sequence[Doomed],
    moment: datetime,
    transaction: Transaction,
    *,
    is_bypassing: bool = False,
) -> list[Deleted]:
    """Delete what is named, from the first on and as much as one transaction may hold, and return what came of each.

    What is retained stays, and is told so: the others go. `is_bypassing` is for the owner of the bucket; GOVERNANCE does not count then.

    Raises:
        AccessDenied: the caller may not delete one of them.
        NoSuchBucket: the bucket was deleted meanwhile.
    """
    row = current_bucket(transaction, bucket)
    done: list[Deleted] = []
    rows_dropped = 0
    for each in doomed:
        if rows_dropped >= TURN_ROWS:
            break
        displaced = _displaced(transaction, principal, row, each)
        try:
            deleted = delete_one(transaction, row, each, displaced, moment, is_bypassing=is_bypassing)
        except FileImmutable as refusal:
            deleted = Deleted(refusal=refusal)
        done.append(deleted)
        rows_dropped += rows_of(deleted.removed)
    return done


def delete_one(
    transaction: Transaction,
    bucket: Bucket,
    doomed: Doomed,
    displaced: ObjectVersion | None,
    moment: datetime,
    *,
    is_bypassing: bool,
) -> Deleted:
    """Delete one, judged before anything is changed.

    Raises:
        FileImmutable: it is retained.
    """
    if doomed.version_id is None and bucket.versioning is not None:
        return _mark(transaction, bucket, _marker(bucket, doomed, moment), displaced)
    judge_change(transaction, bucket, displaced, moment, is_bypassing=is_bypassing)
    if doomed.version_id is not None:
        return _delete_version(transaction, bucket, displaced)
    return _delete_object(transaction, bucket, displaced)


def _delete_object(transaction: Transaction, bucket: Bucket, current: ObjectVersion | None) -> Deleted:
    if current is not None:
        transaction.delete_current_version(bucket.id, current.key)
        transaction.delete_version(current)
    return Deleted(removed=current)


def _mark(transaction: Transaction, bucket: Bucket, marker: ObjectVersion, displaced: ObjectVersion | None) -> Deleted:
    """Put a delete marker over all versions; while they are suspended it replaces the one whose id is `null`."""
    placed, removed = take_place(transaction, bucket, marker, displaced)
    if displaced is not None:
        transaction.delete_current_version(bucket.id, marker.key)
    transaction.put_delete_marker(bucket.id, placed)
    if removed is not None:
        transaction.delete_version(removed)
    return Deleted(removed=removed, marker=placed)


def _delete_version(transaction: Transaction, bucket: Bucket, version: ObjectVersion | None) -> Deleted:
    """Remove a version; what it was the latest of gets the one before it as its latest, which may be a delete marker."""
    if version is None:
        return Deleted()
    latest = transaction.latest_version(bucket.id, version.key)
    if latest is None or latest.id != version.id:
        transaction.delete_version(version)
        return Deleted(removed=version)
    if not version.is_delete_marker:
        transaction.delete_current_version(bucket.id, version.key)
    transaction.delete_version(version)
    following = transaction.latest_version(bucket.id, version.key)
    if following is not None and not following.is_delete_marker:
        transaction.set_current_version(bucket.id, following)
    return Deleted(removed=version)


def _marker(bucket: Bucket, doomed: Doomed, moment: datetime) -> ObjectVersion:
    return ObjectVersion(
        id=doomed.number,
        key=doomed.key,
        version_id=NULL_VERSION,
        type=ObjectType.DELETE_MARKER,
        size=0,
        etag=ETag(""),
        content_md5=None,
        crc64=0,
        storage_class=bucket.storage_class,
        acl=ObjectAcl.DEFAULT,
        last_modified=moment,
        headers=StoredHeaders(),
        metadata=(),
        is_inline=False,
    )


def rows_of(removed: ObjectVersion | None) -> int:
    """Return how many rows a version had, at a guess: parts are not smaller than they must be, appended pieces may be tiny."""
    if removed is None or removed.is_inline:
        return 1
    if removed.type is ObjectType.MULTIPART:
        return 1 + removed.size // PART_BYTES_MIN
    return TURN_ROWS if removed.type is ObjectType.APPENDABLE else 1
