"""Standing at one system call of a running server, to kill the process there or to make the call fail.

strace is attached to the server and injects; the server is unchanged and knows nothing of it.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.server import ServerProcess
from tests.support.tools import need
from tests.support.waiting import wait_until

SECONDS = 20.0
KILL = "signal=KILL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A system call of a server, counted from when strace is attached.

    Attributes:
        call: its name.
        when: which one, in strace's words: `1` is the first, `2+` every one from the second on.
        path: count the calls on this file only, as seen from the data directory.
        in_loop: count those of the event loop's thread only.
    """

    call: str
    when: str = "1"
    path: str | None = None
    in_loop: bool = False


@contextmanager
def injected(
    server: ServerProcess, place: Place, action: str, notes: Path, *, pid: int | None = None
) -> Iterator[None]:
    """Do `action` (`KILL`, `error=EIO`) at a place of a running server, or of the worker `pid`, while the context lasts.

    `notes` is a file for what strace says of itself. The test is skipped where one process may not trace another,
    unless CI=true.
    """
    command = [need("strace", "strace"), "-o", "/dev/null", "-e", f"trace={place.call}"]
    command += ["-e", f"inject={place.call}:{action}:when={place.when}"]
    command += [] if place.in_loop else ["-f"]
    command += [] if place.path is None else ["-P", str(server.data_dir / place.path)]
    with notes.open("wb") as stderr:
        tracer = subprocess.Popen([*command, "-p", str(pid or server.pid)], stderr=stderr)
    try:
        wait_until(lambda: _is_attached(tracer, notes), seconds=SECONDS, what="strace at its place")
        yield
    finally:
        tracer.send_signal(signal.SIGTERM)
        tracer.wait(SECONDS)


def _is_attached(tracer: subprocess.Popen[bytes], notes: Path) -> bool:
    text = notes.read_text()
    if "Operation not permitted" in text and os.environ.get("CI") != "true":
        pytest.skip("this machine lets no process trace another: see kernel.yama.ptrace_scope, or run as root")
    assert tracer.poll() is None, text
    return "attached" in text
