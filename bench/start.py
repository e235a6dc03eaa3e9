"""How long one waits: for a server to be ready, for an import, for the first line of the command. Each in a fresh process."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.outcome import Figure, render_rows
from bench.servers import Ossicle, SeaweedFS, ServerFailed

_IMPORT: Final = """
import time
wall, cpu = time.perf_counter(), time.process_time()
{statement}
print(time.perf_counter() - wall, time.process_time() - cpu)
"""
_SERVERS: Final = (
    ("start", "Ossicle, start to ready", Ossicle),
    ("start-seaweedfs", "SeaweedFS, start to ready", SeaweedFS),
)
_STATEMENTS: Final = (
    ("import-client", "import ossicle.client"),
    ("import-client-class", "from ossicle import Client"),
    ("import-cli", "import ossicle.cli"),
)
_COMMANDS: Final = (
    ("python", "python -c pass, the whole process", ("-c", "pass")),
    ("version", "ossicle --version, the whole process", ("-m", "ossicle", "--version")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Seconds of the wall, and of the processor where they are known, one value for each fresh process."""

    name: str
    title: str
    seconds: list[float]
    cpu_seconds: list[float]

    @property
    def figure(self) -> Figure:
        return Figure.of(self.seconds)


def measure_waits(directory: Path, *, starts: int, say: Callable[[str], None]) -> list[Wait]:
    """Start everything so many times, in turn; the first time, which fills the disk's cache, is not counted.

    Raises:
        ServerFailed: one did not start.
    """
    waits = [
        *(Wait(name=name, title=title, seconds=[], cpu_seconds=[]) for name, title, _ in _SERVERS),
        *(Wait(name=name, title=statement, seconds=[], cpu_seconds=[]) for name, statement in _STATEMENTS),
        *(Wait(name=name, title=title, seconds=[], cpu_seconds=[]) for name, title, _ in _COMMANDS),
    ]
    by_name = {wait.name: wait for wait in waits}
    for number in range(starts + 1):
        say(f"start {number} of {starts} ...")
        for name, seconds, cpu in _once(directory):
            if number:
                by_name[name].seconds.append(seconds)
                by_name[name].cpu_seconds.extend([] if cpu is None else [cpu])
    return waits


def _once(directory: Path) -> list[tuple[str, float, float | None]]:
    """Return name, seconds and processor time of each."""
    found: list[tuple[str, float, float | None]] = []
    for name, _, kind in _SERVERS:
        with kind(directory) as peer:
            found.append((name, peer.start_seconds, None))
    for name, statement in _STATEMENTS:
        wall, cpu = map(float, _run(["-c", _IMPORT.format(statement=statement)]).split())
        found.append((name, wall, cpu))
    for name, _, arguments in _COMMANDS:
        began, before = time.perf_counter(), os.times()
        _run(arguments)
        after = os.times()
        used = after.children_user + after.children_system - before.children_user - before.children_system
        found.append((name, time.perf_counter() - began, used))
    return found


def _run(arguments: Sequence[str]) -> str:
    done = subprocess.run([sys.executable, *arguments], check=False, capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise ServerFailed(f"python {' '.join(arguments)} ended with {done.returncode}: {done.stderr[-1000:]}")
    return done.stdout


def render_waits(waits: Sequence[Wait]) -> str:
    """Return a Markdown table, in milliseconds."""
    rows = [
        [
            wait.title,
            wait.figure.times(1000).show(0),
            Figure.of(wait.cpu_seconds).times(1000).show(0) if wait.cpu_seconds else "",
        ]
        for wait in waits
    ]
    return render_rows(["fresh process", "ms: median (lowest to highest)", "processor ms"], rows)


def figures_of_waits(waits: Sequence[Wait]) -> Mapping[str, Figure]:
    """Return seconds of servers and milliseconds of imports."""
    return {wait.name: wait.figure.times(1000 if wait.name.startswith("import") else 1) for wait in waits}
