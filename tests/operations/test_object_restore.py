"""RestoreObject and CleanRestoredObject, and what an archived object refuses meanwhile."""

import pytest

from tests.support.elements import texts
from tests.support.inprocess import OTHER, Answer, InProcessServer
from tests.support.uploading import initiate

KEY = "/bucket/key"
ARCHIVES = ["Archive", "ColdArchive", "DeepColdArchive"]


async def put(server: InProcessServer, storage_class: str) -> None:
    assert (await server.put_object(KEY, b"hello", ("x-oss-storage-class", storage_class))).status == 200


async def restore(server: InProcessServer, document: str = "") -> Answer:
    return await server.call("POST", f"{KEY}?restore", body=document.encode())


def asking(days: int | str, tier: str = "") -> str:
    job = f"<JobParameters><Tier>{tier}</Tier></JobParameters>" if tier else ""
    return f"<RestoreRequest><Days>{days}</Days>{job}</RestoreRequest>"


async def state(server: InProcessServer) -> str | None:
    answer = await server.call("HEAD", KEY)
    assert answer.status == 200
    return answer.header("x-oss-restore")


@pytest.mark.parametrize("storage_class", ARCHIVES)
async def test_the_bytes_of_an_archived_object_are_not_read(server: InProcessServer, storage_class: str) -> None:
    await put(server, storage_class)
    answer = await server.call("GET", KEY)
    assert answer.refusal == (403, "InvalidObjectState", None)
    assert answer.error.message == "The operation is not valid for the object's state."
    copied = await server.call("PUT", "/bucket/copy", headers=[("x-oss-copy-source", KEY)])
    assert copied.refusal[1] == "InvalidObjectState"
    upload_id = await initiate(server, "/bucket/parts")
    target = f"/bucket/parts?partNumber=1&uploadId={upload_id}"
    part = await server.call("PUT", target, headers=[("x-oss-copy-source", KEY)])
    assert part.refusal[1] == "InvalidObjectState"
    assert await state(server) is None


async def test_a_restoration_takes_its_time_and_ends(server: InProcessServer) -> None:
    await put(server, "Archive")
    answer = await restore(server, asking(2))
    assert (answer.status, answer.body) == (202, b"")
    assert answer.header("x-oss-object-restore-priority") == "Standard"
    assert await state(server) == 'ongoing-request="true"'
    assert (await server.call("GET", KEY)).refusal[1] == "InvalidObjectState"
    server.clock.advance(seconds=60)
    assert await state(server) == 'ongoing-request="false", expiry-date="Mon, 16 Mar 2026 12:01:00 GMT"'
    got = await server.call("GET", KEY)
    assert (got.status, got.body, got.header("x-oss-storage-class")) == (200, b"hello", "Archive")
    server.clock.advance(days=2)
    assert await state(server) is None
    assert (await server.call("GET", KEY)).refusal[1] == "InvalidObjectState"


async def test_a_restored_object_is_kept_longer_from_now_on(server: InProcessServer) -> None:
    await put(server, "Archive")
    await restore(server)
    server.clock.advance(hours=1)
    answer = await restore(server, asking(3))
    assert answer.status == 200
    assert await state(server) == 'ongoing-request="false", expiry-date="Tue, 17 Mar 2026 13:00:00 GMT"'


async def test_what_is_being_restored_is_not_begun_again(server: InProcessServer) -> None:
    await put(server, "ColdArchive")
    assert (await restore(server, asking(1, "Bulk"))).header("x-oss-object-restore-priority") == "Bulk"
    assert (await restore(server, asking(1))).refusal == (409, "RestoreAlreadyInProgress", "0016-00000701")


@pytest.mark.parametrize(
    ("storage_class", "tier", "hours"),
    [
        ("ColdArchive", "Expedited", 1),
        ("ColdArchive", "Standard", 5),
        ("ColdArchive", "Bulk", 12),
        ("DeepColdArchive", "Expedited", 12),
        ("DeepColdArchive", "Standard", 48),
    ],
)
async def test_how_long_it_takes_goes_by_class_and_tier(
    server: InProcessServer, storage_class: str, tier: str, hours: int
) -> None:
    await put(server, storage_class)
    assert (await restore(server, asking(5, tier))).status == 202
    server.clock.advance(hours=hours, seconds=-1)
    assert await state(server) == 'ongoing-request="true"'
    server.clock.advance(seconds=1)
    assert (await server.call("GET", KEY)).status == 200


@pytest.mark.parametrize(
    ("storage_class", "document", "refusal"),
    [
        ("Standard", asking(1), (400, "OperationNotSupported", "0016-00000702")),
        ("IA", "", (400, "OperationNotSupported", "0016-00000702")),
        ("Archive", asking(1, "Standard"), (400, "MalformedXML", None)),
        ("ColdArchive", asking(1, "Slow"), (400, "InvalidArgument", None)),
        ("DeepColdArchive", asking(1, "Bulk"), (400, "InvalidArgument", None)),
        ("Archive", asking(0), (400, "InvalidArgument", None)),
        ("Archive", asking(8), (400, "InvalidArgument", None)),
        ("ColdArchive", asking(366), (400, "InvalidArgument", None)),
        ("Archive", "<RestoreRequest><Days>", (400, "MalformedXML", None)),
    ],
)
async def test_a_wrong_request_restores_nothing(
    server: InProcessServer, storage_class: str, document: str, refusal: tuple[int, str, str | None]
) -> None:
    await put(server, storage_class)
    assert (await restore(server, document)).refusal == refusal
    assert await state(server) is None


async def test_a_restored_copy_is_given_up(server: InProcessServer) -> None:
    await put(server, "Archive")
    clean = f"{KEY}?cleanRestoredObject"
    assert (await server.call("POST", clean)).refusal == (409, "ArchiveRestoreFileStale", None)
    await restore(server)
    assert (await server.call("POST", clean)).refusal == (409, "ArchiveRestoreNotFinished", "0016-00000719")
    server.clock.advance(minutes=1)
    assert (await server.call("POST", clean)).status == 200
    assert await state(server) is None
    assert (await server.call("GET", KEY)).refusal[1] == "InvalidObjectState"
    await put(server, "Standard")
    assert (await server.call("POST", clean)).refusal[:2] == (400, "OperationNotSupported")


async def test_a_copy_of_a_restored_object_is_archived_like_any(server: InProcessServer) -> None:
    await put(server, "Archive")
    await restore(server)
    server.clock.advance(minutes=1)
    headers = [("x-oss-copy-source", KEY), ("x-oss-storage-class", "Archive")]
    assert (await server.call("PUT", "/bucket/copy", headers=headers)).status == 200
    assert (await server.call("GET", "/bucket/copy")).refusal[1] == "InvalidObjectState"


@pytest.mark.parametrize("operation", ["restore", "cleanRestoredObject"])
async def test_it_is_the_owners_and_of_an_object_that_is_there(server: InProcessServer, operation: str) -> None:
    assert (await server.call("POST", f"{KEY}?{operation}")).refusal[:2] == (404, "NoSuchKey")
    await put(server, "Archive")
    for caller in (OTHER, None):
        assert (await server.call("POST", f"{KEY}?{operation}", by=caller)).refusal[:2] == (403, "AccessDenied")


async def test_a_listing_tells_of_restorations(server: InProcessServer) -> None:
    await put(server, "Archive")
    for version in ("", "list-type=2"):
        assert texts(await server.call("GET", f"/bucket/?{version}"), "Contents/RestoreInfo") == []
    await restore(server)
    assert texts(await server.call("GET", "/bucket/"), "Contents/RestoreInfo") == ['ongoing-request="true"']
    server.clock.advance(minutes=1)
    ready = 'ongoing-request="false", expiry-date="Sun, 15 Mar 2026 12:01:00 GMT"'
    assert texts(await server.call("GET", "/bucket/?list-type=2"), "Contents/RestoreInfo") == [ready]
