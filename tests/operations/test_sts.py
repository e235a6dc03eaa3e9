"""AssumeRole and GetCallerIdentity over RPC, and how RPC refuses."""

import os
from datetime import timedelta
from typing import Any

import pytest

from ossicle.edge.rpc import BODY_BYTES_MAX, SKEW
from ossicle.services.ram import Holder
from ossicle.services.sealing import Seal
from ossicle.wire.credentials import Credentials
from tests.support.inprocess import OTHER, OWNER, STRANGER, Account, Answer, InProcessServer, build_server
from tests.support.ram import allow, assume, deny, document, give, make_user
from tests.support.rpc import RAM, call, header_signed, send, send_headers, signed, told

TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": [f"acs:ram::{OWNER.id}:root"]}}
ARN = f"acs:ram::{OWNER.id}:role/uploader"


async def setting() -> tuple[InProcessServer, Account]:
    server = build_server()
    await server.put_bucket("bucket")
    await server.ram.roles.create(OWNER.id, "uploader", document(TRUST))
    await give(server, "uploader", allow("oss:PutObject", "oss:GetObject"), holder=Holder.ROLE)
    return server, await make_user(server, "ann", allow("sts:AssumeRole"))


def code(answer: Answer) -> tuple[int, str]:
    return answer.status, told(answer)["Code"]


def session_of(answer: Answer) -> Account:
    given = told(answer)["Credentials"]
    return Account(
        id=OWNER.id,
        credentials=Credentials(
            access_key_id=given["AccessKeyId"],
            access_key_secret=given["AccessKeySecret"],
            security_token=given["SecurityToken"],
        ),
    )


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_role_is_assumed(method: str) -> None:
    server, ann = await setting()
    policy = document(allow("oss:PutObject", on="acs:oss:*:*:bucket/ann/*"))
    answer = await call(
        server,
        "AssumeRole",
        by=ann,
        method=method,
        RoleArn=ARN,
        RoleSessionName="phone",
        Policy=policy,
        DurationSeconds="900",
    )
    assert answer.status == 200, answer.body
    found = told(answer)
    assert found["AssumedRoleUser"]["Arn"] == f"{ARN}/phone"
    assert found["AssumedRoleUser"]["AssumedRoleId"].endswith(":phone")
    assert found["Credentials"]["AccessKeyId"].startswith("STS.")
    assert found["Credentials"]["Expiration"] == "2026-03-14T12:15:01Z"
    assert answer.header("cache-control") == "no-store"
    session = session_of(answer)
    assert (await server.call("PUT", "/bucket/ann/1", by=session)).status == 200
    assert (await server.call("PUT", "/bucket/bob/1", by=session)).status == 403
    url = server.presigned("PUT", "/bucket/ann/2", by=session)
    assert (await server.send("PUT", url)).status == 200


async def test_the_same_as_xml() -> None:
    server, ann = await setting()
    answer = await call(server, "AssumeRole", by=ann, Format="XML", RoleArn=ARN, RoleSessionName="phone")
    assert answer.body.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<AssumeRoleResponse><RequestId>')
    assert (
        b"</SecurityToken><Expiration>2026-03-14T13:00:01Z</Expiration></Credentials></AssumeRoleResponse>"
        in answer.body
    )
    refused = await call(server, "AssumeRole", by=ann, Format="XML", RoleArn="x", RoleSessionName="phone")
    assert b"<Code>InvalidParameter.RoleArn</Code>" in refused.body
    assert refused.body.endswith(b"</Error>")


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"RoleArn": ""}, (400, "MissingRoleArn")),
        ({"RoleSessionName": ""}, (400, "MissingRoleSessionName")),
        ({"RoleArn": "acs:ram::1:user/x"}, (400, "InvalidParameter.RoleArn")),
        ({"RoleArn": f"acs:ram::{OWNER.id}:role/none"}, (404, "EntityNotExist.Role")),
        ({"RoleArn": f"acs:ram::{OTHER.id}:role/uploader"}, (403, "NoPermission")),
        ({"RoleSessionName": "a"}, (400, "InvalidParameter.RoleSessionName")),
        ({"RoleSessionName": "a b"}, (400, "InvalidParameter.RoleSessionName")),
        ({"DurationSeconds": "3601"}, (400, "InvalidParameter.DurationSeconds")),
        ({"DurationSeconds": "0"}, (400, "InvalidParameter.DurationSeconds")),
        ({"DurationSeconds": "an hour"}, (400, "InvalidParameter.DurationSeconds")),
        ({"DurationSeconds": "9" * 5000}, (400, "InvalidParameter.DurationSeconds")),
        ({"Policy": "{}"}, (400, "InvalidParameter.PolicyGrammar")),
        ({"Policy": "x" * 2049}, (400, "InvalidParameter.PolicySize")),
    ],
)
async def test_what_is_wrong_with_a_request(given: dict[str, str], refusal: tuple[int, str]) -> None:
    server, ann = await setting()
    assert (
        code(await call(server, "AssumeRole", by=ann, **{"RoleArn": ARN, "RoleSessionName": "phone", **given}))
        == refusal
    )


async def test_who_may_not() -> None:
    server, _ = await setting()
    given = {"RoleArn": ARN, "RoleSessionName": "phone"}
    for by in (
        OWNER,
        await make_user(server, "without"),
        await make_user(server, "elsewhere", allow("sts:AssumeRole", on=f"acs:ram:*:{OWNER.id}:role/other")),
        await make_user(server, "denied", allow("sts:*"), deny("sts:AssumeRole")),
        await make_user(server, "foreign", allow("sts:AssumeRole"), of=OTHER),
        await assume(server, "another", allow("sts:AssumeRole")),
    ):
        assert code(await call(server, "AssumeRole", by=by, **given)) == (403, "NoPermission")
    named = await make_user(server, "named", allow("sts:AssumeRole", on=f"acs:ram:*:{OWNER.id}:role/uploader"))
    assert (await call(server, "AssumeRole", by=named, **given)).status == 200


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"Action": ""}, (400, "MissingAction")),
        ({"Action": "Fly"}, (404, "InvalidAction.NotFound")),
        ({"Version": "2000-01-01"}, (404, "InvalidAction.NotFound")),
        ({"Version": ""}, (400, "MissingVersion")),
        ({"Timestamp": ""}, (400, "MissingTimestamp")),
        ({"Timestamp": "yesterday"}, (400, "InvalidTimeStamp.Format")),
        ({"Timestamp": "2026-03-14T12:00:00"}, (400, "InvalidTimeStamp.Format")),
        ({"SignatureMethod": "HMAC-SHA256"}, (400, "UnsupportedSignatureMethod")),
        ({"AccessKeyId": "nobody"}, (404, "InvalidAccessKeyId.NotFound")),
        ({"SecurityToken": "any"}, (400, "InvalidSecurityToken.Malformed")),
    ],
)
async def test_what_every_action_needs(changes: dict[str, str], refusal: tuple[int, str]) -> None:
    server, ann = await setting()
    assert code(await send(server, signed("GetCallerIdentity", ann, server.clock.now, **changes))) == refusal


async def test_a_signature_is_of_one_request_and_its_time() -> None:
    server, ann = await setting()
    good = signed("GetCallerIdentity", ann, server.clock.now)
    for changed in ({"Extra": "1"}, {"Signature": good["Signature"].swapcase()}, {"SignatureNonce": "another"}):
        assert code(await send(server, {**good, **changed})) == (400, "SignatureDoesNotMatch")
    assert code(await send(server, good, method="GET")) == (400, "SignatureDoesNotMatch")
    assert code(await send(server, {**good, "Signature": ""})) == (400, "IncompleteSignature")
    assert (await send(server, good)).status == 200
    assert code(await send(server, good)) == (400, "SignatureNonceUsed")
    for late in (SKEW + timedelta(seconds=2), -SKEW - timedelta(seconds=2)):
        assert code(await send(server, signed("GetCallerIdentity", ann, server.clock.now - late))) == (
            400,
            "InvalidTimeStamp.Expired",
        )
    stranger = signed("GetCallerIdentity", STRANGER, server.clock.now)
    assert code(await send(server, stranger)) == (404, "InvalidAccessKeyId.NotFound")


async def test_nobody_makes_the_server_forget_what_others_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ossicle.edge.rpc.NONCES_MAX", 3)
    server, ann = await setting()
    captured = signed("GetCallerIdentity", OWNER, server.clock.now)
    assert (await send(server, captured)).status == 200
    session = session_of(await call(server, "AssumeRole", by=ann, RoleArn=ARN, RoleSessionName="phone"))
    for other in (ann, session):
        for _ in range(5):
            assert (await call(server, "GetCallerIdentity", by=other)).status == 200
    assert code(await send(server, captured)) == (400, "SignatureNonceUsed")


async def test_headers_may_sign_instead() -> None:
    server, ann = await setting()
    given = {"RoleArn": ARN, "RoleSessionName": "phone"}
    answer = await send_headers(server, header_signed("AssumeRole", ann, server.clock.now, **given), **given)
    assert answer.status == 200, answer.body
    session = session_of(answer)
    good = header_signed("GetCallerIdentity", session, server.clock.now)
    assert code(await send_headers(server, good, Extra="1")) == (400, "SignatureDoesNotMatch")
    assert code(await send_headers(server, {**good, "x-acs-action": "Other"})) == (400, "SignatureDoesNotMatch")
    assert code(await send_headers(server, {**good, "x-acs-added": "1"})) == (400, "IncompleteSignature")
    assert code(await send_headers(server, {**good, "x-acs-action": ""})) == (400, "MissingAction")
    assert code(await send_headers(server, {**good, "x-acs-signature-nonce": ""})) == (400, "MissingSignatureNonce")
    assert told(await send_headers(server, good))["Arn"] == f"{ARN}/phone"
    assert code(await send_headers(server, good)) == (400, "SignatureNonceUsed")
    unsigned = {name: value for name, value in good.items() if name != "authorization"}
    assert code(await send_headers(server, unsigned)) == (400, "MissingAction")
    late = header_signed("GetCallerIdentity", ann, server.clock.now - SKEW - timedelta(seconds=2))
    assert code(await send_headers(server, late)) == (400, "InvalidTimeStamp.Expired")
    stranger = header_signed("GetCallerIdentity", STRANGER, server.clock.now)
    assert code(await send_headers(server, stranger)) == (404, "InvalidAccessKeyId.NotFound")


async def test_a_session_may_what_its_role_may_at_that_moment() -> None:
    server, ann = await setting()
    session = session_of(await call(server, "AssumeRole", by=ann, RoleArn=ARN, RoleSessionName="phone"))
    url = server.presigned("PUT", "/bucket/object", by=session)
    assert (await server.send("PUT", url)).status == 200
    policy: dict[str, Any] = {"PolicyType": "Custom", "PolicyName": "for-Role-uploader", "RoleName": "uploader"}
    assert (await call(server, "DetachPolicyFromRole", version=RAM, **policy)).status == 200
    assert (await server.send("PUT", url)).refusal[:2] == (403, "AccessDenied")
    assert (await call(server, "AttachPolicyToRole", version=RAM, **policy)).status == 200
    assert (await server.send("PUT", url)).status == 200
    await call(server, "DetachPolicyFromRole", version=RAM, **policy)
    assert (await call(server, "DeleteRole", version=RAM, RoleName="uploader")).status == 200
    await server.ram.roles.create(OWNER.id, "uploader", document(TRUST))
    await call(server, "AttachPolicyToRole", version=RAM, **policy)
    refused = await server.send("PUT", url)
    assert refused.refusal[:2] == (403, "AccessDenied"), "another role of that name"
    assert refused.error.message == "Access denied by authorizer's policy."


async def test_a_bucket_that_names_a_role_means_no_session_of_one_that_was_deleted() -> None:
    server, ann = await setting()
    session = session_of(await call(server, "AssumeRole", by=ann, RoleArn=ARN, RoleSessionName="phone"))
    policy: dict[str, Any] = {"PolicyType": "Custom", "PolicyName": "for-Role-uploader", "RoleName": "uploader"}
    await call(server, "DetachPolicyFromRole", version=RAM, **policy)
    lets_in = {
        "Effect": "Allow",
        "Action": "oss:PutObject",
        "Principal": [f"arn:sts::{OWNER.id}:assumed-role/uploader/*"],
        "Resource": "acs:oss:*:*:bucket/*",
    }
    assert (await server.call("PUT", "/bucket/?policy", body=document(lets_in).encode())).status == 200
    url = server.presigned("PUT", "/bucket/object", by=session)
    assert (await server.send("PUT", url)).status == 200
    assert (await call(server, "DeleteRole", version=RAM, RoleName="uploader")).status == 200
    assert (await server.send("PUT", url)).refusal[:2] == (403, "AccessDenied")
    await server.ram.roles.create(OWNER.id, "uploader", document(TRUST))
    assert (await server.send("PUT", url)).refusal[:2] == (403, "AccessDenied"), "another role of that name"


def trust_in(*names: str, effect: str = "Allow", account: str = OWNER.id) -> dict[str, Any]:
    principal = {"RAM": [f"acs:ram::{account}:{name}" for name in names]}
    return {"Effect": effect, "Action": "sts:AssumeRole", "Principal": principal}


async def test_a_role_trusts_users_and_not_whoever_has_their_names() -> None:
    server, ann = await setting()
    users, roles = server.ram.users, server.ram.roles
    await roles.update(OWNER.id, "uploader", trust_policy=document(trust_in("user/ann")))
    eve = await make_user(server, "eve", allow("sts:AssumeRole"))

    async def may(by: Account) -> bool:
        answer = await call(server, "AssumeRole", by=by, RoleArn=ARN, RoleSessionName="phone")
        assert answer.status in (200, 403), answer.body
        return answer.status == 200

    assert (await may(ann), await may(eve)) == (True, False)
    await users.update(OWNER.id, "ann", new_name="anna")
    await users.update(OWNER.id, "eve", new_name="ann")
    assert (await may(ann), await may(eve)) == (True, False), "names changed, users did not"
    await roles.update(OWNER.id, "uploader", description="only this changes")
    assert (await may(ann), await may(eve)) == (True, False)
    await roles.update(OWNER.id, "uploader", trust_policy=document(trust_in("user/ann")))
    assert (await may(ann), await may(eve)) == (False, True)
    everybody_but = document(trust_in("root"), trust_in("user/ann", effect="Deny"))
    await roles.update(OWNER.id, "uploader", trust_policy=everybody_but)
    await users.update(OWNER.id, "ann", new_name="eve")
    assert (await may(ann), await may(eve)) == (True, False), "a denial goes with its user, too"


async def test_a_role_can_not_trust_a_user_who_is_not_there() -> None:
    server, _ = await setting()
    ghost = document(trust_in("user/ann", "user/ghost"))
    asked: list[tuple[str, dict[str, Any]]] = [
        ("CreateRole", {"RoleName": "haunted", "AssumeRolePolicyDocument": ghost}),
        ("UpdateRole", {"RoleName": "uploader", "NewAssumeRolePolicyDocument": ghost}),
    ]
    for action, given in asked:
        answer = await call(server, action, version=RAM, **given)
        assert code(answer) == (400, "InvalidParameter.AssumeRolePolicyDocument")
        assert "ghost" in told(answer)["Message"]
    assert (await server.ram.roles.get(OWNER.id, "uploader")).trust_policy == document(TRUST)


async def test_a_role_may_trust_users_of_another_account_by_name() -> None:
    server, _ = await setting()
    trust = document(trust_in("user/friend", account=OTHER.id))
    await server.ram.roles.update(OWNER.id, "uploader", trust_policy=trust)
    friend = await make_user(server, "friend", allow("sts:AssumeRole"), of=OTHER)
    stranger = await make_user(server, "stranger", allow("sts:AssumeRole"), of=OTHER)
    namesake = await make_user(server, "friend", allow("sts:AssumeRole"))
    given = {"RoleArn": ARN, "RoleSessionName": "phone"}
    assert (await call(server, "AssumeRole", by=friend, **given)).status == 200
    for by in (stranger, namesake):
        assert code(await call(server, "AssumeRole", by=by, **given)) == (403, "NoPermission")


async def test_a_secret_that_is_lost_is_a_failure_that_rpc_tells_its_way(caplog: pytest.LogCaptureFixture) -> None:
    server, ann = await setting()
    server.identity._seal = Seal(lambda: bytes(32), os.urandom)
    answer = await call(server, "GetCallerIdentity", by=ann)
    assert code(answer) == (500, "InternalError")
    [record] = caplog.records
    assert "sealed by another master key" in record.fields["reason"]  # type: ignore[attr-defined]


async def test_who_somebody_is() -> None:
    server, ann = await setting()
    assert told(await call(server, "GetCallerIdentity")) == {
        "IdentityType": "Account",
        "AccountId": OWNER.id,
        "Arn": f"acs:ram::{OWNER.id}:root",
        "PrincipalId": OWNER.id,
    }
    uid = (await server.ram.users.get(OWNER.id, "ann")).id
    assert told(await call(server, "GetCallerIdentity", by=ann)) == {
        "IdentityType": "RAMUser",
        "AccountId": OWNER.id,
        "Arn": f"acs:ram::{OWNER.id}:user/ann",
        "PrincipalId": uid,
        "UserId": uid,
    }
    session = session_of(await call(server, "AssumeRole", by=ann, RoleArn=ARN, RoleSessionName="phone"))
    found = told(await call(server, "GetCallerIdentity", by=session))
    assert (found["IdentityType"], found["Arn"]) == ("AssumedRoleUser", f"{ARN}/phone")
    server.clock.advance(hours=2)
    assert code(await call(server, "GetCallerIdentity", by=session)) == (400, "InvalidSecurityToken.Expired")


HERE: dict[str, Any] = {"acs:SourceIp": ["192.0.2.0/24"]}
"""Where requests come from."""


@pytest.mark.parametrize(
    ("statements", "may"),
    [
        ([allow("*", Condition={"IpAddress": HERE})], True),
        ([allow("*", Condition={"NotIpAddress": HERE})], False),
        ([allow("*"), deny("*", Condition={"IpAddress": HERE})], False),
        ([allow("*"), deny("*", Condition={"NotIpAddress": HERE})], True),
        ([allow("*"), deny("*", Condition={"Bool": {"acs:SecureTransport": "false"}})], False),
        ([allow("*"), deny("*", Condition={"DateGreaterThan": {"acs:CurrentTime": "2026-01-01T00:00:00Z"}})], False),
    ],
)
async def test_policies_may_ask_where_and_when_a_request_comes_from(statements: list[Any], may: bool) -> None:
    server, _ = await setting()
    by = await make_user(server, "conditional", *statements)
    assumed = await call(server, "AssumeRole", by=by, RoleArn=ARN, RoleSessionName="phone")
    listed = await call(server, "ListUsers", by=by, version=RAM)
    administered = await server.call("GET", "/_ossicle/admin/v1/users", by=by)
    assert [each.status == 200 for each in (assumed, listed, administered)] == [may] * 3
    assert {each.status for each in (assumed, listed, administered)} == {200 if may else 403}


async def test_a_policy_has_the_type_that_is_said() -> None:
    server, _ = await setting()
    await call(server, "CreatePolicy", version=RAM, PolicyName="own", PolicyDocument=document(allow("oss:*")))
    for kind, name, expected in (
        ("Custom", "AliyunOSSFullAccess", (404, "EntityNotExist.Policy")),
        ("System", "own", (404, "EntityNotExist.Policy")),
        ("Both", "own", (400, "InvalidParameter.PolicyType")),
    ):
        for action in ("GetPolicy", "AttachPolicyToUser"):
            answer = await call(server, action, version=RAM, PolicyType=kind, PolicyName=name, UserName="ann")
            assert code(answer) == expected
    assert (await call(server, "GetPolicy", version=RAM, PolicyType="Custom", PolicyName="own")).status == 200
    for kind, is_own in (("Custom", True), ("System", False)):
        found = told(await call(server, "ListPolicies", version=RAM, PolicyType=kind))["Policies"]["Policy"]
        assert {each["PolicyType"] for each in found} == {kind}
        assert ("own" in {each["PolicyName"] for each in found}) is is_own


async def test_a_form_has_its_bounds_and_is_refused_as_rpc_does() -> None:
    server, ann = await setting()
    parameters = signed("GetCallerIdentity", ann, server.clock.now, Extra="x" * BODY_BYTES_MAX)
    assert code(await send(server, parameters)) == (400, "InlineDataTooLarge")


async def test_tokens_and_keys_go_together() -> None:
    server, ann = await setting()
    given = {"RoleArn": ARN, "RoleSessionName": "phone"}
    one, two = [session_of(await call(server, "AssumeRole", by=ann, **given)) for _ in range(2)]

    def mixed(token: str | None) -> Account:
        key = one.credentials
        return Account(
            id=OWNER.id,
            credentials=Credentials(
                access_key_id=key.access_key_id, access_key_secret=key.access_key_secret, security_token=token
            ),
        )

    async def refusal(by: Account) -> str:
        return (await server.call("GET", "/bucket/none", by=by)).error.code

    assert await refusal(one) == "NoSuchKey"
    assert await refusal(mixed(None)) == "InvalidAccessKeyId"
    assert await refusal(mixed("rubbish")) == "InvalidSecurityToken"
    assert await refusal(mixed(two.credentials.security_token)) == "AccessKeyIdAndSecurityTokenNotMatch"
    server.clock.advance(hours=2)
    assert await refusal(one) == "SecurityTokenExpired"


async def test_ram_by_the_same_door() -> None:
    server, ann = await setting()
    made = told(await call(server, "CreateUser", version=RAM, UserName="bob", Comments="x"))
    assert made["User"]["UserName"] == "bob"
    listed = told(await call(server, "ListUsers", version=RAM, MaxItems="1"))
    assert listed == {"Users": {"User": [listed["Users"]["User"][0]]}, "IsTruncated": True, "Marker": "ann"}
    key = told(await call(server, "CreateAccessKey", version=RAM, UserName="bob"))["AccessKey"]
    assert key["Status"] == "Active"
    bob = Account(
        id=OWNER.id,
        credentials=Credentials(access_key_id=key["AccessKeyId"], access_key_secret=key["AccessKeySecret"]),
    )
    for by, action in ((ann, "CreateUser"), (bob, "ListAccessKeys"), (ann, "DeleteUser")):
        assert code(await call(server, action, by=by, version=RAM, UserName="carl")) == (403, "NoPermission")
    policy = document(allow("ram:ListAccessKeys", on=f"acs:ram:*:{OWNER.id}:user/bob"), allow("oss:*"))
    steps: list[tuple[str, dict[str, Any]]] = [
        ("CreatePolicy", {"PolicyName": "own", "PolicyDocument": policy}),
        ("AttachPolicyToUser", {"PolicyType": "Custom", "PolicyName": "own", "UserName": "bob"}),
        ("CreateGroup", {"GroupName": "g"}),
        ("AddUserToGroup", {"GroupName": "g", "UserName": "bob"}),
        ("UpdateUser", {"UserName": "bob", "NewComments": "y"}),
    ]
    for action, given in steps:
        assert (await call(server, action, version=RAM, **given)).status == 200, action
    own = told(await call(server, "ListAccessKeys", by=bob, version=RAM))
    assert [each["AccessKeyId"] for each in own["AccessKeys"]["AccessKey"]] == [key["AccessKeyId"]]
    attached = told(await call(server, "ListPoliciesForUser", version=RAM, UserName="bob"))["Policies"]["Policy"]
    assert [each["PolicyName"] for each in attached] == ["own"]
    assert (await server.call("PUT", "/bucket/of-bob", by=bob)).status == 200
    disabling: dict[str, Any] = {"UserName": "bob", "UserAccessKeyId": key["AccessKeyId"], "Status": "Inactive"}
    assert (await call(server, "UpdateAccessKey", version=RAM, **disabling)).status == 200
    assert code(await call(server, "GetCallerIdentity", by=bob)) == (404, "InvalidAccessKeyId.NotFound")
    assert code(await call(server, "CreateUser", version=RAM, UserName="bob")) == (409, "EntityAlreadyExists.User")
    assert code(await call(server, "CreateUser", version=RAM)) == (400, "InvalidParameter.UserName")
    assert code(await call(server, "ListUsers", version=RAM, MaxItems="x")) == (400, "InvalidParameter.MaxItems")


async def test_other_requests_for_the_root_stay_what_they_are() -> None:
    server, _ = await setting()
    assert (await server.call("GET", "/")).status == 200
    assert (await server.call("POST", "/")).status == 405
    assert (await server.call("GET", "/bucket/?Action=AssumeRole")).status == 200
