"""ListObjects: the first listing, by marker, with owners."""

from urllib.parse import quote, unquote

import pytest

from tests.support.elements import text, texts
from tests.support.inprocess import OTHER, Account, InProcessServer

KEYS = ["a b", "fun/1", "fun/movie/1", "fun/movie/2", "fun/z", "z"]


async def test_what_a_listing_shows(server: InProcessServer) -> None:
    await server.put_object("/bucket/fun/a%20b", b"hello")
    await server.put_object("/bucket/fun/movie/1", b"")
    answer = await server.call("GET", "/bucket/?prefix=fun/&delimiter=/&marker=a%20b&encoding-type=url&max-keys=7")
    assert answer.body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult><Name>bucket</Name><Prefix>fun%2F</Prefix>'
        "<Marker>a%20b</Marker><MaxKeys>7</MaxKeys><Delimiter>%2F</Delimiter><EncodingType>url</EncodingType>"
        "<IsTruncated>false</IsTruncated>"
        "<Contents><Key>fun%2Fa%20b</Key><LastModified>2026-03-14T12:00:00.000Z</LastModified>"
        '<ETag>"5D41402ABC4B2A76B9719D911017C592"</ETag><Type>Normal</Type><Size>5</Size>'
        "<StorageClass>Standard</StorageClass>"
        "<Owner><ID>1000000000000001</ID><DisplayName>1000000000000001</DisplayName></Owner></Contents>"
        "<CommonPrefixes><Prefix>fun%2Fmovie%2F</Prefix></CommonPrefixes></ListBucketResult>"
    )


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
@pytest.mark.parametrize("delimiter", ["", "/"])
async def test_pages_make_the_whole(server: InProcessServer, size: int, delimiter: str) -> None:
    for key in KEYS:
        await server.put_object(f"/bucket/{quote(key)}", b"x")
    found: list[str] = []
    groups: list[str] = []
    marker = ""
    while True:
        target = f"/bucket/?encoding-type=url&max-keys={size}&delimiter={quote(delimiter)}&marker={marker}"
        answer = await server.call("GET", target)
        page = [unquote(key) for key in texts(answer, "Contents/Key")]
        grouped = [unquote(prefix) for prefix in texts(answer, "CommonPrefixes/Prefix")]
        assert len(page) + len(grouped) <= size
        found, groups = found + page, groups + grouped
        if text(answer, "IsTruncated") == "false":
            assert text(answer, "NextMarker") is None
            break
        marker = text(answer, "NextMarker") or ""
        assert unquote(marker) == max(page + grouped)
    assert found == [key for key in KEYS if not (delimiter and "/" in key)]
    assert groups == (["fun/"] if delimiter else [])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("marker=fun/movie/1", ["fun/movie/2", "fun/z", "z"]),
        ("marker=fun/movie/10", ["fun/movie/2", "fun/z", "z"]),
        ("marker=zz", []),
        ("prefix=fun/&marker=a", ["fun/1", "fun/movie/1", "fun/movie/2", "fun/z"]),
        ("prefix=&marker=&delimiter=&encoding-type=", KEYS),
        ("prefix=nothing", []),
    ],
)
async def test_markers_and_prefixes(server: InProcessServer, query: str, expected: list[str]) -> None:
    for key in KEYS:
        await server.put_object(f"/bucket/{quote(key)}", b"x")
    assert texts(await server.call("GET", f"/bucket/?{query}"), "Contents/Key") == expected


async def test_a_hundred_by_default(server: InProcessServer) -> None:
    for number in range(101):
        await server.put_object(f"/bucket/{number:03}", b"")
    answer = await server.call("GET", "/bucket/")
    assert (text(answer, "MaxKeys"), text(answer, "NextMarker")) == ("100", "099")


@pytest.mark.parametrize(
    "query",
    [
        "max-keys=0",
        "max-keys=1001",
        "max-keys=-1",
        "max-keys=x",
        "encoding-type=base64",
        *(f"{name}={'x' * 1025}" for name in ("prefix", "marker", "delimiter")),
        *(f"{name}=%FF" for name in ("prefix", "marker", "delimiter")),
    ],
)
async def test_parameters_are_judged(server: InProcessServer, query: str) -> None:
    assert (await server.call("GET", f"/bucket/?{query}")).refusal[:2] == (400, "InvalidArgument")


@pytest.mark.parametrize("name", ["prefix", "marker", "delimiter"])
async def test_the_longest_texts(server: InProcessServer, name: str) -> None:
    assert (await server.call("GET", f"/bucket/?{name}={'x' * 1024}")).status == 200


@pytest.mark.parametrize("by", [None, OTHER])
async def test_others_may_not(server: InProcessServer, by: Account | None) -> None:
    assert (await server.call("GET", "/bucket/", by=by)).refusal[:2] == (403, "AccessDenied")
