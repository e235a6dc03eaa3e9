"""The ACL of an object: set and told by operations of its own, given with the object, and gone with it."""

from itertools import product

import pytest

from tests.support.elements import texts
from tests.support.inprocess import OTHER, OWNER, Account, Header, InProcessServer
from tests.support.uploading import complete, initiate, put_part

KEY = "/bucket/key"
ACLS = ("default", "private", "public-read", "public-read-write")
BUCKET_ACLS = ACLS[1:]
GUESTS = [OTHER, None]
guests = pytest.mark.parametrize("caller", GUESTS, ids=["other", "anonymous"])


async def acl_of(server: InProcessServer, path: str = KEY, query: str = "") -> str:
    answer = await server.call("GET", f"{path}?acl{query}")
    assert answer.status == 200
    assert texts(answer, "Owner/ID") == [OWNER.id]
    (grant,) = texts(answer, "AccessControlList/Grant")
    return grant


async def put_acl(server: InProcessServer, acl: str, path: str = KEY, query: str = "") -> None:
    answer = await server.call("PUT", f"{path}?acl{query}", headers=[("x-oss-object-acl", acl)])
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize("acl", ACLS)
async def test_an_acl_is_set_and_told(server: InProcessServer, acl: str) -> None:
    await server.put_object(KEY)
    assert await acl_of(server) == "default"
    await put_acl(server, acl)
    assert await acl_of(server) == acl


async def test_bytes_and_the_time_of_change_stay(server: InProcessServer) -> None:
    await server.put_object(KEY, b"body", ("x-oss-meta-a", "b"))
    before = await server.call("HEAD", KEY)
    server.clock.advance(hours=1)
    await put_acl(server, "public-read")
    after = await server.call("GET", KEY, by=None)
    assert after.body == b"body"
    for name in ("last-modified", "etag", "x-oss-meta-a"):
        assert after.header(name) == before.header(name)


@pytest.mark.parametrize(
    ("bucket_acl", "object_acl", "caller"), list(product(BUCKET_ACLS, ACLS, GUESTS)), ids=lambda value: str(value)[:12]
)
async def test_the_matrix_of_what_an_acl_that_was_set_grants(
    server: InProcessServer, bucket_acl: str, object_acl: str, caller: Account | None
) -> None:
    await server.put_bucket("bucket", acl=bucket_acl)
    await server.put_object(KEY, b"body")
    await put_acl(server, object_acl)
    effective = bucket_acl if object_acl == "default" else object_acl
    for method in ("GET", "HEAD"):
        assert (await server.call(method, KEY, by=caller)).status == (403 if effective == "private" else 200)
    written = await server.call("PUT", KEY, by=caller, body=b"new")
    assert written.status == (200 if effective == "public-read-write" else 403)


@pytest.mark.parametrize("acl", ["Default", "public", "bucket-owner-full-control"])
async def test_another_word_is_refused(server: InProcessServer, acl: str) -> None:
    await server.put_object(KEY)
    for target in (f"{KEY}?acl", KEY):
        answer = await server.call("PUT", target, headers=[("x-oss-object-acl", acl)])
        assert answer.refusal == (400, "InvalidArgument", "0017-00000104")
        assert answer.error.message == "no such object access control exists"
        assert answer.error.details == {"ArgumentName": "x-oss-object-acl", "ArgumentValue": acl}
    assert await acl_of(server) == "default"


@pytest.mark.parametrize("headers", [[], [("x-oss-object-acl", "")]], ids=["absent", "empty"])
async def test_no_word_is_refused_and_nothing_is_set(server: InProcessServer, headers: list[Header]) -> None:
    await server.put_object(KEY, b"x", ("x-oss-object-acl", "private"))
    answer = await server.call("PUT", f"{KEY}?acl", headers=headers)
    assert answer.refusal == (400, "InvalidArgument", "0017-00000105")
    assert answer.error.message == "no such object access control exists"
    assert answer.error.details == {"ArgumentName": "x-oss-object-acl", "ArgumentValue": ""}
    assert await acl_of(server) == "private"


async def test_a_missing_object_has_none(server: InProcessServer) -> None:
    assert (await server.call("GET", f"{KEY}?acl")).refusal == (404, "NoSuchKey", "0026-00000001")
    answer = await server.call("PUT", f"{KEY}?acl", headers=[("x-oss-object-acl", "private")])
    assert answer.refusal == (404, "NoSuchKey", "0026-00000001")


@guests
@pytest.mark.parametrize(("bucket_acl", "object_acl"), list(product(BUCKET_ACLS, [*ACLS, None])))
async def test_nobody_but_the_owner_reads_or_sets_it(
    server: InProcessServer, bucket_acl: str, object_acl: str | None, caller: Account | None
) -> None:
    await server.put_bucket("bucket", acl=bucket_acl)
    if object_acl is not None:
        await server.put_object(KEY, b"x", ("x-oss-object-acl", object_acl))
    read = await server.call("GET", f"{KEY}?acl", by=caller)
    written = await server.call("PUT", f"{KEY}?acl", by=caller, headers=[("x-oss-object-acl", "public-read-write")])
    assert read.refusal == written.refusal == (403, "AccessDenied", None)
    assert read.error.message == "You do not have read acl permission on this object."
    assert written.error.message == "You do not have write acl permission on this object."
    if object_acl is not None:
        assert await acl_of(server) == object_acl


async def test_every_writer_gives_one(server: InProcessServer) -> None:
    public: Header = ("x-oss-object-acl", "public-read")
    await server.put_object("/bucket/put", b"x", public)
    await server.call("PUT", "/bucket/copied", headers=[("x-oss-copy-source", "/bucket/put"), public])
    await server.call("POST", "/bucket/appended?append&position=0", headers=[public], body=b"x")
    await server.call("PUT", "/bucket/link?symlink", headers=[("x-oss-symlink-target", "put"), public])
    upload_id = await initiate(server, "/bucket/parts", ("x-oss-object-acl", "private"))
    part = await put_part(server, "/bucket/parts", upload_id, 1, b"x")
    await complete(server, "/bucket/parts", upload_id, (1, part.header("etag") or ""), headers=[public])
    for name in ("put", "copied", "appended", "link", "parts"):
        assert await acl_of(server, f"/bucket/{name}") == "public-read", name
        assert (await server.call("GET", f"/bucket/{name}", by=None)).body == b"x", name


async def test_a_later_append_and_a_copy_leave_it_out(server: InProcessServer) -> None:
    await server.call("POST", f"{KEY}?append&position=0", headers=[("x-oss-object-acl", "private")], body=b"x")
    await server.call("POST", f"{KEY}?append&position=1", headers=[("x-oss-object-acl", "public-read")], body=b"y")
    assert await acl_of(server) == "private"
    await server.call("PUT", "/bucket/copied", headers=[("x-oss-copy-source", KEY)])
    assert await acl_of(server, "/bucket/copied") == "default"


@pytest.mark.parametrize("writer", ["PUT", "COPY"])
async def test_whatever_is_written_over_an_object_begins_anew(server: InProcessServer, writer: str) -> None:
    await server.put_object("/bucket/source", b"x")
    await server.put_object(KEY, b"x", ("x-oss-object-acl", "public-read"))
    headers = [] if writer == "PUT" else [("x-oss-copy-source", "/bucket/source")]
    assert (await server.call("PUT", KEY, headers=headers)).status == 200
    assert await acl_of(server) == "default"
    assert (await server.call("GET", KEY, by=None)).status == 403


async def test_each_version_has_its_own(server: InProcessServer) -> None:
    enabled = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    await server.call("PUT", "/bucket/?versioning", body=enabled)
    old = (await server.put_object(KEY, b"old")).header("x-oss-version-id")
    new = (await server.put_object(KEY, b"new")).header("x-oss-version-id")
    await put_acl(server, "public-read", query=f"&versionId={old}")
    assert (await acl_of(server, query=f"&versionId={old}"), await acl_of(server)) == ("public-read", "default")
    told = await server.call("GET", f"{KEY}?acl")
    assert told.header("x-oss-version-id") == new
    assert (await server.call("GET", f"{KEY}?versionId={old}", by=None)).body == b"old"
    assert (await server.call("GET", KEY, by=None)).status == 403

    await server.call("DELETE", KEY)
    missing = await server.call("GET", f"{KEY}?acl")
    assert (missing.refusal[1], missing.header("x-oss-delete-marker")) == ("NoSuchKey", "true")
    marker = missing.header("x-oss-version-id")
    answer = await server.call("PUT", f"{KEY}?acl&versionId={marker}", headers=[("x-oss-object-acl", "private")])
    assert answer.refusal[:2] == (405, "MethodNotAllowed")
    unknown = await server.call("GET", f"{KEY}?acl&versionId=CAEQARiBgIDwqL6w4hgiIDk")
    assert unknown.refusal[:2] in ((404, "NoSuchVersion"), (400, "InvalidArgument"))


@guests
async def test_overrides_of_headers_need_a_signature(server: InProcessServer, caller: Account | None) -> None:
    await server.put_object(KEY, b"x", ("x-oss-object-acl", "public-read"))
    answer = await server.call("GET", f"{KEY}?response-content-type=text/html", by=caller)
    if caller is None:
        assert answer.refusal[:2] == (400, "InvalidRequest")
    else:
        assert (answer.status, answer.header("content-type")) == (200, "text/html")
