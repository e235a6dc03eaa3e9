"""The administration: users, keys, groups, policies and roles as JSON, and who may ask for it."""

import json
from datetime import timedelta
from typing import Any

import pytest

from ossicle.operations.admin import ANSWERS
from ossicle.wire.admin import ROUTES
from ossicle.wire.signing import Version, sign_headers_dated
from tests.support.inprocess import (
    OTHER,
    OWNER,
    STRANGER,
    TEMPORARY,
    Account,
    Answer,
    InProcessServer,
    account,
    addressed,
)

ROOT = "/_ossicle/admin/v1/"


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "1", "Statement": statements})


def allow(action: str, *resources: str, **more: object) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": [f"acs:oss:*:*:{each}" for each in resources], **more}


READS = document(allow("oss:GetObject", "bucket/a/*", "bucket/b/*"))
TRUST = document({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": [f"acs:ram::{OWNER.id}:root"]}})


class Admin:
    """Somebody who asks the administration."""

    def __init__(self, server: InProcessServer, by: Account | None = OWNER) -> None:
        self.server = server
        self.by = by

    async def ask(self, method: str, path: str, body: object = None, **request: Any) -> Answer:
        raw = b"" if body is None else json.dumps(body).encode()
        answer = await self.server.call(method, ROOT + path, by=self.by, body=raw, **request)
        assert answer.header("content-type") == "application/json"
        assert answer.header("cache-control") == "no-store"
        return answer

    async def done(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        answer = await self.ask(method, path, body)
        assert answer.status == 200, answer.body
        found: dict[str, Any] = json.loads(answer.body)
        return found

    async def refused(self, method: str, path: str, body: object = None, **request: Any) -> tuple[int, str]:
        answer = await self.ask(method, path, body, **request)
        told = json.loads(answer.body)
        assert told["request_id"] == answer.request_id
        assert told["message"]
        return answer.status, told["code"]

    async def user(self, name: str, policy: str | None = None) -> Account:
        """Make a user with a key and a policy of its own."""
        await self.done("POST", "users", {"user_name": name})
        key = await self.done("POST", f"users/{name}/keys")
        if policy is not None:
            await self.done("POST", "policies", {"policy_name": f"of-{name}", "policy_document": policy})
            await self.done("PUT", f"users/{name}/policies/of-{name}")
        made = account(OWNER.id, key["access_key_id"])
        credentials = type(made.credentials)(
            access_key_id=key["access_key_id"], access_key_secret=key["access_key_secret"]
        )
        return Account(id=OWNER.id, credentials=credentials)


@pytest.fixture
def admin(server: InProcessServer) -> Admin:
    return Admin(server)


def test_every_route_is_answered_under_a_name_and_a_path_of_its_own() -> None:
    assert {route.name for route in ROUTES} == set(ANSWERS)
    shapes = {(route.method, tuple("{}" if part[0] == "{" else part for part in route.parts)) for route in ROUTES}
    assert len(shapes) == len({route.name for route in ROUTES}) == len(ROUTES)


async def test_a_name_that_stands_twice_is_refused(admin: Admin) -> None:
    raw = b'{"user_name": "ann", "user_name": "eve"}'
    answer = await admin.server.call("POST", ROOT + "users", by=OWNER, body=raw)
    assert (answer.status, json.loads(answer.body)["code"]) == (400, "InvalidParameter.UserName")


# -- who may ask


@pytest.mark.parametrize("by", [None, STRANGER], ids=["nobody", "unknown key"])
async def test_who_did_not_sign_is_refused(server: InProcessServer, by: Account | None) -> None:
    code = "AccessDenied" if by is None else "InvalidAccessKeyId"
    for path in ("users", "users/ann", "none"):
        assert await Admin(server, by).refused("GET", path) == (403, code)


async def test_a_wrong_secret_is_refused_with_both_texts(server: InProcessServer) -> None:
    forged = Account(
        id=OWNER.id,
        credentials=type(OWNER.credentials)(access_key_id=OWNER.credentials.access_key_id, access_key_secret="wrong"),
    )
    answer = await Admin(server, forged).ask("GET", "users")
    told = json.loads(answer.body)
    assert (answer.status, told["code"]) == (403, "SignatureDoesNotMatch")
    assert "/_ossicle/admin/v1/users" in told["CanonicalRequest"]


async def test_a_signature_is_for_one_path_and_query(server: InProcessServer) -> None:
    target = server.presigned("GET", f"{ROOT}users?max_items=3", expires=timedelta(minutes=1))
    assert (await server.send("GET", target)).status == 200
    for other in (target.replace("users", "roles"), target.replace("max_items=3", "max_items=4")):
        assert json.loads((await server.send("GET", other)).body)["code"] == "SignatureDoesNotMatch"
    server.clock.advance(minutes=2)
    assert json.loads((await server.send("GET", target)).body)["code"] == "AccessDenied"


async def test_older_signatures_are_refused(server: InProcessServer) -> None:
    headers = sign_headers_dated(
        version=Version.V1,
        method="GET",
        resource=addressed("127.0.0.1", f"{ROOT}users".encode()),
        query=[],
        headers=[],
        credentials=OWNER.credentials,
        now=server.clock.now,
        additional_headers=(),
    )
    answer = await server.send("GET", f"{ROOT}users", headers=list(headers.items()))
    assert (answer.status, json.loads(answer.body)["code"]) == (403, "AccessDenied")


async def test_a_signer_s_conditions_are_refused_rather_than_passed_over(admin: Admin) -> None:
    assert await admin.refused("GET", "users?x-oss-ac-source-ip=192.0.2.1") == (400, "NotImplemented")


async def test_each_account_has_its_own(admin: Admin) -> None:
    await admin.done("POST", "users", {"user_name": "ann"})
    other = Admin(admin.server, OTHER)
    assert await other.done("GET", "users") == {"users": []}
    assert await other.refused("GET", "users/ann") == (404, "EntityNotExist.User")
    assert await other.refused("DELETE", "users/ann") == (404, "EntityNotExist.User")


async def test_a_temporary_key_of_the_owner_may_while_it_lasts(admin: Admin) -> None:
    by = Admin(admin.server, TEMPORARY)
    assert await by.done("GET", "users") == {"users": []}
    admin.server.clock.advance(hours=2)
    assert await by.refused("GET", "users") == (403, "SecurityTokenExpired")


async def test_users_may_what_policies_of_ram_say(admin: Admin) -> None:
    everything = {"Effect": "Allow", "Action": "oss:*", "Resource": "*"}
    reads = {"Effect": "Allow", "Action": ["ram:Get*", "ram:List*"], "Resource": "acs:ram:*:*:user/*"}
    ann = Admin(admin.server, await admin.user("ann", document(everything)))
    assert await ann.refused("GET", "users") == (403, "NoPermission")
    bob = Admin(admin.server, await admin.user("bob", document(reads)))
    assert len((await bob.done("GET", "users"))["users"]) == 2
    assert (await bob.done("GET", "users/ann"))["user_name"] == "ann"
    for method, path in (("GET", "roles"), ("DELETE", "users/ann"), ("POST", "users/bob/keys"), ("GET", "policies/x")):
        assert await bob.refused(method, path) == (403, "NoPermission")
    assert await bob.refused("PUT", "users/bob/policies/AdministratorAccess") == (403, "NoPermission")


# -- what is not understood


@pytest.mark.parametrize(
    ("method", "path", "body", "refusal"),
    [
        ("GET", "", None, (404, "InvalidApi.NotFound")),
        ("GET", "none", None, (404, "InvalidApi.NotFound")),
        ("GET", "users/ann/none", None, (404, "InvalidApi.NotFound")),
        ("PATCH", "users", None, (405, "MethodNotAllowed")),
        ("POST", "users", None, (400, "InvalidParameter.UserName")),
        ("POST", "users", [], (400, "InvalidParameter.Body")),
        ("POST", "users", {"user_name": 7}, (400, "InvalidParameter.UserName")),
        ("POST", "users", {"user_name": None}, (400, "InvalidParameter.UserName")),
        ("POST", "users", {"user_name": "\ud800"}, (400, "InvalidParameter.UserName")),
        ("POST", "users", {"user_name": "ann", "comments": "\udcff"}, (400, "InvalidParameter.Comments")),
        ("GET", "users/%ff", None, (400, "InvalidParameter.UserName")),
        ("GET", "users?marker=%ff", None, (400, "InvalidParameter.Marker")),
        ("POST", "users", {"user_name": "a b"}, (400, "InvalidParameter.UserName")),
        ("POST", "users", {"user_name": "ann", "colour": "red"}, (400, "InvalidParameter.Colour")),
        ("PUT", "users/ann", {"user_name": "bob"}, (400, "InvalidParameter.UserName")),
        ("GET", "users?max_items=0", None, (400, "InvalidParameter.MaxItems")),
        ("GET", "users?max_items=many", None, (400, "InvalidParameter.MaxItems")),
        ("GET", "users?colour=red", None, (400, "InvalidParameter.Colour")),
        ("GET", "users/ann", None, (404, "EntityNotExist.User")),
        ("POST", "users/ann/keys", None, (404, "EntityNotExist.User")),
        ("PUT", "users/ann/keys/LTAI", {"status": "On"}, (400, "InvalidParameter.Status")),
        ("PUT", "users/ann/policies/none", None, (404, "EntityNotExist.User")),
        ("POST", "policies", {"policy_name": "p", "policy_document": "{}"}, (400, "InvalidParameter.PolicyDocument")),
        (
            "POST",
            "policies",
            {"policy_name": "p", "policy_document": '"\ud800"'},
            (400, "InvalidParameter.PolicyDocument"),
        ),
        ("DELETE", "policies/AdministratorAccess", None, (404, "EntityNotExist.Policy")),
        ("POST", "explain-access", {"action": "Fly"}, (400, "InvalidParameter.Action")),
        ("POST", "explain-access", {"action": "PutObject"}, (400, "InvalidParameter.Bucket")),
        ("POST", "explain-access", {"action": "PutObject", "bucket": "bucket"}, (400, "InvalidParameter.Key")),
        ("POST", "explain-access", {"action": "ListBuckets", "bucket": "bucket"}, (400, "InvalidParameter.Bucket")),
        (
            "POST",
            "explain-access",
            {"action": "ListObjects", "bucket": "bucket", "key": "a/"},
            (400, "InvalidParameter.Key"),
        ),
        ("POST", "explain-access", {"action": "PutObject", "bucket": "B", "key": "a"}, (400, "InvalidBucketName")),
        (
            "POST",
            "explain-access",
            {"action": "PutObject", "bucket": "bucket", "key": "a" * 1024},
            (400, "InvalidObjectName"),
        ),
        ("POST", "explain-access", {"action": "GetBucketAcl", "bucket": "none"}, (404, "NoSuchBucket")),
        ("POST", "explain-access", {"action": "ListBuckets", "user": "ann"}, (404, "EntityNotExist.User")),
        (
            "POST",
            "explain-access",
            {"action": "ListBuckets", "user": "ann", "role": "r"},
            (400, "InvalidParameter.User"),
        ),
        ("POST", "explain-access", {"action": "ListBuckets", "ip": "here"}, (400, "InvalidParameter.Ip")),
    ],
)
async def test_what_is_refused(admin: Admin, method: str, path: str, body: object, refusal: tuple[int, str]) -> None:
    assert await admin.refused(method, path, body) == refusal


async def test_what_is_no_json_is_refused(server: InProcessServer) -> None:
    for body in (b"{", b"[" * 5000, b"\xff"):
        answer = await server.call("POST", f"{ROOT}users", body=body)
        assert (answer.status, json.loads(answer.body)["code"]) == (400, "InvalidParameter.Body")


async def test_a_body_is_bounded_and_compared(server: InProcessServer) -> None:
    large = json.dumps({"user_name": "ann", "comments": "x" * 65536}).encode()
    for chunked in (False, True):
        answer = await server.call("POST", f"{ROOT}users", body=large, is_chunked=chunked)
        assert json.loads(answer.body)["code"] == "InlineDataTooLarge"
    headers = [("content-md5", "AAAAAAAAAAAAAAAAAAAAAA==")]
    answer = await server.call("POST", f"{ROOT}users", body=b'{"user_name": "ann"}', headers=headers)
    assert json.loads(answer.body)["code"] == "InvalidDigest"
    assert await Admin(server).done("GET", "users") == {"users": []}


async def test_a_refusal_of_a_head_has_no_body(server: InProcessServer) -> None:
    answer = await server.call("HEAD", f"{ROOT}users")
    assert (answer.status, answer.body, answer.header("allow")) == (405, b"", "GET, POST")


async def test_on_the_host_of_a_bucket_it_is_a_key(server: InProcessServer) -> None:
    answer = await server.call("GET", f"{ROOT}users", host="bucket.localhost:8880")
    assert answer.refusal == (404, "NoSuchKey", answer.error.ec)


# -- what is served


async def test_users(admin: Admin) -> None:
    made = await admin.done("POST", "users", {"user_name": "ann", "comments": "from accounting"})
    assert {name: made[name] for name in ("user_name", "display_name", "comments")} == {
        "user_name": "ann",
        "display_name": "ann",
        "comments": "from accounting",
    }
    assert made["create_date"] == "2026-03-14T12:00:00Z"
    assert await admin.refused("POST", "users", {"user_name": "ann"}) == (409, "EntityAlreadyExists.User")
    for name in ("bob", "cleo"):
        await admin.done("POST", "users", {"user_name": name})
    first = await admin.done("GET", "users?max_items=2")
    assert ([user["user_name"] for user in first["users"]], first["marker"]) == (["ann", "bob"], "bob")
    assert [user["user_name"] for user in (await admin.done("GET", "users?marker=bob"))["users"]] == ["cleo"]
    changed = await admin.done("PUT", "users/bob", {"new_user_name": "rob", "display_name": "Robert"})
    assert (changed["user_name"], changed["display_name"], changed["user_id"]) == (
        "rob",
        "Robert",
        first["users"][1]["user_id"],
    )
    assert await admin.done("DELETE", "users/rob") == {}
    assert await admin.refused("GET", "users/rob") == (404, "EntityNotExist.User")


async def test_the_secret_of_a_key_is_told_once(admin: Admin) -> None:
    await admin.done("POST", "users", {"user_name": "ann"})
    made = await admin.done("POST", "users/ann/keys")
    assert made["status"] == "Active"
    secret = made.pop("access_key_secret")
    assert await admin.done("GET", "users/ann/keys") == {"access_keys": [made]}
    second = (await admin.done("POST", "users/ann/keys"))["access_key_id"]
    assert await admin.refused("POST", "users/ann/keys") == (409, "LimitExceeded.User.AccessKey")
    await admin.done("PUT", f"users/ann/keys/{second}", {"status": "Inactive"})
    listed = await admin.ask("GET", "users/ann/keys")
    assert [key["status"] for key in json.loads(listed.body)["access_keys"]] == ["Active", "Inactive"]
    assert secret.encode() not in listed.body
    assert await admin.refused("DELETE", "users/ann") == (409, "DeleteConflict.User.AccessKey")
    for key in (made["access_key_id"], second):
        await admin.done("DELETE", f"users/ann/keys/{key}")
    await admin.done("DELETE", "users/ann")


async def test_groups(admin: Admin) -> None:
    assert (await admin.done("POST", "groups", {"group_name": "press", "comments": "c"}))["comments"] == "c"
    assert (await admin.done("GET", "groups"))["groups"] == [await admin.done("GET", "groups/press")]
    await admin.done("POST", "users", {"user_name": "ann"})
    await admin.done("PUT", "groups/press/members/ann")
    assert await admin.refused("PUT", "groups/press/members/ann") == (409, "EntityAlreadyExists.User.Group")
    assert [user["user_name"] for user in (await admin.done("GET", "groups/press/members"))["users"]] == ["ann"]
    assert (await admin.done("GET", "users/ann/groups"))["groups"] == (await admin.done("GET", "groups"))["groups"]
    await admin.done("PUT", "groups/press/policies/AliyunOSSReadOnlyAccess")
    (attached,) = (await admin.done("GET", "groups/press/policies"))["policies"]
    assert (attached["policy_name"], attached["policy_type"]) == ("AliyunOSSReadOnlyAccess", "System")
    assert await admin.refused("DELETE", "groups/press") == (409, "DeleteConflict.Group.Policy")
    await admin.done("DELETE", "groups/press/policies/AliyunOSSReadOnlyAccess")
    await admin.done("DELETE", "groups/press/members/ann")
    await admin.done("DELETE", "groups/press")


async def test_policies(admin: Admin) -> None:
    made = await admin.done("POST", "policies", {"policy_name": "reads", "policy_document": READS, "description": "d"})
    assert (made["policy_type"], made["default_version"], made["policy_document"]) == ("Custom", "v1", READS)
    listed = (await admin.done("GET", "policies"))["policies"]
    assert listed[0] == made == await admin.done("GET", "policies/reads")
    assert "AdministratorAccess" in {policy["policy_name"] for policy in listed}
    narrow = document(allow("oss:GetObject", "bucket/a/*"))
    added = await admin.done("POST", "policies/reads/versions", {"policy_document": narrow})
    assert (added["version_id"], added["is_default_version"]) == ("v2", False)
    await admin.done("PUT", "policies/reads/default-version", {"version_id": "v2"})
    assert (await admin.done("GET", "policies/reads"))["policy_document"] == narrow
    assert await admin.refused("DELETE", "policies/reads/versions/v2") == (409, "DeleteConflict.Policy.Version")
    await admin.done("DELETE", "policies/reads/versions/v1")
    versions = (await admin.done("GET", "policies/reads/versions"))["policy_versions"]
    assert [(version["version_id"], version["is_default_version"]) for version in versions] == [("v2", True)]
    await admin.done("POST", "users", {"user_name": "ann"})
    await admin.done("PUT", "users/ann/policies/reads")
    (attached,) = (await admin.done("GET", "users/ann/policies"))["policies"]
    assert (attached["policy_name"], attached["attach_date"]) == ("reads", "2026-03-14T12:00:00Z")
    assert await admin.done("GET", "policies/reads/entities") == {"entities": [{"type": "User", "name": "ann"}]}
    assert await admin.refused("DELETE", "policies/reads") == (409, "DeleteConflict.Policy.User")
    await admin.done("DELETE", "users/ann/policies/reads")
    await admin.done("DELETE", "policies/reads")


async def test_roles(admin: Admin) -> None:
    made = await admin.done("POST", "roles", {"role_name": "reader", "assume_role_policy_document": TRUST})
    assert (made["arn"], made["max_session_duration"]) == (f"acs:ram::{OWNER.id}:role/reader", 3600)
    assert (await admin.done("GET", "roles"))["roles"] == [made]
    changed = await admin.done("PUT", "roles/reader", {"max_session_duration": 7200})
    assert changed == {**made, "max_session_duration": 7200} == await admin.done("GET", "roles/reader")
    await admin.done("PUT", "roles/reader/policies/AliyunOSSFullAccess")
    assert len((await admin.done("GET", "roles/reader/policies"))["policies"]) == 1
    await admin.done("DELETE", "roles/reader/policies/AliyunOSSFullAccess")
    await admin.done("DELETE", "roles/reader")


async def test_metrics_know_it_by_the_actions_of_ram(admin: Admin) -> None:
    await admin.done("POST", "users", {"user_name": "ann"})
    await admin.refused("GET", "users/bob")
    text = admin.server.metrics.render().decode()
    assert 'operation="CreateUser"' in text
    assert 'code="EntityNotExist.User"' in text


# -- whether somebody may


async def explain(admin: Admin, action: str, **asked: object) -> tuple[bool, str]:
    found = await admin.done("POST", "explain-access", {"action": action, **asked})
    return found["allowed"], found["by"]


async def test_a_user_is_judged_by_policies(admin: Admin) -> None:
    deny = {**allow("oss:GetObject", "bucket/a/secret"), "Effect": "Deny"}
    by_ip = allow("oss:PutObject", "bucket/a/*", Condition={"IpAddress": {"acs:SourceIp": ["10.0.0.0/8"]}})
    lists = allow("oss:ListObjects", "bucket", Condition={"StringLike": {"oss:Prefix": ["a/*"]}})
    ann = await admin.user("ann", document(allow("oss:GetObject", "bucket/a/*"), deny, by_ip, lists))
    who = {"user": "ann", "bucket": "bucket"}
    assert await explain(admin, "GetObject", key="a/x", **who) == (True, "the policy of-ann, statement 1")
    assert await explain(admin, "oss:getobject", key="a/secret", **who) == (False, "the policy of-ann, statement 2")
    assert await explain(admin, "GetObject", key="c/x", **who) == (
        False,
        "the bucket's ACL is private, and no policy says anything",
    )
    assert await explain(admin, "PutObject", key="a/x", ip="10.1.2.3", **who) == (
        True,
        "the policy of-ann, statement 3",
    )
    assert (await explain(admin, "PutObject", key="a/x", **who))[0] is False
    assert await explain(admin, "ListObjectsV2", prefix="a/", **who) == (True, "the policy of-ann, statement 4")
    assert await explain(admin, "ListObjects", **who) == (False, "no policy allows it")
    # What is said is what is done.
    for key, status in (("a/x", 404), ("a/secret", 403), ("c/x", 403)):
        assert (await admin.server.call("GET", f"/bucket/{key}", by=ann)).status == status


async def test_the_whole_answer(admin: Admin) -> None:
    await admin.user("ann", document(allow("oss:PutObject", "bucket/a/*")))
    asked = {"action": "UploadPart", "user": "ann", "bucket": "bucket", "key": "a/x"}
    assert await admin.done("POST", "explain-access", asked) == {
        "allowed": True,
        "by": "the policy of-ann, statement 1",
        "actions": ["oss:PutObject"],
        "resource": "bucket/a/x",
        "policy": "the policy of-ann",
        "statement": 1,
    }


async def test_owners_and_anybody_are_judged_by_ownership_and_acls(admin: Admin) -> None:
    place = {"bucket": "bucket", "key": "x"}
    assert await explain(admin, "PutObject", **place) == (True, "the account owns the bucket")
    assert await explain(admin, "ListBuckets") == (True, "it is the account's own")
    assert await explain(admin, "PutBucket", bucket="new-one") == (True, "it is the account's own")
    anybody = {"anonymous": True, **place}
    assert await explain(admin, "GetObject", **anybody) == (
        False,
        "the bucket's ACL is private, and no policy says anything",
    )
    await admin.server.put_object("/bucket/x", b"", ("x-oss-object-acl", "public-read"))
    assert await explain(admin, "GetObject", **anybody) == (
        True,
        "the object's ACL is public-read, and no policy says anything",
    )
    assert await explain(admin, "GetBucketAcl", anonymous=True, bucket="bucket") == (
        False,
        "nobody has signed, and no policy allows it",
    )


async def test_the_policy_of_a_bucket_is_named(admin: Admin) -> None:
    closed = {**allow("oss:*", "bucket", "bucket/*"), "Effect": "Deny", "Principal": ["*"]}
    put = await admin.server.call("PUT", "/bucket/?policy", body=document(closed).encode())
    assert put.status == 200
    found = await explain(admin, "GetObject", bucket="bucket", key="x")
    assert found == (False, "the policy of the bucket, statement 1")
    # Its owner can always take it away.
    escape = await explain(admin, "DeleteBucketPolicy", bucket="bucket")
    assert escape == (True, "the account owns the bucket")


async def test_of_another_account_s_bucket_nothing_is_told_but_whether(admin: Admin) -> None:
    theirs = {**allow("oss:GetObject", "theirs/*"), "Principal": [OWNER.id]}
    put = await admin.server.call("PUT", "/theirs/?policy", by=OTHER, body=document(theirs).encode())
    assert put.status == 200
    for action, is_allowed in (("GetObject", True), ("PutObject", False)):
        found = await explain(admin, action, bucket="theirs", key="x")
        assert found == (is_allowed, "the account that has the bucket says so")


async def test_a_role_is_judged_as_its_sessions_are(admin: Admin) -> None:
    await admin.done("POST", "roles", {"role_name": "reader", "assume_role_policy_document": TRUST})
    asked = {"role": "reader", "bucket": "bucket", "key": "x"}
    assert (await explain(admin, "GetObject", **asked))[0] is False
    await admin.done("PUT", "roles/reader/policies/AliyunOSSReadOnlyAccess")
    assert await explain(admin, "GetObject", **asked) == (True, "the policy AliyunOSSReadOnlyAccess, statement 1")
    assert await admin.refused("POST", "explain-access", {**asked, "action": "GetObject", "role": "x"}) == (
        404,
        "EntityNotExist.Role",
    )


# -- what happens at once


async def test_what_is_handed_out_ends_with_its_key_and_its_policy(admin: Admin) -> None:
    server = admin.server
    ann = await admin.user("ann", READS)
    await server.put_object("/bucket/a/x")
    await server.put_object("/bucket/b/x")
    urls = {key: server.presigned("GET", f"/bucket/{key}", by=ann) for key in ("a/x", "b/x")}
    assert [(await server.send("GET", url)).status for url in urls.values()] == [200, 200]
    narrow = {"policy_document": document(allow("oss:GetObject", "bucket/a/*")), "set_as_default": True}
    await admin.done("POST", "policies/of-ann/versions", narrow)
    assert (await server.send("GET", urls["a/x"])).status == 200
    assert (await server.send("GET", urls["b/x"])).refusal[1] == "AccessDenied"
    key = f"users/ann/keys/{ann.credentials.access_key_id}"
    await admin.done("PUT", key, {"status": "Inactive"})
    assert (await server.send("GET", urls["a/x"])).refusal[:2] == (403, "InvalidAccessKeyId")
    await admin.done("PUT", key, {"status": "Active"})
    assert (await server.send("GET", urls["a/x"])).status == 200


async def test_who_renames_users_needs_both_names(admin: Admin) -> None:
    statement = {"Effect": "Allow", "Action": "ram:UpdateUser", "Resource": f"acs:ram:*:{OWNER.id}:user/eve*"}
    await admin.user("ann")
    await admin.user("eve1")
    by = Admin(admin.server, await admin.user("manager", document(statement)))
    assert await by.refused("PUT", "users/eve1", {"new_user_name": "boss"}) == (403, "NoPermission")
    assert await by.refused("PUT", "users/ann", {"new_user_name": "eve2"}) == (403, "NoPermission")
    assert (await by.done("PUT", "users/eve1", {"new_user_name": "eve2"}))["user_name"] == "eve2"
    assert (await by.done("PUT", "users/eve2", {"comments": "x"}))["comments"] == "x"


async def test_policies_of_the_system_are_not_changed(admin: Admin) -> None:
    for method, path in (
        ("DELETE", "policies/AdministratorAccess"),
        ("DELETE", "policies/AdministratorAccess/versions/v1"),
    ):
        told = json.loads((await admin.ask(method, path)).body)
        assert (told["code"], "is the system's" in told["message"]) == ("EntityNotExist.Policy", True)
    assert await admin.refused("DELETE", "policies/none") == (404, "EntityNotExist.Policy")


async def test_what_stands_in_the_way_is_named(admin: Admin) -> None:
    await admin.user("ann", READS)
    for method, path, message in (
        ("DELETE", "users/ann", "The user can't be deleted: it still has access keys."),
        ("DELETE", "policies/of-ann", "The policy can't be deleted: it still has users."),
    ):
        assert json.loads((await admin.ask(method, path)).body)["message"] == message
    await admin.done("POST", "users/ann/keys")
    told = json.loads((await admin.ask("POST", "users/ann/keys")).body)
    assert told["message"] == "A user may have at most 2 access keys."


async def test_a_name_that_is_denied_is_not_made_either(admin: Admin) -> None:
    makes = {"Effect": "Allow", "Action": "ram:Create*", "Resource": "*"}
    names = [f"acs:ram:*:{OWNER.id}:{name}" for name in ("user/boss", "group/boss", "policy/boss", "role/boss")]
    by = Admin(
        admin.server, await admin.user("hr", document(makes, {"Effect": "Deny", "Action": "ram:*", "Resource": names}))
    )
    made: list[tuple[str, dict[str, Any]]] = [
        ("user", {}),
        ("group", {}),
        ("policy", {"policy_document": READS}),
        ("role", {"assume_role_policy_document": TRUST}),
    ]
    for kind, more in made:
        path = "policies" if kind == "policy" else f"{kind}s"
        assert await by.refused("POST", path, {f"{kind}_name": "boss", **more}) == (403, "NoPermission")
        await by.done("POST", path, {f"{kind}_name": "clerk", **more})


@pytest.mark.parametrize(
    "condition",
    [
        {"NotIpAddress": {"SourceIp": ["0.0.0.0/0"]}},
        {"NotIpAddress": {"acs.SourceIp": ["0.0.0.0/0"]}},
        {"ForAllValues:StringEquals": {"Prefix": "x"}},
        {"StringNotLike": {"ecs:tag": "*"}},
    ],
)
@pytest.mark.parametrize("actions", [{"Action": "oss:GetObject"}, {"Action": ["ecs:*", "*"]}, {"NotAction": "ecs:*"}])
async def test_keys_that_no_request_has_are_refused(
    admin: Admin, condition: dict[str, Any], actions: dict[str, Any]
) -> None:
    text = document({"Effect": "Allow", "Resource": "*", "Condition": condition, **actions})
    asked = {"policy_name": "p", "policy_document": text}
    assert await admin.refused("POST", "policies", asked) == (400, "InvalidParameter.PolicyDocument")


async def test_keys_of_other_services_are_theirs(admin: Admin) -> None:
    condition = {"StringNotLike": {"ecs:tag": "*"}}
    text = document({"Effect": "Allow", "Action": "ecs:*", "Resource": "*", "Condition": condition})
    await admin.done("POST", "policies", {"policy_name": "p", "policy_document": text})
