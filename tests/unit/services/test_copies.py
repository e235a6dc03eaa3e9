"""Copies below HTTP: a source that changes while a part is made of it."""

from dataclasses import replace

import pytest

from ossicle.model.objects import ObjectVersion, StoredHeaders
from ossicle.ports import BlobReader, Conflict
from ossicle.services.collection import Collection
from ossicle.services.copies import Copies, PartCopy, Source
from ossicle.services.ground import Ground
from ossicle.services.identity import Principal
from ossicle.services.intake import IntakeLimits
from ossicle.services.numbering import Numbering
from ossicle.services.objects import Objects, Upload
from ossicle.services.uploads import Initiation, UploadAddress, Uploads
from ossicle.stores.memory import MemoryBlobStore, MemoryMetadataStore
from ossicle.wire.errors import NoSuchKey
from ossicle.wire.names import BlobId, ObjectAcl, ObjectKey, StorageClass, Versioning
from ossicle.wire.ranges import ByteRange
from tests.support.bodies import Chunks
from tests.support.inprocess import CountedIds, FrozenClock
from tests.support.stored import OWNER, make_bucket

SOURCE, TARGET = ObjectKey("source"), ObjectKey("target")
OWNING = Principal(account=OWNER, access_key_id="k")


class Desk:
    """The services of a bucket with one object, and an upload that a part is copied to."""

    def __init__(self) -> None:
        self.metadata, self.blobs, clock = MemoryMetadataStore(), MemoryBlobStore(), FrozenClock()
        self.bucket = make_bucket(1)
        self.collection = Collection(self.metadata, self.blobs)
        numbering = Numbering(self.metadata.incarnation, CountedIds())
        limits = IntakeLimits(small_body_bytes=100, object_bytes_max=10_000_000)
        ground = Ground(
            metadata=self.metadata,
            blobs=self.blobs,
            numbering=numbering,
            collection=self.collection,
            clock=clock,
            limits=limits,
        )
        self.objects, self.uploads = Objects(ground), Uploads(ground)
        self.copies = Copies(ground, objects=self.objects, uploads=self.uploads)

    async def put(self, body: bytes) -> ObjectVersion:
        upload = Upload(
            key=SOURCE,
            headers=StoredHeaders(),
            metadata=(),
            acl=ObjectAcl.DEFAULT,
            storage_class=StorageClass.STANDARD,
            content_md5=None,
            crc64=None,
            is_overwrite_forbidden=False,
        )
        return await self.objects.put(OWNING, self.bucket, upload, Chunks(body))

    async def copy(self) -> None:
        initiation = Initiation(
            key=TARGET,
            headers=StoredHeaders(),
            metadata=(),
            acl=ObjectAcl.DEFAULT,
            storage_class=StorageClass.STANDARD,
            is_overwrite_forbidden=False,
        )
        upload = await self.uploads.initiate(OWNING, self.bucket, initiation)
        source = Source(
            version_id=None,
            bucket=self.bucket,
            key=SOURCE,
            choose=lambda version: ByteRange(1, version.size - 1, is_partial=True),
        )
        address = UploadAddress(key=TARGET, upload_id=upload.upload_id)
        await self.copies.copy_part(OWNING, self.bucket, PartCopy(address=address, number=1, source=source))


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    await desk.metadata.transact(lambda transaction: transaction.insert_bucket(desk.bucket))
    await desk.put(bytes(1000))
    return desk


@pytest.mark.parametrize("change", ["replace", "delete"])
async def test_a_source_that_changes_while_it_is_read_is_no_part(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    opening = desk.blobs.open

    async def meddling(blob: BlobId) -> BlobReader:
        reader = await opening(blob)
        if change == "replace":
            await desk.put(b"1" * 1000)
        else:
            await desk.objects.delete(OWNING, desk.bucket, [(SOURCE, None)])
        return reader

    monkeypatch.setattr(desk.blobs, "open", meddling)
    with pytest.raises(Conflict if change == "replace" else NoSuchKey):
        await desk.copy()
    await desk.collection.delete_condemned()
    assert len([blob async for blob in desk.blobs.scan(1)]) == int(change == "replace")


async def test_a_version_that_is_the_latest_no_more_is_a_part_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.bucket = replace(desk.bucket, versioning=Versioning.ENABLED)
    await desk.metadata.transact(lambda transaction: transaction.update_bucket(desk.bucket))
    opening = desk.blobs.open
    opened: list[BlobId] = []

    async def meddling(blob: BlobId) -> BlobReader:
        opened.append(blob)
        await desk.put(b"1" * 1000)
        return await opening(blob)

    monkeypatch.setattr(desk.blobs, "open", meddling)
    await desk.copy()
    assert len(opened) == 1, "nothing was read again"


async def test_a_source_that_stays_is_shared(desk: Desk) -> None:
    await desk.copy()
    assert len([blob async for blob in desk.blobs.scan(1)]) == 1
