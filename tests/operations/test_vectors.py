"""Every vector and mutation through the whole edge: from Host and raw target to the answer.

A vector is accepted when what comes after the signature answers: a missing key, an operation that is not served, a success.
Which of those it is stands here for each, so that a vector that gets no further than before does not go unnoticed.
"""

from dataclasses import replace

import pytest

from ossicle.services.buckets import BucketProperties
from ossicle.services.identity import AccessKey
from ossicle.wire.names import AccountId, BucketAcl, BucketName
from ossicle.wire.text import encode
from tests.support.inprocess import Answer, Exchange, FrozenClock, InProcessServer, build_server
from tests.support.signing_vectors import Mutation, Vector, mutations, signed_again, vectors

UID = AccountId("1000000000000001")
VECTORS = vectors()
MUTATIONS = mutations()
NO_MATCH = {"v1": "0002-00000040", "v2": "0002-00000040", "v4": "0002-00000201"}

# What answers once the signature is accepted. A PUT of an object, unless listed: 200.
MISSING_KEY = (404, "NoSuchKey", "0026-00000001")
NO_VERSION = (404, "NoSuchVersion", None)
NO_UPLOAD = (404, "NoSuchUpload", "0042-00000002")
NOT_SERVED = (501, "NotImplemented", None)
OK, GONE = (200, "", None), (204, "", None)
AFTERWARDS = {
    "v4q-get-process": NOT_SERVED,
    # PutObjectAcl without an ACL.
    "v1h-xsdk-acl": (400, "InvalidArgument", "0017-00000105"),
    # A callback that nobody takes, the object being stored all the same, and one without a body.
    "v4q-put-callback": (203, "", None),
    "v1q-oss2-callback": (400, "InvalidArgument", None),
    # Content-MD5 of a body that the vector does not record.
    **dict.fromkeys(("v4q-put-allprops", "v4q-put-md5"), (400, "InvalidDigest", None)),
    **dict.fromkeys(
        (
            "v4q-get-min", "v4q-head-min", "v4q-get-sts", "v4q-key-marks", "v4q-key-dots", "v4q-key-leading-slash",
            "v4q-key-percent", "v4q-get-response", "v4q-exp-1", "v4q-exp-7d",
            "v4q-region-other", "v4q-short-keys", "v4h-getobject-range", "v4h-headobject", "v4h-sts", "v4h-path-style",
            "anon-get", "v4h-tagging", "v4h-additional-range", "v4q-oss2-sts", "v4q-oss2-slash-unsafe", "v4h-oss2-sts", "v4q-js-sts",
            "v4q-js-query-marks", "v4q-cs-raw-parens", "v4h-getobjectmeta",
        ),
        MISSING_KEY,
    ),
    **dict.fromkeys(("v4q-uploadpart", "v4q-uploadpart-10000", "v4h-uploadpart"), (404, "NoSuchUpload", "0042-00000104")),
    "v4h-uploadpartcopy": (404, "NoSuchUpload", "0042-00000311"),
    **dict.fromkeys(("v4q-complete-all", "v4h-complete", "v4q-abort", "v4h-listparts"), NO_UPLOAD),
    # The document of the completion that the vector does not record.
    "v4q-complete": (400, "MalformedXML", "0042-00000205"),
    # Version ids that have not the shape of one.
    **dict.fromkeys(("v4h-copy", "v4h-deletemultiple", "v4h-listversions"), (400, "InvalidArgument", None)),
    **dict.fromkeys(("v4q-get-version", "v4q-get-version-null"), NO_VERSION),
    "v4q-exp-negative": (400, "AuthorizationQueryParametersError", "0002-00000232"),
    "v4h-deletebucket": GONE,
    "v4h-deleteobject": GONE,
    # V1 and V2
    "v1h-oss2-lifecycle": (404, "NoSuchLifecycle", None),
    **dict.fromkeys(
        (
            "v1q-oss2-process", "v1q-js-process-sts",
        ),
        NOT_SERVED,
    ),
    **dict.fromkeys(
        (
            "v1q-py2-get-sts", "v1q-py2-get-response", "v1h-py2-sts-quirk", "v1q-oss2-get", "v1q-oss2-sts",
            "v1q-oss2-slash-unsafe", "v1q-oss2-unicode", "v1q-oss2-traffic", "v1q-oss2-cname", "v1q-oss2-path",
            "v1h-oss2-sts", "v2q-oss2-get", "v1q-js-get",
        ),
        MISSING_KEY,
    ),
    **dict.fromkeys(("v1q-py2-uploadpart", "v1q-oss2-uploadpart"), (404, "NoSuchUpload", "0042-00000104")),
    "v1q-oss2-ipmask": (400, "NotImplemented", None),
    **dict.fromkeys(("v1q-oss2-put-md5", "v1h-xsdk", "v1h-xsdk-token"), (400, "InvalidDigest", None)),
    **dict.fromkeys(("v1q-xsdk", "v1q-xsdk-token"), (400, "InvalidArgument", None)),
    "v1h-py2-cors": (404, "NoSuchCORSConfiguration", None),
}  # fmt: skip


def name_of(entry: Vector | Mutation) -> str:
    return entry.id


def key_of(vector: Vector) -> AccessKey:
    return AccessKey(account=UID, credentials=vector.credentials)


async def server_of(vector: Vector, *, is_key_unknown: bool = False) -> InProcessServer:
    """A server with the clock, region, host names and key of a vector; its bucket is there and open to readers."""
    host = vector.wire.host.partition(":")[0]
    bucket = vector.bucket or "examplebucket"
    server = build_server(
        keys=[] if is_key_unknown else [key_of(vector)],
        region=vector.region,
        domains=["oss.example.test"],
        cnames=[f"{host}={bucket}"] if vector.address_style == "cname" else [],
        clock=FrozenClock(vector.verify_at),
    )
    if vector.id != "v4h-putbucket":
        acl = BucketAcl.PUBLIC_READ if vector.auth_mode == "anonymous" else BucketAcl.PRIVATE
        await server.services.buckets.put(BucketName(bucket), UID, BucketProperties(acl=acl))
    return server


def exchange_of(server: InProcessServer, vector: Vector) -> Exchange:
    wire, body = vector.wire, encode(vector.wire.body or "")
    headers = {name.lower(): value for name, value in wire.headers.items()}
    headers.pop("host", None)
    if "content-length" in headers:  # it is signed: what is sent has to be as long
        body = body.ljust(int(headers.pop("content-length")), b"x")
    return server.exchange(wire.method, wire.target, host=wire.host, headers=list(headers.items()), body=body)


async def answered(server: InProcessServer, vector: Vector) -> tuple[Answer, Exchange]:
    exchange = exchange_of(server, vector)
    return await server.carry_out(exchange), exchange


def test_every_vector_has_its_row() -> None:
    assert AFTERWARDS.keys() <= {vector.id for vector in VECTORS}
    assert (len(VECTORS), len(MUTATIONS)) == (147, 26)


@pytest.mark.parametrize("vector", VECTORS, ids=name_of)
async def test_a_vector_is_answered_as_its_operation_is(vector: Vector) -> None:
    server = await server_of(vector)
    answer, exchange = await answered(server, vector)
    assert answer.refusal == AFTERWARDS.get(vector.id, OK), answer.body
    if answer.refusal == NOT_SERVED:
        assert exchange.received == 0


@pytest.mark.parametrize(
    "vector", [v for v in VECTORS if v.wire.method == "PUT" and AFTERWARDS.get(v.id, OK) == OK and v.key], ids=name_of
)
async def test_an_upload_lands_under_the_vector_s_key(vector: Vector) -> None:
    server = await server_of(vector)
    _, exchange = await answered(server, vector)
    row = await server.services.buckets.find(BucketName(vector.bucket or ""))
    assert row is not None
    stored = await server.services.objects.list(row, prefix="", delimiter="", after="", limit=10)
    assert [listed.key for listed in stored.objects] == [vector.key]
    length = dict(exchange.scope["headers"])[b"content-length"]
    assert stored.objects[0].size == int(length)


@pytest.mark.parametrize("vector", [v for v in VECTORS if v.auth_mode != "anonymous"], ids=name_of)
async def test_a_vector_under_another_secret_is_refused(vector: Vector) -> None:
    server = await server_of(replace(vector, access_key_secret="another"))
    answer, exchange = await answered(server, vector)
    if vector.id == "v4q-exp-negative":
        assert answer.refusal == AFTERWARDS[vector.id]
        return
    assert answer.refusal == (403, "SignatureDoesNotMatch", NO_MATCH[vector.signature_version])
    assert exchange.received == 0
    told = answer.error.details
    assert told["OSSAccessKeyId"] == vector.access_key_id
    assert told["SignatureProvided"] == vector.signature
    assert vector.string_to_sign is not None
    if vector.id != "v4q-cs-raw-parens":  # its signer builds another form; the usual one is shown
        assert told["StringToSign"] == vector.string_to_sign
        assert told.get("CanonicalRequest") == vector.canonical_request
        assert told["StringToSignBytes"] == "".join(f"{byte:02X} " for byte in encode(vector.string_to_sign))


@pytest.mark.parametrize("vector", [v for v in VECTORS if v.auth_mode != "anonymous"], ids=name_of)
async def test_a_vector_of_an_unknown_key_is_refused(vector: Vector) -> None:
    server = await server_of(vector, is_key_unknown=True)
    answer, exchange = await answered(server, vector)
    if vector.id == "v4q-exp-negative":
        assert answer.refusal == AFTERWARDS[vector.id]
        return
    assert answer.refusal == (403, "InvalidAccessKeyId", "0002-00000902")
    assert answer.error.message == "The OSS Access Key Id you provided does not exist in our records."
    assert exchange.received == 0


@pytest.mark.parametrize("mutation", MUTATIONS, ids=name_of)
async def test_a_mutation_is_judged_as_expected(mutation: Mutation) -> None:
    changed = mutation.changed
    if mutation.resign_with_expires is not None:
        changed = signed_again(changed, mutation.resign_with_expires)
    server = await server_of(replace(changed, bucket=mutation.base.bucket), is_key_unknown=mutation.is_key_unknown)
    for bucket in ("otherbucket", changed.wire.host.partition(".")[0]):
        await server.services.buckets.put(BucketName(bucket), UID, BucketProperties())

    answer, exchange = await answered(server, changed)

    if mutation.is_accepted:
        assert answer.refusal == AFTERWARDS.get(mutation.base.id, OK), answer.body
        return
    assert (answer.status, answer.error.code) == (mutation.expect_status, mutation.expect_code)
    if mutation.expect_ec is not None:
        assert answer.error.ec == mutation.expect_ec
    if mutation.expect_message is not None:
        assert answer.error.message == mutation.expect_message
    assert exchange.received == 0, "refused before the body"


# ----------------------------------------------------------------------------------------- tokens, vector by vector

WITH_TOKEN = [vector for vector in VECTORS if vector.security_token is not None]
PERMANENT = [vector for vector in VECTORS if vector.auth_mode != "anonymous" and vector.security_token is None]


@pytest.mark.parametrize("vector", WITH_TOKEN, ids=name_of)
async def test_a_vector_with_a_token_that_is_not_its_key_s(vector: Vector) -> None:
    server = await server_of(replace(vector, security_token="another"))
    answer, _ = await answered(server, vector)
    assert answer.refusal == (403, "InvalidSecurityToken", "0002-00000008")

    server = await server_of(replace(vector, security_token=None))
    answer, _ = await answered(server, vector)
    assert answer.refusal == (403, "AccessKeyIdAndSecurityTokenNotMatch", None)


@pytest.mark.parametrize("vector", [v for v in PERMANENT if v.id != "v4q-exp-negative"], ids=name_of)
async def test_a_vector_without_the_token_that_its_key_needs(vector: Vector) -> None:
    server = await server_of(replace(vector, security_token="needed"))
    answer, _ = await answered(server, vector)
    assert answer.refusal == (403, "InvalidAccessKeyId", "0002-00000902")
