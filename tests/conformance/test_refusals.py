"""Refusals, as every official SDK tells them to its user: status, code, EC and request id."""

import hashlib
import re
from base64 import b64encode
from typing import Any

import pytest

from tests.conformance.sdks import Refused, Speaker
from tests.conformance.service import Service

REQUEST_ID = re.compile("[0-9A-F]{24}")
WRONG_MD5 = b64encode(hashlib.md5(b"something else").digest()).decode()
OTHER_ETAG = '"0123456789ABCDEF0123456789ABCDEF"'
LONG_AGO = 1_000_000_000
NO_EC = None

Given = dict[str, Any]

# What SDKs call a 304, which has no document: some look for one all the same.
NOT_MODIFIED = {"python": "BadErrorResponse", "go": "BadErrorResponse", "java": "NotModified"}


def refusal(sdk: Speaker, call: str, **given: Any) -> tuple[int | None, str | None, str | None]:
    """Status, code and EC of a call that must be refused; None for what the SDK does not tell."""
    with pytest.raises(Refused) as refused:
        sdk(call, **given)
    assert REQUEST_ID.fullmatch(refused.value.request_id or "")
    return refused.value.status, refused.value.code, refused.value.ec


def as_told(sdk: Speaker, status: int, code: str, ec: str | None) -> tuple[int | None, str, str | None]:
    """What of a refusal this SDK tells its user: the one for Java does not tell the status."""
    return (None if sdk.name == "java" else status), code, ec


# the call, what it is given, and the refusal
REFUSALS: dict[str, tuple[str, Given, tuple[int, str, str | None]]] = {
    "key": ("get_object", {"key": "never was"}, (404, "NoSuchKey", "0026-00000001")),
    "range": (
        "get_object",
        {"key": "it", "range": [99, 199], "headers": {"x-oss-range-behavior": "standard"}},
        (416, "InvalidRange", NO_EC),
    ),
    "if match": ("get_object", {"key": "it", "if_match": OTHER_ETAG}, (412, "PreconditionFailed", NO_EC)),
    "if unmodified": ("get_object", {"key": "it", "if_unmodified_since": LONG_AGO}, (412, "PreconditionFailed", NO_EC)),
    "digest": ("put_object", {"key": "bad", "body": b"x", "content_md5": WRONG_MD5}, (400, "InvalidDigest", NO_EC)),
    "storage class": (
        "put_object",
        {"key": "bad", "body": b"x", "headers": {"x-oss-storage-class": "Cheap"}},
        (400, "InvalidArgument", NO_EC),
    ),
    "metadata": (
        "put_object",
        {"key": "bad", "body": b"x", "metadata": {"long": "x" * 9000}},
        (400, "InvalidArgument", NO_EC),
    ),
    "taken": (
        "put_object",
        {"key": "it", "body": b"x", "forbid_overwrite": True},
        (409, "FileAlreadyExists", NO_EC),
    ),
    "source": ("copy_object", {"key": "bad", "source_key": "never was"}, (404, "NoSuchKey", "0026-00000001")),
    "source's condition": (
        "copy_object",
        {"key": "bad", "source_key": "it", "if_match": OTHER_ETAG},
        (412, "PreconditionFailed", NO_EC),
    ),
    "upload": (
        "list_parts",
        {"key": "it", "upload_id": "0" * 32, "page_size": 10},
        (404, "NoSuchUpload", "0042-00000002"),
    ),
    "upload of a part": (
        "upload_part",
        {"key": "it", "upload_id": "0" * 32, "part_number": 1, "body": b"x"},
        (404, "NoSuchUpload", "0042-00000104"),
    ),
    "bucket with objects": ("delete_bucket", {}, (409, "BucketNotEmpty", "0015-00000301")),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal(sdk: Speaker, name: str) -> None:
    call, given, expected = REFUSALS[name]
    sdk("put_object", key=f"{sdk.name}/it", body=b"body")
    keys: Given = {field: f"{sdk.name}/{given[field]}" for field in ("key", "source_key") if field in given}
    source: Given = {"source_bucket": sdk.bucket} if "source_key" in given else {}
    asked: Given = {**given, **keys, **source}
    assert refusal(sdk, call, **asked) == as_told(sdk, *expected)
    assert sdk("get_object", key=f"{sdk.name}/it")["body"] == b"body"


@pytest.mark.parametrize("call", ["head_object", "get_object_meta"])
def test_a_refusal_without_a_body(sdk: Speaker, call: str) -> None:
    """Its document comes in a header, which the Node SDK does not look at for what it believes to know."""
    ec = None if sdk.name == "node" else "0026-00000001"
    assert refusal(sdk, call, key="never was") == as_told(sdk, 404, "NoSuchKey", ec)


def test_what_is_not_modified(sdk: Speaker) -> None:
    key = f"{sdk.name}/unmodified"
    etag = sdk("put_object", key=key, body=b"body")["etag"]
    for call in ("get_object", "head_object"):
        status, code, _ = refusal(sdk, call, key=key, if_none_match=f'"{etag.strip(chr(34))}"')
        assert status in {304, None}
        assert code == NOT_MODIFIED.get(sdk.name)


def test_a_bucket_that_is_missing(sdk: Speaker, service: Service) -> None:
    elsewhere = sdk.with_bucket(service.new_name())
    expected = as_told(sdk, 404, "NoSuchBucket", "0015-00000101")
    assert refusal(elsewhere, "get_object", key="a") == expected
    assert refusal(elsewhere, "put_object", key="a", body=b"x") == expected
    assert refusal(elsewhere, "bucket_info") == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"access_key_secret": "another secret"}, (403, "SignatureDoesNotMatch", "0002-00000201")),
        ({"access_key_id": "nobody"}, (403, "InvalidAccessKeyId", "0002-00000902")),
        ({"region": "cn-elsewhere"}, (400, "InvalidArgument", "0002-00000226")),
        ({"security_token": "made-up"}, (403, "AccessKeyIdAndSecurityTokenNotMatch", NO_EC)),
    ],
    ids=["secret", "id", "region", "token"],
)
def test_settings_that_are_wrong(sdk: Speaker, changes: dict[str, str], expected: tuple[int, str, str | None]) -> None:
    wrong = sdk.with_settings(**changes)
    assert refusal(wrong, "put_object", key=f"{sdk.name}/wrong", body=b"x") == as_told(sdk, *expected)
    assert refusal(wrong, "list_objects_v2", prefix="a") == as_told(sdk, *expected)


def test_parts_that_are_too_small(sdk: Speaker) -> None:
    key = f"{sdk.name}/tiny"
    upload: Given = {"key": key, "upload_id": sdk("initiate", key=key)["upload_id"]}
    parts = [
        {"number": number, "etag": sdk("upload_part", **upload, part_number=number, body=b"x")["etag"]}
        for number in (1, 2)
    ]
    assert refusal(sdk, "complete", **upload, parts=parts) == as_told(sdk, 400, "EntityTooSmall", None)
    wrong = [{"number": 1, "etag": OTHER_ETAG}]
    status, code, _ = refusal(sdk, "complete", **upload, parts=wrong)
    assert (status, code) == as_told(sdk, 400, "InvalidPart", None)[:2]
    sdk("abort", **upload)
    assert refusal(sdk, "abort", **upload) == as_told(sdk, 404, "NoSuchUpload", "0042-00000002")
