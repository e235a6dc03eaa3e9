"""The master key, which seals secrets in the database: from the environment, or a file beside the database.

Who has the database without it has no secret of any user; who loses it has to make all users' keys anew.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from ossicle.app.failures import StartError
from ossicle.services.sealing import KEY_BYTES

_FILE: Final = "master.key"


class MasterKeyError(StartError):
    """A master key that can't be used; the message never holds it."""


def parse_master_key(text: str) -> bytes:
    """Return the key of 64 hex digits.

    Raises:
        MasterKeyError: it is something else.
    """
    with suppress(ValueError):
        key = bytes.fromhex(text)
        if len(key) == KEY_BYTES:
            return key
    raise MasterKeyError(
        f"the master key must be {2 * KEY_BYTES} hex digits, as `openssl rand -hex {KEY_BYTES}` prints them"
    )


def read_or_make_master_key(data_dir: Path, random: Callable[[int], bytes]) -> bytes:
    """Return the key of a data folder, made at first need: readable by the owner of the file only, the same for all workers.

    Raises:
        MasterKeyError: the file can't be read, or is something else.
    """
    path = data_dir / _FILE
    if not path.exists():
        _keep(path, random)
    try:
        return parse_master_key(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise MasterKeyError(f"{path}: {error.strerror}") from error
    except ValueError:
        raise MasterKeyError(f"{path}: is no master key") from None  # the cause would show bytes of it


def _keep(path: Path, random: Callable[[int], bytes]) -> None:
    """Write a new key whole, unless another worker was first."""
    staged = path.with_name(f"{path.name}.{random(8).hex()}")
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(random(KEY_BYTES).hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(staged, path)
        _sync(path.parent)
    finally:
        staged.unlink()


def _sync(folder: Path) -> None:
    """Write the folder down: a secret that is sealed by a key whose name a power cut took would be lost."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
