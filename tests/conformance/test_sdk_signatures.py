"""The older signatures: `oss2` with V1 and V2 beside V4, and the official Python SDK V2 told to sign with V1."""

import secrets
import warnings
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import alibabacloud_oss_v2 as oss
import pytest
import requests

from tests.conformance.service import Service
from tests.support.keys import KEYS, REWRITTEN
from tests.support.tools import need_package

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # escapes in its source that Python no longer likes
    oss2 = need_package("oss2")

SECONDS = 30
BODY = bytes(range(256)) * 900
AUTHS = {"v1": oss2.ProviderAuth, "v2": oss2.ProviderAuthV2, "v4": oss2.ProviderAuthV4}


def auth(service: Service, version: str) -> Any:
    keys = service.access_key_id, service.access_key_secret
    return AUTHS[version](oss2.credentials.StaticCredentialsProvider(*keys))


@pytest.fixture(scope="module", params=sorted(AUTHS))
def older(service: Service, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A bucket of `oss2`, which signs with the version that the test is named for."""
    name = f"conformance-{secrets.token_hex(6)}"
    signing = auth(service, request.param)
    made = oss2.Bucket(signing, service.endpoint, name, region=service.region, is_path_style=service.is_path_style)
    made.create_bucket(oss2.BUCKET_ACL_PRIVATE)
    yield made
    for item in oss2.ObjectIteratorV2(made):
        made.delete_object(item.key)
    made.delete_bucket()


def test_a_bucket(older: Any, service: Service) -> None:
    assert older.get_bucket_info().name == older.bucket_name
    assert older.get_bucket_location().location == f"oss-{service.region}"
    buckets = oss2.Service(older.auth, service.endpoint, region=service.region)
    assert older.bucket_name in [found.name for found in oss2.BucketIterator(buckets, prefix="conformance-")]
    rule = oss2.models.CorsRule(allowed_origins=["*"], allowed_methods=["GET"])
    older.put_bucket_cors(oss2.models.BucketCors([rule]))
    assert older.get_bucket_cors().rules[0].allowed_methods == ["GET"]
    older.delete_bucket_cors()


@pytest.mark.parametrize("name", sorted(KEYS.keys() - REWRITTEN))
def test_a_key(older: Any, name: str) -> None:
    key = KEYS[name]
    if key.startswith("?"):
        key = f"a{key}"  # the SDK refuses to sign the other
    older.put_object(key, BODY, headers={"Content-Type": "text/x-log", "x-oss-meta-colour": "red"})
    assert older.get_object(key, byte_range=(1, 9)).read() == BODY[1:10]
    assert older.head_object(key).content_type == "text/x-log"
    assert older.get_object_meta(key).content_length == len(BODY)
    for listed in (older.list_objects(prefix=key), older.list_objects_v2(prefix=key)):
        assert key in [item.key for item in listed.object_list]
    assert older.batch_delete_objects([key]).deleted_keys == [key]


def test_an_upload_in_parts(older: Any) -> None:
    upload_id = older.init_multipart_upload("large").upload_id
    parts = [
        oss2.models.PartInfo(number, older.upload_part("large", upload_id, number, BODY).etag) for number in (1, 2)
    ]
    assert [part.part_number for part in oss2.PartIterator(older, "large", upload_id)] == [1, 2]
    older.complete_multipart_upload("large", upload_id, parts)
    assert older.get_object("large", params={"response-content-type": "a/b; c=d"}).content_type == "a/b; c=d"


@pytest.mark.parametrize("slash_safe", [False, True])
@pytest.mark.parametrize("key", ["signed", "signed/ünïcode +%.csv"])
def test_presigned_urls(older: Any, key: str, *, slash_safe: bool) -> None:
    headers = {"Content-Type": "text/csv", "x-oss-meta-colour": "blue"}
    url = older.sign_url("PUT", key, 600, slash_safe=slash_safe, headers=headers)
    refused = requests.put(url, data=BODY, timeout=SECONDS)
    assert (refused.status_code, "<Code>SignatureDoesNotMatch</Code>" in refused.text) == (403, True)
    more = {**headers, "x-oss-object-acl": "public-read"}
    assert requests.put(url, data=BODY, headers=more, timeout=SECONDS).status_code == 403
    assert requests.put(url, data=BODY, headers=headers, timeout=SECONDS).status_code == 200
    parameters = {"response-content-disposition": 'attachment; filename="a b+c.txt"'}
    read = older.sign_url("GET", key, 600, slash_safe=slash_safe, params=parameters)
    got = requests.get(read, timeout=SECONDS)
    assert (got.content, got.headers["x-oss-meta-colour"]) == (BODY, "blue")
    assert got.headers["Content-Disposition"] == parameters["response-content-disposition"]
    other = read.replace("attachment", "inline")
    assert requests.get(other, timeout=SECONDS).status_code == 403
    assert requests.put(read, data=BODY, timeout=SECONDS).status_code == 403


def test_a_wrong_secret(older: Any, service: Service) -> None:
    provider = oss2.credentials.StaticCredentialsProvider(service.access_key_id, "another secret")
    forger = oss2.Bucket(
        type(older.auth)(provider),
        service.endpoint,
        older.bucket_name,
        region=service.region,
        is_path_style=service.is_path_style,
    )
    with pytest.raises(oss2.exceptions.SignatureDoesNotMatch) as refusal:
        forger.get_object("large")
    assert refusal.value.status == 403
    assert refusal.value.details["OSSAccessKeyId"] == service.access_key_id
    nobody = oss2.credentials.StaticCredentialsProvider("nobody", service.access_key_secret)
    stranger = oss2.Bucket(
        type(older.auth)(nobody),
        service.endpoint,
        older.bucket_name,
        region=service.region,
        is_path_style=service.is_path_style,
    )
    with pytest.raises(oss2.exceptions.ServerError) as unknown:
        stranger.get_object("large")
    assert (unknown.value.status, unknown.value.code) == (403, "InvalidAccessKeyId")


def test_additional_headers_of_v2(older: Any, service: Service) -> None:
    if not isinstance(older.auth, oss2.ProviderAuthV2):
        return
    headers = {"Content-Type": "text/plain", "Content-Disposition": "inline"}
    names = ["content-disposition", "content-type", "absent"]
    url = older.sign_url("PUT", "listed", 600, headers=headers, additional_headers=names)
    changed = {**headers, "Content-Disposition": "attachment"}
    assert requests.put(url, data=BODY, headers=changed, timeout=SECONDS).status_code == 403
    missing = requests.put(url, data=BODY, headers={"Content-Type": "text/plain"}, timeout=SECONDS)
    assert (missing.status_code, "<Code>InvalidArgument</Code>" in missing.text) == (400, True)
    assert requests.put(url, data=BODY, headers=headers, timeout=SECONDS).status_code == 200
    # Two headers that this SDK lists by itself.
    assert older.get_object("listed", headers={"Range": "bytes=0-1"}).read() == BODY[:2]


# -- the official Python SDK V2


@pytest.fixture(scope="module")
def newer(service: Service) -> oss.Client:
    return service.client(signature_version="v1", region="elsewhere")


def test_every_day_s_work_signed_with_v1(newer: oss.Client, bucket: str) -> None:
    for name in sorted(KEYS.keys() - REWRITTEN):
        key = KEYS[name]
        newer.put_object(oss.PutObjectRequest(bucket=bucket, key=key, body=BODY, metadata={"colour": "red"}))
        with newer.get_object(
            oss.GetObjectRequest(bucket=bucket, key=key, response_content_type="a/b; c=d", range_header="bytes=0-3")
        ).body as body:
            assert body.read() == BODY[:4]
        assert newer.head_object(oss.HeadObjectRequest(bucket=bucket, key=key)).metadata == {"colour": "red"}
    listed = [
        item.key
        for page in newer.list_objects_v2_paginator().iter_page(oss.ListObjectsV2Request(bucket=bucket, max_keys=7))
        for item in page.contents or []
    ]
    assert set(listed) >= {KEYS[name] for name in KEYS.keys() - REWRITTEN}
    assert newer.get_bucket_info(oss.GetBucketInfoRequest(bucket=bucket)).bucket_info.name == bucket
    assert bucket in [found.name for found in newer.list_buckets(oss.ListBucketsRequest(prefix=bucket)).buckets or []]


def test_parts_signed_with_v1(newer: oss.Client, bucket: str) -> None:
    begun = newer.initiate_multipart_upload(oss.InitiateMultipartUploadRequest(bucket=bucket, key="parts"))
    etag = newer.upload_part(
        oss.UploadPartRequest(bucket=bucket, key="parts", upload_id=begun.upload_id, part_number=1, body=BODY)
    ).etag
    document = oss.CompleteMultipartUpload(parts=[oss.UploadPart(part_number=1, etag=etag)])
    newer.complete_multipart_upload(
        oss.CompleteMultipartUploadRequest(
            bucket=bucket, key="parts", upload_id=begun.upload_id, complete_multipart_upload=document
        )
    )
    newer.copy_object(oss.CopyObjectRequest(bucket=bucket, key="copy", source_key="parts"))
    newer.delete_multiple_objects(
        oss.DeleteMultipleObjectsRequest(
            bucket=bucket, objects=[oss.DeleteObject(key=key) for key in ("parts", "copy")]
        )
    )


def test_urls_signed_with_v1(newer: oss.Client, bucket: str) -> None:
    request = oss.PutObjectRequest(bucket=bucket, key="a b/c+d", content_type="text/plain", metadata={"colour": "red"})
    signed = newer.presign(request, expires=timedelta(days=30))  # V4 would refuse so long a time
    assert "OSSAccessKeyId=" in signed.url
    assert requests.put(signed.url, data=BODY, timeout=SECONDS).status_code == 403
    assert requests.put(signed.url, data=BODY, headers=signed.signed_headers, timeout=SECONDS).status_code == 200
    read = newer.presign(oss.GetObjectRequest(bucket=bucket, key="a b/c+d", version_id="null"))
    assert requests.get(read.url, timeout=SECONDS).content == BODY
    assert requests.get(read.url.replace("versionId=null&", ""), timeout=SECONDS).status_code == 403
    late = newer.presign(oss.GetObjectRequest(bucket=bucket, key="a b/c+d"), expires=timedelta(seconds=-5))
    expired = requests.get(late.url, timeout=SECONDS)
    assert (expired.status_code, "Request has expired." in expired.text) == (403, True)
