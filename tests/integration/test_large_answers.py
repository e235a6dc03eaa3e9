"""Objects that lie in files of their own, on their way out of the real server, by the kernel or through the process."""

import json
import os
import random
from pathlib import Path

import pytest

from tests.integration.conftest import StartServer
from tests.support.connection import Connection, Ended
from tests.support.owner import Owner
from tests.support.process_facts import only_on_linux, open_files
from tests.support.server import ServerProcess
from tests.support.waiting import wait_until

MIB = 1024 * 1024
SIZES = (64 * 1024, 64 * 1024 + 1, MIB, 5 * MIB + 7)


def content(size: int) -> bytes:
    return random.Random(size).randbytes(size)


@pytest.fixture(scope="module")
def owner(server: ServerProcess) -> Owner:
    owner = Owner(server=server)
    for size in SIZES:
        owner.put(f"large {size}", content(size))
    return owner


@pytest.fixture
def blob(own_server: ServerProcess) -> Path:
    """The file of an object called `large`."""
    Owner(server=own_server).put("large", content(3 * MIB))
    [path] = (path for path in (own_server.data_dir / "blobs").rglob("*") if path.is_file())
    return path


def test_whole_and_in_parts_on_one_connection(owner: Owner) -> None:
    with Connection(owner.server.port) as connection:
        for size in SIZES:
            key, body = f"large {size}", content(size)
            assert connection.ask("GET", owner.target("GET", key)).body == body
            for first, last in [(0, 0), (size // 2, size // 2 + MIB), (1, size - 2), (size - 1, size + 5)]:
                ranged = {"Range": f"bytes={first}-{min(last, size - 1)}"}
                answer = connection.ask("GET", owner.target("GET", key, headers=ranged), headers=ranged)
                assert (answer.status, answer.body) == (206, body[first : last + 1])
            head = connection.ask("HEAD", owner.target("HEAD", key))
            assert (head.status, head.headers["content-length"]) == (200, str(size))


def test_requests_that_wait_behind_a_file(owner: Owner) -> None:
    keys = [f"large {size}" for size in (*SIZES, *reversed(SIZES))]
    with Connection(owner.server.port) as connection:
        for key in keys:
            connection.send(f"GET {owner.target('GET', key)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        for key in keys:
            assert connection.answer().body == content(int(key.partition(" ")[2]))


def test_the_log_tells_the_bytes_of_a_file(own_server: ServerProcess, blob: Path) -> None:
    Owner(server=own_server).get("large")

    def sent() -> list[int]:
        lines = (json.loads(line) for line in own_server.log.splitlines())
        return [line["sent_bytes"] for line in lines if line.get("operation") == "GetObject"]

    wait_until(lambda: sent() == [3 * MIB], seconds=20, what="a line of the request")


@pytest.mark.parametrize("left_bytes", [0, MIB, 3 * MIB - 1])
def test_a_file_that_is_shorter_than_its_row_breaks_the_answer_off(
    own_server: ServerProcess, blob: Path, left_bytes: int
) -> None:
    owner = Owner(server=own_server)
    os.truncate(blob, left_bytes)
    with Connection(own_server.port) as connection:
        connection.begin("GET", owner.target("GET", "large"), length=None)
        assert connection.read_head().status == 200
        with pytest.raises(Ended):
            connection.read_body(3 * MIB)
    assert Owner(server=own_server).ask("GET", None).status == 200
    wait_until(lambda: "Corrupt" in own_server.log, seconds=20, what="a line of the failure")


@only_on_linux
def test_a_file_that_is_not_in_memory_is_read_from_the_disk(own_server: ServerProcess, blob: Path) -> None:
    with blob.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    for _ in range(2):
        assert Owner(server=own_server).get("large") == content(3 * MIB)


@only_on_linux
def test_an_object_that_is_deleted_while_it_is_read_is_read_to_its_end(start_server: StartServer) -> None:
    server = start_server()
    owner = Owner(server=server)
    owner.put("large", content(32 * MIB))
    [blob] = (path for path in (server.data_dir / "blobs").rglob("*") if path.is_file())
    with Connection(server.port, receive_bytes=64 * 1024) as connection:
        connection.begin("GET", owner.target("GET", "large"), length=None)
        assert connection.read_head().status == 200
        owner.delete("large")
        wait_until(lambda: not blob.exists(), seconds=20, what="a blob that is unlinked")
        assert connection.read_body(32 * MIB) == content(32 * MIB)
    wait_until(
        lambda: not any(path.endswith("(deleted)") for path in open_files(server.pid, server.data_dir / "blobs")),
        seconds=20,
        what="a file that is closed",
    )
