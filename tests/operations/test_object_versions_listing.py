"""ListObjectVersions: order, pages, groups, and what is refused."""

import pytest

from tests.support.elements import text, texts
from tests.support.inprocess import NOON, OWNER, InProcessServer
from tests.support.versioning import NOBODYS_ID, delete_version, put_version, set_versioning, versions_of

ALWAYS_THERE = ("Name", "Prefix", "KeyMarker", "VersionIdMarker", "MaxKeys", "Delimiter", "IsTruncated")


async def fill(server: InProcessServer, *keys: str, rounds: int = 3) -> dict[str, list[str]]:
    """Put versions of each key; return their ids, the newest first."""
    ids: dict[str, list[str]] = {key: [] for key in keys}
    for number in range(rounds):
        for key in keys:
            ids[key].insert(0, await put_version(server, str(number).encode(), f"/bucket/{key}"))
    return ids


async def test_an_empty_page(server: InProcessServer) -> None:
    answer = await server.call("GET", "/bucket/?versions")
    assert answer.body.decode().partition("\n")[2] == (
        "<ListVersionsResult><Name>bucket</Name><Prefix></Prefix><KeyMarker></KeyMarker>"
        "<VersionIdMarker></VersionIdMarker><MaxKeys>100</MaxKeys><Delimiter></Delimiter>"
        "<IsTruncated>false</IsTruncated></ListVersionsResult>"
    )


async def test_what_is_told_of_each(server: InProcessServer) -> None:
    await set_versioning(server, "Enabled")
    version = await put_version(server, b"hello")
    marker = (await delete_version(server)).header("x-oss-version-id")
    answer = await server.call("GET", "/bucket/?versions")
    moment = NOON.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    owner = f"<Owner><ID>{OWNER.id}</ID><DisplayName>{OWNER.id}</DisplayName></Owner>"
    assert (
        f"<Version><Key>key</Key><VersionId>{version}</VersionId><IsLatest>false</IsLatest>"
        f'<LastModified>{moment}</LastModified><ETag>"5D41402ABC4B2A76B9719D911017C592"</ETag><Type>Normal</Type>'
        f"<Size>5</Size><StorageClass>Standard</StorageClass>{owner}</Version>"
        f"<DeleteMarker><Key>key</Key><VersionId>{marker}</VersionId><IsLatest>true</IsLatest>"
        f"<LastModified>{moment}</LastModified>{owner}</DeleteMarker>"
    ) in answer.body.decode()


async def test_objects_of_a_bucket_that_never_had_versions(server: InProcessServer) -> None:
    for key in ("b", "a"):
        await server.put_object(f"/bucket/{key}")
    assert await versions_of(server) == [("a", "null", "true"), ("b", "null", "true")]


async def test_keys_ascend_and_the_newest_comes_first(server: InProcessServer) -> None:
    await set_versioning(server, "Enabled")
    ids = await fill(server, "b", "a", "a/x")
    listed = await versions_of(server)
    assert [(key, version) for key, version, _ in listed] == [
        (key, version) for key in ("a", "a/x", "b") for version in ids[key]
    ]
    assert [latest for _, _, latest in listed] == ["true", "false", "false"] * 3


@pytest.mark.parametrize("limit", [1, 2, 4, 7])
@pytest.mark.parametrize("delimiter", ["", "/"])
async def test_pages_join_to_the_whole(server: InProcessServer, limit: int, delimiter: str) -> None:
    await server.put_object("/bucket/b", b"before")
    await set_versioning(server, "Enabled")
    await fill(server, "a", "b", "c/1", "c/2", "d", rounds=2)
    await delete_version(server, path="/bucket/b")
    whole = await versions_of(server, f"&delimiter={delimiter}")
    pages: list[tuple[str, str, str]] = []
    groups: list[str] = []
    query = ""
    while True:
        answer = await server.call("GET", f"/bucket/?versions&delimiter={delimiter}&max-keys={limit}{query}")
        count = sum(len(texts(answer, name)) for name in ("Version", "DeleteMarker", "CommonPrefixes"))
        assert count <= limit
        pages += await versions_of(server, f"&delimiter={delimiter}&max-keys={limit}{query}")
        groups += texts(answer, "CommonPrefixes/Prefix")
        assert all(text(answer, name) is not None for name in ALWAYS_THERE)
        following = text(answer, "NextKeyMarker"), text(answer, "NextVersionIdMarker")
        if text(answer, "IsTruncated") == "false":
            assert following == (None, None)
            break
        assert count == limit
        assert following[0]
        assert following[1] is not None
        query = f"&key-marker={following[0]}&version-id-marker={following[1]}"
    assert sorted(pages) == sorted(whole)
    assert groups == (["c/"] if delimiter else [])


async def test_a_key_marker_alone_passes_over_the_key(server: InProcessServer) -> None:
    await set_versioning(server, "Enabled")
    ids = await fill(server, "a", "b")
    for query in ("&key-marker=a", "&key-marker=a&version-id-marker="):
        assert {key for key, _, _ in await versions_of(server, query)} == {"b"}
    behind = await versions_of(server, f"&key-marker=a&version-id-marker={ids['a'][1]}&prefix=a")
    assert behind == [("a", ids["a"][2], "false")]


async def test_a_page_goes_on_behind_versions_that_were_removed(server: InProcessServer) -> None:
    """As those do who empty a bucket: each page is deleted before the next is asked for."""
    await set_versioning(server, "Enabled")
    await fill(server, "a", "b", rounds=5)
    query, seen = "", 0
    while True:
        answer = await server.call("GET", f"/bucket/?versions&max-keys=3{query}")
        for key, version, _ in await versions_of(server, f"&max-keys=3{query}"):
            await delete_version(server, version, f"/bucket/{key}")
            seen += 1
        if text(answer, "IsTruncated") == "false":
            break
        query = f"&key-marker={text(answer, 'NextKeyMarker')}&version-id-marker={text(answer, 'NextVersionIdMarker')}"
    assert seen == 10
    assert await versions_of(server) == []


@pytest.mark.parametrize("is_removed", [False, True])
async def test_behind_a_null_version(server: InProcessServer, *, is_removed: bool) -> None:
    await set_versioning(server, "Enabled")
    old = await put_version(server, b"old")
    await set_versioning(server, "Suspended")
    await put_version(server, b"null")
    await set_versioning(server, "Enabled")
    new = await put_version(server, b"new")
    if is_removed:
        await delete_version(server, "null")
    behind = await versions_of(server, "&key-marker=key&version-id-marker=null")
    assert ("key", old, "false") in behind
    assert (("key", new, "true") in behind) == is_removed, "rather told again than passed over"


async def test_the_encoding(server: InProcessServer) -> None:
    await set_versioning(server, "Enabled")
    await put_version(server, b"", "/bucket/a%20b%2F1")
    await put_version(server, b"", "/bucket/c%2B%26")
    await delete_version(server, path="/bucket/c%2B%26")
    query = "&encoding-type=url&prefix=&key-marker=a%20&delimiter=%2F&max-keys=1"
    answer = await server.call("GET", f"/bucket/?versions{query}")
    assert text(answer, "EncodingType") == "url"
    assert text(answer, "KeyMarker") == "a%20"
    assert text(answer, "Delimiter") == "%2F"
    assert texts(answer, "CommonPrefixes/Prefix") == ["a%20b%2F"]
    assert (text(answer, "NextKeyMarker"), text(answer, "NextVersionIdMarker")) == ("a%20b%2F", "")
    answer = await server.call("GET", "/bucket/?versions&encoding-type=url&prefix=c%2B")
    assert (texts(answer, "Version/Key"), texts(answer, "DeleteMarker/Key")) == (["c%2B%26"], ["c%2B%26"])
    assert text(answer, "Prefix") == "c%2B"


@pytest.mark.parametrize(
    ("query", "argument"),
    [
        ("max-keys=0", "max-keys"),
        ("max-keys=1001", "max-keys"),
        ("max-keys=x", "max-keys"),
        ("encoding-type=base64", "encoding-type"),
        ("prefix=" + "p" * 1025, "prefix"),
        ("delimiter=" + "d" * 1025, "delimiter"),
        ("key-marker=" + "k" * 1025, "key-marker"),
        ("key-marker=k&version-id-marker=" + "v" * 1025, "version-id-marker"),
        ("version-id-marker=null", "version-id-marker"),
        ("key-marker=k&version-id-marker=234", "version-id-marker"),
        (f"key-marker=k&version-id-marker={NOBODYS_ID[::-1]}", "version-id-marker"),
    ],
)
async def test_what_is_refused(server: InProcessServer, query: str, argument: str) -> None:
    answer = await server.call("GET", f"/bucket/?versions&{query}")
    assert answer.refusal[:2] == (400, "InvalidArgument")
    assert answer.error.details["ArgumentName"] == argument


async def test_who_may(server: InProcessServer) -> None:
    assert (await server.call("GET", "/bucket/?versions", by=None)).refusal[:2] == (403, "AccessDenied")
    assert (await server.call("GET", "/never/?versions")).refusal[:2] == (404, "NoSuchBucket")
