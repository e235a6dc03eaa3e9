"""Policies of an account, their versions, and whom they are attached to."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from enum import Enum
from typing import Final

from ossicle.model.policy import PolicyError, parse_ram_policy
from ossicle.model.ram import (
    SYSTEM_POLICIES,
    Attachment,
    Group,
    ManagedPolicy,
    PolicyName,
    PolicyType,
    PolicyVersion,
    RamError,
    Role,
    User,
)
from ossicle.ports import MetadataStore, Reading, Transaction
from ossicle.services.ram.directory import PAGE_DEFAULT, Changing, Directory, Page, judge_length, judge_name
from ossicle.wire.names import AccountId
from ossicle.wire.records import record
from ossicle.wire.sources import Clock

DOCUMENT_BYTES_MAX: Final = 6144
"""OSS: 2,048 in older docs, 6,144 in newer ones."""
VERSIONS_MAX: Final = 5
_NAME: Final = re.compile(r"[A-Za-z0-9-]{1,128}")
_DESCRIPTION_MAX: Final = 1024


class Holder(Enum):
    """What a policy can be attached to."""

    USER = "User"
    GROUP = "Group"
    ROLE = "Role"


_KINDS: Final[dict[Holder, type[User | Group | Role]]] = {
    Holder.USER: User,
    Holder.GROUP: Group,
    Holder.ROLE: Role,
}


@record
class PolicyView:
    """A policy of either type as it is told. A system policy was there from the beginning: `created_at` is None."""

    name: PolicyName
    description: str
    default_version: str
    document: str
    created_at: datetime | None


@record
class Attached:
    """A policy that is attached to somebody, and since when."""

    policy: PolicyView
    attached_at: datetime


class Policies:
    """Making, changing, attaching and deleting them."""

    def __init__(self, metadata: MetadataStore, clock: Clock) -> None:
        self._metadata = metadata
        self._clock = clock

    def _now(self) -> datetime:
        return self._clock().replace(microsecond=0)

    async def create(self, account: AccountId, name: str, document: str, *, description: str = "") -> PolicyView:
        """Make a policy with one version, v1.

        Raises:
            RamError: EntityAlreadyExists.Policy, InvalidParameter.
        """
        judge_name(name, _NAME, "PolicyName")
        judge_length(description, _DESCRIPTION_MAX, "Description")
        judge_document(document, "PolicyDocument")
        if name in SYSTEM_POLICIES:
            raise RamError.already_exists("Policy")
        moment = self._now()
        version = PolicyVersion(id="v1", document=document, created_at=moment)
        policy = ManagedPolicy(
            name=name, description=description, default_version="v1", versions=(version,), created_at=moment
        )
        await self._metadata.transact(lambda transaction: Changing(transaction, account).create(policy))
        return _view(policy)

    async def get(self, account: AccountId, name: PolicyName) -> PolicyView:
        """Return a policy.

        Raises:
            RamError: EntityNotExist.Policy.
        """
        return await self._metadata.read(lambda rows: find_policy(rows, account, name))

    async def list(self, account: AccountId, *, marker: str = "", limit: int = PAGE_DEFAULT) -> Page[ManagedPolicy]:
        """Return a page of the account's own policies by name."""

        def page(rows: Reading) -> Page[ManagedPolicy]:
            return Directory(rows, account).page(ManagedPolicy, marker=marker, limit=limit)

        return await self._metadata.scan(page)

    @staticmethod
    def system() -> Sequence[PolicyView]:
        """Return the policies that every account has."""
        return [_system_view(name) for name in sorted(SYSTEM_POLICIES)]

    async def delete(self, account: AccountId, name: str) -> None:
        """Delete a policy of the account that is attached to nobody, with all its versions.

        Raises:
            RamError: EntityNotExist.Policy, DeleteConflict.Policy.User, .Group or .Role.
        """
        policy_name = PolicyName(type=PolicyType.CUSTOM, name=name)

        def delete(transaction: Transaction) -> None:
            directory = Changing(transaction, account)
            policy = _own(directory, name)
            for kind in _KINDS.values():
                if any(_has(entity, policy_name) for entity in directory.all(kind)):
                    raise RamError.delete_conflict(f"Policy.{kind.KIND}")
            directory.delete(policy)

        await self._metadata.transact_bulk(delete)

    async def versions(self, account: AccountId, name: str) -> ManagedPolicy:
        """Return a policy of the account with all its versions.

        Raises:
            RamError: EntityNotExist.Policy.
        """
        return await self._metadata.read(lambda rows: Directory(rows, account).get(ManagedPolicy, name))

    async def add_version(self, account: AccountId, name: str, document: str, *, is_default: bool) -> PolicyVersion:
        """Add a version, which counts at once if it is to be the default.

        Raises:
            RamError: EntityNotExist.Policy, LimitExceeded.Policy.Version, InvalidParameter.PolicyDocument.
        """
        judge_document(document, "PolicyDocument")
        moment = self._now()

        def add(transaction: Transaction) -> PolicyVersion:
            directory = Changing(transaction, account)
            policy = _own(directory, name)
            if len(policy.versions) >= VERSIONS_MAX:
                raise RamError.limit_exceeded("Policy.Version", VERSIONS_MAX)
            number = 1 + max(int(version.id[1:]) for version in policy.versions)
            version = PolicyVersion(id=f"v{number}", document=document, created_at=moment)
            default = version.id if is_default else policy.default_version
            directory.put(replace(policy, versions=(*policy.versions, version), default_version=default))
            return version

        return await self._metadata.transact(add)

    async def set_default(self, account: AccountId, name: str, version_id: str) -> None:
        """Let another version count.

        Raises:
            RamError: EntityNotExist.Policy or .Policy.Version.
        """

        def change(transaction: Transaction) -> None:
            directory = Changing(transaction, account)
            policy = _own(directory, name)
            directory.put(replace(policy, default_version=_version(policy, version_id).id))

        await self._metadata.transact(change)

    async def delete_version(self, account: AccountId, name: str, version_id: str) -> None:
        """Delete a version that does not count.

        Raises:
            RamError: EntityNotExist.Policy or .Policy.Version, DeleteConflict.Policy.Version.
        """

        def delete(transaction: Transaction) -> None:
            directory = Changing(transaction, account)
            policy = _own(directory, name)
            gone = _version(policy, version_id)
            if gone.id == policy.default_version:
                raise RamError("DeleteConflict.Policy.Version", "The default version can't be deleted.", 409)
            directory.put(replace(policy, versions=tuple(each for each in policy.versions if each is not gone)))

        await self._metadata.transact(delete)

    async def attach(self, account: AccountId, policy: PolicyName, holder: Holder, name: str) -> None:
        """Let a policy count for a user, group or role.

        Raises:
            RamError: EntityNotExist, EntityAlreadyExists.User.Policy (or .Group, .Role).
        """
        moment = self._now()

        def attach(transaction: Transaction) -> None:
            directory = Changing(transaction, account)
            entity = directory.get(_KINDS[holder], name)
            find_policy(transaction, account, policy)
            if _has(entity, policy):
                raise RamError.already_exists(f"{holder.value}.Policy")
            attachment = Attachment(policy=policy, attached_at=moment)
            directory.put(replace(entity, attachments=(*entity.attachments, attachment)))

        await self._metadata.transact(attach)

    async def detach(self, account: AccountId, policy: PolicyName, holder: Holder, name: str) -> None:
        """Let a policy count no more for a user, group or role.

        Raises:
            RamError: EntityNotExist, EntityNotExist.User.Policy (or .Group, .Role).
        """

        def detach(transaction: Transaction) -> None:
            directory = Changing(transaction, account)
            entity = directory.get(_KINDS[holder], name)
            if not _has(entity, policy):
                raise RamError.not_exist(f"{holder.value}.Policy")
            rest = tuple(each for each in entity.attachments if each.policy != policy)
            directory.put(replace(entity, attachments=rest))

        await self._metadata.transact(detach)

    async def attached(self, account: AccountId, holder: Holder, name: str) -> Sequence[Attached]:
        """Return the policies that are attached to a user, group or role itself.

        Raises:
            RamError: EntityNotExist.
        """

        def attached(rows: Reading) -> Sequence[Attached]:
            entity = Directory(rows, account).get(_KINDS[holder], name)
            return [
                Attached(policy=find_policy(rows, account, each.policy), attached_at=each.attached_at)
                for each in entity.attachments
            ]

        return await self._metadata.read(attached)

    async def holders(self, account: AccountId, policy: PolicyName) -> Sequence[tuple[Holder, str]]:
        """Return whom a policy is attached to. All entities of the account are visited.

        Raises:
            RamError: EntityNotExist.Policy.
        """

        def holders(rows: Reading) -> Iterator[tuple[Holder, str]]:
            find_policy(rows, account, policy)
            for holder, kind in _KINDS.items():
                yield from ((holder, each.name) for each in Directory(rows, account).all(kind) if _has(each, policy))

        return await self._metadata.scan(lambda rows: list(holders(rows)))


def judge_document(text: str, parameter: str) -> None:
    """Return if a text is a policy.

    Raises:
        RamError: InvalidParameter.
    """
    raw = text.encode("utf-8", "surrogatepass")  # which is no UTF-8, and so refused as a policy
    if len(raw) > DOCUMENT_BYTES_MAX:
        raise RamError.invalid(parameter, f"The size of {parameter} must be at most {DOCUMENT_BYTES_MAX} bytes.")
    try:
        parse_ram_policy(raw)
    except PolicyError as error:
        raise RamError.invalid(parameter, f"The parameter {parameter} has not passed grammar check: {error}") from error


def find_policy(rows: Reading, account: AccountId, name: PolicyName) -> PolicyView:
    """Return a policy.

    Raises:
        RamError: EntityNotExist.Policy.
    """
    if name.type is PolicyType.CUSTOM:
        return _view(Directory(rows, account).get(ManagedPolicy, name.name))
    if name.name not in SYSTEM_POLICIES:
        raise RamError.not_exist("Policy")
    return _system_view(name.name)


def _own(directory: Directory, name: str) -> ManagedPolicy:
    """Return a policy that can be changed.

    Raises:
        RamError: EntityNotExist.Policy.
    """
    if name in SYSTEM_POLICIES and directory.find(ManagedPolicy, name) is None:
        raise RamError("EntityNotExist.Policy", f"The policy {name} is the system's and can't be changed.", 404)
    return directory.get(ManagedPolicy, name)


def _view(policy: ManagedPolicy) -> PolicyView:
    return PolicyView(
        name=PolicyName(type=PolicyType.CUSTOM, name=policy.name),
        description=policy.description,
        default_version=policy.default_version,
        document=policy.document,
        created_at=policy.created_at,
    )


def _system_view(name: str) -> PolicyView:
    description, document = SYSTEM_POLICIES[name]
    return PolicyView(
        name=PolicyName(type=PolicyType.SYSTEM, name=name),
        description=description,
        default_version="v1",
        document=document,
        created_at=None,
    )


def _has(entity: User | Group | Role, policy: PolicyName) -> bool:
    return any(each.policy == policy for each in entity.attachments)


def _version(policy: ManagedPolicy, version_id: str) -> PolicyVersion:
    for version in policy.versions:
        if version.id == version_id:
            return version
    raise RamError.not_exist("Policy.Version")
