"""Users and sessions of an in-process server, made for a test."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ossicle.model.ram import PolicyName, PolicyType
from ossicle.services.identity import Principal
from ossicle.services.ram import Holder
from ossicle.wire.credentials import Credentials
from tests.support.inprocess import OWNER, Account, InProcessServer

Statement = Mapping[str, Any]


def document(*statements: Statement) -> str:
    """Return a policy of these statements."""
    return json.dumps({"Version": "1", "Statement": list(statements)})


def allow(*actions: str, on: str | Iterable[str] = "*", **more: Any) -> Statement:
    """Return a statement that allows actions."""
    return {
        "Effect": "Allow",
        "Action": list(actions),
        "Resource": [on] if isinstance(on, str) else list(on),
        **more,
    }


def deny(*actions: str, on: str | Iterable[str] = "*", **more: Any) -> Statement:
    """Return a statement that denies actions."""
    return {**allow(*actions, on=on, **more), "Effect": "Deny"}


async def make_user(server: InProcessServer, name: str, *statements: Statement, of: Account = OWNER) -> Account:
    """Return a new user of an account, who signs with a key of its own and may what these statements say."""
    await server.ram.users.create(of.id, name)
    made = await server.ram.keys.create(of.id, name)
    if statements:
        await give(server, name, *statements, of=of)
    credentials = Credentials(access_key_id=made.key.access_key_id, access_key_secret=made.secret)
    return Account(id=of.id, credentials=credentials)


async def give(
    server: InProcessServer, name: str, *statements: Statement, of: Account = OWNER, holder: Holder = Holder.USER
) -> PolicyName:
    """Attach a policy of these statements, of the holder's name, to a user, group or role."""
    policy = PolicyName(type=PolicyType.CUSTOM, name=f"for-{holder.value}-{name}")
    await server.ram.policies.create(of.id, policy.name, document(*statements))
    await server.ram.policies.attach(of.id, policy, holder, name)
    return policy


async def principal_of(server: InProcessServer, account: Account) -> Principal:
    """Return the caller that a key is of."""
    credentials = account.credentials
    found = await server.identity.access_key(credentials.access_key_id, credentials.security_token, server.clock.now)
    return found.principal


async def assume(
    server: InProcessServer,
    role: str,
    *statements: Statement,
    policy: str | None = None,
    seconds: int = 3600,
    of: Account = OWNER,
) -> Account:
    """Return a session of a new role that may what these statements say, assumed by a new user."""
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": [f"acs:ram::{of.id}:root"]}}
    await server.ram.roles.create(of.id, role, document(trust))
    if statements:
        await give(server, role, *statements, of=of, holder=Holder.ROLE)
    user = await make_user(server, f"who-assumes-{role}", allow("sts:AssumeRole"), of=of)
    assumed = await server.sts.assume_role(
        await principal_of(server, user),
        role_arn=f"acs:ram::{of.id}:role/{role}",
        session_name="session",
        policy=policy,
        seconds=seconds,
        values={},
    )
    return Account(id=of.id, credentials=assumed.credentials)
