"""PutBucket, DeleteBucket, HeadBucket, GetBucketInfo, GetBucketLocation, and who may use them."""

import base64
import hashlib

import pytest

from ossicle.wire.names import BucketName
from tests.support.failing import Failing
from tests.support.inprocess import OTHER, OWNER, STRANGER, Account, InProcessServer, build_server

PROPERTIES = "<CreateBucketConfiguration>{}</CreateBucketConfiguration>"
CALLERS = {"owner": OWNER, "other": OTHER, "anonymous": None}


async def info(server: InProcessServer, bucket: str = "bucket") -> dict[str, str]:
    answer = await server.call("GET", f"/{bucket}/?bucketInfo")
    assert answer.status == 200, answer.body
    found = answer.xml.find("Bucket")
    assert found is not None
    return {child.name: child.text or (child.children[0].text if child.children else "") for child in found.children}


# ------------------------------------------------------------------------------------------------ PutBucket


async def test_put_bucket_makes_a_private_standard_one() -> None:
    server = build_server()
    answer = await server.call("PUT", "/bucket/")
    assert (answer.status, answer.body, answer.header("location")) == (200, b"", "/bucket")
    told = await info(server)
    assert (told["AccessControlList"], told["StorageClass"], told["DataRedundancyType"]) == (
        "private",
        "Standard",
        "LRS",
    )


@pytest.mark.parametrize("target", ["/bucket", "/bucket/", "/%62ucket/"])
async def test_put_bucket_with_and_without_the_last_slash(target: str) -> None:
    server = build_server()
    headers = server.signed("PUT", "/bucket/")
    assert (await server.send("PUT", target, headers=list(headers.items()))).status == 200
    assert (await info(server))["Name"] == "bucket"


async def test_put_bucket_on_the_bucket_s_own_host() -> None:
    server = build_server()
    assert (await server.call("PUT", "/", host="bucket.localhost")).status == 200
    assert (await info(server))["ExtranetEndpoint"] == "http://127.0.0.1:8880"


@pytest.mark.parametrize("body", [b"", [b""], [b"<CreateBucketConfig", b"uration/>"]])
async def test_put_bucket_with_a_chunked_body(body: bytes | list[bytes]) -> None:
    assert (await build_server().call("PUT", "/bucket/", body=body, is_chunked=True)).status == 200


@pytest.mark.parametrize("acl", ["private", "public-read", "public-read-write"])
async def test_put_bucket_with_an_acl(acl: str) -> None:
    server = build_server()
    await server.put_bucket("bucket", acl=acl)
    assert (await info(server))["AccessControlList"] == acl


@pytest.mark.parametrize("storage_class", ["Standard", "IA", "Archive", "ColdArchive", "DeepColdArchive"])
async def test_put_bucket_with_properties(storage_class: str) -> None:
    server = build_server()
    content = f"<StorageClass>{storage_class}</StorageClass><DataRedundancyType>ZRS</DataRedundancyType>"
    content += "<LocationConstraint>oss-cn-hangzhou</LocationConstraint>"
    assert (await server.call("PUT", "/bucket/", body=PROPERTIES.format(content).encode())).status == 200
    told = await info(server)
    assert (told["StorageClass"], told["DataRedundancyType"]) == (storage_class, "ZRS")


async def test_an_object_takes_its_class_from_the_bucket() -> None:
    server = build_server()
    content = PROPERTIES.format("<StorageClass>IA</StorageClass>").encode()
    await server.call("PUT", "/bucket/", body=content)
    await server.put_object("/bucket/key")
    assert (await server.call("HEAD", "/bucket/key")).header("x-oss-storage-class") == "IA"


async def test_put_bucket_again_changes_the_acl_only_if_one_is_sent(server: InProcessServer) -> None:
    await server.put_object("/bucket/key")
    made_at = (await info(server))["CreationDate"]
    server.clock.advance(hours=1)

    await server.put_bucket("bucket", acl="public-read")
    assert (await info(server))["AccessControlList"] == "public-read"
    await server.put_bucket("bucket")

    told = await info(server)
    assert (told["AccessControlList"], told["CreationDate"]) == ("public-read", made_at)
    assert (await server.call("GET", "/bucket/key")).body == b"hello"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<StorageClass>IA</StorageClass>", "Bucket already exists can't modify storage type."),
        ("<DataRedundancyType>ZRS</DataRedundancyType>", "Bucket already exists can't modify data redundancy type."),
    ],
)
async def test_put_bucket_again_with_other_properties(server: InProcessServer, content: str, message: str) -> None:
    answer = await server.call("PUT", "/bucket/", body=PROPERTIES.format(content).encode())
    assert answer.refusal == (409, "BucketAlreadyExists", "0015-00000104")
    assert (answer.error.message, answer.details) == (message, {"BucketName": "bucket"})


@pytest.mark.parametrize("acl", [None, "public-read"])
async def test_put_bucket_of_another_s_name(server: InProcessServer, acl: str | None) -> None:
    headers = [] if acl is None else [("x-oss-acl", acl)]
    answer = await server.call("PUT", "/theirs/", headers=headers)
    assert answer.refusal == (409, "BucketAlreadyExists", "0015-00000104")
    assert answer.details == {"BucketName": "theirs"}
    row = await server.services.buckets.find(BucketName("theirs"))
    assert row is not None
    assert (row.owner, row.acl) == (OTHER.id, "private")


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("Public-Read", "no such bucket access control exists"),
        ("default", "no such bucket access control exists"),
        ("", "no such bucket access control exists"),
    ],
)
async def test_put_bucket_with_an_acl_that_there_is_not(header: str, message: str) -> None:
    answer = await build_server().call("PUT", "/bucket/", headers=[("x-oss-acl", header)])
    assert answer.refusal == (400, "InvalidArgument", "0015-00000204")
    assert answer.error.message == message
    assert answer.details == {"ArgumentName": "x-oss-acl", "ArgumentValue": header}


async def test_put_bucket_with_a_storage_class_that_there_is_not() -> None:
    content = PROPERTIES.format("<StorageClass>Cheap</StorageClass>").encode()
    answer = await build_server().call("PUT", "/bucket/", body=content)
    assert answer.refusal == (400, "InvalidArgument", None)
    assert answer.error.message == "No such bucket storage class exists."


@pytest.mark.parametrize("place", ["oss-cn-shanghai", "cn-hangzhou", "nowhere"])
@pytest.mark.parametrize("bucket", ["bucket", "fresh"])
async def test_put_bucket_elsewhere(server: InProcessServer, place: str, bucket: str) -> None:
    content = PROPERTIES.format(f"<LocationConstraint>{place}</LocationConstraint>").encode()
    answer = await server.call("PUT", f"/{bucket}/", body=content)
    assert answer.refusal == (400, "InvalidLocationConstraint", None)
    assert answer.error.message == "The specified location-constraint is not valid"
    assert await server.services.buckets.find(BucketName("fresh")) is None


@pytest.mark.parametrize(
    "body",
    [b"text", b"<CreateBucketConfiguration>", b"<Other/>", b"<!DOCTYPE x><CreateBucketConfiguration/>", b"\xff"],
)
async def test_put_bucket_with_a_document_that_is_none(body: bytes) -> None:
    server = build_server()
    assert (await server.call("PUT", "/bucket/", body=body)).refusal == (400, "MalformedXML", None)
    assert await server.services.buckets.find(BucketName("bucket")) is None


@pytest.mark.parametrize("is_chunked", [True, False])
async def test_put_bucket_with_a_document_beyond_its_limit(*, is_chunked: bool) -> None:
    body = PROPERTIES.format(" " * 64 * 1024).encode()
    server = build_server()
    exchange = server.exchange(
        "PUT", "/bucket/", headers=list(server.signed("PUT", "/bucket/").items()), body=body, is_chunked=is_chunked
    )
    answer = await server.carry_out(exchange)
    assert answer.refusal == (400, "InlineDataTooLarge", None)
    assert exchange.received == int(is_chunked), "a length that is announced is judged before the body"


@pytest.mark.parametrize("md5", ["", "x", base64.b64encode(b"short").decode(), "1B2M2Y8AsgTpgAmY7PhCfg=="])
async def test_put_bucket_with_another_s_md5(md5: str) -> None:
    body = PROPERTIES.format("").encode()
    answer = await build_server().call("PUT", "/bucket/", body=body, headers=[("Content-MD5", md5)])
    assert answer.refusal == (400, "InvalidDigest", None)
    assert answer.details == {"Content-MD5": md5}


async def test_put_bucket_with_its_own_md5() -> None:
    body = PROPERTIES.format("").encode()
    md5 = base64.b64encode(hashlib.md5(body).digest()).decode()
    assert (await build_server().call("PUT", "/bucket/", body=body, headers=[("Content-MD5", md5)])).status == 200


@pytest.mark.parametrize(
    "name", ["ab", "A-bucket", "-bucket", "bucket-", "a_b", "a.b", "b" * 64, "%E4%B8%AD%E6%96%87", "a%00b"]
)
async def test_a_name_that_breaks_the_rules(name: str) -> None:
    server = build_server()
    for method in ("PUT", "GET", "HEAD", "DELETE"):
        answer = await server.send(method, f"/{name}/")
        assert answer.refusal == (400, "InvalidBucketName", None)
    answer = await server.send("GET", "/a_b.c/")
    assert answer.details == {"BucketName": "a_b.c"}


@pytest.mark.parametrize("name", ["abc", "b" * 63, "0-0", "a--b"])
async def test_names_at_the_edge_of_the_rules(name: str) -> None:
    server = build_server()
    await server.put_bucket(name)
    assert (await info(server, name))["Name"] == name


# ------------------------------------------------------------------------- DeleteBucket, HeadBucket, and GETs


async def test_delete_bucket_and_make_it_again(server: InProcessServer) -> None:
    await server.put_object("/bucket/key")
    assert (await server.call("DELETE", "/bucket/key")).status == 204

    answer = await server.call("DELETE", "/bucket/")
    assert (answer.status, answer.body) == (204, b"")
    assert (await server.call("DELETE", "/bucket/")).refusal == (404, "NoSuchBucket", "0015-00000101")
    assert (await server.call("GET", "/bucket/key")).refusal == (404, "NoSuchBucket", "0015-00000101")

    assert (await server.call("PUT", "/bucket/", by=OTHER)).status == 200
    assert (await server.call("GET", "/bucket/key", by=OTHER)).refusal == (404, "NoSuchKey", "0026-00000001")
    assert (await server.call("GET", "/bucket/key")).refusal[1] == "AccessDenied"


async def test_delete_bucket_that_holds_something(server: InProcessServer) -> None:
    await server.put_object("/bucket/key")
    answer = await server.call("DELETE", "/bucket/")
    assert answer.refusal == (409, "BucketNotEmpty", "0015-00000301")
    assert answer.details == {"BucketName": "bucket"}
    assert (await server.call("GET", "/bucket/key")).body == b"hello"


async def test_head_bucket(server: InProcessServer) -> None:
    answer = await server.call("HEAD", "/bucket/")
    assert (answer.status, answer.header("x-oss-bucket-region"), answer.body) == (200, "oss-cn-hangzhou", b"")


async def test_head_bucket_that_is_missing_says_so_in_a_header(server: InProcessServer) -> None:
    answer = await server.call("HEAD", "/missing/")
    assert answer.refusal == (404, "NoSuchBucket", "0015-00000101")
    assert answer.details == {"BucketName": "missing"}
    assert answer.body == b""
    by_get = await server.call("GET", "/missing/?location")
    in_header = base64.b64decode(answer.header("x-oss-err") or "").decode()
    assert in_header == by_get.body.decode().replace(by_get.request_id, answer.request_id)


async def test_get_bucket_location(server: InProcessServer) -> None:
    answer = await server.call("GET", "/bucket/?location")
    expected = b'<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint>oss-cn-hangzhou</LocationConstraint>'
    assert (answer.status, answer.body) == (200, expected)


@pytest.mark.parametrize("query", ["bucketInfo", "bucketInfo=", "bucketInfo&unknown=1"])
async def test_get_bucket_info(server: InProcessServer, query: str) -> None:
    server.clock.advance(days=1)
    answer = await server.call("GET", f"/bucket/?{query}")
    assert (answer.status, answer.xml.name) == (200, "BucketInfo")
    found = answer.xml.find("Bucket")
    assert found is not None
    plain = {child.name: child.text for child in found.children if not child.children}
    nested = {
        child.name: {leaf.name: leaf.text for leaf in child.children} for child in found.children if child.children
    }
    assert plain == {
        "AccessMonitor": "Disabled",
        "ResourceGroupId": "rg-default",
        "BlockPublicAccess": "false",
        "CreationDate": "2026-03-14T12:00:00.000Z",
        "CrossRegionReplication": "Disabled",
        "DataRedundancyType": "LRS",
        "ExtranetEndpoint": "http://127.0.0.1:8880",
        "IntranetEndpoint": "http://127.0.0.1:8880",
        "Location": "oss-cn-hangzhou",
        "Name": "bucket",
        "StorageClass": "Standard",
        "TransferAcceleration": "Disabled",
    }
    assert nested == {
        "Owner": {"ID": OWNER.id, "DisplayName": OWNER.id},
        "AccessControlList": {"Grant": "private"},
        "ServerSideEncryptionRule": {"SSEAlgorithm": "None"},
        "BucketPolicy": {"LogBucket": "", "LogPrefix": ""},
    }


# ------------------------------------------------------------------------------- who may, and what comes first


MANAGEMENT = [
    ("GET", "?bucketInfo"),
    ("GET", "?location"),
    ("GET", "?list-type=2"),
    ("GET", "?cors"),
    ("PUT", "?cors"),
    ("DELETE", "?cors"),
    ("HEAD", ""),
    ("DELETE", ""),
]


@pytest.mark.parametrize(("method", "query"), MANAGEMENT)
@pytest.mark.parametrize("acl", ["private", "public-read", "public-read-write"])
@pytest.mark.parametrize("caller", ["other", "anonymous"])
async def test_no_acl_lets_others_manage_a_bucket(
    server: InProcessServer, method: str, query: str, acl: str, caller: str
) -> None:
    await server.put_bucket("bucket", acl=acl)
    answer = await server.call(method, f"/bucket/{query}", by=CALLERS[caller])
    assert answer.refusal == (403, "AccessDenied", None)
    assert (
        answer.error.message
        == {
            "other": "The bucket you access does not belong to you.",
            "anonymous": "Anonymous access is forbidden for this operation.",
        }[caller]
    )
    assert (await info(server))["AccessControlList"] == acl


@pytest.mark.parametrize(("method", "query"), MANAGEMENT)
@pytest.mark.parametrize("caller", [OWNER, OTHER, STRANGER, None], ids=["owner", "other", "stranger", "anonymous"])
async def test_a_missing_bucket_is_missing_to_everybody(
    server: InProcessServer, method: str, query: str, caller: Account | None
) -> None:
    answer = await server.call(method, f"/missing/{query}", by=caller)
    assert answer.refusal == (404, "NoSuchBucket", "0015-00000101")
    assert answer.details == {"BucketName": "missing"}


@pytest.mark.parametrize("target", ["/missing/", "/missing/?acl"])
async def test_what_would_make_a_bucket_looks_at_the_caller_first(server: InProcessServer, target: str) -> None:
    answer = await server.call("PUT", target, by=STRANGER)
    assert answer.refusal == (403, "InvalidAccessKeyId", "0002-00000902")
    assert answer.details == {"OSSAccessKeyId": STRANGER.credentials.access_key_id}
    answer = await server.call("PUT", target, by=None)
    assert answer.refusal == (403, "AccessDenied", None)
    assert await server.services.buckets.find(BucketName("missing")) is None


@pytest.mark.parametrize("method", ["PATCH", "POST", "TRACE", "CONNECT"])
async def test_methods_that_a_bucket_has_not(server: InProcessServer, method: str) -> None:
    answer = await server.call(method, "/bucket/?location")
    assert answer.refusal == (405, "MethodNotAllowed", None)
    assert answer.details == {"Method": method, "ResourceType": "Bucket"}


async def test_a_store_that_gives_up_is_told_as_unavailable(
    server: InProcessServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failing = Failing.unavailable()
    monkeypatch.setattr(server.metadata, "transact", failing)
    answer = await server.call("PUT", "/fresh/")
    assert answer.refusal == (503, "ServiceUnavailable", None)
    assert failing.secret not in answer.body.decode()
    [record] = [record for record in caplog.records if record.name == "ossicle.error"]
    assert record.__dict__["fields"] == {"request_id": answer.request_id, "reason": failing.secret}


async def test_a_bug_is_told_as_an_internal_error_and_nothing_leaks(
    server: InProcessServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failing = Failing.unexpectedly()
    monkeypatch.setattr(server.metadata, "transact", failing)
    answer = await server.call("PUT", "/fresh/")
    assert answer.refusal == (500, "InternalError", None)
    assert failing.secret not in answer.body.decode()
    [record] = [record for record in caplog.records if record.name == "ossicle.error"]
    assert failing.secret in str(record.exc_info)
