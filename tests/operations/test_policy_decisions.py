"""The order in which policies, ownership and ACLs decide, against a table written from the documentation, all cases of it.

Source: https://help.aliyun.com/zh/oss/user-guide/overview-of-permissions-and-access-control
"""

from itertools import product

import pytest

from ossicle.services.ram import Holder
from tests.support.inprocess import OTHER, OWNER, Account, InProcessServer, build_server
from tests.support.ram import Statement, allow, assume, deny, document, give, make_user

SAYS = ("nothing", "allow", "deny")
ACLS = ("private", "public-read", "public-read-write")
CALLERS = ("owner", "anonymous", "user", "session", "limited session", "other owner", "user of another")
REQUESTS = {"read": ("GET", "/bucket/key"), "write": ("PUT", "/bucket/key"), "manage": ("GET", "/bucket/?acl")}


def expected(caller: str, request: str, own: str, policy: str, acl: str) -> bool:
    """Whether the documentation lets in, step by step."""
    is_here = caller in ("user", "session", "limited session")
    if caller == "limited session" and request != "read":
        return False
    said = {own if is_here else "nothing", policy}
    if "deny" in said:
        return False
    if "allow" in said:
        return True
    if caller == "owner":
        return True
    if request == "manage":
        return False
    return acl == "public-read-write" or (acl == "public-read" and request == "read")


def statements(says: str, **more: object) -> list[Statement]:
    if says == "nothing":
        return []
    make = allow if says == "allow" else deny
    return [make("oss:*", on=["acs:oss:*:*:bucket", "acs:oss:*:*:bucket/*"], **more)]


async def callers(server: InProcessServer, own: str) -> dict[str, Account | None]:
    reading = document(allow("oss:GetObject"))
    return {
        "owner": OWNER,
        "anonymous": None,
        "user": await make_user(server, "ann", *statements(own)),
        "session": await assume(server, "role", *statements(own)),
        "limited session": await assume(server, "limited", *statements(own), policy=reading),
        "other owner": OTHER,
        "user of another": await make_user(server, "bob", *statements(own), of=OTHER),
    }


@pytest.mark.parametrize("acl", ACLS)
@pytest.mark.parametrize("policy", SAYS)
@pytest.mark.parametrize("own", SAYS)
async def test_every_case_is_decided_as_documented(own: str, policy: str, acl: str) -> None:
    server = build_server()
    await server.put_bucket("bucket", acl=acl)
    await server.put_object("/bucket/key")
    if policy != "nothing":
        body = document(*statements(policy, Principal=["*"])).encode()
        assert (await server.call("PUT", "/bucket/?policy", body=body)).status == 200
    by = await callers(server, own)
    found, right = {}, {}
    for caller, (request, (method, target)) in product(CALLERS, REQUESTS.items()):
        answer = await server.call(method, target, by=by[caller])
        assert answer.status in (200, 403)
        found[caller, request] = answer.status == 200
        right[caller, request] = expected(caller, request, own, policy, acl)
    assert found == right


async def test_a_policy_of_a_group_counts_for_its_users() -> None:
    server = build_server()
    await server.put_bucket("bucket")
    await server.put_object("/bucket/key")
    ann = await make_user(server, "ann")
    await server.ram.groups.create(OWNER.id, "readers")
    await server.ram.groups.add(OWNER.id, "readers", "ann")
    assert (await server.call("GET", "/bucket/key", by=ann)).status == 403
    await give(server, "readers", allow("oss:GetObject"), holder=Holder.GROUP)
    assert (await server.call("GET", "/bucket/key", by=ann)).status == 200
    await server.ram.groups.remove(OWNER.id, "readers", "ann")
    assert (await server.call("GET", "/bucket/key", by=ann)).status == 403
