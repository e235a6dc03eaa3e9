"""A disk whose sync fails: nothing more is written by this process, it says so, and a restart goes on with what is sure."""

from pathlib import Path

import pytest

from tests.support.connection import Answer, Connection
from tests.support.data_dir import wait_until_tidy
from tests.support.injection import Place, injected
from tests.support.owner import Owner
from tests.support.server import ServerProcess
from tests.support.waiting import wait_until

MIB = 1024 * 1024
LARGE, SMALL = b"large " * 50_000, b"small " * 10
LOG = "metadata.sqlite3-wal"


def readiness(server: ServerProcess) -> int:
    with Connection(server.port) as connection:
        assert connection.ask("GET", "/_ossicle/healthz").status == 200, "the process itself lives"
        return connection.ask("GET", "/_ossicle/readyz").status


def assert_is_refused(answer: Answer) -> None:
    assert (answer.status, answer.code) == (503, "ServiceUnavailable")
    assert "I/O" not in answer.body.decode()


@pytest.mark.parametrize(
    ("place", "body"),
    [
        (Place(call="fdatasync"), LARGE),
        (Place(call="fsync"), LARGE),
        (Place(call="fdatasync", path=LOG), LARGE),
        (Place(call="fdatasync", path=LOG), SMALL),
    ],
    ids=["file", "directory", "log after a file", "log"],
)
def test_a_sync_that_fails_is_final(lone_server: ServerProcess, tmp_path: Path, place: Place, body: bytes) -> None:
    owner = Owner(server=lone_server)
    owner.put("before", LARGE)
    owner.put("small", SMALL)
    lone_server.restart()
    assert readiness(lone_server) == 200
    with injected(lone_server, place, "error=EIO", tmp_path / "strace.log"):
        assert_is_refused(owner.ask("PUT", "key", body))
    # The disk is well again. What the failed sync has lost of earlier writes, nobody knows.
    assert readiness(lone_server) == 503
    assert_is_refused(owner.ask("PUT", "key", body))
    assert (owner.get("before"), owner.get("small")) == (LARGE, SMALL)
    wait_until(lambda: "has stopped until a restart" in lone_server.log, seconds=5, what="a line that tells why")

    assert lone_server.terminate() == 0
    lone_server.start()
    assert readiness(lone_server) == 200
    assert (owner.get("before"), owner.get("small")) == (LARGE, SMALL)
    if "key" in owner.list_keys():
        assert owner.get("key") == body, "what was not acknowledged may be there, but then whole"
    owner.put("key", body + b".")
    assert owner.get("key") == body + b"."
    wait_until_tidy(lone_server.data_dir)


@pytest.mark.parametrize("number", [1, 3], ids=["first piece", "third piece"])
def test_a_read_that_fails_breaks_the_download_off(lone_server: ServerProcess, tmp_path: Path, number: int) -> None:
    owner = Owner(server=lone_server)
    body = bytes(4 * MIB)
    owner.put("key", body)
    [blob] = [path for path in (lone_server.data_dir / "blobs").rglob("*") if path.is_file()]
    place = Place(call="sendfile", when=str(number), path=str(blob.relative_to(lone_server.data_dir)))
    with injected(lone_server, place, "error=EIO", tmp_path / "strace.log"), Connection(lone_server.port) as connection:
        connection.begin("GET", owner.target("GET", "key"))
        assert connection.read_head().headers["content-length"] == str(len(body))
        received = len(connection.read_end())
        assert (received == 0) == (number == 1)
        assert received < len(body), "an end before the end is no whole object"
    assert owner.get("key") == body
    owner.put("key", SMALL)
    assert readiness(lone_server) == 200
