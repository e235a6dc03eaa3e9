"""Transfers of both clients against a real server: parts of 100 KiB there, back and across, cancelled and gone on with."""

import asyncio
import io
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import ossicle
from tests.support.server import REGION, ServerProcess

PART = 100 * 1024
CONTENT = os.urandom(12 * PART + 345)
BUCKET = "transfers"


def settings(server: ServerProcess) -> ossicle.Config:
    keys = ossicle.credentials.StaticCredentialsProvider(server.access_key_id, server.access_key_secret)
    return ossicle.Config(region=REGION, endpoint=server.endpoint, credentials_provider=keys)


@pytest.fixture
def client(server: ServerProcess) -> Iterator[ossicle.Client]:
    with ossicle.Client(settings(server)) as made:
        if not made.is_bucket_exist(BUCKET):
            made.put_bucket(ossicle.PutBucketRequest(bucket=BUCKET))
        yield made


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    return str(request.node.name)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "file").write_bytes(CONTENT)
    return tmp_path / "file"


def uploads_of(client: ossicle.Client, key: str) -> list[str | None]:
    listed = client.list_multipart_uploads(ossicle.ListMultipartUploadsRequest(bucket=BUCKET, prefix=key))
    return [upload.upload_id for upload in listed.uploads]


class Until:
    """A `progress_fn` that cancels when so much has moved."""

    def __init__(self, enough: int) -> None:
        self.event = threading.Event()
        self.total = 0
        self._enough = enough

    def __call__(self, increment: int, so_far: int, _total: int | None) -> None:
        self.total += increment
        assert so_far == self.total
        if so_far >= self._enough:
            self.event.set()


def test_there_and_back(client: ossicle.Client, key: str, file: Path, tmp_path: Path) -> None:
    sent, fetched = Until(1 << 40), Until(1 << 40)
    put = ossicle.PutObjectRequest(
        bucket=BUCKET, key=key, content_type="text/x", metadata={"a": "b"}, acl="private", progress_fn=sent
    )
    result = client.uploader(part_size=PART).upload_file(put, file)
    head = client.head_object(ossicle.HeadObjectRequest(bucket=BUCKET, key=key))
    assert (head.etag, head.hash_crc64, head.content_type) == (result.etag, result.hash_crc64, "text/x")
    assert (head.object_type, head.metadata) == ("Multipart", {"a": "b"})
    get = ossicle.GetObjectRequest(bucket=BUCKET, key=key, progress_fn=fetched)
    assert client.downloader(part_size=PART).download_file(get, tmp_path / "back").written == len(CONTENT)
    assert (tmp_path / "back").read_bytes() == CONTENT
    assert sent.total == fetched.total == len(CONTENT)
    assert uploads_of(client, key) == []


@pytest.mark.parametrize("size", [0, 1, PART, PART + 1, 3 * PART])
def test_streams_of_any_size(client: ossicle.Client, key: str, size: int) -> None:
    put = ossicle.PutObjectRequest(bucket=BUCKET, key=key)
    client.uploader(part_size=PART).upload_from(put, io.BytesIO(CONTENT[:size]))
    back = io.BytesIO()
    client.downloader(part_size=PART).download_to(ossicle.GetObjectRequest(bucket=BUCKET, key=key), back)
    assert back.getvalue() == CONTENT[:size]


def test_from_one_process_to_the_next_without_a_file(client: ossicle.Client, key: str) -> None:
    script = "import sys; sys.stdout.buffer.write(bytes(range(256)) * 2000)"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        put = ossicle.PutObjectRequest(bucket=BUCKET, key=key)
        client.uploader(part_size=PART).upload_from(put, process.stdout)
    with client.get_object(ossicle.GetObjectRequest(bucket=BUCKET, key=key)).body or pytest.fail("no body") as body:
        assert body.read() == bytes(range(256)) * 2000


def test_a_copy_in_parts(client: ossicle.Client, key: str, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ossicle.client.transfer.copy.THRESHOLD_BYTES", PART)
    put = ossicle.PutObjectRequest(bucket=BUCKET, key=key, content_type="text/x", metadata={"a": "b"})
    client.uploader(part_size=PART).upload_file(put, file)
    copied = Until(1 << 40)
    request = ossicle.CopyObjectRequest(bucket=BUCKET, key=f"{key}-2", source_key=key, progress_fn=copied)
    result = client.copier(part_size=2 * PART).copy(request)
    head = client.head_object(ossicle.HeadObjectRequest(bucket=BUCKET, key=f"{key}-2"))
    assert (head.etag, head.content_type, head.metadata) == (result.etag, "text/x", {"a": "b"})
    back = io.BytesIO()
    client.downloader().download_to(ossicle.GetObjectRequest(bucket=BUCKET, key=f"{key}-2"), back)
    assert (back.getvalue(), copied.total) == (CONTENT, len(CONTENT))


def test_an_upload_that_was_cancelled_goes_on(client: ossicle.Client, key: str, file: Path, tmp_path: Path) -> None:
    half, rest = Until(len(CONTENT) // 2), Until(1 << 40)
    options = {"part_size": PART, "enable_checkpoint": True, "checkpoint_dir": tmp_path}
    put = ossicle.PutObjectRequest(bucket=BUCKET, key=key, progress_fn=half)
    with pytest.raises(ossicle.TransferCancelled):
        client.uploader(cancel=half.event, **options).upload_file(put, file)  # type: ignore[arg-type]  # of several types
    assert len(uploads_of(client, key)) == 1
    assert len(list(tmp_path.glob("*.upload"))) == 1
    again = ossicle.PutObjectRequest(bucket=BUCKET, key=key, progress_fn=rest)
    client.uploader(**options).upload_file(again, file)  # type: ignore[arg-type]
    assert (uploads_of(client, key), list(tmp_path.glob("*.upload")), rest.total) == ([], [], len(CONTENT))
    back = io.BytesIO()
    client.downloader().download_to(ossicle.GetObjectRequest(bucket=BUCKET, key=key), back)
    assert back.getvalue() == CONTENT


def test_a_download_that_was_cancelled_goes_on(client: ossicle.Client, key: str, tmp_path: Path) -> None:
    client.put_object(ossicle.PutObjectRequest(bucket=BUCKET, key=key, body=CONTENT))
    half, rest = Until(len(CONTENT) // 2), Until(1 << 40)
    options = {"part_size": PART, "enable_checkpoint": True, "checkpoint_dir": tmp_path}
    get = ossicle.GetObjectRequest(bucket=BUCKET, key=key, progress_fn=half)
    with pytest.raises(ossicle.TransferCancelled):
        client.downloader(cancel=half.event, **options).download_file(get, tmp_path / "back")  # type: ignore[arg-type]
    assert not (tmp_path / "back").exists()
    again = ossicle.GetObjectRequest(bucket=BUCKET, key=key, progress_fn=rest)
    client.downloader(**options).download_file(again, tmp_path / "back")  # type: ignore[arg-type]
    assert ([path.name for path in tmp_path.iterdir()], rest.total) == (["back"], len(CONTENT))
    assert (tmp_path / "back").read_bytes() == CONTENT


def test_a_failure_names_what_it_ended(client: ossicle.Client, file: Path, tmp_path: Path) -> None:
    with pytest.raises(ossicle.UploadError, match="NoSuchBucket") as upload:
        client.uploader().upload_file(ossicle.PutObjectRequest(bucket="no-such-bucket-here", key="k"), file)
    assert isinstance(upload.value.unwrap(), ossicle.errors.NoSuchBucket)
    with pytest.raises(ossicle.DownloadError) as download:
        client.downloader().download_file(ossicle.GetObjectRequest(bucket=BUCKET, key="nothing"), tmp_path / "x")
    assert isinstance(download.value.unwrap(), ossicle.errors.NoSuchKey)
    with pytest.raises(ossicle.CopyError):
        client.copier().copy(ossicle.CopyObjectRequest(bucket=BUCKET, key="k", source_key="nothing"))
    assert not (tmp_path / "x").exists()


@pytest.mark.usefixtures("client")
async def test_the_same_awaited(server: ServerProcess, key: str, file: Path) -> None:
    sent = Until(1 << 40)
    put = ossicle.PutObjectRequest(bucket=BUCKET, key=key, progress_fn=sent)
    back = file.with_name("back")
    async with ossicle.AsyncClient(settings(server)) as awaited:
        result = await awaited.uploader(part_size=PART).upload_file(put, file)
        head = await awaited.head_object(ossicle.HeadObjectRequest(bucket=BUCKET, key=key))
        assert (result.hash_crc64, sent.total) == (head.hash_crc64, len(CONTENT))
        await awaited.copier().copy(ossicle.CopyObjectRequest(bucket=BUCKET, key=f"{key}-2", source_key=key))
        get = ossicle.GetObjectRequest(bucket=BUCKET, key=f"{key}-2")
        await awaited.downloader(part_size=PART).download_file(get, back)
    assert back.read_bytes() == CONTENT


async def test_an_upload_whose_task_is_cancelled_leaves_nothing(
    client: ossicle.Client, server: ServerProcess, key: str, file: Path
) -> None:
    half = Until(len(CONTENT) // 2)
    put = ossicle.PutObjectRequest(bucket=BUCKET, key=key, progress_fn=half)
    async with ossicle.AsyncClient(settings(server)) as awaited:
        task = asyncio.create_task(awaited.uploader(part_size=PART, parallel_num=1).upload_file(put, file))
        async with asyncio.timeout(30):
            while not half.event.is_set() and not task.done():  # noqa: ASYNC110 -- it is set in another thread
                await asyncio.sleep(0.001)
        task.cancel()
        await asyncio.wait([task])
    is_made = await asyncio.to_thread(client.is_object_exist, BUCKET, key)
    assert task.cancelled() != is_made  # or the last bytes were faster
    assert await asyncio.to_thread(uploads_of, client, key) == []
