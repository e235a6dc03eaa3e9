"""Both clients against a real server: the owner's whole day, and what everybody else can do with a signed URL."""

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

import ossicle
from tests.support.server import REGION, ServerProcess

KEYS = [
    "plain.txt",
    "dir/ünïcode 値.txt",
    "a b+c%2Fd.txt",
    "a/../b//./c",
    "//leading",
    "/leading",
    "?q=1&x#y",
    "marks-!*'();:@,=$[]",
    "control-\x01\x7f",
    "k" * 1023,
]


def settings(server: ServerProcess, **changes: Any) -> ossicle.Config:
    given: dict[str, Any] = {
        "region": REGION,
        "endpoint": server.endpoint,
        "credentials_provider": ossicle.credentials.StaticCredentialsProvider(
            server.access_key_id, server.access_key_secret
        ),
    }
    return ossicle.Config(**{**given, **changes})


@pytest.fixture
def client(server: ServerProcess) -> Iterator[ossicle.Client]:
    with ossicle.Client(settings(server)) as made:
        yield made


@pytest.fixture
def bucket(client: ossicle.Client, request: pytest.FixtureRequest) -> Iterator[str]:
    """A bucket of the test's own, removed with all that is in it."""
    name = f"client-{abs(hash(request.node.nodeid)):x}"
    client.put_bucket(ossicle.PutBucketRequest(bucket=name))
    yield name
    for item in client.list_objects_v2(ossicle.ListObjectsV2Request(bucket=name, encoding_type="url")).contents:
        client.delete_object(ossicle.DeleteObjectRequest(bucket=name, key=item.key or ""))
    client.delete_bucket(ossicle.DeleteBucketRequest(bucket=name))


def read(client: ossicle.Client, bucket: str, key: str, **more: Any) -> bytes:
    body = client.get_object(ossicle.GetObjectRequest(bucket=bucket, key=key, **more)).body
    assert body is not None
    return body.read()


@pytest.mark.parametrize("key", KEYS)
def test_a_key_comes_back_as_it_was_given(client: ossicle.Client, bucket: str, key: str) -> None:
    client.put_object(ossicle.PutObjectRequest(bucket=bucket, key=key, body=key))
    assert read(client, bucket, key) == key.encode()
    listed = client.list_objects_v2(ossicle.ListObjectsV2Request(bucket=bucket, encoding_type="url"))
    assert [item.key for item in listed.contents] == [key]


def chunks() -> Iterator[bytes]:
    yield b"in "
    yield b"chunks"


@pytest.mark.parametrize(
    ("body", "content"),
    [
        (b"", b""),
        (None, b""),
        (b"bytes", b"bytes"),
        ("täxt", "täxt".encode()),
        (io.BytesIO(b"a file"), b"a file"),
        (bytes(3_000_000), bytes(3_000_000)),
    ],
)
def test_bodies(client: ossicle.Client, bucket: str, body: object, content: bytes) -> None:
    result = client.put_object(ossicle.PutObjectRequest(bucket=bucket, key="a", body=body))
    assert result.hash_crc64 is not None
    assert read(client, bucket, "a") == content


def test_a_body_of_unknown_length(client: ossicle.Client, bucket: str) -> None:
    client.put_object(ossicle.PutObjectRequest(bucket=bucket, key="a", body=chunks()))
    assert read(client, bucket, "a") == b"in chunks"


def test_what_was_stored_with_an_object_comes_back(client: ossicle.Client, bucket: str) -> None:
    given: dict[str, Any] = {
        "content_type": "text/plain; charset=utf8",
        "cache_control": "no-cache",
        "content_disposition": 'attachment; filename="a"',
        "content_encoding": "identity",
        "storage_class": ossicle.StorageClass.IA,
        "metadata": {"author": "Zoë", "empty": ""},
    }
    put = client.put_object(ossicle.PutObjectRequest(bucket=bucket, key="a", body=b"12345", **given))
    head = client.head_object(ossicle.HeadObjectRequest(bucket=bucket, key="a"))
    assert {name: getattr(head, name) for name in given} == given
    assert (head.content_length, head.etag, head.hash_crc64) == (5, put.etag, put.hash_crc64)
    assert head.last_modified is not None
    assert abs(head.last_modified - datetime.now(UTC)) < timedelta(minutes=1)


def test_without_a_content_type_none_is_sent(client: ossicle.Client, bucket: str) -> None:
    client.put_object(ossicle.PutObjectRequest(bucket=bucket, key="a.html", body=b"x"))
    head = client.head_object(ossicle.HeadObjectRequest(bucket=bucket, key="a.html"))
    assert head.content_type == "application/octet-stream"


def test_ranges_and_conditions(client: ossicle.Client, bucket: str) -> None:
    put = client.put_object(ossicle.PutObjectRequest(bucket=bucket, key="a", body=b"0123456789"))
    part = client.get_object(ossicle.GetObjectRequest(bucket=bucket, key="a", range_header="bytes=2-4"))
    assert part.body is not None
    assert (part.status_code, part.content_range, part.body.read()) == (206, "bytes 2-4/10", b"234")
    assert read(client, bucket, "a", if_match=put.etag) == b"0123456789"
    with pytest.raises(ossicle.errors.PreconditionFailed):
        read(client, bucket, "a", if_match='"0"')
    with pytest.raises(ossicle.OssError) as unchanged:
        read(client, bucket, "a", if_none_match=put.etag)
    assert unchanged.value.status == 304


def test_buckets(client: ossicle.Client, server: ServerProcess, bucket: str) -> None:
    listed = client.list_buckets(ossicle.ListBucketsRequest(prefix=bucket))
    assert [item.name for item in listed.buckets] == [bucket]
    info = client.get_bucket_info(ossicle.GetBucketInfoRequest(bucket=bucket)).bucket_info
    assert info is not None
    assert (info.name, info.location, info.acl) == (bucket, f"oss-{REGION}", "private")
    location = client.get_bucket_location(ossicle.GetBucketLocationRequest(bucket=bucket))
    assert location.location == f"oss-{REGION}"
    assert client.head_bucket(ossicle.HeadBucketRequest(bucket=bucket)).status_code == 200
    with pytest.raises(ossicle.errors.NoSuchBucket):
        client.head_bucket(ossicle.HeadBucketRequest(bucket="no-such-bucket"))


def test_cors(client: ossicle.Client, bucket: str) -> None:
    rule = ossicle.CORSRule(allowed_origins=("https://example.com",), allowed_methods=("PUT",), max_age_seconds=60)
    configuration = ossicle.CORSConfiguration(cors_rules=(rule,))
    client.put_bucket_cors(ossicle.PutBucketCorsRequest(bucket=bucket, cors_configuration=configuration))
    found = client.get_bucket_cors(ossicle.GetBucketCorsRequest(bucket=bucket)).cors_configuration
    assert found is not None
    assert found.cors_rules[0].allowed_origins == ("https://example.com",)
    client.delete_bucket_cors(ossicle.DeleteBucketCorsRequest(bucket=bucket))
    with pytest.raises(ossicle.errors.NoSuchCORSConfiguration):
        client.get_bucket_cors(ossicle.GetBucketCorsRequest(bucket=bucket))


def test_errors_tell_what_and_which_request(client: ossicle.Client, bucket: str) -> None:
    with pytest.raises(ossicle.errors.NoSuchKey) as missing:
        client.get_object(ossicle.GetObjectRequest(bucket=bucket, key="nothing"))
    assert missing.value.details["Key"] == "nothing"
    assert len(missing.value.request_id) == 24
    with pytest.raises(ossicle.errors.NoSuchKey) as headless:
        client.head_object(ossicle.HeadObjectRequest(bucket=bucket, key="nothing"))
    assert headless.value.request_id


@pytest.mark.parametrize("style", [{}, {"use_path_style": True}])
def test_host_names_below_localhost(server: ServerProcess, bucket: str, style: dict[str, bool]) -> None:
    endpoint = f"http://localhost:{server.port}"
    with ossicle.Client(settings(server, endpoint=endpoint, **style)) as named:
        named.put_object(ossicle.PutObjectRequest(bucket=bucket, key="a/b", body=b"x"))
        assert read(named, bucket, "a/b") == b"x"


def test_a_signed_url_is_good_for_anybody_who_sends_what_was_signed(client: ossicle.Client, bucket: str) -> None:
    request = ossicle.PutObjectRequest(
        bucket=bucket, key="dir/a b", content_type="text/plain;charset=utf8", metadata={"a": "値"}, storage_class="IA"
    )
    signed = client.presign(request, expires=timedelta(minutes=5))
    headers = {name: value.encode() for name, value in signed.signed_headers.items()}
    for _ in range(2):
        assert requests.put(signed.url, data=b"x", headers=headers, timeout=10).status_code == 200
    changed = {**headers, "Content-Type": b"text/plain; charset=utf8"}
    refused = requests.put(signed.url, data=b"x", headers=changed, timeout=10)
    assert (refused.status_code, "SignatureDoesNotMatch" in refused.text) == (403, True)
    reading = client.presign(ossicle.GetObjectRequest(bucket=bucket, key="dir/a b"))
    answer = requests.get(reading.url, timeout=10)
    assert (answer.content, answer.headers["x-oss-storage-class"]) == (b"x", "IA")


def test_additional_headers_are_held_to(server: ServerProcess, bucket: str) -> None:
    with ossicle.Client(settings(server, additional_headers=["host", "content-length"])) as signing:
        signed = signing.presign(ossicle.PutObjectRequest(bucket=bucket, key="a", content_length=3))
        assert signing.put_object(ossicle.PutObjectRequest(bucket=bucket, key="a", body=b"12345")).etag
    headers = dict(signed.signed_headers)
    assert requests.put(signed.url, data=b"123", headers=headers, timeout=10).status_code == 200
    assert requests.put(signed.url, data=b"1234", timeout=10).status_code == 403


def test_a_wrong_secret_is_refused_also_while_a_large_body_is_on_its_way(server: ServerProcess, bucket: str) -> None:
    provider = ossicle.credentials.StaticCredentialsProvider(server.access_key_id, "wrong")
    request = ossicle.PutObjectRequest(bucket=bucket, key="a", body=bytes(30_000_000))
    with (
        ossicle.Client(settings(server, credentials_provider=provider)) as stranger,
        pytest.raises(ossicle.errors.SignatureDoesNotMatch),
    ):
        stranger.put_object(request)


def test_nobody_is_refused(server: ServerProcess, bucket: str) -> None:
    provider = ossicle.credentials.AnonymousCredentialsProvider()
    with (
        ossicle.Client(settings(server, credentials_provider=provider)) as nobody,
        pytest.raises(ossicle.errors.AccessDenied),
    ):
        nobody.list_objects_v2(ossicle.ListObjectsV2Request(bucket=bucket))


# -- the asynchronous client


async def slowly() -> AsyncIterator[bytes]:
    for piece in (b"one ", b"two ", b"three"):
        await asyncio.sleep(0)
        yield piece


async def test_the_asynchronous_client(server: ServerProcess, bucket: str) -> None:
    async with ossicle.AsyncClient(settings(server)) as client:
        bodies: dict[str, Any] = {"bytes": b"one two three", "file": io.BytesIO(b"one two three"), "stream": slowly()}
        await asyncio.gather(
            *(client.put_object(ossicle.PutObjectRequest(bucket=bucket, key=k, body=b)) for k, b in bodies.items())
        )
        for key in bodies:
            found = await client.get_object(ossicle.GetObjectRequest(bucket=bucket, key=key))
            assert found.body is not None
            async with found.body as body:
                assert await body.read() == b"one two three"
        listed = await client.list_objects_v2(ossicle.ListObjectsV2Request(bucket=bucket))
        assert [item.key for item in listed.contents] == sorted(bodies)
        with pytest.raises(ossicle.errors.NoSuchKey):
            await client.get_object(ossicle.GetObjectRequest(bucket=bucket, key="nothing"))
        signed = client.presign(ossicle.GetObjectRequest(bucket=bucket, key="file"))
    answer = await asyncio.to_thread(requests.get, signed.url, timeout=10)
    assert answer.content == b"one two three"


@pytest.mark.parametrize("version", ["v1", "v4"])
def test_a_url_carries_any_operation(server: ServerProcess, client: ossicle.Client, bucket: str, version: str) -> None:
    client.put_object(ossicle.PutObjectRequest(bucket=bucket, key="a/b.txt", body=b"x", tagging="colour=red"))
    with ossicle.Client(settings(server, signature_version=version)) as signing:
        requested: list[Any] = [
            ossicle.ListObjectsV2Request(bucket=bucket, prefix="a/"),
            ossicle.GetObjectTaggingRequest(bucket=bucket, key="a/b.txt"),
            ossicle.ListBucketsRequest(prefix=bucket),
            ossicle.DeleteObjectRequest(bucket=bucket, key="a/b.txt"),
        ]
        answers = []
        for request in requested:
            signed = signing.presign(request)
            answers.append(requests.request(signed.method, signed.url, headers=dict(signed.signed_headers), timeout=30))
    assert [answer.status_code for answer in answers] == [200, 200, 200, 204]
    assert [word in answer.text for word, answer in zip(("b.txt", "red", bucket), answers, strict=False)] == [True] * 3
