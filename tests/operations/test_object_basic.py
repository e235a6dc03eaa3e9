"""PutObject, GetObject, HeadObject and DeleteObject."""

import asyncio
import base64
import hashlib
from collections.abc import Sequence
from typing import Any

import pytest

from ossicle.services.intake import IntakeLimits
from ossicle.services.streams import READ_BYTES
from ossicle.wire.digest import Digest, crc64
from ossicle.wire.names import BlobId, BucketName, ObjectKey
from ossicle.wire.text import percent_encode_path
from tests.support.failing import Failing
from tests.support.inprocess import (
    NOON,
    OBJECT_BYTES_MAX,
    OWNER,
    SMALL_BODY_BYTES,
    Answer,
    Header,
    InProcessServer,
    build_server,
)

MIB = 1024 * 1024
STORED_HEADERS = (
    "Content-Type",
    "Cache-Control",
    "Content-Disposition",
    "Content-Encoding",
    "Content-Language",
    "Expires",
)


def md5_of(body: bytes) -> str:
    return base64.b64encode(hashlib.md5(body).digest()).decode()


def etag_of(body: bytes) -> str:
    return f'"{hashlib.md5(body).hexdigest().upper()}"'


def metadata_of(answer: Answer) -> dict[str, str]:
    return {
        name.removeprefix(b"x-oss-meta-").decode(): answer.headers.text(name) or ""
        for name, _ in answer.raw_headers
        if name.startswith(b"x-oss-meta-")
    }


async def is_there(server: InProcessServer, target: str = "/bucket/key") -> bool:
    return (await server.call("HEAD", target)).status == 200


# ---------------------------------------------------------------------------------------------------- PutObject


@pytest.mark.parametrize(
    "size", [0, 1, SMALL_BODY_BYTES - 1, SMALL_BODY_BYTES, SMALL_BODY_BYTES + 1, MIB - 1, MIB, MIB + 1, 3 * MIB + 7]
)
@pytest.mark.parametrize("is_chunked", [False, True])
async def test_put_object_keeps_every_byte(server: InProcessServer, size: int, *, is_chunked: bool) -> None:
    body = bytes(range(251)) * (size // 251 + 1)
    body = body[:size]
    chunks = [body[start : start + 60_000] for start in range(0, size, 60_000)]

    put = await server.call("PUT", "/bucket/key", body=chunks, is_chunked=is_chunked)

    assert (put.status, put.body) == (200, b"")
    assert put.header("etag") == etag_of(body)
    assert put.header("content-md5") == md5_of(body)
    assert put.header("x-oss-hash-crc64ecma") == str(crc64(body))
    assert put.header("x-oss-version-id") is None
    get = await server.call("GET", "/bucket/key")
    assert (get.status, get.body == body) == (200, True)
    assert len(await server.stored_blobs()) == int(size > SMALL_BODY_BYTES)


async def test_an_object_has_all_its_headers(server: InProcessServer) -> None:
    body = b"x" * 100
    await server.put_object("/bucket/key", body)
    expected = {
        "content-length": "100",
        "content-type": "application/octet-stream",
        "etag": etag_of(body),
        "last-modified": "Sat, 14 Mar 2026 12:00:00 GMT",
        "content-md5": md5_of(body),
        "x-oss-hash-crc64ecma": str(crc64(body)),
        "x-oss-storage-class": "Standard",
        "x-oss-object-type": "Normal",
        "accept-ranges": "bytes",
    }
    server.clock.advance(hours=1)
    get, head = await server.call("GET", "/bucket/key"), await server.call("HEAD", "/bucket/key")
    for answer in (get, head):
        assert {name: answer.header(name) for name in expected} == expected
        assert answer.header("x-oss-version-id") is None
        assert answer.header("content-range") is None
    own = {b"date", b"x-oss-request-id", b"x-oss-server-time"}
    assert {pair for pair in get.raw_headers if pair[0] not in own} == {
        pair for pair in head.raw_headers if pair[0] not in own
    }
    assert (get.body, head.body) == (body, b"")


@pytest.mark.parametrize("name", STORED_HEADERS)
@pytest.mark.parametrize(
    "value",
    [
        b"plain",
        b"text/plain;charset=utf8",
        b"text/plain; charset=utf8",
        b'attachment; filename="a b.txt"; x=1,2',
        "中文 é".encode(),
        "Größe".encode("latin-1"),
        bytes(range(0x80, 0x100)),
        b"a\tb  c",
    ],
)
async def test_stored_headers_come_back_byte_for_byte(server: InProcessServer, name: str, value: bytes) -> None:
    put = await server.call("PUT", "/bucket/key", headers=[(name, value)], body=b"x")
    assert put.status == 200
    for method in ("GET", "HEAD"):
        answer = await server.call(method, "/bucket/key")
        assert answer.headers.get(name.lower().encode()) == value


async def test_metadata_comes_back_in_lower_case_and_byte_for_byte(server: InProcessServer) -> None:
    latin = "Größe".encode("latin-1")
    headers: list[tuple[str | bytes, str | bytes]] = [
        ("X-Oss-Meta-Colour", "Red, or blue"),
        ("x-oss-meta-empty", ""),
        ("x-oss-meta-latin", latin),
        ("x-oss-meta-utf-8", "大小"),
        ("x-oss-meta-1", " in the middle "),
    ]
    assert (await server.call("PUT", "/bucket/key", headers=headers, body=b"x")).status == 200
    answer = await server.call("HEAD", "/bucket/key")
    assert answer.headers.get(b"x-oss-meta-latin") == latin
    assert metadata_of(answer) == {
        "colour": "Red, or blue",
        "empty": "",
        "latin": latin.decode("utf-8", "surrogateescape"),
        "utf-8": "大小",
        "1": "in the middle",
    }


async def test_a_put_replaces_everything(server: InProcessServer) -> None:
    await server.put_object(
        "/bucket/key",
        b"old" * 100,
        ("Content-Type", "text/old"),
        ("x-oss-meta-a", "1"),
        ("x-oss-storage-class", "IA"),
        ("x-oss-object-acl", "public-read"),
        ("Cache-Control", "no-cache"),
    )
    server.clock.advance(seconds=5)
    await server.put_object("/bucket/key", b"new")

    answer = await server.call("GET", "/bucket/key")
    assert answer.body == b"new"
    assert answer.header("content-type") == "application/octet-stream"
    assert answer.header("cache-control") is None
    assert metadata_of(answer) == {}
    assert answer.header("x-oss-storage-class") == "Standard"
    assert answer.header("last-modified") == "Sat, 14 Mar 2026 12:00:05 GMT"
    assert (await server.call("GET", "/bucket/key", by=None)).refusal[1] == "AccessDenied", "the ACL is default again"


@pytest.mark.parametrize("storage_class", ["Standard", "IA", "Archive", "ColdArchive", "DeepColdArchive"])
async def test_a_storage_class_is_kept(server: InProcessServer, storage_class: str) -> None:
    await server.put_object("/bucket/key", b"x", ("x-oss-storage-class", storage_class))
    assert (await server.call("HEAD", "/bucket/key")).header("x-oss-storage-class") == storage_class


@pytest.mark.parametrize(
    "key",
    [
        b"a",
        b"a/b/c",
        b"folder/",
        b"/leading",
        b"//",
        b"a//b/./c/../d",
        b"..",
        b".",
        b"a+b c%d?e&f#g=h",
        b"a%2Fb",
        "目录/文件 é€😀.txt".encode(),
        b"control-\x01\x7f\t\n",
        b"\\back",
        "\U0010ffff\uffff".encode(),
        b"k" * 1023,
        "é".encode() * 511 + b"k",
    ],
)
async def test_keys_that_people_use(server: InProcessServer, key: bytes) -> None:
    target = percent_encode_path(key)
    await server.put_object(f"/bucket/{target}", key)
    answer = await server.call("GET", f"/{target}", host="bucket.localhost")
    assert (answer.status, answer.body) == (200, key)
    listed = await server.call("GET", "/bucket/?list-type=2&encoding-type=url")
    assert listed.body.count(b"<Key>") == 1


async def test_an_escape_means_the_byte_and_a_plus_means_a_plus(server: InProcessServer) -> None:
    await server.put_object("/bucket/a+b", b"plus")
    await server.put_object("/bucket/a%20b", b"space")
    assert (await server.call("GET", "/bucket/a%2Bb")).body == b"plus"
    assert (await server.call("GET", "/bucket/%61%20%62")).body == b"space"
    assert (await server.call("GET", "/bucket/a%2520b")).refusal[1] == "NoSuchKey"


@pytest.mark.parametrize("key", [b"k" * 1024, "é".encode() * 512, b"\xff", b"a\xc3", b"\xed\xa0\x80"])
@pytest.mark.parametrize("method", ["PUT", "GET", "HEAD", "DELETE"])
async def test_keys_that_cannot_be(server: InProcessServer, method: str, key: bytes) -> None:
    exchange = server.exchange(
        method,
        f"/bucket/{percent_encode_path(key)}",
        headers=list(server.signed(method, f"/bucket/{percent_encode_path(key)}").items()),
    )
    answer = await server.carry_out(exchange)
    assert answer.refusal == (400, "InvalidObjectName", None)
    too_long = "The Length of Object name must be less than 1024."
    assert answer.error.message == (too_long if len(key) > 1023 else "The specified object is not valid.")
    assert exchange.received == 0


async def test_an_upload_may_be_repeated_until_its_url_ends(server: InProcessServer) -> None:
    url = server.presigned("PUT", "/bucket/key")
    for body in (b"one", b"two"):
        assert (await server.send("PUT", url, body=body)).status == 200
        assert (await server.call("GET", "/bucket/key")).body == body
    server.clock.now = NOON.replace(minute=15, microsecond=0)
    assert (await server.send("PUT", url, body=b"three")).status == 200, "the last moment counts"

    server.clock.advance(milliseconds=1)
    answer = await server.send("PUT", url, body=b"four")
    assert answer.refusal == (403, "AccessDenied", "0002-00000236")
    assert answer.error.message == "Request has expired."
    assert answer.details == {"Expires": "2026-03-14T12:15:00.000Z", "ServerTime": "2026-03-14T12:15:00.001Z"}
    assert (await server.call("GET", "/bucket/key")).body == b"three"


async def test_an_upload_that_began_in_time_finishes(server: InProcessServer) -> None:
    url = server.presigned("PUT", "/bucket/key")

    def slowly() -> Sequence[bytes]:
        server.clock.advance(hours=1)
        return (b"late",)

    exchange = server.exchange("PUT", url, body=b"late")
    receive = exchange.receive

    async def late_receive() -> dict[str, object]:
        slowly()
        return await receive()

    await server.edge(exchange.scope, late_receive, exchange.send)
    assert exchange.answer().status == 200
    assert (await server.call("GET", "/bucket/key")).body == b"late"


# ---------------------------------------------------------------------------------- PutObject, checksums and limits


@pytest.mark.parametrize("body", [b"", b"small", b"large" * 1000])
@pytest.mark.parametrize("is_chunked", [False, True])
async def test_right_checksums_are_accepted(server: InProcessServer, body: bytes, *, is_chunked: bool) -> None:
    headers = [("Content-MD5", md5_of(body)), ("x-oss-hash-crc64ecma", str(crc64(body)))]
    answer = await server.call("PUT", "/bucket/key", headers=headers, body=body, is_chunked=is_chunked)
    assert answer.status == 200


@pytest.mark.parametrize("body", [b"small", b"large" * 1000])
@pytest.mark.parametrize(
    ("header", "code", "details"),
    [
        (("Content-MD5", md5_of(b"other")), "InvalidDigest", {"Content-MD5": md5_of(b"other")}),
        (("x-oss-hash-crc64ecma", str(crc64(b"other"))), "InvalidCRC64", {}),
    ],
)
async def test_a_body_that_differs_leaves_what_was_there(
    server: InProcessServer, body: bytes, header: Header, code: str, details: dict[str, str]
) -> None:
    await server.put_object("/bucket/key", b"before")
    answer = await server.call("PUT", "/bucket/key", headers=[header], body=body)
    assert answer.refusal == (400, code, None)
    assert answer.details == details
    assert (await server.call("GET", "/bucket/key")).body == b"before"
    assert await server.stored_blobs() == []


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (("Content-MD5", "no base64"), "InvalidDigest"),
        (("Content-MD5", "äöü"), "InvalidDigest"),
        (("Content-MD5", base64.b64encode(b"fifteen bytes.!").decode()), "InvalidDigest"),
        (("x-oss-hash-crc64ecma", "abc"), "InvalidArgument"),
        (("x-oss-hash-crc64ecma", "-1"), "InvalidArgument"),
        (("x-oss-hash-crc64ecma", ""), "InvalidArgument"),
        (("x-oss-hash-crc64ecma", "１"), "InvalidArgument"),
        (("x-oss-hash-crc64ecma", str(2**64)), "InvalidArgument"),
        (("x-oss-hash-crc64ecma", "9" * 5000), "InvalidArgument"),
    ],
)
async def test_a_checksum_that_is_none_is_refused_before_the_body(
    server: InProcessServer, header: Header, code: str
) -> None:
    headers = [header, *server.signed("PUT", "/bucket/key", headers=[header]).items()]
    exchange = server.exchange("PUT", "/bucket/key", headers=headers, body=b"x" * 1000)
    answer = await server.carry_out(exchange)
    assert answer.refusal == (400, code, None)
    assert exchange.received == 0


async def test_an_announced_length_beyond_the_limit_is_refused_before_the_body(server: InProcessServer) -> None:
    for length, status in ((OBJECT_BYTES_MAX, 400), (OBJECT_BYTES_MAX + 1, 400), (2**62, 400)):
        headers = list(server.signed("PUT", "/bucket/key").items())
        exchange = server.exchange("PUT", "/bucket/key", headers=headers, body=b"x", length=length)
        answer = await server.carry_out(exchange)
        assert answer.status == status
        if length == OBJECT_BYTES_MAX:
            assert answer.error.code == "IncompleteBody", "this much may come; only it did not"
            continue
        assert answer.refusal == (400, "EntityTooLarge", None)
        assert answer.details == {"ProposedSize": str(length), "MaxSizeAllowed": str(OBJECT_BYTES_MAX)}
        assert exchange.received == 0
    assert not await is_there(server)


async def test_chunks_beyond_the_limit_leave_nothing(server: InProcessServer) -> None:
    exactly = [bytes(MIB)] * (OBJECT_BYTES_MAX // MIB)
    assert (await server.call("PUT", "/bucket/most", body=exactly, is_chunked=True)).status == 200
    [blob] = await server.stored_blobs()
    answer = await server.call("PUT", "/bucket/key", body=[*exactly, b"x"], is_chunked=True)
    assert answer.refusal == (400, "EntityTooLarge", None)
    assert answer.details["MaxSizeAllowed"] == str(OBJECT_BYTES_MAX)
    assert not await is_there(server)
    assert await server.stored_blobs() == [blob]


@pytest.mark.parametrize("size", [10, SMALL_BODY_BYTES + 1, 2 * MIB])
@pytest.mark.parametrize("is_chunked", [False, True])
async def test_a_body_that_is_cut_off_leaves_what_was_there(
    server: InProcessServer, size: int, *, is_chunked: bool
) -> None:
    await server.put_object("/bucket/key", b"before")
    answer = await server.call(
        "PUT", "/bucket/key", body=[bytes(size)], length=size + 1, is_chunked=is_chunked, is_cut_off=True
    )
    assert answer.refusal == (400, "IncompleteBody", None)
    assert (await server.call("GET", "/bucket/key")).body == b"before"
    assert await server.stored_blobs() == []


async def test_a_body_shorter_or_longer_than_announced_is_never_stored(server: InProcessServer) -> None:
    for length in (9, 11):
        answer = await server.call("PUT", "/bucket/key", body=b"ten bytes.", length=length)
        assert answer.refusal == (400, "IncompleteBody", None)
    assert not await is_there(server)


async def test_rows_may_be_larger_than_a_batch() -> None:
    server = build_server(limits=IntakeLimits(small_body_bytes=2 * MIB, object_bytes_max=8 * MIB))
    await server.put_bucket("bucket")
    for size in (MIB, 2 * MIB, 2 * MIB + 1, 5 * MIB):
        body = hashlib.sha256(b"seed").digest() * (size // 32 + 1)
        body = body[:size]
        await server.call("PUT", "/bucket/key", body=[body[start : start + MIB] for start in range(0, size, MIB)])
        assert (await server.call("GET", "/bucket/key")).body == body


@pytest.mark.parametrize("value", ["true", "TRUE"])
@pytest.mark.parametrize("is_there_already", [True, False])
async def test_forbid_overwrite(server: InProcessServer, value: str, *, is_there_already: bool) -> None:
    if is_there_already:
        await server.put_object("/bucket/key", b"before")
    header = ("x-oss-forbid-overwrite", value)
    headers = [header, *server.signed("PUT", "/bucket/key", headers=[header]).items()]
    exchange = server.exchange("PUT", "/bucket/key", headers=headers, body=b"after")
    answer = await server.carry_out(exchange)
    if is_there_already:
        assert answer.refusal == (409, "FileAlreadyExists", None)
        assert answer.error.message == "The object you specified already exists and can not be overwritten."
        assert exchange.received == 0
    else:
        assert answer.status == 200
    expected = b"before" if is_there_already else b"after"
    assert (await server.call("GET", "/bucket/key")).body == expected


@pytest.mark.parametrize("value", ["false", "yes", "1", ""])
async def test_forbid_overwrite_is_true_or_nothing(server: InProcessServer, value: str) -> None:
    await server.put_object("/bucket/key", b"before")
    await server.put_object("/bucket/key", b"after", ("x-oss-forbid-overwrite", value))
    assert (await server.call("GET", "/bucket/key")).body == b"after"


@pytest.mark.parametrize("size", [3, 1000])
async def test_forbid_overwrite_is_judged_again_when_the_body_is_there(server: InProcessServer, size: int) -> None:
    header = ("x-oss-forbid-overwrite", "true")
    headers = [header, *server.signed("PUT", "/bucket/key", headers=[header]).items()]
    exchange = server.exchange("PUT", "/bucket/key", headers=headers, body=b"l" * size)
    receive = exchange.receive

    async def overtaken() -> dict[str, object]:
        await server.put_object("/bucket/key", b"first")
        return await receive()

    await server.edge(exchange.scope, overtaken, exchange.send)
    assert exchange.answer().refusal == (409, "FileAlreadyExists", None)
    assert (await server.call("GET", "/bucket/key")).body == b"first"
    assert await server.stored_blobs() == []


@pytest.mark.parametrize("size", [3, 1000])
async def test_a_bucket_that_goes_while_a_body_comes(server: InProcessServer, size: int) -> None:
    headers = list(server.signed("PUT", "/bucket/key").items())
    exchange = server.exchange("PUT", "/bucket/key", headers=headers, body=b"l" * size)
    receive = exchange.receive

    async def deserted() -> dict[str, object]:
        await server.call("DELETE", "/bucket/")
        await server.put_bucket("bucket")
        return await receive()

    await server.edge(exchange.scope, deserted, exchange.send)
    assert exchange.answer().refusal == (404, "NoSuchBucket", "0015-00000101")
    assert not await is_there(server)
    assert await server.stored_blobs() == []


@pytest.mark.parametrize(
    "name",
    [
        "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since",
        "x-oss-persistent-headers",
    ],
)  # fmt: skip
async def test_a_header_that_is_not_served_is_refused_by_name(server: InProcessServer, name: str) -> None:
    header = (name, "value")
    headers = [header, *server.signed("PUT", "/bucket/key", headers=[header]).items()]
    exchange = server.exchange("PUT", "/bucket/key", headers=headers, body=b"x")
    answer = await server.carry_out(exchange)
    assert answer.refusal == (400, "NotImplemented", None)
    assert answer.error.message == "A header you provided implies functionality that is not implemented."
    assert answer.details == {"Header": name.lower()}
    assert exchange.received == 0
    assert not await is_there(server)


@pytest.mark.parametrize("method", ["PUT", "GET"])
@pytest.mark.parametrize("value", ["245760", "838860800"])
async def test_a_traffic_limit_in_its_range(server: InProcessServer, method: str, value: str) -> None:
    await server.put_object("/bucket/key")
    assert (await server.call(method, "/bucket/key", headers=[("x-oss-traffic-limit", value)])).status == 200
    assert (await server.call(method, f"/bucket/key?x-oss-traffic-limit={value}")).status == 200


@pytest.mark.parametrize("method", ["PUT", "GET"])
@pytest.mark.parametrize("value", ["245759", "838860801", "0", "-1", "fast"])
async def test_a_traffic_limit_out_of_its_range(server: InProcessServer, method: str, value: str) -> None:
    await server.put_object("/bucket/key", b"before")
    for answer in (
        await server.call(method, "/bucket/key", headers=[("x-oss-traffic-limit", value)]),
        await server.call(method, f"/bucket/key?x-oss-traffic-limit={value}"),
    ):
        assert answer.refusal == (400, "InvalidArgument", None)
        assert answer.details == {"ArgumentName": "x-oss-traffic-limit", "ArgumentValue": value}
    assert (await server.call("GET", "/bucket/key")).body == b"before"


async def test_a_traffic_limit_twice(server: InProcessServer) -> None:
    headers = [("x-oss-traffic-limit", "245760")]
    answer = await server.call("PUT", "/bucket/key?x-oss-traffic-limit=245760", headers=headers)
    assert answer.refusal == (400, "InvalidArgument", None)
    assert "not both" in answer.error.message


@pytest.mark.parametrize(
    ("header", "message", "details"),
    [
        (
            ("x-oss-object-acl", "publicread"),
            "no such object access control exists",
            {"ArgumentName": "x-oss-object-acl", "ArgumentValue": "publicread"},
        ),
        (
            ("x-oss-storage-class", "standard"),
            "No such bucket storage class exists.",
            {"ArgumentName": "x-oss-storage-class", "ArgumentValue": "standard"},
        ),
        (("x-oss-meta-a_b", "1"), "Invalid Argument.", {"ArgumentName": "x-oss-meta-a_b"}),
        (("x-oss-meta-", "1"), "Invalid Argument.", {"ArgumentName": "x-oss-meta-"}),
        (("x-oss-meta-a", "1" * 8192), "User metadata is larger than 8 KB.", {"ArgumentName": "x-oss-meta-"}),
    ],
)
async def test_a_header_with_a_value_that_is_not_taken(
    server: InProcessServer, header: Header, message: str, details: dict[str, str]
) -> None:
    answer = await server.call("PUT", "/bucket/key", headers=[header], body=b"x")
    assert answer.refusal == (400, "InvalidArgument", "0017-00000104" if header[0] == "x-oss-object-acl" else None)
    assert (answer.error.message, answer.details) == (message, details)
    assert not await is_there(server)


async def test_metadata_of_exactly_8_kib(server: InProcessServer) -> None:
    await server.put_object("/bucket/key", b"x", ("x-oss-meta-ab", "1" * 4094), ("x-oss-meta-cd", "2" * 4094))
    answer = await server.call(
        "PUT", "/bucket/key", headers=[("x-oss-meta-ab", "1" * 4094), ("x-oss-meta-cd", "2" * 4095)]
    )
    assert answer.refusal == (400, "InvalidArgument", None)


# --------------------------------------------------------------------------------------------- GetObject, ranges

THOUSAND = bytes(range(250)) * 4


@pytest.mark.parametrize("body", [THOUSAND, THOUSAND[:SMALL_BODY_BYTES]], ids=["blob", "row"])
@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=0-0", 0, 1),
        ("bytes=5-", 5, None),
        ("bytes=0-", 0, None),
        ("bytes=-5", -5, None),
        ("bytes=-2000", 0, None),
        ("bytes=10-63", 10, 64),
    ],
)
async def test_a_range_within_the_object(
    server: InProcessServer, body: bytes, header: str, start: int, end: int | None
) -> None:
    await server.put_object("/bucket/key", body)
    expected = body[start:end]
    first = start % len(body)
    for behaviour in ([], [("x-oss-range-behavior", "standard")]):
        answer = await server.call("GET", "/bucket/key", headers=[("Range", header), *behaviour])
        assert (answer.status, answer.body) == (206, expected)
        assert answer.header("content-length") == str(len(expected))
        assert answer.header("content-range") == f"bytes {first}-{first + len(expected) - 1}/{len(body)}"
        assert answer.header("x-oss-hash-crc64ecma") == str(crc64(body)), "of the whole, whatever the range"
        assert answer.header("etag") == etag_of(body)


@pytest.mark.parametrize(
    ("header", "standard"),
    [
        ("bytes=500-2000", (206, "bytes 500-999/1000")),
        ("bytes=999-1000", (206, "bytes 999-999/1000")),
        ("bytes=1000-2000", (416, "InvalidRange")),
        ("bytes=1000-", (416, "InvalidRange")),
        ("bytes=5-2", (200, None)),
        ("bytes=abc", (200, None)),
        ("bytes=0-1,5-6", (200, None)),
        ("bytes=-", (200, None)),
        ("lines=0-9", (200, None)),
        ("", (200, None)),
        ("bytes=0-" + "9" * 30, (200, None)),
    ],
)
async def test_a_range_beyond_the_object_or_none_at_all(
    server: InProcessServer, header: str, standard: tuple[int, str | None]
) -> None:
    await server.put_object("/bucket/key", THOUSAND)
    answer = await server.call("GET", "/bucket/key", headers=[("Range", header)])
    assert (answer.status, answer.body, answer.header("content-range")) == (200, THOUSAND, None)

    answer = await server.call("GET", "/bucket/key", headers=[("Range", header), ("x-oss-range-behavior", "standard")])
    status, text = standard
    if status == 416:
        assert answer.refusal == (416, "InvalidRange", None)
        assert answer.error.message == "The requested range cannot be satisfied."
        assert answer.details == {"RangeRequested": header, "ActualObjectSize": "1000"}
    else:
        assert (answer.status, answer.header("content-range")) == (status, text)
        assert answer.body == (
            THOUSAND if status == 200 else THOUSAND[int(header.split("=")[1].split("-", maxsplit=1)[0]) :]
        )


@pytest.mark.parametrize("behaviour", [[], [("x-oss-range-behavior", "standard")]])
async def test_the_last_no_bytes(server: InProcessServer, behaviour: list[Header]) -> None:
    await server.put_object("/bucket/key", THOUSAND)
    answer = await server.call("GET", "/bucket/key", headers=[("Range", "bytes=-0"), *behaviour])
    assert answer.refusal == (416, "InvalidRange", None)


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=0-0", "bytes=-1"])
async def test_a_range_of_an_empty_object(server: InProcessServer, header: str) -> None:
    await server.put_object("/bucket/key", b"")
    assert (await server.call("GET", "/bucket/key", headers=[("Range", header)])).status == 200
    standard = [("Range", header), ("x-oss-range-behavior", "standard")]
    answer = await server.call("GET", "/bucket/key", headers=standard)
    assert answer.refusal == (416, "InvalidRange", None)


async def test_a_range_on_head_means_nothing(server: InProcessServer) -> None:
    await server.put_object("/bucket/key", THOUSAND)
    answer = await server.call("HEAD", "/bucket/key", headers=[("Range", "bytes=0-9")])
    assert (answer.status, answer.header("content-length")) == (200, "1000")


@pytest.mark.parametrize(
    ("if_range", "status"),
    [
        (etag_of(THOUSAND), 206),
        (etag_of(THOUSAND).lower(), 206),
        (etag_of(b"else"), 200),
        ("W/" + etag_of(THOUSAND), 200),
        ("*", 200),
        ("", 200),
        ("Sat, 14 Mar 2026 12:00:00 GMT", 206),
        ("Sat, 14 Mar 2026 11:59:59 GMT", 200),
        ("Sat, 14 Mar 2026 12:00:01 GMT", 200),
    ],
)
async def test_a_part_of_another_object_is_not_sent(server: InProcessServer, if_range: str, status: int) -> None:
    await server.put_object("/bucket/key", THOUSAND)
    answer = await server.call("GET", "/bucket/key", headers=[("Range", "bytes=0-9"), ("If-Range", if_range)])
    assert (answer.status, answer.body) == (status, THOUSAND if status == 200 else THOUSAND[:10])


# ----------------------------------------------------------------------------------------- GetObject, conditions

BODY = b"conditional"
SAME, DIFFERENT = etag_of(BODY), etag_of(b"else")
AT, BEFORE, AFTER = (f"Sat, 14 Mar 2026 {time} GMT" for time in ("12:00:00", "11:59:59", "12:00:01"))
CONDITIONS = [
    ({"If-Match": SAME}, 200),
    ({"If-Match": SAME.strip('"')}, 200),
    ({"If-Match": SAME.lower()}, 200),
    ({"If-Match": "*"}, 200),
    ({"If-Match": DIFFERENT}, 412),
    ({"If-Match": ""}, 412),
    ({"If-None-Match": SAME}, 304),
    ({"If-None-Match": SAME.strip('"')}, 304),
    ({"If-None-Match": "*"}, 304),
    ({"If-None-Match": DIFFERENT}, 200),
    ({"If-Unmodified-Since": AT}, 200),
    ({"If-Unmodified-Since": AFTER}, 200),
    ({"If-Unmodified-Since": BEFORE}, 412),
    ({"If-Unmodified-Since": "yesterday"}, 200),
    ({"If-Modified-Since": AT}, 304),
    ({"If-Modified-Since": AFTER}, 304),
    ({"If-Modified-Since": BEFORE}, 200),
    ({"If-Modified-Since": "yesterday"}, 200),
    ({"If-Modified-Since": "2026-03-14T12:00:00.000Z"}, 200),
    ({"If-Match": SAME, "If-None-Match": SAME}, 304),
    ({"If-Match": DIFFERENT, "If-None-Match": SAME}, 412),
    ({"If-Unmodified-Since": BEFORE, "If-None-Match": SAME}, 412),
    ({"If-Unmodified-Since": AT, "If-Modified-Since": AT}, 304),
    ({"If-None-Match": SAME, "If-Modified-Since": BEFORE}, 304),
    ({"If-Match": SAME, "If-Modified-Since": BEFORE}, 200),
]


@pytest.mark.parametrize(("headers", "status"), CONDITIONS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_conditions(server: InProcessServer, method: str, headers: dict[str, str], status: int) -> None:
    await server.put_object("/bucket/key", BODY)
    server.clock.advance(minutes=1)
    answer = await server.call(method, "/bucket/key", headers=list(headers.items()))
    assert answer.status == status
    if status == 412:
        assert answer.refusal == (412, "PreconditionFailed", None)
        failed = "If-Match" if headers.get("If-Match") in ("", DIFFERENT) else "If-Unmodified-Since"
        assert answer.details == {"Condition": failed}
    else:
        assert answer.header("etag") == SAME
        assert answer.header("last-modified") == AT
        assert answer.body == (BODY if (method, status) == ("GET", 200) else b"")


async def test_a_condition_comes_before_a_range(server: InProcessServer) -> None:
    await server.put_object("/bucket/key", BODY)
    headers = [("If-None-Match", SAME), ("Range", "bytes=-0")]
    assert (await server.call("GET", "/bucket/key", headers=headers)).status == 304


async def test_a_missing_object_comes_before_a_condition(server: InProcessServer) -> None:
    answer = await server.call("GET", "/bucket/missing", headers=[("If-Match", SAME)])
    assert answer.refusal == (404, "NoSuchKey", "0026-00000001")


# ------------------------------------------------------------------------------------------ GetObject, the rest


async def test_an_object_that_is_missing(server: InProcessServer) -> None:
    answer = await server.call("GET", "/bucket/a%26%3C%01b")
    assert answer.refusal == (404, "NoSuchKey", "0026-00000001")
    assert answer.details == {"Key": "a&<\ufffdb"}
    assert b"<RecommendDoc>https://api.aliyun.com/troubleshoot?q=0026-00000001</RecommendDoc>" in answer.body
    head = await server.call("HEAD", "/bucket/missing")
    assert head.refusal == (404, "NoSuchKey", "0026-00000001")
    assert head.details == {"Key": "missing"}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("version_id", "refusal", "message"),
    [
        ("null", (200, "", None), ""),
        ("", (400, "InvalidArgument", None), "Version id can not be the empty string."),
        ("short", (400, "InvalidArgument", None), "Invalid version id specified."),
        ("a b" * 20, (400, "InvalidArgument", None), "Invalid version id specified."),
        ("CAEQNhiBgMDJgZCA0BYiIDc4MGZjZGI2OTBjOTRmNTE5NmU5NmFhZjhjYmY0", (404, "NoSuchVersion", None), ""),
    ],
)
async def test_versions_of_an_unversioned_bucket(
    server: InProcessServer, method: str, version_id: str, refusal: tuple[int, str, str | None], message: str
) -> None:
    await server.put_object("/bucket/key")
    answer = await server.call(method, f"/bucket/key?versionId={percent_encode_path(version_id.encode())}")
    assert answer.refusal == refusal
    if message:
        assert answer.error.message == message
        assert answer.details["ArgumentName"] == "versionId"


OVERRIDES = {
    "response-content-type": "text/other; charset=utf8",
    "response-content-language": "de",
    "response-expires": "Thu, 01 Dec 1994 16:00:00 GMT",
    "response-cache-control": "no-store",
    "response-content-disposition": 'attachment; filename="é.txt"',
    "response-content-encoding": "gzip",
}


@pytest.mark.parametrize("name", OVERRIDES)
@pytest.mark.parametrize("extra", [[], [("Range", "bytes=0-1")]])
async def test_a_request_replaces_headers_of_the_answer(
    server: InProcessServer, name: str, extra: list[Header]
) -> None:
    header = name.removeprefix("response-")
    await server.put_object("/bucket/key", BODY, (header.title(), "stored"))
    target = f"/bucket/key?{name}={percent_encode_path(OVERRIDES[name].encode())}"
    answer = await server.call("GET", target, headers=extra)
    assert (answer.status, answer.header(header)) == (206 if extra else 200, OVERRIDES[name])
    assert (await server.call("GET", "/bucket/key")).header(header) == "stored"


async def test_an_empty_replacement_means_nothing(server: InProcessServer) -> None:
    await server.put_object("/bucket/key", BODY, ("Content-Type", "text/stored"))
    answer = await server.call("GET", "/bucket/key?response-content-type=&response-expires")
    assert (answer.header("content-type"), answer.header("expires")) == ("text/stored", None)


async def test_a_refusal_is_not_dressed_up(server: InProcessServer) -> None:
    answer = await server.call("GET", "/bucket/missing?response-content-type=text/html")
    assert (answer.status, answer.header("content-type")) == (404, "application/xml")


@pytest.mark.parametrize("value", ["a%0D%0ASet-Cookie:%20b", "a%0Ab", "a%00b", "a%7F"])
async def test_a_replacement_that_is_no_header_value(server: InProcessServer, value: str) -> None:
    await server.put_object("/bucket/key", BODY)
    answer = await server.call("GET", f"/bucket/key?response-content-type={value}")
    assert answer.refusal == (400, "InvalidArgument", None)
    assert answer.details["ArgumentName"] == "response-content-type"
    assert answer.header("set-cookie") is None


@pytest.mark.parametrize("name", OVERRIDES)
async def test_anybody_may_not_replace_headers(server: InProcessServer, name: str) -> None:
    await server.put_object("/bucket/key", BODY, ("x-oss-object-acl", "public-read"))
    answer = await server.call("GET", f"/bucket/key?{name}=x", by=None)
    assert answer.refusal == (400, "InvalidRequest", None)
    expected = "Request specific response headers cannot be used for anonymous GET requests."
    assert answer.error.message == expected
    assert (await server.call("GET", f"/bucket/key?{name}=", by=None)).status == 200
    url = server.presigned("GET", f"/bucket/key?{name}=x")
    assert (await server.send("GET", url)).status == 200


SANDBOX = {"content-security-policy": "sandbox", "x-content-type-options": "nosniff"}


@pytest.mark.parametrize(
    ("host", "target", "is_sandboxed"),
    [
        ("127.0.0.1:8880", "/bucket/key", True),
        ("localhost", "/bucket/key", True),
        ("anything.example.com", "/bucket/key", True),
        ("bucket.localhost:8880", "/key", False),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_objects_that_share_an_origin_are_kept_in_a_sandbox(
    server: InProcessServer, method: str, host: str, target: str, *, is_sandboxed: bool
) -> None:
    await server.put_object("/bucket/key", b"<script>", ("Content-Type", "text/html"))
    for extra in ([], [("If-None-Match", etag_of(b"<script>"))], [("Range", "bytes=0-1")]):
        answer = await server.call(method, target, host=host, headers=extra)
        assert answer.status in (200, 206, 304)
        assert {name: answer.header(name) for name in SANDBOX} == (
            SANDBOX if is_sandboxed else dict.fromkeys(SANDBOX, None)
        )


@pytest.mark.parametrize("change", ["PUT", "DELETE"])
async def test_what_was_opened_is_read_to_its_end_whatever_happens_to_the_key(
    server: InProcessServer, change: str
) -> None:
    body = hashlib.sha256(b"x").digest() * (3 * MIB // 32)
    await server.put_object("/bucket/key", body)
    exchange = server.exchange("GET", "/bucket/key", headers=list(server.signed("GET", "/bucket/key").items()))
    changed: list[int] = []

    async def meddling(message: Any) -> None:
        await exchange.send(message)
        if not changed:
            changed.append((await server.call(change, "/bucket/key", body=b"new" * 100)).status)
            await server.collection.delete_condemned()

    await server.edge(exchange.scope, exchange.receive, meddling)
    assert exchange.answer().body == body
    assert changed == [200 if change == "PUT" else 204]
    assert len(await server.stored_blobs()) == int(change == "PUT")


async def test_a_client_that_goes_away_ends_the_reading(server: InProcessServer) -> None:
    await server.put_object("/bucket/key", bytes(4 * MIB))
    exchange = server.exchange("GET", "/bucket/key", headers=list(server.signed("GET", "/bucket/key").items()))
    sent: list[Any] = []

    async def hang_up_early(message: Any) -> None:
        sent.append(message)
        exchange.hang_up()
        await exchange.send(message)
        await asyncio.sleep(0)  # as a socket would, let others run

    await server.edge(exchange.scope, exchange.receive, hang_up_early)
    assert len([message for message in sent if message.get("body")]) <= 2, "four pieces were there"


async def test_bytes_that_are_lost_are_an_honest_failure(
    server: InProcessServer, caplog: pytest.LogCaptureFixture
) -> None:
    await server.put_object("/bucket/key", bytes(1000))
    for blob in await server.blobs_of("bucket", "key"):
        await server.blobs.delete(blob)
    answer = await server.call("GET", "/bucket/key")
    assert answer.refusal == (500, "InternalError", None)
    assert "missing" not in answer.body.decode()
    assert any("is missing" in str(record.exc_info) for record in caplog.records)


async def test_a_failure_in_the_middle_breaks_the_answer_off(
    server: InProcessServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await server.put_object("/bucket/key", bytes(3 * MIB))
    blob_reader = await server.blobs.open((await server.blobs_of("bucket", "key"))[0])
    reads: list[int] = []

    async def failing_later(self: object, offset: int, length: int) -> bytes:
        reads.append(offset)
        if offset:
            await Failing.unavailable()()
        return bytes(length)

    monkeypatch.setattr(type(blob_reader), "read", failing_later)
    exchange = server.exchange("GET", "/bucket/key", headers=list(server.signed("GET", "/bucket/key").items()))
    with pytest.raises(Exception, match=Failing.secret):
        await server.edge(exchange.scope, exchange.receive, exchange.send)
    answer = exchange.answer()
    assert (answer.status, answer.is_whole, len(answer.body)) == (200, False, READ_BYTES)
    assert reads == [0, READ_BYTES]


# -------------------------------------------------------------------------------------------------- DeleteObject


@pytest.mark.parametrize("size", [0, 3, 1000])
async def test_delete_object(server: InProcessServer, size: int) -> None:
    await server.put_object("/bucket/key", bytes(size))
    await server.put_object("/bucket/key/", b"a folder")
    answer = await server.call("DELETE", "/bucket/key")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.header("x-oss-delete-marker") is None
    assert (await server.call("GET", "/bucket/key")).refusal == (404, "NoSuchKey", "0026-00000001")
    assert (await server.call("GET", "/bucket/key/")).body == b"a folder"
    await server.collection.delete_condemned()
    assert await server.stored_blobs() == []


async def test_delete_object_that_is_missing(server: InProcessServer) -> None:
    assert (await server.call("DELETE", "/bucket/missing")).status == 204


@pytest.mark.parametrize(("version_id", "is_gone"), [("null", True), ("CAEQNhiBgMDJgZCA0BYiIDc4MGZjZGI2OTBj", False)])
async def test_delete_object_by_version(server: InProcessServer, version_id: str, *, is_gone: bool) -> None:
    await server.put_object("/bucket/key")
    assert (await server.call("DELETE", f"/bucket/key?versionId={version_id}")).status == 204
    assert await is_there(server) is not is_gone


async def test_an_overwritten_object_s_bytes_go_away(server: InProcessServer) -> None:
    for _ in range(3):
        await server.put_object("/bucket/key", bytes(1000))
    assert len(await server.stored_blobs()) == 3
    await server.collection.delete_condemned()
    assert [*await server.stored_blobs()] == [*await server.blobs_of("bucket", "key")]


@pytest.mark.parametrize(
    ("method", "verb"), [("GET", "read"), ("HEAD", "read"), ("PUT", "transact"), ("DELETE", "transact")]
)
async def test_a_store_that_gives_up(
    server: InProcessServer, monkeypatch: pytest.MonkeyPatch, method: str, verb: str
) -> None:
    await server.put_object("/bucket/key", b"before")
    await server.services.buckets.find(BucketName("bucket"))
    with monkeypatch.context() as broken:
        broken.setattr(server.metadata, verb, Failing.unavailable())
        answer = await server.call(method, "/bucket/key", body=b"")
    assert answer.refusal == (503, "ServiceUnavailable", None)
    assert (await server.call("GET", "/bucket/key")).body == b"before"


async def test_a_body_that_there_is_no_room_for(server: InProcessServer, monkeypatch: pytest.MonkeyPatch) -> None:
    await server.put_object("/bucket/key", b"before")
    staged = server.blobs.stage(BlobId(f"1-{0:032x}"), Digest())
    monkeypatch.setattr(type(staged), "write", Failing.unavailable())
    answer = await server.call("PUT", "/bucket/key", body=bytes(2 * MIB))
    assert answer.refusal == (503, "ServiceUnavailable", None)
    assert (await server.call("GET", "/bucket/key")).body == b"before"


@pytest.mark.parametrize("method", ["PATCH", "TRACE", "POST"])
async def test_methods_that_an_object_has_not(server: InProcessServer, method: str) -> None:
    answer = await server.call(method, "/bucket/key")
    assert answer.refusal == (405, "MethodNotAllowed", None)
    assert answer.details == {"Method": method, "ResourceType": "Object"}
    assert answer.header("allow") == "DELETE, GET, HEAD, PUT"


async def test_the_key_is_the_owner_s(server: InProcessServer) -> None:
    await server.put_object("/bucket/key", b"x")
    bucket = await server.services.buckets.find(BucketName("bucket"))
    assert bucket is not None
    version = await server.metadata.read(lambda rows: rows.current_version(bucket.id, ObjectKey("key")))
    assert version is not None
    assert (bucket.owner, version.acl, version.version_id) == (OWNER.id, "default", "null")
