"""Who may manage identities."""

import json

import pytest

from ossicle.model.policy import parse_ram_policy
from ossicle.model.ram import RamError
from ossicle.services.identity import ANONYMOUS, Principal
from ossicle.services.ram.permission import authorize_ram
from ossicle.services.standing import Named, Standing
from ossicle.wire.names import AccountId

ACCOUNT = AccountId("1000000000000001")


def named(effect: str, action: str, resource: str) -> Named:
    document = {"Version": "1", "Statement": [{"Effect": effect, "Action": action, "Resource": resource}]}
    return "the policy", parse_ram_policy(json.dumps(document).encode())


def user(*policies: Named, session: Named | None = None) -> Principal:
    standing = Standing(uid="2", arn="", name="ann", principals=frozenset({"2"}), policies=policies, session=session)
    return Principal(account=ACCOUNT, standing=standing)


NOTHING: dict[str, tuple[str, ...]] = {}
ALL = named("Allow", "ram:*", "*")


def test_the_owner_may_and_nobody_else_without_a_policy() -> None:
    assert authorize_ram(Principal(account=ACCOUNT), "DeleteUser", ["user/ann"], NOTHING) == ACCOUNT
    for caller in (ANONYMOUS, user(), user(named("Allow", "oss:*", "*"))):
        with pytest.raises(RamError) as refusal:
            authorize_ram(caller, "GetUser", ["user/ann"], NOTHING)
        assert (refusal.value.code, refusal.value.status) == ("NoPermission", 403)


@pytest.mark.parametrize("resource", ["*", "acs:ram:*:*:user/*", f"acs:ram:*:{ACCOUNT}:user/ann", "acs:*:*:*:*"])
def test_a_policy_lets_in(resource: str) -> None:
    assert authorize_ram(user(named("Allow", "ram:GetUser", resource)), "GetUser", ["user/ann"], NOTHING) == ACCOUNT


@pytest.mark.parametrize(
    "caller",
    [
        user(named("Allow", "ram:GetUser", "acs:ram:*:*:user/bob")),
        user(named("Allow", "ram:GetUser", "acs:oss:*:*:user/ann")),
        user(named("Allow", "ram:GetUser", "acs:ram:*:1:user/ann")),
        user(named("Allow", "ram:ListUsers", "*")),
        user(ALL, named("Deny", "ram:*", "acs:ram:*:*:user/ann")),
        user(ALL, session=named("Allow", "oss:*", "*")),
    ],
)
def test_what_does_not_fit_does_not(caller: Principal) -> None:
    with pytest.raises(RamError):
        authorize_ram(caller, "GetUser", ["user/ann"], NOTHING)


def test_everything_that_is_named_has_to_be_allowed() -> None:
    caller = user(named("Allow", "ram:AttachPolicyToUser", "acs:ram:*:*:user/*"))
    with pytest.raises(RamError):
        authorize_ram(caller, "AttachPolicyToUser", ["user/ann", "policy/AdministratorAccess"], NOTHING)
