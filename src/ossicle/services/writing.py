"""What every way to write an object shares: putting, completing a multipart upload, copying."""

from collections.abc import Sequence
from datetime import datetime

from ossicle.model.objects import Bucket, ObjectVersion, Segment
from ossicle.ports import Reading, Transaction
from ossicle.services.access import authorize_object
from ossicle.services.identity import Principal
from ossicle.wire.errors import FileAlreadyExists
from ossicle.wire.names import ObjectKey
from ossicle.wire.operation import Access


def judge_write(
    rows: Reading, principal: Principal, bucket: Bucket, key: ObjectKey, *, is_overwrite_forbidden: bool
) -> ObjectVersion | None:
    """Return what a write would displace, if the caller may do so.

    Raises:
        AccessDenied: neither the bucket's ACL nor that of what is there grants it.
        FileAlreadyExists: the key is taken, and overwriting is forbidden.
    """
    displaced = rows.current_version(bucket.id, key)
    authorize_object(principal, bucket, displaced, Access.WRITE)
    if displaced is not None and is_overwrite_forbidden:
        raise FileAlreadyExists
    return displaced


def replace_current(
    transaction: Transaction,
    bucket: Bucket,
    version: ObjectVersion,
    content: bytes | Sequence[Segment],
    displaced: ObjectVersion | None,
) -> None:
    """Make `version` the object, and remove the one it displaces."""
    transaction.put_current_version(bucket.id, version, content)
    if displaced is not None:
        transaction.delete_version(displaced)


def to_second(moment: datetime) -> datetime:
    """Return the moment as OSS keeps it."""
    # OSS: times of objects have a resolution of one second; milliseconds in XML are always .000.
    return moment.replace(microsecond=0)
