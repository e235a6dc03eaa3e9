"""The synchronous client against prepared answers: what it sends, what it returns, what it raises."""

import inspect
import io
from collections.abc import Callable
from typing import Any

import pytest

import ossicle
from ossicle.client.aio import AsyncClient
from ossicle.client.credentials import AnonymousCredentialsProvider, Credentials, CredentialsProviderFunc
from ossicle.client.failures import CredentialsError, InconsistentError, MalformedAnswer, ParameterError
from ossicle.client.sync import Client
from ossicle.wire.api import OPERATIONS, unserved
from ossicle.wire.api.bucket import HEAD_BUCKET
from ossicle.wire.digest import crc64
from ossicle.wire.errors import NoSuchBucket, NoSuchKey, OssError
from ossicle.wire.signing import Claim
from tests.support.clients import AnsweringTransport, Prepared, config, frozen_clock, received_request
from tests.support.signing_vectors import v4_claim

CONTENT = b"some bytes"
CRC = str(crc64(CONTENT))
STORED = Prepared(headers={"ETag": '"E"', "x-oss-hash-crc64ecma": CRC, "x-oss-request-id": "RID"})


def client(*answers: Prepared, **settings: Any) -> tuple[Client, AnsweringTransport]:
    transport = AnsweringTransport(*answers)
    return Client(config(**settings), clock=frozen_clock, transport=transport), transport


def put(**more: Any) -> ossicle.PutObjectRequest:
    return ossicle.PutObjectRequest(**{"bucket": "demo", "key": "a b/../c", "body": CONTENT, **more})


def claim_of(transport: AnsweringTransport) -> Claim | None:
    return v4_claim(received_request(transport.received[-1]))


# -- what is sent


def test_put_object_sends_the_bytes_with_their_length_and_no_content_type_of_its_own() -> None:
    made, transport = client(STORED)
    result = made.put_object(put())
    assert (result.etag, result.hash_crc64, result.request_id, result.status_code) == ('"E"', CRC, "RID", 200)
    sent = transport.received[0]
    assert (sent.outgoing.method, sent.outgoing.target) == ("PUT", "/a%20b/../c")
    assert (sent.body, sent.header("Content-Length"), sent.header("Content-Type")) == (CONTENT, "10", None)
    assert sent.header("Host") == "demo.oss-cn-hangzhou.aliyuncs.com"


def test_nothing_is_sent_but_what_was_asked_for_and_what_a_request_needs() -> None:
    made, transport = client(STORED)
    made.put_object(put())
    names = {name.decode().lower() for name, _ in transport.received[0].outgoing.headers}
    signature = {"authorization", "date", "x-oss-date", "x-oss-content-sha256"}
    assert names - signature == {"host", "user-agent", "content-length"}


@pytest.mark.parametrize(
    ("body", "length", "coding"),
    [
        (CONTENT, "10", None),
        (CONTENT.decode(), "10", None),
        (io.BytesIO(CONTENT), "10", None),
        ([CONTENT[:3], CONTENT[3:]], None, "chunked"),
        (None, "0", None),
    ],
)
def test_framing(body: object, length: str | None, coding: str | None) -> None:
    made, transport = client(Prepared())
    made.put_object(put(body=body))
    sent = transport.received[0]
    assert (sent.header("Content-Length"), sent.header("Transfer-Encoding")) == (length, coding)
    assert sent.body == (CONTENT if body is not None else b"")


def test_a_length_that_is_given_frames_a_stream() -> None:
    made, transport = client(STORED)
    made.put_object(put(body=iter([CONTENT]), content_length=10))
    sent = transport.received[0]
    assert (sent.header("Content-Length"), sent.header("Transfer-Encoding")) == ("10", None)


def test_a_length_that_is_wrong_is_told_before_anything_is_sent() -> None:
    made, transport = client()
    with pytest.raises(ParameterError, match="content_length is 11, but the body has 10 bytes"):
        made.put_object(put(content_length=11))
    assert transport.received == []


def test_a_get_has_neither_body_nor_length() -> None:
    made, transport = client(Prepared())
    made.head_object(ossicle.HeadObjectRequest(bucket="demo", key="a"))
    sent = transport.received[0]
    assert (sent.header("Content-Length"), sent.header("Transfer-Encoding"), sent.body) == (None, None, b"")


def test_documents_are_sent_with_their_digest() -> None:
    made, transport = client(Prepared())
    rule = ossicle.CORSRule(allowed_origins=("*",), allowed_methods=("PUT",))
    configuration = ossicle.CORSConfiguration(cors_rules=(rule,))
    made.put_bucket_cors(ossicle.PutBucketCorsRequest(bucket="demo", cors_configuration=configuration))
    sent = transport.received[0]
    assert sent.outgoing.target == "/?cors"
    assert b"<AllowedMethod>PUT</AllowedMethod>" in sent.body
    assert sent.header("Content-Length") == str(len(sent.body))
    assert sent.header("Content-MD5") is not None


def test_header_values_keep_their_characters_and_lose_outer_space() -> None:
    made, transport = client(STORED)
    made.put_object(put(metadata={"name": "  Zoë 値 "}, content_disposition="inline"))
    assert transport.received[0].header("x-oss-meta-name") == "Zoë 値"


@pytest.mark.parametrize("key", [None, "", "\ud800"])
def test_a_deletion_without_its_key_is_none_of_the_bucket(key: Any) -> None:
    made, transport = client()
    with pytest.raises(ParameterError):
        made.delete_object(ossicle.DeleteObjectRequest(bucket="demo", key=key))
    assert transport.received == []


def test_default_headers_are_sent_where_a_request_has_none_of_that_name() -> None:
    made, transport = client(STORED, STORED, default_request_headers={"X-Team": "a", "Content-Type": "text/html"})
    made.put_object(put())
    made.put_object(put(content_type="text/plain"))
    assert [sent.header("Content-Type") for sent in transport.received] == ["text/html", "text/plain"]
    assert [sent.header("X-Team") for sent in transport.received] == ["a", "a"]


def test_every_request_is_signed_in_its_header() -> None:
    made, transport = client(STORED)
    made.put_object(put())
    claim = claim_of(transport)
    assert claim is not None
    assert (claim.access_key_id, claim.scope.region) == ("test-key-id", "cn-hangzhou")
    assert claim.signed_at == frozen_clock()


def test_anonymous_signs_nothing_and_needs_no_region() -> None:
    made, transport = client(
        STORED, region=None, endpoint="http://localhost:8880", credentials_provider=AnonymousCredentialsProvider()
    )
    made.put_object(put())
    assert claim_of(transport) is None


def test_half_a_key_signs_nothing() -> None:
    half = CredentialsProviderFunc(lambda: Credentials(access_key_id="id", access_key_secret=""))
    made, transport = client(credentials_provider=half)
    with pytest.raises(CredentialsError, match="without secret"):
        made.put_object(put())
    assert transport.received == []


@pytest.mark.parametrize("headers", [{"x y": "z"}, {"x-oss-meta-a": "b\r\nx-oss-object-acl: public-read"}])
def test_a_header_that_would_become_another_is_refused(headers: dict[str, str]) -> None:
    made, transport = client()
    with pytest.raises(ParameterError):
        made.put_object(put(headers=headers))
    assert transport.received == []


def test_a_request_of_another_operation_is_a_type_error() -> None:
    made, _ = client()
    with pytest.raises(TypeError, match="HeadBucket takes a HeadBucketRequest, not a PutBucketRequest"):
        made.invoke(HEAD_BUCKET, ossicle.PutBucketRequest(bucket="demo"))  # type: ignore[misc]  # what is refused


# -- what comes back


LISTING = b"""<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult><Name>demo</Name><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>
<Contents><Key>a%2Fb%01</Key><Size>3</Size><LastModified>2023-12-17T03:56:28.000Z</LastModified></Contents>
<CommonPrefixes><Prefix>c%2F</Prefix></CommonPrefixes></ListBucketResult>"""


def test_a_document_becomes_a_typed_result() -> None:
    made, transport = client(Prepared(pieces=(LISTING[:20], LISTING[20:])))
    result = made.list_objects_v2(ossicle.ListObjectsV2Request(bucket="demo", prefix="a/b", encoding_type="url"))
    assert [item.key for item in result.contents] == ["a/b\x01"]
    assert [group.prefix for group in result.common_prefixes] == ["c/"]
    assert transport.received[0].outgoing.target == "/?encoding-type=url&list-type=2&prefix=a%2Fb"
    assert transport.closed == 1


ERROR = b"<Error><Code>NoSuchKey</Code><Message>gone</Message><RequestId>RID</RequestId><Key>a</Key></Error>"


def test_a_refusal_is_raised_as_the_class_of_its_code() -> None:
    made, transport = client(Prepared(404, pieces=(ERROR,)))
    with pytest.raises(NoSuchKey) as refusal:
        made.get_object(ossicle.GetObjectRequest(bucket="demo", key="a"))
    assert (refusal.value.status, refusal.value.request_id, refusal.value.details) == (404, "RID", {"Key": "a"})
    assert transport.closed == 1


def test_an_unknown_code_keeps_its_name() -> None:
    made, _ = client(Prepared(418, pieces=(b"<Error><Code>Teapot</Code><Message>short</Message></Error>",)))
    with pytest.raises(OssError) as refusal:
        made.put_bucket(ossicle.PutBucketRequest(bucket="demo"))
    assert (refusal.value.code, refusal.value.status) == ("Teapot", 418)


def test_a_refusal_by_something_else_tells_its_status() -> None:
    made, _ = client(Prepared(502, pieces=(b"<html>Bad Gateway</html>",)), retry_max_attempts=1)
    with pytest.raises(OssError, match="502"):
        made.get_bucket_info(ossicle.GetBucketInfoRequest(bucket="demo"))


@pytest.mark.parametrize("document", [b"<html>hello</html>", b"hello", b"", b"<Error/>"])
def test_a_success_that_is_no_oss_answer_is_told_as_that(document: bytes) -> None:
    made, _ = client(Prepared(pieces=(document,)))
    with pytest.raises(MalformedAnswer, match="GetBucketInfo"):
        made.get_bucket_info(ossicle.GetBucketInfoRequest(bucket="demo"))


def test_an_answer_without_end_is_given_up() -> None:
    made, transport = client(Prepared(pieces=(bytes(1024 * 1024),) * 33))
    with pytest.raises(MalformedAnswer, match="longer than"):
        made.list_buckets(ossicle.ListBucketsRequest())
    assert transport.closed == 1


# -- checksums


def test_an_upload_that_arrived_otherwise_is_a_failure() -> None:
    answer = Prepared(headers={"x-oss-hash-crc64ecma": "123", "x-oss-request-id": "RID"})
    made, _ = client(answer, retry_max_attempts=1)
    with pytest.raises(InconsistentError, match="request id RID") as failure:
        made.put_object(put())
    assert (failure.value.client_crc64, failure.value.server_crc64) == (CRC, "123")


def test_an_append_that_arrived_otherwise_is_not_sent_again() -> None:
    made, transport = client(Prepared(headers={"x-oss-hash-crc64ecma": "123"}))
    with pytest.raises(InconsistentError):
        made.append_object(ossicle.AppendObjectRequest(bucket="bucket", key="key", position=0, body=b"one"))
    assert len(transport.received) == 1


def test_the_checksum_of_a_later_append_is_that_of_more_than_was_sent() -> None:
    made, _ = client(Prepared(headers={"x-oss-hash-crc64ecma": "123"}))
    request = ossicle.AppendObjectRequest(bucket="bucket", key="key", position=4, body=b"two")
    assert made.append_object(request).hash_crc64 == "123"


def test_the_check_of_uploads_can_be_switched_off() -> None:
    made, _ = client(Prepared(headers={"x-oss-hash-crc64ecma": "123"}), disable_upload_crc64_check=True)
    assert made.put_object(put()).hash_crc64 == "123"


def test_the_crc64_of_an_object_that_was_not_sent_is_only_reported() -> None:
    made, _ = client(Prepared(headers={"x-oss-hash-crc64ecma": "123", "Content-Length": "10"}))
    assert made.head_object(ossicle.HeadObjectRequest(bucket="demo", key="a")).hash_crc64 == "123"


# -- streams


def get(made: Client, **more: Any) -> ossicle.GetObjectResult[ossicle.StreamBody]:
    return made.get_object(ossicle.GetObjectRequest(**{"bucket": "demo", "key": "a", **more}))


def body_of(result: ossicle.GetObjectResult[ossicle.StreamBody]) -> ossicle.StreamBody:
    assert result.body is not None
    return result.body


WHOLE = Prepared(headers={"x-oss-hash-crc64ecma": CRC, "x-oss-meta-a": "b"}, pieces=(CONTENT[:4], CONTENT[4:]))


@pytest.mark.parametrize(
    "read",
    [
        lambda body: body.read(),
        b"".join,
        lambda body: b"".join(body.iter_bytes()),
        lambda body: next(body.iter_bytes()) + body.read(),
    ],
)
def test_an_object_is_read_in_any_of_these_ways(read: Callable[[ossicle.StreamBody], bytes]) -> None:
    made, transport = client(WHOLE)
    result = get(made)
    assert result.metadata == {"a": "b"}
    assert read(body_of(result)) == CONTENT
    assert body_of(result).read() == b""
    assert transport.closed >= 1


def test_reading_holds_the_connection_until_the_end_or_until_it_is_closed() -> None:
    made, transport = client(WHOLE, WHOLE)
    with body_of(get(made)) as body:
        assert next(iter(body)) == CONTENT[:4]
        assert transport.closed == 0
    assert transport.closed >= 1
    assert body.read() == b""
    unread = body_of(get(made))
    closed = transport.closed
    unread.close()
    assert transport.closed > closed


def test_a_body_that_is_not_what_the_server_keeps_is_a_failure_at_its_end() -> None:
    made, _ = client(Prepared(headers={"x-oss-hash-crc64ecma": "123"}, pieces=(CONTENT,)))
    body = body_of(get(made))
    assert next(iter(body)) == CONTENT
    with pytest.raises(InconsistentError):
        body.read()


@pytest.mark.parametrize(
    ("status", "headers", "request_fields", "settings"),
    [
        (206, {}, {"range_header": "bytes=0-9"}, {}),
        (200, {}, {"parameters": {"x-oss-process": "image/resize,w_1"}}, {}),
        (200, {"Content-Encoding": "gzip"}, {}, {}),
        (200, {}, {}, {"disable_download_crc64_check": True}),
    ],
)
def test_bytes_that_are_not_the_whole_object_are_not_compared_with_its_sum(
    status: int, headers: dict[str, str], request_fields: dict[str, Any], settings: dict[str, Any]
) -> None:
    answer = Prepared(status, {"x-oss-hash-crc64ecma": "123", **headers}, (CONTENT,))
    made, _ = client(answer, **settings)
    assert body_of(get(made, **request_fields)).read() == CONTENT


def test_a_stream_is_a_file_to_read() -> None:
    made, _ = client(WHOLE, WHOLE, WHOLE)
    body = body_of(get(made))
    assert (body.read(3), body.read(3), body.read(0), body.read(99), body.read(1)) == (
        CONTENT[:3],
        CONTENT[3:6],
        b"",
        CONTENT[6:],
        b"",
    )
    assert list(body_of(get(made)).iter_bytes(block_size=7)) == [CONTENT[:7], CONTENT[7:]]
    buffer = bytearray(4)
    other = body_of(get(made))
    assert other.readinto(buffer) == 4
    assert bytes(buffer) + other.read() == CONTENT
    with pytest.raises(ParameterError):
        other.iter_bytes(block_size=0)


def test_progress_of_an_object_that_is_read() -> None:
    told: list[tuple[int, int, int | None]] = []
    made, _ = client(Prepared(headers={"Content-Length": "10"}, pieces=WHOLE.pieces))
    body_of(get(made, progress_fn=lambda *now: told.append(now))).read()
    assert told == [(4, 4, 10), (6, 10, 10)]


# -- is it there?

NO_BUCKET = Prepared(404, pieces=(b"<Error><Code>NoSuchBucket</Code></Error>",))
FORBIDDEN = Prepared(403, pieces=(b"<Error><Code>AccessDenied</Code></Error>",))
BUCKET = Prepared(pieces=(b"<BucketInfo><Bucket><Name>demo</Name></Bucket></BucketInfo>",))


def test_whether_an_object_is_there() -> None:
    made, transport = client(Prepared(), Prepared(404, pieces=(ERROR,)), Prepared(404), NO_BUCKET)
    assert [made.is_object_exist("demo", "a") for _ in range(3)] == [True, False, False]
    assert transport.received[0].outgoing.target == "/a?objectMeta"
    with pytest.raises(NoSuchBucket):
        made.is_object_exist("demo", "a")


def test_whether_a_bucket_is_there() -> None:
    made, _ = client(BUCKET, NO_BUCKET, FORBIDDEN, Prepared(400))
    assert [made.is_bucket_exist("demo") for _ in range(3)] == [True, False, True]
    with pytest.raises(OssError):
        made.is_bucket_exist("demo")


# -- the surface


def test_both_clients_have_a_method_for_every_operation_that_is_bound() -> None:
    # A form is signed by `sign_form`, and posted by a browser.
    bound = [operation for operation in OPERATIONS if operation not in unserved.OPERATIONS and not operation.is_form]
    for kind in (Client, AsyncClient):
        for operation in bound:
            method = getattr(kind, ossicle_method(operation.name))
            hints = inspect.get_annotations(method, eval_str=True)
            assert hints["request"] is operation.request
            returned = hints["return"]
            expected = getattr(operation.result, "__origin__", operation.result)
            assert getattr(returned, "__origin__", returned) is expected


def ossicle_method(name: str) -> str:
    """PutBucketCors is put_bucket_cors, and ListObjectsV2 is list_objects_v2."""
    name = name.replace("RTC", "Rtc")  # as the official SDK has it
    return "".join(f"_{mark.lower()}" if mark.isupper() else mark for mark in name).lstrip("_")


def test_a_transport_that_was_given_is_left_open() -> None:
    transport = AnsweringTransport(STORED, STORED)
    with Client(config(), clock=frozen_clock, transport=transport) as made:
        made.put_object(put())
    made.put_object(put())
    assert len(transport.received) == 2
