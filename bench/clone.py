"""The time from `git clone` to the first upload, as the README tells it: `make serve`, and the line that it prints."""

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
_LINE_SECONDS: Final = 600.0
_STOP_SECONDS: Final = 30.0


class CloneFailed(Exception):
    """A step of the README did not work; the message says which and how."""


def measure_clone(directory: Path, *, say: Callable[[str], None]) -> dict[str, float]:
    """Clone this repository, `make serve` in the clone, upload with the printed line; return seconds by phase."""
    clone = directory / "clone"
    phases: dict[str, float] = {}
    with _timed(phases, "git clone"):
        _run(["git", "clone", "--quiet", f"file://{ROOT}", str(clone)])
    say("make .venv/run.stamp, the first half of make serve ...")
    with _timed(phases, "make .venv, download and install the server's packages"):
        _run(["make", "--no-print-directory", "-C", str(clone), ".venv/run.stamp"])
    say("make serve ...")
    began = time.perf_counter()
    with _serving(clone) as line:
        phases["make serve, to the printed line"] = time.perf_counter() - began
        with _timed(phases, "the printed line, first upload"):
            answer = _run(["bash", "-c", line], clone)
    if "200" not in answer:
        raise CloneFailed(f"the printed line answered {answer!r}")
    return phases


@contextlib.contextmanager
def _timed(phases: dict[str, float], name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    phases[name] = time.perf_counter() - began


def _environment() -> dict[str, str]:
    """The caller's, without what leads its own virtual environment or settings into the clone's, or saves downloads."""
    unwanted = ("OSSICLE_", "OSS_", "VIRTUAL_ENV", "PYTHON", "MAKE", "MFLAGS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
    return {**kept, "PIP_NO_CACHE_DIR": "1"}


def _run(command: list[str], directory: Path | None = None) -> str:
    done = subprocess.run(
        command, cwd=directory, env=_environment(), check=False, capture_output=True, text=True, timeout=_LINE_SECONDS
    )
    if done.returncode:
        raise CloneFailed(f"{' '.join(command[:3])} failed with {done.returncode}:\n{done.stdout}{done.stderr}"[-4000:])
    return done.stdout


@contextlib.contextmanager
def _serving(clone: Path) -> Iterator[str]:
    """Run `make serve` and yield the upload line that it prints."""
    process = subprocess.Popen(
        ["make", "--no-print-directory", "serve", "SERVE_ARGS=--port 0"],
        cwd=clone,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        yield _upload_line(process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(_STOP_SECONDS)


def _upload_line(process: "subprocess.Popen[str]") -> str:
    if process.stdout is None:
        raise CloneFailed("make serve has no output to read")
    seen = []
    for line in process.stdout:
        seen.append(line)
        if re.search(r"\bcurl .*'http://[^']+'", line):
            return line.strip()
    raise CloneFailed(f"make serve printed no upload line:\n{''.join(seen)}")
