"""The official Python SDK of the generation before, `oss2`, signing with V4: every operation that is served."""

import hashlib
import io
import secrets
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.conformance.service import Service
from tests.support.keys import KEYS, REWRITTEN
from tests.support.tools import need_package

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # escapes in its source that Python no longer likes
    oss2 = need_package("oss2")

SECONDS = 30
LARGE = bytes(range(256)) * 12_000


def auth(service: Service) -> Any:
    provider = oss2.credentials.StaticCredentialsProvider(service.access_key_id, service.access_key_secret)
    return oss2.ProviderAuthV4(provider)


def bucket_named(service: Service, name: str) -> Any:
    return oss2.Bucket(
        auth(service), service.endpoint, name, region=service.region, is_path_style=service.is_path_style
    )


@pytest.fixture(scope="module")
def older(service: Service) -> Iterator[Any]:
    """A bucket, as this SDK sees it."""
    made = bucket_named(service, f"conformance-{secrets.token_hex(6)}")
    made.create_bucket()
    yield made
    for item in oss2.ObjectIteratorV2(made):
        made.delete_object(item.key)
    made.delete_bucket()


def test_buckets(service: Service) -> None:
    prefix = f"conformance-{secrets.token_hex(4)}"
    names = [f"{prefix}-{letter}" for letter in "abc"]
    for name in names:
        bucket_named(service, name).create_bucket(oss2.BUCKET_ACL_PRIVATE)
    found = oss2.BucketIterator(
        oss2.Service(auth(service), service.endpoint, region=service.region), prefix=prefix, max_keys=2
    )
    assert [bucket.name for bucket in found] == names
    info = bucket_named(service, names[0]).get_bucket_info()
    assert (info.name, info.acl.grant, info.storage_class) == (names[0], "private", "Standard")
    assert bucket_named(service, names[0]).get_bucket_location().location == f"oss-{service.region}"
    for name in names:
        bucket_named(service, name).delete_bucket()
    with pytest.raises(oss2.exceptions.NoSuchBucket):
        bucket_named(service, names[0]).get_bucket_info()


def test_cross_origin_rules(older: Any) -> None:
    rule = oss2.models.CorsRule(
        allowed_origins=["https://a.example"],
        allowed_methods=["PUT"],
        allowed_headers=["*"],
        expose_headers=["ETag"],
        max_age_seconds=60,
    )
    older.put_bucket_cors(oss2.models.BucketCors([rule]))
    [kept] = older.get_bucket_cors().rules
    assert (kept.allowed_origins, kept.allowed_methods, kept.max_age_seconds) == (["https://a.example"], ["PUT"], 60)
    assert (kept.allowed_headers, kept.expose_headers) == (["*"], ["ETag"])
    older.delete_bucket_cors()
    with pytest.raises(oss2.exceptions.NoSuchCors):
        older.get_bucket_cors()


@pytest.mark.parametrize("name", sorted(KEYS.keys() - REWRITTEN))
def test_a_key(older: Any, name: str) -> None:
    key = KEYS[name]
    older.put_object(key, name.encode())
    assert older.get_object(key).read() == name.encode()
    assert key in [item.key for item in older.list_objects_v2(prefix=key).object_list]
    older.delete_object(key)
    with pytest.raises(oss2.exceptions.NotFound):
        older.head_object(key)


@pytest.mark.parametrize("form", ["bytes", "text", "file", "stream", "chunks"])
def test_a_body(older: Any, tmp_path: Path, form: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(LARGE)
    expected = "größer".encode() if form == "text" else LARGE
    with path.open("rb") as file:
        chunks = (LARGE[start : start + 70_000] for start in range(0, len(LARGE), 70_000))
        bodies = {"bytes": LARGE, "text": "größer", "file": file, "stream": io.BytesIO(LARGE), "chunks": chunks}
        result = older.put_object(form, bodies[form])
    assert result.etag == hashlib.md5(expected).hexdigest().upper()
    older.get_object_to_file(form, str(tmp_path / "got"))
    assert (tmp_path / "got").read_bytes() == expected


def test_what_is_stored_with_an_object(older: Any) -> None:
    headers = {"Content-Type": "text/x-log", "x-oss-meta-colour": "red", "x-oss-storage-class": "IA"}
    older.put_object("kept", LARGE, headers=headers)
    head = older.head_object("kept")
    assert (head.content_type, head.content_length, head.object_type) == ("text/x-log", len(LARGE), "Normal")
    assert head.headers["x-oss-meta-colour"] == "red"
    assert head.headers["x-oss-storage-class"] == "IA"
    assert older.get_object("kept", byte_range=(10, 19)).read() == LARGE[10:20]
    with pytest.raises(oss2.exceptions.NotModified):
        older.get_object("kept", headers={"If-None-Match": f'"{head.etag}"'})
    with pytest.raises(oss2.exceptions.PreconditionFailed):
        older.get_object("kept", headers={"If-Match": '"other"'})


def test_refusals(older: Any, service: Service) -> None:
    with pytest.raises(oss2.exceptions.NoSuchKey) as missing:
        older.get_object("missing")
    assert missing.value.request_id
    with pytest.raises(oss2.exceptions.NotFound):
        older.head_object("missing")
    older.put_object("once", b"body")
    with pytest.raises(oss2.exceptions.ServerError) as taken:
        older.put_object("once", b"other", headers={"x-oss-forbid-overwrite": "true"})
    assert (taken.value.status, taken.value.code) == (409, "FileAlreadyExists")
    with pytest.raises(oss2.exceptions.ServerError) as not_empty:
        older.delete_bucket()
    assert (not_empty.value.status, not_empty.value.code) == (409, "BucketNotEmpty")
    anonymous = oss2.Bucket(
        oss2.AnonymousAuth(), service.endpoint, older.bucket_name, is_path_style=service.is_path_style
    )
    with pytest.raises(oss2.exceptions.AccessDenied):
        anonymous.get_object("once")


def test_listings(older: Any) -> None:
    keys = [f"list/{folder}/{number:02} ü" for folder in "ab" for number in range(6)]
    for key in keys:
        older.put_object(key, b"body")
    assert [item.key for item in oss2.ObjectIteratorV2(older, prefix="list/", max_keys=5)] == keys
    rolled_up = older.list_objects_v2(prefix="list/", delimiter="/")
    assert (rolled_up.prefix_list, rolled_up.object_list) == (["list/a/", "list/b/"], [])
    assert [item.key for item in oss2.ObjectIteratorV2(older, prefix="list/", start_after=keys[8])] == keys[9:]


def test_presigned_urls(older: Any) -> None:
    headers = {"Content-Type": "text/csv", "x-oss-meta-colour": "blue"}
    for key in ("signed", "signed/ünïcode +%.csv"):
        url = older.sign_url("PUT", key, 600, slash_safe=True, headers=headers)
        assert requests.put(url, data=LARGE, timeout=SECONDS).status_code == 403
        assert requests.put(url, data=LARGE, headers=headers, timeout=SECONDS).status_code == 200
        got = requests.get(older.sign_url("GET", key, 600, slash_safe=True), timeout=SECONDS)
        assert (got.content, got.headers["x-oss-meta-colour"]) == (LARGE, "blue")
        escaped = older.sign_url("GET", key, 600, slash_safe=False)
        assert requests.get(escaped, timeout=SECONDS).content == LARGE


# -- large objects and listings


def test_resumable_transfers(older: Any, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(LARGE)
    store = oss2.ResumableStore(root=str(tmp_path))
    sent = oss2.resumable_upload(
        older, "resumable", str(source), store=store, multipart_threshold=1, part_size=512 * 1024, num_threads=3
    )
    assert sent.status == 200
    downloads = oss2.ResumableDownloadStore(root=str(tmp_path))
    oss2.resumable_download(
        older, "resumable", str(target), store=downloads, multiget_threshold=1, part_size=700_000, num_threads=3
    )
    assert target.read_bytes() == LARGE
    assert older.get_object_meta("resumable").content_length == len(LARGE)


def test_uploads_and_parts_are_iterated(older: Any) -> None:
    upload_id = older.init_multipart_upload("listed/é").upload_id
    for number in (3, 1, 2):
        older.upload_part("listed/é", upload_id, number, b"x" * number)
    parts = list(oss2.PartIterator(older, "listed/é", upload_id, max_parts=2))
    assert [(part.part_number, part.size) for part in parts] == [(1, 1), (2, 2), (3, 3)]
    found = [
        (item.key, item.upload_id) for item in oss2.MultipartUploadIterator(older, prefix="listed/", max_uploads=1)
    ]
    assert found == [("listed/é", upload_id)]
    older.abort_multipart_upload("listed/é", upload_id)


def test_objects_are_copied_iterated_and_deleted_at_once(older: Any) -> None:
    keys = ["batch/a", "batch/b c", "batch/é"]
    older.put_object(keys[0], LARGE)
    for key in keys[1:]:
        older.copy_object(older.bucket_name, keys[0], key)
    assert [item.key for item in oss2.ObjectIterator(older, prefix="batch/", max_keys=1)] == keys
    assert older.batch_delete_objects(keys).deleted_keys == keys
    assert not list(oss2.ObjectIterator(older, prefix="batch/"))
