"""What every blob store promises."""

import asyncio
import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ossicle.ports import BlobStore, Corrupt, StoreUnavailable
from ossicle.wire.digest import Digest, crc64
from ossicle.wire.names import BlobId
from tests.support.stored import make_blob_id

BLOB = make_blob_id(1)


class Planned(Exception):
    """Raised inside a stage, on purpose."""


async def seal(store: BlobStore, blob: BlobId, *batches: Sequence[bytes]) -> Digest:
    digest = Digest()
    async with store.stage(blob, digest) as staged:
        for batch in batches:
            await staged.write(batch)
        await staged.seal()
    return digest


async def content(store: BlobStore, blob: BlobId, length: int, offset: int = 0) -> bytes:
    reader = await store.open(blob)
    try:
        return await reader.read(offset, length)
    finally:
        await reader.close()


async def scanned(store: BlobStore, incarnation: int) -> list[BlobId]:
    return [blob async for blob in store.scan(incarnation)]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(st.binary(max_size=200), max_size=5), max_size=4))
async def test_bytes_come_back_and_went_through_the_digest(blobs: BlobStore, batches: list[list[bytes]]) -> None:
    whole = b"".join(b"".join(batch) for batch in batches)
    digest = await seal(blobs, BLOB, *batches)
    assert (digest.size, digest.crc64, digest.md5) == (len(whole), crc64(whole), hashlib.md5(whole).digest())
    assert await content(blobs, BLOB, len(whole)) == whole
    await blobs.delete(BLOB)


async def test_a_batch_may_have_more_chunks_than_one_call_takes(blobs: BlobStore) -> None:
    batch = [bytes([number % 251]) * (number % 7) for number in range(3000)]
    await seal(blobs, BLOB, batch, batch)
    whole = b"".join(batch) * 2
    assert await content(blobs, BLOB, len(whole)) == whole


async def test_any_range_of_a_blob_can_be_read(blobs: BlobStore) -> None:
    await seal(blobs, BLOB, [b"0123456789"])
    reader = await blobs.open(BLOB)
    assert await reader.read(3, 4) == b"3456"
    assert await reader.read(0, 10) == b"0123456789"
    assert await reader.read(10, 0) == b""
    assert await asyncio.gather(*(reader.read(at, 1) for at in range(10))) == [b"%d" % at for at in range(10)]
    await reader.close()


async def test_reading_behind_the_end_is_corrupt(blobs: BlobStore) -> None:
    await seal(blobs, BLOB, [b"0123456789"])
    for offset, length in [(0, 11), (10, 1), (50, 1)]:
        with pytest.raises(Corrupt):
            await content(blobs, BLOB, length, offset)


async def test_a_missing_blob_is_corrupt(blobs: BlobStore) -> None:
    with pytest.raises(Corrupt):
        await blobs.open(BLOB)


async def test_a_blob_is_invisible_until_it_is_sealed(blobs: BlobStore) -> None:
    async with blobs.stage(BLOB, Digest()) as staged:
        await staged.write([b"abc"])
        assert await scanned(blobs, 1) == []
        with pytest.raises(Corrupt):
            await blobs.open(BLOB)
        await staged.seal()
        assert await scanned(blobs, 1) == [BLOB]
    assert await content(blobs, BLOB, 3) == b"abc"


async def test_a_stage_left_without_seal_leaves_nothing(blobs: BlobStore) -> None:
    async with blobs.stage(BLOB, Digest()) as staged:
        await staged.write([b"abc"])
    assert await scanned(blobs, 1) == []
    with pytest.raises(Corrupt):
        await blobs.open(BLOB)
    await seal(blobs, BLOB, [b"the id is free again"])


async def test_an_exception_inside_a_stage_passes_and_discards(blobs: BlobStore) -> None:
    async def attempt() -> None:
        async with blobs.stage(BLOB, Digest()) as staged:
            await staged.write([b"abc"])
            raise Planned

    with pytest.raises(Planned):
        await attempt()
    assert await scanned(blobs, 1) == []


async def test_an_exception_after_seal_does_not_discard(blobs: BlobStore) -> None:
    async def attempt() -> None:
        async with blobs.stage(BLOB, Digest()) as staged:
            await staged.write([b"abc"])
            await staged.seal()
            raise Planned

    with pytest.raises(Planned):
        await attempt()
    assert await content(blobs, BLOB, 3) == b"abc"


async def test_a_sealed_blob_takes_no_more_bytes(blobs: BlobStore) -> None:
    async with blobs.stage(BLOB, Digest()) as staged:
        await staged.write([b"abc"])
        await staged.seal()
        with pytest.raises(StoreUnavailable):
            await staged.write([b"def"])
        with pytest.raises(StoreUnavailable):
            await staged.seal()
    assert await content(blobs, BLOB, 3) == b"abc"


async def test_an_open_blob_outlives_its_deletion(blobs: BlobStore) -> None:
    await seal(blobs, BLOB, [b"abc"])
    reader = await blobs.open(BLOB)
    await blobs.delete(BLOB)
    assert await reader.read(0, 3) == b"abc"
    await reader.close()
    await reader.close()
    with pytest.raises(StoreUnavailable):
        await reader.read(0, 3)


async def test_deleting_twice_is_no_error(blobs: BlobStore) -> None:
    await seal(blobs, BLOB, [b"abc"])
    await blobs.delete(BLOB)
    await blobs.delete(BLOB)
    assert await scanned(blobs, 1) == []


async def test_scan_finds_the_blobs_of_one_incarnation(blobs: BlobStore) -> None:
    ours = [make_blob_id(number << 100, incarnation=0x1F) for number in range(5)]
    for blob in [*ours, make_blob_id(1, incarnation=1), make_blob_id(1, incarnation=0x1F0)]:
        await seal(blobs, blob, [b"abc"])
    assert sorted(await scanned(blobs, 0x1F)) == sorted(ours)
    assert await scanned(blobs, 2) == []


@pytest.mark.parametrize(
    "name",
    [
        "",
        "key",
        "../../etc/passwd",
        "1-" + "0" * 31,
        "1-" + "0" * 33,
        "1-" + "G" * 32,
        "/1-" + "0" * 32,
        "1-" + "0" * 32 + "\n",
    ],
)
async def test_what_is_no_blob_id_is_refused(blobs: BlobStore, name: str) -> None:
    with pytest.raises(ValueError, match="not a blob id"):
        blobs.stage(BlobId(name), Digest())
    with pytest.raises(ValueError, match="not a blob id"):
        await blobs.open(BlobId(name))
    with pytest.raises(ValueError, match="not a blob id"):
        await blobs.delete(BlobId(name))


async def test_many_stages_at_one_time_keep_apart(blobs: BlobStore) -> None:
    async def one(number: int) -> bool:
        data = [b"%d," % number * 1000] * 3
        await seal(blobs, make_blob_id(number), *([chunk] for chunk in data))
        whole = b"".join(data)
        return await content(blobs, make_blob_id(number), len(whole)) == whole

    assert all(await asyncio.gather(*(one(number) for number in range(30))))
