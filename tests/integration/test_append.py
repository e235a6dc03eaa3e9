"""Appends to a real server: by several at once, read while they go on, and killed at every step."""

import re
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from tests.integration.conftest import StartServer
from tests.support.connection import Answer, Connection, Ended
from tests.support.data_dir import wait_until_tidy
from tests.support.injection import KILL, Place, injected
from tests.support.owner import Owner, crc64_of
from tests.support.process_facts import only_on_linux
from tests.support.server import ServerProcess
from tests.support.waiting import wait_until

pytestmark = only_on_linux

NEXT = "x-oss-next-append-position"
LOG = "metadata.sqlite3-wal"
LINE = re.compile(rb"([0-3]) (\d+) x*\n")


def append(owner: Owner, position: int, body: bytes) -> Answer:
    return owner.ask("POST", "log", body, parameters={"append": "", "position": str(position)})


def content(owner: Owner) -> bytes:
    answer = owner.ask("GET", "log")
    assert answer.status == 200
    assert answer.headers["x-oss-hash-crc64ecma"] == crc64_of(answer.body)
    assert answer.headers[NEXT] == str(len(answer.body))
    return answer.body


def write_lines(owner: Owner, writer: int, count: int, width: int) -> None:
    """Append numbered lines, each where the object ends by the last refusal."""
    position, number = 0, 0
    while number < count:
        line = b"%d %d %s\n" % (writer, number, b"x" * width)
        answer = append(owner, position, line)
        position = int(answer.headers[NEXT])
        if answer.status == 200:
            number += 1
        else:
            assert answer.status == 409


@pytest.mark.parametrize("width", [50, 30_000])
def test_many_append_by_several_workers(start_server: StartServer, width: int) -> None:
    owner = Owner(server=start_server(arguments=("--workers", "2")))
    assert append(owner, 0, b"").status == 200
    writers = [threading.Thread(target=write_lines, args=(owner, number, 12, width)) for number in range(4)]
    for writer in writers:
        writer.start()
    before = b""
    while any(writer.is_alive() for writer in writers):
        now = content(owner)
        assert now.startswith(before), "a reader sees what was there, and more"
        before = now
    for writer in writers:
        writer.join()
    lines = LINE.findall(content(owner))
    assert len(lines) == 4 * 12
    for number in b"0", b"1", b"2", b"3":
        assert [line for writer, line in lines if writer == number] == [b"%d" % line for line in range(12)]
    owner.delete("log")
    assert len(wait_until_tidy(owner.server.data_dir).files) == 0


POINTS = {
    "before the file is synced": (Place(call="fdatasync"), False),
    "before the file gets its name": (Place(call="rename"), False),
    "before the row is written": (Place(call="pwrite64", path=LOG), False),
    "in the middle of the row": (Place(call="pwrite64", when="5", path=LOG), False),
    "before the row is synced": (Place(call="fdatasync", path=LOG), None),
    "before the answer": (Place(call="write", in_loop=True), True),
}


@pytest.mark.parametrize("size", [100, 100_000])
@pytest.mark.parametrize("name", POINTS)
def test_killed(quiet_server: ServerProcess, tmp_path: Path, name: str, size: int) -> None:
    owner, (place, is_new) = Owner(server=quiet_server), POINTS[name]
    first, second = b"a" * 5000, b"b" * size
    append(owner, 0, first)
    quiet_server.restart()
    target = owner.target("POST", "log", parameters={"append": "", "position": "5000"})
    with injected(quiet_server, place, KILL, tmp_path / "strace.log"):
        with Connection(quiet_server.port) as connection, suppress(Ended, OSError):
            connection.ask("POST", target, second)
        wait_until(lambda: not quiet_server.is_running, seconds=20, what="the server's end")
    quiet_server.kill()

    quiet_server.start()
    found = content(owner)
    assert found in ((first, first + second) if is_new is None else (first + second,) if is_new else (first,))
    joined = size == 100 or found == first
    assert len(wait_until_tidy(quiet_server.data_dir).files) == (1 if joined else 2)
    assert append(owner, len(found), b"end").status == 200
    assert content(owner) == found + b"end"
