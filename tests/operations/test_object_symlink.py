"""Symbolic links: objects that are read as the one they name, and deleted, copied and listed as themselves."""

import pytest

from ossicle.wire.digest import crc64
from tests.support.inprocess import OTHER, Answer, InProcessServer
from tests.support.uploading import etag_of, initiate
from tests.support.versioning import set_versioning

SMALL, LARGE = b"hello", bytes(range(256)) * 300
TARGET = "x-oss-symlink-target"


async def link(
    server: InProcessServer, target: str | None, *headers: tuple[str, str], path: str = "/bucket/link"
) -> Answer:
    given = [] if target is None else [(TARGET, target)]
    return await server.call("PUT", f"{path}?symlink", headers=[*given, *headers])


@pytest.mark.parametrize("body", [b"", SMALL, LARGE])
async def test_it_is_read_as_its_target(server: InProcessServer, body: bytes) -> None:
    target = [("Content-Type", "text/plain"), ("x-oss-meta-colour", "red"), ("x-oss-meta-size", "L")]
    await server.put_object("/bucket/target", body, *target)
    server.clock.advance(hours=1)
    given = [("Content-Type", "text/html"), ("x-oss-meta-colour", "blue")]
    assert (await link(server, "target", *given)).status == 200
    for method in ("GET", "HEAD"):
        answer = await server.call(method, "/bucket/link")
        assert (answer.status, answer.body) == (200, body if method == "GET" else b"")
        assert (answer.header("content-length"), answer.header("etag")) == (str(len(body)), f'"{etag_of(body)}"')
        assert answer.header("x-oss-hash-crc64ecma") == str(crc64(body))
        assert answer.header("content-md5") is not None
        assert (answer.header("x-oss-object-type"), answer.header("content-type")) == ("Symlink", "text/html")
        assert (answer.header("x-oss-meta-colour"), answer.header("x-oss-meta-size")) == ("blue", None)
        assert answer.header(TARGET) is None


async def test_it_is_as_new_as_the_newer_of_both(server: InProcessServer) -> None:
    await link(server, "target")
    server.clock.advance(hours=1)
    await server.put_object("/bucket/target", SMALL)
    assert (await server.call("HEAD", "/bucket/link")).header("last-modified") == "Sat, 14 Mar 2026 13:00:00 GMT"
    server.clock.advance(hours=1)
    await link(server, "target")
    answer = await server.call("GET", "/bucket/link")
    assert answer.header("last-modified") == "Sat, 14 Mar 2026 14:00:00 GMT"


@pytest.mark.parametrize(
    ("key", "target"),
    [
        ("/bucket/a%20b%2Bc", "a b+c"),
        ("/bucket/a%20b%2Bc", "a%20b%2Bc"),
        ("/bucket/dir/%C3%A9", "dir/é"),
        ("/bucket/dir/%C3%A9", "dir%2F%C3%A9"),
        ("/bucket/50%25", "50%25"),
    ],
)
async def test_the_target_is_told_as_it_came_and_decoded_to_be_followed(
    server: InProcessServer, key: str, target: str
) -> None:
    await server.put_object(key, SMALL)
    made = await link(server, target, ("x-oss-meta-colour", "red"))
    assert (await server.call("GET", "/bucket/link")).body == SMALL
    told = await server.call("GET", "/bucket/link?symlink")
    assert (told.status, told.body, told.header(TARGET)) == (200, b"", target)
    assert (told.header("etag"), told.header("x-oss-meta-colour")) == (made.header("etag"), "red")
    assert told.header("last-modified") == "Sat, 14 Mar 2026 12:00:00 GMT"


async def test_ranges_and_conditions_are_those_of_the_target(server: InProcessServer) -> None:
    await server.put_object("/bucket/target", LARGE)
    await link(server, "target")
    part = await server.call("GET", "/bucket/link", headers=[("Range", "bytes=10-19")])
    assert (part.status, part.body) == (206, LARGE[10:20])
    assert part.header("content-range") == f"bytes 10-19/{len(LARGE)}"
    same = [("If-None-Match", f'"{etag_of(LARGE)}"')]
    for method in ("GET", "HEAD"):
        assert (await server.call(method, "/bucket/link", headers=same)).status == 304
    other = await server.call("GET", "/bucket/link", headers=[("If-Match", '"0"')])
    assert other.refusal[:2] == (412, "PreconditionFailed")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_target_that_is_not_there(server: InProcessServer, method: str) -> None:
    assert (await link(server, "target")).status == 200
    assert (await server.call(method, "/bucket/link")).refusal[:2] == (404, "SymlinkTargetNotExist")
    await server.put_object("/bucket/target", SMALL)
    assert (await server.call(method, "/bucket/link")).status == 200
    await server.call("DELETE", "/bucket/target")
    assert (await server.call(method, "/bucket/link")).refusal[:2] == (404, "SymlinkTargetNotExist")
    assert (await server.call("GET", "/bucket/link?symlink")).status == 200


@pytest.mark.parametrize("target", ["other", "link"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_links_do_not_lead_to_links(server: InProcessServer, method: str, target: str) -> None:
    await server.put_object("/bucket/target", SMALL)
    await link(server, "target", path="/bucket/other")
    assert (await link(server, target)).status == 200
    assert (await server.call(method, "/bucket/link")).refusal[:2] == (400, "InvalidTargetType")


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (None, "MissingArgument"),
        ("", "InvalidObjectName"),
        ("a" * 1024, "InvalidObjectName"),
        ("%FF", "InvalidObjectName"),
    ],
)
async def test_what_no_target_can_be(server: InProcessServer, target: str | None, code: str) -> None:
    assert (await link(server, target)).refusal[:2] == (400, code)
    assert (await server.call("HEAD", "/bucket/link")).status == 404


async def test_asking_for_the_target_of_what_is_none(server: InProcessServer) -> None:
    assert (await server.call("GET", "/bucket/link?symlink")).refusal[:2] == (404, "NoSuchKey")
    await server.put_object("/bucket/link", SMALL)
    assert (await server.call("GET", "/bucket/link?symlink")).refusal[:2] == (400, "NotSymlink")


async def test_the_link_itself_is_listed_measured_and_deleted(server: InProcessServer) -> None:
    await server.put_object("/bucket/target", SMALL)
    made = await link(server, "target")
    listed = (await server.call("GET", "/bucket?prefix=link")).xml.find("Contents")
    assert listed is not None
    meta = await server.call("HEAD", "/bucket/link?objectMeta")
    assert (meta.header("content-length"), meta.header("etag")) == ("0", made.header("etag"))
    assert b"<Type>Symlink</Type><Size>0</Size>" in (await server.call("GET", "/bucket?prefix=link")).body
    assert (await server.call("DELETE", "/bucket/link")).status == 204
    assert (await server.call("GET", "/bucket/link")).refusal[:2] == (404, "NoSuchKey")
    assert (await server.call("GET", "/bucket/target")).body == SMALL


async def test_a_copy_is_a_link(server: InProcessServer) -> None:
    await server.put_bucket("second")
    await server.put_object("/bucket/target", SMALL)
    await server.put_object("/second/target", LARGE)
    await link(server, "target")
    for path, body in (("/bucket/copy", SMALL), ("/second/copy", LARGE)):
        assert (await server.call("PUT", path, headers=[("x-oss-copy-source", "/bucket/link")])).status == 200
        assert (await server.call("GET", f"{path}?symlink")).header(TARGET) == "target"
        assert (await server.call("GET", path)).body == body
    upload = await initiate(server, "/bucket/parts")
    part = f"/bucket/parts?partNumber=1&uploadId={upload}"
    answer = await server.call("PUT", part, headers=[("x-oss-copy-source", "/bucket/link")])
    assert answer.refusal[:2] == (400, "OperationNotSupported")


async def test_it_takes_the_place_of_an_object_unless_that_is_forbidden(server: InProcessServer) -> None:
    await server.put_object("/bucket/target", SMALL)
    await server.put_object("/bucket/link", LARGE)
    refused = await link(server, "target", ("x-oss-forbid-overwrite", "true"))
    assert refused.refusal[:2] == (409, "FileAlreadyExists")
    assert (await server.call("GET", "/bucket/link")).body == LARGE
    assert (await link(server, "target")).status == 200
    assert (await server.call("GET", "/bucket/link")).body == SMALL
    await server.collection.delete_condemned()
    assert await server.stored_blobs() == []
    await server.put_object("/bucket/link", b"put")
    answer = await server.call("GET", "/bucket/link")
    assert (answer.body, answer.header("x-oss-object-type")) == (b"put", "Normal")


async def test_a_link_does_not_grow(server: InProcessServer) -> None:
    await server.call("POST", "/bucket/log?append&position=0", body=b"one")
    await link(server, "log")
    refused = await server.call("POST", "/bucket/link?append&position=3", body=b"two")
    assert refused.refusal[:2] == (409, "ObjectNotAppendable")
    await server.call("POST", "/bucket/log?append&position=3", body=b"two")
    answer = await server.call("GET", "/bucket/link")
    assert (answer.body, answer.header("x-oss-next-append-position")) == (b"onetwo", None)


@pytest.mark.parametrize("by", [OTHER, None])
async def test_a_reader_needs_the_right_to_both(server: InProcessServer, by: object) -> None:
    await server.put_object("/bucket/open", SMALL, ("x-oss-object-acl", "public-read"))
    await server.put_object("/bucket/closed", SMALL)
    readable = ("x-oss-object-acl", "public-read")
    await link(server, "open", readable, path="/bucket/to-open")
    await link(server, "closed", readable, path="/bucket/to-closed")
    await link(server, "nothing", readable, path="/bucket/to-nothing")
    await link(server, "open", path="/bucket/closed-link")
    codes = {}
    for path in ("to-open", "to-closed", "to-nothing", "closed-link"):
        answer = await server.call("GET", f"/bucket/{path}", by=by)  # type: ignore[arg-type]  # an account, or nobody
        codes[path] = answer.refusal[:2]
    denied = (403, "AccessDenied")
    assert codes == {"to-open": (200, ""), "to-closed": denied, "to-nothing": denied, "closed-link": denied}
    assert (await server.call("PUT", "/bucket/to-open?symlink", by=by, headers=[(TARGET, "x")])).refusal[:2] == denied  # type: ignore[arg-type]
    assert (await server.call("GET", "/bucket/closed-link?symlink", by=by)).refusal[:2] == denied  # type: ignore[arg-type]


async def test_an_archived_target_is_not_read_through_a_link(server: InProcessServer) -> None:
    await server.put_object("/bucket/target", SMALL, ("x-oss-storage-class", "Archive"))
    await link(server, "target")
    assert (await server.call("GET", "/bucket/link")).refusal[:2] == (403, "InvalidObjectState")
    assert (await server.call("HEAD", "/bucket/link")).status == 200


async def test_a_link_is_a_version_that_leads_to_the_current_target(server: InProcessServer) -> None:
    await set_versioning(server, "Enabled")
    await server.put_object("/bucket/target", SMALL)
    await server.put_object("/bucket/other", LARGE)
    ids = [(await link(server, target)).header("x-oss-version-id") for target in ("target", "other")]
    assert len({None, *ids}) == 3
    for version_id, target, body in zip(ids, ("target", "other"), (SMALL, LARGE), strict=True):
        told = await server.call("GET", f"/bucket/link?symlink&versionId={version_id}")
        assert (told.header(TARGET), told.header("x-oss-version-id")) == (target, version_id)
        for method in ("GET", "HEAD"):
            answer = await server.call(method, f"/bucket/link?versionId={version_id}")
            assert (answer.status, answer.body) == (200, body if method == "GET" else b"")
            assert answer.header("x-oss-version-id") == version_id
    await server.put_object("/bucket/other", b"newer")
    assert (await server.call("GET", "/bucket/link")).body == b"newer"
    await server.call("DELETE", "/bucket/other")
    assert (await server.call("GET", "/bucket/link")).refusal[:2] == (404, "SymlinkTargetNotExist")
    await server.call("DELETE", "/bucket/link")
    assert (await server.call("GET", "/bucket/link?symlink")).refusal[:2] == (404, "NoSuchKey")
    await server.call("DELETE", f"/bucket/link?versionId={ids[1]}")
    assert (await server.call("GET", f"/bucket/link?versionId={ids[0]}")).body == SMALL
