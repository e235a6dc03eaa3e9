"""Multipart uploads below HTTP: what is judged when, and what a failed commit leaves."""

from dataclasses import replace

import pytest

from ossicle.model.objects import Bucket, StoredHeaders
from ossicle.ports import Conflict, StoreUnavailable
from ossicle.services.collection import Collection
from ossicle.services.ground import Ground
from ossicle.services.identity import ANONYMOUS, Principal
from ossicle.services.intake import IntakeLimits
from ossicle.services.joining import ListedPart
from ossicle.services.numbering import Numbering
from ossicle.services.uploads import Completion, Initiation, PartUpload, UploadAddress, Uploads
from ossicle.stores.memory import MemoryBlobStore, MemoryMetadataStore
from ossicle.wire.errors import AccessDenied, InvalidDigest, InvalidPart, NoSuchBucket, NoSuchUpload
from ossicle.wire.names import BlobId, BucketAcl, ObjectAcl, ObjectKey, StorageClass
from tests.support.bodies import Chunks
from tests.support.failing import Failing
from tests.support.inprocess import CountedIds, FrozenClock
from tests.support.stored import OWNER, make_bucket

KEY = ObjectKey("key")
OWNING = Principal(account=OWNER, access_key_id="k")
OPEN = make_bucket(acl=BucketAcl.PUBLIC_READ_WRITE)


class Desk:
    """The service, a bucket, and what is behind them."""

    def __init__(self) -> None:
        self.metadata, self.blobs, self.clock = MemoryMetadataStore(), MemoryBlobStore(), FrozenClock()
        self.bucket = make_bucket(1)
        self.collection = Collection(self.metadata, self.blobs)
        numbering = Numbering(self.metadata.incarnation, CountedIds())
        limits = IntakeLimits(small_body_bytes=100, object_bytes_max=10_000_000)
        ground = Ground(
            metadata=self.metadata,
            blobs=self.blobs,
            numbering=numbering,
            collection=self.collection,
            clock=self.clock,
            limits=limits,
        )
        self.uploads = Uploads(ground)

    async def initiate(self, by: Principal = OWNING, bucket: Bucket | None = None) -> UploadAddress:
        initiation = Initiation(
            key=KEY,
            headers=StoredHeaders(),
            metadata=(),
            acl=ObjectAcl.DEFAULT,
            storage_class=StorageClass.STANDARD,
            is_overwrite_forbidden=False,
        )
        upload = await self.uploads.initiate(by, bucket or self.bucket, initiation)
        return UploadAddress(key=KEY, upload_id=upload.upload_id)

    async def put(
        self, address: UploadAddress, body: Chunks, *, by: Principal = OWNING, bucket: Bucket | None = None
    ) -> None:
        part = PartUpload(address=address, number=1, content_md5=None, crc64=None)
        await self.uploads.put_part(by, bucket or self.bucket, part, body)

    async def kept(self) -> list[BlobId]:
        return [blob async for blob in self.blobs.scan(1)]


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    await desk.metadata.transact(lambda transaction: transaction.insert_bucket(desk.bucket))
    return desk


@pytest.mark.parametrize("size", [0, 1, 100, 101])
async def test_a_part_is_a_blob_however_small_unless_it_is_empty(desk: Desk, size: int) -> None:
    address = await desk.initiate()
    await desk.put(address, Chunks(bytes(size)))
    assert len(await desk.kept()) == min(size, 1)


@pytest.mark.parametrize("failing", [Failing.conflict(), Failing(NoSuchUpload())])
async def test_a_part_that_was_surely_refused_takes_its_bytes_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, failing: Failing
) -> None:
    address = await desk.initiate()
    monkeypatch.setattr(desk.metadata, "transact", failing)
    with pytest.raises((Conflict, NoSuchUpload)):
        await desk.put(address, Chunks(b"x"))
    assert await desk.kept() == []


async def test_a_part_that_may_be_there_keeps_its_bytes_for_the_sweep(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = await desk.initiate()
    monkeypatch.setattr(desk.metadata, "transact", Failing.unavailable())
    with pytest.raises(StoreUnavailable):
        await desk.put(address, Chunks(b"x"))
    assert len(await desk.kept()) == 1


async def test_nothing_of_a_part_is_asked_for_when_it_can_t_be_wanted(desk: Desk) -> None:
    address = await desk.initiate()
    body = Chunks(b"x")
    with pytest.raises(NoSuchUpload):
        await desk.put(replace(address, upload_id="0" * 32), body)
    with pytest.raises(NoSuchUpload):
        await desk.put(replace(address, key=ObjectKey("other")), body)
    with pytest.raises(AccessDenied):
        await desk.put(address, body, by=ANONYMOUS)
    wrong = PartUpload(address=address, number=1, content_md5="x", crc64=None)
    with pytest.raises(InvalidDigest):
        await desk.uploads.put_part(OWNING, desk.bucket, wrong, body)
    assert body.taken == 0


async def test_an_acl_that_was_closed_meanwhile_counts_in_the_commit(desk: Desk) -> None:
    address = await desk.initiate()
    completion = Completion(
        address=address, parts=(ListedPart(number=1, etag="x"),), acl=None, is_overwrite_forbidden=False
    )
    with pytest.raises(AccessDenied):
        await desk.initiate(ANONYMOUS, OPEN)
    with pytest.raises(AccessDenied):
        await desk.put(address, Chunks(b"x"), by=ANONYMOUS, bucket=OPEN)
    with pytest.raises(AccessDenied):
        await desk.uploads.complete(ANONYMOUS, OPEN, completion)
    with pytest.raises(AccessDenied):
        await desk.uploads.abort(ANONYMOUS, OPEN, address)
    assert await desk.kept() == []


async def test_an_upload_that_ends_while_a_part_comes(desk: Desk) -> None:
    address = await desk.initiate()
    ended: list[object] = []

    class Late(Chunks):
        async def __aiter__(self):  # type: ignore[no-untyped-def]  # as the class it changes
            await desk.uploads.abort(OWNING, desk.bucket, address)
            ended.append(True)
            yield b"late"

    with pytest.raises(NoSuchUpload):
        await desk.put(address, Late())
    assert ended
    assert await desk.kept() == []


async def test_a_bucket_that_is_gone(desk: Desk) -> None:
    gone = replace(desk.bucket, id=99)
    with pytest.raises(NoSuchBucket):
        await desk.initiate(bucket=gone)


async def test_a_list_is_judged_without_being_believed(desk: Desk) -> None:
    address = await desk.initiate()
    await desk.put(address, Chunks(b"x"))
    completion = Completion(
        address=address, parts=(ListedPart(number=1, etag="y"),), acl=None, is_overwrite_forbidden=False
    )
    with pytest.raises(InvalidPart):
        await desk.uploads.complete(OWNING, desk.bucket, completion)
    version = await desk.uploads.complete(OWNING, desk.bucket, replace(completion, parts=None, acl=ObjectAcl.PRIVATE))
    assert (version.size, version.acl, version.is_inline) == (1, ObjectAcl.PRIVATE, False)
