"""A disk without room: uploads are refused honestly, leave nothing, and work again as soon as there is room."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.conftest import StartServer
from tests.support.connection import Answer, Connection
from tests.support.data_dir import look_at, wait_until_tidy
from tests.support.owner import Owner
from tests.support.server import ServerProcess

MIB = 1024 * 1024
DISK_MIB = 16
SMALL, LARGE = b"small " * 1000, bytes(3 * MIB)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A data directory that is a file system of a few MiB."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small file system")
    data_dir = tmp_path / "data"
    data_dir.mkdir(mode=0o700)
    size = f"size={DISK_MIB}m,mode=0700"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "ossicle-test", str(data_dir)], check=False)
    if mounted.returncode != 0:
        pytest.skip("this machine allows no mount")
    yield data_dir
    subprocess.run(["umount", str(data_dir)], check=True)


def fill(disk: Path, left_bytes: int) -> Path:
    """Occupy the disk but for `left_bytes`; return the file to remove."""
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        file.write(bytes(shutil.disk_usage(disk).free - left_bytes))
    assert shutil.disk_usage(disk).free <= left_bytes
    return ballast


def is_ready(server: ServerProcess) -> bool:
    with Connection(server.port) as connection:
        return connection.ask("GET", "/_ossicle/readyz").status == 200


def assert_is_honest(answer: Answer) -> None:
    assert answer.status == 503
    assert answer.code == "ServiceUnavailable"
    assert answer.error.request_id == answer.headers["x-oss-request-id"]
    assert "No space" not in answer.body.decode(), "what the disk lacks is for the log"


def test_large_uploads(small_disk: Path, start_server: StartServer) -> None:
    server = start_server()
    owner = Owner(server=server)
    owner.put("large", LARGE)
    ballast = fill(small_disk, left_bytes=2 * MIB)
    for length in (len(LARGE), None):
        with Connection(server.port) as connection:
            connection.begin("PUT", owner.target("PUT", "large"), length=length)
            if length is None:
                connection.send_chunks([LARGE[:MIB], LARGE[MIB:]])
            else:
                connection.send(LARGE)
            assert_is_honest(connection.answer())
    assert owner.get("large") == LARGE
    assert len(wait_until_tidy(small_disk).files) == 1
    assert is_ready(server)
    assert "no space left for writing a blob" in server.log
    owner.put("small", SMALL)

    ballast.unlink()
    owner.put("large", LARGE[1:])
    assert owner.get("large") == LARGE[1:]
    assert len(wait_until_tidy(small_disk).files) == 1
    assert server.terminate() == 0


def test_small_uploads(small_disk: Path, start_server: StartServer) -> None:
    server = start_server()
    owner = Owner(server=server)
    owner.put("before", SMALL)
    ballast = fill(small_disk, left_bytes=256 * 1024)
    stored = ["before"]
    refused = []
    for number in range(200):
        key = f"{number:03}"
        answer = owner.ask("PUT", key, SMALL)
        if answer.status == 200:
            stored.append(key)
        else:
            assert_is_honest(answer)
            refused.append(key)
    assert len(stored) > 1
    assert refused
    assert is_ready(server), "a full disk is no reason for a restart"

    ballast.unlink()
    owner.put("after", SMALL)
    stored.append("after")
    assert owner.list_keys() == sorted(stored)
    server.kill()
    server.start()
    assert owner.list_keys() == sorted(stored)
    assert [key for key in stored if owner.get(key) != SMALL] == []
    assert server.terminate() == 0


def test_what_frees_room_is_possible_without_room(small_disk: Path, start_server: StartServer) -> None:
    server = start_server()
    owner = Owner(server=server)
    owner.put("large", LARGE)
    fill(small_disk, left_bytes=128 * 1024)
    owner.delete("large")
    assert wait_until_tidy(small_disk).files == frozenset()
    owner.put("another", LARGE[:MIB])
    assert owner.get("another") == LARGE[:MIB]


def test_files_may_not_grow(start_server: StartServer) -> None:
    """The same where no file system can be mounted: a limit on the size of a file."""
    limit = 4 * MIB
    wrapper = ["sh", "-c", f'ulimit -f {limit // 512} && exec "$@"', "sh"]
    server = start_server(wrapper=wrapper)
    owner = Owner(server=server)
    owner.put("key", SMALL)
    for _ in range(3):
        assert_is_honest(owner.ask("PUT", "key", bytes(limit + 1)))
    assert owner.get("key") == SMALL
    assert look_at(server.data_dir).is_tidy
    assert is_ready(server)
    owner.put("key", bytes(limit))
    assert owner.get("key") == bytes(limit)
