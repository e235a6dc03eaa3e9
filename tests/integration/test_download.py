"""Downloads: what part is sent, what a reader sees while others write, and what is let go when a reader goes."""

import json
from collections.abc import Iterator

import pytest

from tests.integration.conftest import StartServer
from tests.support.connection import Connection
from tests.support.data_dir import wait_until_tidy
from tests.support.owner import Owner, crc64_of, etag_of
from tests.support.process_facts import only_on_linux, open_files
from tests.support.server import ServerProcess
from tests.support.waiting import wait_until

MIB = 1024 * 1024
SMALL = bytes(range(256)) * 4
LARGE = b"".join(number.to_bytes(4) for number in range(3 * MIB // 4 + 1))
HUGE = LARGE * 12
"""More than the buffers of both ends hold together."""


@pytest.fixture(scope="module")
def owner(server: ServerProcess) -> Iterator[Owner]:
    owner = Owner(server=server, bucket="downloads")
    assert owner.ask("PUT", None).status == 200
    owner.put("small", SMALL)
    owner.put("large", LARGE)
    yield owner
    for key in owner.list_keys():
        owner.delete(key)


# -- parts

RANGES = {
    "first byte": ("bytes=0-0", 0, 1),
    "a part": ("bytes=100-299", 100, 200),
    "to the end": ("bytes=1000-", 1000, None),
    "the last byte": ("bytes=-1", -1, 1),
    "the last bytes": ("bytes=-500", -500, 500),
}


@pytest.mark.parametrize("key", ["small", "large"])
@pytest.mark.parametrize("name", RANGES)
def test_a_range(owner: Owner, key: str, name: str) -> None:
    header, start, length = RANGES[name]
    whole = {"small": SMALL, "large": LARGE}[key]
    start %= len(whole)
    expected = whole[start:] if length is None else whole[start : start + length]
    answer = owner.ask("GET", key, headers={"Range": header})
    assert (answer.status, answer.body) == (206, expected)
    assert answer.headers["content-range"] == f"bytes {start}-{start + len(expected) - 1}/{len(whole)}"
    assert answer.headers["etag"] == etag_of(whole)
    assert answer.headers["x-oss-hash-crc64ecma"] == crc64_of(whole)


@pytest.mark.parametrize("edge", [MIB - 1, MIB, MIB + 1, 2 * MIB])
def test_ranges_about_the_pieces_that_are_read(owner: Owner, edge: int) -> None:
    for start, end in ((edge - 1, edge + 1), (0, edge), (edge, len(LARGE) - 1), (1, edge + MIB)):
        answer = owner.ask("GET", "large", headers={"Range": f"bytes={start}-{end}"})
        assert (answer.status, answer.body) == (206, LARGE[start : end + 1])


@pytest.mark.parametrize("key", ["small", "large"])
@pytest.mark.parametrize("header", ["bytes=0-99999999", "bytes=5-2", "bytes=99999999-", "lines=1-2", "bytes=0-1,3-4"])
def test_a_range_that_can_not_be_served_is_the_whole(owner: Owner, key: str, header: str) -> None:
    answer = owner.ask("GET", key, headers={"Range": header})
    assert (answer.status, answer.body) == (200, {"small": SMALL, "large": LARGE}[key])
    assert "content-range" not in answer.headers


def test_a_range_by_the_standard(owner: Owner) -> None:
    standard = {"x-oss-range-behavior": "standard"}
    cut = owner.ask("GET", "small", headers={**standard, "Range": "bytes=1000-99999999"})
    assert (cut.status, cut.body, cut.headers["content-range"]) == (206, SMALL[1000:], "bytes 1000-1023/1024")
    beyond = owner.ask("GET", "small", headers={**standard, "Range": "bytes=1024-"})
    assert (beyond.status, beyond.code) == (416, "InvalidRange")


@pytest.mark.parametrize(("key", "size"), [("small", len(SMALL)), ("large", len(LARGE))])
def test_head_has_the_length_and_no_body(owner: Owner, key: str, size: int) -> None:
    with Connection(owner.server.port) as connection:
        head = connection.ask("HEAD", owner.target("HEAD", key))
        assert (head.status, head.headers["content-length"]) == (200, str(size))
        missing = connection.ask("HEAD", owner.target("HEAD", "missing"))
        assert (missing.status, missing.code, missing.headers["content-length"]) == (404, "NoSuchKey", "0")
        # Had a byte of a body been sent, it would stand before this answer.
        assert connection.ask("GET", owner.target("GET", key)).status == 200


# -- while others write


@pytest.mark.parametrize("change", ["overwritten by a file", "overwritten by a row", "deleted"])
def test_a_reader_gets_what_it_began_with(own_server: ServerProcess, change: str) -> None:
    owner = Owner(server=own_server)
    owner.put("key", HUGE)
    with Connection(own_server.port, receive_bytes=64 * 1024) as connection:
        connection.begin("GET", owner.target("GET", "key"))
        head = connection.read_head()
        beginning = connection.read_body(1000)
        if change == "deleted":
            owner.delete("key")
            assert owner.ask("GET", "key").code == "NoSuchKey"
        else:
            after = LARGE if change == "overwritten by a file" else SMALL
            owner.put("key", after)
            assert owner.get("key") == after
        left = wait_until_tidy(own_server.data_dir).files
        assert len(left) == (1 if change == "overwritten by a file" else 0), "the old file has lost its name already"
        assert beginning + connection.read_body(len(HUGE) - 1000) == HUGE
        assert head.headers["etag"] == etag_of(HUGE)
        # The same connection goes on, and sees what is there now.
        assert connection.ask("HEAD", owner.target("HEAD", "key")).status == (404 if change == "deleted" else 200)


# -- readers that go, or stop


def wait_until_let_go(server: ServerProcess) -> None:
    blobs = server.data_dir / "blobs"
    wait_until(lambda: open_files(server.pid, blobs) == [], seconds=20, what="no blob held open")


@only_on_linux
@pytest.mark.parametrize("is_reset", [False, True], ids=["end", "reset"])
def test_a_reader_that_goes_away_is_let_go(own_server: ServerProcess, is_reset: bool) -> None:
    owner = Owner(server=own_server)
    owner.put("key", HUGE)
    readers = [Connection(own_server.port, receive_bytes=64 * 1024) for _ in range(5)]
    for reader in readers:
        reader.begin("GET", owner.target("GET", "key"))
        assert reader.read_head().status == 200
    assert len(open_files(own_server.pid, own_server.data_dir / "blobs")) == 5
    for reader in readers:
        if is_reset:
            reader.reset()
        else:
            reader.close()
    wait_until_let_go(own_server)
    with Connection(own_server.port) as connection:
        assert "ossicle_requests_in_flight 1.0\n" in connection.ask("GET", "/_ossicle/metrics").body.decode()
    assert owner.get("key") == HUGE
    assert "Traceback" not in own_server.log


@only_on_linux
def test_a_reader_that_stops_reading_is_cut_off(start_server: StartServer) -> None:
    server = start_server(arguments=["--body-idle-seconds", "0.5"])
    owner = Owner(server=server)
    owner.put("key", HUGE)
    with Connection(server.port, receive_bytes=64 * 1024) as connection:
        connection.begin("GET", owner.target("GET", "key"))
        assert connection.read_head().status == 200
        assert len(open_files(server.pid, server.data_dir / "blobs")) == 1
        wait_until_let_go(server)
    assert owner.get("key") == HUGE


@only_on_linux
def test_a_download_that_ends_lets_go_of_its_file(own_server: ServerProcess) -> None:
    owner = Owner(server=own_server)
    owner.put("key", HUGE)
    with Connection(own_server.port) as connection:
        for method, headers in (("GET", {}), ("GET", {"Range": "bytes=5-9"}), ("HEAD", {})):
            connection.begin(method, owner.target(method, "key"), headers)
            connection.answer(is_head=method == "HEAD")
        not_modified = {"If-None-Match": etag_of(HUGE)}
        connection.begin("GET", owner.target("GET", "key"), not_modified)
        assert connection.answer().status == 304
        wait_until_let_go(own_server)


def test_bytes_that_are_gone_are_an_error_and_never_a_short_object(own_server: ServerProcess) -> None:
    owner = Owner(server=own_server)
    owner.put("gone", LARGE)
    owner.put("short", HUGE)
    for blob in (own_server.data_dir / "blobs").rglob("*-*"):
        if blob.stat().st_size == len(LARGE):
            blob.unlink()
        else:
            with blob.open("r+b") as file:
                file.truncate(len(HUGE) - 1)
    answer = owner.ask("GET", "gone")
    assert (answer.status, answer.code) == (500, "InternalError")
    with Connection(own_server.port) as connection:
        connection.begin("GET", owner.target("GET", "short"))
        assert connection.read_head().headers["content-length"] == str(len(HUGE))
        assert len(connection.read_end()) < len(HUGE)
    own_server.terminate()
    failures = [entry["traceback"] for entry in map(json.loads, own_server.log.splitlines()) if "traceback" in entry]
    assert len(failures) == 2, "each is logged, and once"
    assert all("Corrupt: blob" in failure for failure in failures)
