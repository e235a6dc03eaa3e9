"""Values to put into stores."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from ossicle.model.objects import Bucket, ObjectVersion, Segment, StoredHeaders
from ossicle.ports import Transaction
from ossicle.wire.names import (
    NULL_VERSION,
    AccountId,
    BlobId,
    BucketAcl,
    BucketName,
    DataRedundancyType,
    ETag,
    ObjectAcl,
    ObjectKey,
    ObjectType,
    StorageClass,
    Versioning,
)

OWNER = AccountId("1000000000000001")
NOON = datetime(2026, 3, 14, 12, 0, 0, 123456, tzinfo=UTC)


def noon() -> datetime:
    """A clock that stands still."""
    return NOON


def make_bucket(
    number: int = 1,
    name: str = "bucket",
    *,
    owner: AccountId = OWNER,
    acl: BucketAcl = BucketAcl.PRIVATE,
    versioning: Versioning | None = None,
) -> Bucket:
    return Bucket(
        id=number,
        name=BucketName(name),
        owner=owner,
        created_at=NOON,
        acl=acl,
        storage_class=StorageClass.STANDARD,
        redundancy=DataRedundancyType.LRS,
        versioning=versioning,
    )


def make_blob_id(number: int, incarnation: int = 1) -> BlobId:
    return BlobId(f"{incarnation:x}-{number:032x}")


def make_segment(number: int, *, offset: int = 0, length: int = 10, incarnation: int = 1) -> Segment:
    return Segment(blob=make_blob_id(number, incarnation), offset=offset, length=length)


def make_version(number: int, key: str = "key", *, segments: Sequence[Segment] = (), size: int = 3) -> ObjectVersion:
    """Return a version, inline when it has no segments."""
    return ObjectVersion(
        id=number,
        key=ObjectKey(key),
        version_id=NULL_VERSION,
        type=ObjectType.NORMAL,
        size=size,
        etag=ETag("900150983CD24FB0D6963F7D28E17F72"),
        content_md5=bytes.fromhex("900150983cd24fb0d6963f7d28e17f72"),
        crc64=2**64 - number,
        storage_class=StorageClass.STANDARD,
        acl=ObjectAcl.DEFAULT,
        last_modified=NOON,
        headers=StoredHeaders(content_type="text/plain"),
        metadata=(("colour", "red"),),
        is_inline=not segments,
        segments=tuple(segments),
    )


def put(transaction: Transaction, bucket_id: int, version: ObjectVersion, body: bytes = b"abc") -> None:
    """Make a version current, with its small body if it is inline."""
    transaction.put_current_version(bucket_id, version, body if version.is_inline else None)


def putting(bucket_id: int, version: ObjectVersion, body: bytes = b"abc") -> Callable[[Transaction], None]:
    """Return the unit of work that does so."""
    return lambda transaction: put(transaction, bucket_id, version, body)
