"""AppendObject and SealAppendObject: one object that grows at its end, by whoever names the end."""

import asyncio
import base64
import hashlib

import pytest

from ossicle.services.identity import Principal
from ossicle.services.intake import IntakeLimits
from ossicle.wire.digest import crc64
from ossicle.wire.names import BucketName, ObjectKey
from ossicle.wire.ranges import resolve_range
from tests.support.inprocess import (
    OBJECT_BYTES_MAX,
    OTHER,
    OWNER,
    SMALL_BODY_BYTES,
    Answer,
    InProcessServer,
    build_server,
)
from tests.support.uploading import etag_of, initiate
from tests.support.versioning import set_versioning

LARGE = bytes(range(256)) * 300
NEXT = "x-oss-next-append-position"


async def append(server: InProcessServer, position: object, body: bytes = b"", *headers: tuple[str, str]) -> Answer:
    return await server.call("POST", f"/bucket/log?append&position={position}", headers=headers, body=body)


async def content(server: InProcessServer, path: str = "/bucket/log") -> bytes:
    answer = await server.call("GET", path)
    assert answer.status == 200
    assert answer.header("x-oss-hash-crc64ecma") == str(crc64(answer.body))
    return answer.body


@pytest.mark.parametrize("pieces", [[b"one ", b"two"], [LARGE, b"x", LARGE], [b"", b"a", b""], [b"x" * 40, b"y" * 40]])
async def test_pieces_make_one_object(server: InProcessServer, pieces: list[bytes]) -> None:
    whole, etags = b"", []
    for piece in pieces:
        answer = await append(server, len(whole), piece)
        whole += piece
        assert (answer.status, answer.body) == (200, b"")
        assert (answer.header(NEXT), answer.header("x-oss-hash-crc64ecma")) == (str(len(whole)), str(crc64(whole)))
        assert answer.header("x-oss-version-id") is None
        assert await content(server) == whole
        etags.append(answer.header("etag"))
    changes = sum(1 for piece in pieces[1:] if piece)
    assert len(set(etags)) == 1 + changes
    assert f'"{etag_of(whole)}"' not in etags


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_how_it_is_told(server: InProcessServer, method: str) -> None:
    given = [("Content-Type", "text/plain"), ("x-oss-meta-colour", "red"), ("x-oss-object-acl", "public-read")]
    await append(server, 0, b"one ", *given, ("x-oss-storage-class", "IA"))
    server.clock.advance(hours=1)
    later = [("Content-Type", "text/html"), ("x-oss-meta-colour", "blue"), ("x-oss-object-acl", "private")]
    appended = await append(server, 4, b"two", *later, ("x-oss-storage-class", "Standard"))
    answer = await server.call(method, "/bucket/log", by=None)
    assert answer.status == 200
    assert (answer.header("x-oss-object-type"), answer.header(NEXT)) == ("Appendable", "7")
    assert (answer.header("content-md5"), answer.header("content-length")) == (None, "7")
    assert (answer.header("content-type"), answer.header("x-oss-meta-colour")) == ("text/plain", "red")
    assert (answer.header("x-oss-storage-class"), answer.header("etag")) == ("IA", appended.header("etag"))
    assert answer.header("last-modified") == "Sat, 14 Mar 2026 13:00:00 GMT"
    assert answer.header("x-oss-sealed-time") is None
    assert b"<Type>Appendable</Type>" in (await server.call("GET", "/bucket")).body


@pytest.mark.parametrize(("position", "told"), [("0", "3"), ("2", "3"), ("4", "3"), ("9223372036854775807", "3")])
async def test_another_position_is_refused_with_the_right_one(
    server: InProcessServer, position: str, told: str
) -> None:
    await append(server, 0, b"one")
    answer = await append(server, position, b"two")
    assert answer.refusal == (409, "PositionNotEqualToLength", "0026-00000016")
    assert answer.header(NEXT) == told
    assert await content(server) == b"one"


async def test_a_position_in_nothing_is_refused(server: InProcessServer) -> None:
    answer = await append(server, 1, b"two")
    assert answer.refusal == (409, "PositionNotEqualToLength", "0026-00000016")
    assert answer.header(NEXT) == "0"
    assert (await server.call("HEAD", "/bucket/log")).status == 404


@pytest.mark.parametrize("position", ["-1", "x", "", "1.0", "9223372036854775808"])
async def test_what_is_no_position(server: InProcessServer, position: str) -> None:
    assert (await append(server, position)).refusal[:2] == (400, "InvalidArgument")
    seal = await server.call("POST", f"/bucket/log?seal&position={position}")
    assert seal.refusal[:2] == (400, "InvalidArgument")


@pytest.mark.parametrize("selector", ["append", "append=", "seal"])
async def test_a_position_must_be_given(server: InProcessServer, selector: str) -> None:
    answer = await server.call("POST", f"/bucket/log?{selector}")
    assert answer.refusal[:2] == (400, "MissingArgument")


@pytest.mark.parametrize("position", [0, 5, 3])
async def test_a_normal_object_does_not_grow(server: InProcessServer, position: int) -> None:
    await server.put_object("/bucket/log", b"hello")
    assert (await append(server, position, b"x")).refusal[:2] == (409, "ObjectNotAppendable")
    assert (await server.call("POST", "/bucket/log?seal&position=5")).refusal[:2] == (409, "ObjectNotAppendable")
    assert await content(server) == b"hello"


async def test_it_is_judged_before_the_body_is_asked_for(server: InProcessServer) -> None:
    await append(server, 0, b"one")
    for query in ("append&position=0", "append&position=-1", "append"):
        path = f"/bucket/log?{query}"
        exchange = server.exchange(
            "POST", path, headers=list(server.signed("POST", path).items()), body=[b"two"], length=3
        )
        assert (await server.carry_out(exchange)).status in (400, 409)
        assert exchange.received == 0


async def test_the_checksums_are_those_of_the_piece(server: InProcessServer) -> None:
    await append(server, 0, b"one")
    md5 = base64.b64encode(hashlib.md5(b"two").digest()).decode()
    right = [("Content-MD5", md5), ("x-oss-hash-crc64ecma", str(crc64(b"two")))]
    assert (await append(server, 3, b"tow", right[0])).refusal[:2] == (400, "InvalidDigest")
    assert (await append(server, 3, b"tow", right[1])).refusal[:2] == (400, "InvalidCRC64")
    assert (await append(server, 3, b"two", ("Content-MD5", "x"))).refusal[:2] == (400, "InvalidDigest")
    assert await content(server) == b"one"
    assert len(await server.stored_blobs()) == 1
    assert (await append(server, 3, b"two", *right)).status == 200


@pytest.mark.parametrize("is_chunked", [False, True])
async def test_the_limit_is_of_the_whole(server: InProcessServer, is_chunked: bool) -> None:
    half = bytes(OBJECT_BYTES_MAX // 2)
    await append(server, 0, half)
    path = f"/bucket/log?append&position={len(half)}"
    answer = await server.call("POST", path, body=half + b"x", is_chunked=is_chunked)
    assert answer.refusal[:2] == (400, "EntityTooLarge")
    assert answer.xml.find("MaxSizeAllowed").text == str(OBJECT_BYTES_MAX)  # type: ignore[union-attr]
    assert (await append(server, len(half), half)).status == 200


async def test_forbidding_to_overwrite_counts_for_the_first(server: InProcessServer) -> None:
    forbidden = ("x-oss-forbid-overwrite", "true")
    assert (await append(server, 0, b"one", forbidden)).status == 200
    assert (await append(server, 0, b"two", forbidden)).refusal[:2] == (409, "FileAlreadyExists")
    assert (await append(server, 3, b"two", forbidden)).status == 200
    await server.put_object("/bucket/normal", b"")
    answer = await server.call("POST", "/bucket/normal?append&position=0", headers=[forbidden])
    assert answer.refusal[:2] == (409, "FileAlreadyExists")


async def test_who_may_not_write_may_not_append(server: InProcessServer) -> None:
    await append(server, 0, b"one", ("x-oss-object-acl", "public-read"))
    for query in ("append&position=3", "append&position=0", "seal&position=3"):
        for by in (OTHER, None):
            answer = await server.call("POST", f"/bucket/log?{query}", by=by, body=b"two")
            assert answer.refusal[:2] == (403, "AccessDenied")
    assert await content(server) == b"one"


async def test_a_missing_bucket(server: InProcessServer) -> None:
    answer = await server.call("POST", "/nowhere/log?append&position=0")
    assert answer.refusal[:2] == (404, "NoSuchBucket")


async def test_of_two_at_one_position_one_wins(server: InProcessServer) -> None:
    await append(server, 0, b"start ")
    answers = await asyncio.gather(*(append(server, 6, b"%d" % number * 500) for number in range(8)))
    assert sorted(answer.status for answer in answers) == [200] + [409] * 7
    winner = next(number for number, answer in enumerate(answers) if answer.status == 200)
    assert {answer.header(NEXT) for answer in answers} == {"506"}
    assert await content(server) == b"start " + b"%d" % winner * 500
    await server.collection.delete_condemned()
    assert len(await server.stored_blobs()) == 2, "what was refused left its bytes behind"


async def test_short_ends_are_joined(server: InProcessServer) -> None:
    whole = b""
    for number in range(50):
        assert (await append(server, len(whole), b"%09d\n" % number)).status == 200
        whole += b"%09d\n" % number
    await server.collection.delete_condemned()
    assert await content(server) == whole
    assert len(await server.stored_blobs()) == -(-50 // (SMALL_BODY_BYTES // 10))


async def test_a_reader_sees_the_old_whole(server: InProcessServer) -> None:
    whole = b"".join(b"%d" % number * 3000 for number in range(5)) + b"end"
    for number in range(5):
        await append(server, 3000 * number, b"%d" % number * 3000)
    await append(server, 15_000, b"end")
    bucket = await server.services.buckets.find(BucketName("bucket"))
    assert bucket is not None
    opened = await server.services.objects.open(
        Principal(account=OWNER.id),
        bucket,
        ObjectKey("log"),
        lambda version: resolve_range(None, version.size, is_standard=False),
    )
    await append(server, 15_003, b" and more")
    await server.collection.delete_condemned()
    body = opened.content
    assert not isinstance(body, bytes)
    assert await body.whole() == whole
    assert await content(server) == whole + b" and more"


async def test_a_put_makes_it_normal_and_a_delete_makes_room(server: InProcessServer) -> None:
    await append(server, 0, LARGE)
    await server.put_object("/bucket/log", b"put")
    got = await server.call("HEAD", "/bucket/log")
    assert (got.header("x-oss-object-type"), got.header(NEXT)) == ("Normal", None)
    await server.call("DELETE", "/bucket/log")
    assert (await append(server, 0, b"anew")).header(NEXT) == "4"
    assert await content(server) == b"anew"


async def test_a_copy_is_a_normal_object_that_keeps_its_bytes(server: InProcessServer) -> None:
    await append(server, 0, LARGE)
    await append(server, len(LARGE), b"end")
    await server.call("POST", f"/bucket/log?seal&position={len(LARGE) + 3}")
    copied = await server.call("PUT", "/bucket/copy", headers=[("x-oss-copy-source", "/bucket/log")])
    assert copied.status == 200
    got = await server.call("HEAD", "/bucket/copy")
    assert (got.header("x-oss-object-type"), got.header(NEXT)) == ("Normal", None)
    assert got.header("x-oss-sealed-time") is None
    assert (await server.call("DELETE", "/bucket/log")).status == 204
    await server.collection.delete_condemned()
    assert await content(server, "/bucket/copy") == LARGE + b"end"


async def test_the_end_that_a_copy_has_is_not_lost_by_an_append(server: InProcessServer) -> None:
    await append(server, 0, b"short")
    await server.call("PUT", "/bucket/copy", headers=[("x-oss-copy-source", "/bucket/log")])
    await append(server, 5, b" and longer")
    await server.collection.delete_condemned()
    assert await content(server, "/bucket/copy") == b"short"
    assert await content(server) == b"short and longer"


async def test_no_part_is_copied_from_it(server: InProcessServer) -> None:
    await append(server, 0, LARGE)
    upload = await initiate(server, "/bucket/parts")
    path = f"/bucket/parts?partNumber=1&uploadId={upload}"
    answer = await server.call("PUT", path, headers=[("x-oss-copy-source", "/bucket/log")])
    assert answer.refusal[:2] == (400, "OperationNotSupported")


async def test_a_sealed_object_takes_no_more(server: InProcessServer) -> None:
    await append(server, 0, b"one")
    wrong = await server.call("POST", "/bucket/log?seal&position=2")
    assert (wrong.refusal[1], wrong.header(NEXT)) == ("PositionNotEqualToLength", "3")
    sealed = await server.call("POST", "/bucket/log?seal&position=3")
    assert (sealed.status, sealed.header("x-oss-sealed-time")) == (200, "Sat, 14 Mar 2026 12:00:00 GMT")
    server.clock.advance(hours=1)
    for position in (3, 0, 7):
        answer = await append(server, position, b"two")
        assert answer.refusal[:2] == (400, "AppendSealedObjectNotAllowed")
    again = await server.call("POST", "/bucket/log?seal&position=3")
    assert again.header("x-oss-sealed-time") == "Sat, 14 Mar 2026 12:00:00 GMT"
    got = await server.call("GET", "/bucket/log")
    assert (got.body, got.header("x-oss-sealed-time")) == (b"one", "Sat, 14 Mar 2026 12:00:00 GMT")
    assert got.header("last-modified") == "Sat, 14 Mar 2026 12:00:00 GMT"


async def test_nothing_is_not_sealed(server: InProcessServer) -> None:
    assert (await server.call("POST", "/bucket/log?seal&position=0")).refusal[:2] == (404, "NoSuchKey")


@pytest.mark.parametrize("status", ["Enabled", "Suspended"])
async def test_appends_make_no_versions(server: InProcessServer, status: str) -> None:
    await set_versioning(server, status)
    first = await append(server, 0, b"one", ("x-oss-forbid-overwrite", "true"))
    assert (first.status, first.header("x-oss-version-id")) == (200, "null")
    second = await append(server, 3, b"two")
    assert (second.status, second.header("x-oss-version-id")) == (200, "null")
    assert await content(server) == b"onetwo"
    await server.put_object("/bucket/log", b"put")
    assert (await append(server, 3, b"two")).refusal[:2] == (409, "ObjectNotAppendable")
    assert await content(server) == b"put"


async def test_what_came_before_versions_goes_on_growing(server: InProcessServer) -> None:
    await append(server, 0, b"one")
    await set_versioning(server, "Enabled")
    assert (await append(server, 3, b"two")).header("x-oss-version-id") == "null"
    assert await content(server) == b"onetwo"


async def test_a_version_on_top_keeps_it_from_growing_until_that_is_gone(server: InProcessServer) -> None:
    await set_versioning(server, "Enabled")
    await append(server, 0, LARGE)
    for make in ("PUT", "DELETE"):
        on_top = (await server.call(make, "/bucket/log")).header("x-oss-version-id")
        for position in (0, len(LARGE)):
            assert (await append(server, position, b"x")).refusal[:2] == (409, "ObjectNotAppendable")
        old = await server.call("GET", "/bucket/log?versionId=null")
        assert (old.body, old.header(NEXT)) == (LARGE, str(len(LARGE)))
        assert (await server.call("DELETE", f"/bucket/log?versionId={on_top}")).status == 204
    assert (await append(server, len(LARGE), b"x")).header("x-oss-version-id") == "null"
    assert await content(server) == LARGE + b"x"


async def test_without_small_bodies_nothing_is_joined() -> None:
    limits = IntakeLimits(small_body_bytes=0, object_bytes_max=OBJECT_BYTES_MAX)
    server = build_server(limits=limits)
    await server.put_bucket("bucket")
    await append(server, 0, b"one")
    await append(server, 3, b"two")
    assert await content(server) == b"onetwo"
    assert len(await server.stored_blobs()) == 2
