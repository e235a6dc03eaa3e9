"""Objects below HTTP: what a failed commit leaves, what is read when, and streams."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

import pytest

from ossicle.model.objects import Bucket, ObjectVersion, StoredHeaders
from ossicle.ports import Conflict, Corrupt, Reading, StoreUnavailable, Transaction
from ossicle.services.collection import Collection
from ossicle.services.ground import Ground
from ossicle.services.identity import ANONYMOUS, Principal
from ossicle.services.intake import IntakeLimits
from ossicle.services.numbering import Numbering
from ossicle.services.objects import Objects, Upload
from ossicle.services.reading import Opened, content_of
from ossicle.services.streams import READ_BYTES
from ossicle.stores.memory import MemoryBlobStore, MemoryMetadataStore
from ossicle.wire.digest import Digest
from ossicle.wire.errors import AccessDenied, FileAlreadyExists, NoSuchBucket, NoSuchKey, NoSuchVersion
from ossicle.wire.names import (
    NULL_VERSION,
    BlobId,
    BucketAcl,
    ObjectAcl,
    ObjectKey,
    StorageClass,
    VersionId,
    Versioning,
)
from ossicle.wire.ranges import ByteRange
from tests.support.bodies import Chunks
from tests.support.failing import Failing
from tests.support.inprocess import CountedIds, FrozenClock
from tests.support.stored import OWNER, make_bucket, make_segment, make_version, put

R = TypeVar("R")

KEY = ObjectKey("key")
OWNING = Principal(account=OWNER, access_key_id="k")


def upload(*, is_overwrite_forbidden: bool = False, acl: ObjectAcl = ObjectAcl.DEFAULT) -> Upload:
    return Upload(
        key=KEY,
        headers=StoredHeaders(),
        metadata=(),
        acl=acl,
        storage_class=StorageClass.STANDARD,
        content_md5=None,
        crc64=None,
        is_overwrite_forbidden=is_overwrite_forbidden,
    )


class CountingStore(MemoryMetadataStore):
    reads = 0

    async def read(self, work: Callable[[Reading], R]) -> R:
        self.reads += 1
        return await super().read(work)


class Desk:
    """The service, a bucket, and what is behind them."""

    def __init__(self) -> None:
        self.metadata, self.blobs, self.clock = CountingStore(), MemoryBlobStore(), FrozenClock()
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
        self.objects = Objects(ground)

    async def put(self, *chunks: bytes, by: Principal = OWNING, bucket: Bucket | None = None) -> ObjectVersion:
        return await self.objects.put(by, bucket or self.bucket, upload(), Chunks(*chunks))

    async def put_of_blobs(self, blobs: int) -> None:
        """Make an object of so many blobs, ten bytes each."""
        segments = [make_segment(1000 + number) for number in range(blobs)]  # the ids of uploads count from one

        def commit(transaction: Transaction) -> None:
            for segment in segments:
                transaction.add_blob(segment.blob, segment.length)
            put(transaction, self.bucket.id, make_version(1000, KEY, segments=segments), segments)

        for number, segment in enumerate(segments):
            async with self.blobs.stage(segment.blob, Digest()) as staged:
                await staged.write([b"%d" % number * 10])
                await staged.seal()
        await self.metadata.transact(commit)

    async def kept(self) -> list[BlobId]:
        return [blob async for blob in self.blobs.scan(1)]


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    await desk.metadata.transact(lambda transaction: transaction.insert_bucket(desk.bucket))
    return desk


@pytest.mark.parametrize("failing", [Failing.conflict(), Failing(FileAlreadyExists()), Failing(NoSuchBucket())])
async def test_a_commit_that_was_surely_refused_takes_its_bytes_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, failing: Failing
) -> None:
    monkeypatch.setattr(desk.metadata, "transact", failing)
    with pytest.raises((Conflict, FileAlreadyExists, NoSuchBucket)):
        await desk.put(bytes(1000))
    assert await desk.kept() == []


async def test_a_commit_that_may_have_happened_keeps_its_bytes_for_the_sweep(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.metadata, "transact", Failing.unavailable())
    with pytest.raises(StoreUnavailable):
        await desk.put(bytes(1000))
    assert len(await desk.kept()) == 1


async def test_the_owner_s_usual_upload_looks_nothing_up(desk: Desk) -> None:
    await desk.put(b"x")
    assert desk.metadata.reads == 0
    with pytest.raises(FileAlreadyExists):
        await desk.objects.put(OWNING, desk.bucket, upload(is_overwrite_forbidden=True), Chunks(b"y"))
    assert desk.metadata.reads == 1


@pytest.mark.parametrize("verb", ["put", "delete"])
async def test_a_guest_is_refused_before_anything_is_begun(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    failing = Failing.unexpectedly()
    monkeypatch.setattr(desk.metadata, "transact", failing)
    body = Chunks(bytes(1000))
    put = partial(desk.objects.put, upload=upload(), body=body)
    work: dict[str, Callable[[Principal, Bucket], Awaitable[object]]] = {
        "put": put,
        "delete": partial(desk.objects.delete, named=[(KEY, None)]),
    }
    with pytest.raises(AccessDenied):
        await work[verb](ANONYMOUS, desk.bucket)
    assert (failing.calls, body.taken) == (0, 0)


async def test_an_acl_that_was_closed_meanwhile_counts_in_the_commit(desk: Desk) -> None:
    shared = replace(desk.bucket, acl=BucketAcl.PUBLIC_READ_WRITE)
    with pytest.raises(AccessDenied):
        await desk.put(bytes(1000), by=ANONYMOUS, bucket=shared)
    with pytest.raises(AccessDenied):
        await desk.objects.find(ANONYMOUS, desk.bucket, KEY)
    with pytest.raises(NoSuchKey):
        await desk.objects.find(OWNING, desk.bucket, KEY)
    assert await desk.kept() == []


async def test_a_version_knows_what_it_is(desk: Desk) -> None:
    version = await desk.put(b"hello")
    assert version.last_modified == desk.clock.now.replace(microsecond=0)
    assert (version.etag, version.size, version.is_inline) == ("5D41402ABC4B2A76B9719D911017C592", 5, True)
    later = await desk.put(bytes(1000))
    assert later.id > version.id
    assert not later.is_inline
    assert len(await desk.kept()) == 1


def wanting(start: int, length: int) -> Callable[[ObjectVersion], ByteRange]:
    return lambda version: ByteRange(start, length, is_partial=True)


async def whole(opened: Opened) -> bytes:
    if isinstance(opened.content, bytes):
        return opened.content
    try:
        return b"".join([chunk async for chunk in opened.content])
    finally:
        await opened.content.aclose()


@pytest.mark.parametrize("size", [0, 5, 1000])
async def test_a_part_of_an_object(desk: Desk, size: int) -> None:
    body = bytes(range(200)) * 5
    await desk.put(body[:size])
    desk.metadata.reads = 0
    opened = await desk.objects.open(OWNING, desk.bucket, KEY, wanting(size // 2, size - size // 2))
    assert desk.metadata.reads == 1, "one snapshot"
    assert isinstance(opened.content, bytes) == (size <= 100)
    assert await whole(opened) == body[size // 2 : size]


async def test_whoever_asks_for_no_bytes_opens_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.put(bytes(1000))
    failing = Failing.unexpectedly()
    monkeypatch.setattr(desk.blobs, "open", failing)
    opened = await desk.objects.open(OWNING, desk.bucket, KEY, lambda version: None)
    assert (opened.part, opened.content, opened.version.size, failing.calls) == (None, b"", 1000, 0)


async def test_nobody_chooses_before_the_caller_is_judged(desk: Desk) -> None:
    await desk.put(b"x")
    with pytest.raises(AccessDenied):
        await desk.objects.open(ANONYMOUS, desk.bucket, KEY, lambda version: pytest.fail("the version was shown"))


async def test_bytes_that_are_gone_are_a_corruption(desk: Desk) -> None:
    await desk.put(bytes(1000))
    [blob] = await desk.kept()
    await desk.blobs.delete(blob)
    with pytest.raises(Corrupt):
        await desk.objects.open(OWNING, desk.bucket, KEY, wanting(0, 1000))


@pytest.mark.parametrize("size", [5, 1000])
async def test_rows_that_do_not_add_up_are_a_corruption(desk: Desk, size: int) -> None:
    version = await desk.put(bytes(size))

    def read(rows: Reading) -> object:
        return content_of(rows, replace(version, size=size + 1), ByteRange(0, size + 1, is_partial=False))

    with pytest.raises(Corrupt):
        await desk.metadata.read(read)


async def test_a_reader_outlives_the_object(desk: Desk) -> None:
    body = bytes(range(256)) * 5000
    await desk.put(body)
    opened = await desk.objects.open(OWNING, desk.bucket, KEY, wanting(0, len(body)))
    await desk.objects.delete(OWNING, desk.bucket, [(KEY, None)])
    await desk.collection.delete_condemned()
    assert await desk.kept() == []
    assert await whole(opened) == body


@pytest.mark.parametrize("blobs", [1, 3])
async def test_a_reader_whose_bytes_are_collected_before_it_holds_them_gets_what_replaced_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, blobs: int
) -> None:
    """As another process may do it, between any two steps of this one."""
    await desk.put_of_blobs(blobs)
    read = desk.metadata.read

    async def read_then_lose(work: Callable[[Reading], R]) -> R:
        found = await read(work)
        monkeypatch.undo()
        await desk.put(b"new" * 1000)
        if blobs > 1:  # the collector has not come to the first one yet
            desk.collection.pins.pin([make_segment(1000).blob])
        await desk.collection.delete_condemned()
        return found

    monkeypatch.setattr(desk.metadata, "read", read_then_lose)
    opened = await desk.objects.open(OWNING, desk.bucket, KEY, wanting(0, 10 * blobs))
    assert await whole(opened) == (b"new" * 1000)[: 10 * blobs]


async def test_a_reader_that_holds_its_bytes_keeps_them_from_the_collector(desk: Desk) -> None:
    await desk.put_of_blobs(3)
    opened = await desk.objects.open(OWNING, desk.bucket, KEY, wanting(0, 30))
    await desk.objects.delete(OWNING, desk.bucket, [(KEY, None)])
    await desk.collection.delete_condemned()
    assert len(await desk.kept()) == 2, "the first is open already"
    assert await whole(opened) == b"0" * 10 + b"1" * 10 + b"2" * 10
    await desk.collection.delete_condemned()
    assert await desk.kept() == []


async def enable_versions(desk: Desk) -> None:
    desk.bucket = replace(desk.bucket, versioning=Versioning.ENABLED)
    await desk.metadata.transact(lambda transaction: transaction.update_bucket(desk.bucket))


@pytest.mark.parametrize("version_id", [None, NULL_VERSION])
async def test_a_reader_goes_on_with_a_version_that_is_the_latest_no_more(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, version_id: VersionId | None
) -> None:
    await desk.put_of_blobs(3)
    await enable_versions(desk)
    read = desk.metadata.read

    async def read_then_put(work: Callable[[Reading], R]) -> R:
        found = await read(work)
        monkeypatch.undo()
        await desk.put(b"new" * 1000)
        await desk.objects.delete(OWNING, desk.bucket, [(KEY, None)])
        await desk.collection.delete_condemned()
        return found

    monkeypatch.setattr(desk.metadata, "read", read_then_put)
    opened = await desk.objects.open(OWNING, desk.bucket, KEY, wanting(0, 30), version_id)
    assert await whole(opened) == b"0" * 10 + b"1" * 10 + b"2" * 10


@pytest.mark.parametrize("blobs", [1, 3])
async def test_a_version_that_is_removed_before_its_reader_holds_it_is_not_there(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, blobs: int
) -> None:
    await desk.put_of_blobs(blobs)
    await enable_versions(desk)
    await desk.put(b"new" * 1000)
    read = desk.metadata.read

    async def read_then_lose(work: Callable[[Reading], R]) -> R:
        found = await read(work)
        monkeypatch.undo()
        await desk.objects.delete(OWNING, desk.bucket, [(KEY, NULL_VERSION)])
        await desk.collection.delete_condemned()
        return found

    monkeypatch.setattr(desk.metadata, "read", read_then_lose)
    with pytest.raises(NoSuchVersion):
        await desk.objects.open(OWNING, desk.bucket, KEY, wanting(0, 10 * blobs), NULL_VERSION)
    assert len(await desk.kept()) == 1


async def test_a_version_is_read_to_its_end_whatever_becomes_of_it(desk: Desk) -> None:
    await desk.put_of_blobs(3)
    await enable_versions(desk)
    opened = await desk.objects.open(OWNING, desk.bucket, KEY, wanting(0, 30), NULL_VERSION)
    await desk.objects.delete(OWNING, desk.bucket, [(KEY, NULL_VERSION)])
    await desk.collection.delete_condemned()
    assert len(await desk.kept()) == 2
    assert await whole(opened) == b"0" * 10 + b"1" * 10 + b"2" * 10
    await desk.collection.delete_condemned()
    assert await desk.kept() == []


async def test_versions_that_are_enabled_meanwhile_keep_what_a_delete_would_remove(desk: Desk) -> None:
    """The state of the bucket is judged in the commit, not as the request found it."""
    await desk.put(bytes(1000))
    before = desk.bucket
    await enable_versions(desk)
    (deleted,) = await desk.objects.delete(OWNING, before, [(KEY, None)])
    assert deleted.removed is None
    assert deleted.marker is not None
    assert (await desk.objects.find(OWNING, desk.bucket, KEY, NULL_VERSION)).size == 1000


async def test_many_are_deleted_at_once(desk: Desk) -> None:
    await desk.put(bytes(1000))
    await desk.objects.delete(OWNING, desk.bucket, [(ObjectKey("never"), None), (KEY, None), (KEY, None)])
    with pytest.raises(NoSuchKey):
        await desk.objects.find(OWNING, desk.bucket, KEY)
    await desk.collection.delete_condemned()
    assert await desk.kept() == []


async def test_all_or_none_are_deleted(desk: Desk) -> None:
    shared = replace(desk.bucket, acl=BucketAcl.PUBLIC_READ_WRITE)
    await desk.put(b"x")
    private = replace(upload(acl=ObjectAcl.PRIVATE), key=ObjectKey("private"))
    await desk.objects.put(OWNING, desk.bucket, private, Chunks(b"y"))
    with pytest.raises(AccessDenied):
        await desk.objects.delete(ANONYMOUS, shared, [(KEY, None), (private.key, None)])
    assert (await desk.objects.find(OWNING, desk.bucket, KEY)).size == 1


class Held:
    """A body whose second half comes when the test says so."""

    length = None

    def __init__(self, first: bytes, second: bytes) -> None:
        self.halves = (first, second)
        self.is_begun, self.release = asyncio.Event(), asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.halves[0]
        self.is_begun.set()
        await self.release.wait()
        yield self.halves[1]


async def test_two_uploads_of_one_key_leave_one_whole(desk: Desk) -> None:
    slow = Held(b"1" * READ_BYTES, b"1" * 600)
    first = asyncio.create_task(desk.objects.put(OWNING, desk.bucket, upload(), slow))
    await slow.is_begun.wait()
    await desk.put(b"2" * 1200)
    assert (await desk.objects.find(OWNING, desk.bucket, KEY)).size == 1200, "the one before is what others see"
    slow.release.set()
    await first
    opened = await desk.objects.open(OWNING, desk.bucket, KEY, wanting(0, READ_BYTES + 600))
    assert set(await whole(opened)) == {ord("1")}
    await desk.collection.delete_condemned()
    assert len(await desk.kept()) == 1
