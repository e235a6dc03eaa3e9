"""Objects: put, read, delete, list. What an upload was promised before its body is judged again in the commit."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ossicle.model.objects import Bucket, ObjectPage, ObjectVersion, StoredHeaders
from ossicle.ports import BlobReader, BlobStore, Conflict, Corrupt, MetadataStore, Reading, Transaction
from ossicle.services.access import authorize_object
from ossicle.services.body import Body
from ossicle.services.checksums import Checksums
from ossicle.services.collection import Collection
from ossicle.services.identity import Principal
from ossicle.services.intake import Intake, IntakeLimits
from ossicle.services.numbering import Numbering
from ossicle.wire.digest import render_etag
from ossicle.wire.errors import FileAlreadyExists, NoSuchBucket, NoSuchKey, OssError
from ossicle.wire.names import NULL_VERSION, ObjectAcl, ObjectKey, ObjectType, StorageClass
from ossicle.wire.operation import Access
from ossicle.wire.ranges import ByteRange
from ossicle.wire.sources import Clock

READ_BYTES: Final = 1024 * 1024
"""Bytes of a blob that are read at a time, one hop to a thread each: a quarter of it costs a third of the rate of large reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What a PUT says of an object besides its bytes. `content_md5` is base64 and `crc64` decimal text, as received."""

    key: ObjectKey
    headers: StoredHeaders
    metadata: tuple[tuple[str, str], ...]
    acl: ObjectAcl
    storage_class: StorageClass
    content_md5: str | None
    crc64: str | None
    is_overwrite_forbidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An object found for reading: its version and, when small, its bytes."""

    version: ObjectVersion
    small_body: bytes | None


class Objects:
    """The objects of all buckets."""

    def __init__(
        self,
        metadata: MetadataStore,
        blobs: BlobStore,
        numbering: Numbering,
        collection: Collection,
        clock: Clock,
        limits: IntakeLimits,
    ) -> None:
        self._metadata = metadata
        self._blobs = blobs
        self._numbering = numbering
        self._collection = collection
        self._clock = clock
        self._limits = limits

    async def put(self, principal: Principal, bucket: Bucket, upload: Upload, body: Body) -> ObjectVersion:
        """Store an object whole. When this returns it is on disk; until then the one before it is what others see.

        Raises:
            AccessDenied: the caller may not write here, or not replace what is here.
            EntityTooLarge, IncompleteBody, InvalidArgument, InvalidDigest, InvalidCRC64: nothing was stored.
            FileAlreadyExists: the key is taken and the upload forbids overwriting.
            NoSuchBucket: the bucket was deleted meanwhile.
        """
        await self._judge_write(principal, bucket, upload.key, is_overwrite_forbidden=upload.is_overwrite_forbidden)
        announced = Checksums.parse(content_md5=upload.content_md5, crc64=upload.crc64)
        async with Intake(self._blobs, self._numbering, self._limits) as intake:
            await intake.take(body)
            announced.judge(intake.digest)
            await intake.seal()
            version = self._version(upload, intake)
            displaced = await self._commit(principal, bucket, upload, intake, version)
        if displaced is not None and displaced.segments:
            self._collection.wake()
        return version

    async def _commit(
        self, principal: Principal, bucket: Bucket, upload: Upload, intake: Intake, version: ObjectVersion
    ) -> ObjectVersion | None:
        try:
            return await self._metadata.transact(
                lambda transaction: _commit(transaction, principal, bucket, upload, version, intake.small_body)
            )
        except (OssError, Conflict):
            # Only a refusal is certain. After any other failure the row may be there, and its blob stays for the sweep to judge.
            await intake.withdraw()
            raise

    async def _judge_write(
        self, principal: Principal, bucket: Bucket, key: ObjectKey, *, is_overwrite_forbidden: bool = False
    ) -> None:
        """Judge a write on what is there now, before any cost; the owner's usual one needs no look."""
        if principal.account != bucket.owner or is_overwrite_forbidden:
            current = await self._metadata.read(lambda rows: rows.current_version(bucket.id, key))
            _judge_displaced(principal, bucket, current, is_overwrite_forbidden=is_overwrite_forbidden)

    def _version(self, upload: Upload, intake: Intake) -> ObjectVersion:
        digest = intake.digest
        return ObjectVersion(
            id=self._numbering.row(),
            key=upload.key,
            version_id=NULL_VERSION,
            type=ObjectType.NORMAL,
            size=digest.size,
            etag=render_etag(digest.md5),
            content_md5=digest.md5,
            crc64=digest.crc64,
            storage_class=upload.storage_class,
            acl=upload.acl,
            last_modified=_to_second(self._clock()),
            headers=upload.headers,
            metadata=upload.metadata,
            is_inline=intake.small_body is not None,
            segments=intake.segments,
        )

    async def find(self, principal: Principal, bucket: Bucket, key: ObjectKey) -> ObjectVersion:
        """Return the current version.

        Raises:
            AccessDenied: the caller may not read it, or may not know that it is not there.
            NoSuchKey: there is none.
        """
        version = await self._metadata.read(lambda rows: rows.current_version(bucket.id, key))
        return _judge_found(principal, bucket, key, version)

    async def open(self, principal: Principal, bucket: Bucket, key: ObjectKey) -> Opened:
        """Return the current version with what is needed to read it, from one snapshot.

        Raises:
            AccessDenied, NoSuchKey: as `find` does.
        """
        version, small_body = await self._metadata.read(lambda rows: _open(rows, bucket, key))
        return Opened(version=_judge_found(principal, bucket, key, version), small_body=small_body)

    async def read(self, opened: Opened, part: ByteRange) -> "bytes | ObjectStream":
        """Return the bytes of `part`; a blob is open when this returns, so that a failure can still be answered."""
        if opened.small_body is not None:
            return opened.small_body[part.start : part.start + part.length]
        segments = opened.version.segments
        if len(segments) != 1:
            raise Corrupt(f"version {opened.version.id} has {len(segments)} segments")
        blob = segments[0].blob
        with self._collection.pinned(blob):
            reader = await self._blobs.open(blob)
        return ObjectStream(reader, segments[0].offset + part.start, part.length)

    async def delete(self, principal: Principal, bucket: Bucket, key: ObjectKey) -> None:
        """Remove an object; one that is not there is no error.

        Raises:
            AccessDenied: the caller may not write here, or not remove what is here.
        """
        await self._judge_write(principal, bucket, key)
        removed = await self._metadata.transact(lambda transaction: _delete(transaction, principal, bucket, key))
        if removed is not None and removed.segments:
            self._collection.wake()

    async def list(self, bucket: Bucket, *, prefix: str, delimiter: str, after: str, limit: int) -> ObjectPage:
        """Return one page of keys and common prefixes, in byte order, after `after`."""
        return await self._metadata.scan(
            lambda rows: rows.list_objects(bucket.id, prefix=prefix, delimiter=delimiter, after=after, limit=limit)
        )


def _to_second(moment: datetime) -> datetime:
    # OSS: times of objects have a resolution of one second; milliseconds in XML are always .000.
    return moment.replace(microsecond=0)


def _commit(
    transaction: Transaction,
    principal: Principal,
    bucket: Bucket,
    upload: Upload,
    version: ObjectVersion,
    small_body: bytes | None,
) -> ObjectVersion | None:
    """Make `version` the object, if the bucket still is and the key may be taken; return what it displaced."""
    row = transaction.bucket(bucket.name)
    if row is None or row.id != bucket.id:
        raise NoSuchBucket(bucket_name=bucket.name)
    displaced = transaction.current_version(bucket.id, version.key)
    _judge_displaced(principal, row, displaced, is_overwrite_forbidden=upload.is_overwrite_forbidden)
    for segment in version.segments:
        transaction.add_blob(segment.blob, segment.length)
    transaction.put_current_version(bucket.id, version, small_body)
    if displaced is not None:
        transaction.delete_version(displaced)
        transaction.condemn(displaced.segments)
    return displaced


def _judge_displaced(
    principal: Principal, bucket: Bucket, displaced: ObjectVersion | None, *, is_overwrite_forbidden: bool
) -> None:
    authorize_object(principal, bucket, displaced, Access.WRITE)
    if displaced is not None and is_overwrite_forbidden:
        raise FileAlreadyExists


def _delete(transaction: Transaction, principal: Principal, bucket: Bucket, key: ObjectKey) -> ObjectVersion | None:
    removed = transaction.current_version(bucket.id, key)
    authorize_object(principal, bucket, removed, Access.WRITE)
    if removed is not None:
        transaction.delete_current_version(bucket.id, key)
        transaction.delete_version(removed)
        transaction.condemn(removed.segments)
    return removed


def _open(rows: Reading, bucket: Bucket, key: ObjectKey) -> tuple[ObjectVersion | None, bytes | None]:
    version = rows.current_version(bucket.id, key)
    return version, rows.small_body(version.id) if version is not None and version.is_inline else None


def _judge_found(principal: Principal, bucket: Bucket, key: ObjectKey, version: ObjectVersion | None) -> ObjectVersion:
    authorize_object(principal, bucket, version, Access.READ)
    if version is None:
        raise NoSuchKey(key=key)
    return version


class ObjectStream:
    """A part of an open blob, in chunks of at most 1 MiB. Close it, read or not."""

    def __init__(self, reader: BlobReader, start: int, length: int) -> None:
        self._reader = reader
        self._start = start
        self._end = start + length

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self._start < self._end:
            count = min(READ_BYTES, self._end - self._start)
            yield await self._reader.read(self._start, count)
            self._start += count

    async def aclose(self) -> None:
        """Let go of the blob."""
        await self._reader.close()
