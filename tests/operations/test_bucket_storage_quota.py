"""The quota of a bucket: put, told with what the bucket holds, deleted."""

import pytest

from tests.support.elements import text
from tests.support.inprocess import OTHER, InProcessServer
from tests.support.writes import Write, append, copy, post, put, upload

QUOTA = "<QuotaConfiguration>{}</QuotaConfiguration>"
WHERE = "/bucket/?quota"


async def told(server: InProcessServer) -> tuple[str | None, str | None, str | None]:
    answer = await server.call("GET", WHERE)
    assert answer.status == 200
    return text(answer, "StorageQuota"), text(answer, "Mode"), text(answer, "CurrentUsage")


async def test_it_is_told_with_what_the_bucket_holds(server: InProcessServer) -> None:
    await server.put_object("/bucket/key", b"x" * 700)
    assert await told(server) == ("-1", "Strict", "700")
    for sent, wanted in (
        ("<StorageQuota>1024</StorageQuota><Mode>Warning</Mode>", ("1024", "Warning", "700")),
        ("<StorageQuota>2048</StorageQuota><CurrentUsage>7</CurrentUsage>", ("2048", "Strict", "700")),
    ):
        assert (await server.call("PUT", WHERE, body=QUOTA.format(sent).encode())).status == 200
        assert await told(server) == wanted
    for _ in range(2):
        assert (await server.call("DELETE", WHERE)).status == 204
    assert await told(server) == ("-1", "Strict", "700")


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("", "MalformedXML"),
        ("<Mode>Strict</Mode>", "MalformedXML"),
        ("<StorageQuota>much</StorageQuota>", "MalformedXML"),
        ("<StorageQuota>1</StorageQuota><Mode>strict</Mode>", "MalformedXML"),
        ("<StorageQuota>-2</StorageQuota>", "InvalidArgument"),
    ],
)
async def test_what_is_refused_changes_nothing(server: InProcessServer, sent: str, code: str) -> None:
    await server.put_bucket("bucket")
    await server.call("PUT", WHERE, body=QUOTA.format("<StorageQuota>5</StorageQuota>").encode())
    assert (await server.call("PUT", WHERE, body=QUOTA.format(sent).encode())).refusal[:2] == (400, code)
    assert await told(server) == ("5", "Strict", "0")
    for caller in (OTHER, None):
        for method in ("PUT", "GET", "DELETE"):
            assert (await server.call(method, WHERE, by=caller)).status == 403


# ------------------------------------------------------------------------------------------------ carried out


EXCEEDED = (403, "StorageQuotaExceeded", None)


@pytest.fixture
async def full(server: InProcessServer) -> InProcessServer:
    """A server with `bucket`, which holds `plain` and 99 bytes more than nothing of a strict quota of 100."""
    await server.put_object("/bucket/plain", b"x" * 99)
    await put_quota(server, 100)
    return server


async def put_quota(server: InProcessServer, size: int, mode: str = "Strict") -> None:
    body = QUOTA.format(f"<StorageQuota>{size}</StorageQuota><Mode>{mode}</Mode>").encode()
    assert (await server.call("PUT", WHERE, body=body)).status == 200


async def held(server: InProcessServer) -> str | None:
    return (await told(server))[2]


@pytest.mark.parametrize("write", [put, post, append, upload])
async def test_what_would_exceed_it_is_refused_and_leaves_nothing(full: InProcessServer, write: Write) -> None:
    assert (await write(full, "fits")).status in (200, 204)
    assert await held(full) == "100"
    assert (await write(full, "more")).refusal == EXCEEDED
    assert (await full.call("HEAD", "/bucket/more")).status == 404
    assert await held(full) == "100"
    await full.call("DELETE", "/bucket/fits")
    assert (await write(full, "more")).status in (200, 204)


async def test_copies_and_replacements_are_counted_by_what_they_add(full: InProcessServer) -> None:
    assert (await copy(full, "copy")).refusal == EXCEEDED
    assert (await full.call("PUT", "/bucket/plain", body=b"y" * 100)).status == 200
    assert (await full.call("PUT", "/bucket/plain", body=b"y" * 101)).refusal == EXCEEDED
    assert (await full.call("GET", "/bucket/plain")).body == b"y" * 100
    assert (await full.call("PUT", "/bucket/plain", body=b"y" * 10)).status == 200
    assert await held(full) == "10"


async def test_an_object_grows_as_far_as_there_is_room(full: InProcessServer) -> None:
    await put_quota(full, 109)
    for position, piece, status in ((0, b"12345", 200), (5, b"123456", 403), (5, b"12345", 200), (10, b"1", 403)):
        answer = await full.call("POST", f"/bucket/log?append&position={position}", body=piece)
        assert answer.status == status
    assert await held(full) == "109"


async def test_versions_count(full: InProcessServer) -> None:
    body = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    await full.call("PUT", "/bucket/?versioning", body=body)
    assert (await full.call("PUT", "/bucket/plain", body=b"xx")).refusal == EXCEEDED
    assert (await full.call("DELETE", "/bucket/plain")).status == 204
    assert (await full.call("PUT", "/bucket/plain", body=b"xx")).refusal == EXCEEDED
    assert (await full.call("DELETE", "/bucket/plain?versionId=null")).status == 204
    assert (await full.call("PUT", "/bucket/plain", body=b"xx")).status == 200


async def test_a_bucket_above_its_quota_only_shrinks(full: InProcessServer) -> None:
    await put_quota(full, 10)
    assert (await full.call("PUT", "/bucket/plain", body=b"x" * 100)).refusal == EXCEEDED
    assert (await full.call("PUT", "/bucket/plain", body=b"x" * 98)).status == 200
    assert (await full.call("PUT", "/bucket/empty", body=b"")).status == 200


@pytest.mark.parametrize(("size", "mode"), [(1, "Warning"), (-1, "Strict")])
async def test_what_only_warns_refuses_nothing(full: InProcessServer, size: int, mode: str) -> None:
    await put_quota(full, size, mode)
    assert (await put(full, "more")).status == 200
    assert await held(full) == "100"


async def test_without_a_quota_there_is_room_again(full: InProcessServer) -> None:
    await full.call("DELETE", WHERE)
    assert (await copy(full, "copy")).status == 200
    assert await held(full) == "198"
