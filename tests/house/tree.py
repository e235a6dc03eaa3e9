"""The repository as the tests of this folder see it."""

import subprocess
from functools import cache
from pathlib import Path

from tests.support.tools import need

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "ossicle"

# Bytes that are no text of ours to judge.
_BINARY_SUFFIXES = {".gz", ".ico", ".jar", ".png", ".woff2"}


@cache
def repository_files() -> tuple[Path, ...]:
    """Every file that is, or is about to be, part of the repository: tracked, or new and not ignored."""
    listing = subprocess.run(
        [need("git", "git"), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = (ROOT / name for name in listing.split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def text_files() -> list[Path]:
    """The files of the repository that hold text."""
    return [path for path in repository_files() if path.suffix not in _BINARY_SUFFIXES]


def python_modules(*folders: str) -> list[Path]:
    """The Python files of the repository below the given folders, or below its root."""
    roots = [ROOT / folder for folder in folders] or [ROOT]
    return [
        path for path in repository_files() if path.suffix == ".py" and any(path.is_relative_to(root) for root in roots)
    ]


def shown(path: Path) -> str:
    """A path as messages show it: relative to the repository."""
    return path.relative_to(ROOT).as_posix()
