"""Tags of an object: put by header and by document, told, counted, copied, removed."""

import pytest

from tests.support.elements import texts
from tests.support.inprocess import OTHER, Answer, InProcessServer
from tests.support.uploading import begun, complete, initiate, put_part

KEY = "/bucket/key"


def document(*tags: tuple[str, str]) -> bytes:
    inner = "".join(f"<Tag><Key>{key}</Key><Value>{value}</Value></Tag>" for key, value in tags)
    return f"<Tagging><TagSet>{inner}</TagSet></Tagging>".encode()


async def put_tags(server: InProcessServer, *tags: tuple[str, str]) -> Answer:
    return await server.call("PUT", f"{KEY}?tagging", body=document(*tags))


async def tags_of(server: InProcessServer, path: str = KEY) -> list[tuple[str, str]]:
    answer = await server.call("GET", f"{path}?tagging")
    assert answer.status == 200
    return list(zip(texts(answer, "TagSet/Tag/Key"), texts(answer, "TagSet/Tag/Value"), strict=True))


async def test_tags_of_a_header_are_told_and_counted(server: InProcessServer) -> None:
    await server.put_object(KEY, b"x", ("x-oss-tagging", "colour=dark%20red&a%2Bb=%E7%BA%A2&empty="))
    assert await tags_of(server) == [("colour", "dark red"), ("a+b", "红"), ("empty", "")]
    for method in ("GET", "HEAD"):
        assert (await server.call(method, KEY)).header("x-oss-tagging-count") == "3"


async def test_an_object_without_tags_has_an_empty_set_and_no_count(server: InProcessServer) -> None:
    await server.put_object(KEY)
    answer = await server.call("GET", f"{KEY}?tagging")
    assert answer.body.endswith(b"<Tagging><TagSet></TagSet></Tagging>") or answer.body.endswith(
        b"<Tagging><TagSet/></Tagging>"
    )
    assert (await server.call("HEAD", KEY)).header("x-oss-tagging-count") is None


async def test_a_document_replaces_all_tags_and_leaves_the_time_of_change(server: InProcessServer) -> None:
    await server.put_object(KEY, b"x", ("x-oss-tagging", "a=1"))
    before = (await server.call("HEAD", KEY)).header("last-modified")
    server.clock.advance(hours=1)
    assert (await put_tags(server, ("b", "2"), ("c", ""))).status == 200
    assert await tags_of(server) == [("b", "2"), ("c", "")]
    assert (await server.call("HEAD", KEY)).header("last-modified") == before


async def test_tags_are_removed_once_and_again(server: InProcessServer) -> None:
    await server.put_object(KEY, b"x", ("x-oss-tagging", "a=1"))
    for _ in range(2):
        answer = await server.call("DELETE", f"{KEY}?tagging")
        assert (answer.status, answer.body) == (204, b"")
    assert await tags_of(server) == []
    assert (await server.call("GET", KEY)).body == b"x"


async def test_an_object_that_is_put_anew_has_no_tags(server: InProcessServer) -> None:
    await server.put_object(KEY, b"x", ("x-oss-tagging", "a=1"))
    await server.put_object(KEY, b"y")
    assert await tags_of(server) == []


async def test_an_upload_in_parts_has_the_tags_of_its_beginning(server: InProcessServer) -> None:
    upload_id = await initiate(server, KEY, ("x-oss-tagging", "a=1"), ("x-oss-server-side-encryption", "AES256"))
    part = await put_part(server, KEY, upload_id, 1, b"x")
    answer = await complete(server, KEY, upload_id, (1, part.header("etag") or ""))
    assert answer.header("x-oss-server-side-encryption") == "AES256"
    assert await tags_of(server) == [("a", "1")]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], [("a", "1")]),
        ([("x-oss-tagging-directive", "Copy"), ("x-oss-tagging", "b=2")], [("a", "1")]),
        ([("x-oss-tagging-directive", "Replace"), ("x-oss-tagging", "b=2")], [("b", "2")]),
        ([("x-oss-tagging-directive", "REPLACE")], []),
        ([("x-oss-metadata-directive", "REPLACE")], [("a", "1")]),
    ],
)
async def test_a_copy_has_the_tags_that_the_directive_says(
    server: InProcessServer, headers: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    await server.put_object(KEY, b"x", ("x-oss-tagging", "a=1"))
    answer = await server.call("PUT", "/bucket/copy", headers=[("x-oss-copy-source", KEY), *headers])
    assert answer.status == 200
    assert await tags_of(server, "/bucket/copy") == expected


async def test_an_unknown_directive_is_refused(server: InProcessServer) -> None:
    await server.put_object(KEY)
    headers = [("x-oss-copy-source", KEY), ("x-oss-tagging-directive", "Merge")]
    answer = await server.call("PUT", "/bucket/copy", headers=headers)
    assert answer.refusal[:2] == (400, "InvalidArgument")
    assert answer.error.details["ArgumentName"] == "x-oss-tagging-directive"


LONG_KEY, LONG_VALUE = "k" * 129, "v" * 257


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("a=1&a=2", "InvalidArgument"),
        ("%FF=1", "InvalidArgument"),
        ("=1", "InvalidTag"),
        (f"{LONG_KEY}=1", "InvalidTag"),
        (f"a={LONG_VALUE}", "InvalidTag"),
        ("a=b%3Bc", "InvalidTag"),
        ("&".join(f"{number}=1" for number in range(11)), "TooManyTags"),
    ],
)
async def test_a_wrong_header_stores_nothing(server: InProcessServer, header: str, code: str) -> None:
    answer = await server.call("PUT", KEY, headers=[("x-oss-tagging", header)], body=b"x")
    assert answer.refusal[:2] == (400, code)
    assert (await server.call("HEAD", KEY)).status == 404


@pytest.mark.parametrize(
    ("body", "code", "ec"),
    [
        (document(("a", "1"), ("a", "2")), "RepeatedTags", None),
        (document(*((str(number), "") for number in range(11))), "TooManyTags", None),
        (document((LONG_KEY, "")), "InvalidTag", None),
        (document(("", "1")), "InvalidTag", None),
        (document(("a", LONG_VALUE)), "InvalidTag", None),
        (b"<Tagging/>", "MalformedXML", "0016-00000608"),
        (b"<Tagging><TagSet>", "MalformedXML", "0016-00000608"),
        (b"", "MalformedXML", "0016-00000608"),
    ],
)
async def test_a_wrong_document_changes_nothing(
    server: InProcessServer, body: bytes, code: str, ec: str | None
) -> None:
    await server.put_object(KEY, b"x", ("x-oss-tagging", "a=1"))
    answer = await server.call("PUT", f"{KEY}?tagging", body=body)
    assert answer.refusal == (400, code, ec)
    assert await tags_of(server) == [("a", "1")]


@pytest.mark.parametrize(("method", "body"), [("GET", b""), ("PUT", document(("a", "1"))), ("DELETE", b"")])
async def test_tags_are_the_owners_and_of_an_object_that_is_there(
    server: InProcessServer, method: str, body: bytes
) -> None:
    assert (await server.call(method, f"{KEY}?tagging", body=body)).refusal[:2] == (404, "NoSuchKey")
    await server.put_object(KEY, b"x", ("x-oss-object-acl", "public-read-write"))
    for caller in (OTHER, None):
        answer = await server.call(method, f"{KEY}?tagging", body=body, by=caller)
        assert answer.refusal[:2] == (403, "AccessDenied")


async def test_ten_tags_of_full_length_are_kept(server: InProcessServer) -> None:
    tags = [(f"{number:0128d}", "v" * 256) for number in range(10)]
    await server.put_object(KEY)
    assert (await put_tags(server, *tags)).status == 200
    assert await tags_of(server) == tags


async def test_a_part_has_no_tags(server: InProcessServer) -> None:
    upload_id, listed = await begun(server, KEY, b"x")
    assert (await complete(server, KEY, upload_id, *listed)).status == 200
    assert await tags_of(server) == []
