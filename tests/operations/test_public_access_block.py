"""Public access block: of a bucket or a whole account, by which public ACLs are refused and those that are there mean nothing."""

import pytest

from tests.support.elements import text, texts
from tests.support.inprocess import OTHER, OWNER, Account, Answer, InProcessServer

BLOCK = "<PublicAccessBlockConfiguration><BlockPublicAccess>{}</BlockPublicAccess></PublicAccessBlockConfiguration>"
DENIED = (403, "AccessDenied")
SERVICE, BUCKET = "/?publicAccessBlock", "/bucket/?publicAccessBlock"
places = pytest.mark.parametrize("place", [SERVICE, BUCKET], ids=["account", "bucket"])
callers = pytest.mark.parametrize("caller", [OTHER, None], ids=["other", "anonymous"])


async def block(server: InProcessServer, place: str, value: str = "true") -> Answer:
    return await server.call("PUT", place, body=BLOCK.format(value).encode())


@pytest.fixture
async def public(server: InProcessServer) -> InProcessServer:
    """A server with `bucket`, open to everybody, with `key` and `open`, which has a public ACL of its own."""
    await server.put_bucket("bucket", acl="public-read-write")
    await server.put_object("/bucket/key", b"body")
    await server.put_object("/bucket/open", b"body", ("x-oss-object-acl", "public-read-write"))
    return server


@places
@callers
async def test_public_acls_mean_nothing_while_it_is_on(
    public: InProcessServer, place: str, caller: Account | None
) -> None:
    calls = [
        ("GET", "/bucket/key"), ("HEAD", "/bucket/open"), ("GET", "/bucket/open"), ("GET", "/bucket/?list-type=2"),
        ("PUT", "/bucket/key"), ("PUT", "/bucket/open"), ("PUT", "/bucket/new"), ("DELETE", "/bucket/open"),
    ]  # fmt: skip
    assert (await block(public, place)).status == 200
    for method, target in calls:
        answer = await public.call(method, target, by=caller, body=b"x" if method == "PUT" else b"")
        assert answer.status == 403, (method, target)
    assert (await public.call("GET", "/bucket/open")).body == b"body"
    assert (await public.call("GET", "/bucket/new")).status == 404

    assert (await public.call("DELETE", place)).status == 204
    assert (await public.call("GET", "/bucket/open", by=caller)).body == b"body"
    assert (await public.call("PUT", "/bucket/key", by=caller, body=b"x")).status == 200


@places
@pytest.mark.parametrize("acl", ["public-read", "public-read-write"])
async def test_public_acls_are_not_set_while_it_is_on(public: InProcessServer, place: str, acl: str) -> None:
    await public.call("PUT", "/bucket/?acl", headers=[("x-oss-acl", "private")])
    await block(public, place)
    for_bucket, for_object = [("x-oss-acl", acl)], [("x-oss-object-acl", acl)]
    refused = [
        await public.call("PUT", "/bucket/?acl", headers=for_bucket),
        await public.call("PUT", "/bucket/", headers=for_bucket),
        await public.call("PUT", "/bucket/key?acl", headers=for_object),
        await public.call("PUT", "/bucket/key", headers=for_object, body=b"new"),
        await public.call("PUT", "/bucket/key", headers=[*for_object, ("x-oss-copy-source", "/bucket/open")]),
        await public.call("POST", "/bucket/key?uploads", headers=for_object),
        await public.call("POST", "/bucket/log?append&position=0", headers=for_object, body=b"x"),
        await public.call("PUT", "/bucket/link?symlink", headers=[*for_object, ("x-oss-symlink-target", "key")]),
    ]
    assert {answer.refusal[:2] for answer in refused} == {DENIED}
    assert (await public.call("GET", "/bucket/key")).body == b"body"
    assert texts(await public.call("GET", "/bucket/?acl"), "AccessControlList/Grant") == ["private"]
    assert (await public.call("PUT", "/bucket/key?acl", headers=[("x-oss-object-acl", "private")])).status == 200


async def test_a_new_bucket_of_the_account_is_not_public_either(public: InProcessServer) -> None:
    await block(public, SERVICE)
    refused = await public.call("PUT", "/other-bucket/", headers=[("x-oss-acl", "public-read")])
    assert refused.refusal[:2] == DENIED
    assert (await public.call("PUT", "/other-bucket/")).status == 200
    theirs = await public.call("PUT", "/their-bucket/", by=OTHER, headers=[("x-oss-acl", "public-read")])
    assert theirs.status == 200


async def test_an_account_tells_its_own(public: InProcessServer) -> None:
    async def told(by: Account) -> str | None:
        return text(await public.call("GET", SERVICE, by=by), "BlockPublicAccess")

    assert (await told(OWNER), await told(OTHER)) == ("false", "false")
    await block(public, SERVICE)
    assert (await told(OWNER), await told(OTHER)) == ("true", "false")
    # What the account blocks is no setting of the bucket.
    assert text(await public.call("GET", BUCKET), "BlockPublicAccess") == "false"
    await block(public, SERVICE, "false")
    assert await told(OWNER) == "false"
    for method in ("PUT", "GET", "DELETE"):
        assert (await public.call(method, SERVICE, by=None)).refusal[:2] == DENIED
    for wrong in (b"", b"<Other/>", BLOCK.format("on").encode()):
        assert (await public.call("PUT", SERVICE, body=wrong)).refusal[:2] == (400, "MalformedXML")
