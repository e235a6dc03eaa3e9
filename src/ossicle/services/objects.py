"""Objects: put, read, delete, list. What an upload was promised before its body is judged again in the commit."""

import base64
import binascii
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from ossicle.model.objects import Bucket, ObjectPage, ObjectVersion, StoredHeaders
from ossicle.ports import BlobReader, BlobStore, Corrupt, MetadataStore, Reading, Transaction
from ossicle.services.access import authorize_object
from ossicle.services.body import Body
from ossicle.services.collection import Collection
from ossicle.services.identity import Principal
from ossicle.services.intake import Intake, IntakeLimits
from ossicle.services.numbering import Numbering
from ossicle.wire.digest import Digest, render_etag
from ossicle.wire.errors import FileAlreadyExists, InvalidArgument, InvalidCRC64, InvalidDigest, NoSuchBucket, NoSuchKey
from ossicle.wire.names import NULL_VERSION, ObjectAcl, ObjectKey, ObjectType, StorageClass
from ossicle.wire.ranges import ByteRange
from ossicle.wire.sources import Clock

READ_BYTES = 1024 * 1024
_MD5_BYTES = 16


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

    async def put(self, bucket: Bucket, upload: Upload, body: Body) -> ObjectVersion:
        """Store an object whole. When this returns it is on disk; until then the one before it is what others see.

        Raises:
            EntityTooLarge, IncompleteBody, InvalidDigest, InvalidCRC64: nothing was stored.
            FileAlreadyExists: the key is taken and the upload forbids overwriting.
            NoSuchBucket: the bucket was deleted meanwhile.
        """
        expected_md5 = parse_content_md5(upload.content_md5)
        async with Intake(self._blobs, self._numbering, self._limits) as intake:
            intake.judge_length(body.length)
            if upload.is_overwrite_forbidden:
                await self._refuse_overwrite(bucket, upload.key)
            await intake.take(body)
            judge_digest(intake.digest, upload.content_md5, expected_md5, upload.crc64)
            await intake.seal()
            version = self._version(upload, intake)
            displaced = await self._metadata.transact(
                lambda transaction: _commit(
                    transaction, bucket, version, intake.small_body, upload.is_overwrite_forbidden
                )
            )
        if displaced is not None and displaced.segments:
            self._collection.wake()
        return version

    async def _refuse_overwrite(self, bucket: Bucket, key: ObjectKey) -> None:
        if await self._metadata.read(lambda rows: rows.current_version(bucket.id, key)) is not None:
            raise FileAlreadyExists

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

    async def delete(self, bucket: Bucket, key: ObjectKey) -> None:
        """Remove an object; one that is not there is no error."""
        removed = await self._metadata.transact(lambda transaction: _delete(transaction, bucket, key))
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
    bucket: Bucket,
    version: ObjectVersion,
    small_body: bytes | None,
    is_overwrite_forbidden: bool,
) -> ObjectVersion | None:
    """Make `version` the object, if the bucket still is and the key may be taken; return what it displaced."""
    row = transaction.bucket(bucket.name)
    if row is None or row.id != bucket.id:
        raise NoSuchBucket(bucket_name=bucket.name)
    displaced = transaction.current_version(bucket.id, version.key)
    if displaced is not None and is_overwrite_forbidden:
        raise FileAlreadyExists
    for segment in version.segments:
        transaction.add_blob(segment.blob, segment.length)
    transaction.put_current_version(bucket.id, version, small_body)
    if displaced is not None:
        transaction.delete_version(displaced)
        transaction.condemn(displaced.segments)
    return displaced


def _delete(transaction: Transaction, bucket: Bucket, key: ObjectKey) -> ObjectVersion | None:
    removed = transaction.current_version(bucket.id, key)
    if removed is not None:
        transaction.delete_current_version(bucket.id, key)
        transaction.delete_version(removed)
        transaction.condemn(removed.segments)
    return removed


def _open(rows: Reading, bucket: Bucket, key: ObjectKey) -> tuple[ObjectVersion | None, bytes | None]:
    version = rows.current_version(bucket.id, key)
    return version, rows.small_body(version.id) if version is not None and version.is_inline else None


def _judge_found(principal: Principal, bucket: Bucket, key: ObjectKey, version: ObjectVersion | None) -> ObjectVersion:
    authorize_object(principal, bucket, version)
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


def parse_content_md5(text: str | None) -> bytes | None:
    """Return the 16 bytes of a Content-MD5 value.

    Raises:
        InvalidDigest: it is not base64 of 16 bytes.
    """
    if text is None:
        return None
    try:
        md5 = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidDigest(content_md5=text) from error
    if len(md5) != _MD5_BYTES:
        raise InvalidDigest(content_md5=text)
    return md5


def judge_digest(digest: Digest, content_md5: str | None, expected_md5: bytes | None, crc64: str | None) -> None:
    """Compare what arrived with what was announced.

    Raises:
        InvalidDigest: the MD5 differs.
        InvalidCRC64: the CRC-64 differs.
        InvalidArgument: the CRC-64 is not a decimal number.
    """
    if expected_md5 is not None and digest.md5 != expected_md5:
        raise InvalidDigest(content_md5=content_md5)
    if crc64 is not None:
        if not (crc64.isascii() and crc64.isdigit()):
            raise InvalidArgument(argument_name="x-oss-hash-crc64ecma", argument_value=crc64)
        if int(crc64) != digest.crc64:
            raise InvalidCRC64
