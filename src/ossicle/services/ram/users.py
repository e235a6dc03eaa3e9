"""Users of an account."""

import re
from dataclasses import replace
from typing import Final

from ossicle.model.ram import RamError, User
from ossicle.ports import MetadataStore, Transaction
from ossicle.services.ram.directory import PAGE_DEFAULT, Changing, Directory, Page, judge_length, judge_name, new_id
from ossicle.wire.names import AccountId
from ossicle.wire.sources import Clock, IdSource

_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_DISPLAY_NAME_MAX: Final = 128
_COMMENTS_MAX: Final = 128


class Users:
    """Making, finding, changing and deleting them."""

    def __init__(self, metadata: MetadataStore, clock: Clock, ids: IdSource) -> None:
        self._metadata = metadata
        self._clock = clock
        self._ids = ids

    async def create(self, account: AccountId, name: str, *, display_name: str = "", comments: str = "") -> User:
        """Make a user, who may nothing yet.

        Raises:
            RamError: EntityAlreadyExists.User, InvalidParameter.
        """
        _judge(name, display_name, comments)
        user = User(
            id=new_id(self._ids),
            name=name,
            display_name=display_name or name,
            comments=comments,
            created_at=self._clock().replace(microsecond=0),
        )
        await self._metadata.transact(lambda transaction: Changing(transaction, account).create(user))
        return user

    async def get(self, account: AccountId, name: str) -> User:
        """Return a user.

        Raises:
            RamError: EntityNotExist.User.
        """
        return await self._metadata.read(lambda rows: Directory(rows, account).get(User, name))

    async def list(self, account: AccountId, *, marker: str = "", limit: int = PAGE_DEFAULT) -> Page[User]:
        """Return a page of users by name."""
        return await self._metadata.scan(lambda rows: Directory(rows, account).page(User, marker=marker, limit=limit))

    async def update(
        self,
        account: AccountId,
        name: str,
        *,
        new_name: str | None = None,
        display_name: str | None = None,
        comments: str | None = None,
    ) -> User:
        """Change a user; None leaves what there is. Keys, groups and policies stay.

        Raises:
            RamError: EntityNotExist.User, EntityAlreadyExists.User, InvalidParameter.
        """

        def update(transaction: Transaction) -> User:
            directory = Changing(transaction, account)
            user = directory.get(User, name)
            changed = replace(
                user,
                name=user.name if new_name is None else new_name,
                display_name=user.display_name if display_name is None else display_name,
                comments=user.comments if comments is None else comments,
            )
            _judge(changed.name, changed.display_name, changed.comments)
            if changed.name == name:
                directory.put(changed)
                return changed
            directory.create(changed)
            directory.delete(user)
            for key in user.keys:
                transaction.put_ram_key(key.access_key_id, account, changed.name)
            return changed

        return await self._metadata.transact(update)

    async def delete(self, account: AccountId, name: str) -> None:
        """Delete a user without keys, groups and policies.

        Raises:
            RamError: EntityNotExist.User, DeleteConflict.User.AccessKey, .Group or .Policy.
        """

        def delete(transaction: Transaction) -> None:
            directory = Changing(transaction, account)
            user = directory.get(User, name)
            for what, held in (("AccessKey", user.keys), ("Group", user.groups), ("Policy", user.attachments)):
                if held:
                    raise RamError.delete_conflict(f"User.{what}")
            directory.delete(user)

        await self._metadata.transact(delete)


def _judge(name: str, display_name: str, comments: str) -> None:
    judge_name(name, _NAME, "UserName")
    judge_length(display_name, _DISPLAY_NAME_MAX, "DisplayName")
    judge_length(comments, _COMMENTS_MAX, "Comments")
