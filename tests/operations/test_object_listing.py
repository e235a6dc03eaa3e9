"""ListObjectsV2: pages, groups, tokens and encodings."""

from collections.abc import Iterable
from functools import partial
from urllib.parse import quote, unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ossicle.wire.names import BucketName
from ossicle.wire.xml import Element
from tests.support.inprocess import OTHER, OWNER, Answer, InProcessServer, build_server
from tests.support.stored import make_version, put


async def stocked(keys: Iterable[str]) -> InProcessServer:
    """A server whose bucket holds these keys."""
    server = build_server()
    await server.put_bucket("bucket")
    row = await server.services.buckets.find(BucketName("bucket"))
    assert row is not None
    for number, key in enumerate(keys, 1):
        version = make_version(number, key)
        await server.metadata.transact(partial(put, bucket_id=row.id, version=version))
    return server


async def page(server: InProcessServer, query: str = "") -> Answer:
    answer = await server.call("GET", f"/bucket/?list-type=2{'&' if query else ''}{query}")
    assert answer.status == 200, answer.body
    assert answer.xml.name == "ListBucketResult"
    return answer


def texts(root: Element, path: str) -> list[str]:
    nodes = [root]
    for name in path.split("/"):
        nodes = [child for node in nodes for child in node.children if child.name == name]
    return [node.text for node in nodes]


def text(answer: Answer, name: str) -> str | None:
    found = answer.xml.find(name)
    return None if found is None else found.text


def entries(answer: Answer) -> list[str]:
    """Keys and common prefixes, decoded if the document says so, each in the order of the document."""
    found = texts(answer.xml, "Contents/Key") + texts(answer.xml, "CommonPrefixes/Prefix")
    return [unquote(name) for name in found] if text(answer, "EncodingType") == "url" else found


def expected_entries(keys: Iterable[str], prefix: str, delimiter: str, after: str) -> list[str]:
    """The naive model: what a listing shows, in byte order."""
    found: list[str] = []
    for key in sorted(keys, key=str.encode):
        if not key.startswith(prefix):
            continue
        at = key.find(delimiter, len(prefix)) if delimiter else -1
        entry = key if at < 0 else key[: at + len(delimiter)]
        if entry not in found and (entry.encode() > after.encode() if at < 0 else _is_group_after(key, entry, after)):
            found.append(entry)
    return found


def _is_group_after(key: str, group: str, after: str) -> bool:
    return group != after and key.encode() > after.encode()


# ------------------------------------------------------------------------------------------------- the document


async def test_what_a_listing_shows(server: InProcessServer) -> None:
    await server.put_object("/bucket/a%20b", b"hello", ("x-oss-storage-class", "IA"))
    await server.put_object("/bucket/c", b"x" * 1000)
    server.clock.advance(hours=1)
    answer = await page(server)
    assert answer.body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult><Name>bucket</Name><Prefix></Prefix>'
        "<MaxKeys>100</MaxKeys><IsTruncated>false</IsTruncated><KeyCount>2</KeyCount>"
        "<Contents><Key>a b</Key><LastModified>2026-03-14T12:00:00.000Z</LastModified>"
        '<ETag>"5D41402ABC4B2A76B9719D911017C592"</ETag><Type>Normal</Type><Size>5</Size><StorageClass>IA</StorageClass></Contents>'
        "<Contents><Key>c</Key><LastModified>2026-03-14T12:00:00.000Z</LastModified>"
        '<ETag>"398533D48111E9F664B1F64CB10C4B63"</ETag><Type>Normal</Type><Size>1000</Size><StorageClass>Standard</StorageClass></Contents>'
        "</ListBucketResult>"
    )


async def test_an_empty_bucket(server: InProcessServer) -> None:
    answer = await page(server)
    assert (entries(answer), text(answer, "KeyCount"), text(answer, "IsTruncated")) == ([], "0", "false")
    assert text(answer, "NextContinuationToken") is None


async def test_the_owner_is_told_on_request(server: InProcessServer) -> None:
    await server.put_object("/bucket/key")
    owners = [
        texts((await page(server, f"fetch-owner={value}")).xml, "Contents/Owner/ID") for value in ("true", "false", "")
    ]
    assert owners == [[OWNER.id], [], []]
    assert texts((await page(server, "fetch-owner=true")).xml, "Contents/Owner/DisplayName") == [OWNER.id]


async def test_parameters_that_oss2_sends_empty() -> None:
    server = await stocked(["a", "b"])
    answer = await page(server, "prefix=&delimiter=&continuation-token=&start-after=&fetch-owner=false&encoding-type=")
    assert entries(answer) == ["a", "b"]
    for name in ("Delimiter", "StartAfter", "ContinuationToken", "EncodingType"):
        assert text(answer, name) is None


async def test_what_was_asked_is_repeated() -> None:
    server = await stocked(["p/a", "p/b", "p/c"])
    answer = await page(server, "prefix=p/&delimiter=/&start-after=p/a&max-keys=1")
    assert [text(answer, name) for name in ("Name", "Prefix", "Delimiter", "StartAfter", "MaxKeys")] == [
        "bucket",
        "p/",
        "/",
        "p/a",
        "1",
    ]


# --------------------------------------------------------------------------------------------- order and groups


async def test_keys_come_in_byte_order() -> None:
    keys = ["b", "a", "é", "Z", "a/", "a b", "\U0001f600", "\uffff", "\U0010ffff", "中", "a\x01"]
    server = await stocked(keys)
    assert entries(await page(server, "encoding-type=url")) == sorted(keys, key=str.encode)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("delimiter=/", ["x", "z", "fun/", "y/"]),
        ("delimiter=/&prefix=fun/", ["fun/", "fun/test", "fun/movie/"]),
        ("delimiter=/&prefix=fun", ["fun/"]),
        ("prefix=fun/movie/", ["fun/movie/001", "fun/movie/002"]),
        ("delimiter=movie", ["fun/", "fun/test", "x", "y/1", "z", "fun/movie"]),
        ("delimiter=none", ["fun/", "fun/movie/001", "fun/movie/002", "fun/test", "x", "y/1", "z"]),
        ("prefix=none", []),
        ("start-after=x", ["y/1", "z"]),
        ("start-after=fun/movie", ["fun/movie/001", "fun/movie/002", "fun/test", "x", "y/1", "z"]),
        ("delimiter=/&start-after=fun/", ["x", "z", "y/"]),
        ("delimiter=/&start-after=fun/movie/001", ["x", "z", "fun/", "y/"]),
        ("delimiter=/&prefix=fun/&start-after=fun/movie/", ["fun/test"]),
        ("start-after=zz", []),
    ],
)
async def test_groups(query: str, expected: list[str]) -> None:
    server = await stocked(["fun/", "fun/movie/001", "fun/movie/002", "fun/test", "x", "y/1", "z"])
    assert entries(await page(server, query)) == expected


async def test_a_group_counts_once() -> None:
    server = await stocked([*(f"a/{number}" for number in range(50)), "b", "c"])
    answer = await page(server, "delimiter=/&max-keys=2")
    assert (entries(answer), text(answer, "KeyCount"), text(answer, "IsTruncated")) == (["b", "a/"], "2", "true")


KEYS = st.sets(st.text("ab/é\U0010ffff", min_size=1, max_size=5), max_size=25)


@given(
    keys=KEYS,
    prefix=st.text("ab/é", max_size=2),
    delimiter=st.sampled_from(["", "/", "a", "b/", "é"]),
    start_after=st.text("ab/é", max_size=3),
    size=st.integers(1, 4),
    is_encoded=st.booleans(),
)
@settings(max_examples=60)
async def test_the_pages_make_the_whole(
    keys: set[str], prefix: str, delimiter: str, start_after: str, size: int, *, is_encoded: bool
) -> None:
    server = await stocked(keys)
    asked = f"prefix={quote(prefix)}&delimiter={quote(delimiter)}&start-after={quote(start_after)}&max-keys={size}"
    asked += "&encoding-type=url" if is_encoded else ""
    found: list[str] = []
    token = ""
    while True:
        answer = await page(server, f"{asked}&continuation-token={quote(token)}")
        on_page = sorted(entries(answer), key=str.encode)
        assert text(answer, "KeyCount") == str(len(on_page))
        assert len(on_page) <= size
        found += on_page
        token = text(answer, "NextContinuationToken") or ""
        assert (text(answer, "IsTruncated") == "true") == bool(token)
        if not token:
            break
        assert len(on_page) == size
        token = unquote(token) if is_encoded else token
    assert found == expected_entries(keys, prefix, delimiter, start_after)


# -------------------------------------------------------------------------------------- tokens, sizes, encodings


async def test_a_token_has_the_shape_of_oss_s() -> None:
    server = await stocked(["a", "bc", "d"])
    answer = await page(server, "max-keys=2")
    assert text(answer, "NextContinuationToken") == "CgJiYw--"
    answer = await page(server, "continuation-token=CgJiYw--")
    assert (entries(answer), text(answer, "ContinuationToken")) == (["d"], "CgJiYw--")


async def test_a_token_wins_over_start_after() -> None:
    server = await stocked(["a", "bc", "d"])
    answer = await page(server, "continuation-token=CgJiYw--&start-after=a")
    assert (entries(answer), text(answer, "StartAfter")) == (["d"], "a")


@pytest.mark.parametrize("length", [1, 127, 128, 129, 1023])
async def test_a_token_of_any_key(length: int) -> None:
    server = await stocked(["a" * length, "b"])
    token = text(await page(server, "max-keys=1"), "NextContinuationToken")
    assert token is not None
    assert entries(await page(server, f"continuation-token={token}")) == ["b"]


@pytest.mark.parametrize(
    "token", ["x", "CgJiYw==", "CgJiYw", "CgNiYw--", "CgA-", "EgJiYw--", "%E4%B8%AD", "CgJiYw--CgJiYw--", "-", "Cg--"]
)
async def test_a_token_that_no_listing_made(server: InProcessServer, token: str) -> None:
    answer = await server.call("GET", f"/bucket/?list-type=2&continuation-token={token}")
    assert answer.refusal == (400, "InvalidArgument", None)
    assert answer.error.details == {"ArgumentName": "continuation-token", "ArgumentValue": unquote(token)}


@pytest.mark.parametrize("size", ["0", "-1", "1001", "many", "9" * 40])
async def test_a_page_size_out_of_range(server: InProcessServer, size: str) -> None:
    answer = await server.call("GET", f"/bucket/?list-type=2&max-keys={size}")
    assert answer.refusal == (400, "InvalidArgument", None)
    assert answer.error.details == {"ArgumentName": "max-keys", "ArgumentValue": size}


async def test_a_page_has_a_hundred_entries_unless_asked_for_up_to_a_thousand() -> None:
    server = await stocked([f"{number:04}" for number in range(1001)])
    assert [len(entries(await page(server, query))) for query in ("", "max-keys=1000", "max-keys=1")] == [100, 1000, 1]


@pytest.mark.parametrize("name", ["prefix", "delimiter", "start-after"])
async def test_a_text_of_more_than_1024_bytes(server: InProcessServer, name: str) -> None:
    assert entries(await page(server, f"{name}={'a' * 1024}")) == []
    answer = await server.call("GET", f"/bucket/?list-type=2&{name}={quote('é' * 512 + 'a')}")
    assert answer.refusal == (400, "InvalidArgument", None)
    assert answer.error.message == f"The length of {name} must be less than 1025."
    assert answer.error.details == {"ArgumentName": name}


async def test_encoding_type_url() -> None:
    keys = ["a+b", "a b", "a/b&<c>", "é\x01", "%41", "z"]
    server = await stocked(keys)
    answer = await page(server, "encoding-type=url&prefix=&start-after=a%20&delimiter=%26&max-keys=6")
    assert text(answer, "EncodingType") == "url"
    assert texts(answer.xml, "Contents/Key") == ["a%20b", "a%2Bb", "z", "%C3%A9%01"]
    assert texts(answer.xml, "CommonPrefixes/Prefix") == ["a%2Fb%26"]
    assert (text(answer, "StartAfter"), text(answer, "Delimiter")) == ("a%20", "%26")
    token = text(await page(server, "encoding-type=url&max-keys=1"), "NextContinuationToken")
    assert token == "CgMlNDE-"


async def test_without_an_encoding_every_key_is_still_told() -> None:
    server = await stocked(["a\x01b", "a&<b>", "\ufffe"])
    answer = await page(server)
    assert b"<Key>a&#1;b</Key>" in answer.body
    assert entries(answer) == ["a\x01b", "a&<b>", "\ufffe"]


async def test_another_encoding(server: InProcessServer) -> None:
    answer = await server.call("GET", "/bucket/?list-type=2&encoding-type=URL")
    assert answer.refusal == (400, "InvalidArgument", None)
    assert answer.error.details == {"ArgumentName": "encoding-type", "ArgumentValue": "URL"}


@pytest.mark.parametrize("name", ["prefix", "start-after", "delimiter"])
async def test_text_that_is_not_utf_8_is_refused(server: InProcessServer, name: str) -> None:
    answer = await server.call("GET", f"/bucket/?list-type=2&{name}=%FF")
    assert answer.refusal == (400, "InvalidArgument", None)
    assert answer.error.details == {"ArgumentName": name}


async def test_a_token_that_is_not_utf_8_breaks_nothing() -> None:
    server = await stocked(["a", "é"])
    for encoding in ("", "&encoding-type=url"):
        assert entries(await page(server, f"continuation-token=CgH/{encoding}")) == []


async def test_a_deleted_key_is_listed_no_more(server: InProcessServer) -> None:
    for key in ("a", "b"):
        await server.put_object(f"/bucket/{key}")
    await server.call("DELETE", "/bucket/a")
    assert entries(await page(server)) == ["b"]


async def test_buckets_do_not_mix(server: InProcessServer) -> None:
    await server.put_object("/bucket/mine")
    answer = await server.call("GET", "/theirs/?list-type=2", by=OTHER)
    assert entries(answer) == []


@pytest.mark.parametrize("value", ["1", "3", ""])
async def test_another_list_type(server: InProcessServer, value: str) -> None:
    answer = await server.call("GET", f"/bucket/?list-type={value}")
    assert answer.refusal == (405, "MethodNotAllowed", None)
