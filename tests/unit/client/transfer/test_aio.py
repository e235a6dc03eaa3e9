"""Transfers awaited: cancelling the task that awaits one ends that one, and is over when it says so."""

import asyncio
import io
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import ossicle
from ossicle.client.failures import ParameterError
from ossicle.client.transfer.aio import AsyncCopier, AsyncDownloader, AsyncUploader
from ossicle.client.transfer.failures import DownloadError, TransferCancelled
from ossicle.client.transfer.plan import PART_BYTES_MIN
from ossicle.wire.errors import NoSuchKey
from tests.unit.client.transfer.bucket_in_memory import BucketInMemory, Told, stored

PART = PART_BYTES_MIN
CONTENT = os.urandom(4 * PART + 7)
PUT = ossicle.PutObjectRequest(bucket="b", key="k")
GET = ossicle.GetObjectRequest(bucket="b", key="k")


class Pause:
    """Holds the server at a step until the test lets it go on."""

    def __init__(self, at: str) -> None:
        self._at = at
        self.reached, self.passed = threading.Event(), threading.Event()

    def __call__(self, step: str, _request: Any) -> None:
        if step == self._at:
            self.reached.set()
            assert self.passed.wait(20)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110 -- it becomes so in another thread
            await asyncio.sleep(0)


async def test_there_and_back_and_a_copy(tmp_path: Path) -> None:
    bucket, told = BucketInMemory(), Told()
    (tmp_path / "file").write_bytes(CONTENT)
    uploader = AsyncUploader(bucket.client, {"part_size": PART})
    result = await uploader.upload_file(replace(PUT, progress_fn=told), tmp_path / "file")
    assert (result.etag, told.last) == (bucket.objects["k"].etag, (len(CONTENT), len(CONTENT)))
    await uploader.upload_from(replace(PUT, key="stream"), io.BytesIO(CONTENT))
    assert bucket.objects["stream"].content == CONTENT
    downloader, stream = AsyncDownloader(bucket.client, {"part_size": PART}), io.BytesIO()
    assert (await downloader.download_file(GET, tmp_path / "back")).written == len(CONTENT)
    await downloader.download_to(GET, stream)
    assert (tmp_path / "back").read_bytes() == stream.getvalue() == CONTENT
    copy = ossicle.CopyObjectRequest(bucket="b", key="copy", source_key="k")
    assert (await AsyncCopier(bucket.client, {}).copy(copy)).etag == bucket.objects["k"].etag


@pytest.mark.parametrize("kind", [AsyncUploader, AsyncDownloader, AsyncCopier])
def test_bad_options_are_refused_at_once(kind: Any) -> None:
    with pytest.raises(ParameterError):
        kind(BucketInMemory().client, {"part_size": 1})


async def test_failures_are_those_of_the_transfer(tmp_path: Path) -> None:
    with pytest.raises(DownloadError) as caught:
        await AsyncDownloader(BucketInMemory().client, {}).download_file(GET, tmp_path / "file")
    assert isinstance(caught.value.unwrap(), NoSuchKey)


async def test_the_event_of_the_caller_counts(tmp_path: Path) -> None:
    event = threading.Event()
    event.set()
    (tmp_path / "file").write_bytes(CONTENT)
    with pytest.raises(TransferCancelled):
        await AsyncUploader(BucketInMemory().client, {"cancel": event}).upload_file(PUT, tmp_path / "file")


async def test_cancelling_one_ends_it_and_none_beside_or_after(tmp_path: Path) -> None:
    bucket, pause = BucketInMemory(), Pause("before upload_part")
    bucket.spoil = pause
    (tmp_path / "file").write_bytes(CONTENT)
    uploader = AsyncUploader(bucket.client, {"part_size": PART, "parallel_num": 1})
    doomed = asyncio.create_task(uploader.upload_file(PUT, tmp_path / "file"))
    beside = asyncio.create_task(uploader.upload_file(replace(PUT, key="beside"), tmp_path / "file"))
    await until(pause.reached.is_set)
    doomed.cancel()
    await asyncio.sleep(0)
    assert not doomed.done()  # its thread is at work still
    pause.passed.set()
    with pytest.raises(asyncio.CancelledError):
        await doomed
    await beside
    assert (sorted(bucket.objects), bucket.uploads) == (["beside"], {})
    await uploader.upload_file(PUT, tmp_path / "file")
    assert bucket.objects["k"].content == CONTENT


async def test_many_wait_for_none_of_each_other() -> None:
    """They have threads of their own, not those that every `to_thread` shares."""
    bucket, arrived, together = BucketInMemory(), [], threading.Event()

    class Reader(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            arrived.append(self)
            if len(set(map(id, arrived))) == 40:
                together.set()
            assert together.wait(20)
            return super().read(size)

    uploader = AsyncUploader(bucket.client, {"part_size": PART})
    await asyncio.gather(*(uploader.upload_from(replace(PUT, key=str(n)), Reader(b"x")) for n in range(40)))
    assert len(bucket.objects) == 40


async def test_cancelled_twice_it_is_left_alone_and_says_nothing(tmp_path: Path) -> None:
    bucket, pause = BucketInMemory(), Pause("before get_object")
    bucket.objects["k"] = stored(CONTENT)
    bucket.spoil = pause
    task = asyncio.create_task(
        AsyncDownloader(bucket.client, {"part_size": PART}).download_file(GET, tmp_path / "file")
    )
    await until(pause.reached.is_set)
    for _ in range(2):
        task.cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert task.done()
    pause.passed.set()
    await until(lambda: list(tmp_path.iterdir()) == [])
