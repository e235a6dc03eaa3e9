"""Sessions of roles: keys for some time, whose token is the sealed record of all that they are. Nothing is stored of them."""

import json
from dataclasses import asdict, field
from datetime import UTC, datetime
from typing import Final, Self

from ossicle.services.sealing import NotSealedHereError, Seal
from ossicle.wire.credentials import Credentials
from ossicle.wire.errors import AccessKeyIdAndSecurityTokenNotMatch, InvalidSecurityToken
from ossicle.wire.names import AccountId
from ossicle.wire.records import record

PREFIX: Final = "STS."
_PURPOSE: Final = "security-token"


@record
class Session:
    """What a token says. `policy` is the session's own, as text; `expires_at` is in seconds since 1970."""

    access_key_id: str
    access_key_secret: str = field(repr=False)
    account: AccountId
    role_name: str
    role_id: str
    name: str
    expires_at: int
    policy: str | None = None

    @property
    def expiration(self) -> datetime:
        """When it ends."""
        return datetime.fromtimestamp(self.expires_at, UTC)

    def to_credentials(self, seal: Seal) -> Credentials:
        """Return the key of the session, with its token."""
        return Credentials(
            access_key_id=self.access_key_id,
            access_key_secret=self.access_key_secret,
            security_token=seal.close(json.dumps(asdict(self)).encode(), _PURPOSE),
            expiration=self.expiration,
        )

    @classmethod
    def of_token(cls, token: str, access_key_id: str, seal: Seal) -> Self:
        """Return what a token says, which came with an access key.

        Raises:
            InvalidSecurityToken: it was not made here.
            AccessKeyIdAndSecurityTokenNotMatch: it is another key's.
        """
        try:
            session = cls(**json.loads(seal.open(token, _PURPOSE)))
        except NotSealedHereError as error:
            raise InvalidSecurityToken from error
        if session.access_key_id != access_key_id:
            raise AccessKeyIdAndSecurityTokenNotMatch
        return session
