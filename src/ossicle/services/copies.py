"""Copies: of an object to another, and of a range of one to a part. Rows are written, the bytes stay where they are.

Only a part that was never hashed by itself is read once, for its checksums.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from typing import Final

from ossicle.model.objects import Bucket, ObjectVersion, Part, StoredHeaders, Traits
from ossicle.ports import Conflict, Transaction
from ossicle.services.access import authorize_object
from ossicle.services.archive import judge_readable
from ossicle.services.body import HeldBody
from ossicle.services.buckets import current_bucket
from ossicle.services.finding import find_readable
from ossicle.services.ground import Ground
from ossicle.services.identity import Principal
from ossicle.services.objects import Objects
from ossicle.services.reading import Choose, content_of
from ossicle.services.streams import ObjectStream
from ossicle.services.uploads import PartUpload, UploadAddress, Uploads, find_upload, put_part
from ossicle.services.writing import judge_write, replace_current, to_second
from ossicle.wire.digest import Digest, render_etag
from ossicle.wire.errors import EntityTooLarge, MethodNotAllowed, NoSuchKey, OperationNotSupported
from ossicle.wire.names import NULL_VERSION, ObjectAcl, ObjectKey, ObjectType, StorageClass, VersionId
from ossicle.wire.operation import Access
from ossicle.wire.ranges import ByteRange
from ossicle.wire.records import record

_READINGS_MAX: Final = 4


@record
class Source:
    """What is copied, its current version for a `version_id` of None, and which bytes of it; see `Choose`."""

    bucket: Bucket
    key: ObjectKey
    version_id: VersionId | None
    choose: Choose

    def reader(self, principal: Principal) -> Principal:
        """Return the caller as who reads it."""
        return principal.doing("GetObject", has_version=self.version_id is not None)


@record
class Attributes:
    """What a copy does not take over from its source as it is."""

    headers: StoredHeaders
    metadata: tuple[tuple[str, str], ...]
    acl: ObjectAcl
    storage_class: StorageClass
    traits: Traits


@record
class Copy:
    """A copy to be made; `describe` returns the attributes it gets, by the version that is copied."""

    key: ObjectKey
    source: Source
    describe: Callable[[ObjectVersion], Attributes]
    is_overwrite_forbidden: bool


@record
class Copied:
    """The version that was made, and the one that it was made of."""

    version: ObjectVersion
    source: ObjectVersion


@record
class PartCopy:
    """A part to be made of a range of an object."""

    address: UploadAddress
    number: int
    source: Source


@record
class CopiedPart:
    """The part that was made, and what of which version it is."""

    part: Part
    source: ObjectVersion
    range: ByteRange


class Copies:
    """Copying between all buckets."""

    def __init__(self, ground: Ground, *, objects: Objects, uploads: Uploads) -> None:
        self._ground = ground
        self._objects = objects
        self._uploads = uploads

    async def copy(self, principal: Principal, bucket: Bucket, copy: Copy) -> Copied | None:
        """Copy an object in one transaction; None when the source's conditions say that it is not wanted.

        Raises:
            AccessDenied: the caller may not read the source, or not write here.
            EntityTooLarge: the source is beyond the limit of one PUT.
            FileAlreadyExists: the key is taken and the copy forbids overwriting.
            FileImmutable: what is here is retained.
            InvalidObjectState: the source is archived and was not restored.
            NoSuchBucket, NoSuchKey, NoSuchVersion, PreconditionFailed: of the source, or the bucket was deleted meanwhile.
        """
        number, moment = self._ground.numbering.row(), to_second(self._ground.clock())

        def make(transaction: Transaction) -> Copied | None:
            row, source_row = current_bucket(transaction, bucket), current_bucket(transaction, copy.source.bucket)
            with _refusing_markers(copy.source.key):
                found = find_readable(
                    transaction, copy.source.reader(principal), source_row, copy.source.key, copy.source.version_id
                )
            judge_readable(transaction, source_row.id, found, self._ground.clock)
            part = self._choose(copy.source, found)
            if part is None:
                return None
            forbidden = copy.is_overwrite_forbidden
            displaced = judge_write(transaction, principal, row, copy.key, is_overwrite_forbidden=forbidden)
            content = content_of(transaction, found, part)
            version = _copied(found, copy, number=number, moment=moment, is_inline=isinstance(content, bytes))
            placed, _ = replace_current(transaction, row, version, content, displaced)
            return Copied(version=placed, source=found)

        copied = await self._ground.metadata.transact_bulk(make)
        self._ground.collection.wake()
        return copied

    def _choose(self, source: Source, version: ObjectVersion) -> ByteRange | None:
        part = source.choose(version)
        if part is not None and part.length > self._ground.limits.object_bytes_max:
            raise EntityTooLarge(
                "Source object Length exceeds the maximum allowed size.",
                proposed_size=str(part.length),
                max_size_allowed=str(self._ground.limits.object_bytes_max),
            )
        return part

    def _choose_for_part(self, source: Source, version: ObjectVersion) -> ByteRange | None:
        # OSS: appendable objects are documented to be refused; that links are is unverified.
        if version.type in (ObjectType.APPENDABLE, ObjectType.SYMLINK):
            raise OperationNotSupported
        return self._choose(source, version)

    async def copy_part(self, principal: Principal, bucket: Bucket, copy: PartCopy) -> CopiedPart | None:
        """Make a range of an object a part of an upload; None when the source's conditions say that it is not wanted.

        A source whose version is removed while it is read is read again, a few times.

        Raises:
            AccessDenied: the caller may not read the source, or not write the upload's object.
            Conflict: that happened each time.
            EntityTooLarge: the range is beyond the limit of one PUT.
            NoSuchBucket, NoSuchKey, NoSuchVersion, PreconditionFailed: of the source.
            NoSuchUpload: there is none, or it was completed or aborted meanwhile.
            OperationNotSupported: the source is appendable, or a link.
        """
        for _ in range(_READINGS_MAX - 1):
            with suppress(Conflict):
                return await self._copy_part(principal, bucket, copy)
        return await self._copy_part(principal, bucket, copy)

    async def _copy_part(self, principal: Principal, bucket: Bucket, copy: PartCopy) -> CopiedPart | None:
        await self._ground.metadata.read(lambda rows: find_upload(rows, principal, bucket, copy.address))
        source = copy.source
        with _refusing_markers(source.key):
            opened = await self._objects.open(
                source.reader(principal),
                source.bucket,
                source.key,
                lambda version: self._choose_for_part(source, version),
                source.version_id,
            )
        if opened.part is None:
            return None
        if isinstance(opened.content, bytes):
            upload = PartUpload(address=copy.address, number=copy.number, content_md5=None, crc64=None)
            part, _ = await self._uploads.put_part(principal, bucket, upload, HeldBody(opened.content))
        else:
            part = await self._share(principal, bucket, copy, opened.version, opened.part, opened.content)
        return CopiedPart(part=part, source=opened.version, range=opened.part)

    async def _share(
        self,
        principal: Principal,
        bucket: Bucket,
        copy: PartCopy,
        version: ObjectVersion,
        part: ByteRange,
        stream: ObjectStream,
    ) -> Part:
        """Make a part of segments that the source has; their checksums are those of the source, or are made by reading it."""
        try:
            md5, crc64 = version.content_md5, version.crc64
            if part.is_partial or md5 is None:
                md5, crc64 = await _checksums(stream)
        finally:
            await stream.aclose()
        made = Part(
            number=copy.number,
            size=part.length,
            etag=render_etag(md5),
            crc64=crc64,
            last_modified=to_second(self._ground.clock()),
        )

        def insert(transaction: Transaction) -> bool:
            upload = find_upload(transaction, principal, current_bucket(transaction, bucket), copy.address)
            source_row = current_bucket(transaction, copy.source.bucket)
            found = transaction.version(source_row.id, version.key, version.version_id)
            if found is None or found.id != version.id:
                raise Conflict(f"version {version.id} was removed while it was copied")
            authorize_object(transaction, copy.source.reader(principal), source_row, version.key, found, Access.READ)
            segments = transaction.segments(version.id, start=part.start, length=part.length)
            return put_part(transaction, upload, made, segments)

        if await self._ground.metadata.transact_bulk(insert):
            self._ground.collection.wake()
        return made


@contextmanager
def _refusing_markers(key: ObjectKey) -> Iterator[None]:
    """Tell a delete marker that is to be copied as OSS does: there is no such object."""
    try:
        yield
    except MethodNotAllowed as error:
        raise NoSuchKey(key=key) from error


async def _checksums(stream: ObjectStream) -> tuple[bytes, int]:
    digest = Digest()
    async for chunk in stream:
        await asyncio.to_thread(digest.update, chunk)
    return digest.md5, digest.crc64


def _copied(source: ObjectVersion, copy: Copy, *, number: int, moment: datetime, is_inline: bool) -> ObjectVersion:
    # OSS: that a copy of a multipart object keeps its ETag and type is unverified; the bytes are not read, so no MD5 is known.
    # OSS: so is that a copy of an appendable object is a normal one.
    attributes = copy.describe(source)
    return replace(
        source,
        id=number,
        key=copy.key,
        version_id=NULL_VERSION,
        rank=0,
        last_modified=moment,
        storage_class=attributes.storage_class,
        acl=attributes.acl,
        headers=attributes.headers,
        metadata=attributes.metadata,
        traits=attributes.traits,
        is_inline=is_inline,
        type=ObjectType.NORMAL if source.type is ObjectType.APPENDABLE else source.type,
    )
