"""ListParts and ListMultipartUploads: pages, markers and encodings."""

from urllib.parse import unquote

import pytest

from tests.support.elements import text, texts
from tests.support.inprocess import InProcessServer
from tests.support.uploading import begun, etag_of, initiate, put_part

PATH = "/bucket/large"


async def test_what_a_listing_of_parts_shows(server: InProcessServer) -> None:
    upload_id = await initiate(server, "/bucket/a%20b", ("x-oss-storage-class", "IA"))
    await put_part(server, "/bucket/a%20b", upload_id, 7, b"123456789")
    server.clock.advance(hours=1)
    answer = await server.call("GET", f"/bucket/a%20b?uploadId={upload_id}&encoding-type=url")
    assert answer.body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<ListPartsResult><EncodingType>url</EncodingType><Bucket>bucket</Bucket>'
        f"<Key>a%20b</Key><UploadId>{upload_id}</UploadId><StorageClass>IA</StorageClass>"
        "<PartNumberMarker>0</PartNumberMarker><NextPartNumberMarker>7</NextPartNumberMarker><MaxParts>1000</MaxParts>"
        "<IsTruncated>false</IsTruncated><Part><PartNumber>7</PartNumber>"
        f'<LastModified>2026-03-14T12:00:00.000Z</LastModified><ETag>"{etag_of(b"123456789")}"</ETag>'
        "<HashCrc64ecma>11051210869376104954</HashCrc64ecma><Size>9</Size></Part></ListPartsResult>"
    )


async def test_an_upload_without_parts(server: InProcessServer) -> None:
    upload_id = await initiate(server, PATH)
    answer = await server.call("GET", f"{PATH}?uploadId={upload_id}")
    assert (text(answer, "NextPartNumberMarker"), text(answer, "IsTruncated")) == ("0", "false")


@pytest.mark.parametrize("size", [1, 2, 3, 4, 1000])
async def test_pages_of_parts_make_the_whole(server: InProcessServer, size: int) -> None:
    upload_id = await initiate(server, PATH)
    numbers = [1, 2, 5, 10_000]
    for number in reversed(numbers):
        await put_part(server, PATH, upload_id, number, b"x")
    found: list[int] = []
    marker, is_truncated = "", True
    while is_truncated:
        answer = await server.call("GET", f"{PATH}?uploadId={upload_id}&max-parts={size}&part-number-marker={marker}")
        page = [int(number) for number in texts(answer, "Part/PartNumber")]
        assert len(page) <= size
        found += page
        marker, is_truncated = text(answer, "NextPartNumberMarker") or "", text(answer, "IsTruncated") == "true"
        assert marker == str(page[-1])
    assert found == numbers


@pytest.mark.parametrize("query", ["max-parts=0", "max-parts=1001", "max-parts=x", "encoding-type=x"])
async def test_parameters_of_parts_are_judged(server: InProcessServer, query: str) -> None:
    upload_id = await initiate(server, PATH)
    answer = await server.call("GET", f"{PATH}?uploadId={upload_id}&{query}")
    assert answer.refusal[:2] == (400, "InvalidArgument")


async def test_what_a_listing_of_uploads_shows(server: InProcessServer) -> None:
    upload_id = await initiate(server, "/bucket/a%20b", ("x-oss-storage-class", "IA"))
    await initiate(server, "/bucket/p/q")
    server.clock.advance(hours=1)
    answer = await server.call("GET", "/bucket/?uploads&delimiter=/&encoding-type=url")
    assert answer.body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<ListMultipartUploadsResult><EncodingType>url</EncodingType>'
        "<Bucket>bucket</Bucket><KeyMarker></KeyMarker><UploadIdMarker></UploadIdMarker><NextKeyMarker></NextKeyMarker>"
        "<NextUploadIdMarker></NextUploadIdMarker><Delimiter>%2F</Delimiter><Prefix></Prefix><MaxUploads>1000</MaxUploads>"
        f"<IsTruncated>false</IsTruncated><Upload><Key>a%20b</Key><UploadId>{upload_id}</UploadId>"
        "<StorageClass>IA</StorageClass><Initiated>2026-03-14T12:00:00.000Z</Initiated></Upload>"
        "<CommonPrefixes><Prefix>p%2F</Prefix></CommonPrefixes></ListMultipartUploadsResult>"
    )


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
@pytest.mark.parametrize("delimiter", ["", "%2F"])
async def test_pages_of_uploads_make_the_whole(server: InProcessServer, size: int, delimiter: str) -> None:
    keys = ["a", "a", "a", "b/1", "b/2", "b/2", "c"]
    started = sorted([(key, await initiate(server, f"/bucket/{key}")) for key in keys])
    found: list[tuple[str, str]] = []
    groups: list[str] = []
    query = ""
    while True:
        answer = await server.call(
            "GET", f"/bucket/?uploads&encoding-type=url&max-uploads={size}&delimiter={delimiter}{query}"
        )
        page = zip(texts(answer, "Upload/Key"), texts(answer, "Upload/UploadId"), strict=True)
        found += [(unquote(key), upload_id) for key, upload_id in page]
        groups += [unquote(prefix) for prefix in texts(answer, "CommonPrefixes/Prefix")]
        if text(answer, "IsTruncated") == "false":
            break
        query = f"&key-marker={text(answer, 'NextKeyMarker')}&upload-id-marker={text(answer, 'NextUploadIdMarker')}"
    assert found == [(key, upload_id) for key, upload_id in started if not (delimiter and "/" in key)]
    assert groups == (["b/"] if delimiter else [])


async def test_markers_of_uploads(server: InProcessServer) -> None:
    started = sorted([("a", await initiate(server, "/bucket/a")) for _ in range(3)])
    last = ("b", await initiate(server, "/bucket/b"))

    async def after(query: str) -> list[tuple[str, str]]:
        answer = await server.call("GET", f"/bucket/?uploads&{query}")
        return list(zip(texts(answer, "Upload/Key"), texts(answer, "Upload/UploadId"), strict=True))

    assert await after("key-marker=a") == [last]
    assert await after(f"key-marker=a&upload-id-marker={started[0][1]}") == [*started[1:], last]
    assert await after(f"upload-id-marker={started[0][1]}") == [*started, last], "an id alone marks nothing"
    assert await after("prefix=b") == [last]
    assert await after("key-marker=b") == []


@pytest.mark.parametrize(
    "query",
    [
        "max-uploads=0",
        "max-uploads=1001",
        "encoding-type=x",
        f"prefix={'x' * 1025}",
        f"key-marker={'x' * 1025}",
        "delimiter=%FF",
        "upload-id-marker=%FF",
    ],
)
async def test_parameters_of_uploads_are_judged(server: InProcessServer, query: str) -> None:
    assert (await server.call("GET", f"/bucket/?uploads&{query}")).refusal[:2] == (400, "InvalidArgument")


async def test_an_upload_leaves_the_listing_when_it_ends(server: InProcessServer) -> None:
    upload_id, _ = await begun(server, PATH, b"x")
    assert (await server.call("DELETE", f"{PATH}?uploadId={upload_id}")).status == 204
    assert texts(await server.call("GET", "/bucket/?uploads"), "Upload/UploadId") == []
