"""The official Python SDK V2 moves large objects and lists by its paginators."""

import os
from io import BytesIO
from pathlib import Path

import alibabacloud_oss_v2 as oss
import pytest

from ossicle.wire.digest import crc64

PART_BYTES = 512 * 1024
BODY = bytes(range(256)) * 8192 + b"the last part is smaller"


def test_parts_by_hand(client: oss.Client, bucket: str) -> None:
    key = "by hand/é +&"
    begun = client.initiate_multipart_upload(oss.InitiateMultipartUploadRequest(bucket=bucket, key=key))
    numbers = range(1, len(BODY) // PART_BYTES + 2)
    etags = {}
    for number in reversed(numbers):
        body = BODY[(number - 1) * PART_BYTES : number * PART_BYTES]
        part = client.upload_part(
            oss.UploadPartRequest(bucket=bucket, key=key, part_number=number, upload_id=begun.upload_id, body=body)
        )
        assert part.hash_crc64 == str(crc64(body))
        etags[number] = part.etag
    listed = [
        part
        for page in client.list_parts_paginator().iter_page(
            oss.ListPartsRequest(bucket=bucket, key=key, upload_id=begun.upload_id, max_parts=2)
        )
        for part in page.parts
    ]
    assert [(part.part_number, part.etag) for part in listed] == sorted(etags.items())
    parts = [oss.UploadPart(part_number=number, etag=etags[number]) for number in numbers]
    done = client.complete_multipart_upload(
        oss.CompleteMultipartUploadRequest(
            bucket=bucket,
            key=key,
            upload_id=begun.upload_id,
            complete_multipart_upload=oss.CompleteMultipartUpload(parts=parts),
        )
    )
    assert (done.key, done.hash_crc64) == (key, str(crc64(BODY)))
    assert client.get_object(oss.GetObjectRequest(bucket=bucket, key=key)).body.content == BODY
    meta = client.get_object_meta(oss.GetObjectMetaRequest(bucket=bucket, key=key))
    assert (meta.content_length, meta.etag) == (len(BODY), done.etag)


def test_uploads_are_listed_and_aborted(client: oss.Client, bucket: str) -> None:
    keys = ["aborted/a", "aborted/a", "aborted/b", "aborted/c"]
    begun = sorted(
        (key, client.initiate_multipart_upload(oss.InitiateMultipartUploadRequest(bucket=bucket, key=key)).upload_id)
        for key in keys
    )
    request = oss.ListMultipartUploadsRequest(bucket=bucket, prefix="aborted/", max_uploads=3)
    pages = list(client.list_multipart_uploads_paginator().iter_page(request))
    assert [len(page.uploads) for page in pages] == [3, 1]
    assert [(upload.key, upload.upload_id) for page in pages for upload in page.uploads] == begun
    for key, upload_id in begun:
        client.abort_multipart_upload(oss.AbortMultipartUploadRequest(bucket=bucket, key=key, upload_id=upload_id))
    assert not client.list_multipart_uploads(request).uploads
    with pytest.raises(oss.exceptions.OperationError) as gone:
        client.abort_multipart_upload(oss.AbortMultipartUploadRequest(bucket=bucket, key=key, upload_id=upload_id))
    error = gone.value.unwrap()
    assert (error.status_code, error.code, error.ec) == (404, "NoSuchUpload", "0042-00000002")


def test_the_transfer_manager(client: oss.Client, bucket: str, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(os.urandom(3 * 1024 * 1024 + 5))
    request = oss.PutObjectRequest(bucket=bucket, key="managed")
    sent = client.uploader(part_size=PART_BYTES, parallel_num=4).upload_file(request, str(source))
    assert sent.hash_crc64 == str(crc64(source.read_bytes()))
    asked = oss.GetObjectRequest(bucket=bucket, key="managed")
    client.downloader(part_size=PART_BYTES, parallel_num=4).download_file(asked, str(target))
    assert target.read_bytes() == source.read_bytes()
    streamed = client.uploader(part_size=PART_BYTES).upload_from(
        oss.PutObjectRequest(bucket=bucket, key="streamed"), BytesIO(BODY)
    )
    assert streamed.hash_crc64 == str(crc64(BODY))


def test_copies(client: oss.Client, bucket: str) -> None:
    client.put_object(oss.PutObjectRequest(bucket=bucket, key="copied/é from", body=BODY, metadata={"colour": "red"}))
    done = client.copy_object(
        oss.CopyObjectRequest(bucket=bucket, key="copied/to", source_bucket=bucket, source_key="copied/é from")
    )
    assert done.hash_crc64 == str(crc64(BODY))
    head = client.head_object(oss.HeadObjectRequest(bucket=bucket, key="copied/to"))
    assert (head.etag, head.metadata["colour"]) == (done.etag, "red")
    begun = client.initiate_multipart_upload(oss.InitiateMultipartUploadRequest(bucket=bucket, key="copied/parts"))
    parts = []
    for number, (first, last) in enumerate([(0, PART_BYTES - 1), (PART_BYTES, len(BODY) - 1)], 1):
        part = client.upload_part_copy(
            oss.UploadPartCopyRequest(
                bucket=bucket,
                key="copied/parts",
                part_number=number,
                upload_id=begun.upload_id,
                source_bucket=bucket,
                source_key="copied/to",
                source_range=f"bytes={first}-{last}",
            )
        )
        parts.append(oss.UploadPart(part_number=number, etag=part.etag))
    client.complete_multipart_upload(
        oss.CompleteMultipartUploadRequest(
            bucket=bucket,
            key="copied/parts",
            upload_id=begun.upload_id,
            complete_multipart_upload=oss.CompleteMultipartUpload(parts=parts),
        )
    )
    assert client.get_object(oss.GetObjectRequest(bucket=bucket, key="copied/parts")).body.content == BODY


def test_many_are_listed_and_deleted_at_once(client: oss.Client, bucket: str) -> None:
    keys = [f"many/{name}" for name in ("a", "b c", "d\x01", "é", "z+%")]
    for key in keys:
        client.put_object(oss.PutObjectRequest(bucket=bucket, key=key, body=b"x"))
    pages = client.list_objects_paginator().iter_page(oss.ListObjectsRequest(bucket=bucket, prefix="many/", max_keys=2))
    found = [(item.key, bool(item.owner.id)) for page in pages for item in page.contents]
    assert found == [(key, True) for key in sorted(keys)]
    objects = [oss.DeleteObject(key=key) for key in keys]
    done = client.delete_multiple_objects(
        oss.DeleteMultipleObjectsRequest(bucket=bucket, objects=objects, encoding_type="url")
    )
    assert [item.key for item in done.deleted_objects] == keys
    assert not client.list_objects(oss.ListObjectsRequest(bucket=bucket, prefix="many/")).contents
