"""Copies on a server in memory: in one request or in parts, and nothing left of those that fail."""

import os
import threading
from dataclasses import replace
from typing import Any

import pytest

import ossicle
from ossicle.client.failures import ConnectionFailed, InconsistentError
from ossicle.client.transfer import copy
from ossicle.client.transfer.copy import Copier
from ossicle.client.transfer.failures import CopyError, TransferCancelled
from ossicle.client.transfer.plan import PART_BYTES_MIN
from ossicle.wire.errors import InternalError, NoSuchKey, PreconditionFailed
from tests.unit.client.transfer.bucket_in_memory import BucketInMemory, Told, raise_at, stored

PART = PART_BYTES_MIN
CONTENT = os.urandom(4 * PART + 7)
REQUEST = ossicle.CopyObjectRequest(bucket="b", key="to", source_bucket="other", source_key="from")


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> BucketInMemory:
    monkeypatch.setattr(copy, "THRESHOLD_BYTES", 2 * PART)
    made = BucketInMemory()
    described = ossicle.PutObjectRequest(bucket="other", key="from", content_type="text/x")
    made.objects["from"] = stored(CONTENT, described)
    return made


def copier(bucket: BucketInMemory, **options: Any) -> Copier:
    return Copier(bucket.client, **{"part_size": PART, **options})


@pytest.mark.parametrize(("size", "parts"), [(0, 0), (2 * PART - 1, 0), (2 * PART, 2), (4 * PART + 7, 5)])
def test_an_object_of_any_size(bucket: BucketInMemory, size: int, parts: int) -> None:
    bucket.objects["from"] = stored(CONTENT[:size])
    told = Told()
    result = copier(bucket).copy(replace(REQUEST, progress_fn=told))
    made = bucket.objects["to"]
    assert (made.content, result.etag, result.hash_crc64) == (CONTENT[:size], made.etag, made.crc)
    assert (bucket.asked["upload_part_copy"], bucket.uploads) == (parts, {})
    assert (told.last if size else told.steps) == ((size, size) if size else [])


@pytest.mark.parametrize(("directive", "content_type"), [(None, "text/x"), ("COPY", "text/x"), ("REPLACE", "text/y")])
def test_headers_are_those_of_the_source_or_of_the_request(
    bucket: BucketInMemory, directive: str | None, content_type: str
) -> None:
    seen: dict[str, Any] = {}
    bucket.spoil = lambda step, request: seen.update({step: request})
    copier(bucket).copy(
        replace(
            REQUEST,
            metadata_directive=directive,
            content_type="text/y",
            acl="private",
            storage_class="IA",
            traffic_limit=819200,
            source_version_id="V",
        )
    )
    begun, part, done = (
        seen[f"before {name}"]
        for name in ("initiate_multipart_upload", "upload_part_copy", "complete_multipart_upload")
    )
    assert (begun.content_type, begun.storage_class, done.acl) == (content_type, "IA", "private")
    assert (part.source_bucket, part.source_version_id, part.traffic_limit) == ("other", "V", 819200)


def test_retention_is_that_of_the_request(bucket: BucketInMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large copy carries over what the source's headers tell; that of its retention is not among it, as in a small copy."""
    look, seen = bucket.client.head_object, list[Any]()
    held: dict[str, Any] = {
        "object_worm_mode": "COMPLIANCE",
        "object_worm_retain_until_date": "2030-01-01T00:00:00.000Z",
    }
    monkeypatch.setattr(bucket.client, "head_object", lambda request: replace(look(request), **held))
    bucket.spoil = lambda step, request: seen.append(request) if step == "before initiate_multipart_upload" else None
    copier(bucket).copy(REQUEST)
    copier(bucket).copy(replace(REQUEST, object_worm_legal_hold="ON"))
    told = [
        (begun.object_worm_mode, begun.object_worm_retain_until_date, begun.object_worm_legal_hold) for begun in seen
    ]
    assert told == [(None, None, None), (None, None, "ON")]


@pytest.mark.parametrize("size", [10, 4 * PART])
def test_conditions_are_about_the_source(bucket: BucketInMemory, size: int) -> None:
    bucket.objects["from"] = stored(CONTENT[:size])
    copier(bucket).copy(replace(REQUEST, if_match=bucket.objects["from"].etag))
    for request, error in [
        (replace(REQUEST, if_match='"other"'), PreconditionFailed),
        (replace(REQUEST, source_key="nothing"), NoSuchKey),
    ]:
        with pytest.raises(CopyError) as caught:
            copier(bucket).copy(request)
        assert isinstance(caught.value.unwrap(), error)
        assert caught.value.source == f"oss://other/{request.source_key}"


@pytest.mark.parametrize("step", ["before upload_part_copy", "before complete_multipart_upload"])
@pytest.mark.parametrize("leaves", [False, True])
def test_a_failure_leaves_what_was_asked_for(bucket: BucketInMemory, step: str, leaves: bool) -> None:
    bucket.spoil = raise_at(step, InternalError())
    with pytest.raises(CopyError) as caught:
        copier(bucket, leave_parts_on_error=leaves).copy(REQUEST)
    assert isinstance(caught.value.unwrap(), InternalError)
    assert list(bucket.uploads) == ([caught.value.upload_id] if leaves else [])
    assert leaves == (caught.value.upload_id is not None)
    assert "to" not in bucket.objects


def test_a_source_that_is_replaced_meanwhile(bucket: BucketInMemory) -> None:
    def spoil(step: str, request: Any) -> None:
        if step == "after upload_part_copy" and request.part_number == 2:
            bucket.objects["from"] = stored(CONTENT[::-1])

    bucket.spoil = spoil
    with pytest.raises(CopyError) as caught:
        copier(bucket, parallel_num=1).copy(REQUEST)
    assert isinstance(caught.value.unwrap(), PreconditionFailed)
    assert bucket.uploads == {}


def test_a_copy_whose_bytes_are_others(bucket: BucketInMemory) -> None:
    def spoil(step: str, request: Any) -> None:
        if step == "before complete_multipart_upload":
            parts = bucket.uploads[request.upload_id].parts
            parts[2] = replace(parts[2], content=bytes(PART))

    bucket.spoil = spoil
    with pytest.raises(CopyError) as caught:
        copier(bucket).copy(REQUEST)
    assert isinstance(caught.value.unwrap(), InconsistentError)


def test_an_abort_that_fails_does_not_hide_the_failure(bucket: BucketInMemory) -> None:
    def spoil(step: str, _request: Any) -> None:
        if step in ("before upload_part_copy", "before abort_multipart_upload"):
            raise ConnectionFailed(step)

    bucket.spoil = spoil
    with pytest.raises(CopyError, match="before upload_part_copy"):
        copier(bucket).copy(REQUEST)


@pytest.mark.parametrize(
    ("step", "is_made"),
    [("after head_object", False), ("after upload_part_copy", False), ("after complete_multipart_upload", True)],
)
def test_cancelled(bucket: BucketInMemory, step: str, is_made: bool) -> None:
    event = threading.Event()
    bucket.spoil = lambda name, _: event.set() if name == step else None
    made = copier(bucket, parallel_num=1, leave_parts_on_error=True, cancel=event)
    if is_made:
        made.copy(REQUEST)
    else:
        with pytest.raises(TransferCancelled):
            made.copy(REQUEST)
    assert (bucket.uploads, "to" in bucket.objects) == ({}, is_made)


def test_a_copy_that_is_made_is_not_cancelled(bucket: BucketInMemory) -> None:
    event = threading.Event()
    bucket.objects["from"] = stored(b"small")
    bucket.spoil = lambda step, _: event.set() if step == "after copy_object" else None
    copier(bucket, cancel=event).copy(REQUEST)
    assert bucket.objects["to"].content == b"small"
