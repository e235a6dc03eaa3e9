"""Who may read and write objects: ownership, the bucket's ACL, the object's own."""

from itertools import product

import pytest

from tests.support.inprocess import OTHER, OWNER, STRANGER, TEMPORARY, Account, Answer, InProcessServer

CALLERS = {"owner": OWNER, "owner by a token": TEMPORARY, "other": OTHER, "anonymous": None}
BUCKET_ACLS = ("private", "public-read", "public-read-write")
OBJECT_ACLS = ("default", *BUCKET_ACLS)
CLOSED = "You have no right to access this object because of bucket acl."
READERS = {"public-read", "public-read-write"}
WRITERS = {"public-read-write"}


async def prepare(server: InProcessServer, bucket_acl: str, object_acl: str | None) -> None:
    await server.put_bucket("bucket", acl=bucket_acl)
    if object_acl is not None:
        headers = [] if object_acl == "default" else [("x-oss-object-acl", object_acl)]
        await server.put_object("/bucket/key", b"before", *headers)


def refused(answer: Answer, message: str) -> bool:
    ec = "0003-00000001" if message == CLOSED else None
    return answer.refusal == (403, "AccessDenied", ec) and answer.error.message == message


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize(("bucket_acl", "object_acl"), list(product(BUCKET_ACLS, OBJECT_ACLS)))
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
async def test_the_matrix_of_an_object_that_is_there(
    server: InProcessServer, method: str, bucket_acl: str, object_acl: str, caller: str
) -> None:
    await prepare(server, bucket_acl, object_acl)
    effective = bucket_acl if object_acl == "default" else object_acl
    grants, verb = (READERS, "read") if method in ("GET", "HEAD") else (WRITERS, "write")

    answer = await server.call(method, "/bucket/key", by=CALLERS[caller], body=b"after" if method == "PUT" else b"")

    if caller.startswith("owner") or effective in grants:
        assert answer.status == (204 if method == "DELETE" else 200)
        assert answer.body == (b"before" if method == "GET" else b"")
        return
    # A message of its own where the bucket alone would have let the caller in.
    is_open = bucket_acl in grants
    assert refused(answer, f"You do not have {verb} permission on this object." if is_open else CLOSED)
    assert (await server.call("GET", "/bucket/key")).body == b"before"


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("bucket_acl", BUCKET_ACLS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
async def test_the_matrix_of_an_object_that_is_missing(
    server: InProcessServer, method: str, bucket_acl: str, caller: str
) -> None:
    await prepare(server, bucket_acl, None)
    grants = READERS if method in ("GET", "HEAD") else WRITERS
    answer = await server.call(method, "/bucket/key", by=CALLERS[caller], body=b"x" if method == "PUT" else b"")
    if not (caller.startswith("owner") or bucket_acl in grants):
        assert refused(answer, CLOSED)
        assert (await server.call("HEAD", "/bucket/key")).status == 404
    elif method in ("GET", "HEAD"):
        assert answer.refusal == (404, "NoSuchKey", "0026-00000001")
    else:
        assert answer.status == (204 if method == "DELETE" else 200)


@pytest.mark.parametrize("caller", ["other", "anonymous"])
@pytest.mark.parametrize("object_acl", [None, "default", "private"])
async def test_a_refusal_never_says_whether_a_key_exists(
    server: InProcessServer, object_acl: str | None, caller: str
) -> None:
    await prepare(server, "private", object_acl)
    for method in ("GET", "PUT", "DELETE"):
        there = await server.call(method, "/bucket/key", by=CALLERS[caller])
        missing = await server.call(method, "/bucket/yek", by=CALLERS[caller])
        assert there.body.replace(there.request_id.encode(), b"") == missing.body.replace(
            missing.request_id.encode(), b""
        )
    forbidden = [("x-oss-forbid-overwrite", "true")]
    assert refused(await server.call("PUT", "/bucket/key", by=CALLERS[caller], headers=forbidden), CLOSED)


async def test_not_one_byte_is_asked_of_a_caller_who_may_not_write(server: InProcessServer) -> None:
    await prepare(server, "public-read-write", "private")
    exchange = server.exchange("PUT", "/bucket/key", body=bytes(1000))
    assert refused(await server.carry_out(exchange), "You do not have write permission on this object.")
    assert exchange.received == 0


@pytest.mark.parametrize("change", ["bucket", "object"])
async def test_permission_is_judged_again_when_the_body_is_there(server: InProcessServer, change: str) -> None:
    await prepare(server, "public-read-write", None)
    exchange = server.exchange("PUT", "/bucket/key", body=bytes(1000))
    receive = exchange.receive

    async def shut_out() -> dict[str, object]:
        if change == "bucket":
            await server.put_bucket("bucket", acl="private")
        else:
            await server.put_object("/bucket/key", b"mine", ("x-oss-object-acl", "private"))
        return await receive()

    await server.edge(exchange.scope, shut_out, exchange.send)
    assert exchange.answer().refusal[1] == "AccessDenied"
    assert (await server.call("GET", "/bucket/key")).status == (404 if change == "bucket" else 200)
    assert await server.stored_blobs() == []


@pytest.mark.parametrize("caller", ["other", "anonymous"])
async def test_an_object_that_a_guest_wrote_is_the_bucket_s(server: InProcessServer, caller: str) -> None:
    await prepare(server, "public-read-write", None)
    assert (await server.call("PUT", "/bucket/key", by=CALLERS[caller], body=b"guest")).status == 200
    await server.put_bucket("bucket", acl="private")
    assert (await server.call("GET", "/bucket/key")).body == b"guest"
    assert refused(await server.call("GET", "/bucket/key", by=CALLERS[caller]), CLOSED)


@pytest.mark.parametrize("signer", [OWNER, TEMPORARY, OTHER], ids=["owner", "token", "other"])
async def test_a_presigned_url_has_the_rights_of_who_signed_it(server: InProcessServer, signer: Account) -> None:
    put = await server.send("PUT", server.presigned("PUT", "/bucket/key", by=signer), body=b"x")
    if signer is OTHER:
        assert refused(put, CLOSED)
    else:
        assert put.status == 200
        assert (await server.send("GET", server.presigned("GET", "/bucket/key", by=signer))).body == b"x"


@pytest.mark.parametrize("acl", BUCKET_ACLS)
async def test_a_bad_signature_is_no_anonymous_caller(server: InProcessServer, acl: str) -> None:
    await prepare(server, acl, "public-read-write")
    assert (await server.call("GET", "/bucket/key", by=STRANGER)).refusal[1] == "InvalidAccessKeyId"
    url = server.presigned("GET", "/bucket/key")
    assert (await server.send("GET", url[:-1] + "x")).refusal[1] == "SignatureDoesNotMatch"
