"""Objects: put, read, delete, list. What an upload was promised before its body is judged again in the commit."""

from collections.abc import Sequence
from functools import partial

from ossicle.model.objects import (
    NO_TRAITS,
    RANK_MIN,
    Bucket,
    ObjectPage,
    ObjectVersion,
    StoredHeaders,
    Traits,
    VersionMarker,
    VersionPage,
)
from ossicle.ports import Corrupt, Reading, Transaction
from ossicle.services.archive import judge_readable
from ossicle.services.body import Body
from ossicle.services.buckets import current_bucket
from ossicle.services.checksums import Checksums
from ossicle.services.deletion import Deleted, Doomed, delete, judge_deletion
from ossicle.services.finding import find_readable
from ossicle.services.ground import Ground
from ossicle.services.identity import Principal
from ossicle.services.intake import Intake
from ossicle.services.links import Seen, follow
from ossicle.services.reading import Choose, Found, Opened, find_content
from ossicle.services.retention import is_retaining, judge_replacement
from ossicle.services.streams import ObjectStream
from ossicle.services.writing import judge_write, replace_current, to_second
from ossicle.wire.digest import render_etag
from ossicle.wire.names import NULL_VERSION, ObjectAcl, ObjectKey, ObjectType, StorageClass, VersionId
from ossicle.wire.ranges import ByteRange
from ossicle.wire.records import record
from ossicle.wire.version_ids import parse_rank


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


class Objects:
    """The objects of all buckets."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def put(self, principal: Principal, bucket: Bucket, upload: Upload, body: Body) -> ObjectVersion:
        """Store an object whole. When this returns it is on disk; until then the one before it is what others see.

        Raises:
            AccessDenied: the caller may not write here, or not replace what is here.
            EntityTooLarge, IncompleteBody, InvalidArgument, InvalidDigest, InvalidCRC64: nothing was stored.
            FileAlreadyExists: the key is taken and the upload forbids overwriting.
            FileImmutable: what is here is retained.
            NoSuchBucket: the bucket was deleted meanwhile.
        """
        await self._judge_put(principal, bucket, upload)
        announced = Checksums.parse(content_md5=upload.content_md5, crc64=upload.crc64)
        async with Intake(self._ground.blobs, self._ground.numbering, self._ground.limits) as intake:
            await intake.take(body)
            announced.judge(intake.digest)
            await intake.seal()
            version = self._version(upload, intake)
            stored, removed = await intake.commit(
                self._ground.metadata.transact(
                    lambda transaction: _commit(transaction, principal, bucket, upload, version, intake)
                )
            )
        self._wake_for(removed)
        return stored

    async def judge_write(self, principal: Principal, bucket: Bucket, key: ObjectKey) -> None:
        """Judge whether the caller may write here, before any cost; of the owner that is known without a look.

        Raises:
            AccessDenied: the caller may not write here, or not replace what is here.
        """
        if not principal.owns(bucket.owner):
            await self._ground.metadata.read(
                lambda rows: judge_write(rows, principal, bucket, key, is_overwrite_forbidden=False)
            )

    async def _judge_put(self, principal: Principal, bucket: Bucket, upload: Upload) -> None:
        """Judge a PUT on what is there now, so that none is received in vain; the usual one needs no look."""
        forbidden, moment = upload.is_overwrite_forbidden, self._ground.clock()

        def judge(rows: Reading) -> None:
            current = judge_write(rows, principal, bucket, upload.key, is_overwrite_forbidden=forbidden)
            judge_replacement(rows, bucket, current, moment)

        if not principal.owns(bucket.owner) or forbidden or is_retaining(bucket):
            await self._ground.metadata.read(judge)

    def _version(self, upload: Upload, intake: Intake) -> ObjectVersion:
        digest = intake.digest
        return ObjectVersion(
            id=self._ground.numbering.row(),
            key=upload.key,
            version_id=NULL_VERSION,
            type=ObjectType.NORMAL,
            size=digest.size,
            etag=render_etag(digest.md5),
            content_md5=digest.md5,
            crc64=digest.crc64,
            storage_class=upload.storage_class,
            acl=upload.acl,
            last_modified=to_second(self._ground.clock()),
            headers=upload.headers,
            metadata=upload.metadata,
            is_inline=intake.small_body is not None,
            traits=upload.traits,
        )

    async def find(
        self, principal: Principal, bucket: Bucket, key: ObjectKey, version_id: VersionId | None = None
    ) -> ObjectVersion:
        """Return the version of this id, the current one for None.

        Raises:
            AccessDenied: the caller may not read it, or may not know that it is not there.
            NoSuchKey, NoSuchVersion: there is none.
            MethodNotAllowed: the id is that of a delete marker.
        """
        return await self._ground.metadata.read(lambda rows: find_readable(rows, principal, bucket, key, version_id))

    async def look_at(
        self, principal: Principal, bucket: Bucket, key: ObjectKey, version_id: VersionId | None = None
    ) -> ObjectVersion:
        """Return what a reader of the object is told: of the version of this id, the current one for None, or of a link to another.

        Raises:
            AccessDenied, NoSuchKey, NoSuchVersion, MethodNotAllowed: as `find` does.
            InvalidTargetType, SymlinkTargetNotExist: a link leads nowhere.
        """

        def look(rows: Reading) -> ObjectVersion:
            version = find_readable(rows, principal, bucket, key, version_id)
            is_link = version.type is ObjectType.SYMLINK
            return follow(rows, principal, bucket, version)[0].version if is_link else version

        return await self._ground.metadata.read(look)

    async def open(
        self,
        principal: Principal,
        bucket: Bucket,
        key: ObjectKey,
        choose: Choose,
        version_id: VersionId | None = None,
    ) -> Opened:
        """Return the version of this id, the current one for None, and the bytes that `choose` asks for, from one snapshot.

        A link is followed, as `look_at` does.

        A blob is open when this returns, so that its failure can still be answered. A stream must be closed.

        Raises:
            AccessDenied, NoSuchKey, NoSuchVersion, MethodNotAllowed: as `find` does.
            InvalidObjectState: it is archived and was not restored.
            InvalidTargetType, SymlinkTargetNotExist: a link leads nowhere.
        """

        def find_chosen(rows: Reading) -> Found:
            def choose_readable(seen: Seen) -> ByteRange | None:
                judge_readable(rows, bucket.id, seen.holder, self._ground.clock)
                return choose(seen.version)

            return find_content(rows, principal, bucket, key, version_id, choose_readable)

        while True:
            seen, part, content = await self._ground.metadata.read(find_chosen)
            if isinstance(content, bytes):
                return Opened(version=seen.version, part=part, content=content)
            stream = ObjectStream(self._ground.blobs, self._ground.collection.pins, content)
            if await self._begin(stream, bucket, seen.holder):
                return Opened(version=seen.version, part=part, content=stream)

    async def _begin(self, stream: ObjectStream, bucket: Bucket, version: ObjectVersion) -> bool:
        """Open the first blob; False if the version was removed before its bytes were safe from deletion."""
        if stream.has_pins and await self._is_removed(bucket, version):
            await stream.aclose()
            return False
        try:
            await stream.begin()
        except Corrupt:
            if await self._is_removed(bucket, version):
                return False
            raise
        return True

    async def _is_removed(self, bucket: Bucket, version: ObjectVersion) -> bool:
        found = await self._ground.metadata.read(lambda rows: rows.version(bucket.id, version.key, version.version_id))
        # An append keeps the version, but it may move the bytes at its end to another blob.
        return found is None or (found.id, found.size) != (version.id, version.size)

    async def delete(
        self,
        principal: Principal,
        bucket: Bucket,
        named: Sequence[tuple[ObjectKey, VersionId | None]],
        *,
        is_bypassing: bool = False,
    ) -> Sequence[Deleted]:
        """Delete objects and versions, and return what came of each; one that is not there is no error, one that is retained stays.

        The owner who is `is_bypassing` removes also what is retained by GOVERNANCE.

        One of them is a transaction. Of many, those with many rows have their own, so that the rest may be there still when
        the first are gone.

        Raises:
            AccessDenied: the caller may not delete one of them. Nothing was deleted, if that was so from the beginning.
            NoSuchBucket: the bucket was deleted meanwhile.
        """
        doomed = [Doomed(key=key, version_id=version, number=self._ground.numbering.row()) for key, version in named]
        if not principal.owns(bucket.owner):
            await self._ground.metadata.scan(lambda rows: _judge_all(rows, principal, bucket, doomed))
        # OSS: who may bypass is said by policies.
        is_bypassing = is_bypassing and principal.uid == bucket.owner
        moment = to_second(self._ground.clock())
        transact = self._ground.metadata.transact if len(doomed) == 1 else self._ground.metadata.transact_bulk
        done: list[Deleted] = []
        while len(done) < len(doomed):
            left = doomed[len(done) :]
            done += await transact(partial(delete, principal, bucket, left, moment, is_bypassing=is_bypassing))
        if any(each.removed is not None and not each.removed.is_inline for each in done):
            self._ground.collection.wake()
        return done

    def _wake_for(self, removed: ObjectVersion | None) -> None:
        if removed is not None and not removed.is_inline:
            self._ground.collection.wake()

    async def list(self, bucket: Bucket, *, prefix: str, delimiter: str, after: str, limit: int) -> ObjectPage:
        """Return one page of keys and common prefixes, in byte order, after `after`."""
        return await self._ground.metadata.scan(
            lambda rows: rows.list_objects(bucket.id, prefix=prefix, delimiter=delimiter, after=after, limit=limit)
        )

    async def list_versions(
        self,
        bucket: Bucket,
        *,
        prefix: str,
        delimiter: str,
        key_marker: ObjectKey,
        id_marker: VersionId | None,
        limit: int,
    ) -> VersionPage:
        """Return one page of versions, delete markers and common prefixes, behind a version or all versions of a key."""

        def walk(rows: Reading) -> VersionPage:
            after = _version_marker(rows, bucket, key_marker, id_marker) if key_marker else None
            return rows.list_versions(bucket.id, prefix=prefix, delimiter=delimiter, after=after, limit=limit)

        return await self._ground.metadata.scan(walk)


def _version_marker(rows: Reading, bucket: Bucket, key: ObjectKey, version_id: VersionId | None) -> VersionMarker:
    """Return the place behind a version, which an id tells by itself, and only `null` by the version that has it."""
    if version_id is None:
        return VersionMarker(key=key)
    rank = parse_rank(version_id)
    if rank is None:
        version = rows.version(bucket.id, key, version_id)
        # Removed since the page that ended with it: what is left of the key is told again rather than passed over.
        rank = RANK_MIN if version is None else version.rank
    return VersionMarker(key=key, rank=rank)


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


def _judge_all(rows: Reading, principal: Principal, bucket: Bucket, doomed: Sequence[Doomed]) -> None:
    for each in doomed:
        judge_deletion(rows, principal, bucket, each)
