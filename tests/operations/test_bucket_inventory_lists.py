"""Inventories, carried out: what is listed, where it goes, and when."""

import asyncio
import csv
import gzip
import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import unquote

import pytest

from ossicle.model.objects import Bucket, ObjectVersion
from ossicle.services.body import Body
from ossicle.services.identity import Principal
from ossicle.services.inventory import Inventory
from ossicle.services.objects import Objects, Upload
from ossicle.wire.names import BucketName
from tests.support.elements import texts
from tests.support.inprocess import OTHER, CountedIds, InProcessServer, build_server
from tests.support.inventories import inventory

FOLDER = "/lists/p/bucket/report/"
MOMENT = "2026-03-14T12-00Z/"


def job(server: InProcessServer, rows_max: int = 1000) -> Inventory:
    services = server.services
    return Inventory(server.metadata, services.buckets, services.objects, CountedIds(), rows_max=rows_max)


async def put(server: InProcessServer, document: str, name: str = "report") -> None:
    answer = await server.call("PUT", f"/bucket/?inventory&inventoryId={name}", body=document.encode())
    assert answer.status == 200, answer.body


async def read(server: InProcessServer, path: str) -> bytes:
    answer = await server.call("GET", path)
    assert answer.status == 200, (path, answer.body)
    return answer.body


async def manifest(server: InProcessServer, moment: str = MOMENT) -> dict[str, object]:
    raw = await read(server, f"{FOLDER}{moment}manifest.json")
    told = (await read(server, f"{FOLDER}{moment}manifest.checksum")).decode()
    assert told == hashlib.md5(raw).hexdigest().upper()
    found: dict[str, object] = json.loads(raw)
    return found


async def rows(server: InProcessServer, moment: str = MOMENT) -> list[list[str]]:
    """The lines of all files that a manifest names, with keys decoded."""
    files = (await manifest(server, moment))["files"]
    assert isinstance(files, list)
    found = []
    for file in files:
        raw = await read(server, f"/lists/{file['key']}")
        assert (len(raw), hashlib.md5(raw).hexdigest().upper()) == (file["size"], file["MD5checksum"])
        found += list(csv.reader(gzip.decompress(raw).decode("ascii").splitlines()))
    return [[bucket, unquote(key), *others] for bucket, key, *others in found]


@pytest.fixture
async def bucket(server: InProcessServer) -> InProcessServer:
    await server.put_bucket("bucket")
    await server.put_bucket("lists")
    return server


async def test_objects_with_their_fields(bucket: InProcessServer) -> None:
    await bucket.put_object("/bucket/a/b%20%22%2C.txt", b"hello", ("x-oss-server-side-encryption", "AES256"))
    await bucket.put_object("/bucket/c", b"", ("x-oss-tagging", "a=1&b=2"), ("x-oss-object-acl", "private"))
    fields = ("StorageClass", "Size", "LastModifiedDate", "ETag", "IsMultipartUploaded", "EncryptionStatus",
              "TransitionTime", "ObjectAcl", "TaggingCount", "ObjectType", "Crc64")  # fmt: skip
    await put(bucket, inventory("report", fields=fields))
    await job(bucket).run(bucket.clock.now)

    found = await manifest(bucket)
    assert found["fileSchema"] == ", ".join(("Bucket", "Key", *fields))
    assert found["creationTimestamp"] == str(int(bucket.clock.now.timestamp()))
    assert (found["sourceBucket"], found["destinationBucket"]) == ("bucket", "lists")
    assert (found["fileFormat"], found["version"]) == ("CSV", "2019-09-01")
    md5 = hashlib.md5(b"hello").hexdigest().upper()
    crc = (await bucket.call("HEAD", "/bucket/a/b%20%22%2C.txt")).header("x-oss-hash-crc64ecma")
    when = "2026-03-14T12-00-00Z"
    assert await rows(bucket) == [
        ["bucket", 'a/b ",.txt', "Standard", "5", when, md5, "false", "true", "", "default", "0", "Normal", crc],
        ["bucket", "c", "Standard", "0", when, hashlib.md5().hexdigest().upper(), "false", "false", "", "private", "2",
         "Normal", "0"],
    ]  # fmt: skip


async def test_versions_and_delete_markers(bucket: InProcessServer) -> None:
    await bucket.put_object("/bucket/old", b"1")
    versioning = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    await bucket.call("PUT", "/bucket/?versioning", body=versioning)
    first = (await bucket.put_object("/bucket/key", b"1")).header("x-oss-version-id")
    marker = (await bucket.call("DELETE", "/bucket/key")).header("x-oss-version-id")
    await put(bucket, inventory("report", versions="All", fields=("Size", "Crc64")))
    await job(bucket).run(bucket.clock.now)
    assert str((await manifest(bucket))["fileSchema"]).startswith("Bucket, Key, VersionId, IsLatest, IsDeleteMarker, ")
    found = [row[1:6] for row in await rows(bucket)]
    assert found == [
        ["key", marker, "true", "true", ""],
        ["key", first, "false", "false", "1"],
        ["old", "", "true", "false", "1"],
    ]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ("<Prefix>a/</Prefix>", ["a/1", "a/2"]),
        ("<LowerSizeBound>2</LowerSizeBound>", ["a/2", "b3"]),
        ("<UpperSizeBound>2</UpperSizeBound>", ["a/1", "a/2"]),
        ("<StorageClass>IA,Archive</StorageClass>", ["b3"]),
        ("<StorageClass>All</StorageClass>", ["a/1", "a/2", "b3"]),
        ("<LastModifyBeginTimeStamp>1773489601</LastModifyBeginTimeStamp>", ["b3"]),
        ("<LastModifyEndTimeStamp>1773489600</LastModifyEndTimeStamp>", ["a/1", "a/2"]),
    ],
)
async def test_only_what_fits_is_listed(bucket: InProcessServer, chosen: str, expected: Sequence[str]) -> None:
    await bucket.put_object("/bucket/a/1", b"1")
    await bucket.put_object("/bucket/a/2", b"22")
    bucket.clock.advance(seconds=1)
    await bucket.put_object("/bucket/b3", b"333", ("x-oss-storage-class", "IA"))
    await put(bucket, inventory("report", more=f"<Filter>{chosen}</Filter>"))
    await job(bucket).run(bucket.clock.now)
    assert [row[1] for row in await rows(bucket)] == expected


async def test_many_objects_are_several_files(bucket: InProcessServer) -> None:
    keys = [f"k{number:04}" for number in range(1005)]
    for key in keys:
        await bucket.put_object(f"/bucket/{key}", b"")
    await put(bucket, inventory("report"))
    await job(bucket, rows_max=400).run(bucket.clock.now)
    files = (await manifest(bucket))["files"]
    assert isinstance(files, list)
    name = files[0]["key"].removesuffix(".csv.gz")
    assert [file["key"] for file in files] == [f"{name}.csv.gz", f"{name}-1.csv.gz", f"{name}-2.csv.gz"]
    assert name.startswith("p/bucket/report/data/")
    assert [row[1] for row in await rows(bucket)] == keys


async def test_an_empty_bucket_has_a_manifest_without_files(bucket: InProcessServer) -> None:
    await put(bucket, inventory("report"))
    await job(bucket).run(bucket.clock.now)
    assert (await manifest(bucket))["files"] == []


@pytest.mark.parametrize(("frequency", "days"), [("Daily", 1), ("Weekly", 7)])
async def test_the_next_list_is_made_when_it_is_due(bucket: InProcessServer, frequency: str, days: int) -> None:
    await put(bucket, inventory("report", frequency=frequency))
    first = bucket.clock.now
    for now in (first, first + timedelta(days=days) - timedelta(hours=13), first + timedelta(days=days)):
        await job(bucket).run(now)
    listed = await bucket.services.buckets.find(BucketName("lists"))
    assert listed is not None
    page = await bucket.services.objects.list(listed, prefix="", delimiter="", after="", limit=99)
    moments = {each.key.split("/")[3] for each in page.objects}
    assert moments == {f"{now:%Y-%m-%dT%H-%MZ}" for now in (first, first + timedelta(days=days))}


async def test_one_that_is_off_lists_nothing(bucket: InProcessServer) -> None:
    await put(bucket, inventory("report").replace("<IsEnabled>true", "<IsEnabled>false"))
    await job(bucket).run(bucket.clock.now)
    assert (await bucket.call("GET", f"{FOLDER}{MOMENT}manifest.json")).status == 404


async def test_one_that_can_not_be_made_is_tried_again(bucket: InProcessServer) -> None:
    await bucket.put_bucket("other")
    await put(bucket, inventory("aaa", target="other"), "aaa")
    await put(bucket, inventory("report"))
    await bucket.call("DELETE", "/other/")
    await bucket.put_bucket("other", by=OTHER)
    await job(bucket).run(bucket.clock.now)
    assert (await manifest(bucket))["files"] == []
    assert (await bucket.call("GET", "/other/?list-type=2", by=OTHER)).xml.find("Contents") is None
    await bucket.call("DELETE", "/other/", by=OTHER)
    await bucket.put_bucket("other")
    await job(bucket).run(bucket.clock.now)
    assert (await bucket.call("GET", f"/other/p/bucket/aaa/{MOMENT}manifest.json")).status == 200


async def test_lists_are_encrypted_as_asked() -> None:
    server = build_server()
    await server.put_bucket("bucket")
    await server.put_bucket("lists")
    document = inventory("report").replace("</Prefix></OSS", "</Prefix><Encryption><SSE-OSS/></Encryption></OSS")
    await put(server, document)
    await job(server).run(server.clock.now)
    answer = await server.call("HEAD", f"{FOLDER}{MOMENT}manifest.json")
    assert answer.header("x-oss-server-side-encryption") == "AES256"


async def test_a_run_that_is_broken_off_has_no_manifest(
    bucket: InProcessServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bucket.put_object("/bucket/key", b"1")
    await put(bucket, inventory("report"))
    real = Objects.put

    async def stopped(self: Objects, principal: Principal, target: Bucket, upload: Upload, body: Body) -> ObjectVersion:
        if upload.key.endswith("manifest.checksum"):
            raise asyncio.CancelledError
        return await real(self, principal, target, upload, body)

    monkeypatch.setattr(Objects, "put", stopped)
    with pytest.raises(asyncio.CancelledError):
        await job(bucket).run(bucket.clock.now)
    monkeypatch.undo()
    folder = await bucket.call("GET", "/lists/?list-type=2")
    assert [key.split("/")[3] for key in texts(folder, "Contents/Key")] == ["data"]
    bucket.clock.advance(minutes=1)
    await job(bucket).run(bucket.clock.now)
    assert [row[1] for row in await rows(bucket, "2026-03-14T12-01Z/")] == ["key"]


async def test_a_bucket_whose_inventories_are_damaged_keeps_no_other_from_its_list(
    caplog: pytest.LogCaptureFixture,
) -> None:
    server = build_server()
    for name in ("another", "bucket", "lists"):
        await server.put_bucket(name)
    await put(server, inventory("report"))
    body = inventory("report").encode()
    assert (await server.call("PUT", "/another/?inventory&inventoryId=report", body=body)).status == 200
    row = await server.metadata.read(lambda rows: rows.bucket(BucketName("another")))
    assert row is not None
    await server.metadata.transact(lambda rows: rows.put_bucket_config(row.id, "inventory", b"<Inventories"))
    await job(server).run(server.clock.now)
    assert (await manifest(server))["sourceBucket"] == "bucket"
    assert "the inventories of another can't be read" in caplog.text
