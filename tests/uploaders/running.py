"""Running printed programs as whoever got one would: without keys, in a folder of their own."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.support.tools import need
from tests.uploaders.build import platform

PROGRAM_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a program ended, and all that it showed."""

    status: int
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program that is ready to run."""

    command: tuple[str, ...]
    folder: Path

    def run(self, *arguments: str | Path) -> Ran:
        """Run it with the files that it is to upload."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("OSS") and not name.lower().endswith("_proxy")
        }
        done = subprocess.run(
            [*self.command, *map(str, arguments)],
            cwd=self.folder,
            env=inherited,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PROGRAM_SECONDS,
            check=False,
        )
        return Ran(status=done.returncode, shown=done.stdout + done.stderr)


def built(language: str, source: str, folder: Path) -> Program:
    """Make a program of `ossicle.cli.code` ready to run in a new folder."""
    found = platform(language, need)
    folder.mkdir()
    found.build(source, folder)
    return Program(command=found.command, folder=folder)


def curl(line: str, folder: Path) -> Program:
    """A printed curl line, for a shell to run in a new folder."""
    need("curl", "curl")
    folder.mkdir()
    return Program(command=("/bin/sh", "-c", line), folder=folder)
