"""Objects: put, read, delete, list. What an upload was promised before its body is judged again in the commit."""

from collections.abc import Callable, Sequence
from typing import Final

from ossicle.model.objects import NO_TRAITS, Bucket, ObjectPage, ObjectVersion, Segment, StoredHeaders, Traits
from ossicle.ports import BlobStore, Corrupt, MetadataStore, Reading, Transaction
from ossicle.services.access import authorize_object
from ossicle.services.body import Body
from ossicle.services.buckets import current_bucket
from ossicle.services.checksums import Checksums
from ossicle.services.collection import Collection
from ossicle.services.identity import Principal
from ossicle.services.intake import Intake, IntakeLimits
from ossicle.services.links import follow
from ossicle.services.numbering import Numbering
from ossicle.services.streams import ObjectStream
from ossicle.services.writing import judge_write, replace_current, to_second
from ossicle.wire.digest import render_etag
from ossicle.wire.errors import NoSuchKey
from ossicle.wire.names import NULL_VERSION, ObjectAcl, ObjectKey, ObjectType, StorageClass
from ossicle.wire.operation import Access
from ossicle.wire.ranges import ByteRange
from ossicle.wire.records import record
from ossicle.wire.sources import Clock

WHOLE_BYTES: Final = 64 * 1024
"""Up to here bytes are read before the answer begins, and leave with its head: a stream costs more than they do."""

Choose = Callable[[ObjectVersion], ByteRange | None]
"""Which bytes of the version that was found are wanted; None for none. What it raises is what the caller is told."""
_Found = tuple[ObjectVersion, ByteRange | None, bytes | Sequence[Segment]]


@record
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
    traits: Traits = NO_TRAITS


@record
class Opened:
    """An object found for reading: its version, the part that was chosen, and that part's bytes."""

    version: ObjectVersion
    part: ByteRange | None
    content: bytes | ObjectStream

    async def body(self) -> bytes | ObjectStream:
        """Return the content as it is best sent: what is short as bytes, its stream read and closed.

        Raises:
            Corrupt, StoreUnavailable: as the store did.
        """
        if isinstance(self.content, bytes) or self.part is None or self.part.length > WHOLE_BYTES:
            return self.content
        return await self.content.whole()


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
        await self.judge_write(principal, bucket, upload.key, is_overwrite_forbidden=upload.is_overwrite_forbidden)
        announced = Checksums.parse(content_md5=upload.content_md5, crc64=upload.crc64)
        async with Intake(self._blobs, self._numbering, self._limits) as intake:
            await intake.take(body)
            announced.judge(intake.digest)
            await intake.seal()
            version = self._version(upload, intake)
            stored, removed = await intake.commit(
                self._metadata.transact(
                    lambda transaction: _commit(transaction, principal, bucket, upload, version, intake)
                )
            )
        self._wake_for(removed)
        return stored

    async def judge_write(
        self, principal: Principal, bucket: Bucket, key: ObjectKey, *, is_overwrite_forbidden: bool = False
    ) -> None:
        """Judge a write on what is there now, before any cost; the owner's usual one needs no look.

        Raises:
            AccessDenied: the caller may not write here, or not replace what is here.
            FileAlreadyExists: the key is taken, and must not be.
        """
        if principal.account != bucket.owner or is_overwrite_forbidden:
            await self._metadata.read(
                lambda rows: judge_write(rows, principal, bucket, key, is_overwrite_forbidden=is_overwrite_forbidden)
            )

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
            last_modified=to_second(self._clock()),
            headers=upload.headers,
            metadata=upload.metadata,
            is_inline=intake.small_body is not None,
            traits=upload.traits,
        )

    async def find(self, principal: Principal, bucket: Bucket, key: ObjectKey) -> ObjectVersion:
        """Return the current version.

        Raises:
            AccessDenied: the caller may not read it, or may not know that it is not there.
            NoSuchKey: there is none.
        """
        return await self._metadata.read(lambda rows: find_readable(rows, principal, bucket, key))

    async def look_at(self, principal: Principal, bucket: Bucket, key: ObjectKey) -> ObjectVersion:
        """Return what a reader of the object gets: the current version, or what it is a link to.

        Raises:
            AccessDenied, NoSuchKey: as `find` does.
            InvalidTargetType, SymlinkTargetNotExist: a link leads nowhere.
        """
        return await self._metadata.read(lambda rows: _look_at(rows, principal, bucket, key))

    async def open(self, principal: Principal, bucket: Bucket, key: ObjectKey, choose: Choose) -> Opened:
        """Return the current version and the bytes that `choose` asks for, from one snapshot.

        A blob is open when this returns, so that its failure can still be answered. A stream must be closed.

        Raises:
            AccessDenied, NoSuchKey, InvalidTargetType, SymlinkTargetNotExist: as `look_at` does.
        """
        while True:
            version, part, content = await self._metadata.read(lambda rows: _open(rows, principal, bucket, key, choose))
            if isinstance(content, bytes):
                return Opened(version=version, part=part, content=content)
            stream = ObjectStream(self._blobs, self._collection.pins, content)
            if await self._begin(stream, bucket, version):
                return Opened(version=version, part=part, content=stream)

    async def _begin(self, stream: ObjectStream, bucket: Bucket, version: ObjectVersion) -> bool:
        """Open the first blob; False if the version was replaced before its bytes were safe from deletion."""
        if stream.has_pins and await self._is_replaced(bucket, version):
            await stream.aclose()
            return False
        try:
            await stream.begin()
        except Corrupt:
            if await self._is_replaced(bucket, version):
                return False
            raise
        return True

    async def _is_replaced(self, bucket: Bucket, version: ObjectVersion) -> bool:
        current = await self._metadata.read(lambda rows: rows.current_version(bucket.id, version.key))
        # An append keeps the version, but it may move the bytes at its end to another blob.
        return current is None or (current.id, current.size) != (version.id, version.size)

    async def delete(self, principal: Principal, bucket: Bucket, keys: Sequence[ObjectKey]) -> None:
        """Remove objects, all or none; one that is not there is no error.

        Raises:
            AccessDenied: the caller may not write here, or not remove what is here.
        """
        if principal.account != bucket.owner:
            await self._metadata.scan(lambda rows: _judge_removal(rows, principal, bucket, keys))
        transact = self._metadata.transact if len(keys) == 1 else self._metadata.transact_bulk
        removed = await transact(lambda transaction: _delete(transaction, principal, bucket, keys))
        for version in removed:
            self._wake_for(version)

    def _wake_for(self, removed: ObjectVersion | None) -> None:
        if removed is not None and not removed.is_inline:
            self._collection.wake()

    async def list(self, bucket: Bucket, *, prefix: str, delimiter: str, after: str, limit: int) -> ObjectPage:
        """Return one page of keys and common prefixes, in byte order, after `after`."""
        return await self._metadata.scan(
            lambda rows: rows.list_objects(bucket.id, prefix=prefix, delimiter=delimiter, after=after, limit=limit)
        )


def _commit(
    transaction: Transaction,
    principal: Principal,
    bucket: Bucket,
    upload: Upload,
    version: ObjectVersion,
    intake: Intake,
) -> tuple[ObjectVersion, ObjectVersion | None]:
    """Make `version` the object, if the bucket still is and the key may be taken; return it, and what went for it."""
    row = current_bucket(transaction, bucket)
    forbidden = upload.is_overwrite_forbidden
    displaced = judge_write(transaction, principal, row, version.key, is_overwrite_forbidden=forbidden)
    for segment in intake.segments:
        transaction.add_blob(segment.blob, segment.length)
    content = intake.segments if intake.small_body is None else intake.small_body
    return replace_current(transaction, row, version, content, displaced)


def _judge_removal(rows: Reading, principal: Principal, bucket: Bucket, keys: Sequence[ObjectKey]) -> None:
    for key in keys:
        judge_write(rows, principal, bucket, key, is_overwrite_forbidden=False)


def _delete(
    transaction: Transaction, principal: Principal, bucket: Bucket, keys: Sequence[ObjectKey]
) -> list[ObjectVersion]:
    removed = []
    for key in keys:
        version = judge_write(transaction, principal, bucket, key, is_overwrite_forbidden=False)
        if version is not None:
            transaction.delete_current_version(bucket.id, key)
            transaction.delete_version(version)
            removed.append(version)
    return removed


def _open(rows: Reading, principal: Principal, bucket: Bucket, key: ObjectKey, choose: Choose) -> _Found:
    version, body = rows.current_object(bucket.id, key) or (None, None)
    version = _readable(version, principal, bucket, key)
    if version.type is ObjectType.SYMLINK:
        version, body = follow(rows, principal, bucket, version)
    part = choose(version)
    if part is None:
        return version, None, b""
    return version, part, _part_of(version, body, part) if version.is_inline else _segments_of(rows, version, part)


def _look_at(rows: Reading, principal: Principal, bucket: Bucket, key: ObjectKey) -> ObjectVersion:
    version = find_readable(rows, principal, bucket, key)
    return follow(rows, principal, bucket, version)[0] if version.type is ObjectType.SYMLINK else version


def content_of(rows: Reading, version: ObjectVersion, part: ByteRange) -> bytes | Sequence[Segment]:
    """Return the bytes of a part of a version, or where they are.

    Raises:
        Corrupt: the rows are not those of a version of this size.
    """
    if version.is_inline:
        return _part_of(version, rows.small_body(version.id), part)
    return _segments_of(rows, version, part)


def _part_of(version: ObjectVersion, body: bytes | None, part: ByteRange) -> bytes:
    if body is None or len(body) != version.size:
        raise Corrupt(f"version {version.id} has no body of {version.size} bytes")
    return body[part.start : part.start + part.length]


def _segments_of(rows: Reading, version: ObjectVersion, part: ByteRange) -> bytes | Sequence[Segment]:
    segments = rows.segments(version.id, start=part.start, length=part.length)
    if sum(segment.length for segment in segments) != part.length:
        raise Corrupt(f"version {version.id} has not the {part.length} bytes from {part.start}")
    return segments or b""


def find_readable(rows: Reading, principal: Principal, bucket: Bucket, key: ObjectKey) -> ObjectVersion:
    """Return the current version, see `Objects.find`."""
    return _readable(rows.current_version(bucket.id, key), principal, bucket, key)


def _readable(version: ObjectVersion | None, principal: Principal, bucket: Bucket, key: ObjectKey) -> ObjectVersion:
    authorize_object(principal, bucket, version, Access.READ)
    if version is None:
        raise NoSuchKey(key=key)
    return version
