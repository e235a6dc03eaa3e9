"""A file that is there whole or not at all: written beside its place and moved there at the end."""

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from ossicle.client.failures import ParameterError


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file that takes the place of `path` if the block ends well, and is removed if not."""
    judge_target(path)
    beside = name_beside(path, secrets.token_hex(4))
    try:
        with beside.open("xb") as file:
            keep_mode(file.fileno(), path)
            yield file
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def name_beside(path: Path, tail: str) -> Path:
    """Return a hidden name in the same directory that tells what it is of, within the 255 bytes of a name."""
    shown = path.name.encode("utf-8", "replace")[:200].decode("utf-8", "ignore")
    return path.with_name(f".{shown}.{tail}.part")


def keep_mode(descriptor: int, path: Path) -> None:
    """Give an open file the permissions of the one whose place it will take: it may hold what others must not read."""
    with suppress(FileNotFoundError):
        os.fchmod(descriptor, stat.S_IMODE(path.stat().st_mode))


def judge_target(path: Path) -> None:
    """Refuse what no file can take the place of, before anything is fetched for it."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if path.exists() and not path.is_file():
        raise ParameterError(f"{path} is a pipe or a device; its bytes can be written to it when it is open")
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))
