"""The line of a bucket's access log: as many fields as OSS has, whatever a client sends, and nothing that must not be told."""

import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from ossicle.edge.body import RequestBody
from ossicle.edge.bucket_log import render_line
from ossicle.edge.visit import Visit
from ossicle.model.objects import Bucket
from ossicle.services.identity import Principal
from ossicle.wire.errors import NoSuchKey
from ossicle.wire.http import Headers, Query, Request
from ossicle.wire.names import AccountId, BucketAcl, BucketName, DataRedundancyType, StorageClass

NOON = datetime(2026, 3, 14, 12, 0, 0, 500_000, tzinfo=UTC)
FIELD = re.compile(r'\[[^\]]*\]|"[^"]*"|[^ "\[]+')
FIELDS = 28
BUCKET = Bucket(
    id=1,
    name=BucketName("bucket"),
    owner=AccountId("1000000000000001"),
    created_at=NOON,
    acl=BucketAcl.PRIVATE,
    storage_class=StorageClass.STANDARD,
    redundancy=DataRedundancyType.LRS,
)


async def nothing_comes() -> dict[str, object]:
    raise AssertionError("nobody reads the body")


def visit(path: bytes = b"/bucket/key", query: bytes = b"", headers: dict[bytes, bytes] | None = None) -> Visit:
    request = Request(
        method="GET",
        path=path,
        query=Query(query),
        headers=Headers((headers or {}).items()),
        host=b"bucket.oss-cn-hangzhou.example.com:80",
    )
    return Visit(
        request=request,
        request_id="5FF16B65F05BC932307A3C3C",
        scheme="http",
        remote="192.0.2.7",
        started=0.0,
        body=RequestBody(nothing_comes, None),
        bucket=BUCKET,
    )


def fields_of(made: Visit, key: bytes | None = b"key") -> list[str]:
    line = render_line(made, BUCKET, key, seconds=1.25, now=NOON).decode("ascii")
    assert line.endswith("\n")
    assert line.count("\n") == 1
    found = FIELD.findall(line[:-1])
    assert " ".join(found) == line[:-1]
    return found


def test_a_read_as_oss_would_tell_it() -> None:
    made = visit(query=b"versionId=null", headers={b"user-agent": b"curl/7.15.5", b"referer": b"http://a/b"})
    made.operation, made.status, made.sent_bytes = "GetObject", 200, 999131
    made.principal = Principal(account=BUCKET.owner, access_key_id="key-of-the-owner")
    length = len("GET /bucket/key?versionId=null HTTP/1.1\r\nuser-agent: curl/7.15.5\r\nreferer: http://a/b\r\n\r\n")
    assert fields_of(made, "a b/ü".encode()) == [
        "192.0.2.7", "-", "-", "[14/Mar/2026:11:59:59 +0000]", '"GET /bucket/key?versionId=null HTTP/1.1"', "200",
        "999131", "1250", '"http://a/b"', '"curl/7.15.5"', '"bucket.oss-cn-hangzhou.example.com"',
        '"5FF16B65F05BC932307A3C3C"', '"true"', '"1000000000000001"', '"GetObject"', '"bucket"', '"a%20b%2F%C3%BC"',
        "999131", "1250", '"-"', str(length), '"1000000000000001"', "-", '"-"', '"-"', '"-"', '"-"',
        '"key-of-the-owner"',
    ]  # fmt: skip


def test_a_refusal_of_an_anonymous_caller() -> None:
    made = visit()
    made.status, made.error, made.operation = 404, NoSuchKey(), "GetBucketInfo"
    found = fields_of(made, None)
    assert [found[place] for place in (5, 8, 9, 13, 16, 17, 19, 27)] == [
        "404", '"-"', '"-"', '"-"', '"-"', "-", '"NoSuchKey"', '"-"',
    ]  # fmt: skip


@given(st.binary(max_size=40), st.binary(max_size=40), st.binary(max_size=40), st.binary(max_size=40))
def test_nothing_that_is_sent_makes_or_takes_a_field(path: bytes, agent: bytes, referer: bytes, key: bytes) -> None:
    made = visit(b"/" + path, headers={b"user-agent": agent, b"referer": referer})
    assert len(fields_of(made, key)) == FIELDS


@given(
    st.sampled_from(
        ["Signature", "x-oss-signature", "security-token", "x-oss-security-token", "x-oss-credential", "OSSAccessKeyId",
         "callback", "token", "password"]
    ),
    st.text("uvwxyzUVWXYZ", min_size=12, max_size=40),
)  # fmt: skip
def test_no_secret_is_told(name: str, secret: str) -> None:
    query = f"versionId=null&{name}={secret}".encode()
    referer = b"http://user:" + secret.encode() + b"@host/a?" + query
    made = visit(b"/k", query, {b"referer": referer, b"authorization": secret.encode()})
    line = render_line(made, BUCKET, b"k", seconds=0.0, now=NOON).decode()
    assert secret not in line
    assert "versionId=null" in line


def test_no_signature_is_told_that_became_a_part_of_a_key() -> None:
    proof = b"x-oss-credential=c0ffee%2F1&x-oss-signature=c0ffee"
    made = visit(b"/k%3F" + proof, headers={b"user-agent": b"curl http://a/k?" + proof})
    line = render_line(made, BUCKET, b"k?" + proof.replace(b"%2F", b"/"), seconds=0.0, now=NOON).decode()
    assert "c0ffee" not in line
    assert line.count("x-oss-signature=-") + line.count("x-oss-signature%3D-") == 3
