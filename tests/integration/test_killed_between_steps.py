"""Killed at every step of an upload, and of what follows it: afterwards the object is as before or as after, whole."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.connection import Connection, Ended
from tests.support.data_dir import look_at, wait_until_tidy
from tests.support.injection import KILL, Place, injected
from tests.support.owner import Owner
from tests.support.server import ServerProcess
from tests.support.waiting import wait_until

MIB = 1024 * 1024
BEFORE, AFTER = b"before " * 50_000, b"after! " * (MIB // 2)
LOG = "metadata.sqlite3-wal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Where the server is killed, what may be there afterwards, and what its directory must hold until the next start."""

    place: Place
    expected: tuple[bytes, ...]
    left: str | None = None


POINTS = {
    "in the middle of the body": Point(place=Place(call="writev", when="2"), expected=(BEFORE,), left="staged"),
    "before the file is synced": Point(place=Place(call="fdatasync"), expected=(BEFORE,), left="staged"),
    "before its directory is made": Point(place=Place(call="mkdir"), expected=(BEFORE,), left="staged"),
    "before the file gets its name": Point(place=Place(call="rename"), expected=(BEFORE,), left="staged"),
    # The first two are of the directories that this server has not used before.
    "before the name is synced": Point(place=Place(call="fsync", when="3"), expected=(BEFORE,), left="orphans"),
    "before the row is written": Point(place=Place(call="pwrite64", path=LOG), expected=(BEFORE,), left="orphans"),
    "in the middle of the row": Point(
        place=Place(call="pwrite64", when="5", path=LOG), expected=(BEFORE,), left="orphans"
    ),
    "before the row is synced": Point(place=Place(call="fdatasync", path=LOG), expected=(BEFORE, AFTER)),
    "before the answer": Point(place=Place(call="write", in_loop=True), expected=(AFTER,)),
    "before the replaced file is deleted": Point(place=Place(call="unlink"), expected=(AFTER,), left="condemned"),
    "before the deletion is recorded": Point(place=Place(call="fdatasync", when="2", path=LOG), expected=(AFTER,)),
}


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
def test_killed(quiet_server: ServerProcess, tmp_path: Path, name: str) -> None:
    owner, point = Owner(server=quiet_server), POINTS[name]
    owner.put("key", BEFORE)
    owner.put("bystander", BEFORE)
    quiet_server.restart()
    with injected(quiet_server, point.place, KILL, tmp_path / "strace.log"):
        upload_into_the_kill(owner)
        wait_until(lambda: not quiet_server.is_running, seconds=20, what="the server's end")
    quiet_server.kill()
    if point.left is not None:
        assert getattr(look_at(quiet_server.data_dir), point.left), "the kill came at another point than was meant"

    quiet_server.start()
    assert owner.get("key") in point.expected
    assert owner.get("bystander") == BEFORE
    assert owner.list_keys() == ["bystander", "key"]
    assert len(wait_until_tidy(quiet_server.data_dir).files) == 2
    owner.put("key", AFTER)
    assert owner.get("key") == AFTER
