"""Killed at every step of an upload, and of what follows it: afterwards the object is as before or as after, whole.

strace stands at one system call of the running server and kills the process there, before the call is done.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.connection import Connection, Ended
from tests.support.data_dir import look_at, wait_until_tidy
from tests.support.owner import Owner
from tests.support.server import ServerProcess
from tests.support.tools import need
from tests.support.waiting import wait_until

MIB = 1024 * 1024
BEFORE, AFTER = b"before " * 50_000, b"after! " * (MIB // 2)
LOG = "metadata.sqlite3-wal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A system call at which the server is killed.

    `number` counts the calls of that name since the upload began, those on `path` only if that is given;
    `in_loop` leaves the threads aside. `expected` is what may be there afterwards.
    """

    call: str
    number: int = 1
    path: str | None = None
    in_loop: bool = False
    expected: tuple[bytes, ...]


POINTS = {
    "in the middle of the body": Point(call="writev", number=2, expected=(BEFORE,)),
    "before the file is synced": Point(call="fdatasync", expected=(BEFORE,)),
    "before its directory is made": Point(call="mkdir", expected=(BEFORE,)),
    "before the file gets its name": Point(call="rename", expected=(BEFORE,)),
    # The first two are of the directories that this server has not used before.
    "before the name is synced": Point(call="fsync", number=3, expected=(BEFORE,)),
    "before the row is written": Point(call="pwrite64", path=LOG, expected=(BEFORE,)),
    "in the middle of the row": Point(call="pwrite64", number=5, path=LOG, expected=(BEFORE,)),
    "before the row is synced": Point(call="fdatasync", path=LOG, expected=(BEFORE, AFTER)),
    "before the answer": Point(call="write", in_loop=True, expected=(AFTER,)),
    "before the replaced file is deleted": Point(call="unlink", expected=(AFTER,)),
    "before the deletion is recorded": Point(call="fdatasync", number=2, path=LOG, expected=(AFTER,)),
}

LEFT_BEHIND = {
    "in the middle of the body": "staged",
    "before the file is synced": "staged",
    "before its directory is made": "staged",
    "before the file gets its name": "staged",
    "before the name is synced": "orphans",
    "before the row is written": "orphans",
    "in the middle of the row": "orphans",
    "before the replaced file is deleted": "condemned",
}
"""What the dead server's directory must hold, so that the start has something to put right."""


@contextmanager
def killed_at(server: ServerProcess, point: Point, notes: Path) -> Iterator[None]:
    """Stand at a point of a running server; it must have been reached when the context ends."""
    command = [need("strace", "strace"), "-o", "/dev/null", "-e", f"trace={point.call}"]
    command += ["-e", f"inject={point.call}:signal=KILL:when={point.number}"]
    command += [] if point.in_loop else ["-f"]
    command += [] if point.path is None else ["-P", str(server.data_dir / point.path)]
    with notes.open("wb") as stderr:
        tracer = subprocess.Popen([*command, "-p", str(server.pid)], stderr=stderr)
    try:
        wait_until(lambda: _is_attached(tracer, notes), seconds=20, what="strace at its place")
        yield
        wait_until(lambda: not server.is_running, seconds=20, what=f"the server's end at {point.call}")
    finally:
        tracer.send_signal(signal.SIGTERM)
        tracer.wait(20)


def _is_attached(tracer: subprocess.Popen[bytes], notes: Path) -> bool:
    text = notes.read_text()
    if "Operation not permitted" in text and os.environ.get("CI") != "true":
        pytest.skip("this machine lets no process trace another: kernel.yama.ptrace_scope, or run as root")
    assert tracer.poll() is None, text
    return "attached" in text


def upload_into_the_kill(owner: Owner) -> None:
    """Upload; whether the client still gets to read an answer depends on the point."""
    with Connection(owner.server.port) as connection:
        connection.begin("PUT", owner.target("PUT", "key"), length=len(AFTER))
        try:
            connection.send(AFTER)
            assert connection.answer().status == 200
        except (Ended, OSError):
            return


@pytest.mark.parametrize("name", POINTS)
def test_killed(own_server: ServerProcess, tmp_path: Path, name: str) -> None:
    owner, point = Owner(server=own_server), POINTS[name]
    owner.put("key", BEFORE)
    owner.put("bystander", BEFORE)
    own_server.restart()
    with killed_at(own_server, point, tmp_path / "strace.log"):
        upload_into_the_kill(owner)
    own_server.kill()
    left = look_at(own_server.data_dir)

    own_server.start()
    assert owner.get("key") in point.expected
    assert owner.get("bystander") == BEFORE
    assert sorted(owner.keys()) == ["bystander", "key"]
    assert len(wait_until_tidy(own_server.data_dir).files) == 2
    owner.put("key", AFTER)
    assert owner.get("key") == AFTER
    if name in LEFT_BEHIND:
        assert getattr(left, LEFT_BEHIND[name]), "the kill came at another point than was meant"
