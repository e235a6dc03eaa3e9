"""CopyObject and UploadPartCopy: rows are written, bytes stay; the source's conditions and permissions count."""

import pytest

from ossicle.services.intake import IntakeLimits
from ossicle.wire.digest import crc64
from tests.support.elements import text
from tests.support.inprocess import OTHER, Account, Answer, InProcessServer, build_server
from tests.support.uploading import PART_BYTES, begun, complete, etag_of, initiate, part_bytes

SMALL, LARGE = b"hello", part_bytes(1, 300_000)


async def copy(
    server: InProcessServer, target: str, source: str, *headers: tuple[str, str], by: Account | None = None
) -> Answer:
    given = [("x-oss-copy-source", source), *headers]
    return await (
        server.call("PUT", target, headers=given) if by is None else server.call("PUT", target, headers=given, by=by)
    )


@pytest.mark.parametrize("body", [b"", SMALL, LARGE])
@pytest.mark.parametrize("source", ["/bucket/from", "bucket/from", "/bucket/from?versionId=null"])
async def test_a_copy_is_like_its_source(server: InProcessServer, body: bytes, source: str) -> None:
    await server.put_bucket("second")
    attributes = [("Content-Type", "text/plain"), ("Cache-Control", "no-store"), ("x-oss-meta-colour", "red")]
    await server.put_object("/bucket/from", body, *attributes, ("x-oss-object-acl", "public-read"))
    server.clock.advance(hours=1)
    answer = await copy(server, "/second/to", source)
    assert (answer.status, text(answer, "ETag")) == (200, f'"{etag_of(body)}"')
    assert text(answer, "LastModified") == "2026-03-14T13:00:00.000Z"
    assert answer.header("x-oss-hash-crc64ecma") == str(crc64(body))
    got = await server.call("GET", "/second/to")
    assert (got.body, got.header("content-type"), got.header("cache-control")) == (body, "text/plain", "no-store")
    assert (got.header("x-oss-meta-colour"), got.header("etag")) == ("red", f'"{etag_of(body)}"')
    assert (await server.call("GET", "/second/to", by=None)).status == 403, "the ACL is not copied"


async def test_bytes_are_shared_until_nobody_names_them(server: InProcessServer) -> None:
    await server.put_object("/bucket/from", LARGE)
    assert (await copy(server, "/bucket/to", "/bucket/from")).status == 200
    assert len(await server.stored_blobs()) == 1
    assert (await server.call("DELETE", "/bucket/from")).status == 204
    await server.collection.delete_condemned()
    assert (await server.call("GET", "/bucket/to")).body == LARGE
    assert (await server.call("DELETE", "/bucket/to")).status == 204
    await server.collection.delete_condemned()
    assert await server.stored_blobs() == []


@pytest.mark.parametrize("name", ["If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"])
async def test_conditions_on_the_target_mean_nothing(server: InProcessServer, name: str) -> None:
    """The Node SDK sends those on the source under these names besides."""
    await server.put_object("/bucket/from", SMALL)
    same = (f"x-oss-copy-source-{name.lower()}", f'"{etag_of(SMALL)}"')
    given = [(name, same[1]), *([same] if name == "If-Match" else [])]
    assert (await copy(server, "/bucket/to", "/bucket/from", *given)).status == 200


async def test_replace_takes_the_attributes_of_the_request(server: InProcessServer) -> None:
    await server.put_object("/bucket/from", SMALL, ("Content-Type", "text/plain"), ("x-oss-meta-colour", "red"))
    given = [("x-oss-metadata-directive", "replace"), ("Content-Type", "text/html"), ("x-oss-meta-size", "XL")]
    assert (await copy(server, "/bucket/to", "/bucket/from", *given)).status == 200
    got = await server.call("HEAD", "/bucket/to")
    assert got.header("content-type") == "text/html"
    assert (got.header("x-oss-meta-size"), got.header("x-oss-meta-colour")) == ("XL", None)
    wrong = await copy(server, "/bucket/to", "/bucket/from", ("x-oss-metadata-directive", "MERGE"))
    assert wrong.refusal[:2] == (400, "InvalidArgument")


@pytest.mark.parametrize("body", [SMALL, LARGE])
@pytest.mark.parametrize("directive", ["COPY", "REPLACE"])
async def test_onto_itself_it_sets_what_the_request_says(server: InProcessServer, body: bytes, directive: str) -> None:
    await server.put_object("/bucket/key", body, ("x-oss-meta-colour", "red"))
    given = [("x-oss-metadata-directive", directive), ("x-oss-meta-colour", "blue"), ("x-oss-storage-class", "IA")]
    assert (await copy(server, "/bucket/key", "/bucket/key", *given)).status == 200
    await server.collection.delete_condemned()
    got = await server.call("GET", "/bucket/key")
    assert (got.body, got.header("x-oss-meta-colour"), got.header("x-oss-storage-class")) == (body, "blue", "IA")


@pytest.mark.parametrize(
    ("header", "is_held", "failed"),
    [
        ("if-match", f'"{etag_of(SMALL)}"', '"0"'),
        ("if-none-match", '"0"', f'"{etag_of(SMALL)}"'),
        ("if-modified-since", "Fri, 13 Mar 2026 12:00:00 GMT", "Sat, 14 Mar 2026 12:00:00 GMT"),
        ("if-unmodified-since", "Sat, 14 Mar 2026 12:00:00 GMT", "Fri, 13 Mar 2026 12:00:00 GMT"),
    ],
)
async def test_conditions_are_about_the_source(server: InProcessServer, header: str, is_held: str, failed: str) -> None:
    await server.put_object("/bucket/from", SMALL)
    upload_id = await initiate(server, "/bucket/large")
    refused = 412 if header in ("if-match", "if-unmodified-since") else 304
    for target in ("/bucket/to", f"/bucket/large?partNumber=1&uploadId={upload_id}"):
        answer = await copy(server, target, "/bucket/from", (f"x-oss-copy-source-{header}", failed))
        assert answer.status == refused
        answer = await copy(server, target, "/bucket/from", (f"x-oss-copy-source-{header}", is_held))
        assert answer.status == 200


@pytest.mark.parametrize(
    ("source", "refusal"),
    [
        ("/bucket/never", (404, "NoSuchKey")),
        ("/never/key", (404, "NoSuchBucket")),
        ("/bucket", (400, "InvalidArgument")),
        ("/bucket/", (400, "InvalidArgument")),
        ("/B/key", (400, "InvalidBucketName")),
        ("/bucket/from?versionId=" + "A" * 64, (404, "NoSuchVersion")),
        ("/bucket/from?versionId=x", (400, "InvalidArgument")),
        ("/theirs/key", (403, "AccessDenied")),
    ],
)
async def test_sources_that_can_t_be_had(server: InProcessServer, source: str, refusal: tuple[int, str]) -> None:
    await server.put_object("/bucket/from", SMALL)
    upload_id = await initiate(server, "/bucket/large")
    for target in ("/bucket/to", f"/bucket/large?partNumber=1&uploadId={upload_id}"):
        assert (await copy(server, target, source)).refusal[:2] == refusal
    assert (await server.call("GET", "/bucket/to")).refusal[1] == "NoSuchKey"


async def test_the_caller_must_be_allowed_at_both_ends(server: InProcessServer) -> None:
    await server.put_object("/bucket/from", SMALL)
    await server.put_bucket("open", acl="public-read-write")
    assert (await copy(server, "/open/to", "/bucket/from", by=OTHER)).refusal[:2] == (403, "AccessDenied")
    assert (await copy(server, "/theirs/to", "/bucket/from")).refusal[:2] == (403, "AccessDenied")
    await server.put_object("/bucket/from", SMALL, ("x-oss-object-acl", "public-read"))
    assert (await copy(server, "/theirs/to", "/bucket/from", by=OTHER)).status == 200


async def test_a_copy_that_may_not_overwrite(server: InProcessServer) -> None:
    await server.put_object("/bucket/from", SMALL)
    await server.put_object("/bucket/to", b"there")
    answer = await copy(server, "/bucket/to", "/bucket/from", ("x-oss-forbid-overwrite", "true"))
    assert answer.refusal == (409, "FileAlreadyExists", None)
    assert (await server.call("GET", "/bucket/to")).body == b"there"


async def test_a_large_source_wants_parts() -> None:
    limits = IntakeLimits(small_body_bytes=64, object_bytes_max=PART_BYTES)
    server = build_server(limits=limits)
    await server.put_bucket("bucket")
    bodies = [part_bytes(1), part_bytes(2)]
    upload_id, listed = await begun(server, "/bucket/from", *bodies)
    assert (await complete(server, "/bucket/from", upload_id, *listed)).status == 200
    answer = await copy(server, "/bucket/to", "/bucket/from")
    assert answer.refusal == (400, "EntityTooLarge", None)
    assert answer.error.message == "Source object Length exceeds the maximum allowed size."
    again = await initiate(server, "/bucket/to")
    etags = []
    for number in (1, 2):
        first = (number - 1) * PART_BYTES
        asked = ("x-oss-copy-source-range", f"bytes={first}-{first + PART_BYTES - 1}")
        part = await copy(server, f"/bucket/to?partNumber={number}&uploadId={again}", "/bucket/from", asked)
        assert text(part, "ETag") == f'"{etag_of(bodies[number - 1])}"' == part.header("etag")
        etags.append((number, text(part, "ETag") or ""))
    assert (await complete(server, "/bucket/to", again, *etags)).status == 200
    got = await server.call("GET", "/bucket/to")
    assert (got.body, got.header("x-oss-hash-crc64ecma")) == (b"".join(bodies), str(crc64(b"".join(bodies))))
    assert len(await server.stored_blobs()) == 2


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        (None, 0, 300_000),
        ("bytes=0-299999", 0, 300_000),
        ("bytes=5-9", 5, 10),
        ("bytes=5-300000", 0, 300_000),
        ("bytes=9-5", 0, 300_000),
    ],
)
async def test_ranges_of_a_source(server: InProcessServer, asked: str | None, start: int, end: int) -> None:
    await server.put_object("/bucket/from", LARGE)
    upload_id = await initiate(server, "/bucket/to")
    headers = [] if asked is None else [("x-oss-copy-source-range", asked)]
    part = await copy(server, f"/bucket/to?partNumber=1&uploadId={upload_id}", "/bucket/from", *headers)
    assert text(part, "ETag") == f'"{etag_of(LARGE[start:end])}"'
    assert (await complete(server, "/bucket/to", upload_id, (1, text(part, "ETag") or ""))).status == 200
    got = await server.call("GET", "/bucket/to")
    assert (got.body, got.header("x-oss-hash-crc64ecma")) == (LARGE[start:end], str(crc64(LARGE[start:end])))


@pytest.mark.parametrize("body", [b"", SMALL])
async def test_a_small_source_becomes_a_part(server: InProcessServer, body: bytes) -> None:
    await server.put_object("/bucket/from", body)
    upload_id = await initiate(server, "/bucket/to")
    part = await copy(server, f"/bucket/to?partNumber=1&uploadId={upload_id}", "/bucket/from")
    assert (await complete(server, "/bucket/to", upload_id, (1, text(part, "ETag") or ""))).status == 200
    assert (await server.call("GET", "/bucket/to")).body == body


@pytest.mark.parametrize("asked", ["bytes=5-", "bytes=-5", "5-9", "bytes=a-b", "bytes=1-2,4-5", ""])
async def test_a_range_has_two_ends(server: InProcessServer, asked: str) -> None:
    await server.put_object("/bucket/from", SMALL)
    upload_id = await initiate(server, "/bucket/to")
    target = f"/bucket/to?partNumber=1&uploadId={upload_id}"
    answer = await copy(server, target, "/bucket/from", ("x-oss-copy-source-range", asked))
    assert answer.refusal[:2] == (400, "InvalidArgument")


async def test_a_part_for_no_upload_says_so_by_its_own_code(server: InProcessServer) -> None:
    await server.put_object("/bucket/from", SMALL)
    answer = await copy(server, f"/bucket/to?partNumber=1&uploadId={'0' * 32}", "/bucket/from")
    assert answer.refusal == (404, "NoSuchUpload", "0042-00000311")


async def test_a_part_of_a_part_outlives_its_source(server: InProcessServer) -> None:
    await server.put_object("/bucket/from", LARGE)
    upload_id = await initiate(server, "/bucket/to")
    asked = ("x-oss-copy-source-range", "bytes=100-299")
    part = await copy(server, f"/bucket/to?partNumber=1&uploadId={upload_id}", "/bucket/from", asked)
    assert (await server.call("DELETE", "/bucket/from")).status == 204
    await server.collection.delete_condemned()
    assert (await complete(server, "/bucket/to", upload_id, (1, text(part, "ETag") or ""))).status == 200
    assert (await server.call("GET", "/bucket/to")).body == LARGE[100:300]
