"""Access logs of a bucket: asked for, told, ended; and what is refused."""

import pytest

from tests.support.elements import texts
from tests.support.inprocess import OTHER, Answer, InProcessServer

STATUS = "<BucketLoggingStatus><LoggingEnabled>{}</LoggingEnabled></BucketLoggingStatus>"
OFF = "<BucketLoggingStatus/>"


async def put(server: InProcessServer, document: str) -> Answer:
    return await server.call("PUT", "/bucket/?logging", body=document.encode())


@pytest.fixture
async def bucket(server: InProcessServer) -> InProcessServer:
    await server.put_bucket("bucket")
    await server.put_bucket("logs")
    return server


async def test_what_was_put_is_told_and_ended(bucket: InProcessServer) -> None:
    inside = "<TargetBucket>logs</TargetBucket><TargetPrefix>log-</TargetPrefix><LoggingRole>role</LoggingRole>"
    for end in (("PUT", OFF), ("DELETE", ""), ("DELETE", "")):
        assert (await put(bucket, STATUS.format(inside))).status == 200
        told = await bucket.call("GET", "/bucket/?logging")
        names = ("TargetBucket", "TargetPrefix", "LoggingRole")
        assert [texts(told, f"LoggingEnabled/{name}") for name in names] == [["logs"], ["log-"], ["role"]]
        assert (await bucket.call(end[0], "/bucket/?logging", body=end[1].encode())).status in (200, 204)
        told = await bucket.call("GET", "/bucket/?logging")
        assert (told.status, told.xml.name, list(told.xml.children)) == (200, "BucketLoggingStatus", [])
    assert (await bucket.call("DELETE", "/bucket/?logging")).status == 204


async def test_a_bucket_tells_where_its_logs_go(bucket: InProcessServer) -> None:
    async def told() -> list[list[str]]:
        answer = await bucket.call("GET", "/bucket/?bucketInfo")
        return [texts(answer, f"Bucket/BucketPolicy/{name}") for name in ("LogBucket", "LogPrefix")]

    nothing = await told()
    await put(bucket, STATUS.format("<TargetBucket>logs</TargetBucket><TargetPrefix>log-</TargetPrefix>"))
    assert await told() == [["logs"], ["log-"]]
    await bucket.call("DELETE", "/bucket/?logging")
    assert await told() == nothing


async def test_nothing_is_told_that_was_not_said(bucket: InProcessServer) -> None:
    await put(bucket, STATUS.format("<TargetBucket>bucket</TargetBucket>"))
    told = await bucket.call("GET", "/bucket/?logging")
    assert [child.name for child in told.xml.children[0].children] == ["TargetBucket"]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (STATUS.format("<TargetBucket>missing</TargetBucket>"), "InvalidTargetBucketForLogging"),
        (STATUS.format("<TargetBucket>foreign</TargetBucket>"), "InvalidTargetBucketForLogging"),
        (STATUS.format("<TargetPrefix>a</TargetPrefix>"), "MalformedXML"),
        (STATUS.format("<TargetBucket/>"), "MalformedXML"),
        (STATUS.format("<TargetBucket>logs</TargetBucket><TargetPrefix>/a</TargetPrefix>"), "InvalidArgument"),
        (STATUS.format(f"<TargetBucket>logs</TargetBucket><TargetPrefix>{'a' * 1020}</TargetPrefix>"), "InvalidArgument"),
        ("<Other/>", "MalformedXML"),
    ],
)  # fmt: skip
async def test_what_is_refused(bucket: InProcessServer, document: str, code: str) -> None:
    await bucket.put_bucket("foreign", by=OTHER)
    assert (await put(bucket, document)).refusal[:2] == (400, code)
    assert list((await bucket.call("GET", "/bucket/?logging")).xml.children) == []


async def test_only_the_owner(bucket: InProcessServer) -> None:
    for method in ("PUT", "GET", "DELETE"):
        for caller in (OTHER, None):
            assert (await bucket.call(method, "/bucket/?logging", by=caller)).status == 403
