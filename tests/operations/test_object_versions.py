"""Versions of an object: written, read by id, hidden by delete markers, removed, in buckets of all three states."""

import pytest

from tests.support.elements import text, texts
from tests.support.inprocess import OTHER, SMALL_BODY_BYTES, InProcessServer
from tests.support.uploading import begun, complete, initiate
from tests.support.versioning import NOBODYS_ID, delete_version, put_version, set_versioning, versions_of

PATH = "/bucket/key"
LARGE = b"L" * (SMALL_BODY_BYTES + 1000)
READERS = [("GET", ""), ("HEAD", ""), ("HEAD", "objectMeta")]


async def read(server: InProcessServer, version_id: str | None = None, path: str = PATH) -> bytes | str:
    """The body, or the code of what refuses it."""
    answer = await server.call("GET", path + ("" if version_id is None else f"?versionId={version_id}"))
    return answer.body if answer.status == 200 else answer.refusal[1]


# ------------------------------------------------------------------------------------------------ Writing


async def test_without_versions_nothing_is_told_of_them(server: InProcessServer) -> None:
    answers = [
        await server.put_object(PATH),
        await server.call("GET", PATH),
        await server.call("GET", PATH + "?versionId=null"),
        await server.call("HEAD", PATH),
        await server.call("HEAD", PATH + "?objectMeta"),
        await server.call("PUT", "/bucket/copy", headers=[("x-oss-copy-source", PATH)]),
        await server.call("PUT", "/bucket/copy", headers=[("x-oss-copy-source", PATH + "?versionId=null")]),
        await server.call("DELETE", "/bucket/copy?versionId=null"),
        await server.call("DELETE", PATH),
    ]
    assert {answer.status for answer in answers} == {200, 204}
    for answer in answers:
        for header in ("x-oss-version-id", "x-oss-delete-marker", "x-oss-copy-source-version-id"):
            assert answer.header(header) is None


async def test_each_write_is_a_version(server: InProcessServer) -> None:
    await server.put_object(PATH, b"before")
    await set_versioning(server, "Enabled")
    first = await put_version(server, b"first")
    second = await put_version(server, LARGE)
    assert len({first, second, "null"}) == 3
    assert len(second) == 64
    assert await read(server) == LARGE
    assert await read(server, "null") == b"before"
    assert await read(server, first) == b"first"
    assert await read(server, second) == LARGE
    assert await versions_of(server) == [("key", second, "true"), ("key", first, "false"), ("key", "null", "false")]


@pytest.mark.parametrize(("method", "sub"), READERS)
async def test_the_version_is_told(server: InProcessServer, method: str, sub: str) -> None:
    await server.put_object(PATH, b"before")
    await set_versioning(server, "Enabled")
    assert (await server.call(method, f"{PATH}?{sub}")).header("x-oss-version-id") == "null"
    first = await put_version(server, b"first")
    assert (await server.call(method, f"{PATH}?{sub}")).header("x-oss-version-id") == first
    named = await server.call(method, f"{PATH}?{sub}&versionId=null")
    assert (named.header("x-oss-version-id"), named.header("content-length")) == ("null", "6")
    await set_versioning(server, "Suspended")
    assert (await server.call(method, f"{PATH}?{sub}")).header("x-oss-version-id") == first


async def test_ranges_and_conditions_are_about_the_version_named(server: InProcessServer) -> None:
    await set_versioning(server, "Enabled")
    first = await put_version(server, LARGE)
    await put_version(server, b"x")
    target = f"{PATH}?versionId={first}"
    part = await server.call("GET", target, headers=[("Range", "bytes=10-19")])
    assert (part.status, part.body, part.header("x-oss-version-id")) == (206, b"L" * 10, first)
    etag = part.header("etag") or ""
    unchanged = await server.call("GET", target, headers=[("If-None-Match", etag)])
    assert (unchanged.status, unchanged.header("x-oss-version-id")) == (304, first)
    assert (await server.call("GET", PATH, headers=[("If-None-Match", etag)])).status == 200
    assert (await server.call("GET", target, headers=[("If-Match", '"other"')])).status == 412


@pytest.mark.parametrize("size", [10, SMALL_BODY_BYTES + 10])
async def test_in_a_suspended_bucket_the_null_version_is_replaced(server: InProcessServer, size: int) -> None:
    await server.put_object(PATH, b"0" * size)
    await set_versioning(server, "Enabled")
    kept = await put_version(server, b"k" * size)
    await set_versioning(server, "Suspended")
    for body in (b"1" * size, b"2" * size, b"3" * size):
        assert await put_version(server, body) == "null"
        assert await read(server) == body
        assert await versions_of(server) == [("key", "null", "true"), ("key", kept, "false")]
    assert await read(server, "null") == b"3" * size
    await server.collection.delete_condemned()
    assert len(await server.stored_blobs()) == (0 if size <= SMALL_BODY_BYTES else 2)
    await set_versioning(server, "Enabled")
    assert await put_version(server, b"last") != "null"
    assert await read(server, "null") == b"3" * size


@pytest.mark.parametrize("status", ["Enabled", "Suspended"])
async def test_overwriting_can_not_be_forbidden(server: InProcessServer, status: str) -> None:
    forbidding = ("x-oss-forbid-overwrite", "true")
    await server.put_object(PATH, b"0")
    assert (await server.call("PUT", PATH, headers=[forbidding], body=b"1")).refusal[1] == "FileAlreadyExists"
    await set_versioning(server, status)
    await put_version(server, b"1", PATH, forbidding)
    copied = await server.call("PUT", PATH, headers=[forbidding, ("x-oss-copy-source", PATH)])
    assert copied.status == 200
    upload_id, parts = await begun(server, PATH, b"2")
    assert (await complete(server, PATH, upload_id, *parts, headers=[forbidding])).status == 200
    assert await read(server) == b"2"


async def test_a_completed_upload_is_a_version(server: InProcessServer) -> None:
    await set_versioning(server, "Enabled")
    first = await put_version(server, b"first")
    for expected in (None, "null", "null"):
        upload_id, parts = await begun(server, PATH, LARGE)
        answer = await complete(server, PATH, upload_id, *parts)
        version_id = answer.header("x-oss-version-id")
        assert version_id is not None
        assert version_id == (expected or version_id)
        assert await read(server, version_id) == LARGE
        assert await read(server) == LARGE
        await set_versioning(server, "Suspended")
    assert await read(server, first) == b"first"
    assert len(await versions_of(server)) == 3


# ------------------------------------------------------------------------------------------------ Naming a version


@pytest.mark.parametrize(("method", "sub"), READERS)
@pytest.mark.parametrize("status", [None, "Enabled"])
async def test_ids_that_name_no_version(server: InProcessServer, method: str, sub: str, status: str | None) -> None:
    if status is not None:
        await set_versioning(server, status)
    await server.put_object(PATH)
    for version_id, refusal in {
        NOBODYS_ID: (404, "NoSuchVersion"),
        "234": (400, "InvalidArgument"),
        "": (400, "InvalidArgument"),
        "null%00": (400, "InvalidArgument"),
    }.items():
        answer = await server.call(method, f"{PATH}?{sub}&versionId={version_id}")
        assert answer.refusal[:2] == refusal


async def test_the_wording_of_what_is_no_id(server: InProcessServer) -> None:
    assert (await server.call("GET", PATH + "?versionId=234")).error.message == "Invalid version id specified."
    empty = (await server.call("GET", PATH + "?versionId")).error
    assert (empty.message, empty.details["ArgumentName"]) == ("Version id can not be the empty string.", "versionId")


async def test_an_id_is_of_one_key_and_bucket(server: InProcessServer) -> None:
    await set_versioning(server, "Enabled")
    first = await put_version(server, b"first")
    assert await put_version(server, b"other", "/bucket/other") != first
    assert await read(server, first, "/bucket/other") == "NoSuchVersion"
    await server.put_bucket("bucket-2")
    await server.put_object("/bucket-2/key")
    assert await read(server, first, "/bucket-2/key") == "NoSuchVersion"


async def test_each_version_has_its_own_acl(server: InProcessServer) -> None:
    await set_versioning(server, "Enabled")
    public = await put_version(server, b"1", PATH, ("x-oss-object-acl", "public-read"))
    private = await put_version(server, b"2")
    assert (await server.call("GET", f"{PATH}?versionId={public}", by=None)).body == b"1"
    for query in ("", f"?versionId={private}", f"?versionId={NOBODYS_ID}"):
        assert (await server.call("GET", PATH + query, by=OTHER)).refusal[1] == "AccessDenied"
    for query in ("", f"?versionId={public}"):
        assert (await server.call("DELETE", PATH + query, by=OTHER)).refusal[1] == "AccessDenied"


# ------------------------------------------------------------------------------------------------ Delete markers


@pytest.mark.parametrize(("method", "sub"), READERS)
async def test_under_a_delete_marker(server: InProcessServer, method: str, sub: str) -> None:
    await set_versioning(server, "Enabled")
    await put_version(server, b"first")
    marker = (await delete_version(server)).header("x-oss-version-id")
    answer = await server.call(method, f"{PATH}?{sub}")
    assert answer.refusal[:2] == (404, "NoSuchKey")
    assert (answer.header("x-oss-delete-marker"), answer.header("x-oss-version-id")) == ("true", marker)
    answer = await server.call(method, f"{PATH}?{sub}&versionId={marker}")
    assert answer.refusal[:2] == (405, "MethodNotAllowed")
    assert (answer.header("x-oss-delete-marker"), answer.header("x-oss-version-id")) == ("true", marker)
    assert answer.header("allow") == "DELETE"
    if method == "GET":
        assert (text(answer, "Method"), text(answer, "ResourceType")) == ("GET", "DeleteMarker")


async def test_a_key_that_never_was_has_no_marker(server: InProcessServer) -> None:
    await set_versioning(server, "Enabled")
    answer = await server.call("GET", PATH)
    assert answer.refusal[:2] == (404, "NoSuchKey")
    assert (answer.header("x-oss-delete-marker"), answer.header("x-oss-version-id")) == (None, None)


async def test_listings_of_objects_see_no_markers_and_no_old_versions(server: InProcessServer) -> None:
    await set_versioning(server, "Enabled")
    for key, body in (("a", b"1"), ("a", b"22"), ("b", b"1"), ("c", b"333")):
        await put_version(server, body, f"/bucket/{key}")
    await delete_version(server, path="/bucket/b")
    await delete_version(server, path="/bucket/never")
    for query in ("", "list-type=2"):
        answer = await server.call("GET", f"/bucket/?{query}")
        assert texts(answer, "Contents/Key") == ["a", "c"]
        assert texts(answer, "Contents/Size") == ["2", "3"]


async def test_a_write_over_a_marker(server: InProcessServer) -> None:
    await set_versioning(server, "Enabled")
    await delete_version(server)
    version = await put_version(server, b"new")
    assert await read(server) == b"new"
    listed = await versions_of(server)
    assert [each[2] for each in listed] == ["true", "false"]
    assert listed[0][1] == version


# ------------------------------------------------------------------------------------------------ DeleteObject


async def test_delete_where_there_never_were_versions(server: InProcessServer) -> None:
    await server.put_object(PATH)
    answer = await delete_version(server, NOBODYS_ID)
    assert (answer.header("x-oss-version-id"), await read(server)) == (None, b"hello")
    for version_id in ("234", ""):
        assert (await server.call("DELETE", f"{PATH}?versionId={version_id}")).refusal[:2] == (400, "InvalidArgument")
    await delete_version(server, "null")
    assert await read(server) == "NoSuchKey"
    assert await versions_of(server) == []


async def test_delete_where_versions_are_enabled(server: InProcessServer) -> None:
    await set_versioning(server, "Enabled")
    first = await put_version(server, b"first")
    markers = []
    for _ in range(2):
        answer = await delete_version(server)
        assert answer.header("x-oss-delete-marker") == "true"
        markers.append(answer.header("x-oss-version-id"))
    assert await versions_of(server) == [
        ("key", first, "false"), ("key", markers[1], "true"), ("key", markers[0], "false"),
    ]  # fmt: skip
    for marker in reversed(markers):
        assert await read(server) == "NoSuchKey"
        answer = await delete_version(server, marker)
        assert (answer.header("x-oss-version-id"), answer.header("x-oss-delete-marker")) == (marker, "true")
    assert await read(server) == b"first"
    answer = await delete_version(server, first)
    assert (answer.header("x-oss-version-id"), answer.header("x-oss-delete-marker")) == (first, None)
    assert await versions_of(server) == []
    answer = await delete_version(server, first)
    assert (answer.header("x-oss-version-id"), answer.header("x-oss-delete-marker")) == (first, None)


@pytest.mark.parametrize("removed", [0, 1, 2])
async def test_the_one_before_becomes_the_latest(server: InProcessServer, removed: int) -> None:
    await set_versioning(server, "Enabled")
    ids = [await put_version(server, bytes([number]) * 100) for number in range(3)]
    gone = ids.pop(removed)
    await delete_version(server, gone)
    assert await read(server, gone) == "NoSuchVersion"
    left = {0: [1, 2], 1: [0, 2], 2: [0, 1]}[removed]
    assert await read(server) == bytes([left[-1]]) * 100
    assert await versions_of(server) == [("key", ids[1], "true"), ("key", ids[0], "false")]
    await server.collection.delete_condemned()
    assert len(await server.stored_blobs()) == 2


async def test_a_marker_becomes_the_latest(server: InProcessServer) -> None:
    await set_versioning(server, "Enabled")
    first = await put_version(server, b"1")
    marker = (await delete_version(server)).header("x-oss-version-id") or ""
    second = await put_version(server, b"2")
    await delete_version(server, second)
    assert (await server.call("GET", PATH)).header("x-oss-version-id") == marker
    assert await versions_of(server) == [("key", first, "false"), ("key", marker, "true")]


async def test_delete_where_versions_are_suspended(server: InProcessServer) -> None:
    await server.put_object(PATH, LARGE)
    await set_versioning(server, "Enabled")
    kept = await put_version(server, b"kept")
    await set_versioning(server, "Suspended")
    for _ in range(2):
        answer = await delete_version(server)
        assert (answer.header("x-oss-version-id"), answer.header("x-oss-delete-marker")) == ("null", "true")
        assert await versions_of(server) == [("key", kept, "false"), ("key", "null", "true")]
        assert (await server.call("GET", PATH)).header("x-oss-version-id") == "null"
        assert await read(server, "null") == "MethodNotAllowed"
    await server.collection.delete_condemned()
    assert await server.stored_blobs() == []
    await delete_version(server, "null")
    assert await read(server) == b"kept"
    assert await put_version(server, b"null") == "null"
    await delete_version(server)
    assert await put_version(server, b"again") == "null"
    assert await versions_of(server) == [("key", "null", "true"), ("key", kept, "false")]


# ------------------------------------------------------------------------------------------------ Copies


async def test_an_old_version_is_copied(server: InProcessServer) -> None:
    await server.put_bucket("plain")
    await set_versioning(server, "Enabled")
    old = await put_version(server, LARGE, PATH, ("x-oss-meta-colour", "red"))
    new = await put_version(server, b"new", PATH, ("x-oss-meta-colour", "blue"))
    for source, told in ((f"{PATH}?versionId={old}", old), (PATH, new)):
        answer = await server.call("PUT", "/plain/copy", headers=[("x-oss-copy-source", source)])
        assert answer.status == 200
        assert (answer.header("x-oss-version-id"), answer.header("x-oss-copy-source-version-id")) == (None, told)
        assert (await server.call("GET", "/plain/copy")).body == (LARGE if told == old else b"new")


@pytest.mark.parametrize("status", ["Enabled", "Suspended"])
async def test_an_old_version_is_made_the_object_again(server: InProcessServer, status: str) -> None:
    await server.put_object(PATH, LARGE, ("x-oss-meta-colour", "red"))
    await set_versioning(server, "Enabled")
    between = await put_version(server, b"new", PATH, ("x-oss-meta-colour", "blue"))
    await set_versioning(server, status)
    for _ in range(2):
        answer = await server.call("PUT", PATH, headers=[("x-oss-copy-source", f"{PATH}?versionId=null")])
        assert answer.status == 200, answer.body
        assert answer.header("x-oss-copy-source-version-id") == "null"
        assert (answer.header("x-oss-version-id") == "null") == (status == "Suspended")
        found = await server.call("GET", PATH)
        assert (found.body, found.header("x-oss-meta-colour")) == (LARGE, "red")
    await server.collection.delete_condemned()
    assert await read(server) == LARGE
    assert await read(server, "null") == LARGE
    assert await read(server, between) == b"new"
    assert len(await versions_of(server)) == (4 if status == "Enabled" else 2)


async def test_parts_of_an_old_version(server: InProcessServer) -> None:
    await set_versioning(server, "Enabled")
    old = await put_version(server, LARGE)
    small = await put_version(server, b"new")
    upload_id = await initiate(server, "/bucket/large")
    for source, length in ((old, len(LARGE)), (small, 3)):
        answer = await server.call(
            "PUT",
            f"/bucket/large?partNumber=1&uploadId={upload_id}",
            headers=[("x-oss-copy-source", f"{PATH}?versionId={source}")],
        )
        assert (answer.status, answer.header("x-oss-copy-source-version-id")) == (200, source)
        parts = await server.call("GET", f"/bucket/large?uploadId={upload_id}")
        assert texts(parts, "Part/Size") == [str(length)]


async def test_a_delete_marker_is_no_source(server: InProcessServer) -> None:
    await set_versioning(server, "Enabled")
    await put_version(server, b"1")
    marker = (await delete_version(server)).header("x-oss-version-id")
    upload_id = await initiate(server, "/bucket/large")
    for target in ("/bucket/copy", f"/bucket/large?partNumber=1&uploadId={upload_id}"):
        for source in (PATH, f"{PATH}?versionId={marker}"):
            answer = await server.call("PUT", target, headers=[("x-oss-copy-source", source)])
            assert answer.refusal[:2] == (404, "NoSuchKey")
