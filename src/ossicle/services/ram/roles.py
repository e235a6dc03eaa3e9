"""Roles, which can be assumed for some time by whom they trust."""

import re
from dataclasses import replace
from typing import Final

from ossicle.model.policy import PolicyError
from ossicle.model.ram import RamError, Role, TrustedUser, TrustPolicy, User, parse_trust_policy
from ossicle.ports import MetadataStore, Transaction
from ossicle.services.ram.directory import PAGE_DEFAULT, Changing, Directory, Page, judge_length, judge_name, new_id
from ossicle.wire.names import AccountId
from ossicle.wire.sources import Clock, IdSource

SESSION_SECONDS_DEFAULT: Final = 3600
SESSION_SECONDS_MAX: Final = 43_200
_NAME: Final = re.compile(r"[A-Za-z0-9.-]{1,64}")
_DESCRIPTION_MAX: Final = 1024
_TRUST_BYTES_MAX: Final = 2048


class Roles:
    """Making, finding, changing and deleting them."""

    def __init__(self, metadata: MetadataStore, clock: Clock, ids: IdSource) -> None:
        self._metadata = metadata
        self._clock = clock
        self._ids = ids

    async def create(
        self,
        account: AccountId,
        name: str,
        trust_policy: str,
        *,
        description: str = "",
        session_seconds_max: int = SESSION_SECONDS_DEFAULT,
    ) -> Role:
        """Make a role, which may nothing yet.

        Raises:
            RamError: EntityAlreadyExists.Role, InvalidParameter.
        """
        role = Role(
            id=new_id(self._ids),
            name=name,
            description=description,
            trust_policy=trust_policy,
            session_seconds_max=session_seconds_max,
            created_at=self._clock().replace(microsecond=0),
        )
        trust = _judge(role)

        def create(transaction: Transaction) -> Role:
            directory = Changing(transaction, account)
            made = replace(role, trusted_users=_trusted(directory, account, trust))
            directory.create(made)
            return made

        return await self._metadata.transact(create)

    async def get(self, account: AccountId, name: str) -> Role:
        """Return a role.

        Raises:
            RamError: EntityNotExist.Role.
        """
        return await self._metadata.read(lambda rows: Directory(rows, account).get(Role, name))

    async def list(self, account: AccountId, *, marker: str = "", limit: int = PAGE_DEFAULT) -> Page[Role]:
        """Return a page of roles by name."""
        return await self._metadata.scan(lambda rows: Directory(rows, account).page(Role, marker=marker, limit=limit))

    async def update(
        self,
        account: AccountId,
        name: str,
        *,
        trust_policy: str | None = None,
        description: str | None = None,
        session_seconds_max: int | None = None,
    ) -> Role:
        """Change a role; None leaves what there is. Sessions that there are go on.

        Raises:
            RamError: EntityNotExist.Role, InvalidParameter.
        """

        def update(transaction: Transaction) -> Role:
            directory = Changing(transaction, account)
            role = directory.get(Role, name)
            changed = replace(
                role,
                trust_policy=role.trust_policy if trust_policy is None else trust_policy,
                description=role.description if description is None else description,
                session_seconds_max=role.session_seconds_max if session_seconds_max is None else session_seconds_max,
            )
            trust = _judge(changed)
            if trust_policy is not None:
                changed = replace(changed, trusted_users=_trusted(directory, account, trust))
            directory.put(changed)
            return changed

        return await self._metadata.transact(update)

    async def delete(self, account: AccountId, name: str) -> None:
        """Delete a role without policies; its sessions may nothing any more.

        Raises:
            RamError: EntityNotExist.Role, DeleteConflict.Role.Policy.
        """

        def delete(transaction: Transaction) -> None:
            directory = Changing(transaction, account)
            role = directory.get(Role, name)
            if role.attachments:
                raise RamError.delete_conflict("Role.Policy")
            directory.delete(role)

        await self._metadata.transact(delete)


def _judge(role: Role) -> TrustPolicy:
    """Return the trust policy of a role that is as it has to be."""
    judge_name(role.name, _NAME, "RoleName")
    judge_length(role.description, _DESCRIPTION_MAX, "Description")
    if not SESSION_SECONDS_DEFAULT <= role.session_seconds_max <= SESSION_SECONDS_MAX:
        raise RamError.invalid(
            "MaxSessionDuration", f"It must be {SESSION_SECONDS_DEFAULT} to {SESSION_SECONDS_MAX} seconds."
        )
    judge_length(role.trust_policy, _TRUST_BYTES_MAX, "AssumeRolePolicyDocument")
    try:
        return parse_trust_policy(role.trust_policy)
    except PolicyError as error:
        raise RamError.invalid("AssumeRolePolicyDocument", f"It has not passed grammar check: {error}") from error


def _trusted(directory: Directory, account: AccountId, trust: TrustPolicy) -> tuple[TrustedUser, ...]:
    """Return the users of the account that a trust policy means.

    Raises:
        RamError: InvalidParameter.AssumeRolePolicyDocument: there is no such user now, and whoever gets the name later shall not be trusted.
    """
    found = []
    for name in sorted(trust.users_of(account)):
        user = directory.find(User, name)
        if user is None:
            raise RamError.invalid("AssumeRolePolicyDocument", f"The user {name} does not exist.")
        found.append(TrustedUser(name=name, id=user.id))
    return tuple(found)
