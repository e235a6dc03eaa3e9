"""Files and listings of both clients against a real server."""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import ossicle
from tests.support.server import REGION, ServerProcess

CONTENT = os.urandom(3_000_000)
BUCKET = "client-files"


def settings(server: ServerProcess) -> ossicle.Config:
    keys = ossicle.credentials.StaticCredentialsProvider(server.access_key_id, server.access_key_secret)
    return ossicle.Config(region=REGION, endpoint=server.endpoint, credentials_provider=keys)


@pytest.fixture
def client(server: ServerProcess) -> Iterator[ossicle.Client]:
    with ossicle.Client(settings(server)) as made:
        if not made.is_bucket_exist(BUCKET):
            made.put_bucket(ossicle.PutBucketRequest(bucket=BUCKET))
        made.put_object(ossicle.PutObjectRequest(bucket=BUCKET, key="big", body=CONTENT))
        yield made


def test_a_file_there_and_back(client: ossicle.Client, tmp_path: Path) -> None:
    (tmp_path / "from").write_bytes(CONTENT)
    client.put_object_from_file(ossicle.PutObjectRequest(bucket=BUCKET, key="file"), tmp_path / "from")
    result = client.get_object_to_file(ossicle.GetObjectRequest(bucket=BUCKET, key="file"), str(tmp_path / "to"))
    assert (result.body, result.content_length) == (None, len(CONTENT))
    assert (tmp_path / "to").read_bytes() == CONTENT


def test_an_object_is_a_file(client: ossicle.Client) -> None:
    with client.open_file(BUCKET, "big") as file, io.BytesIO(CONTENT) as model:
        for offset, whence, size in [(0, 0, 10), (2_000_000, 0, 5), (-7, 2, 100), (-1_500_000, 1, 70_000), (5, 2, 1)]:
            assert file.seek(offset, whence) == model.seek(offset, whence)
            assert file.read(size) == model.read(size)
        file.seek(0)
        assert file.read() == CONTENT
    with pytest.raises(ossicle.errors.NoSuchKey):
        client.open_file(BUCKET, "nothing")


def test_an_object_that_changes_while_it_is_read(client: ossicle.Client) -> None:
    with client.open_file(BUCKET, "big") as file:
        file.read(1)
        client.put_object(ossicle.PutObjectRequest(bucket=BUCKET, key="big", body=CONTENT + b"!"))
        file.seek(2_500_000)
        with pytest.raises(ossicle.errors.PreconditionFailed):
            file.read(1)


async def test_an_object_is_a_file_asynchronously(
    client: ossicle.Client, server: ServerProcess, tmp_path: Path
) -> None:
    async with ossicle.AsyncClient(settings(server)) as made:
        await made.get_object_to_file(ossicle.GetObjectRequest(bucket=BUCKET, key="big"), tmp_path / "to")
        await made.put_object_from_file(ossicle.PutObjectRequest(bucket=BUCKET, key="copy"), tmp_path / "to")
        async with await made.open_file(BUCKET, "copy") as file:
            assert await file.read(10) == CONTENT[:10]
            assert await file.seek(-5, io.SEEK_END) == len(CONTENT) - 5
            assert (await file.read(), file.tell()) == (CONTENT[-5:], len(CONTENT))
            await file.seek(0)
            assert b"".join([piece async for piece in file]) == CONTENT
        assert await made.is_object_exist(BUCKET, "copy")
        assert not await made.is_object_exist(BUCKET, "nothing")
        assert not await made.is_bucket_exist("client-nowhere")


PAGES = ossicle.ListObjectsV2Request(bucket=BUCKET, prefix="pages/")
KEYS = [f"pages/{number:02}" for number in range(11)]


@pytest.fixture
def listed(client: ossicle.Client) -> None:
    for key in KEYS:
        client.put_object(ossicle.PutObjectRequest(bucket=BUCKET, key=key, body=b""))


@pytest.mark.usefixtures("listed")
def test_pages_concatenate_to_the_whole(client: ossicle.Client) -> None:
    found = [names(page) for page in client.list_objects_v2_paginator(limit=4).iter_page(PAGES)]
    assert found == [KEYS[:4], KEYS[4:8], KEYS[8:]]


@pytest.mark.usefixtures("listed")
async def test_pages_concatenate_to_the_whole_asynchronously(server: ServerProcess) -> None:
    async with ossicle.AsyncClient(settings(server)) as made:
        found = [names(page) async for page in made.list_objects_v2_paginator(limit=4).iter_page(PAGES)]
    assert found == [KEYS[:4], KEYS[4:8], KEYS[8:]]


def names(page: Any) -> list[str]:
    return [item.key for item in page.contents]
