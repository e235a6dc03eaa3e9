"""Bodies on their way in: batches, limits, and nothing left of what did not end well."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ossicle.ports import BlobReader, Conflict, StagedBlob, StoreUnavailable
from ossicle.services.intake import BATCH_BYTES, Intake, IntakeLimits
from ossicle.services.numbering import Numbering
from ossicle.stores.filesystem import FilesystemBlobStore
from ossicle.stores.memory import MemoryBlobStore
from ossicle.wire.digest import Digest, crc64
from ossicle.wire.errors import EntityTooLarge, FileAlreadyExists, IncompleteBody
from ossicle.wire.names import BlobId
from tests.support.bodies import Chunks
from tests.support.failing import Failing
from tests.support.inprocess import CountedIds

LIMITS = IntakeLimits(small_body_bytes=100, object_bytes_max=4 * BATCH_BYTES)


def numbering() -> Numbering:
    return Numbering(1, CountedIds())


class Watched:
    """A blob store in memory that keeps a diary, and whose writes wait while `gate` is closed."""

    def __init__(self) -> None:
        self.inner = MemoryBlobStore()
        self.diary: list[str] = []
        self.batches: list[list[int]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.failure: Exception | None = None

    @property
    def is_healthy(self) -> bool:
        return True

    def stage(self, blob: BlobId, digest: Digest) -> AbstractAsyncContextManager[StagedBlob]:
        self.diary.append("stage")
        return _WatchedStage(self, self.inner.stage(blob, digest))

    async def open(self, blob: BlobId) -> BlobReader:
        return await self.inner.open(blob)

    async def delete(self, blob: BlobId) -> None:
        self.diary.append("delete")
        await self.inner.delete(blob)

    def scan(self, incarnation: int) -> AsyncIterator[BlobId]:
        return self.inner.scan(incarnation)

    async def close(self) -> None:
        await self.inner.close()

    async def sealed(self) -> list[BlobId]:
        return [blob async for blob in self.scan(1)]


class _WatchedStage:
    def __init__(self, store: Watched, inner: AbstractAsyncContextManager[StagedBlob]) -> None:
        self._store = store
        self._inner = inner
        self._staged: StagedBlob | None = None

    async def __aenter__(self) -> Self:
        self._staged = await self._inner.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._store.diary.append("exit")
        await self._inner.__aexit__(kind, error, trace)

    async def write(self, batch: Sequence[bytes]) -> None:
        assert self._staged is not None
        self._store.diary.append("write")
        self._store.batches.append([len(chunk) for chunk in batch])
        if self._store.failure is not None:
            raise self._store.failure
        await self._store.gate.wait()
        await self._staged.write(batch)
        self._store.diary.append("written")

    async def seal(self) -> None:
        assert self._staged is not None
        self._store.diary.append("seal")
        await self._staged.seal()


async def taken(store: Watched, body: Chunks, limits: IntakeLimits = LIMITS) -> Intake:
    async with Intake(store, numbering(), limits) as intake:
        await intake.take(body)
        await intake.seal()
    return intake


# ---------------------------------------------------------------------------------------- what goes where


@pytest.mark.parametrize("chunks", [(), (b"",), (b"a",), (b"a" * 100,), (b"a" * 50, b"b" * 50), (b"a",) * 100])
async def test_a_small_body_is_kept_in_hand(chunks: tuple[bytes, ...]) -> None:
    store = Watched()
    intake = await taken(store, Chunks(*chunks))
    whole = b"".join(chunks)
    assert (intake.small_body, intake.segments) == (whole, ())
    assert (intake.digest.size, intake.digest.md5) == (len(whole), hashlib.md5(whole).digest())
    assert store.diary == []


@pytest.mark.parametrize("chunks", [(b"a" * 101,), (b"a" * 100, b"b"), (b"a",) * 101])
async def test_a_larger_one_becomes_a_blob(chunks: tuple[bytes, ...]) -> None:
    store = Watched()
    intake = await taken(store, Chunks(*chunks))
    [segment] = intake.segments
    assert intake.small_body is None
    assert (segment.offset, segment.length) == (0, 101)
    assert await store.sealed() == [segment.blob]
    assert store.diary == ["stage", "write", "written", "seal", "exit"]
    reader = await store.open(segment.blob)
    assert await reader.read(0, 101) == b"".join(chunks)


async def test_chunks_are_joined_to_batches_of_a_mebibyte() -> None:
    store = Watched()
    chunk, count = 300_000, 13
    await taken(store, Chunks(*[bytes(chunk)] * count))
    assert [sum(batch) for batch in store.batches] == [4 * chunk, 4 * chunk, 4 * chunk, chunk]
    assert all(sum(batch) >= BATCH_BYTES > sum(batch[:-1]) for batch in store.batches[:-1])


async def test_the_next_batch_arrives_while_one_is_written_and_no_more_than_that() -> None:
    store = Watched()
    store.gate.clear()
    body = Chunks(*[bytes(BATCH_BYTES)] * 4)
    task = asyncio.create_task(taken(store, body))
    for _ in range(20):
        await asyncio.sleep(0)
    assert store.diary == ["stage", "write"], "the first one is being written"
    assert body.taken == 2, "the second one is here, the third one waits"
    store.gate.set()
    await task
    assert body.taken == 4


@pytest.mark.parametrize("small", [BATCH_BYTES - 1, BATCH_BYTES, BATCH_BYTES + 1, 3 * BATCH_BYTES])
@pytest.mark.parametrize("extra", [-1, 0, 1, BATCH_BYTES])
async def test_rows_may_be_as_large_as_a_batch_or_larger(small: int, extra: int) -> None:
    limits = IntakeLimits(small_body_bytes=small, object_bytes_max=10 * BATCH_BYTES)
    body = bytes(range(256)) * ((small + extra) // 256 + 1)
    body = body[: small + extra]
    pieces = [body[start : start + BATCH_BYTES // 2] for start in range(0, len(body), BATCH_BYTES // 2)]
    intake = await taken(Watched(), Chunks(*pieces), limits)
    assert (intake.small_body is not None) == (extra <= 0)
    assert (intake.digest.size, intake.digest.md5) == (len(body), hashlib.md5(body).digest())


@given(cuts=st.lists(st.integers(0, 3 * BATCH_BYTES), max_size=8), size=st.integers(0, 3 * BATCH_BYTES))
@settings(max_examples=25)
async def test_it_matters_not_how_a_body_is_cut(cuts: list[int], size: int) -> None:
    whole = (hashlib.sha256(b"seed").digest() * (size // 32 + 1))[:size]
    edges = [0, *sorted(min(cut, size) for cut in cuts), size]
    store = Watched()
    intake = await taken(store, Chunks(*[whole[a:b] for a, b in pairwise(edges)]))
    assert intake.digest.md5 == hashlib.md5(whole).digest()
    assert intake.digest.crc64 == crc64(whole)
    if intake.small_body is None:
        reader = await store.open(intake.segments[0].blob)
        assert await reader.read(0, size) == whole
    else:
        assert intake.small_body == whole


# --------------------------------------------------------------------------------------------------- limits


async def test_a_length_beyond_the_limit_is_refused_unread() -> None:
    store, body = Watched(), Chunks(b"x", length=LIMITS.object_bytes_max + 1)
    with pytest.raises(EntityTooLarge) as refusal:
        await taken(store, body)
    assert refusal.value.details == {"ProposedSize": "4194305", "MaxSizeAllowed": "4194304"}
    assert (body.taken, store.diary) == (0, [])


async def test_chunks_beyond_the_limit_are_refused_as_soon_as_they_are() -> None:
    store = Watched()
    body = Chunks(*[bytes(BATCH_BYTES)] * 10)
    with pytest.raises(EntityTooLarge):
        await taken(store, body)
    assert body.taken == 5
    assert await store.sealed() == []
    assert store.diary[-1] == "exit"


async def test_a_body_of_exactly_the_limit() -> None:
    store = Watched()
    intake = await taken(store, Chunks(*[bytes(BATCH_BYTES)] * 4, length=4 * BATCH_BYTES))
    assert intake.digest.size == LIMITS.object_bytes_max


# ------------------------------------------------------------------------------------- what does not end well


@pytest.mark.parametrize("chunks", [(), (b"a",), (bytes(BATCH_BYTES),), (bytes(BATCH_BYTES),) * 3])
async def test_a_body_that_breaks_off_leaves_nothing(chunks: tuple[bytes, ...]) -> None:
    store = Watched()
    with pytest.raises(IncompleteBody):
        await taken(store, Chunks(*chunks, failure=IncompleteBody()))
    assert await store.sealed() == []
    assert store.diary.count("stage") == store.diary.count("exit")
    assert store.diary.count("write") == store.diary.count("written")


async def test_a_write_that_fails_is_what_the_caller_hears() -> None:
    store = Watched()
    store.failure = StoreUnavailable("full")
    body = Chunks(*[bytes(BATCH_BYTES)] * 4)
    with pytest.raises(StoreUnavailable, match="full"):
        await taken(store, body)
    assert store.diary == ["stage", "write", "exit"]
    assert body.taken == 2, "nobody reads on to a store that is full"


async def test_who_is_cancelled_waits_for_the_write_that_runs_and_discards() -> None:
    store = Watched()
    store.gate.clear()
    arriving = asyncio.Event()

    def at(count: int) -> None:
        if count == 1:
            arriving.set()

    task = asyncio.create_task(taken(store, Chunks(*[bytes(BATCH_BYTES)] * 4, on_chunk=at)))
    await arriving.wait()
    task.cancel()
    asyncio.get_running_loop().call_soon(store.gate.set)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await store.sealed() == []
    assert store.diary[-1] == "exit"


async def test_what_was_not_sealed_is_gone_when_the_context_ends() -> None:
    store = Watched()
    async with Intake(store, numbering(), LIMITS) as intake:
        await intake.take(Chunks(bytes(1000)))
    assert await store.sealed() == []
    assert store.diary == ["stage", "write", "written", "exit"]


@pytest.mark.parametrize("failing", [Failing.conflict(), Failing(FileAlreadyExists())])
@pytest.mark.parametrize("size", [5, 1000])
async def test_what_was_sealed_for_a_commit_that_was_refused_is_deleted(failing: Failing, size: int) -> None:
    store = Watched()
    async with Intake(store, numbering(), LIMITS) as intake:
        await intake.take(Chunks(bytes(size)))
        await intake.seal()
        with pytest.raises((Conflict, FileAlreadyExists)):
            await intake.commit(failing())
    assert await store.sealed() == []


async def test_what_was_sealed_for_a_commit_that_may_have_happened_is_kept() -> None:
    store = Watched()
    async with Intake(store, numbering(), LIMITS) as intake:
        await intake.take(Chunks(bytes(1000)))
        await intake.seal()
        with pytest.raises(StoreUnavailable):
            await intake.commit(Failing.unavailable()())
    assert len(await store.sealed()) == 1


@pytest.mark.parametrize("failure", [IncompleteBody(), asyncio.CancelledError(), None])
async def test_no_file_is_left_of_it(tmp_path: Path, failure: BaseException | None) -> None:
    store = await FilesystemBlobStore.open_root(tmp_path, durable=False, threads=2)
    try:
        with pytest.raises((IncompleteBody, asyncio.CancelledError, EntityTooLarge)):
            await fail_with(failure, store)
    finally:
        await store.close()
    assert [path for _, _, files in os.walk(tmp_path) for path in files] == []


async def fail_with(failure: BaseException | None, store: FilesystemBlobStore) -> None:
    async with Intake(store, numbering(), LIMITS) as intake:
        await intake.take(Chunks(*[bytes(BATCH_BYTES)] * (5 if failure is None else 2)))
        raise failure or AssertionError("five are too many")
