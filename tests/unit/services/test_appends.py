"""What happens to an append when the object becomes another one while its body is on the way."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from ossicle.model.objects import Bucket, StoredHeaders
from ossicle.ports import Conflict
from ossicle.services.appends import Append
from ossicle.services.identity import Principal
from ossicle.services.objects import Upload
from ossicle.wire.errors import PositionNotEqualToLength
from ossicle.wire.names import BucketName, ObjectAcl, ObjectKey, StorageClass
from tests.support.inprocess import OWNER, InProcessServer, build_server

PATH = "/bucket/log"


class Interrupted:
    """A body that comes after something else has happened."""

    def __init__(self, event: Callable[[], Awaitable[object]], content: bytes) -> None:
        self.length = len(content)
        self._event = event
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        await self._event()
        yield self._content


@pytest.fixture
async def server() -> InProcessServer:
    server = build_server()
    await server.put_bucket("bucket")
    await begin(server, b"old")
    return server


async def begin(server: InProcessServer, body: bytes) -> None:
    assert (await server.call("POST", f"{PATH}?append&position=0", body=body)).status == 200


async def append(server: InProcessServer, event: Callable[[], Awaitable[object]]) -> None:
    bucket: Bucket | None = await server.services.buckets.find(BucketName("bucket"))
    assert bucket is not None
    upload = Upload(
        key=ObjectKey("log"),
        headers=StoredHeaders(),
        metadata=(),
        acl=ObjectAcl.DEFAULT,
        storage_class=StorageClass.STANDARD,
        content_md5=None,
        crc64=None,
        is_overwrite_forbidden=False,
    )
    body = Interrupted(event, b" end")
    await server.services.appends.append(Principal(account=OWNER.id), bucket, Append(upload=upload, position=3), body)


async def become_another(server: InProcessServer) -> None:
    await server.call("DELETE", PATH)
    await begin(server, b"new")


async def test_the_end_of_another_object_is_never_taken_along(server: InProcessServer) -> None:
    with pytest.raises(Conflict):
        await append(server, lambda: become_another(server))
    assert (await server.call("GET", PATH)).body == b"new"
    await server.collection.delete_condemned()
    assert len(await server.stored_blobs()) == 1


async def test_an_end_whose_bytes_are_gone_is_left_where_it_was(server: InProcessServer) -> None:
    async def event() -> None:
        await become_another(server)
        await server.collection.delete_condemned()

    await append(server, event)
    assert (await server.call("GET", PATH)).body == b"new end"


async def test_the_position_is_judged_again(server: InProcessServer) -> None:
    with pytest.raises(PositionNotEqualToLength):
        await append(server, lambda: server.call("POST", f"{PATH}?append&position=3", body=b"!"))
    assert (await server.call("GET", PATH)).body == b"old!"
    await server.collection.delete_condemned()
    assert len(await server.stored_blobs()) == 1


async def test_what_is_deleted_meanwhile_does_not_grow(server: InProcessServer) -> None:
    with pytest.raises(PositionNotEqualToLength):
        await append(server, lambda: server.call("DELETE", PATH))
    assert (await server.call("GET", PATH)).status == 404
