"""GetObjectMeta: size, ETag and time, and nothing else."""

import pytest

from tests.support.inprocess import InProcessServer


async def test_what_is_told(server: InProcessServer) -> None:
    await server.put_object("/bucket/key", b"hello", ("x-oss-meta-colour", "red"), ("Cache-Control", "no-store"))
    answer = await server.call("HEAD", "/bucket/key?objectMeta")
    assert (answer.status, answer.header("content-length")) == (200, "5")
    assert answer.header("etag") == '"5D41402ABC4B2A76B9719D911017C592"'
    assert answer.header("last-modified") == "Sat, 14 Mar 2026 12:00:00 GMT"
    assert answer.header("x-oss-hash-crc64ecma") is not None
    assert answer.header("x-oss-meta-colour") is None
    assert answer.header("cache-control") is None


@pytest.mark.parametrize(
    ("target", "refusal"),
    [
        ("/bucket/never?objectMeta", (404, "NoSuchKey")),
        ("/never/key?objectMeta", (404, "NoSuchBucket")),
        ("/bucket/never?objectMeta&versionId=x", (400, "InvalidArgument")),
    ],
)
async def test_refusals(server: InProcessServer, target: str, refusal: tuple[int, str]) -> None:
    assert (await server.call("HEAD", target)).refusal[:2] == refusal


async def test_who_may(server: InProcessServer) -> None:
    await server.put_object("/bucket/private", b"x")
    await server.put_object("/bucket/public", b"x", ("x-oss-object-acl", "public-read"))
    assert (await server.call("HEAD", "/bucket/private?objectMeta", by=None)).status == 403
    assert (await server.call("HEAD", "/bucket/public?objectMeta", by=None)).status == 200
