"""`oss2`, the Python SDK of the generation before, reads the documents that Ossicle writes, and writes what Ossicle reads."""

import warnings
from typing import Any

import pytest

from ossicle.wire.api.bucket_cors import PUT_BUCKET_CORS
from ossicle.wire.binding import parse_request, render_result
from ossicle.wire.error_document import render_error, render_error_header
from ossicle.wire.http import Resource
from tests.conformance.answering import Answer, Transport
from tests.support.documents import ANSWERS, CORS, ERROR, HOST_ID, REQUEST_ID
from tests.support.tools import need_package

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # escapes in its source that Python no longer likes
    oss2 = need_package("oss2")

SECONDS = 1702785388  # 2023-12-17T03:56:28Z
BUCKET, KEY = "examplebucket", "missing.txt"
ENDPOINT = "http://oss.example.com"


def answer_with(name: str) -> Answer:
    operation, result = ANSWERS[name]
    return 200, {"x-oss-request-id": REQUEST_ID}, render_result(operation, result).document or b""


def bucket(transport: Transport) -> Any:
    auth = oss2.Auth("id", "secret")
    return oss2.Bucket(auth, ENDPOINT, BUCKET, session=oss2.Session(adapter=transport))


def asked_for(name: str) -> Any:
    return bucket(Transport(lambda _: answer_with(name)))


def test_it_reads_bucket_info() -> None:
    info = asked_for("GetBucketInfo").get_bucket_info()
    assert (info.name, info.location, info.storage_class) == (BUCKET, "oss-cn-hangzhou", "Standard")
    assert (info.acl.grant, info.owner.id, info.versioning_status) == ("private", "1234567890123456", "Enabled")
    assert info.creation_date == "2023-12-17T03:56:28.000Z"
    assert info.bucket_encryption_rule.sse_algorithm is None


def test_it_reads_a_location() -> None:
    assert asked_for("GetBucketLocation").get_bucket_location().location == "oss-cn-hangzhou"


@pytest.mark.parametrize(("name", "expected"), [("ListBuckets", [BUCKET]), ("ListBuckets-none", [])])
def test_it_reads_a_list_of_buckets(name: str, expected: list[str]) -> None:
    session = oss2.Session(adapter=Transport(lambda _: answer_with(name)))
    result = oss2.Service(oss2.Auth("id", "secret"), ENDPOINT, session=session).list_buckets()
    assert [entry.name for entry in result.buckets] == expected
    assert [entry.creation_date for entry in result.buckets] == [SECONDS] * len(expected)
    assert result.owner.id == "1234567890123456"


@pytest.mark.parametrize("name", ["ListObjectsV2", "ListObjectsV2-url"])
def test_it_reads_a_listing(name: str) -> None:
    result = asked_for(name).list_objects_v2()
    [entry] = result.object_list
    assert (entry.key, entry.size, entry.type) == ("fun/a & b+c%.txt", 5, "Normal")
    assert (entry.etag, entry.last_modified) == ("5D41402ABC4B2A76B9719D911017C592", SECONDS)
    assert entry.owner.id == "1234567890123456"
    assert result.prefix_list == ["fun/movie/"]
    assert (result.is_truncated, result.next_continuation_token) == (True, "CgpmdW4vbW92aWUv")


def test_it_reads_cors_rules() -> None:
    result = asked_for("GetBucketCors").get_bucket_cors()
    first, second = result.rules
    assert first.allowed_origins == ["https://example.com", "https://*.example.net"]
    assert (first.expose_headers, first.max_age_seconds) == (["ETag", "x-oss-request-id"], 100)
    assert (second.allowed_headers, second.max_age_seconds) == ([], None)
    assert result.response_vary is False


def test_it_reads_a_begun_upload() -> None:
    result = asked_for("InitiateMultipartUpload").init_multipart_upload("multipart.data")
    assert result.upload_id == "0004B9894A22E5B1888A1E29F8236E2D"


@pytest.mark.parametrize("verb", ["get_object", "head_object"])
def test_it_reads_an_error(verb: str) -> None:
    document = render_error(ERROR, request_id=REQUEST_ID, host_id=HOST_ID)
    headers = {"x-oss-request-id": REQUEST_ID}
    if verb == "head_object":
        headers, document = {**headers, "x-oss-err": render_error_header(document)}, b""
    with pytest.raises(oss2.exceptions.NoSuchKey) as failure:
        getattr(bucket(Transport(lambda _: (404, headers, document))), verb)(KEY)
    assert (failure.value.code, failure.value.ec) == ("NoSuchKey", "0026-00000001")
    assert (failure.value.message, failure.value.request_id) == ("The specified key does not exist.", REQUEST_ID)


def test_it_writes_cors_rules() -> None:
    transport = Transport(lambda _: (200, {}, b""))
    rules = [
        oss2.models.CorsRule(
            allowed_origins=list(rule.allowed_origins),
            allowed_methods=list(rule.allowed_methods),
            allowed_headers=list(rule.allowed_headers),
            expose_headers=list(rule.expose_headers),
            max_age_seconds=rule.max_age_seconds,
        )
        for rule in CORS.cors_rules
    ]
    bucket(transport).put_bucket_cors(oss2.models.BucketCors(rules))
    [asked] = transport.asked
    ours = parse_request(PUT_BUCKET_CORS, Resource(bucket=BUCKET), asked.query, asked.headers, asked.body)
    assert ours.cors_configuration is not None
    assert ours.cors_configuration.cors_rules == CORS.cors_rules
