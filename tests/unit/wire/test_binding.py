"""How a single message is taken apart and put together; that every operation survives the wire is in test_api.py."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.wire.api import OPERATIONS, unserved
from ossicle.wire.api.bucket import (
    GET_BUCKET_INFO,
    GET_BUCKET_LOCATION,
    LIST_OBJECTS_V2,
    PUT_BUCKET,
    CreateBucketConfiguration,
    PutBucketRequest,
    PutBucketResult,
)
from ossicle.wire.api.bucket_cors import GET_BUCKET_CORS, PUT_BUCKET_CORS
from ossicle.wire.api.multipart import (
    COMPLETE_MULTIPART_UPLOAD,
    LIST_PARTS,
    UPLOAD_PART,
    UPLOAD_PART_COPY,
    UploadPart,
    UploadPartCopyRequest,
    UploadPartRequest,
)
from ossicle.wire.api.object_basic import (
    DELETE_MULTIPLE_OBJECTS,
    GET_OBJECT,
    HEAD_OBJECT,
    PUT_OBJECT,
    GetObjectResult,
    PutObjectRequest,
)
from ossicle.wire.api.object_copy import COPY_OBJECT, CopyObjectRequest, CopyObjectResult
from ossicle.wire.api.service import LIST_BUCKETS
from ossicle.wire.binding import parse_request, parse_result, render_request, render_result
from ossicle.wire.errors import InlineDataTooLarge, InvalidArgument, MalformedXML, MissingArgument, OssError
from ossicle.wire.http import Headers, Query, Resource
from ossicle.wire.names import BucketAcl, ObjectAcl, StorageClass
from ossicle.wire.operation import AnyOperation
from ossicle.wire.text import encode

BUCKET = Resource(bucket="examplebucket")
OBJECT = Resource(bucket="examplebucket", key="ключ/a".encode())
BOUND = [operation for operation in OPERATIONS if operation not in unserved.OPERATIONS]


def take(
    operation: AnyOperation,
    query: bytes = b"",
    headers: list[tuple[bytes, bytes]] | None = None,
    *,
    resource: Resource = OBJECT,
    document: bytes | None = None,
) -> Any:
    return parse_request(operation, resource, Query(query), Headers(headers or []), document)


# -- requests, as a server reads them


def test_the_address_is_part_of_the_request() -> None:
    request = take(PUT_OBJECT)
    assert (request.bucket, request.key) == ("examplebucket", "ключ/a")
    assert take(LIST_BUCKETS, resource=Resource()).prefix is None


def test_absent_fields_have_their_defaults_and_unknown_ones_are_ignored() -> None:
    request = take(PUT_OBJECT, b"x=1&prefix=y", [(b"Host", b"h"), (b"x-oss-unknown", b"1"), (b"x-oss-meta", b"2")])
    assert request == PutObjectRequest(bucket="examplebucket", key="ключ/a", metadata={})


def test_header_names_are_of_any_case_and_values_trimmed() -> None:
    request = take(PUT_OBJECT, headers=[(b"CONTENT-type", b" text/plain\t"), (b"X-Oss-Object-Acl", b"private")])
    assert (request.content_type, request.acl) == ("text/plain", ObjectAcl.PRIVATE)


def test_parameter_names_are_of_one_case() -> None:
    assert take(LIST_OBJECTS_V2, b"Prefix=a", resource=BUCKET).prefix is None


def test_parameters_are_decoded_once() -> None:
    request = take(LIST_OBJECTS_V2, b"prefix=a%252Fb+c%2B&delimiter=%ff&start-after", resource=BUCKET)
    assert (request.prefix, request.delimiter, request.start_after) == ("a%2Fb c+", "\udcff", "")


def test_of_a_repeated_parameter_the_first_counts() -> None:
    assert take(LIST_OBJECTS_V2, b"max-keys=1&max-keys=2", resource=BUCKET).max_keys == 1


def test_a_repeated_header_is_one_value() -> None:
    request = take(PUT_OBJECT, headers=[(b"x-oss-meta-a", b"1"), (b"Cache-Control", b"a"), (b"cache-control", b"b")])
    assert (request.cache_control, request.metadata) == ("a,b", {"a": "1"})
    with pytest.raises(InvalidArgument):
        take(PUT_OBJECT, headers=[(b"x-oss-object-acl", b"private"), (b"x-oss-object-acl", b"public-read")])


@given(st.binary(max_size=40).map(lambda raw: raw.translate(None, b"\r\n\0").strip(b" \t")))
def test_any_bytes_of_a_header_survive(raw: bytes) -> None:
    request = take(PUT_OBJECT, headers=[(b"x-oss-meta-note", raw), (b"content-disposition", raw)])
    assert encode(request.metadata["note"]) == encode(request.content_disposition) == raw
    _, message = render_request(PUT_OBJECT, request)
    assert [encode(value) for _, value in message.headers] == [raw, raw]


def test_metadata_is_what_has_the_prefix() -> None:
    headers = [(b"x-oss-meta-A-b", b"1"), (b"X-OSS-META-", b"2"), (b"x-oss-metadata", b"3"), (b"y-oss-meta-c", b"4")]
    assert take(PUT_OBJECT, headers=headers).metadata == {"a-b": "1", "": "2"}


@pytest.mark.parametrize(
    ("operation", "query", "header", "name", "value"),
    [
        (LIST_OBJECTS_V2, b"max-keys=ten", None, "max-keys", "ten"),
        (LIST_OBJECTS_V2, b"max-keys=", None, "max-keys", ""),
        (LIST_OBJECTS_V2, b"max-keys=%D9%A1", None, "max-keys", "\u0661"),
        (LIST_OBJECTS_V2, b"max-keys=99999999999999999999", None, "max-keys", "99999999999999999999"),
        (UPLOAD_PART, b"partNumber=1.5&uploadId=a", None, "partNumber", "1.5"),
        (PUT_OBJECT, b"", (b"content-length", b"-"), "Content-Length", "-"),
        (PUT_OBJECT, b"", (b"X-OSS-TRAFFIC-LIMIT", b"\xff"), "x-oss-traffic-limit", "\udcff"),
        (PUT_OBJECT, b"", (b"x-oss-object-acl", b"everybody"), "x-oss-object-acl", "everybody"),
        (PUT_OBJECT, b"", (b"x-oss-storage-class", b"standard"), "x-oss-storage-class", "standard"),
        (PUT_BUCKET, b"", (b"x-oss-acl", b"default"), "x-oss-acl", "default"),
    ],
)
def test_a_value_that_is_not_of_its_type_is_named(
    operation: AnyOperation, query: bytes, header: tuple[bytes, bytes] | None, name: str, value: str
) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        take(operation, query, [header] if header else [])
    assert refusal.value.details == {"ArgumentName": name, "ArgumentValue": value}


def test_an_acl_that_does_not_exist_is_refused_in_the_words_of_oss() -> None:
    with pytest.raises(InvalidArgument, match="no such object access control exists"):
        take(PUT_OBJECT, headers=[(b"x-oss-object-acl", b"x")])
    with pytest.raises(InvalidArgument, match="no such bucket access control exists"):
        take(PUT_BUCKET, headers=[(b"x-oss-acl", b"x")], resource=BUCKET)


@pytest.mark.parametrize(
    ("operation", "query", "name"),
    [(UPLOAD_PART, b"uploadId=a", "partNumber"), (COMPLETE_MULTIPART_UPLOAD, b"", "uploadId")],
)
def test_a_missing_argument_is_named(operation: AnyOperation, query: bytes, name: str) -> None:
    with pytest.raises(MissingArgument) as refusal:
        take(operation, query)
    assert refusal.value.details == {"ArgumentName": name}


def test_a_listing_of_parts_may_begin_with_an_empty_marker() -> None:
    assert take(LIST_PARTS, b"uploadId=a&part-number-marker=").part_number_marker is None
    assert take(LIST_PARTS, b"uploadId=a&part-number-marker=7").part_number_marker == 7
    with pytest.raises(InvalidArgument):
        take(LIST_PARTS, b"uploadId=a&part-number-marker=x")


@pytest.mark.parametrize(("operation", "query"), [(COPY_OBJECT, b""), (UPLOAD_PART_COPY, b"partNumber=1&uploadId=a")])
def test_one_header_names_all_of_a_source(operation: AnyOperation, query: bytes) -> None:
    request = take(operation, query, [(b"X-Oss-Copy-Source", b"/src-bucket/a%20b?versionId=null")])
    assert (request.source_bucket, request.source_key, request.source_version_id) == ("src-bucket", "a b", "null")
    for headers in ([], [(b"x-oss-copy-source", b"")], [(b"x-oss-copy-source", b"/src-bucket")]):
        with pytest.raises(InvalidArgument, match="Copy Source must mention the source bucket and key"):
            take(operation, query, headers)


def test_bools_are_true_by_one_word() -> None:
    for raw, expected in [(b"true", True), (b"TRUE", True), (b"false", False), (b"", False), (b"1", False)]:
        assert take(PUT_OBJECT, headers=[(b"x-oss-forbid-overwrite", raw)]).forbid_overwrite is expected


@pytest.mark.parametrize("document", [None, b""])
def test_a_document_may_be_absent(document: bytes | None) -> None:
    assert take(PUT_BUCKET, resource=BUCKET, document=document).create_bucket_configuration is None


@pytest.mark.parametrize("document", [b" ", b"<Other/>", b"<CORSConfiguration>", b"{}"])
def test_a_document_that_is_there_must_be_the_right_one(document: bytes) -> None:
    with pytest.raises(MalformedXML):
        take(PUT_BUCKET_CORS, resource=BUCKET, document=document)


@pytest.mark.parametrize(
    ("operation", "resource", "ec"),
    [
        (COMPLETE_MULTIPART_UPLOAD, OBJECT, "0042-00000205"),
        (DELETE_MULTIPLE_OBJECTS, BUCKET, "0016-00000608"),
        (PUT_BUCKET_CORS, BUCKET, None),
    ],
)
@pytest.mark.parametrize("document", [b"{}", b"<Other/>", b"\xff"])
def test_a_malformed_document_has_the_ec_of_its_operation(
    operation: AnyOperation, resource: Resource, ec: str | None, document: bytes
) -> None:
    with pytest.raises(MalformedXML) as refusal:
        take(operation, b"uploadId=a", resource=resource, document=document)
    assert refusal.value.ec == ec


@pytest.mark.parametrize(
    ("operation", "document"),
    [
        (COMPLETE_MULTIPART_UPLOAD, b"<CompleteMultipartUpload><Part><ETag>a</ETag></Part></CompleteMultipartUpload>"),
        (
            COMPLETE_MULTIPART_UPLOAD,
            b"<CompleteMultipartUpload><Part><PartNumber>one</PartNumber><ETag>a</ETag></Part></CompleteMultipartUpload>",
        ),
        (DELETE_MULTIPLE_OBJECTS, b"<Delete><Object><VersionId>null</VersionId></Object></Delete>"),
    ],
)
def test_an_item_of_a_list_is_complete(operation: AnyOperation, document: bytes) -> None:
    with pytest.raises(MalformedXML):
        take(operation, b"uploadId=a", document=document)


def test_lists_are_taken_as_clients_write_them() -> None:
    listed = b"""
        <CompleteMultipartUpload xmlns="http://doc.oss-cn-hangzhou.aliyuncs.com">
          <Part><ETag>&quot;A&quot;</ETag><PartNumber> 1 </PartNumber><HashCRC64>1</HashCRC64></Part>
          <Part><PartNumber>3</PartNumber><ETag>b</ETag></Part>
        </CompleteMultipartUpload>"""
    request = take(COMPLETE_MULTIPART_UPLOAD, b"uploadId=a", document=listed)
    assert request.complete_multipart_upload.parts == (
        UploadPart(part_number=1, etag='"A"'),
        UploadPart(part_number=3, etag="b"),
    )
    named = b"<Delete><Object><Key>a%20&amp;&#01;&#x1f;</Key></Object><Quiet>True</Quiet><Object><Key> b </Key></Object></Delete>"
    request = take(DELETE_MULTIPLE_OBJECTS, b"delete&encoding-type=url", resource=BUCKET, document=named)
    assert request.delete.quiet is True
    assert [item.key for item in request.delete.objects] == ["a%20&\x01\x1f", " b "]


def test_a_document_is_bounded() -> None:
    rule = b"<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>"
    document = b"<CORSConfiguration>" + rule + b"</CORSConfiguration>"
    padded = document + b" " * (PUT_BUCKET_CORS.document_bytes_max - len(document))
    assert len(take(PUT_BUCKET_CORS, resource=BUCKET, document=padded).cors_configuration.cors_rules) == 1
    with pytest.raises(InlineDataTooLarge):
        take(PUT_BUCKET_CORS, resource=BUCKET, document=padded + b" ")


def test_the_body_of_an_object_is_no_document() -> None:
    assert take(PUT_OBJECT, document=b"any bytes").body is None


header_pairs = st.tuples(
    st.sampled_from(
        [b"content-length", b"x-oss-object-acl", b"x-oss-meta-a", b"content-md5", b"x-oss-forbid-overwrite"]
    )
    | st.binary(max_size=10),
    st.binary(max_size=20),
)


@pytest.mark.parametrize("operation", BOUND, ids=lambda operation: str(operation.name))
@given(st.binary(max_size=60), st.lists(header_pairs, max_size=5), st.binary(max_size=60))
def test_anything_is_read_or_refused(
    operation: AnyOperation, query: bytes, headers: list[tuple[bytes, bytes]], document: bytes
) -> None:
    names = b"&".join(name.partition("=")[0].encode() + b"=" + query for name in ("max-keys", "partNumber", "uploadId"))
    try:
        take(operation, query + b"&" + names, headers, document=document, resource=_resource(operation))
    except OssError:
        return


def _resource(operation: AnyOperation) -> Resource:
    fields = operation.request.__dataclass_fields__
    return Resource(bucket="examplebucket" if "bucket" in fields else None, key=b"key" if "key" in fields else None)


# -- requests, as a client writes them


def test_a_request_says_its_selectors_and_what_is_set() -> None:
    resource, message = render_request(
        UPLOAD_PART, UploadPartRequest(bucket="b", key="k/é", part_number=2, upload_id="u")
    )
    assert resource == Resource(bucket="b", key="k/é".encode())
    assert (message.query, message.headers, message.document) == ([("partNumber", "2"), ("uploadId", "u")], [], None)

    _, message = render_request(LIST_OBJECTS_V2, LIST_OBJECTS_V2.request(bucket="b", prefix="", max_keys=7))
    assert message.query == [("list-type", "2"), ("prefix", ""), ("max-keys", "7")]

    _, message = render_request(PUT_BUCKET_CORS, PUT_BUCKET_CORS.request(bucket="b"))
    assert (message.query, message.document) == ([("cors", "")], None)


def test_a_source_without_a_bucket_is_in_the_bucket_of_the_request() -> None:
    _, message = render_request(COPY_OBJECT, CopyObjectRequest(bucket="bkt", key="k", source_key="a b/\u00e9+"))
    assert message.headers == [("x-oss-copy-source", "/bkt/a%20b/%C3%A9%2B")]
    request = UploadPartCopyRequest(
        bucket="bkt",
        key="k",
        part_number=1,
        upload_id="u",
        source_bucket="src",
        source_key="a?",
        source_version_id="v=",
        source_range="bytes=0-9",
    )
    _, message = render_request(UPLOAD_PART_COPY, request)
    assert message.headers == [
        ("x-oss-copy-source-range", "bytes=0-9"),
        ("x-oss-copy-source", "/src/a%3F?versionId=v%3D"),
    ]


def test_a_request_may_add_headers_and_parameters_of_its_own() -> None:
    request = PutObjectRequest(
        bucket="b", key="k", metadata={"a": "1"}, headers={"X-Extra": "2"}, parameters={"callback": "c"}
    )
    _, message = render_request(PUT_OBJECT, request)
    assert message.headers == [("x-oss-meta-a", "1"), ("X-Extra", "2")]
    assert message.query == [("callback", "c")]


def test_a_closed_list_may_be_given_as_text() -> None:
    configuration = CreateBucketConfiguration(storage_class="IA", data_redundancy_type="LRS")
    request = PutBucketRequest(bucket="b", acl="public-read", create_bucket_configuration=configuration)
    _, message = render_request(PUT_BUCKET, request)
    assert message.headers == [("x-oss-acl", "public-read")]
    taken = take(PUT_BUCKET, headers=[(b"x-oss-acl", b"public-read")], resource=BUCKET, document=message.document)
    assert taken.acl is BucketAcl.PUBLIC_READ
    assert taken.create_bucket_configuration.storage_class is StorageClass.IA


# -- results


def test_a_result_is_headers_or_a_document() -> None:
    message = render_result(PUT_BUCKET, PutBucketResult(location="/b"))
    assert (message.headers, message.document) == ([(b"location", b"/b")], None)
    message = render_result(GET_OBJECT, GetObjectResult(content_length=5, metadata={"a": "1"}, body=object()))
    assert (message.headers, message.document) == ([(b"content-length", b"5"), (b"x-oss-meta-a", b"1")], None)
    message = render_result(GET_BUCKET_INFO, GET_BUCKET_INFO.result())
    assert message.document == b'<?xml version="1.0" encoding="UTF-8"?>\n<BucketInfo></BucketInfo>'


def test_an_etag_travels_in_the_document_and_in_a_header() -> None:
    message = render_result(COPY_OBJECT, CopyObjectResult(etag='"E"', hash_crc64="1"))
    assert message.headers == [(b"etag", b'"E"'), (b"x-oss-hash-crc64ecma", b"1")]
    assert message.document is not None
    assert message.document.endswith(b'<CopyObjectResult><ETag>"E"</ETag></CopyObjectResult>')
    # A client takes the word of the document: an ETag in the header may be one of a proxy.
    parsed = parse_result(COPY_OBJECT, 200, Headers([(b"etag", b'W/"other"')]), message.document)
    assert parsed.etag == '"E"'


def test_a_client_is_told_status_request_id_and_all_headers() -> None:
    headers = Headers([(b"X-Oss-Request-Id", b"ABC"), (b"Server", b"S"), (b"ETag", b'"E"'), (b"x-oss-meta-a", b"\xe9")])
    result = parse_result(HEAD_OBJECT, 200, headers, b"")
    assert (result.status_code, result.request_id, result.etag) == (200, "ABC", '"E"')
    assert result.metadata == {"a": "\udce9"}
    assert result.headers == {"x-oss-request-id": "ABC", "server": "S", "etag": '"E"', "x-oss-meta-a": "\udce9"}


def test_a_client_takes_what_is_newer_or_odd() -> None:
    headers = Headers(
        [
            (b"x-oss-storage-class", b"Glacial"),
            (b"x-oss-object-type", b"Normal"),
            (b"Last-Modified", b"yesterday"),
            (b"Content-Length", b"many"),
        ]
    )
    result = parse_result(HEAD_OBJECT, 200, headers, b"")
    assert (result.storage_class, result.object_type) == ("Glacial", "Normal")
    assert (result.last_modified, result.content_length) == (None, None)
    assert result.headers["last-modified"] == "yesterday"


@pytest.mark.parametrize("operation", [GET_BUCKET_INFO, GET_BUCKET_CORS, GET_BUCKET_LOCATION, LIST_BUCKETS])
@pytest.mark.parametrize("document", [b"", b"<html>", b"<Other/>", b"\xff"])
def test_an_answer_without_its_document_is_malformed(operation: AnyOperation, document: bytes) -> None:
    with pytest.raises(MalformedXML):
        parse_result(operation, 200, Headers(()), document)
