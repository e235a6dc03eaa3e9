"""A bucket with versions, seen over the wire."""

from tests.support.elements import texts
from tests.support.inprocess import Answer, Header, InProcessServer

NOBODYS_ID = "CAEQNRiBgICAgICAgEAiIDNlNzk5NGE2M2Y3ZjRhZTViYTAxZGE0ZTEyMWYyYTU3"
"""Of the shape of a version id, and no version has it."""


async def set_versioning(server: InProcessServer, status: str, bucket: str = "bucket") -> None:
    answer = await put_versioning(server, f"<Status>{status}</Status>", bucket)
    assert answer.status == 200, answer.body


async def put_versioning(server: InProcessServer, inside: str, bucket: str = "bucket") -> Answer:
    body = f"<VersioningConfiguration>{inside}</VersioningConfiguration>".encode()
    return await server.call("PUT", f"/{bucket}/?versioning", body=body)


async def put_version(server: InProcessServer, body: bytes, path: str = "/bucket/key", *headers: Header) -> str:
    """Put an object and return the id that its version got."""
    answer = await server.put_object(path, body, *headers)
    version_id = answer.header("x-oss-version-id")
    assert version_id is not None
    return version_id


async def delete_version(server: InProcessServer, version_id: str | None = None, path: str = "/bucket/key") -> Answer:
    answer = await server.call("DELETE", path + ("" if version_id is None else f"?versionId={version_id}"))
    assert answer.status == 204, answer.body
    return answer


async def versions_of(server: InProcessServer, query: str = "", bucket: str = "bucket") -> list[tuple[str, str, str]]:
    """Key, id and whether it is the latest, of all versions of a page and then of its delete markers."""
    answer = await server.call("GET", f"/{bucket}/?versions{query}")
    assert answer.status == 200, answer.body
    found: list[tuple[str, str, str]] = []
    for kind in ("Version", "DeleteMarker"):
        columns = [texts(answer, f"{kind}/{name}") for name in ("Key", "VersionId", "IsLatest")]
        found += list(zip(*columns, strict=True))
    return found
