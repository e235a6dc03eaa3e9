"""Our own client and command line signing with V1 and V2, against a real server, in every address style."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

import ossicle
from tests.integration.test_client import KEYS, read, settings
from tests.support.server import ServerProcess
from tests.support.shell import Shell

SECONDS = 10
VERSIONS = ("v1", "v2")


@pytest.fixture(params=[(version, style) for version in VERSIONS for style in ("ip", "virtual", "path")], ids="-".join)
def client(server: ServerProcess, request: pytest.FixtureRequest) -> Iterator[ossicle.Client]:
    """A client that signs with an older version and knows no region."""
    version, style = request.param
    endpoint = server.endpoint if style == "ip" else f"http://localhost:{server.port}"
    config = settings(server, signature_version=version, region=None, endpoint=endpoint, use_path_style=style == "path")
    with ossicle.Client(config) as made:
        yield made


@pytest.fixture
def bucket(client: ossicle.Client, request: pytest.FixtureRequest) -> Iterator[str]:
    name = f"older-{abs(hash(request.node.nodeid)):x}"
    client.put_bucket(ossicle.PutBucketRequest(bucket=name))
    yield name
    listed = client.list_objects_v2(ossicle.ListObjectsV2Request(bucket=name, encoding_type="url")).contents
    for item in listed:
        client.delete_object(ossicle.DeleteObjectRequest(bucket=name, key=item.key or ""))
    client.delete_bucket(ossicle.DeleteBucketRequest(bucket=name))


def test_a_day_of_the_owner(client: ossicle.Client, bucket: str) -> None:
    for key in KEYS:
        client.put_object(
            ossicle.PutObjectRequest(bucket=bucket, key=key, body=key, content_type="a/b; c=d", metadata={"a": "値"})
        )
        assert read(client, bucket, key, range_header="bytes=0-3", response_content_type="e/f") == key.encode()[:4]
        assert client.head_object(ossicle.HeadObjectRequest(bucket=bucket, key=key)).metadata == {"a": "値"}
    pages = [client.list_objects_v2(ossicle.ListObjectsV2Request(bucket=bucket, encoding_type="url", max_keys=4))]
    while pages[-1].next_continuation_token:
        token = pages[-1].next_continuation_token
        pages.append(
            client.list_objects_v2(
                ossicle.ListObjectsV2Request(bucket=bucket, encoding_type="url", max_keys=4, continuation_token=token)
            )
        )
    assert sorted(item.key or "" for page in pages for item in page.contents) == sorted(KEYS)
    begun = client.initiate_multipart_upload(ossicle.InitiateMultipartUploadRequest(bucket=bucket, key="parts"))
    assert begun.upload_id
    part = client.upload_part(
        ossicle.UploadPartRequest(bucket=bucket, key="parts", upload_id=begun.upload_id, part_number=1, body=b"part")
    )
    client.complete_multipart_upload(
        ossicle.CompleteMultipartUploadRequest(
            bucket=bucket,
            key="parts",
            upload_id=begun.upload_id,
            complete_multipart_upload=ossicle.CompleteMultipartUpload(
                parts=(ossicle.UploadPart(part_number=1, etag=part.etag or ""),)
            ),
        )
    )
    assert read(client, bucket, "parts") == b"part"
    info = client.get_bucket_info(ossicle.GetBucketInfoRequest(bucket=bucket)).bucket_info
    assert info is not None
    assert info.name == bucket


def sent(method: str, url: str, bucket: str, headers: Mapping[str, str] | None = None) -> requests.Response:
    """Send to the address behind a name of the bucket: not every resolver knows names below localhost."""
    host = urlsplit(url).netloc
    there = url.replace(f"{bucket}.localhost", "127.0.0.1", 1)
    return requests.request(
        method,
        there,
        data=b"x" if method == "PUT" else None,
        headers={**(headers or {}), "Host": host},
        timeout=SECONDS,
    )


def test_a_url_for_somebody_else(client: ossicle.Client, bucket: str) -> None:
    request = ossicle.PutObjectRequest(bucket=bucket, key="dir/ü b+c", content_type="text/plain", metadata={"a": "1"})
    signed = client.presign(request, expires=timedelta(days=30))
    headers = dict(signed.signed_headers)
    assert sent("PUT", signed.url, bucket, headers).status_code == 200
    for changed in ({}, {**headers, "Content-Type": "text/html"}, {**headers, "x-oss-object-acl": "public-read"}):
        refused = sent("PUT", signed.url, bucket, changed)
        assert (refused.status_code, "SignatureDoesNotMatch" in refused.text) == (403, True)
        assert "CanonicalRequest" not in refused.text
    reading = client.presign(ossicle.GetObjectRequest(bucket=bucket, key="dir/ü b+c", response_content_type="e/f"))
    answer = sent("GET", reading.url, bucket)
    assert (answer.content, answer.headers["Content-Type"]) == (b"x", "e/f")
    other = sent("GET", reading.url.replace("e%2Ff", "text%2Fhtml"), bucket)
    assert other.status_code == 403


@pytest.mark.parametrize("version", VERSIONS)
async def test_the_asynchronous_client(server: ServerProcess, version: str) -> None:
    name = f"older-async-{version}"
    async with ossicle.AsyncClient(settings(server, signature_version=version)) as client:
        await client.put_bucket(ossicle.PutBucketRequest(bucket=name))
        await client.put_object(ossicle.PutObjectRequest(bucket=name, key="a", body=b"x"))
        signed = client.presign(ossicle.GetObjectRequest(bucket=name, key="a"))
        assert (await asyncio.to_thread(requests.get, signed.url, timeout=SECONDS)).content == b"x"
        await client.delete_object(ossicle.DeleteObjectRequest(bucket=name, key="a"))
        await client.delete_bucket(ossicle.DeleteBucketRequest(bucket=name))


def test_the_command_line(server: ServerProcess, tmp_path: Path) -> None:
    shell, older = Shell(server, tmp_path), ("--sign-version", "v1")
    shell.with_keys.pop("OSS_REGION")
    (tmp_path / "a.txt").write_bytes(b"hello\n")
    shell.done("mb", "oss://older-cli", *older)
    url = shell.presigned("put", "oss://older-cli/a.txt", "--content-type", "text/plain", *older)
    assert "OSSAccessKeyId=" in url
    assert shell.anyone("upload", url, "a.txt", "-H", "Content-Type: text/plain").status == 0
    refused = shell.anyone("upload", url, "a.txt", "-H", "Content-Type: text/html")
    assert refused.status == 1
    assert "text/plain was signed, and the request carries Content-Type: text/html" in refused.stderr
    assert shell.done("cat", "oss://older-cli/a.txt", *older).stdout == b"hello\n"
    shell.done("rm", "oss://older-cli/a.txt", *older)
    shell.done("rb", "oss://older-cli", *older)
