"""Values to put into stores."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from ossicle.model.objects import Bucket, MultipartUpload, ObjectVersion, Part, Segment, StoredHeaders
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
    UploadId,
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
    """Return a version, inline and of `size` bytes when it has no segments, else of theirs."""
    return ObjectVersion(
        id=number,
        key=ObjectKey(key),
        version_id=NULL_VERSION,
        type=ObjectType.NORMAL,
        size=sum(segment.length for segment in segments) if segments else size,
        etag=ETag("900150983CD24FB0D6963F7D28E17F72"),
        content_md5=bytes.fromhex("900150983cd24fb0d6963f7d28e17f72"),
        crc64=2**64 - number,
        storage_class=StorageClass.STANDARD,
        acl=ObjectAcl.DEFAULT,
        last_modified=NOON,
        headers=StoredHeaders(content_type="text/plain"),
        metadata=(("colour", "red"),),
        is_inline=not segments,
    )


def put(
    transaction: Transaction, bucket_id: int, version: ObjectVersion, content: bytes | Sequence[Segment] = b"abc"
) -> None:
    """Make a version current."""
    transaction.put_current_version(bucket_id, version, content)


def putting(
    bucket_id: int, version: ObjectVersion, content: bytes | Sequence[Segment] = b"abc"
) -> Callable[[Transaction], None]:
    """Return the unit of work that does so."""
    return lambda transaction: put(transaction, bucket_id, version, content)


def make_upload(number: int, key: str = "key", upload_id: str | None = None) -> MultipartUpload:
    """Return an upload, called after its number unless told otherwise."""
    return MultipartUpload(
        id=number,
        key=ObjectKey(key),
        upload_id=UploadId(f"{number:032X}" if upload_id is None else upload_id),
        initiated_at=NOON,
        storage_class=StorageClass.IA,
        acl=ObjectAcl.PUBLIC_READ,
        headers=StoredHeaders(content_type="text/plain", expires="never\udcff"),
        metadata=(("colour", "red"),),
    )


def make_part(number: int, size: int = 10) -> Part:
    return Part(
        number=number,
        size=size,
        etag=ETag(f"{number:032X}"),
        crc64=2**64 - number,
        last_modified=NOON,
    )
