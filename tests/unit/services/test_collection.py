"""What nothing names any more goes, and nothing else does."""

import asyncio
import logging

import pytest

from ossicle.ports import StoreUnavailable, Transaction
from ossicle.services.collection import Collection
from ossicle.stores.memory import MemoryBlobStore, MemoryMetadataStore
from ossicle.wire.digest import Digest
from ossicle.wire.names import BlobId
from tests.support.failing import Failing
from tests.support.stored import make_blob_id, make_bucket, make_segment, make_version, put


class Shelf:
    """A store of rows, a store of bytes, and what collects between them."""

    def __init__(self) -> None:
        self.metadata = MemoryMetadataStore()
        self.blobs = MemoryBlobStore()
        self.collection = Collection(self.metadata, self.blobs, look_seconds=0.01)

    async def seal(self, blob: BlobId) -> None:
        async with self.blobs.stage(blob, Digest()) as staged:
            await staged.write([b"0123456789"])
            await staged.seal()

    async def store(self, number: int) -> BlobId:
        """Keep an object whose bytes are one blob."""
        blob = make_blob_id(number)
        await self.seal(blob)
        version = make_version(number, f"key-{number}", segments=[make_segment(number)])

        def commit(transaction: Transaction) -> None:
            transaction.add_blob(blob, 10)
            put(transaction, 1, version, [make_segment(number)])

        await self.metadata.transact(commit)
        return blob

    async def drop(self, number: int) -> None:
        version = make_version(number, f"key-{number}", segments=[make_segment(number)])

        def commit(transaction: Transaction) -> None:
            transaction.delete_current_version(1, version.key)
            transaction.delete_version(version)

        await self.metadata.transact(commit)

    async def kept(self, incarnation: int = 1) -> list[BlobId]:
        return [blob async for blob in self.blobs.scan(incarnation)]

    async def condemned(self) -> list[BlobId]:
        return list(await self.metadata.scan(lambda rows: rows.condemned(limit=100)))

    async def restarted(self) -> "Shelf":
        again = Shelf.__new__(Shelf)
        again.metadata, again.blobs = self.metadata.reopened(), self.blobs
        again.collection = Collection(again.metadata, again.blobs)
        return again


@pytest.fixture
async def shelf() -> Shelf:
    shelf = Shelf()
    await shelf.metadata.transact(lambda transaction: transaction.insert_bucket(make_bucket(1)))
    return shelf


async def until_collected(shelf: Shelf) -> None:
    """Wait, bounded by the test's time, until nothing is condemned."""
    while await shelf.condemned():  # noqa: ASYNC110 -- what is tested has no event to offer
        await asyncio.sleep(0)


async def test_what_is_condemned_goes_and_the_rest_stays(shelf: Shelf) -> None:
    kept, _ = await shelf.store(1), await shelf.store(2)
    await shelf.drop(2)
    await shelf.collection.delete_condemned()
    assert (await shelf.kept(), await shelf.condemned()) == ([kept], [])


async def test_more_than_a_page(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ossicle.services.collection._PAGE", 3)
    for number in range(1, 11):
        await shelf.store(number)
        await shelf.drop(number)
    shelf.collection.pins.pin([make_blob_id(2)])
    await shelf.collection.delete_condemned()
    assert await shelf.kept() == [make_blob_id(2)]


async def test_a_whole_page_of_pinned_blobs_holds_nothing_else_up(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ossicle.services.collection._PAGE", 1)
    for number in (1, 2):
        await shelf.store(number)
        await shelf.drop(number)
    shelf.collection.pins.pin([make_blob_id(1)])
    await shelf.collection.delete_condemned()
    assert await shelf.kept() == [make_blob_id(1)]
    shelf.collection.pins.unpin([make_blob_id(1)])
    await shelf.collection.delete_condemned()
    assert await shelf.kept() == []


async def test_what_is_pinned_waits_for_the_last_reader(shelf: Shelf) -> None:
    blob = await shelf.store(1)
    shelf.collection.start()
    shelf.collection.pins.pin([blob, blob])
    await shelf.drop(1)
    await shelf.collection.delete_condemned()
    assert await shelf.kept() == [blob]
    shelf.collection.pins.unpin([blob])
    await shelf.collection.delete_condemned()
    assert await shelf.kept() == [blob], "one reader is left"
    shelf.collection.pins.unpin([blob])
    await until_collected(shelf)
    assert await shelf.kept() == []
    await shelf.collection.stop()


async def test_it_collects_in_the_background_when_woken(shelf: Shelf) -> None:
    await shelf.store(1)
    await shelf.drop(1)
    shelf.collection.start()
    await until_collected(shelf)
    await shelf.store(2)
    await shelf.drop(2)
    shelf.collection.wake()
    await until_collected(shelf)
    await shelf.collection.stop()
    assert await shelf.kept() == []


async def test_a_store_that_fails_is_tried_again_at_the_next_occasion(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await shelf.store(1)
    await shelf.drop(1)
    failing = Failing.unavailable()
    with monkeypatch.context() as broken:
        broken.setattr(shelf.blobs, "delete", failing)
        shelf.collection.start()
        while not failing.calls:  # noqa: ASYNC110 -- as above
            await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert "wait for the next occasion" in caplog.text
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert await shelf.condemned() == [make_blob_id(1)], "bytes first, then the queue"
    shelf.collection.wake()
    await until_collected(shelf)
    await shelf.collection.stop()


async def test_a_crash_between_bytes_and_queue_is_made_good(shelf: Shelf) -> None:
    blob = await shelf.store(1)
    await shelf.drop(1)
    await shelf.blobs.delete(blob)
    again = await shelf.restarted()
    await again.collection.delete_condemned()
    assert await again.condemned() == []


async def test_stopping_before_the_start_is_nothing(shelf: Shelf) -> None:
    await shelf.collection.stop()


# ------------------------------------------------------------------------------------------------------- sweep


async def test_orphans_of_a_dead_process_go(shelf: Shelf) -> None:
    named = await shelf.store(1)
    orphan = make_blob_id(2)
    await shelf.seal(orphan)
    again = await shelf.restarted()
    await again.collection.sweep()
    assert await again.kept() == [named]
    assert await again.metadata.scan(lambda rows: rows.unswept_incarnations()) == []


async def test_what_a_dead_process_wrote_is_kept_for_those_who_read_it(shelf: Shelf) -> None:
    blob = await shelf.store(1)
    again = await shelf.restarted()
    again.collection.pins.pin([blob])
    await again.drop(1)
    await again.collection.sweep()
    assert await again.kept() == [blob]
    again.collection.pins.unpin([blob])
    await again.collection.delete_condemned()
    assert await again.kept() == []


async def test_the_living_process_s_own_are_never_swept(shelf: Shelf) -> None:
    orphan = make_blob_id(1)
    await shelf.seal(orphan)
    await shelf.collection.sweep()
    assert await shelf.kept() == [orphan]

    again = await shelf.restarted()
    mine = make_blob_id(3, incarnation=again.metadata.incarnation)
    await again.seal(mine)
    await again.collection.sweep()
    assert (await again.kept(), await again.kept(again.metadata.incarnation)) == ([], [mine])


async def test_a_sweep_that_fails_is_made_up_for_at_the_next_start(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shelf.seal(make_blob_id(1))
    again = await shelf.restarted()
    with monkeypatch.context() as broken:
        broken.setattr(again.blobs, "delete", Failing.unavailable())
        with pytest.raises(StoreUnavailable):
            await again.collection.sweep()
    third = await again.restarted()
    await third.collection.sweep()
    assert await third.kept() == []
