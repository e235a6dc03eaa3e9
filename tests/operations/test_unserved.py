"""Operations that OSS has and this server has not: named in the refusal, and never mistaken for one that touches data."""

import pytest

from ossicle.operations import HANDLERS
from ossicle.wire.api import OPERATIONS
from ossicle.wire.operation import AnyOperation, Level
from tests.support.inprocess import OTHER, InProcessServer

UNSERVED = [operation for operation in OPERATIONS if operation.name not in HANDLERS]
SERVED = {
    "AbortBucketWorm", "AbortMultipartUpload", "AppendObject", "CleanRestoredObject", "CompleteBucketWorm",
    "CompleteMultipartUpload", "CopyObject", "CreateBucketDataRedundancyTransition", "CreateCnameToken",
    "DeleteBucket", "DeleteBucketCallbackPolicy", "DeleteBucketCors", "DeleteBucketDataRedundancyTransition",
    "DeleteBucketEncryption", "DeleteBucketInventory", "DeleteBucketLifecycle", "DeleteBucketLogging",
    "DeleteBucketOverwriteConfig", "DeleteBucketPolicy", "DeleteBucketPublicAccessBlock", "DeleteBucketQosInfo",
    "DeleteBucketReplication", "DeleteBucketStorageQuota", "DeleteBucketTags", "DeleteBucketTransferAcceleration",
    "DeleteBucketWebsite", "DeleteCname", "DeleteMultipleObjects", "DeleteObject", "DeleteObjectTagging",
    "DeletePublicAccessBlock", "DeleteStyle", "DeleteUserDefinedLogFieldsConfig", "DescribeRegions",
    "ExtendBucketWorm", "GetBucketAccessMonitor", "GetBucketAcl", "GetBucketArchiveDirectRead",
    "GetBucketCallbackPolicy", "GetBucketCors", "GetBucketDataRedundancyTransition", "GetBucketEncryption",
    "GetBucketHttpsConfig", "GetBucketInfo", "GetBucketInventory", "GetBucketLifecycle", "GetBucketLocation",
    "GetBucketLogging", "GetBucketObjectWormConfiguration", "GetBucketOverwriteConfig", "GetBucketPolicy",
    "GetBucketPolicyStatus", "GetBucketPublicAccessBlock", "GetBucketQosInfo", "GetBucketReferer",
    "GetBucketReplication", "GetBucketReplicationLocation", "GetBucketReplicationProgress",
    "GetBucketRequestPayment", "GetBucketResourceGroup", "GetBucketStat", "GetBucketStorageCapacity",
    "GetBucketStorageQuota", "GetBucketTags", "GetBucketTransferAcceleration", "GetBucketVersioning",
    "GetBucketWebsite", "GetBucketWorm", "GetCnameToken", "GetObject", "GetObjectAcl", "GetObjectLegalHold",
    "GetObjectMeta", "GetObjectRetention", "GetObjectTagging", "GetPublicAccessBlock", "GetStyle", "GetSymlink",
    "GetUserDefinedLogFieldsConfig", "GetUserQosInfo", "HeadBucket", "HeadObject", "InitiateBucketWorm",
    "InitiateMultipartUpload", "ListBucketDataRedundancyTransition", "ListBucketInventory", "ListBuckets",
    "ListCname", "ListMultipartUploads", "ListObjectVersions", "ListObjects", "ListObjectsV2", "ListParts",
    "ListStyle", "ListUserDataRedundancyTransition", "PostObject", "PutBucket", "PutBucketAccessMonitor",
    "PutBucketAcl", "PutBucketArchiveDirectRead", "PutBucketCallbackPolicy", "PutBucketCors", "PutBucketEncryption",
    "PutBucketHttpsConfig", "PutBucketInventory", "PutBucketLifecycle", "PutBucketLogging",
    "PutBucketObjectWormConfiguration", "PutBucketOverwriteConfig", "PutBucketPolicy", "PutBucketPublicAccessBlock",
    "PutBucketQosInfo", "PutBucketRTC", "PutBucketReferer", "PutBucketReplication", "PutBucketRequestPayment",
    "PutBucketResourceGroup", "PutBucketStorageCapacity", "PutBucketStorageQuota", "PutBucketTags",
    "PutBucketTransferAcceleration", "PutBucketVersioning", "PutBucketWebsite", "PutCname", "PutObject",
    "PutObjectAcl", "PutObjectLegalHold", "PutObjectRetention", "PutObjectTagging", "PutPublicAccessBlock",
    "PutStyle", "PutSymlink", "PutUserDefinedLogFieldsConfig", "RestoreObject", "SealAppendObject", "UploadPart",
    "UploadPartCopy",
}  # fmt: skip
ADDRESS = {Level.SERVICE: "/", Level.BUCKET: "/bucket/", Level.OBJECT: "/bucket/key"}


def request_line(operation: AnyOperation) -> tuple[str, str, list[tuple[str, str]]]:
    query = "&".join(operation.selectors)
    header = operation.header_selector
    headers = [] if header is None else [(header.decode(), "/bucket/key")]
    return operation.method, ADDRESS[operation.level] + ("?" + query if query else ""), headers


async def fingerprint(server: InProcessServer) -> object:
    """All that a client can see of the data."""
    answers = [
        await server.call("GET", "/"),
        await server.call("GET", "/bucket/?bucketInfo"),
        await server.call("GET", "/bucket/?cors"),
        await server.call("GET", "/bucket/?list-type=2"),
        await server.call("GET", "/bucket/key"),
        await server.call("HEAD", "/bucket/key"),
    ]
    told = {b"x-oss-request-id", b"x-oss-server-time"}
    return [
        (a.status, a.body.replace(a.request_id.encode(), b""), {h for h in a.raw_headers if h[0] not in told})
        for a in answers
    ]


def test_every_operation_is_served_or_known() -> None:
    assert set(HANDLERS) == SERVED
    assert {operation.name for operation in OPERATIONS} >= SERVED
    assert UNSERVED


@pytest.mark.parametrize("operation", UNSERVED, ids=lambda operation: str(operation.name))
async def test_it_is_named_and_touches_nothing(server: InProcessServer, operation: AnyOperation) -> None:
    await server.put_object("/bucket/key", b"untouched")
    before = await fingerprint(server)
    method, target, headers = request_line(operation)
    signed = [*headers, *server.signed(method, target, headers=headers).items()]
    exchange = server.exchange(method, target, headers=signed, body=b"<x/>" if method in ("PUT", "POST") else b"")

    answer = await server.carry_out(exchange)

    assert answer.refusal == (501, "NotImplemented", None)
    assert answer.error.message == f"{operation.name} is not implemented by this server."
    assert exchange.received == 0
    assert await fingerprint(server) == before


@pytest.mark.parametrize("operation", UNSERVED, ids=lambda operation: str(operation.name))
async def test_it_is_refused_to_anybody_else(server: InProcessServer, operation: AnyOperation) -> None:
    await server.put_object("/bucket/key", b"untouched")
    before = await fingerprint(server)
    method, target, headers = request_line(operation)
    for caller in (None, OTHER):
        answer = await server.call(method, target, by=caller, headers=headers)
        assert answer.status in (403, 501)
    assert await fingerprint(server) == before


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("DELETE", "/bucket/key?acl"),
        ("DELETE", "/bucket/key?objectMeta"),
        ("DELETE", "/bucket/key?uploads"),
        ("PUT", "/bucket/key?uploads"),
        ("PUT", "/bucket/key?uploadId=1"),
        ("PUT", "/bucket/key?lifecycle"),
        ("GET", "/bucket/key?cors"),
        ("GET", "/bucket/key?append"),
        ("HEAD", "/bucket/key?acl"),
        ("DELETE", "/bucket/?acl"),
        ("DELETE", "/bucket/?location"),
        ("DELETE", "/bucket/?bucketInfo"),
        ("PUT", "/bucket/?bucketInfo"),
        ("PUT", "/bucket/?list-type=2"),
        ("GET", "/bucket/?cors&acl"),
        ("DELETE", "/bucket/key?live&acl"),
    ],
)
async def test_a_sub_resource_never_falls_through_to_an_operation_without_it(
    server: InProcessServer, method: str, target: str
) -> None:
    await server.put_object("/bucket/key", b"untouched")
    before = await fingerprint(server)
    answer = await server.call(method, target, body=b"")
    assert answer.refusal == (405, "MethodNotAllowed", None)
    assert await fingerprint(server) == before


@pytest.mark.parametrize(
    "target", ["/bucket/key?unknown", "/bucket/key?unknown=1&x-anything", "/bucket/key?ACL", "/bucket/key?"]
)
async def test_a_parameter_that_oss_does_not_know_is_ignored(server: InProcessServer, target: str) -> None:
    assert (await server.call("PUT", target, body=b"kept")).status == 200
    assert (await server.call("GET", target)).body == b"kept"


async def test_a_missing_bucket_comes_first(server: InProcessServer) -> None:
    answer = await server.call("GET", "/missing/key?acl")
    assert answer.refusal == (404, "NoSuchBucket", "0015-00000101")
