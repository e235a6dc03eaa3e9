"""Both clients append to objects and follow links, on a real server."""

import asyncio
import uuid
from typing import Any

import pytest

import ossicle
from tests.integration.test_client import settings
from tests.support.server import ServerProcess


def test_appending_and_sealing(server: ServerProcess) -> None:
    place: dict[str, Any] = {"bucket": f"append-{uuid.uuid4().hex}", "key": "log"}
    with ossicle.Client(settings(server)) as client:
        client.put_bucket(ossicle.PutBucketRequest(bucket=place["bucket"]))
        first = client.append_object(ossicle.AppendObjectRequest(**place, position=0, body=b"one "))
        assert first.next_position == 4
        second = client.append_object(ossicle.AppendObjectRequest(**place, position=4, body=iter([b"t", b"wo"])))
        assert second.next_position == 7, "the checksum of the whole is not that of the second piece"
        with pytest.raises(ossicle.errors.PositionNotEqualToLength) as failure:
            client.append_object(ossicle.AppendObjectRequest(**place, position=4, body=b"three"))
        assert failure.value.ec == "0026-00000016"
        told = client.head_object(ossicle.HeadObjectRequest(**place))
        assert (told.object_type, told.next_append_position, told.sealed_time) == ("Appendable", 7, None)
        sealed = client.seal_append_object(ossicle.SealAppendObjectRequest(**place, position=7))
        result = client.get_object(ossicle.GetObjectRequest(**place))
        assert sealed.sealed_time is not None
        assert result.sealed_time == sealed.sealed_time
        assert result.body is not None
        assert result.body.read() == b"one two"
        with pytest.raises(ossicle.errors.AppendSealedObjectNotAllowed):
            client.append_object(ossicle.AppendObjectRequest(**place, position=7, body=b"three"))


def test_awaited(server: ServerProcess) -> None:
    async def work() -> None:
        bucket = f"append-{uuid.uuid4().hex}"
        async with ossicle.AsyncClient(settings(server)) as client:
            await client.put_bucket(ossicle.PutBucketRequest(bucket=bucket))
            made = await client.append_object(
                ossicle.AppendObjectRequest(bucket=bucket, key="ä log", position=0, body=b"one")
            )
            await client.append_object(
                ossicle.AppendObjectRequest(bucket=bucket, key="ä log", position=made.next_position or 0, body=b"two")
            )
            await client.seal_append_object(ossicle.SealAppendObjectRequest(bucket=bucket, key="ä log", position=6))
            await client.put_symlink(ossicle.PutSymlinkRequest(bucket=bucket, key="link", target="ä log"))
            link = await client.get_symlink(ossicle.GetSymlinkRequest(bucket=bucket, key="link"))
            assert link.target == "ä log"
            result = await client.get_object(ossicle.GetObjectRequest(bucket=bucket, key="link"))
            assert result.body is not None
            assert await result.body.read() == b"onetwo"

    asyncio.run(work())


def test_links(server: ServerProcess) -> None:
    bucket = f"append-{uuid.uuid4().hex}"
    with ossicle.Client(settings(server)) as client:
        client.put_bucket(ossicle.PutBucketRequest(bucket=bucket))
        client.put_object(ossicle.PutObjectRequest(bucket=bucket, key="target", body=b"x" * 200_000))
        client.put_symlink(ossicle.PutSymlinkRequest(bucket=bucket, key="link", target="target", metadata={"a": "b"}))
        result = client.get_object(ossicle.GetObjectRequest(bucket=bucket, key="link"))
        assert (result.object_type, result.metadata) == ("Symlink", {"a": "b"})
        assert result.body is not None
        assert result.body.read() == b"x" * 200_000
        with pytest.raises(ossicle.errors.NotSymlink):
            client.get_symlink(ossicle.GetSymlinkRequest(bucket=bucket, key="target"))
