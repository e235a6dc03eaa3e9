"""GetBucketStat: what is counted."""

import pytest

from tests.support.elements import text
from tests.support.inprocess import NOON, OTHER, Account, InProcessServer
from tests.support.uploading import begun
from tests.support.versioning import delete_version, put_version, set_versioning

ZERO = {
    "Storage", "ObjectCount", "MultipartUploadCount", "MultipartPartCount", "LiveChannelCount",
    "StandardStorage", "StandardObjectCount",
    "InfrequentAccessStorage", "InfrequentAccessRealStorage", "InfrequentAccessObjectCount",
    "ArchiveStorage", "ArchiveRealStorage", "ArchiveObjectCount",
    "ColdArchiveStorage", "ColdArchiveRealStorage", "ColdArchiveObjectCount",
    "DeepColdArchiveStorage", "DeepColdArchiveRealStorage", "DeepColdArchiveObjectCount", "DeleteMarkerCount",
}  # fmt: skip


async def stat(server: InProcessServer) -> dict[str, int]:
    """What is not zero, but for the time."""
    answer = await server.call("GET", "/bucket/?stat")
    assert answer.status == 200
    told = {child.name: int(child.text) for child in answer.xml.children}
    assert told.keys() == ZERO | {"LastModifiedTime"}
    assert told.pop("LastModifiedTime") == int(NOON.timestamp())
    return {name: value for name, value in told.items() if value}


async def test_an_empty_bucket(server: InProcessServer) -> None:
    await server.call("PUT", "/theirs/key", by=OTHER, body=b"not here")
    assert await stat(server) == {}


async def test_versions_and_markers(server: InProcessServer) -> None:
    await server.put_object("/bucket/a", b"12345")
    await set_versioning(server, "Enabled")
    await put_version(server, b"123", "/bucket/a")
    await delete_version(server, path="/bucket/a")
    await delete_version(server, path="/bucket/b")
    assert await stat(server) == {
        "Storage": 8, "ObjectCount": 2, "StandardStorage": 8, "StandardObjectCount": 2, "DeleteMarkerCount": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("storage_class", "name"),
    [
        ("IA", "InfrequentAccess"),
        ("Archive", "Archive"),
        ("ColdArchive", "ColdArchive"),
        ("DeepColdArchive", "DeepColdArchive"),
    ],
)
async def test_classes(server: InProcessServer, storage_class: str, name: str) -> None:
    await server.put_object("/bucket/a", b"12345", ("x-oss-storage-class", storage_class))
    await server.put_object("/bucket/b", b"1", ("x-oss-storage-class", storage_class))
    assert await stat(server) == {
        "Storage": 6, "ObjectCount": 2, f"{name}Storage": 6, f"{name}RealStorage": 6, f"{name}ObjectCount": 2,
    }  # fmt: skip


async def test_uploads_that_go_on(server: InProcessServer) -> None:
    await begun(server, "/bucket/a", b"1", b"2")
    await begun(server, "/bucket/a", b"3")
    assert await stat(server) == {"MultipartUploadCount": 2, "MultipartPartCount": 3}


@pytest.mark.parametrize("by", [None, OTHER])
async def test_who_may(server: InProcessServer, by: Account | None) -> None:
    assert (await server.call("GET", "/bucket/?stat", by=by)).refusal[:2] == (403, "AccessDenied")
    answer = await server.call("GET", "/never/?stat")
    assert (answer.refusal[:2], text(answer, "BucketName")) == ((404, "NoSuchBucket"), "never")
