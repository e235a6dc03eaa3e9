"""DeleteMultipleObjects: up to a thousand keys in one document."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import pytest

from ossicle.model.objects import ObjectVersion
from ossicle.ports import Transaction
from ossicle.services.deletion import TURN_ROWS
from ossicle.services.joining import PART_BYTES_MIN
from ossicle.wire.names import BucketName, ObjectType
from tests.support.elements import texts
from tests.support.inprocess import OTHER, Account, Answer, InProcessServer
from tests.support.stored import make_segment, make_version
from tests.support.versioning import NOBODYS_ID, put_version, set_versioning, versions_of

R = TypeVar("R")


def document(*keys: str, quiet: str = "") -> bytes:
    objects = "".join(f"<Object><Key>{key}</Key></Object>" for key in keys)
    return f"<Delete>{quiet}{objects}</Delete>".encode()


async def delete(server: InProcessServer, body: bytes, query: str = "", *headers: tuple[str, str]) -> Answer:
    return await server.call("POST", f"/bucket/?delete{query}", body=body, headers=headers)


async def test_what_is_told(server: InProcessServer) -> None:
    await server.put_object("/bucket/a%20b", b"x")
    await server.put_object("/bucket/kept", b"x")
    answer = await delete(server, document("a b", "never"), "&encoding-type=url")
    assert answer.status == 200
    assert answer.body.decode().endswith(
        "<DeleteResult><EncodingType>url</EncodingType><Deleted><Key>a%20b</Key></Deleted>"
        "<Deleted><Key>never</Key></Deleted></DeleteResult>"
    )
    assert (await server.call("GET", "/bucket/a%20b")).refusal[1] == "NoSuchKey"
    assert (await server.call("GET", "/bucket/kept")).status == 200


async def test_quiet(server: InProcessServer) -> None:
    await server.put_object("/bucket/a", b"x")
    answer = await delete(server, document("a", quiet="<Quiet>true</Quiet>"), "&encoding-type=url")
    assert (answer.status, answer.body, answer.header("content-length")) == (200, b"", "0")
    assert answer.header("content-type") is None
    assert (await server.call("GET", "/bucket/a")).refusal[1] == "NoSuchKey"
    answer = await delete(server, document("a", quiet="<Quiet>false</Quiet>"))
    assert (answer.status, texts(answer, "Deleted/Key")) == (200, ["a"])


@pytest.mark.parametrize("key", ["k" * 1024, "\u20ac" * 342])
async def test_keys_that_no_object_can_have(server: InProcessServer, key: str) -> None:
    await server.put_object("/bucket/a", b"x")
    assert (await delete(server, document("a", key))).refusal[:2] == (400, "InvalidObjectName")
    assert (await server.call("GET", "/bucket/a")).status == 200
    assert (await delete(server, document("a", "k" * 1023))).status == 200


async def test_bytes_go_with_the_objects(server: InProcessServer) -> None:
    keys = [f"key-{number}" for number in range(5)]
    for key in keys:
        await server.put_object(f"/bucket/{key}", bytes(1000))
    assert (await delete(server, document(*keys, keys[0]))).status == 200
    await server.collection.delete_condemned()
    assert await server.stored_blobs() == []


async def test_a_thousand_and_no_more(server: InProcessServer) -> None:
    await server.put_object("/bucket/1", b"x")
    keys = [str(number) for number in range(1001)]
    assert (await delete(server, document(*keys))).refusal == (400, "MalformedXML", "0016-00000608")
    assert (await server.call("GET", "/bucket/1")).status == 200
    assert len(texts(await delete(server, document(*keys[:1000])), "Deleted/Key")) == 1000


@pytest.mark.parametrize(
    "body", [b"", b"<Delete/>", b"<Remove/>", b"text", document(""), b"<Delete><Object/></Delete>"]
)
async def test_what_is_no_list(server: InProcessServer, body: bytes) -> None:
    assert (await delete(server, body)).refusal == (400, "MalformedXML", "0016-00000608")


async def test_keys_with_control_characters(server: InProcessServer) -> None:
    await server.put_object("/bucket/%01%1F%26", b"x")
    answer = await delete(server, document("&#01;&#x1F;&amp;"), "&encoding-type=url")
    assert texts(answer, "Deleted/Key") == ["%01%1F%26"]
    assert (await server.call("GET", "/bucket/%01%1F%26")).refusal[1] == "NoSuchKey"


async def test_keys_are_not_url_encoded_in_the_request(server: InProcessServer) -> None:
    await server.put_object("/bucket/a%2520b", b"x")
    assert (await delete(server, document("a%20b"), "&encoding-type=url")).status == 200
    assert (await server.call("GET", "/bucket/a%2520b")).refusal[1] == "NoSuchKey"


async def test_the_encoding_may_come_as_a_header(server: InProcessServer) -> None:
    answer = await delete(server, document("a b"), "", ("encoding-type", "url"))
    assert texts(answer, "Deleted/Key") == ["a%20b"]
    assert (await delete(server, document("a"), "&encoding-type=x")).refusal[:2] == (400, "InvalidArgument")


async def test_versions_that_never_were(server: InProcessServer) -> None:
    await server.put_object("/bucket/a", b"x")
    other = f"<Delete><Object><Key>a</Key><VersionId>{'A' * 64}</VersionId></Object></Delete>"
    assert texts(await delete(server, other.encode()), "Deleted/VersionId") == ["A" * 64]
    assert (await server.call("GET", "/bucket/a")).status == 200
    wrong = b"<Delete><Object><Key>a</Key><VersionId>234</VersionId></Object></Delete>"
    assert (await delete(server, wrong)).refusal[:2] == (400, "InvalidArgument")
    null = b"<Delete><Object><Key>a</Key><VersionId>null</VersionId></Object></Delete>"
    assert (await delete(server, null)).status == 200
    assert (await server.call("GET", "/bucket/a")).refusal[1] == "NoSuchKey"


def named(*pairs: tuple[str, str | None]) -> bytes:
    objects = "".join(
        f"<Object><Key>{key}</Key>{'' if version is None else f'<VersionId>{version}</VersionId>'}</Object>"
        for key, version in pairs
    )
    return f"<Delete>{objects}</Delete>".encode()


async def test_versions_and_markers_are_told(server: InProcessServer) -> None:
    await set_versioning(server, "Enabled")
    first = await put_version(server, b"1", "/bucket/a")
    await put_version(server, b"2", "/bucket/a")
    answer = await delete(server, named(("a", None), ("a", first), ("never", None), ("a", NOBODYS_ID)))
    marker, other = texts(answer, "Deleted/DeleteMarkerVersionId")
    assert answer.body.decode().partition("<DeleteResult>")[2] == (
        f"<Deleted><Key>a</Key><DeleteMarker>true</DeleteMarker><DeleteMarkerVersionId>{marker}</DeleteMarkerVersionId></Deleted>"
        f"<Deleted><Key>a</Key><VersionId>{first}</VersionId></Deleted>"
        f"<Deleted><Key>never</Key><DeleteMarker>true</DeleteMarker><DeleteMarkerVersionId>{other}</DeleteMarkerVersionId></Deleted>"
        f"<Deleted><Key>a</Key><VersionId>{NOBODYS_ID}</VersionId></Deleted></DeleteResult>"
    )
    answer = await delete(server, named(("a", marker), ("never", other)))
    for name in ("VersionId", "DeleteMarkerVersionId"):
        assert texts(answer, f"Deleted/{name}") == [marker, other]
    assert texts(answer, "Deleted/DeleteMarker") == ["true", "true"]
    assert (await server.call("GET", "/bucket/a")).body == b"2"


async def test_null_markers(server: InProcessServer) -> None:
    await server.put_object("/bucket/a", b"1")
    await set_versioning(server, "Suspended")
    for _ in range(2):
        answer = await delete(server, named(("a", None)))
        assert texts(answer, "Deleted/DeleteMarkerVersionId") == ["null"]
        assert await versions_of(server) == [("a", "null", "true")]
    answer = await delete(server, named(("a", "null")))
    assert texts(answer, "Deleted/DeleteMarkerVersionId") == ["null"]
    assert await versions_of(server) == []


async def test_one_id_that_is_none_refuses_all(server: InProcessServer) -> None:
    await set_versioning(server, "Enabled")
    first = await put_version(server, b"1", "/bucket/a")
    for wrong in ("234", ""):
        answer = await delete(server, named(("a", first), ("a", wrong)))
        assert answer.refusal[:2] == (400, "InvalidArgument")
    assert (await server.call("GET", "/bucket/a")).body == b"1"


async def test_others_may_write_between_objects_of_many_parts(server: InProcessServer) -> None:
    """No transaction of a deletion has the rows of more than one of them."""
    size = PART_BYTES_MIN * (TURN_ROWS // 2)
    bucket = await server.services.buckets.find(BucketName("bucket"))
    assert bucket is not None
    segment = make_segment(1, length=size)
    for number in range(3):
        version = replace(
            make_version(100 + number, f"key-{number}", size=size), type=ObjectType.MULTIPART, is_inline=False
        )

        def insert(transaction: Transaction, version: ObjectVersion = version) -> None:
            if version.id == 100:
                transaction.add_blob(segment.blob, size)
            transaction.put_current_version(bucket.id, version, [segment])

        await server.metadata.transact(insert)
    turns = 0
    transact = server.metadata.transact_bulk

    async def counted(work: Callable[[Transaction], R]) -> R:
        nonlocal turns
        turns += 1
        return await transact(work)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server.metadata, "transact_bulk", counted)
        answer = await delete(server, document("key-0", "key-1", "key-2", "key-3"))
    assert texts(answer, "Deleted/Key") == ["key-0", "key-1", "key-2", "key-3"]
    assert turns == 2
    assert await versions_of(server) == []


async def test_the_digest_is_compared(server: InProcessServer) -> None:
    await server.put_object("/bucket/a", b"x")
    body = document("a")
    wrong = ("Content-MD5", base64.b64encode(bytes(16)).decode())
    assert (await delete(server, body, "", wrong)).refusal[1] == "InvalidDigest"
    assert (await server.call("GET", "/bucket/a")).status == 200
    right = ("Content-MD5", base64.b64encode(hashlib.md5(body).digest()).decode())
    assert (await delete(server, body, "", right)).status == 200


@pytest.mark.parametrize("by", [None, OTHER])
async def test_who_may(server: InProcessServer, by: Account | None) -> None:
    await server.put_object("/bucket/a", b"x")
    answer = await server.call("POST", "/bucket/?delete", by=by, body=document("a"))
    assert answer.refusal[:2] == (403, "AccessDenied")
    await server.put_bucket("open", acl="public-read-write")
    await server.put_object("/open/a", b"x")
    await server.put_object("/open/private", b"x", ("x-oss-object-acl", "private"))
    answer = await server.call("POST", "/open/?delete", by=by, body=document("a", "private"))
    assert answer.refusal[:2] == (403, "AccessDenied")
    assert (await server.call("GET", "/open/a")).status == 200, "all or none"
    assert (await server.call("POST", "/open/?delete", by=by, body=document("a"))).status == 200
