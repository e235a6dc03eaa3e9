"""The official Python SDK V2 uses the service: every operation that is served, as its users call them."""

import hashlib
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import alibabacloud_oss_v2 as oss
import pytest

from tests.conformance.service import Service
from tests.support.keys import KEYS, REWRITTEN

LARGE = bytes(range(256)) * 12_000


def refused(call: object) -> tuple[int, str]:
    """Status and code of an operation that must be refused; the SDK wraps its service errors."""
    error = call.value.unwrap()  # type: ignore[attr-defined]  # pytest's ExceptionInfo of an SDK without types
    assert isinstance(error, oss.exceptions.ServiceError)
    assert error.request_id
    return error.status_code, error.code


# -- service and bucket


def test_buckets_are_made_found_and_removed(client: oss.Client) -> None:
    prefix = f"conformance-{secrets.token_hex(4)}"
    names = [f"{prefix}-{letter}" for letter in "abc"]
    for name in names:
        assert client.put_bucket(oss.PutBucketRequest(bucket=name, acl="private")).status_code == 200
    pages = list(client.list_buckets_paginator().iter_page(oss.ListBucketsRequest(prefix=prefix, max_keys=2)))
    assert [[bucket.name for bucket in page.buckets] for page in pages] == [names[:2], names[2:]]
    assert client.is_bucket_exist(names[0])
    for name in names:
        client.delete_bucket(oss.DeleteBucketRequest(bucket=name))
    assert not client.is_bucket_exist(names[0])
    with pytest.raises(oss.exceptions.OperationError) as missing:
        client.get_bucket_info(oss.GetBucketInfoRequest(bucket=names[0]))
    assert refused(missing) == (404, "NoSuchBucket")


def test_what_a_bucket_is(client: oss.Client, service: Service, bucket: str) -> None:
    info = client.get_bucket_info(oss.GetBucketInfoRequest(bucket=bucket)).bucket_info
    assert (info.name, info.acl, info.storage_class) == (bucket, "private", "Standard")
    assert info.location == f"oss-{service.region}"
    assert abs(datetime.now(UTC) - info.creation_date) < timedelta(minutes=10)
    assert info.owner.id
    location = client.get_bucket_location(oss.GetBucketLocationRequest(bucket=bucket))
    assert location.location == f"oss-{service.region}"


def test_a_bucket_that_is_not_empty_stays(client: oss.Client, bucket: str) -> None:
    client.put_object(oss.PutObjectRequest(bucket=bucket, key="stays", body=b"body"))
    with pytest.raises(oss.exceptions.OperationError) as not_empty:
        client.delete_bucket(oss.DeleteBucketRequest(bucket=bucket))
    assert refused(not_empty) == (409, "BucketNotEmpty")


def test_cross_origin_rules(client: oss.Client, bucket: str) -> None:
    rule = oss.CORSRule(
        allowed_origins=["https://a.example", "*.b.example"],
        allowed_methods=["PUT", "GET"],
        allowed_headers=["*"],
        expose_headers=["ETag", "x-oss-request-id"],
        max_age_seconds=300,
    )
    rules = oss.CORSConfiguration(cors_rules=[rule], response_vary=True)
    client.put_bucket_cors(oss.PutBucketCorsRequest(bucket=bucket, cors_configuration=rules))
    got = client.get_bucket_cors(oss.GetBucketCorsRequest(bucket=bucket)).cors_configuration
    assert got.response_vary is True
    [kept] = got.cors_rules
    for name in ("allowed_origins", "allowed_methods", "allowed_headers", "expose_headers", "max_age_seconds"):
        assert getattr(kept, name) == getattr(rule, name)
    client.delete_bucket_cors(oss.DeleteBucketCorsRequest(bucket=bucket))
    with pytest.raises(oss.exceptions.OperationError) as missing:
        client.get_bucket_cors(oss.GetBucketCorsRequest(bucket=bucket))
    assert refused(missing) == (404, "NoSuchCORSConfiguration")


# -- objects


@pytest.mark.parametrize("name", sorted(KEYS.keys() - REWRITTEN))
def test_a_key(client: oss.Client, bucket: str, name: str) -> None:
    key = KEYS[name]
    client.put_object(oss.PutObjectRequest(bucket=bucket, key=key, body=name.encode()))
    with client.get_object(oss.GetObjectRequest(bucket=bucket, key=key)).body as body:
        assert body.read() == name.encode()
    listed = client.list_objects_v2(oss.ListObjectsV2Request(bucket=bucket, prefix=key))
    assert key in [item.key for item in listed.contents]
    assert client.delete_object(oss.DeleteObjectRequest(bucket=bucket, key=key)).status_code == 204
    with pytest.raises(oss.exceptions.OperationError) as missing:
        client.head_object(oss.HeadObjectRequest(bucket=bucket, key=key))
    assert refused(missing) == (404, "NoSuchKey")


def chunks() -> Iterator[bytes]:
    for start in range(0, len(LARGE), 100_000):
        yield LARGE[start : start + 100_000]


@pytest.mark.parametrize("form", ["bytes", "text", "nothing", "file", "chunks"])
def test_a_body(client: oss.Client, bucket: str, tmp_path: Path, form: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(LARGE)
    expected = {"text": b"text", "nothing": b""}.get(form, LARGE)
    with path.open("rb") as file:
        bodies = {"bytes": LARGE, "text": "text", "nothing": None, "file": file, "chunks": chunks()}
        result = client.put_object(oss.PutObjectRequest(bucket=bucket, key=f"body-{form}", body=bodies[form]))
    assert result.etag == f'"{hashlib.md5(expected).hexdigest().upper()}"'
    client.get_object_to_file(oss.GetObjectRequest(bucket=bucket, key=f"body-{form}"), str(tmp_path / "got"))
    assert (tmp_path / "got").read_bytes() == expected


def test_what_is_stored_with_an_object(client: oss.Client, bucket: str) -> None:
    stored = {
        "content_type": "text/plain; charset=utf-8",
        "cache_control": "max-age=60",
        "content_disposition": 'attachment; filename="a.txt"',
        "content_encoding": "identity",
        "expires": "Wed, 01 Jan 2031 00:00:00 GMT",
        "storage_class": "IA",
    }
    metadata = {"colour": "red", "note": "a b+c%20"}
    client.put_object(oss.PutObjectRequest(bucket=bucket, key="kept", body=LARGE, metadata=metadata, **stored))
    for result in (
        client.head_object(oss.HeadObjectRequest(bucket=bucket, key="kept")),
        client.get_object(oss.GetObjectRequest(bucket=bucket, key="kept")),
    ):
        assert {name: getattr(result, name) for name in stored} == stored
        assert result.metadata == metadata
        assert result.content_length == len(LARGE)
        assert result.object_type == "Normal"
        assert abs(datetime.now(UTC) - result.last_modified) < timedelta(minutes=10)
        if result.__class__.__name__ == "GetObjectResult":
            result.body.close()


def test_a_part_of_an_object(client: oss.Client, bucket: str) -> None:
    client.put_object(oss.PutObjectRequest(bucket=bucket, key="part", body=LARGE))
    for header, expected in (("bytes=5-9", LARGE[5:10]), ("bytes=-7", LARGE[-7:]), ("bytes=3000000-", LARGE[3000000:])):
        result = client.get_object(oss.GetObjectRequest(bucket=bucket, key="part", range_header=header))
        assert result.status_code == 206
        assert result.content_range.endswith(f"/{len(LARGE)}")
        with result.body as body:
            assert body.read() == expected


def test_conditions(client: oss.Client, bucket: str) -> None:
    etag = client.put_object(oss.PutObjectRequest(bucket=bucket, key="condition", body=b"body")).etag
    an_hour_ago = format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True)
    for met in ({"if_match": etag}, {"if_none_match": '"other"'}, {"if_modified_since": an_hour_ago}):
        client.get_object(oss.GetObjectRequest(bucket=bucket, key="condition", **met)).body.close()
    for unmet, status in (
        ({"if_match": '"other"'}, 412),
        ({"if_none_match": etag}, 304),
        ({"if_unmodified_since": an_hour_ago}, 412),
    ):
        with pytest.raises(oss.exceptions.OperationError) as failure:
            client.get_object(oss.GetObjectRequest(bucket=bucket, key="condition", **unmet))
        assert failure.value.unwrap().status_code == status


def test_uploads_that_are_refused(client: oss.Client, bucket: str) -> None:
    client.put_object(oss.PutObjectRequest(bucket=bucket, key="once", body=b"body"))
    for changes, expected in (
        ({"forbid_overwrite": True}, (409, "FileAlreadyExists")),
        ({"content_md5": "1B2M2Y8AsgTpgAmY7PhCfg=="}, (400, "InvalidDigest")),
        ({"storage_class": "Cheap"}, (400, "InvalidArgument")),
    ):
        with pytest.raises(oss.exceptions.OperationError) as failure:
            client.put_object(oss.PutObjectRequest(bucket=bucket, key="once", body=b"other", **changes))
        assert refused(failure) == expected
    with client.get_object(oss.GetObjectRequest(bucket=bucket, key="once")).body as body:
        assert body.read() == b"body"


def test_what_is_not_there(client: oss.Client, bucket: str) -> None:
    with pytest.raises(oss.exceptions.OperationError) as missing:
        client.get_object(oss.GetObjectRequest(bucket=bucket, key="missing"))
    assert refused(missing) == (404, "NoSuchKey")
    with pytest.raises(oss.exceptions.OperationError) as headless:
        client.head_object(oss.HeadObjectRequest(bucket=bucket, key="missing"))
    assert refused(headless) == (404, "NoSuchKey"), "its document comes in a header"
    assert client.delete_object(oss.DeleteObjectRequest(bucket=bucket, key="missing")).status_code == 204


def test_listings(client: oss.Client, bucket: str) -> None:
    keys = [f"list/{folder}/{number:02} ü" for folder in "abc" for number in range(5)]
    for key in keys:
        client.put_object(oss.PutObjectRequest(bucket=bucket, key=key, body=key.encode()))

    def pages(**more: object) -> list[oss.ListObjectsV2Result]:
        request = oss.ListObjectsV2Request(bucket=bucket, **{"prefix": "list/", **more})
        return list(client.list_objects_v2_paginator().iter_page(request))

    found = [page.contents for page in pages(max_keys=4)]
    assert [len(page) for page in found] == [4, 4, 4, 3]
    assert [item.key for page in found for item in page] == keys
    assert {item.etag for page in found for item in page} == {
        f'"{hashlib.md5(key.encode()).hexdigest().upper()}"' for key in keys
    }
    [rolled_up] = pages(delimiter="/")
    assert [group.prefix for group in rolled_up.common_prefixes] == ["list/a/", "list/b/", "list/c/"]
    [late] = pages(start_after=keys[12], fetch_owner=True)
    assert [item.key for item in late.contents] == keys[13:]
    assert all(item.owner.id for item in late.contents)


# -- who asks


@pytest.mark.parametrize(
    ("access_key_id", "access_key_secret", "expected"),
    [
        (None, "another secret", (403, "SignatureDoesNotMatch")),
        ("nobody", None, (403, "InvalidAccessKeyId")),
    ],
    ids=["secret", "id"],
)
def test_keys_that_are_wrong(
    service: Service, bucket: str, access_key_id: str | None, access_key_secret: str | None, expected: tuple[int, str]
) -> None:
    provider = oss.credentials.StaticCredentialsProvider(
        access_key_id or service.access_key_id, access_key_secret or service.access_key_secret
    )
    with pytest.raises(oss.exceptions.OperationError) as failure:
        service.client(credentials_provider=provider).put_object(
            oss.PutObjectRequest(bucket=bucket, key="never", body=b"body")
        )
    assert refused(failure) == expected


def test_nobody_in_particular_gets_nothing_of_a_private_bucket(
    service: Service, client: oss.Client, bucket: str
) -> None:
    client.put_object(oss.PutObjectRequest(bucket=bucket, key="private", body=b"body"))
    anonymous = service.client(credentials_provider=oss.credentials.AnonymousCredentialsProvider())
    with pytest.raises(oss.exceptions.OperationError) as failure:
        anonymous.get_object(oss.GetObjectRequest(bucket=bucket, key="private"))
    assert refused(failure) == (403, "AccessDenied")
