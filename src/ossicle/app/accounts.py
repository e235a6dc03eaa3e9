"""The accounts a server knows: from the environment, and the owner's pair that the first start makes."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ossicle.app.failures import StartError
from ossicle.wire.names import AccountId

_UID_DIGITS: Final = 16
_ACCESS_KEY_ID: Final = re.compile(r"[^\s/,]+")


class AccountError(StartError):
    """An account that can't be used; the message never holds the secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account and its access key."""

    id: AccountId
    access_key_id: str
    access_key_secret: str = field(repr=False)


def parse_accounts(text: str) -> tuple[Account, ...]:
    """Return the accounts of `UID:ACCESS_KEY_ID:ACCESS_KEY_SECRET` entries, separated by commas or line ends.

    Raises:
        AccountError: an entry has another form, or a key id stands twice. One UID may have several keys.
    """
    entries = [entry.strip() for line in text.splitlines() for entry in line.split(",") if entry.strip()]
    accounts = tuple(_parse_entry(number, entry) for number, entry in enumerate(entries, start=1))
    if len({account.access_key_id for account in accounts}) != len(accounts):
        raise AccountError("an access key id stands twice")
    return accounts


def is_uid(text: str) -> bool:
    """Whether `text` is the UID of an account: 16 digits."""
    return len(text) == _UID_DIGITS and text.isascii() and text.isdigit()


def is_access_key_id(text: str) -> bool:
    """Whether `text` can stand in a signature, whose credential is split at slashes and whose fields at commas."""
    return _ACCESS_KEY_ID.fullmatch(text) is not None


def _parse_entry(number: int, entry: str) -> Account:
    uid, _, rest = entry.partition(":")
    access_key_id, _, secret = rest.partition(":")
    if not (is_uid(uid) and access_key_id and secret):
        raise AccountError(f"entry {number} is not UID:ACCESS_KEY_ID:ACCESS_KEY_SECRET with a UID of 16 digits")
    if not is_access_key_id(access_key_id):
        raise AccountError(f"the access key id of entry {number} holds a slash, a comma or white space")
    return Account(id=AccountId(uid), access_key_id=access_key_id, access_key_secret=secret)


def root_key_path(data_dir: Path) -> Path:
    """Return where the owner's pair is kept when the environment gives none."""
    return data_dir / "root-key"


def read_or_make_root_key(data_dir: Path, account: AccountId, random: Callable[[int], bytes]) -> Account:
    """Return the owner's pair, made at the first start: two lines, id and secret, readable by the owner of the file only.

    Raises:
        AccountError: the file is there and is something else.
    """
    path = root_key_path(data_dir)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_root_key(path, account)
    access_key_id, secret = "OSSICLE" + random(9).hex().upper(), random(24).hex()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{access_key_id}\n{secret}\n")
        file.flush()
        os.fsync(file.fileno())
    return Account(id=account, access_key_id=access_key_id, access_key_secret=secret)


def _read_root_key(path: Path, account: AccountId) -> Account:
    try:
        lines = path.read_text(encoding="ascii").split()
    except OSError as error:
        raise AccountError(f"{path}: {error.strerror}") from error
    except ValueError:
        lines = []  # the cause would show bytes of a secret
    if len(lines) != 2 or not is_access_key_id(lines[0]):
        raise AccountError(f"{path} does not hold an access key id and a secret; remove it to get a new pair")
    return Account(id=account, access_key_id=lines[0], access_key_secret=lines[1])
