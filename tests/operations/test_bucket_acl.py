"""The ACL of a bucket: set, told, made with a bucket, and what it lets others do from then on."""

import pytest

from tests.support.elements import texts
from tests.support.inprocess import OTHER, OWNER, STRANGER, Account, InProcessServer

ACLS = ("private", "public-read", "public-read-write")
FOREIGN = "The bucket you access does not belong to you."
ANONYMOUS = "Anonymous access is forbidden for this operation."
NONE_OF_A_BUCKET = "no such bucket access control exists"


async def acl_of(server: InProcessServer, bucket: str = "bucket", by: Account = OWNER) -> str:
    answer = await server.call("GET", f"/{bucket}/?acl", by=by)
    assert answer.status == 200
    assert texts(answer, "Owner/ID") == texts(answer, "Owner/DisplayName") == [by.id]
    (grant,) = texts(answer, "AccessControlList/Grant")
    return grant


@pytest.mark.parametrize("acl", ACLS)
async def test_an_acl_is_set_and_told(server: InProcessServer, acl: str) -> None:
    answer = await server.call("PUT", "/bucket/?acl", headers=[("x-oss-acl", acl)])
    assert (answer.status, answer.body, answer.header("location")) == (200, b"", "/bucket")
    assert await acl_of(server) == acl
    assert acl in (await server.call("GET", "/bucket/?bucketInfo")).body.decode()


async def test_the_document_is_that_of_oss(server: InProcessServer) -> None:
    answer = await server.call("GET", "/bucket/?acl")
    assert answer.body.decode().endswith(
        f"<AccessControlPolicy><Owner><ID>{OWNER.id}</ID><DisplayName>{OWNER.id}</DisplayName></Owner>"
        "<AccessControlList><Grant>private</Grant></AccessControlList></AccessControlPolicy>"
    )


async def test_without_the_header_nothing_changes(server: InProcessServer) -> None:
    await server.put_bucket("bucket", acl="public-read")
    assert (await server.call("PUT", "/bucket/?acl")).status == 200
    assert await acl_of(server) == "public-read"


@pytest.mark.parametrize("acl", ["", "default", "Private", "public", "private,public-read"])
async def test_another_word_is_refused_and_makes_no_bucket(server: InProcessServer, acl: str) -> None:
    for bucket in ("bucket", "fresh"):
        answer = await server.call("PUT", f"/{bucket}/?acl", headers=[("x-oss-acl", acl)])
        assert answer.refusal == (400, "InvalidArgument", "0015-00000204")
        assert answer.error.message == NONE_OF_A_BUCKET
        assert (answer.error.details["ArgumentName"], answer.error.details["ArgumentValue"]) == ("x-oss-acl", acl)
    assert await acl_of(server) == "private"
    assert (await server.call("GET", "/fresh/?acl")).refusal == (404, "NoSuchBucket", "0015-00000101")


@pytest.mark.parametrize("acl", [None, "public-read"])
async def test_a_missing_bucket_is_made_with_the_acl(server: InProcessServer, acl: str | None) -> None:
    headers = [] if acl is None else [("x-oss-acl", acl)]
    answer = await server.call("PUT", "/fresh/?acl", by=OTHER, headers=headers)
    assert (answer.status, answer.header("location")) == (200, "/fresh")
    assert await acl_of(server, "fresh", OTHER) == (acl or "private")


async def test_a_name_that_no_bucket_can_have_is_refused(server: InProcessServer) -> None:
    answer = await server.call("PUT", "/No_Bucket/?acl", headers=[("x-oss-acl", "private")])
    assert answer.refusal[:2] == (400, "InvalidBucketName")


async def test_a_bucket_of_another_account_is_taken(server: InProcessServer) -> None:
    await server.put_bucket("theirs", by=OTHER, acl="public-read-write")
    answer = await server.call("PUT", "/theirs/?acl", headers=[("x-oss-acl", "private")])
    assert answer.refusal == (409, "BucketAlreadyExists", "0015-00000104")
    assert await acl_of(server, "theirs", OTHER) == "public-read-write"


@pytest.mark.parametrize("acl", ACLS)
@pytest.mark.parametrize(("caller", "message"), [(OTHER, FOREIGN), (None, ANONYMOUS)], ids=["other", "anonymous"])
async def test_nobody_but_the_owner_reads_it(
    server: InProcessServer, caller: Account | None, message: str, acl: str
) -> None:
    await server.put_bucket("bucket", acl=acl)
    answer = await server.call("GET", "/bucket/?acl", by=caller)
    assert answer.refusal == (403, "AccessDenied", None)
    assert answer.error.message == message


@pytest.mark.parametrize("bucket", ["bucket", "fresh"])
async def test_nobody_sets_it_without_a_key_that_is_known(server: InProcessServer, bucket: str) -> None:
    public = [("x-oss-acl", "public-read")]
    anonymous = await server.call("PUT", f"/{bucket}/?acl", by=None, headers=public)
    assert (anonymous.refusal, anonymous.error.message) == ((403, "AccessDenied", None), ANONYMOUS)
    unknown = await server.call("PUT", f"/{bucket}/?acl", by=STRANGER, headers=public)
    assert unknown.refusal[:2] == (403, "InvalidAccessKeyId")


async def test_a_missing_bucket_has_no_acl_whoever_asks(server: InProcessServer) -> None:
    for caller in (OWNER, OTHER, STRANGER, None):
        assert (await server.call("GET", "/fresh/?acl", by=caller)).refusal[1] == "NoSuchBucket"


async def test_it_counts_from_the_next_request_on(server: InProcessServer) -> None:
    await server.put_object("/bucket/key", b"body")
    for acl, read, written in (("public-read", 200, 403), ("private", 403, 403), ("public-read-write", 200, 200)):
        await server.call("PUT", "/bucket/?acl", headers=[("x-oss-acl", acl)])
        for caller in (OTHER, None):
            assert (await server.call("GET", "/bucket/key", by=caller)).status == read
            assert (await server.call("PUT", "/bucket/new", by=caller, body=b"x")).status == written


@pytest.mark.parametrize("acl", ACLS)
@pytest.mark.parametrize(("caller", "message"), [(OTHER, FOREIGN), (None, ANONYMOUS)], ids=["other", "anonymous"])
@pytest.mark.parametrize("query", ["", "?list-type=2", "?versions", "?uploads", "?stat", "?bucketInfo", "?cors"])
async def test_no_acl_lets_others_list_or_manage(
    server: InProcessServer, query: str, caller: Account | None, message: str, acl: str
) -> None:
    await server.put_bucket("bucket", acl=acl)
    answer = await server.call("GET", f"/bucket/{query}", by=caller)
    assert (answer.refusal, answer.error.message) == ((403, "AccessDenied", None), message)
