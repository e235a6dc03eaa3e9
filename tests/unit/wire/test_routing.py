import pytest

from ossicle.wire.api import OPERATIONS
from ossicle.wire.errors import MethodNotAllowed
from ossicle.wire.http import Headers, Query
from ossicle.wire.operation import AnyOperation, Level
from ossicle.wire.routing import Router

ROUTER = Router(OPERATIONS)
SERVICE, BUCKET, OBJECT = Level.SERVICE, Level.BUCKET, Level.OBJECT
METHODS = ("GET", "PUT", "POST", "DELETE", "HEAD")


def match(level: Level, method: str, query: str = "", *headers: bytes) -> str:
    found = ROUTER.match(level, method, Query(query.encode()), Headers((name, b"value") for name in headers))
    return found.name


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: str(operation.name))
def test_every_operation_is_reached(operation: AnyOperation) -> None:
    given = [] if operation.header_selector is None else [operation.header_selector]
    query = "&".join(operation.selectors)
    assert match(operation.level, operation.method, query, *given) == operation.name
    # However the parameters are written, and whatever stands beside them.
    reversed_query = "&".join(
        selector if "=" in selector else f"{selector}=" for selector in reversed(operation.selectors)
    )
    beside = f"x-oss-traffic-limit=1&{reversed_query}&unknown=1&prefix=acl"
    assert match(operation.level, operation.method, beside, b"x-oss-meta-acl", *given) == operation.name


@pytest.mark.parametrize(
    ("level", "method", "query", "headers", "name"),
    [
        (SERVICE, "GET", "", [], "ListBuckets"),
        (SERVICE, "GET", "prefix=a&max-keys=1", [], "ListBuckets"),
        (BUCKET, "GET", "", [], "ListObjects"),
        (BUCKET, "GET", "prefix=cors", [], "ListObjects"),
        (BUCKET, "GET", "list-type=2", [], "ListObjectsV2"),
        (BUCKET, "GET", "list-type=%32&prefix=", [], "ListObjectsV2"),
        (BUCKET, "PUT", "", [], "PutBucket"),
        (BUCKET, "PUT", "acl", [], "PutBucketAcl"),
        (BUCKET, "DELETE", "", [], "DeleteBucket"),
        (BUCKET, "DELETE", "cors=", [], "DeleteBucketCors"),
        (BUCKET, "POST", "", [], "PostObject"),
        (BUCKET, "POST", "delete&encoding-type=url", [], "DeleteMultipleObjects"),
        (BUCKET, "GET", "policy", [], "GetBucketPolicy"),
        (BUCKET, "GET", "comp=callback&policy", [], "GetBucketCallbackPolicy"),
        (BUCKET, "POST", "wormId=1", [], "CompleteBucketWorm"),
        (BUCKET, "POST", "wormExtend&wormId=1", [], "ExtendBucketWorm"),
        (BUCKET, "GET", "cname=example.com&comp=token", [], "GetCnameToken"),
        (OBJECT, "PUT", "", [], "PutObject"),
        (OBJECT, "PUT", "", [b"x-oss-copy-source"], "CopyObject"),
        (OBJECT, "PUT", "", [b"X-Oss-Copy-Source"], "CopyObject"),
        (OBJECT, "PUT", "", [b"x-oss-copy-source-if-match"], "PutObject"),
        (OBJECT, "PUT", "partNumber=1&uploadId=a", [], "UploadPart"),
        (OBJECT, "PUT", "uploadId=a&partNumber=1", [b"x-oss-copy-source"], "UploadPartCopy"),
        (OBJECT, "PUT", "acl", [b"x-oss-copy-source"], "PutObjectAcl"),
        (OBJECT, "POST", "uploads", [], "InitiateMultipartUpload"),
        (OBJECT, "POST", "uploadId=a", [], "CompleteMultipartUpload"),
        (OBJECT, "POST", "append&position=0", [], "AppendObject"),
        (OBJECT, "DELETE", "", [], "DeleteObject"),
        (OBJECT, "DELETE", "versionId=null", [], "DeleteObject"),
        (OBJECT, "DELETE", "uploadId=a", [], "AbortMultipartUpload"),
        (OBJECT, "DELETE", "ACL", [], "DeleteObject"),  # names are case-sensitive; this one is unknown
        (OBJECT, "HEAD", "", [], "HeadObject"),
        (OBJECT, "HEAD", "objectMeta", [], "GetObjectMeta"),
        (OBJECT, "GET", "response-content-type=text/plain", [], "GetObject"),
        (OBJECT, "GET", "x-oss-process=image/resize,w_1", [], "ProcessImage"),
    ],
)
def test_requests(level: Level, method: str, query: str, headers: list[bytes], name: str) -> None:
    assert match(level, method, query, *headers) == name


@pytest.mark.parametrize(
    ("level", "method", "query"),
    [
        (OBJECT, "DELETE", "acl"),
        (OBJECT, "DELETE", "%61cl"),
        (OBJECT, "DELETE", "versionId=1&acl="),
        (OBJECT, "DELETE", "uploadId=a&acl"),
        (OBJECT, "DELETE", "cors"),
        (OBJECT, "PUT", "uploads"),
        (OBJECT, "PUT", "uploadId=a"),
        (OBJECT, "PUT", "partNumber=1"),
        (OBJECT, "POST", ""),
        (OBJECT, "POST", "delete"),
        (BUCKET, "DELETE", "acl"),
        (BUCKET, "DELETE", "uploads"),
        (BUCKET, "DELETE", "append"),
        (BUCKET, "DELETE", "live"),
        (BUCKET, "PUT", "bucketInfo"),
        (BUCKET, "GET", "list-type=3"),
        (BUCKET, "GET", "list-type"),
        (BUCKET, "POST", "cname&comp=else"),
        (BUCKET, "GET", "cors&lifecycle"),
        (SERVICE, "PUT", ""),
        (SERVICE, "DELETE", ""),
        (SERVICE, "HEAD", ""),
        (SERVICE, "GET", "acl"),
        (BUCKET, "PATCH", ""),
        (OBJECT, "TRACE", ""),
        (OBJECT, "get", ""),
        (OBJECT, "", ""),
    ],
)
def test_anything_else_is_refused(level: Level, method: str, query: str) -> None:
    with pytest.raises(MethodNotAllowed) as refusal:
        match(level, method, query)
    assert refusal.value.details == {"Method": method, "ResourceType": level.name.capitalize()}


@pytest.mark.parametrize(
    ("level", "method", "query", "allowed"),
    [
        (SERVICE, "PUT", "", "GET"),
        (OBJECT, "PATCH", "", "DELETE, GET, HEAD, PUT"),
        (OBJECT, "DELETE", "acl", "GET, PUT"),
        (BUCKET, "GET", "list-type=3", ""),
        (BUCKET, "PUT", "list-type=2", "GET"),
    ],
)
def test_a_refusal_tells_what_is_allowed(level: Level, method: str, query: str, allowed: str) -> None:
    with pytest.raises(MethodNotAllowed) as refusal:
        match(level, method, query)
    assert refusal.value.headers == (("Allow", allowed),)


def test_a_sub_resource_never_reaches_an_operation_that_does_not_name_it() -> None:
    """Above all no deletion, and no upload: a caller who means one thing must not get the other."""
    names = {selector.partition("=")[0] for operation in OPERATIONS for selector in operation.selectors}
    plain = {operation.name for operation in OPERATIONS if not operation.selectors}
    shared = {(operation.name, operation.shared_parameter) for operation in OPERATIONS if operation.shared_parameter}
    assert shared == {("ListBuckets", "tagging")}
    reached = set()
    for name in names:
        for level in Level:
            for method in METHODS:
                try:
                    found = match(level, method, f"{name}=1", b"x-oss-copy-source")
                except MethodNotAllowed:
                    continue
                if (found, name) not in shared:
                    reached.add(found)
    assert reached
    assert reached & plain == set()


def test_the_router_knows_no_operation_by_itself() -> None:
    with pytest.raises(MethodNotAllowed):
        Router(()).match(OBJECT, "GET", Query(b""), Headers(()))
