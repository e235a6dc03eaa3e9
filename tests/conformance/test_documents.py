"""The official Python SDK reads the documents that Ossicle writes, and writes those that Ossicle reads.

In process: the whole SDK runs, on a transport that answers with the documents.
"""

from datetime import UTC, datetime
from typing import Any

import alibabacloud_oss_v2 as oss
import pytest
import requests

from ossicle.wire.api.bucket import PUT_BUCKET, CreateBucketConfiguration
from ossicle.wire.api.bucket_cors import PUT_BUCKET_CORS
from ossicle.wire.api.multipart import COMPLETE_MULTIPART_UPLOAD, CompleteMultipartUpload, UploadPart
from ossicle.wire.binding import parse_request, render_result
from ossicle.wire.error_document import render_error, render_error_header
from ossicle.wire.errors import InvalidArgument, OssError, SignatureDoesNotMatch
from ossicle.wire.http import Resource
from ossicle.wire.operation import AnyOperation
from tests.conformance.answering import Answer, Transport
from tests.support.documents import ANSWERS, CORS, ERROR, HOST_ID, REQUEST_ID

MOMENT = datetime(2023, 12, 17, 3, 56, 28, tzinfo=UTC)
HEADERS = {"Date": "Sun, 17 Dec 2023 03:56:28 GMT", "Content-Type": "application/xml", "x-oss-request-id": REQUEST_ID}
BUCKET, KEY = "examplebucket", "missing.txt"


def answer_with(name: str) -> Answer:
    operation, result = ANSWERS[name]
    return 200, HEADERS, render_result(operation, result).document or b""


def client(transport: Transport) -> oss.Client:
    session = requests.Session()
    session.mount("http://", transport)
    config = oss.config.load_default()
    config.credentials_provider = oss.credentials.StaticCredentialsProvider("id", "secret")
    config.region = "cn-hangzhou"
    config.endpoint = "http://oss.example.com"
    config.retry_max_attempts = 1
    config.http_client = oss.transport.RequestsHttpClient(session=session)
    return oss.Client(config)


def ask(name: str, verb: str, **fields: Any) -> Any:
    """The SDK's result of an operation that is answered with the document of that name."""
    request = getattr(oss, "".join(word.capitalize() for word in verb.split("_")) + "Request")(**fields)
    return getattr(client(Transport(lambda _: answer_with(name))), verb)(request)


def test_it_reads_bucket_info() -> None:
    info = ask("GetBucketInfo", "get_bucket_info", bucket=BUCKET).bucket_info
    assert (info.name, info.location, info.storage_class) == (BUCKET, "oss-cn-hangzhou", "Standard")
    assert (info.acl, info.data_redundancy_type, info.versioning) == ("private", "LRS", "Enabled")
    assert info.creation_date == MOMENT
    assert info.owner.id == info.owner.display_name == "1234567890123456"
    assert info.extranet_endpoint == "oss-cn-hangzhou.aliyuncs.com"
    assert info.intranet_endpoint == "oss-cn-hangzhou-internal.aliyuncs.com"
    assert info.block_public_access is False
    assert info.sse_rule.sse_algorithm == "None"
    assert info.resource_group_id == "rg-acfmexample"


def test_it_reads_a_location() -> None:
    assert ask("GetBucketLocation", "get_bucket_location", bucket=BUCKET).location == "oss-cn-hangzhou"


def test_it_reads_a_list_of_buckets() -> None:
    result = ask("ListBuckets", "list_buckets")
    assert (result.prefix, result.max_keys, result.is_truncated, result.next_marker) == ("ex", 1, True, BUCKET)
    assert result.owner.id == "1234567890123456"
    [bucket] = result.buckets
    assert (bucket.name, bucket.region, bucket.location) == (BUCKET, "cn-hangzhou", "oss-cn-hangzhou")
    assert (bucket.creation_date, bucket.storage_class) == (MOMENT, "Standard")


def test_it_reads_a_list_without_a_bucket() -> None:
    result = ask("ListBuckets-none", "list_buckets")
    assert (result.is_truncated, result.buckets) == (False, None)


@pytest.mark.parametrize("name", ["ListObjectsV2", "ListObjectsV2-url"])
def test_it_reads_a_listing(name: str) -> None:
    result = ask(name, "list_objects_v2", bucket=BUCKET)
    assert (result.name, result.prefix, result.delimiter, result.start_after) == (BUCKET, "fun/", "/", "fun/")
    assert (result.key_count, result.max_keys, result.is_truncated) == (2, 2, True)
    assert (result.continuation_token, result.next_continuation_token) == ("CgJiYw--", "CgpmdW4vbW92aWUv")
    [entry] = result.contents
    assert (entry.key, entry.size, entry.object_type) == ("fun/a & b+c%.txt", 5, "Normal")
    assert entry.etag == '"5D41402ABC4B2A76B9719D911017C592"'
    assert entry.last_modified == MOMENT
    assert [group.prefix for group in result.common_prefixes] == ["fun/movie/"]


def test_it_reads_cors_rules() -> None:
    configuration = ask("GetBucketCors", "get_bucket_cors", bucket=BUCKET).cors_configuration
    first, second = configuration.cors_rules
    assert first.allowed_origins == ["https://example.com", "https://*.example.net"]
    assert first.expose_headers == ["ETag", "x-oss-request-id"]
    assert (first.max_age_seconds, second.max_age_seconds) == (100, None)
    assert second.allowed_headers is None
    assert configuration.response_vary is False


def test_it_reads_a_begun_upload() -> None:
    result = ask("InitiateMultipartUpload", "initiate_multipart_upload", bucket=BUCKET, key="multipart.data")
    assert (result.key, result.upload_id) == ("multipart.data", "0004B9894A22E5B1888A1E29F8236E2D")


# -- errors


def refusal(error: OssError, verb: str) -> Any:
    """What the SDK raises when an object's GET or HEAD is answered with an error."""
    document = render_error(error, request_id=REQUEST_ID, host_id=HOST_ID)
    if verb == "head_object":
        answer = error.status, {**HEADERS, "x-oss-err": render_error_header(document)}, b""
    else:
        answer = error.status, HEADERS, document
    ours = client(Transport(lambda _: answer))
    request = {"get_object": oss.GetObjectRequest, "head_object": oss.HeadObjectRequest}[verb]
    with pytest.raises(oss.exceptions.OperationError) as failure:
        getattr(ours, verb)(request(bucket=BUCKET, key=KEY))
    return failure.value.unwrap()


@pytest.mark.parametrize("verb", ["get_object", "head_object"])
def test_it_reads_an_error(verb: str) -> None:
    error = refusal(ERROR, verb)
    assert isinstance(error, oss.exceptions.ServiceError)
    assert (error.status_code, error.code, error.ec) == (404, "NoSuchKey", "0026-00000001")
    assert (error.message, error.request_id) == ("The specified key does not exist.", REQUEST_ID)
    assert error.error_fileds["Key"] == KEY


@pytest.mark.parametrize("verb", ["get_object", "head_object"])
@pytest.mark.parametrize(
    "error",
    [
        InvalidArgument(argument_name="x-oss-meta-a", argument_value="\x01\udcff<&>"),
        SignatureDoesNotMatch(canonical_request="PUT\n/a\n\nx-oss-meta-a:\udce9\x01\n" * 1000),
    ],
)
def test_it_reads_an_error_that_quotes_anything(verb: str, error: OssError) -> None:
    read = refusal(error, verb)
    assert (read.code, read.message, read.request_id) == (error.code, error.message, REQUEST_ID)


# -- the other way


def parsed(operation: AnyOperation, verb: str, request: Any, *, key: str | None = None) -> Any:
    """The typed request that Ossicle makes of what the SDK sends."""
    transport = Transport(lambda _: (200, HEADERS, b""))
    getattr(client(transport), verb)(request)
    [asked] = transport.asked
    assert asked.method == operation.method
    resource = Resource(bucket=BUCKET, key=None if key is None else key.encode())
    return parse_request(operation, resource, asked.query, asked.headers, asked.body)


def test_it_writes_cors_rules() -> None:
    rules = [
        oss.CORSRule(
            allowed_origins=list(rule.allowed_origins),
            allowed_methods=list(rule.allowed_methods),
            allowed_headers=list(rule.allowed_headers),
            expose_headers=list(rule.expose_headers),
            max_age_seconds=rule.max_age_seconds,
        )
        for rule in CORS.cors_rules
    ]
    theirs = oss.CORSConfiguration(cors_rules=rules, response_vary=False)
    request = oss.PutBucketCorsRequest(bucket=BUCKET, cors_configuration=theirs)
    assert parsed(PUT_BUCKET_CORS, "put_bucket_cors", request).cors_configuration == CORS


def test_it_writes_the_properties_of_a_bucket() -> None:
    theirs = oss.CreateBucketConfiguration(storage_class="IA", data_redundancy_type="ZRS")
    request = oss.PutBucketRequest(bucket=BUCKET, acl="private", create_bucket_configuration=theirs)
    ours = parsed(PUT_BUCKET, "put_bucket", request)
    expected = CreateBucketConfiguration(storage_class="IA", data_redundancy_type="ZRS")
    assert (ours.acl, ours.create_bucket_configuration) == ("private", expected)


def test_it_writes_a_list_of_parts() -> None:
    theirs = oss.CompleteMultipartUpload(parts=[oss.UploadPart(part_number=1, etag='"A"')])
    transport = Transport(lambda _: (200, HEADERS, b"<CompleteMultipartUploadResult/>"))
    client(transport).complete_multipart_upload(
        oss.CompleteMultipartUploadRequest(
            bucket=BUCKET, key="k", upload_id="U", acl="private", complete_multipart_upload=theirs
        )
    )
    [asked] = transport.asked
    resource = Resource(bucket=BUCKET, key=b"k")
    ours = parse_request(COMPLETE_MULTIPART_UPLOAD, resource, asked.query, asked.headers, asked.body)
    assert (ours.upload_id, ours.acl, ours.encoding_type) == ("U", "private", "url")
    assert ours.complete_multipart_upload == CompleteMultipartUpload(parts=(UploadPart(part_number=1, etag='"A"'),))
