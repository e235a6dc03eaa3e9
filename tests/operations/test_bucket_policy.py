"""The policy of a bucket: kept byte for byte, told, judged for being public, removed."""

import json

import pytest

from tests.support.elements import text
from tests.support.inprocess import OTHER, InProcessServer

WHERE, STATUS = "/bucket/?policy", "/bucket/?policyStatus"
CLOSED = {"Effect": "Deny", "Action": "oss:*", "Resource": "acs:oss:*:*:bucket/*", "Principal": [OTHER.id]}
OPEN = {**CLOSED, "Effect": "Allow", "Principal": "*"}


def policy(statement: object) -> bytes:
    return json.dumps({"Version": "1", "Statement": [statement]}, indent=3).encode()


@pytest.fixture
async def bucket(server: InProcessServer) -> InProcessServer:
    await server.put_bucket("bucket")
    return server


async def test_it_is_told_as_it_was_put(bucket: InProcessServer) -> None:
    absent = await bucket.call("GET", WHERE)
    assert absent.refusal == (404, "NoSuchBucketPolicy", None)
    for statement, is_public in ((CLOSED, "false"), (OPEN, "true")):
        put = await bucket.call("PUT", WHERE, body=policy(statement))
        assert (put.status, put.body) == (200, b"")
        told = await bucket.call("GET", WHERE)
        assert (told.body, told.header("content-type")) == (policy(statement), "application/json")
        assert text(await bucket.call("GET", STATUS), "IsPublic") == is_public
    for _ in range(2):
        assert (await bucket.call("DELETE", WHERE)).status == 204
    assert text(await bucket.call("GET", STATUS), "IsPublic") == "false"
    assert (await bucket.call("GET", WHERE)).status == 404


async def test_what_is_refused_changes_nothing(bucket: InProcessServer) -> None:
    await bucket.call("PUT", WHERE, body=policy(CLOSED))
    for wrong in (b"", b"{", policy({**CLOSED, "Resource": "acs:oss:*:*:other"})):
        refused = await bucket.call("PUT", WHERE, body=wrong)
        assert refused.refusal[:2] == (400, "InvalidPolicyDocument")
    assert (await bucket.call("PUT", WHERE, body=policy(CLOSED) + b" " * 17_000)).refusal[:2] == (
        400,
        "InlineDataTooLarge",
    )
    assert (await bucket.call("GET", WHERE)).body == policy(CLOSED)


async def test_a_public_one_is_refused_where_that_is_blocked(bucket: InProcessServer) -> None:
    block = (
        b"<PublicAccessBlockConfiguration><BlockPublicAccess>true</BlockPublicAccess></PublicAccessBlockConfiguration>"
    )
    await bucket.call("PUT", "/bucket/?publicAccessBlock", body=block)
    assert (await bucket.call("PUT", WHERE, body=policy(OPEN))).refusal[:2] == (403, "AccessDenied")
    assert (await bucket.call("PUT", WHERE, body=policy(CLOSED))).status == 200


async def test_only_the_owner_may(bucket: InProcessServer) -> None:
    await bucket.call("PUT", "/bucket/?acl", headers=[("x-oss-acl", "public-read-write")])
    for caller in (OTHER, None):
        for method, target in (("PUT", WHERE), ("GET", WHERE), ("DELETE", WHERE), ("GET", STATUS)):
            sent = policy(OPEN) if method == "PUT" else b""
            assert (await bucket.call(method, target, by=caller, body=sent)).refusal[:2] == (403, "AccessDenied")
    assert (await bucket.call("GET", WHERE)).status == 404
