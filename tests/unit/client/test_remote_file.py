"""Where a file over an object stands."""

import io
from typing import Any, cast

import pytest

from ossicle.client.failures import ConnectionFailed, MalformedAnswer
from ossicle.client.remote_file import AsyncRemoteFile, Place, RemoteFile
from ossicle.client.streams import AsyncStreamBody, StreamBody
from ossicle.wire.api.object_basic import GetObjectRequest, GetObjectResult, HeadObjectRequest, HeadObjectResult

REQUEST = HeadObjectRequest(bucket="demo", key="a", version_id="v")


def place() -> Place:
    return Place(REQUEST, HeadObjectResult(content_length=10, etag='"E"'))


def test_moving() -> None:
    here = place()
    assert [
        here.seek(*step) for step in [(4, io.SEEK_SET), (-1, io.SEEK_CUR), (-2, io.SEEK_END), (5, io.SEEK_END)]
    ] == [
        4,
        3,
        8,
        15,
    ]
    assert here.is_at_end()
    for step in [(-1, io.SEEK_SET), (-11, io.SEEK_END), (0, 7)]:
        with pytest.raises(ValueError, match=r"before the start|whence"):
            here.seek(*step)
    assert here.position == 15


def test_the_request_is_for_the_rest_of_this_very_object() -> None:
    here = place()
    here.seek(3, io.SEEK_SET)
    made = here.request()
    assert (made.bucket, made.key, made.version_id) == ("demo", "a", "v")
    assert (made.range_header, made.range_behavior, made.if_match) == ("bytes=3-", "standard", '"E"')


def test_an_answer_that_does_not_say_what_object_it_is() -> None:
    with pytest.raises(MalformedAnswer):
        Place(REQUEST, HeadObjectResult(content_length=10))


class Body:
    """A stream of `pieces`; an exception among them is raised. Awaited or not."""

    def __init__(self, *pieces: bytes | Exception) -> None:
        self.pieces = list(pieces)
        self.is_closed = False

    def read1(self, size: int) -> bytes:
        piece = self.pieces.pop(0) if self.pieces else b""
        if isinstance(piece, Exception):
            raise piece
        assert len(piece) <= size
        return piece

    def close(self) -> None:
        self.is_closed = True


class AwaitedBody(Body):
    async def read1(self, size: int) -> bytes:  # type: ignore[override]
        return super().read1(size)

    async def close(self) -> None:  # type: ignore[override]
        super().close()


async def test_what_a_failed_read_had_is_read_again() -> None:
    bodies = [AwaitedBody(b"0123", MalformedAnswer("broken")), AwaitedBody(b"0123456789")]
    asked = []

    async def get(request: GetObjectRequest) -> GetObjectResult[AsyncStreamBody]:
        asked.append(request.range_header)
        return GetObjectResult(status_code=206, body=cast("Any", bodies[len(asked) - 1]))

    file = AsyncRemoteFile(place(), get, 3)
    with pytest.raises(MalformedAnswer):
        await file.read()
    assert (file.tell(), bodies[0].is_closed) == (0, True)
    assert await file.read() == b"0123456789"
    assert asked == ["bytes=0-", "bytes=0-"]


async def test_an_answer_that_is_no_range_gives_its_connection_back() -> None:
    body, awaited = Body(), AwaitedBody()

    async def get(_: GetObjectRequest) -> GetObjectResult[AsyncStreamBody]:
        return GetObjectResult(status_code=200, body=cast("Any", awaited))

    with pytest.raises(MalformedAnswer):
        await AsyncRemoteFile(place(), get, 3).read()
    with pytest.raises(MalformedAnswer):
        RemoteFile(place(), lambda _: GetObjectResult(status_code=200, body=cast("Any", body)), 3).read(1)
    assert (body.is_closed, awaited.is_closed) == (True, True)


def test_a_server_that_can_not_be_reached_is_not_asked_again_here() -> None:
    asked = []

    def get(request: GetObjectRequest) -> GetObjectResult[StreamBody]:
        asked.append(request)
        raise ConnectionFailed("down")

    with pytest.raises(ConnectionFailed):
        RemoteFile(place(), get, 3).read(1)
    assert len(asked) == 1
