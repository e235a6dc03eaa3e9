"""Versions as both official Python SDKs use them, and as our own clients do."""

import secrets
import warnings
from collections.abc import Iterator

import alibabacloud_oss_v2 as oss
import pytest

import ossicle
from tests.conformance.service import Service
from tests.support.tools import need_package

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # escapes in its source that Python no longer likes
    oss2 = need_package("oss2")

KEY = "a key+with ü/.txt"


@pytest.fixture
def bucket(service: Service) -> Iterator[str]:
    """A bucket with versions, emptied by our own client."""
    name = f"conformance-{secrets.token_hex(6)}"
    enabled = ossicle.VersioningConfiguration(status="Enabled")
    with ossicle.Client(service.config()) as client:
        client.put_bucket(ossicle.PutBucketRequest(bucket=name))
        assert client.get_bucket_versioning(ossicle.GetBucketVersioningRequest(bucket=name)).version_status is None
        client.put_bucket_versioning(ossicle.PutBucketVersioningRequest(bucket=name, versioning_configuration=enabled))
        yield name
        request = ossicle.ListObjectVersionsRequest(bucket=name, encoding_type="url")
        for page in client.list_object_versions_paginator(limit=2).iter_page(request):
            entries = [(item.key, item.version_id) for item in page.version]
            entries += [(item.key, item.version_id) for item in page.delete_marker]
            objects = tuple(ossicle.ObjectIdentifier(key=key or "", version_id=version) for key, version in entries)
            delete = ossicle.Delete(objects=objects)
            told = client.delete_multiple_objects(ossicle.DeleteMultipleObjectsRequest(bucket=name, delete=delete))
            assert len(told.deleted_objects) == len(entries)
        client.delete_bucket(ossicle.DeleteBucketRequest(bucket=name))


def test_the_official_sdk(service: Service, bucket: str) -> None:
    client = service.client()
    assert client.get_bucket_versioning(oss.GetBucketVersioningRequest(bucket=bucket)).version_status == "Enabled"
    assert client.get_bucket_info(oss.GetBucketInfoRequest(bucket=bucket)).bucket_info.versioning == "Enabled"
    ids = [
        client.put_object(oss.PutObjectRequest(bucket=bucket, key=KEY, body=body)).version_id for body in (b"1", b"22")
    ]
    old = client.get_object(oss.GetObjectRequest(bucket=bucket, key=KEY, version_id=ids[0]))
    assert (old.body.content, old.version_id) == (b"1", ids[0])
    assert client.head_object(oss.HeadObjectRequest(bucket=bucket, key=KEY)).version_id == ids[1]
    copied = client.copy_object(
        oss.CopyObjectRequest(bucket=bucket, key=KEY, source_bucket=bucket, source_key=KEY, source_version_id=ids[0])
    )
    assert copied.source_version_id == ids[0]
    marker = client.delete_object(oss.DeleteObjectRequest(bucket=bucket, key=KEY))
    assert marker.delete_marker is True
    with pytest.raises(oss.exceptions.OperationError) as failure:
        client.get_object(oss.GetObjectRequest(bucket=bucket, key=KEY))
    assert "NoSuchKey" in str(failure.value)
    pages = list(
        client.list_object_versions_paginator(limit=1).iter_page(
            oss.ListObjectVersionsRequest(bucket=bucket, encoding_type="url")
        )
    )
    versions = [item for page in pages for item in page.version or ()]
    markers = [item for page in pages for item in page.delete_marker or ()]
    assert [item.version_id for item in versions] == [copied.version_id, ids[1], ids[0]]
    assert [(item.key, item.version_id, item.is_latest) for item in markers] == [(KEY, marker.version_id, True)]
    objects = [
        oss.DeleteObject(key=KEY, version_id=marker.version_id), oss.DeleteObject(key=KEY, version_id=ids[1]),
    ]  # fmt: skip
    told = client.delete_multiple_objects(oss.DeleteMultipleObjectsRequest(bucket=bucket, objects=objects))
    assert [(item.key, item.delete_marker) for item in told.deleted_objects] == [(KEY, True), (KEY, None)]
    quiet = oss.DeleteMultipleObjectsRequest(bucket=bucket, objects=[oss.DeleteObject(key="never")], quiet=True)
    assert not client.delete_multiple_objects(quiet).deleted_objects
    stat = client.get_bucket_stat(oss.GetBucketStatRequest(bucket=bucket))
    assert (stat.object_count, stat.storage, stat.delete_marker_count) == (2, 2, 1)


def test_the_sdk_before(service: Service, bucket: str) -> None:
    provider = oss2.credentials.StaticCredentialsProvider(service.access_key_id, service.access_key_secret)
    auth = oss2.ProviderAuthV4(provider)
    older = oss2.Bucket(auth, service.endpoint, bucket, region=service.region, is_path_style=True)
    assert older.get_bucket_versioning().status == "Enabled"
    ids = [older.put_object(KEY, body).versionid for body in (b"1", b"22")]
    assert older.get_object(KEY, params={"versionId": ids[0]}).read() == b"1"
    copied = older.copy_object(bucket, KEY, KEY, params={"versionId": ids[0]})
    assert older.get_object(KEY).read() == b"1"
    marker = older.delete_object(KEY)
    assert marker.delete_marker
    listed = older.list_object_versions(max_keys=2)
    assert (listed.is_truncated, listed.next_key_marker) == (True, KEY)
    assert [item.versionid for item in listed.versions] == [copied.versionid]
    assert [(item.versionid, item.is_latest) for item in listed.delete_marker] == [(marker.versionid, True)]
    rest = older.list_object_versions(key_marker=KEY, versionid_marker=listed.next_versionid_marker)
    assert [item.versionid for item in rest.versions] == ids[::-1]
    versions = oss2.models.BatchDeleteObjectVersionList()
    versions.append(oss2.models.BatchDeleteObjectVersion(key=KEY, versionid=marker.versionid))
    versions.append(oss2.models.BatchDeleteObjectVersion(key=KEY, versionid=ids[0]))
    told = older.delete_object_versions(versions).delete_versions
    assert [(item.versionid, item.delete_marker) for item in told] == [(marker.versionid, True), (ids[0], False)]
    with pytest.raises(oss2.exceptions.ServerError) as failure:
        older.get_object(KEY, params={"versionId": ids[0]})
    assert failure.value.code == "NoSuchVersion"
    assert older.get_bucket_stat().object_count == 2
    older.put_bucket_versioning(oss2.models.BucketVersioningConfig("Suspended"))
    assert older.put_object(KEY, b"null").versionid == "null"
    with pytest.raises(oss2.exceptions.ServerError):
        older.put_bucket_versioning(oss2.models.BucketVersioningConfig("Disabled"))


async def test_our_async_client(service: Service, bucket: str) -> None:
    async with ossicle.AsyncClient(service.config()) as client:
        for body in (b"1", b"22", b"333"):
            await client.put_object(ossicle.PutObjectRequest(bucket=bucket, key=KEY, body=body))
        request = ossicle.ListObjectVersionsRequest(bucket=bucket)
        sizes = [
            item.size
            async for page in client.list_object_versions_paginator(limit=2).iter_page(request)
            for item in page.version
        ]
        assert sizes == [3, 2, 1]
        stat = await client.get_bucket_stat(ossicle.GetBucketStatRequest(bucket=bucket))
        assert (stat.object_count, stat.standard_storage, stat.multi_part_part_count) == (3, 6, 0)
        status = await client.get_bucket_versioning(ossicle.GetBucketVersioningRequest(bucket=bucket))
        assert status.version_status is ossicle.Versioning.ENABLED
        delete = ossicle.Delete(quiet=True, objects=(ossicle.ObjectIdentifier(key=KEY),))
        told = await client.delete_multiple_objects(ossicle.DeleteMultipleObjectsRequest(bucket=bucket, delete=delete))
        assert told.deleted_objects == ()
        assert not await client.is_object_exist(bucket, KEY)
