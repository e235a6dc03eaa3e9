"""Building programs that are not Python for tests: once, kept between runs, and again only when a source has changed."""

import fcntl
import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

BUILD_SECONDS = 240


def run(*command: str, cwd: Path) -> None:
    """Run a build step; its output is shown when it fails."""
    environment = os.environ | {"GOFLAGS": "", "GOTOOLCHAIN": "local"}
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=BUILD_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} exited with {done.returncode}\n{done.stdout}{done.stderr}")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock of the operating system on a file."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def is_up_to_date(sources: Iterable[Path], stamp: Path) -> bool:
    """Whether the stamp is newer than every source."""
    return stamp.exists() and stamp.stat().st_mtime >= max(path.stat().st_mtime for path in sources)
