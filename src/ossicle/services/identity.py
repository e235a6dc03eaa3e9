"""Who signed: access keys, and the tokens that temporary ones come with."""

import hmac
from collections.abc import Iterable
from dataclasses import field
from datetime import datetime
from typing import Final

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
class Principal:
    """The caller: an account by one of its access keys, or (both None) anybody."""

    account: AccountId | None = None
    access_key_id: str | None = None


ANONYMOUS: Final = Principal()


@record
class AccessKey:
    """Credentials and the account they act for."""

    account: AccountId
    credentials: Credentials
    principal: Principal = field(init=False)
    """The caller who signs with this key."""

    def __post_init__(self) -> None:
        principal = Principal(account=self.account, access_key_id=self.credentials.access_key_id)
        object.__setattr__(self, "principal", principal)


class Identity:
    """The access keys that are known."""

    def __init__(self, keys: Iterable[AccessKey]) -> None:
        self._keys = {key.credentials.access_key_id: key for key in keys}

    def access_key(self, access_key_id: str, security_token: str | None, now: datetime) -> AccessKey:
        """Return the key of a claim, its token judged.

        Raises:
            InvalidAccessKeyId: nobody has it, or it is temporary and came without its token.
            AccessKeyIdAndSecurityTokenNotMatch: a token came with a key that has none.
            InvalidSecurityToken: the token is not that key's.
            SecurityTokenExpired: its time is over.
        """
        key = self._keys.get(access_key_id)
        if key is None:
            raise InvalidAccessKeyId(access_key_id=access_key_id)
        _judge_token(key.credentials, security_token, now)
        return key


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
