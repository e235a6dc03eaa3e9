"""The owner's keys: those that the command was given, and all others that a profile holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ossicle.cli.connection import Signer
from ossicle.wire.credentials import Credentials


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Credentials, and where they are from."""

    credentials: Credentials
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Everything that the owner could have signed with; the first is what the command was given, if it was given any."""

    given: Key | None
    others: tuple[Key, ...] = ()

    def find(self, access_key_id: str) -> Key | None:
        """Return the key of that id."""
        return next((key for key in self.all() if key.credentials.access_key_id == access_key_id), None)

    def all(self) -> list[Key]:
        """Return all keys."""
        return [*([self.given] if self.given else []), *self.others]


def find_keys(signer: Signer) -> Keys:
    """Return the owner's keys.

    Raises:
        ConfigError: there is no such profile, or a file of profiles can't be understood.
        CredentialsError: id and secret come from a flag and the environment.
    """
    settings = signer.settings()
    given = _key({name: value for name, (value, _) in settings.items()}, settings.get("access-key-id", ("", ""))[1])
    return Keys(given=given, others=tuple(_of_profiles(signer)))


def _of_profiles(signer: Signer) -> Iterator[Key]:
    from ossicle.cli.profiles import all_profiles

    for profile in all_profiles(signer.config_file):
        key = _key(profile.values, f"{profile.source} [{profile.name}]")
        if key is not None:
            yield key


def _key(values: Mapping[str, str], source: str) -> Key | None:
    access_key_id, secret = values.get("access-key-id"), values.get("access-key-secret")
    if not access_key_id or not secret:
        return None
    token = values.get("security-token")
    return Key(
        credentials=Credentials(access_key_id=access_key_id, access_key_secret=secret, security_token=token),
        source=source,
    )
