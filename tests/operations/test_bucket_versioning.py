"""PutBucketVersioning, GetBucketVersioning, and what else tells of a bucket's versioning."""

import pytest

from tests.support.elements import text
from tests.support.inprocess import OTHER, Account, InProcessServer
from tests.support.versioning import delete_version, put_version, put_versioning, set_versioning, versions_of


async def test_a_bucket_that_never_had_versions(server: InProcessServer) -> None:
    answer = await server.call("GET", "/bucket/?versioning")
    assert (answer.status, answer.body.decode().partition("\n")[2]) == (
        200,
        "<VersioningConfiguration></VersioningConfiguration>",
    )
    info = await server.call("GET", "/bucket/?bucketInfo")
    assert b"<Versioning>" not in info.body


@pytest.mark.parametrize("status", ["Enabled", "Suspended"])
async def test_what_is_set_is_told(server: InProcessServer, status: str) -> None:
    await set_versioning(server, "Enabled")
    await set_versioning(server, status)
    assert text(await server.call("GET", "/bucket/?versioning"), "Status") == status
    info = await server.call("GET", "/bucket/?bucketInfo")
    assert f"<Versioning>{status}</Versioning>".encode() in info.body


@pytest.mark.parametrize(
    "inside", ["", "<Status/>", "<Status>Disabled</Status>", "<Status>enabled</Status>", "<S>Enabled</S>"]
)
async def test_what_is_no_status(server: InProcessServer, inside: str) -> None:
    await set_versioning(server, "Enabled")
    assert (await put_versioning(server, inside)).refusal == (400, "MalformedXML", "0015-00000231")
    assert text(await server.call("GET", "/bucket/?versioning"), "Status") == "Enabled", "there is no way back"


@pytest.mark.parametrize("body", [b"", b"Enabled", b"<Versioning><Status>Enabled</Status></Versioning>"])
async def test_what_is_no_document(server: InProcessServer, body: bytes) -> None:
    answer = await server.call("PUT", "/bucket/?versioning", body=body)
    assert answer.refusal == (400, "MalformedXML", "0015-00000231")


@pytest.mark.parametrize("by", [None, OTHER])
@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_who_may(server: InProcessServer, by: Account | None, method: str) -> None:
    body = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    answer = await server.call(method, "/bucket/?versioning", by=by, body=body if method == "PUT" else b"")
    assert answer.refusal[:2] == (403, "AccessDenied")


async def test_the_bucket_must_be_there(server: InProcessServer) -> None:
    for method in ("GET", "PUT"):
        assert (await server.call(method, "/never/?versioning")).refusal[:2] == (404, "NoSuchBucket")


async def test_a_bucket_of_versions_and_markers_is_not_empty(server: InProcessServer) -> None:
    await set_versioning(server, "Enabled")
    first = await put_version(server, b"1")
    marker = (await delete_version(server)).header("x-oss-version-id")
    for version_id in (first, marker):
        assert (await server.call("DELETE", "/bucket/")).refusal[:2] == (409, "BucketNotEmpty")
        await delete_version(server, version_id)
    assert await versions_of(server) == []
    assert (await server.call("DELETE", "/bucket/")).status == 204


async def test_a_new_bucket_of_an_old_name_has_no_versions(server: InProcessServer) -> None:
    await set_versioning(server, "Enabled")
    assert (await server.call("DELETE", "/bucket/")).status == 204
    await server.put_bucket("bucket")
    assert text(await server.call("GET", "/bucket/?versioning"), "Status") is None
    assert (await server.put_object("/bucket/key")).header("x-oss-version-id") is None
