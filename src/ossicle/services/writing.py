"""What every way to write an object shares: putting, completing a multipart upload, copying."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ossicle.model.objects import Bucket, ObjectVersion, Segment
from ossicle.ports import Reading, Transaction
from ossicle.services.access import authorize_object
from ossicle.services.identity import Principal
from ossicle.services.quota import judge_growth
from ossicle.services.retention import judge_change, retained
from ossicle.wire.errors import FileAlreadyExists
from ossicle.wire.names import NULL_VERSION, ObjectKey, Versioning
from ossicle.wire.operation import Access
from ossicle.wire.version_ids import render_version_id


def judge_write(
    rows: Reading, principal: Principal, bucket: Bucket, key: ObjectKey, *, is_overwrite_forbidden: bool
) -> ObjectVersion | None:
    """Return what a write would displace, if the caller may do so.

    Raises:
        AccessDenied: neither the bucket's ACL nor that of what is there grants it.
        FileAlreadyExists: the key is taken, and overwriting is forbidden.
    """
    displaced = rows.current_version(bucket.id, key)
    authorize_object(rows, principal, bucket, key, displaced, Access.WRITE)
    # Where there are versions, nothing is lost by a write: OSS ignores the prohibition then, also when they are suspended.
    if displaced is not None and is_overwrite_forbidden and bucket.versioning is None:
        raise FileAlreadyExists
    return displaced


def replace_current(
    transaction: Transaction,
    bucket: Bucket,
    version: ObjectVersion,
    content: bytes | Sequence[Segment],
    displaced: ObjectVersion | None,
) -> tuple[ObjectVersion, ObjectVersion | None]:
    """Make `version` the object; return it as it was stored, and what it removed for good.

    Raises:
        FileImmutable, StorageQuotaExceeded: see `take_place`.
    """
    placed, removed = take_place(transaction, bucket, version, displaced)
    transaction.put_current_version(bucket.id, placed, content)
    if removed is not None:
        transaction.delete_version(removed)
    return placed, removed


def take_place(
    rows: Reading, bucket: Bucket, version: ObjectVersion, displaced: ObjectVersion | None
) -> tuple[ObjectVersion, ObjectVersion | None]:
    """Return a new version with its id, rank and retention, and the one that is to be removed for it.

    Without versions that is the object it displaces; while they are suspended, the one whose id is `null`, too.

    Raises:
        FileImmutable: what would be removed is retained.
        StorageQuotaExceeded: the bucket would hold more than it may.
    """
    placed, removed = _placed(rows, bucket, version, displaced)
    judge_growth(rows, bucket, placed.size - (0 if removed is None else removed.size))
    return placed, removed


def _placed(
    rows: Reading, bucket: Bucket, version: ObjectVersion, displaced: ObjectVersion | None
) -> tuple[ObjectVersion, ObjectVersion | None]:
    if bucket.versioning is None:
        judge_change(rows, bucket, displaced, version.last_modified)
        return version, displaced
    latest = rows.latest_version(bucket.id, version.key)
    rank = -1 if latest is None else latest.rank - 1
    if bucket.versioning is Versioning.ENABLED:
        version = retained(rows, bucket, version)
        return replace(version, rank=rank, version_id=render_version_id(rank, version.id)), None
    replaced = rows.version(bucket.id, version.key, NULL_VERSION)
    judge_change(rows, bucket, replaced, version.last_modified)
    return replace(version, rank=rank), replaced


def to_second(moment: datetime) -> datetime:
    """Return the moment as OSS keeps it."""
    # OSS: times of objects have a resolution of one second; milliseconds in XML are always .000.
    return moment.replace(microsecond=0)
