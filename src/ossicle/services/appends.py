"""Appendable objects: one version that grows at its end, until it is sealed.

Rows are added, bytes are not moved, but for a short end: an append that fits with it into a small body takes it along, so that an
object written line by line is not one file a line.
"""

import hashlib
from dataclasses import replace
from datetime import datetime

from ossicle.model.objects import Bucket, ObjectVersion, Segment
from ossicle.ports import Conflict, Corrupt, Reading, Transaction
from ossicle.services.body import Body
from ossicle.services.buckets import current_bucket
from ossicle.services.checksums import Checksums
from ossicle.services.ground import Ground
from ossicle.services.identity import Principal
from ossicle.services.intake import Intake
from ossicle.services.objects import Upload
from ossicle.services.quota import judge_growth
from ossicle.services.retention import judge_appending, judge_change
from ossicle.services.writing import judge_write, replace_current, to_second
from ossicle.wire.digest import Digest, combine_crc64, render_etag
from ossicle.wire.errors import (
    AppendSealedObjectNotAllowed,
    NoSuchKey,
    ObjectNotAppendable,
    PositionNotEqualToLength,
)
from ossicle.wire.names import NULL_VERSION, ETag, ObjectKey, ObjectType, Versioning
from ossicle.wire.records import record


@record
class Append:
    """Bytes to be added at `position`. What `upload` says of the object counts if this makes it."""

    upload: Upload
    position: int


@record
class _Addition:
    """What a commit adds: new bytes by their digest, in `segments` together with the end that they replace."""

    digest: Digest
    segments: tuple[Segment, ...]
    replaced: Segment | None
    number: int
    moment: datetime


class Appends:
    """The appendable objects of all buckets."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def append(self, principal: Principal, bucket: Bucket, append: Append, body: Body) -> ObjectVersion:
        """Add bytes, and return the object with them. Of two that name the same position, one is refused.

        Raises:
            AccessDenied: the caller may not write here.
            AppendSealedObjectNotAllowed: the object takes no more.
            EntityTooLarge, IncompleteBody, InvalidArgument, InvalidDigest, InvalidCRC64: nothing was added.
            FileAlreadyExists: the object would begin here, and there is one.
            FileImmutable: the object is retained.
            NoSuchBucket: the bucket was deleted meanwhile.
            ObjectNotAppendable: what is here is of another type.
            PositionNotEqualToLength: the object ends elsewhere.
        """
        begun = self._ground.clock()
        end = await self._ground.metadata.read(lambda rows: _end(rows, _judge(rows, principal, bucket, append, begun)))
        announced = Checksums.parse(content_md5=append.upload.content_md5, crc64=append.upload.crc64)
        async with Intake(
            self._ground.blobs, self._ground.numbering, self._ground.limits, bytes_before=append.position
        ) as intake:
            await intake.take(body)
            announced.judge(intake.digest)
            replaced = await self._join(intake, end)
            await intake.seal()
            addition = _Addition(
                digest=intake.digest,
                segments=intake.segments,
                replaced=replaced,
                number=self._ground.numbering.row(),
                moment=to_second(self._ground.clock()),
            )
            version = await intake.commit(
                self._ground.metadata.transact(
                    lambda transaction: _commit(transaction, principal, bucket, append, addition)
                )
            )
        if replaced is not None:
            self._ground.collection.wake()
        return version

    async def _join(self, intake: Intake, end: Segment | None) -> Segment | None:
        """Stage a short body, together with the object's end if both are short; return the end if it is taken along."""
        if not intake.small_body:
            return None
        if end is None or end.length + intake.digest.size > self._ground.limits.small_body_bytes:
            await intake.stage_small_body(b"")
            return None
        try:
            reader = await self._ground.blobs.open(end.blob)
        except Corrupt:
            # Somebody was quicker, or the blob is lost; either way the bytes are none of this append's.
            await intake.stage_small_body(b"")
            return None
        try:
            before = await reader.read(end.offset, end.length)
        finally:
            await reader.close()
        await intake.stage_small_body(before)
        return end

    async def seal(self, principal: Principal, bucket: Bucket, key: ObjectKey, position: int) -> ObjectVersion:
        """Let no more bytes be added to an object that ends at `position`; one that is sealed stays as it is.

        Raises:
            AccessDenied, FileImmutable, NoSuchBucket, ObjectNotAppendable, PositionNotEqualToLength: as `append` does.
            NoSuchKey: there is no object.
        """
        moment = to_second(self._ground.clock())

        def change(transaction: Transaction) -> ObjectVersion:
            row = current_bucket(transaction, bucket)
            version = _find(transaction, principal, row, key)
            if version is None:
                raise NoSuchKey(key=key)
            _judge_position(version, position)
            # OSS: what a second sealing is answered is unverified; here it changes nothing.
            if version.traits.sealed_at is not None:
                return version
            judge_change(transaction, row, version, moment)
            sealed = replace(version, traits=replace(version.traits, sealed_at=moment))
            transaction.update_version(sealed)
            return sealed

        return await self._ground.metadata.transact(change)


def _judge(
    rows: Reading, principal: Principal, bucket: Bucket, append: Append, moment: datetime
) -> ObjectVersion | None:
    """Return the object that would grow, None where this append makes it."""
    # OSS: the prohibition counts for the append that makes the object; that others ignore it is unverified.
    forbidden = append.upload.is_overwrite_forbidden and append.position == 0
    version = _find(rows, principal, bucket, append.upload.key, is_overwrite_forbidden=forbidden)
    judge_appending(bucket)
    # OSS: that a sealed object is refused before its position is judged is unverified.
    if version is not None and version.traits.sealed_at is not None:
        raise AppendSealedObjectNotAllowed
    _judge_position(version, append.position)
    judge_change(rows, bucket, version, moment)
    return version


def _find(
    rows: Reading, principal: Principal, bucket: Bucket, key: ObjectKey, *, is_overwrite_forbidden: bool = False
) -> ObjectVersion | None:
    version = judge_write(rows, principal, bucket, key, is_overwrite_forbidden=is_overwrite_forbidden)
    if version is None and bucket.versioning is not None and rows.latest_version(bucket.id, key) is not None:
        # OSS: a delete marker is an object of another type. A new object of id `null` might displace one beneath it.
        raise ObjectNotAppendable
    if version is not None and version.type is not ObjectType.APPENDABLE:
        raise ObjectNotAppendable
    return version


def _judge_position(version: ObjectVersion | None, position: int) -> None:
    length = 0 if version is None else version.size
    if position != length:
        raise PositionNotEqualToLength(headers=(("x-oss-next-append-position", str(length)),))


def _end(rows: Reading, version: ObjectVersion | None) -> Segment | None:
    """Return the last segment of an appendable object: each of its blobs is used whole."""
    if version is None or version.size == 0:
        return None
    last = rows.segments(version.id, start=version.size - 1, length=1)[0]
    return Segment(blob=last.blob, offset=0, length=last.offset + 1)


def _commit(
    transaction: Transaction, principal: Principal, bucket: Bucket, append: Append, addition: _Addition
) -> ObjectVersion:
    row = current_bucket(transaction, bucket)
    version = _judge(transaction, principal, row, append, addition.moment)
    if version is not None and addition.digest.size == 0:
        return version
    if version is not None:
        judge_growth(transaction, row, addition.digest.size)
    for segment in addition.segments:
        transaction.add_blob(segment.blob, segment.length)
    if version is None:
        # OSS: appendable objects have the id `null` in every bucket, as all objects have where versioning is suspended.
        place = row if row.versioning is None else replace(row, versioning=Versioning.SUSPENDED)
        return replace_current(transaction, place, _made(append, addition), addition.segments, None)[0]
    start = append.position
    if addition.replaced is not None:
        if _end(transaction, version) != addition.replaced:
            raise Conflict(f"version {version.id} has another end")
        start -= addition.replaced.length
        transaction.cut_segments(version.id, position=start)
    transaction.append_segments(version.id, position=start, segments=addition.segments)
    grown = _grown(version, addition)
    transaction.update_version(grown)
    return grown


def _made(append: Append, addition: _Addition) -> ObjectVersion:
    upload, digest = append.upload, addition.digest
    return ObjectVersion(
        id=addition.number,
        key=upload.key,
        version_id=NULL_VERSION,
        type=ObjectType.APPENDABLE,
        size=digest.size,
        etag=_chained("", digest),
        content_md5=None,
        crc64=digest.crc64,
        storage_class=upload.storage_class,
        acl=upload.acl,
        last_modified=addition.moment,
        headers=upload.headers,
        metadata=upload.metadata,
        is_inline=False,
        traits=upload.traits,
    )


def _grown(version: ObjectVersion, addition: _Addition) -> ObjectVersion:
    digest = addition.digest
    return replace(
        version,
        size=version.size + digest.size,
        etag=_chained(version.etag, digest),
        crc64=combine_crc64(version.crc64, digest.crc64, digest.size),
        last_modified=addition.moment,
    )


def _chained(before: str, digest: Digest) -> ETag:
    """Return the ETag after an append: of what the object was and of what was added, since the whole is not read again."""
    # OSS: how the service makes it is unverified; it has the same form, and is not the MD5 of the bytes.
    return render_etag(hashlib.md5(before.encode() + digest.md5, usedforsecurity=False).digest())
