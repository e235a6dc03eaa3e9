"""Segments as one stream: what is open, what is pinned, and that it ends well whatever becomes of the object."""

import asyncio
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.model.objects import Segment
from ossicle.ports import BlobReader, Corrupt
from ossicle.services.pins import TABLE_BYTES, Pins
from ossicle.services.streams import READ_BYTES, FileSlice, ObjectStream
from ossicle.stores.memory import MemoryBlobStore
from ossicle.wire.digest import Digest
from ossicle.wire.names import BlobId
from tests.support.stored import make_blob_id


class Watched(MemoryBlobStore):
    """Counts what is open, and remembers what was read."""

    def __init__(self) -> None:
        super().__init__()
        self.is_open = 0
        self.most_open = 0
        self.reads: list[tuple[int, int]] = []
        self.in_memory: Callable[[int], int | None] = lambda offset: None

    async def open(self, blob: BlobId) -> BlobReader:
        reader = WatchedReader(self, await super().open(blob))
        self.is_open += 1
        self.most_open = max(self.most_open, self.is_open)
        return reader


class WatchedReader:
    def __init__(self, store: Watched, inner: BlobReader) -> None:
        self.store, self.inner = store, inner

    async def read(self, offset: int, length: int) -> bytes:
        self.store.reads.append((offset, length))
        return await self.inner.read(offset, length)

    def descriptor(self, offset: int, length: int) -> int | None:
        return self.store.in_memory(offset)

    async def close(self) -> None:
        self.store.is_open -= 1
        await self.inner.close()


class Shelf:
    """Blobs whose bytes tell which they are, pins, and streams of segments."""

    def __init__(self) -> None:
        self.blobs = Watched()
        self.table = memoryview(bytearray(TABLE_BYTES)).cast("I")
        self.pins = Pins([self.table])

    async def store(self, number: int, size: int) -> BlobId:
        blob = make_blob_id(number)
        async with self.blobs.stage(blob, Digest()) as staged:
            await staged.write([bytes([number]) * size])
            await staged.seal()
        return blob

    async def begin(self, segments: Sequence[Segment]) -> ObjectStream:
        stream = ObjectStream(self.blobs, self.pins, segments)
        await stream.begin()
        return stream

    @property
    def pinned(self) -> dict[BlobId, int]:
        return {make_blob_id(place): count for place, count in enumerate(self.table) if count}


async def whole(stream: ObjectStream) -> bytes:
    return b"".join([chunk async for chunk in stream])


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5)), min_size=1, max_size=6))
async def test_segments_are_read_in_order(places: list[tuple[int, int]]) -> None:
    shelf = Shelf()
    segments, expected = [], b""
    for number, (offset, length) in enumerate(places, 1):
        segments.append(Segment(blob=await shelf.store(number, 10), offset=offset, length=length))
        expected += bytes([number]) * length
    stream = await shelf.begin(segments)
    assert await whole(stream) == expected
    assert shelf.blobs.reads == places
    assert (shelf.blobs.is_open, shelf.blobs.most_open, shelf.pinned) == (0, 1, {})
    await stream.aclose()


@pytest.mark.parametrize(
    ("start", "length", "reads"),
    [
        (7, 1, [(7, 1)]),
        (7, READ_BYTES, [(7, READ_BYTES)]),
        (7, READ_BYTES + 1, [(7, READ_BYTES), (7 + READ_BYTES, 1)]),
    ],
)
async def test_a_mebibyte_is_read_at_a_time(start: int, length: int, reads: list[tuple[int, int]]) -> None:
    shelf = Shelf()
    blob = await shelf.store(1, READ_BYTES + 10)
    stream = await shelf.begin([Segment(blob=blob, offset=start, length=length)])
    assert len(await whole(stream)) == length
    assert shelf.blobs.reads == reads


async def test_all_blobs_but_the_first_are_pinned_until_they_are_opened() -> None:
    shelf = Shelf()
    one, two = await shelf.store(1, 10), await shelf.store(2, 10)
    segments = [Segment(blob=blob, offset=0, length=10) for blob in (one, two, one)]
    stream = ObjectStream(shelf.blobs, shelf.pins, segments)
    assert (shelf.pinned, stream.has_pins) == ({one: 1, two: 1}, True), "before anything was awaited"
    await stream.begin()
    assert shelf.pinned == {one: 1, two: 1}
    chunks = aiter(stream)
    await anext(chunks)
    assert shelf.pinned == {one: 1, two: 1}
    await anext(chunks)
    assert shelf.pinned == {one: 1}
    await stream.aclose()
    assert (shelf.pinned, stream.has_pins, shelf.blobs.is_open) == ({}, False, 0)


async def test_a_single_blob_needs_no_pin() -> None:
    shelf = Shelf()
    stream = await shelf.begin([Segment(blob=await shelf.store(1, 10), offset=0, length=10)])
    assert (shelf.pinned, stream.has_pins) == ({}, False)
    assert await whole(stream) == bytes([1]) * 10


async def test_an_open_blob_can_be_read_to_its_end_when_it_is_deleted() -> None:
    shelf = Shelf()
    blob = await shelf.store(1, 2 * READ_BYTES)
    stream = await shelf.begin([Segment(blob=blob, offset=0, length=2 * READ_BYTES)])
    await shelf.blobs.delete(blob)
    assert await whole(stream) == bytes([1]) * 2 * READ_BYTES


async def test_a_missing_first_blob_is_found_at_once_and_lets_go_of_all() -> None:
    shelf = Shelf()
    there = await shelf.store(2, 10)
    segments = [Segment(blob=blob, offset=0, length=10) for blob in (make_blob_id(1), there)]
    with pytest.raises(Corrupt):
        await shelf.begin(segments)
    assert (shelf.pinned, shelf.blobs.is_open) == ({}, 0)


async def test_a_missing_later_blob_breaks_the_stream_off() -> None:
    shelf = Shelf()
    there = await shelf.store(1, 10)
    stream = await shelf.begin([Segment(blob=blob, offset=0, length=10) for blob in (there, make_blob_id(2))])
    with pytest.raises(Corrupt):
        await whole(stream)
    await stream.aclose()
    assert (shelf.pinned, shelf.blobs.is_open) == ({}, 0)


async def test_a_reader_that_is_cancelled_lets_go_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf()
    segment = Segment(blob=await shelf.store(1, 10), offset=0, length=10)

    async def cancelled(blob: BlobId) -> BlobReader:
        raise asyncio.CancelledError

    monkeypatch.setattr(shelf.blobs, "open", cancelled)
    with pytest.raises(asyncio.CancelledError):
        await shelf.begin([segment, segment])
    assert shelf.pinned == {}


async def test_the_whole_of_a_stream_is_closed_behind_it() -> None:
    shelf = Shelf()
    segments = [Segment(blob=await shelf.store(number, 10), offset=number, length=2) for number in (1, 2)]
    stream = await shelf.begin(segments)
    assert await stream.whole() == b"\1\1\2\2"
    assert (shelf.blobs.is_open, shelf.pinned) == (0, {})


async def test_a_stream_that_can_not_be_read_whole_is_closed() -> None:
    shelf = Shelf()
    segments = [Segment(blob=await shelf.store(number, 10), offset=0, length=9 + number) for number in (1, 2)]
    stream = await shelf.begin(segments)
    with pytest.raises(Corrupt):
        await stream.whole()
    assert (shelf.blobs.is_open, shelf.pinned) == (0, {})


async def test_slices_are_of_files_where_no_disk_is_waited_for() -> None:
    shelf = Shelf()
    size = 3 * READ_BYTES
    segments = [Segment(blob=await shelf.store(number, size), offset=5, length=size - 5) for number in (1, 2)]
    shelf.blobs.in_memory = lambda offset: 7 if offset >= READ_BYTES + 5 else None
    slices = (await shelf.begin(segments)).slices()
    for number in (1, 2):
        expected = [
            bytes([number]) * READ_BYTES,
            FileSlice(descriptor=7, offset=5 + READ_BYTES, length=READ_BYTES),
            FileSlice(descriptor=7, offset=5 + 2 * READ_BYTES, length=READ_BYTES - 5),
        ]
        assert [await anext(slices) for _ in expected] == expected
        assert shelf.blobs.is_open == 1, "a slice is of an open file"
    with pytest.raises(StopAsyncIteration):
        await anext(slices)
    assert shelf.blobs.reads == [(5, READ_BYTES)] * 2
    assert (shelf.blobs.is_open, shelf.pinned) == (0, {})
