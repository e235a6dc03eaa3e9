"""URLs that the official SDK signs, used by programs that hold nothing else: `requests` and curl."""

import subprocess
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import alibabacloud_oss_v2 as oss
import pytest
import requests

from tests.support.keys import KEYS, REWRITTEN
from tests.support.tools import need

BODY = b"uploaded by somebody else " * 5000
SECONDS = 30
LIFETIME = timedelta(minutes=10)


def read(client: oss.Client, bucket: str, key: str) -> bytes:
    with client.get_object(oss.GetObjectRequest(bucket=bucket, key=key)).body as body:
        return bytes(body.read())


def keys_of(client: oss.Client, bucket: str, prefix: str) -> list[str]:
    listed = client.list_objects_v2(oss.ListObjectsV2Request(bucket=bucket, prefix=prefix))
    return [item.key for item in listed.contents or []]


def curl(url: str, file: Path, *arguments: str, headers: Mapping[str, str] | None = None) -> str:
    """Upload a file with curl; return what it printed: the body of the answer, and the status."""
    # To a URL whose path ends in a slash or in dots curl would add the name of the file.
    is_redirected = urlsplit(url).path.rpartition("/")[2] in {"", ".", ".."}
    command = [need("curl", "curl"), "-sS", "--max-time", str(SECONDS), "-w", "%{http_code}", *arguments]
    for name, value in (headers or {}).items():
        command += ["-H", f"{name}: {value}"]
    command += ["-T", "-" if is_redirected else str(file), url]
    with file.open("rb") as stream:
        ended = subprocess.run(command, stdin=stream, capture_output=True, timeout=SECONDS + 5, check=True)
    return ended.stdout.decode()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(BODY)
    return path


@pytest.mark.parametrize("name", sorted(KEYS.keys() - REWRITTEN))
def test_a_key_by_requests(client: oss.Client, bucket: str, name: str) -> None:
    key = KEYS[name]
    signed = client.presign(oss.PutObjectRequest(bucket=bucket, key=key), expires=LIFETIME)
    assert requests.put(signed.url, data=BODY, timeout=SECONDS).status_code == 200
    assert read(client, bucket, key) == BODY
    got = client.presign(oss.GetObjectRequest(bucket=bucket, key=key), expires=LIFETIME)
    assert requests.get(got.url, timeout=SECONDS).content == BODY
    head = client.presign(oss.HeadObjectRequest(bucket=bucket, key=key), expires=LIFETIME)
    assert requests.head(head.url, timeout=SECONDS).headers["Content-Length"] == str(len(BODY))


@pytest.mark.parametrize("name", sorted(KEYS))
def test_a_key_by_curl(client: oss.Client, bucket: str, file: Path, name: str) -> None:
    key = f"curl/{KEYS[name]}".encode()[:1023].decode(errors="ignore")
    url = client.presign(oss.PutObjectRequest(bucket=bucket, key=key), expires=LIFETIME).url
    assert curl(url, file, "--path-as-is") == "200"
    got = client.presign(oss.GetObjectRequest(bucket=bucket, key=key), expires=LIFETIME).url
    command = [need("curl", "curl"), "-sS", "--path-as-is", "--max-time", str(SECONDS), got]
    assert subprocess.run(command, capture_output=True, timeout=SECONDS + 5, check=True).stdout == BODY
    if name not in REWRITTEN:
        assert curl(url, file) == "200"


def test_curl_rewrites_dots_and_is_refused(client: oss.Client, bucket: str, file: Path) -> None:
    key = "a/../b"
    url = client.presign(oss.PutObjectRequest(bucket=bucket, key=key), expires=LIFETIME).url
    told = curl(url, file)
    assert told.endswith("403")
    assert "<Code>SignatureDoesNotMatch</Code>" in told
    # What it asked for instead stands in the refusal, so its user can see what happened.
    assert f"PUT\n/{bucket}/b\n" in told
    assert keys_of(client, bucket, "b") == []


def test_headers_that_were_signed_must_be_sent(client: oss.Client, bucket: str, file: Path) -> None:
    request = oss.PutObjectRequest(
        bucket=bucket,
        key="headers",
        content_type="text/plain; charset=utf-8",
        storage_class="IA",
        metadata={"colour": "red", "note": "two words"},
    )
    signed = client.presign(request, expires=LIFETIME)
    assert {name.lower() for name in signed.signed_headers} >= {"content-type", "x-oss-storage-class"}
    assert requests.put(signed.url, data=BODY, timeout=SECONDS).status_code == 403
    close = {**signed.signed_headers, "Content-Type": "text/plain;charset=utf-8"}
    refused = requests.put(signed.url, data=BODY, headers=close, timeout=SECONDS)
    assert (refused.status_code, "SignatureDoesNotMatch" in refused.text) == (403, True)
    assert requests.put(signed.url, data=BODY, headers=signed.signed_headers, timeout=SECONDS).status_code == 200
    assert curl(signed.url, file, headers=signed.signed_headers) == "200"
    head = client.head_object(oss.HeadObjectRequest(bucket=bucket, key="headers"))
    assert (head.content_type, head.storage_class) == ("text/plain; charset=utf-8", "IA")
    assert head.metadata == {"colour": "red", "note": "two words"}


@pytest.mark.parametrize("expect", ["", "100-continue"], ids=["plain", "expect"])
def test_curl_streams_what_it_does_not_know_the_length_of(
    client: oss.Client, bucket: str, file: Path, expect: str
) -> None:
    url = client.presign(oss.PutObjectRequest(bucket=bucket, key="stream"), expires=LIFETIME).url
    command = [need("curl", "curl"), "-sS", "-T", "-", "-H", f"Expect: {expect}".strip(), "-w", "%{http_code}", url]
    with file.open("rb") as stream:
        ended = subprocess.run(command, stdin=stream, capture_output=True, timeout=SECONDS, check=True)
    assert ended.stdout == b"200"
    assert read(client, bucket, "stream") == BODY


def test_another_method_key_or_parameter(client: oss.Client, bucket: str) -> None:
    url = client.presign(oss.PutObjectRequest(bucket=bucket, key="only"), expires=LIFETIME).url
    answers = [
        requests.get(url, timeout=SECONDS),
        requests.put(url.replace("/only?", "/other?"), data=BODY, timeout=SECONDS),
        requests.put(f"{url}&unsigned=1", data=BODY, timeout=SECONDS),
        requests.put(url.replace("x-oss-expires=599", "x-oss-expires=9999"), data=BODY, timeout=SECONDS),
        requests.put(url, data=BODY, headers={"x-oss-object-acl": "public-read"}, timeout=SECONDS),
    ]
    codes = [answer.status_code for answer in answers]
    if "x-oss-expires=599" not in url:
        del codes[3]
    assert set(codes) == {403}
    assert keys_of(client, bucket, "only") == []
