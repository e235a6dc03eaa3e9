"""Groups of users, who share the policies of the group."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ossicle.model.ram import Group, RamError, User
from ossicle.ports import MetadataStore, Reading, Transaction
from ossicle.services.ram.directory import PAGE_DEFAULT, Changing, Directory, Page, judge_length, judge_name
from ossicle.wire.names import AccountId
from ossicle.wire.sources import Clock

_NAME: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
_COMMENTS_MAX: Final = 128


class Groups:
    """Making, finding, filling and deleting them."""

    def __init__(self, metadata: MetadataStore, clock: Clock) -> None:
        self._metadata = metadata
        self._clock = clock

    async def create(self, account: AccountId, name: str, *, comments: str = "") -> Group:
        """Make a group without users.

        Raises:
            RamError: EntityAlreadyExists.Group, InvalidParameter.
        """
        judge_name(name, _NAME, "GroupName")
        judge_length(comments, _COMMENTS_MAX, "Comments")
        group = Group(name=name, comments=comments, created_at=self._clock().replace(microsecond=0))
        await self._metadata.transact(lambda transaction: Changing(transaction, account).create(group))
        return group

    async def get(self, account: AccountId, name: str) -> Group:
        """Return a group.

        Raises:
            RamError: EntityNotExist.Group.
        """
        return await self._metadata.read(lambda rows: Directory(rows, account).get(Group, name))

    async def list(self, account: AccountId, *, marker: str = "", limit: int = PAGE_DEFAULT) -> Page[Group]:
        """Return a page of groups by name."""
        return await self._metadata.scan(lambda rows: Directory(rows, account).page(Group, marker=marker, limit=limit))

    async def members(self, account: AccountId, name: str) -> Sequence[User]:
        """Return the users of a group. All users of the account are visited.

        Raises:
            RamError: EntityNotExist.Group.
        """
        return await self._metadata.scan(lambda rows: _members(rows, account, name))

    async def delete(self, account: AccountId, name: str) -> None:
        """Delete a group without users and policies.

        Raises:
            RamError: EntityNotExist.Group, DeleteConflict.Group.User or .Policy.
        """

        def delete(transaction: Transaction) -> None:
            directory = Changing(transaction, account)
            group = directory.get(Group, name)
            if group.attachments:
                raise RamError.delete_conflict("Group.Policy")
            if _members(transaction, account, name):
                raise RamError.delete_conflict("Group.User")
            directory.delete(group)

        await self._metadata.transact_bulk(delete)

    async def add(self, account: AccountId, name: str, user_name: str) -> None:
        """Put a user into a group.

        Raises:
            RamError: EntityNotExist.User or .Group, EntityAlreadyExists.User.Group.
        """

        def add(transaction: Transaction) -> None:
            directory = Changing(transaction, account)
            user = directory.get(User, user_name)
            directory.get(Group, name)
            if name in user.groups:
                raise RamError.already_exists("User.Group")
            directory.put(replace(user, groups=(*user.groups, name)))

        await self._metadata.transact(add)

    async def remove(self, account: AccountId, name: str, user_name: str) -> None:
        """Take a user out of a group.

        Raises:
            RamError: EntityNotExist.User, .Group or .User.Group.
        """

        def remove(transaction: Transaction) -> None:
            directory = Changing(transaction, account)
            user = directory.get(User, user_name)
            directory.get(Group, name)
            if name not in user.groups:
                raise RamError.not_exist("User.Group")
            directory.put(replace(user, groups=tuple(group for group in user.groups if group != name)))

        await self._metadata.transact(remove)


def _members(rows: Reading, account: AccountId, name: str) -> Sequence[User]:
    directory = Directory(rows, account)
    directory.get(Group, name)
    return [user for user in directory.all(User) if name in user.groups]
