"""Multipart uploads: begun, fed with parts in any order, completed or aborted.

A part arriving late, a second completion, a list that is wrong: each is judged in the transaction that would change something, so
that a refusal changes nothing and the upload stays usable.
"""

from collections.abc import Sequence
from dataclasses import replace

from ossicle.model.objects import (
    NO_TRAITS,
    Bucket,
    MultipartUpload,
    ObjectVersion,
    Part,
    Segment,
    StoredHeaders,
    Traits,
    UploadMarker,
    UploadPage,
)
from ossicle.ports import Reading, Transaction
from ossicle.services.access import authorize_object
from ossicle.services.body import Body
from ossicle.services.buckets import current_bucket
from ossicle.services.checksums import Checksums
from ossicle.services.ground import Ground
from ossicle.services.identity import Principal
from ossicle.services.intake import Intake
from ossicle.services.joining import ListedPart, join, select
from ossicle.services.retention import judge_replacement
from ossicle.services.writing import judge_write, take_place, to_second
from ossicle.wire.digest import render_etag
from ossicle.wire.errors import NoSuchUpload, PartNotSequential
from ossicle.wire.names import ObjectAcl, ObjectKey, StorageClass
from ossicle.wire.operation import Access
from ossicle.wire.records import record

EC_OF_UPLOAD = "0042-00000002"
EC_OF_PART = "0042-00000104"
EC_OF_COPIED_PART = "0042-00000311"


@record
class Initiation:
    """What an initiation says of the object to be."""

    key: ObjectKey
    headers: StoredHeaders
    metadata: tuple[tuple[str, str], ...]
    acl: ObjectAcl
    storage_class: StorageClass
    is_overwrite_forbidden: bool
    traits: Traits = NO_TRAITS


@record
class UploadAddress:
    """An upload as a request names it: `ec` is the fine-grained code by which its operation says that there is none."""

    key: ObjectKey
    upload_id: str
    ec: str = EC_OF_UPLOAD

    def missing(self) -> NoSuchUpload:
        """Return the refusal."""
        return NoSuchUpload(ec=self.ec, upload_id=self.upload_id)


@record
class PartUpload:
    """One part on its way in. `content_md5` is base64 as received."""

    address: UploadAddress
    number: int
    content_md5: str | None
    crc64: str | None


@record
class Completion:
    """What a completion asks for: the listed parts, or all of them for None. `acl` None leaves what the initiation said."""

    address: UploadAddress
    parts: tuple[ListedPart, ...] | None
    acl: ObjectAcl | None
    is_overwrite_forbidden: bool


@record
class PartPage:
    """One page of an upload's parts."""

    upload: MultipartUpload
    parts: Sequence[Part]
    is_truncated: bool


class Uploads:
    """The multipart uploads of all buckets."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        # Parts are moved as segments, so none is a small body.
        self._limits = replace(ground.limits, small_body_bytes=0)

    async def initiate(self, principal: Principal, bucket: Bucket, initiation: Initiation) -> MultipartUpload:
        """Begin an upload. Several of one key may go on at a time.

        Raises:
            AccessDenied, FileAlreadyExists, FileImmutable: as a PUT of the object would be refused now.
            NoSuchBucket: the bucket was deleted meanwhile.
        """
        upload = MultipartUpload(
            id=self._ground.numbering.row(),
            key=initiation.key,
            upload_id=self._ground.numbering.upload(),
            initiated_at=to_second(self._ground.clock()),
            storage_class=initiation.storage_class,
            acl=initiation.acl,
            headers=initiation.headers,
            metadata=initiation.metadata,
            traits=initiation.traits,
        )
        forbidden = initiation.is_overwrite_forbidden

        def insert(transaction: Transaction) -> None:
            row = current_bucket(transaction, bucket)
            current = judge_write(transaction, principal, row, upload.key, is_overwrite_forbidden=forbidden)
            judge_replacement(transaction, row, current, upload.initiated_at)
            transaction.insert_upload(row.id, upload)

        await self._ground.metadata.transact(insert)
        return upload

    async def put_part(self, principal: Principal, bucket: Bucket, part: PartUpload, body: Body) -> tuple[Part, bytes]:
        """Store a part, replacing one of the same number, and return it with its MD5.

        Raises:
            AccessDenied: the caller may not write the object.
            EntityTooLarge, IncompleteBody, InvalidArgument, InvalidDigest, InvalidCRC64: nothing was stored.
            NoSuchUpload: there is none of this id and key, or it was completed or aborted while the part came.
            PartNotSequential: the upload's parts come in order, and one of a greater number is there.
        """
        await self._ground.metadata.read(
            lambda rows: judge_order(rows, find_upload(rows, principal, bucket, part.address), part.number)
        )
        announced = Checksums.parse(content_md5=part.content_md5, crc64=part.crc64)
        async with Intake(self._ground.blobs, self._ground.numbering, self._limits) as intake:
            await intake.take(body)
            announced.judge(intake.digest)
            await intake.seal()
            digest = intake.digest
            stored = Part(
                number=part.number,
                size=digest.size,
                etag=render_etag(digest.md5),
                crc64=digest.crc64,
                last_modified=to_second(self._ground.clock()),
            )

            is_replaced = await intake.commit(
                self._ground.metadata.transact(
                    lambda transaction: _insert(transaction, principal, bucket, part.address, stored, intake.segments)
                )
            )
        if is_replaced:
            self._ground.collection.wake()
        return stored, digest.md5

    async def complete(self, principal: Principal, bucket: Bucket, completion: Completion) -> ObjectVersion:
        """Join parts to an object. Everything is judged in the one transaction that does it: a refusal changes nothing.

        Raises:
            AccessDenied: the caller may not write here, or not replace what is here.
            EntityTooSmall: a part other than the last is smaller than 100 KiB.
            FileAlreadyExists: the key is taken and the completion forbids overwriting.
            FileImmutable: what is here is retained.
            InvalidPart: a part is missing, or its ETag is another.
            InvalidPartOrder: the numbers do not ascend.
            NoSuchBucket, NoSuchUpload: there is none, or none any more.
        """
        number, moment = self._ground.numbering.row(), to_second(self._ground.clock())
        forbidden = completion.is_overwrite_forbidden

        def join_parts(transaction: Transaction) -> ObjectVersion:
            row = current_bucket(transaction, bucket)
            upload = find_upload(transaction, principal, row, completion.address)
            chosen = select(transaction.parts(upload.id, after=0, limit=None), completion.parts, upload.upload_id)
            acl = completion.acl or upload.acl
            finisher = _finisher(principal, upload, acl)
            displaced = judge_write(transaction, finisher, row, upload.key, is_overwrite_forbidden=forbidden)
            joined = join(upload, chosen, number=number, acl=acl, moment=moment)
            version, removed = take_place(transaction, row, joined, displaced)
            transaction.complete_upload(row.id, upload, version, [part.number for part in chosen])
            if removed is not None:
                transaction.delete_version(removed)
            return version

        version = await self._ground.metadata.transact_bulk(join_parts)
        self._ground.collection.wake()
        return version

    async def abort(self, principal: Principal, bucket: Bucket, address: UploadAddress) -> None:
        """Give an upload up: its parts go.

        Raises:
            AccessDenied, NoSuchUpload: as for a part.
        """

        def delete(transaction: Transaction) -> None:
            row = current_bucket(transaction, bucket)
            transaction.delete_upload(find_upload(transaction, principal, row, address).id)

        await self._ground.metadata.transact_bulk(delete)
        self._ground.collection.wake()

    async def parts(
        self, principal: Principal, bucket: Bucket, address: UploadAddress, *, after: int, limit: int
    ) -> PartPage:
        """Return up to `limit` parts with numbers greater than `after`.

        Raises:
            AccessDenied, NoSuchUpload: as for a part.
        """

        def read(rows: Reading) -> PartPage:
            upload = find_upload(rows, principal, bucket, address)
            found = rows.parts(upload.id, after=after, limit=limit + 1)
            return PartPage(upload=upload, parts=found[:limit], is_truncated=len(found) > limit)

        return await self._ground.metadata.scan(read)

    async def list(
        self, bucket: Bucket, *, prefix: str, delimiter: str, after: UploadMarker | None, limit: int
    ) -> UploadPage:
        """Return one page of uploads and common prefixes, by key and then by upload id, behind `after`."""
        return await self._ground.metadata.scan(
            lambda rows: rows.list_uploads(bucket.id, prefix=prefix, delimiter=delimiter, after=after, limit=limit)
        )


def _insert(
    transaction: Transaction,
    principal: Principal,
    bucket: Bucket,
    address: UploadAddress,
    part: Part,
    segments: Sequence[Segment],
) -> bool:
    """Store a part whose bytes are new, if the upload still goes on; return whether one of its number was there."""
    upload = find_upload(transaction, principal, current_bucket(transaction, bucket), address)
    for segment in segments:
        transaction.add_blob(segment.blob, segment.length)
    return put_part(transaction, upload, part, segments)


def put_part(transaction: Transaction, upload: MultipartUpload, part: Part, segments: Sequence[Segment]) -> bool:
    """Store a part and return whether it replaces one.

    Raises:
        PartNotSequential: see `judge_order`.
    """
    judge_order(transaction, upload, part.number)
    there = transaction.parts(upload.id, after=part.number - 1, limit=1)
    transaction.put_part(upload.id, part, segments)
    return any(found.number == part.number for found in there)


def judge_order(rows: Reading, upload: MultipartUpload, number: int) -> None:
    """Judge the number of a part of an upload whose parts come in order. The last one may come again, as retries do.

    Raises:
        PartNotSequential: one of a greater number is there already.
    """
    # OSS: that it judges so, and whether numbers may be left out, is unverified.
    if upload.traits.is_sequential and rows.parts(upload.id, after=number, limit=1):
        raise PartNotSequential(upload_id=upload.upload_id, part_number=str(number))


def _finisher(principal: Principal, upload: MultipartUpload, acl: ObjectAcl) -> Principal:
    """Return the caller, who says what was said when the upload began: the object gets these tags and this ACL now."""
    values = {f"oss:RequestObjectTag/{name}": (value,) for name, value in upload.traits.tags}
    if acl is not ObjectAcl.DEFAULT:
        values["oss:x-oss-object-acl"] = (acl.value,)
    return principal.saying(values)


def find_upload(rows: Reading, principal: Principal, bucket: Bucket, address: UploadAddress) -> MultipartUpload:
    """Return an upload that a caller may go on with: whoever may write the object.

    Raises:
        AccessDenied: it may not.
        NoSuchUpload: there is none of this id in this bucket, or it is of another key.
    """
    if not principal.owns(bucket.owner):
        current = rows.current_version(bucket.id, address.key)
        authorize_object(rows, principal, bucket, address.key, current, Access.WRITE)
    upload = rows.upload(bucket.id, address.upload_id) if address.upload_id.isascii() else None
    if upload is None or upload.key != address.key:
        raise address.missing()
    return upload
