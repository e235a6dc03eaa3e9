"""Where a client's credentials come from; public as `ossicle.credentials`.

A provider is asked anew for every signature, so one that refreshes temporary credentials needs nothing else.
"""

import os
from collections.abc import Callable
from typing import Protocol, runtime_checkable

from ossicle.client.failures import CredentialsError
from ossicle.wire.credentials import Credentials

__all__ = [
    "AnonymousCredentialsProvider",
    "Credentials",
    "CredentialsProvider",
    "CredentialsProviderFunc",
    "EnvironmentVariableCredentialsProvider",
    "StaticCredentialsProvider",
]


@runtime_checkable
class CredentialsProvider(Protocol):
    """Says who signs."""

    def get_credentials(self) -> Credentials:
        """Return the credentials to sign with now; those with an empty id sign nothing."""
        ...


class StaticCredentialsProvider:
    """The same credentials for as long as the client lives.

    Raises:
        CredentialsError: id or secret is empty.
    """

    def __init__(self, access_key_id: str, access_key_secret: str, security_token: str | None = None) -> None:
        if not access_key_id or not access_key_secret:
            raise CredentialsError("access_key_id and access_key_secret must not be empty")
        self._credentials = Credentials(
            access_key_id=access_key_id, access_key_secret=access_key_secret, security_token=security_token or None
        )

    def get_credentials(self) -> Credentials:
        return self._credentials


class EnvironmentVariableCredentialsProvider:
    """`OSS_ACCESS_KEY_ID`, `OSS_ACCESS_KEY_SECRET` and, for temporary credentials, `OSS_SESSION_TOKEN`, read once.

    Raises:
        CredentialsError: one of the first two is not set; the message names it.
    """

    def __init__(self) -> None:
        missing = [name for name in ("OSS_ACCESS_KEY_ID", "OSS_ACCESS_KEY_SECRET") if not os.environ.get(name)]
        if missing:
            raise CredentialsError(f"{' and '.join(missing)} not set in the environment")
        self._credentials = Credentials(
            access_key_id=os.environ["OSS_ACCESS_KEY_ID"],
            access_key_secret=os.environ["OSS_ACCESS_KEY_SECRET"],
            security_token=os.environ.get("OSS_SESSION_TOKEN") or None,
        )

    def get_credentials(self) -> Credentials:
        return self._credentials


class AnonymousCredentialsProvider:
    """Nobody: requests go out unsigned, and nothing can be presigned."""

    def get_credentials(self) -> Credentials:
        return Credentials(access_key_id="", access_key_secret="")


class CredentialsProviderFunc:
    """Whatever a function returns; it is called for every signature."""

    def __init__(self, function: Callable[[], Credentials]) -> None:
        self._function = function

    def get_credentials(self) -> Credentials:
        return self._function()
