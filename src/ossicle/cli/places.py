"""Where things go: names below a folder as keys below a prefix, and back. Nothing a key says leads out of the folder."""

import os
from pathlib import Path
from typing import Final

from ossicle.cli.failures import Refused

_NAME_BYTES_MAX: Final = 255


class UnsafeKey(Refused):
    """A key that is no name of a file below a folder."""


def key_below(prefix: str, relative: str) -> str:
    """Return the key of a relative name in a prefix that is a folder, whether or not it ends in `/`."""
    return f"{folder(prefix)}{relative}"


def folder(prefix: str) -> str:
    """Return a prefix as a folder: empty, or with `/` at its end."""
    return prefix if not prefix or prefix.endswith("/") else f"{prefix}/"


def relative_key(prefix: str, key: str) -> str:
    """Return what of a key lies below the folder that `prefix` is in: for `a/b` and `a/bc/d` it is `bc/d`."""
    return key[len(prefix.rpartition("/")[0]) + 1 :] if "/" in prefix else key


def last_part(name: str) -> str:
    """Return the last part of a key or path."""
    return name.rstrip("/").rpartition("/")[2]


def key_of_file(relative: str) -> str:
    """Return a file's name as a key.

    Raises:
        UnsafeKey: it is not UTF-8, as every key is.
    """
    try:
        relative.encode("utf-8")
    except UnicodeEncodeError:
        raise UnsafeKey("the name is not UTF-8, and a key has to be") from None
    return relative


def path_of_key(root: Path, relative: str) -> Path:
    """Return the file of a key below a folder.

    Raises:
        UnsafeKey: the key would lead elsewhere, or no file can have its name.
    """
    if not relative:
        raise UnsafeKey("nothing is left of the key for a name")
    for part in relative.removesuffix("/").split("/"):
        if part in (".", ".."):
            raise UnsafeKey(f"the key has a part {part!r}, which would lead elsewhere")
        if not part:
            raise UnsafeKey("the key has an empty part: it begins with / or has // in it")
        if "\\" in part:
            raise UnsafeKey("the key has a backslash in it")
        if "\0" in part:
            raise UnsafeKey("the key has a NUL in it")
        if len(part.encode()) > _NAME_BYTES_MAX:
            raise UnsafeKey(f"a part of the key is longer than the {_NAME_BYTES_MAX} bytes that a file's name may have")
    return root / relative.removesuffix("/")


def check_inside(root: Path, path: Path) -> None:
    """Refuse a path that a symbolic link takes out of `root`.

    Raises:
        UnsafeKey: it does.
    """
    real_root, real_path = os.path.realpath(root), os.path.realpath(path)
    if os.path.commonpath([real_root, real_path]) != real_root:
        raise UnsafeKey("a symbolic link on the way leads out of the folder")
