"""What RAM says of a caller who is not the owner of an account: a user, or the session of a role."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from ossicle.model.policy import Policy, parse_ram_policy
from ossicle.model.ram import Attachment, Group, RamError, Role, User
from ossicle.ports import Reading
from ossicle.services.ram.directory import Directory
from ossicle.services.ram.policies import find_policy
from ossicle.wire.names import AccountId
from ossicle.wire.records import record

_POLICIES_MAX: Final = 1024

Named = tuple[str, Policy]
"""A policy, and what it is called towards people."""


@record
class Standing:
    """A RAM user or a session, with everything that decides what it may do.

    `uid` is what ACLs and owners are compared with, which never fits; `principals` are its names in policies of buckets; `session` is
    the policy that a session was made with.
    """

    uid: str
    arn: str
    name: str
    principals: frozenset[str]
    policies: tuple[Named, ...]
    is_session: bool = False
    session: Named | None = None


@lru_cache(_POLICIES_MAX)
def read_policy(document: str) -> Policy:
    """Return a stored policy, which was judged when it was put."""
    return parse_ram_policy(document.encode("utf-8", "surrogateescape"))


def standing_of_user(rows: Reading, account: AccountId, user: User) -> Standing:
    """Return the standing of a user: its own policies, and those of its groups."""
    directory = Directory(rows, account)
    groups = [group for name in user.groups if (group := directory.find(Group, name)) is not None]
    attachments = [*user.attachments, *(each for group in groups for each in group.attachments)]
    return Standing(
        uid=user.id,
        arn=f"acs:ram::{account}:user/{user.name}",
        name=user.name,
        principals=frozenset({user.id}),
        policies=tuple(_policies(rows, account, attachments)),
    )


def standing_of_session(
    rows: Reading, account: AccountId, *, role_name: str, role_id: str, session_name: str, policy: str | None
) -> Standing:
    """Return the standing of a role's session: the policies that the role has now.

    If the role was deleted there are none, and policies of buckets that name it mean it no longer, nor the one made anew by its name.
    """
    found = Directory(rows, account).find(Role, role_name)
    role = found if found is not None and found.id == role_id else None
    principal = f"arn:sts::{account}:assumed-role/{role_name}/{session_name}"
    return Standing(
        uid=f"{role_id}:{session_name}",
        arn=f"acs:ram::{account}:role/{role_name}/{session_name}",
        name=f"{role_name}/{session_name}",
        principals=frozenset() if role is None else frozenset({principal}),
        policies=() if role is None else tuple(_policies(rows, account, role.attachments)),
        is_session=True,
        session=None if policy is None else ("the policy of the session", read_policy(policy)),
    )


def _policies(rows: Reading, account: AccountId, attachments: Iterable[Attachment]) -> Iterable[Named]:
    for each in attachments:
        try:
            found = find_policy(rows, account, each.policy)
        except RamError:
            # Its deletion was refused while it was attached: a database that says otherwise grants nothing.
            continue
        yield f"the policy {each.policy.name}", read_policy(found.document)
