"""Who signed: access keys of owners and of RAM users, and the tokens that temporary ones come with."""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from typing import Final, Self

from ossicle.model.policy.actions import actions_of
from ossicle.model.ram import User, UserKey
from ossicle.ports import MetadataStore, Reading
from ossicle.services.ram.directory import Directory
from ossicle.services.ram.keys import purpose_of
from ossicle.services.sealing import NotSealedHereError, Seal
from ossicle.services.sessions import PREFIX, Session
from ossicle.services.standing import Standing, standing_of_session, standing_of_user
from ossicle.wire.credentials import Credentials
from ossicle.wire.errors import (
    AccessKeyIdAndSecurityTokenNotMatch,
    InvalidAccessKeyId,
    InvalidSecurityToken,
    SecurityTokenExpired,
)
from ossicle.wire.names import AccountId
from ossicle.wire.records import record


@record
class Asked:
    """What a request wants, where policies are to say something to it: its actions, and what it says of conditions."""

    actions: tuple[str, ...]
    region: str
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)


@record
class Principal:
    """The caller: an account's owner by one of its access keys, a RAM user or session (`standing`), or (all None) anybody.

    `asked` is there while policies decide about a request; without it only ownership and ACLs do.
    """

    account: AccountId | None = None
    access_key_id: str | None = None
    standing: Standing | None = None
    asked: Asked | None = None

    @property
    def uid(self) -> str | None:
        """What owners and ACLs are compared with: users and sessions are not the owner of anything."""
        return self.account if self.standing is None else self.standing.uid

    def owns(self, owner: AccountId) -> bool:
        """Whether the caller is this owner, and no policy has a word in it: nothing needs to be judged then."""
        return self.asked is None and self.standing is None and self.account == owner

    def doing(self, operation: str, *, has_version: bool = False) -> Self:
        """Return the caller, asking for another operation than the one that the request is: reading what it copies, for one."""
        if self.asked is None:
            return self
        return replace(self, asked=replace(self.asked, actions=actions_of(operation, has_version=has_version)))

    def saying(self, values: Mapping[str, Sequence[str]]) -> Self:
        """Return the caller, whose request has these values for keys of conditions too."""
        if self.asked is None:
            return self
        return replace(self, asked=replace(self.asked, values={**self.asked.values, **values}))


ANONYMOUS: Final = Principal()


@record
class AccessKey:
    """Credentials and the caller they act for."""

    account: AccountId
    credentials: Credentials
    standing: Standing | None = None
    principal: Principal = field(init=False)
    """The caller who signs with this key."""

    def __post_init__(self) -> None:
        principal = Principal(
            account=self.account, access_key_id=self.credentials.access_key_id, standing=self.standing
        )
        object.__setattr__(self, "principal", principal)


class SecretLostError(Exception):
    """An access key is there, and its secret can't be read: the message says why, and what to do."""


class Identity:
    """The access keys that are known: those of owners by heart, those of users and sessions as the store has them now."""

    def __init__(self, keys: Iterable[AccessKey], metadata: MetadataStore, seal: Seal) -> None:
        self._keys = {key.credentials.access_key_id: key for key in keys}
        self._metadata = metadata
        self._seal = seal

    async def access_key(self, access_key_id: str, security_token: str | None, now: datetime) -> AccessKey:
        """Return the key of a claim, its token judged.

        Raises:
            InvalidAccessKeyId: nobody has it, it is disabled, or it is temporary and came without its token.
            AccessKeyIdAndSecurityTokenNotMatch: a token came with a key that has none, or with that of another.
            InvalidSecurityToken: the token is not one.
            SecurityTokenExpired: its time is over.
            SecretLostError: its secret was sealed by another master key.
        """
        key = self._keys.get(access_key_id)
        if key is not None:
            _judge_token(key.credentials, security_token, now)
            return key
        if access_key_id.startswith(PREFIX):
            return await self._of_session(access_key_id, security_token, now)
        key = await self._metadata.read(lambda rows: self._of_user(rows, access_key_id))
        _judge_token(key.credentials, security_token, now)
        return key

    def _of_user(self, rows: Reading, access_key_id: str) -> AccessKey:
        """Return a user's key. That one is disabled is not told: it is for its owner to know."""
        owner = rows.ram_key_owner(access_key_id) if access_key_id.isascii() else None
        user = None if owner is None else Directory(rows, owner[0]).find(User, owner[1])
        key = None if user is None else _active(user, access_key_id)
        if owner is None or user is None or key is None:
            raise InvalidAccessKeyId(access_key_id=access_key_id)
        secret = self._secret(key)
        credentials = Credentials(access_key_id=access_key_id, access_key_secret=secret)
        return AccessKey(account=owner[0], credentials=credentials, standing=standing_of_user(rows, owner[0], user))

    def _secret(self, key: UserKey) -> str:
        try:
            return self._seal.open(key.sealed_secret, purpose_of(key.access_key_id)).decode("ascii")
        except NotSealedHereError as error:
            raise SecretLostError(
                f"the secret of access key {key.access_key_id} was sealed by another master key than this server has:"
                " set that one again, or make the user's keys anew"
            ) from error

    async def _of_session(self, access_key_id: str, token: str | None, now: datetime) -> AccessKey:
        if token is None:
            raise InvalidAccessKeyId(access_key_id=access_key_id)
        session = Session.of_token(token, access_key_id, self._seal)
        if now > session.expiration:
            raise SecurityTokenExpired
        credentials = Credentials(access_key_id=access_key_id, access_key_secret=session.access_key_secret)

        def standing(rows: Reading) -> Standing:
            return standing_of_session(
                rows,
                session.account,
                role_name=session.role_name,
                role_id=session.role_id,
                session_name=session.name,
                policy=session.policy,
            )

        return AccessKey(account=session.account, credentials=credentials, standing=await self._metadata.read(standing))


def _active(user: User, access_key_id: str) -> UserKey | None:
    return next((key for key in user.keys if key.access_key_id == access_key_id and key.is_active), None)


def _judge_token(credentials: Credentials, given: str | None, now: datetime) -> None:
    expected = credentials.security_token
    if expected is None:
        # OSS: which of two codes answers a permanent key with a token is unverified.
        if given is not None:
            raise AccessKeyIdAndSecurityTokenNotMatch
        return
    if given is None:
        raise InvalidAccessKeyId(access_key_id=credentials.access_key_id)
    if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogateescape")):
        raise InvalidSecurityToken
    if credentials.expiration is not None and now > credentials.expiration:
        raise SecurityTokenExpired
