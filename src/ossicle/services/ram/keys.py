"""Access keys of users. A secret is told once, when it is made, and kept sealed."""

from dataclasses import field, replace
from typing import Final

from ossicle.model.ram import RamError, User, UserKey
from ossicle.ports import MetadataStore, Transaction
from ossicle.services.ram.directory import Changing, Directory
from ossicle.services.sealing import Seal
from ossicle.wire.names import AccountId
from ossicle.wire.records import record
from ossicle.wire.sources import Clock, IdSource

KEYS_MAX: Final = 2
"""Two, so that a key is replaced without a moment in which none works."""
_ID_BYTES: Final = 10
_SECRET_BYTES: Final = 15
_PREFIX: Final = "LTAI"


@record
class NewKey:
    """A key that was just made, and its secret, which nobody is told again."""

    key: UserKey
    secret: str = field(repr=False)


class Keys:
    """Making, listing, disabling and deleting them."""

    def __init__(self, metadata: MetadataStore, seal: Seal, clock: Clock, ids: IdSource) -> None:
        self._metadata = metadata
        self._seal = seal
        self._clock = clock
        self._ids = ids

    async def create(self, account: AccountId, user_name: str) -> NewKey:
        """Make a key for a user.

        Raises:
            RamError: EntityNotExist.User, LimitExceeded.User.AccessKey.
        """
        access_key_id = _PREFIX + self._ids(_ID_BYTES).hex().upper()
        secret = self._ids(_SECRET_BYTES).hex()
        key = UserKey(
            access_key_id=access_key_id,
            sealed_secret=self._seal.close(secret.encode(), purpose_of(access_key_id)),
            is_active=True,
            created_at=self._clock().replace(microsecond=0),
        )

        def create(transaction: Transaction) -> None:
            directory = Changing(transaction, account)
            user = directory.get(User, user_name)
            if len(user.keys) >= KEYS_MAX:
                raise RamError.limit_exceeded("User.AccessKey", KEYS_MAX)
            directory.put(replace(user, keys=(*user.keys, key)))
            transaction.put_ram_key(access_key_id, account, user_name)

        await self._metadata.transact(create)
        return NewKey(key=key, secret=secret)

    async def list(self, account: AccountId, user_name: str) -> tuple[UserKey, ...]:
        """Return the keys of a user.

        Raises:
            RamError: EntityNotExist.User.
        """
        user = await self._metadata.read(lambda rows: Directory(rows, account).get(User, user_name))
        return user.keys

    async def set_active(self, account: AccountId, user_name: str, access_key_id: str, *, is_active: bool) -> None:
        """Let a key count, or not: what it signed, and URLs handed out among it, is refused from here on.

        Raises:
            RamError: EntityNotExist.User, EntityNotExist.User.AccessKey.
        """

        def change(transaction: Transaction) -> None:
            directory = Changing(transaction, account)
            user = directory.get(User, user_name)
            changed = replace(_key(user, access_key_id), is_active=is_active)
            keys = tuple(changed if key.access_key_id == access_key_id else key for key in user.keys)
            directory.put(replace(user, keys=keys))

        await self._metadata.transact(change)

    async def delete(self, account: AccountId, user_name: str, access_key_id: str) -> None:
        """Delete a key.

        Raises:
            RamError: EntityNotExist.User, EntityNotExist.User.AccessKey.
        """

        def delete(transaction: Transaction) -> None:
            directory = Changing(transaction, account)
            user = directory.get(User, user_name)
            gone = _key(user, access_key_id)
            directory.put(replace(user, keys=tuple(key for key in user.keys if key is not gone)))
            transaction.delete_ram_key(access_key_id)

        await self._metadata.transact(delete)


def purpose_of(access_key_id: str) -> str:
    """Return what the secret of a key is sealed for."""
    return f"access-key/{access_key_id}"


def _key(user: User, access_key_id: str) -> UserKey:
    for key in user.keys:
        if key.access_key_id == access_key_id:
            return key
    raise RamError.not_exist("User.AccessKey")
