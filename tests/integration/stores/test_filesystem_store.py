"""The file store on a real file system: where files lie, what is left after a crash, what happens when syncs fail."""

import asyncio
import errno
import os
import stat
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from ossicle.ports import StoreUnavailable
from ossicle.stores.filesystem import FilesystemBlobStore
from ossicle.wire.digest import Digest
from ossicle.wire.names import BlobId
from tests.support.failing import Failing
from tests.support.process_facts import only_on_linux
from tests.support.stored import make_blob_id

BLOB = make_blob_id(0xAB << 120, incarnation=0x1F)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[FilesystemBlobStore]:
    store = await FilesystemBlobStore.open_root(tmp_path, threads=2)
    yield store
    await store.close()


def files(root: Path) -> dict[str, int]:
    """Every file under `root`, and its mode."""
    found = {file: stat.S_IMODE(file.stat().st_mode) for file in root.rglob("*") if file.is_file()}
    return {str(file.relative_to(root)): mode for file, mode in found.items()}


def write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


async def seal(store: FilesystemBlobStore, blob: BlobId = BLOB) -> None:
    async with store.stage(blob, Digest()) as staged:
        await staged.write([b"abc", b"def"])
        await staged.seal()


async def test_a_blob_lies_under_its_incarnation_and_nobody_else_can_read_it(
    store: FilesystemBlobStore, tmp_path: Path
) -> None:
    await seal(store)
    assert files(tmp_path) == {f"blobs/1f/ab/{BLOB}": 0o600}


async def test_staged_bytes_lie_in_the_staging_area(store: FilesystemBlobStore, tmp_path: Path) -> None:
    async with store.stage(BLOB, Digest()) as staged:
        assert files(tmp_path) == {}
        await staged.write([b"abc"])
        assert files(tmp_path) == {f"staging/{BLOB}": 0o600}
    assert files(tmp_path) == {}


async def test_opening_empties_the_staging_area_and_keeps_what_is_sealed(
    store: FilesystemBlobStore, tmp_path: Path
) -> None:
    await seal(store)
    await store.close()
    write(tmp_path / "staging" / make_blob_id(1), b"left by a crash")
    again = await FilesystemBlobStore.open_root(tmp_path)
    assert list(files(tmp_path)) == [f"blobs/1f/ab/{BLOB}"]
    await seal(again, make_blob_id(1))
    await again.close()


async def test_scan_passes_over_what_is_no_blob(store: FilesystemBlobStore, tmp_path: Path) -> None:
    await seal(store)
    write(tmp_path / "blobs" / "1f" / "ab" / "notes.txt", b"put there by a person")
    write(tmp_path / "blobs" / "1f" / "cd" / "1f-short", b"put there by a person")
    assert [blob async for blob in store.scan(0x1F)] == [BLOB]


async def test_a_root_that_can_not_be_made_is_unavailable(tmp_path: Path) -> None:
    write(tmp_path / "file", b"in its place")
    with pytest.raises(StoreUnavailable):
        await FilesystemBlobStore.open_root(tmp_path / "file" / "data")


async def test_a_closed_store_refuses(store: FilesystemBlobStore) -> None:
    await store.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        await store.open(BLOB)


# ----------------------------------------------------------------------------------------------- failures


def failing(code: int, times: list[int]) -> Callable[..., None]:
    def sync(descriptor: int) -> None:
        times.append(descriptor)
        raise OSError(code, os.strerror(code))

    return sync


async def attempt(store: FilesystemBlobStore, blob: BlobId = BLOB) -> None:
    with pytest.raises(StoreUnavailable):
        await seal(store, blob)


async def test_a_sync_that_fails_is_not_tried_again_and_stops_the_store(
    store: FilesystemBlobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", failing(errno.EIO, calls))
        await attempt(store)
    assert len(calls) == 1
    assert files(tmp_path) == {}
    assert not store.is_healthy
    with pytest.raises(StoreUnavailable, match="until a restart"):
        await seal(store, make_blob_id(1))
    assert files(tmp_path) == {}


async def test_a_blob_whose_name_could_not_be_synced_is_not_left_behind(
    store: FilesystemBlobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await seal(store, make_blob_id(1, incarnation=0x1F))
    calls: list[int] = []
    monkeypatch.setattr(os, "fsync", failing(errno.EIO, calls))
    await attempt(store, make_blob_id(2, incarnation=0x1F))
    assert len(calls) == 1
    assert list(files(tmp_path)) == [f"blobs/1f/00/{make_blob_id(1, incarnation=0x1F)}"]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
async def test_a_full_disk_refuses_one_blob_and_takes_the_next(
    store: FilesystemBlobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", failing(code, []))
        with pytest.raises(StoreUnavailable, match="no space left"):
            await seal(store)
    assert store.is_healthy
    assert files(tmp_path) == {}
    await seal(store)


async def test_a_write_that_takes_a_part_is_carried_on(
    store: FilesystemBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, sizes = os.writev, [0]

    def a_little(descriptor: int, buffers: list[memoryview]) -> int:
        sizes.append(min(sizes[-1] + 1, len(buffers[0])))
        return real(descriptor, [buffers[0][: sizes[-1]]])

    monkeypatch.setattr(os, "writev", a_little)
    chunks = [b"a", b"", b"bcdefgh", b"ij", b"klmnopqrstuvwxyz"]
    async with store.stage(BLOB, Digest()) as staged:
        await staged.write(chunks)
        await staged.seal()
    reader = await store.open(BLOB)
    assert await reader.read(0, 26) == b"abcdefghijklmnopqrstuvwxyz"
    await reader.close()


# ------------------------------------------------------------------------------------------- cancellation


class Held:
    """Stands in for a system call and holds the thread that makes it."""

    def __init__(self, real: Callable[..., object]) -> None:
        self._real = real
        self.has_begun = threading.Event()
        self.may_go_on = threading.Event()

    def __call__(self, *arguments: object) -> object:
        self.has_begun.set()
        assert self.may_go_on.wait(30)
        return self._real(*arguments)


@pytest.mark.parametrize("call", ["writev", "rename", "fsync"])
async def test_an_upload_that_is_cancelled_at_any_point_leaves_nothing(
    store: FilesystemBlobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    await seal(store)
    open_before = len(os.listdir("/proc/self/fd"))
    held = Held(getattr(os, call))
    monkeypatch.setattr(os, call, held)
    other = BlobId(BLOB[:-1] + "1")
    upload = asyncio.create_task(seal(store, other))
    await asyncio.to_thread(held.has_begun.wait, 30)
    upload.cancel()
    await asyncio.sleep(0)
    held.may_go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert list(files(tmp_path)) == [f"blobs/1f/ab/{BLOB}"]
    assert len(os.listdir("/proc/self/fd")) == open_before


async def test_a_reader_closed_during_a_read_ends_it_first(
    store: FilesystemBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await seal(store)
    monkeypatch.setattr("ossicle.stores.filesystem.read_cached", lambda *_: None)
    reader = await store.open(BLOB)
    held = Held(os.pread)
    monkeypatch.setattr(os, "pread", held)
    read = asyncio.create_task(reader.read(0, 6))
    await asyncio.to_thread(held.has_begun.wait, 30)
    close = asyncio.create_task(reader.close())
    await asyncio.sleep(0)
    assert not close.done()
    held.may_go_on.set()
    assert await read == b"abcdef"
    await close


@only_on_linux
async def test_what_is_in_memory_needs_no_thread(store: FilesystemBlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    await seal(store)
    monkeypatch.setattr(type(store._disk), "run", Failing.unexpectedly())
    reader = await store.open(BLOB)
    assert await reader.read(1, 4) == b"bcde"
    descriptor = reader.descriptor(1, 4)
    assert descriptor is not None
    assert os.pread(descriptor, 4, 1) == b"bcde"
    await reader.close()
    assert reader.descriptor(1, 4) is None


async def test_what_is_not_in_memory_is_read_by_a_thread(
    store: FilesystemBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await seal(store)
    for name in ("open_cached", "read_cached"):
        monkeypatch.setattr(f"ossicle.stores.filesystem.{name}", lambda *_: None)
    monkeypatch.setattr("ossicle.stores.filesystem.is_cached", lambda *_: False)
    reader = await store.open(BLOB)
    assert reader.descriptor(1, 4) is None
    assert await reader.read(1, 4) == b"bcde"
    await reader.close()


@only_on_linux
async def test_the_last_of_an_unlinked_file_is_closed_by_a_thread(
    store: FilesystemBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await seal(store)
    reader = await store.open(BLOB)
    await store.delete(BLOB)
    held = Held(os.close)
    monkeypatch.setattr(os, "close", held)
    closing = asyncio.create_task(reader.close())
    await asyncio.to_thread(held.has_begun.wait, 30)
    assert not closing.done()
    held.may_go_on.set()
    await closing
