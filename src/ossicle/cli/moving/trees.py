"""The files below a folder, in the order of their names; nothing is read ahead."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file, or what can't be one: then `problem` is an error, or `reason` says why it is left out."""

    path: str
    relative: str
    size: int = 0
    modified_at: float = 0.0
    problem: OSError | None = None
    reason: str | None = None


def files_below(root: str, *, follow_folders: bool = False, no_links: bool = False) -> Iterator[Found]:
    """Yield what is below a folder.

    Args:
        root: the folder; it may be a link itself.
        follow_folders: whether links to folders are entered; one that leads back to where it is in is not.
        no_links: whether links are left out altogether.
    """
    yield from _below(root, "", follow_folders, no_links, frozenset())


def _below(
    path: str, relative: str, follow: bool, no_links: bool, above: frozenset[tuple[int, int]]
) -> Iterator[Found]:
    try:
        here = os.stat(path)
        with os.scandir(path) as entries:
            found = sorted(entries, key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        yield Found(path=path, relative=relative or path, problem=error)
        return
    identity = (here.st_dev, here.st_ino)
    if identity in above:
        yield Found(path=path, relative=relative, reason="a link that leads back to where it is in")
        return
    for entry in found:
        name = f"{relative}{entry.name}"
        if entry.is_symlink() and no_links:
            yield Found(path=entry.path, relative=name, reason="a symbolic link")
        elif entry.is_dir(follow_symlinks=follow):
            yield from _below(entry.path, f"{name}/", follow, no_links, above | {identity})
        else:
            yield file_at(entry.path, name)


def file_at(path: str, relative: str) -> Found:
    """Return what stands at a path; links are followed."""
    try:
        facts = os.stat(path)
    except OSError as error:
        return Found(path=path, relative=relative, problem=error)
    if stat.S_ISDIR(facts.st_mode):
        return Found(path=path, relative=relative, reason="a symbolic link to a directory")
    if not stat.S_ISREG(facts.st_mode):
        return Found(path=path, relative=relative, reason="no regular file")
    return Found(path=path, relative=relative, size=facts.st_size, modified_at=facts.st_mtime)
