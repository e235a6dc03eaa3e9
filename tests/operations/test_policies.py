"""What policies let in and keep out: directories, conditions, copies, links, sessions, and URLs that were handed out before."""

from datetime import timedelta

import pytest

from ossicle.model.ram import PolicyName, PolicyType
from ossicle.services.ram import Holder
from ossicle.wire.names import BucketName
from tests.support.forms import FORM_TYPE, encoded_policy, form, signed_v4
from tests.support.inprocess import OTHER, OWNER, Answer, InProcessServer, build_server
from tests.support.inventories import inventory
from tests.support.ram import allow, assume, deny, document, give, make_user
from tests.support.uploading import complete, initiate, put_part


async def setting(*keys: str) -> InProcessServer:
    server = build_server()
    await server.put_bucket("pics")
    for key in keys:
        await server.put_object(f"/pics/{key}")
    return server


def told(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.error.message if answer.status >= 400 else ""


BY_BUCKET = (403, "Access denied by bucket policy.")
BY_AUTHORIZER = (403, "Access denied by authorizer's policy.")
BY_ACL = (403, "You have no right to access this object because of bucket acl.")


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/pics/beijing/2023/a.jpg", 200),
        ("/pics/beijing/2023/none.jpg", 404),
        ("/pics/beijing/2022/a.jpg", 403),
        ("/pics/beijing/2022/none.jpg", 403),
        ("/pics/?list-type=2&prefix=beijing/2023/", 200),
        ("/pics/?prefix=beijing/2024/summer", 200),
        ("/pics/?list-type=2&prefix=beijing/2023", 403),
        ("/pics/?list-type=2", 403),
        ("/pics/?acl", 403),
        ("/", 403),
    ],
)
async def test_several_directories_of_a_bucket(target: str, status: int) -> None:
    server = await setting("beijing/2023/a.jpg", "beijing/2022/a.jpg")
    prefixes = ["beijing/2023/*", "beijing/2024/*"]
    user = await make_user(
        server,
        "ann",
        allow("oss:GetObject", on=[f"acs:oss:*:*:pics/{prefix}" for prefix in prefixes]),
        allow("oss:ListObjects", on="acs:oss:*:*:pics", Condition={"StringLike": {"oss:Prefix": prefixes}}),
    )
    assert (await server.call("GET", target, by=user)).status == status


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("delimiter=/", 200),
        ("prefix=beijing/&delimiter=/", 200),
        ("prefix=beijing/2023/&delimiter=/", 200),
        ("prefix=beijing/", 403),
        ("prefix=shanghai/&delimiter=/", 403),
    ],
)
async def test_walking_down_from_the_root_one_level_at_a_time(query: str, status: int) -> None:
    server = await setting()
    condition = {"StringLike": {"oss:Delimiter": "/", "oss:Prefix": ["", "beijing/", "beijing/2023/*"]}}
    user = await make_user(server, "ann", allow("oss:ListObjects", on="acs:oss:*:*:pics", Condition=condition))
    assert (await server.call("GET", f"/pics/?{query}", by=user)).status == status


@pytest.mark.parametrize(
    ("condition", "is_met"),
    [
        ({"IpAddress": {"acs:SourceIp": ["192.0.2.0/24"]}}, True),
        ({"IpAddress": {"acs:SourceIp": "192.0.2.8"}}, False),
        ({"NotIpAddress": {"acs:SourceIp": ["10.0.0.0/8"]}}, True),
        ({"Bool": {"acs:SecureTransport": "false"}}, True),
        ({"Bool": {"acs:SecureTransport": "true"}}, False),
        ({"DateLessThan": {"acs:CurrentTime": "2200-01-01T00:00:00Z"}}, True),
        ({"DateGreaterThan": {"acs:CurrentTime": "2200-01-01T00:00:00Z"}}, False),
        ({"StringLike": {"acs:UserAgent": "camera/*"}}, True),
        ({"StringNotLike": {"acs:UserAgent": "camera/*"}}, False),
        ({"StringEquals": {"oss:x-oss-object-acl": "private"}}, True),
        ({"StringEquals": {"oss:x-oss-object-acl": "public-read"}}, False),
        ({"StringEquals": {"oss:RequestObjectTag/colour": "red"}}, True),
        ({"StringEquals": {"oss:RequestObjectTag/colour": "blue"}}, False),
        ({"StringEquals": {"oss:ExistingObjectTag/state": "draft"}}, True),
        ({"StringEquals": {"oss:ExistingObjectTag/state": "final"}}, False),
        ({"StringEquals": {"oss:BucketTag/team": "a"}}, True),
        ({"StringEquals": {"oss:BucketTag/team": "b"}}, False),
        ({"StringLike": {"acs:AccessId": "LTAI*"}}, True),
        ({"StringEquals": {"acs:AccessId": "LTAI"}}, False),
    ],
)
async def test_conditions_on_a_write(condition: object, is_met: bool) -> None:
    server = await setting()
    await server.put_object("/pics/key", b"", ("x-oss-tagging", "state=draft"))
    tags = b"<Tagging><TagSet><Tag><Key>team</Key><Value>a</Value></Tag></TagSet></Tagging>"
    assert (await server.call("PUT", "/pics/?tagging", body=tags)).status == 200
    user = await make_user(server, "ann", allow("oss:*", Condition=condition))
    headers = [
        ("user-agent", "camera/1"),
        ("x-oss-object-acl", "private"),
        ("x-oss-tagging", "colour=red"),
    ]
    answer = await server.call("PUT", "/pics/key", by=user, headers=headers)
    assert (answer.status == 200) is is_met


async def test_a_copy_needs_to_be_read_and_written() -> None:
    server = await setting("from", "other")
    user = await make_user(
        server,
        "ann",
        allow("oss:GetObject", on="acs:oss:*:*:pics/from"),
        allow("oss:PutObject", on="acs:oss:*:*:pics/to*"),
    )

    async def copy(source: str, to: str) -> int:
        headers = [("x-oss-copy-source", source)]
        return (await server.call("PUT", to, by=user, headers=headers)).status

    assert await copy("/pics/from", "/pics/to") == 200
    assert await copy("/pics/other", "/pics/to") == 403
    assert await copy("/pics/from", "/pics/elsewhere") == 403
    # With what it may write it may not read back.
    assert (await server.call("GET", "/pics/to", by=user)).status == 403
    assert (await server.call("GET", "/pics/from", by=user)).status == 200


async def test_what_is_copied_from_a_bucket_with_a_policy_is_judged_by_it() -> None:
    server = await setting("from")
    await server.put_bucket("mine", by=OTHER)
    headers = [("x-oss-copy-source", "/pics/from")]
    assert (await server.call("PUT", "/mine/to", by=OTHER, headers=headers)).status == 403
    await put_policy(server, allow("oss:GetObject", on="acs:oss:*:*:pics/*", Principal=[OTHER.id]))
    assert (await server.call("PUT", "/mine/to", by=OTHER, headers=headers)).status == 200
    await put_policy(server, deny("oss:GetObject", on="acs:oss:*:*:pics/*", Principal=["*"]))
    assert told(await server.call("PUT", "/mine/to", by=OTHER, headers=headers)) == BY_BUCKET


async def test_a_link_does_not_lead_where_one_may_not_read() -> None:
    server = await setting("secret", "open")
    for target in ("secret", "open"):
        headers = [("x-oss-symlink-target", target)]
        assert (await server.call("PUT", f"/pics/link-{target}?symlink", headers=headers)).status == 200
    user = await make_user(
        server, "ann", allow("oss:GetObject", on=["acs:oss:*:*:pics/link-*", "acs:oss:*:*:pics/open"])
    )
    assert (await server.call("GET", "/pics/link-open", by=user)).status == 200
    assert (await server.call("GET", "/pics/link-secret", by=user)).status == 403


async def test_of_many_deletions_none_is_made_if_one_is_denied() -> None:
    server = await setting("a", "b")
    user = await make_user(server, "ann", allow("oss:DeleteObject", on="acs:oss:*:*:pics/a"))
    both = b"<Delete><Object><Key>a</Key></Object><Object><Key>b</Key></Object></Delete>"
    assert (await server.call("POST", "/pics/?delete", by=user, body=both)).status == 403
    assert (await server.call("HEAD", "/pics/a")).status == 200
    one = b"<Delete><Object><Key>a</Key></Object></Delete>"
    assert (await server.call("POST", "/pics/?delete", by=user, body=one)).status == 200
    assert (await server.call("HEAD", "/pics/a")).status == 404


async def test_a_form_is_judged_by_its_key() -> None:
    server = await setting()
    user = await make_user(server, "ann", allow("oss:PutObject", on="acs:oss:*:*:pics/drop/*"))
    for key, status in (("drop/a", 204), ("else/a", 403)):
        signed = signed_v4(encoded_policy(server.clock.now), user.credentials, server.clock.now)
        body = form([("key", key), *signed.items()])
        assert (await server.send("POST", "/pics/", headers=[FORM_TYPE], body=body)).status == status


async def put_policy(server: InProcessServer, *statements: object) -> None:
    answer = await server.call("PUT", "/pics/?policy", body=document(*statements).encode())  # type: ignore[arg-type]  # statements
    assert answer.status == 200, answer.body


async def test_a_policy_of_the_bucket_lets_in_anybody_and_another_account() -> None:
    server = await setting("open/a", "theirs/a")
    user = await make_user(server, "bob", of=OTHER)
    await put_policy(
        server,
        allow("oss:GetObject", on="acs:oss:*:*:pics/open/*", Principal=["*"]),
        allow(
            "oss:GetObject",
            "oss:ListObjects",
            on=["acs:oss:*:*:pics", "acs:oss:*:*:pics/theirs/*"],
            Principal=[OTHER.id],
        ),
    )
    assert (await server.call("GET", "/pics/open/a", by=None)).status == 200
    assert told(await server.call("GET", "/pics/theirs/a", by=None)) == BY_ACL
    assert (await server.call("GET", "/pics/theirs/a", by=OTHER)).status == 200
    assert (await server.call("GET", "/pics/", by=OTHER)).status == 200
    assert (await server.call("GET", "/pics/theirs/a", by=user)).status == 403
    assert (await server.call("PUT", "/pics/theirs/a", by=OTHER)).status == 403


async def test_where_public_access_is_blocked_a_policy_lets_in_nobody_in_particular() -> None:
    server = await setting("a")
    await put_policy(server, allow("oss:GetObject", on="acs:oss:*:*:pics/*", Principal=["*"]))
    assert (await server.call("GET", "/pics/a", by=None)).status == 200
    block = (
        b"<PublicAccessBlockConfiguration><BlockPublicAccess>true</BlockPublicAccess></PublicAccessBlockConfiguration>"
    )
    assert (await server.call("PUT", "/pics/?publicAccessBlock", body=block)).status == 200
    assert (await server.call("GET", "/pics/a", by=None)).status == 403


async def test_an_owner_is_bound_by_a_denial_and_can_undo_it() -> None:
    server = await setting("a")
    await put_policy(server, deny("oss:*", on=["acs:oss:*:*:pics", "acs:oss:*:*:pics/*"], Principal=["*"]))
    assert told(await server.call("GET", "/pics/a")) == BY_BUCKET
    assert told(await server.call("GET", "/pics/")) == BY_BUCKET
    assert (await server.call("GET", "/pics/?policy")).status == 200
    assert told(await server.call("GET", "/pics/?policy", by=OTHER)) == BY_BUCKET
    assert (await server.call("DELETE", "/pics/?policy")).status == 204
    assert (await server.call("GET", "/pics/a")).status == 200


async def test_a_denial_of_objects_is_one_of_their_versions() -> None:
    server = await setting("sec/a")
    everything = ["acs:oss:*:*:pics", "acs:oss:*:*:pics/*"]
    secret = "acs:oss:*:*:pics/sec/*"
    await put_policy(
        server,
        allow("oss:*", on=everything, Principal=["*"]),
        deny("oss:GetObject", "oss:DeleteObject", on=secret, Principal=["*"]),
    )
    copying = [("x-oss-copy-source", "/pics/sec/a?versionId=null")]
    body = b"<Delete><Object><Key>sec/a</Key><VersionId>null</VersionId></Object></Delete>"
    for by in (None, OWNER):
        for method in ("GET", "HEAD", "DELETE"):
            assert (await server.call(method, "/pics/sec/a?versionId=null", by=by)).status == 403
        assert told(await server.call("PUT", "/pics/copy", by=by, headers=copying)) == BY_BUCKET
        assert told(await server.call("POST", "/pics/?delete", by=by, body=body)) == BY_BUCKET
    await put_policy(server, allow("oss:GetObjectVersion", on=secret, Principal=["*"]))
    assert (await server.call("GET", "/pics/sec/a?versionId=null", by=None)).status == 200
    assert (await server.call("GET", "/pics/sec/a", by=None)).status == 403


async def test_a_policy_that_an_earlier_release_took_keeps_everybody_out_until_it_is_replaced() -> None:
    server = await setting("a")
    row = await server.services.buckets.find(BucketName("pics"))
    assert row is not None
    await server.services.buckets.put_text(row, "policy", b'{"Version":"0"}')
    assert told(await server.call("GET", "/pics/a")) == BY_BUCKET
    assert (await server.call("GET", "/pics/?policy")).status == 200
    await put_policy(server, allow("oss:GetObject", on="acs:oss:*:*:pics/*", Principal=["*"]))
    assert (await server.call("GET", "/pics/a", by=None)).status == 200


async def test_a_url_dies_with_the_key_that_signed_it() -> None:
    server = await setting()
    user = await make_user(server, "ann", allow("oss:PutObject"))
    url = server.presigned("PUT", "/pics/new", by=user)
    assert (await server.send("PUT", url, body=b"1")).status == 200
    key = user.credentials.access_key_id
    await server.ram.keys.set_active(OWNER.id, "ann", key, is_active=False)
    refused = await server.send("PUT", url, body=b"2")
    assert refused.refusal == (403, "InvalidAccessKeyId", "0002-00000902")
    await server.ram.keys.set_active(OWNER.id, "ann", key, is_active=True)
    assert (await server.send("PUT", url, body=b"3")).status == 200
    await server.ram.keys.delete(OWNER.id, "ann", key)
    assert (await server.send("PUT", url, body=b"4")).refusal == refused.refusal


async def test_a_url_dies_with_the_permission_of_who_signed_it() -> None:
    server = await setting()
    user = await make_user(server, "ann", allow("oss:PutObject"))
    url = server.presigned("PUT", "/pics/new", by=user)
    assert (await server.send("PUT", url)).status == 200
    policy = PolicyName(type=PolicyType.CUSTOM, name="for-User-ann")
    narrow = document(allow("oss:PutObject", on="acs:oss:*:*:pics/else/*"))
    await server.ram.policies.add_version(OWNER.id, policy.name, narrow, is_default=True)
    assert told(await server.send("PUT", url)) == BY_ACL
    await server.ram.policies.set_default(OWNER.id, policy.name, "v1")
    assert (await server.send("PUT", url)).status == 200
    await server.ram.policies.detach(OWNER.id, policy, Holder.USER, "ann")
    assert told(await server.send("PUT", url)) == BY_ACL


async def test_a_session_may_what_its_role_and_its_policy_allow() -> None:
    server = await setting("a/1", "b/1")
    session = await assume(
        server,
        "role",
        allow("oss:GetObject", "oss:PutObject"),
        policy=document(allow("oss:GetObject", on="acs:oss:*:*:pics/a/*")),
    )
    assert (await server.call("GET", "/pics/a/1", by=session)).status == 200
    for method, target in (("GET", "/pics/b/1"), ("PUT", "/pics/a/1"), ("GET", "/pics/")):
        assert told(await server.call(method, target, by=session)) == BY_AUTHORIZER


async def test_a_session_ends_with_its_time_whatever_its_urls_say() -> None:
    server = await setting("a")
    session = await assume(server, "role", allow("oss:GetObject"), seconds=900)
    url = server.presigned("GET", "/pics/a", by=session, expires=timedelta(hours=10))
    server.clock.advance(seconds=900)
    assert (await server.send("GET", url)).status == 200
    server.clock.advance(seconds=2)
    assert (await server.send("GET", url)).refusal == (403, "SecurityTokenExpired", "0002-00000007")


async def test_a_session_ends_with_its_role() -> None:
    server = await setting("a")
    session = await assume(server, "role", allow("oss:GetObject"))
    assert (await server.call("GET", "/pics/a", by=session)).status == 200
    policy = PolicyName(type=PolicyType.CUSTOM, name="for-Role-role")
    await server.ram.policies.detach(OWNER.id, policy, Holder.ROLE, "role")
    assert told(await server.call("GET", "/pics/a", by=session)) == BY_AUTHORIZER
    await server.ram.roles.delete(OWNER.id, "role")
    trust = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"a"}}]}'
    await server.ram.roles.create(OWNER.id, "role", trust)
    await give_again(server, policy)
    assert told(await server.call("GET", "/pics/a", by=session)) == BY_AUTHORIZER


async def give_again(server: InProcessServer, policy: PolicyName) -> None:
    await server.ram.policies.attach(OWNER.id, policy, Holder.ROLE, "role")


async def test_what_a_user_makes_is_its_account_s() -> None:
    server = await setting()
    user = await make_user(server, "ann", allow("oss:*"))
    await server.put_bucket("made", by=user)
    assert (await server.call("GET", "/made/?acl")).status == 200
    listed = await server.call("GET", "/", by=user)
    assert [listed.body.count(f"<Name>{name}</Name>".encode()) for name in ("made", "pics")] == [1, 1]


async def test_a_user_of_a_bucket_s_policy() -> None:
    server = await setting("a")
    user = await make_user(server, "ann")
    uid = (await server.ram.users.get(OWNER.id, "ann")).id
    await put_policy(server, allow("oss:GetObject", on="acs:oss:*:*:pics/*", Principal=[uid]))
    assert (await server.call("GET", "/pics/a", by=user)).status == 200
    assert (await server.call("GET", "/pics/a", by=None)).status == 403
    group = await make_user(server, "bob")
    assert (await server.call("GET", "/pics/a", by=group)).status == 403
    await give(server, "ann", deny("oss:GetObject"))
    assert (await server.call("GET", "/pics/a", by=user)).status == 403


async def test_making_a_bucket_and_saying_its_acl_are_two_actions() -> None:
    server = await setting("k")
    public = [("x-oss-acl", "public-read")]
    maker = await make_user(server, "maker", allow("oss:PutBucket"), deny("oss:PutBucketAcl"))
    assert (await server.call("PUT", "/pics/", headers=public, by=maker)).refusal[:2] == (403, "AccessDenied")
    assert (await server.call("PUT", "/fresh/", headers=public, by=maker)).refusal[:2] == (403, "AccessDenied")
    assert (await server.call("PUT", "/fresh/", by=maker)).status == 200
    assert (await server.send("GET", "/pics/k")).status == 403
    changer = await make_user(server, "changer", allow("oss:PutBucketAcl"), deny("oss:PutBucket"))
    assert (await server.call("PUT", "/other/?acl", headers=public, by=changer)).refusal[:2] == (403, "AccessDenied")
    assert (await server.call("PUT", "/pics/?acl", headers=public, by=changer)).status == 200
    assert (await server.send("GET", "/pics/k")).status == 200
    both = await make_user(server, "both", allow("oss:PutBucket", "oss:PutBucketAcl"))
    assert (await server.call("PUT", "/mine/", headers=public, by=both)).status == 200
    assert (await server.call("PUT", "/yours/?acl", headers=public, by=both)).status == 200


async def test_the_tags_that_are_judged_are_those_that_are_stored() -> None:
    server = await setting("mine/source")
    tagged = "StringEquals", "oss:RequestObjectTag/密级"
    no_secrets = deny("oss:PutObject", Condition={tagged[0]: {tagged[1]: "秘密"}})
    careful = await make_user(server, "careful", allow("oss:*"), no_secrets)
    halves = b"%E5\xaf\x86\xe7\xba\xa7=%E7%A7%98%E5%AF%86"
    for text in (halves, "密级=秘密".encode(), b"%E5%AF%86%E7%BA%A7=%E7%A7%98%E5%AF%86"):
        answer = await server.call("PUT", "/pics/mine/a", by=careful, headers=[("x-oss-tagging", text)])
        assert answer.refusal[:2] == (403, "AccessDenied"), text
    public = allow(
        "oss:PutObject", "oss:PutObjectTagging", Condition={"StringEquals": {"oss:RequestObjectTag/class": "public"}}
    )
    publisher = await make_user(server, "publisher", public, allow("oss:GetObject"))
    copy = [("x-oss-copy-source", "/pics/mine/source"), ("x-oss-tagging", "class=public")]
    for directive in ((), (("x-oss-tagging-directive", "Copy"),)):
        answer = await server.call("PUT", "/pics/mine/a", by=publisher, headers=[*copy, *directive])
        assert answer.refusal[:2] == (403, "AccessDenied"), "these tags would not be stored"
    replace = ("x-oss-tagging-directive", "Replace")
    assert (await server.call("PUT", "/pics/mine/a", by=publisher, headers=[*copy, replace])).status == 200


async def test_an_upload_is_finished_by_the_policy_of_then() -> None:
    server = await setting()
    ann = await make_user(server, "ann", allow("oss:*"))
    begun = []
    for header in (("x-oss-object-acl", "public-read"), ("x-oss-tagging", "class=secret"), ("x-oss-meta-a", "b")):
        upload_id = await initiate(server, "/pics/a", header, by=ann)
        etag = (await put_part(server, "/pics/a", upload_id, 1, b"part", by=ann)).header("etag")
        begun.append((upload_id, (1, etag or "")))
    no_publishing = {"StringLike": {"oss:x-oss-object-acl": "public-*"}}
    no_secrets = {"StringEquals": {"oss:RequestObjectTag/class": "secret"}}
    where = {"on": "acs:oss:*:*:pics/*", "Principal": ["*"]}
    denials = [deny("oss:PutObject", Condition=one, **where) for one in (no_publishing, no_secrets)]
    await put_policy(server, *denials)
    public, secret, plain = begun
    for upload_id, part in (public, secret):
        assert (await complete(server, "/pics/a", upload_id, part, by=ann)).refusal[:2] == (403, "AccessDenied")
        assert (await server.call("GET", "/pics/a")).status == 404
    assert (await complete(server, "/pics/a", plain[0], plain[1], by=ann)).status == 200


@pytest.mark.parametrize("what", ["logging", "inventory"])
async def test_what_is_written_elsewhere_must_be_allowed_there(what: str) -> None:
    server = await setting()
    await server.put_bucket("vault")
    body, target = {
        "logging": (
            "<BucketLoggingStatus><LoggingEnabled><TargetBucket>vault</TargetBucket></LoggingEnabled></BucketLoggingStatus>",
            "/pics/?logging",
        ),
        "inventory": (
            inventory("report").replace("acs:oss:::lists", "acs:oss:::vault"),
            "/pics/?inventory&inventoryId=report",
        ),
    }[what]
    put = allow("oss:PutBucketLogging", "oss:PutBucketInventory")
    here = await make_user(server, "here", put)
    both = await make_user(server, "both", put, allow("oss:PutObject", on="acs:oss:*:*:vault/*"))
    assert (await server.call("PUT", target, by=here, body=body.encode())).refusal[:2] == (403, "AccessDenied")
    closed = deny("oss:PutObject", on="acs:oss:*:*:vault/*", Principal=["*"])
    assert (await server.call("PUT", "/vault/?policy", body=document(closed).encode())).status == 200
    for caller in (both, OWNER):
        assert (await server.call("PUT", target, by=caller, body=body.encode())).refusal[:2] == (403, "AccessDenied")
    assert (await server.call("DELETE", "/vault/?policy")).status == 204
    assert (await server.call("PUT", target, by=both, body=body.encode())).status == 200
