"""Memory is bounded by the number of requests, not by the size of what they carry."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.support.connection import Connection
from tests.support.data_dir import wait_until_tidy
from tests.support.owner import Owner
from tests.support.process_facts import forget_peak, only_on_linux, peak_bytes, resident_bytes
from tests.support.server import ServerProcess

pytestmark = [only_on_linux, pytest.mark.slow, pytest.mark.timeout(180)]

MIB = 1024 * 1024
GROWTH_BYTES_MAX = 64 * MIB
PIECE = bytes(range(256)) * (MIB // 256)


@pytest.fixture
def owner(own_server: ServerProcess) -> Owner:
    """Of a server that has loaded and allocated what it needs for its work anyway."""
    owner = Owner(server=own_server)
    for _ in range(2):
        owner.put("warm", PIECE * 8)
        owner.get("warm")
    owner.delete("warm")
    return owner


@contextmanager
def bounded_growth(pid: int) -> Iterator[None]:
    """Fail when the peak of what happens inside is too far above what there was before."""
    before = resident_bytes(pid)
    forget_peak(pid)
    yield
    growth = peak_bytes(pid) - before
    assert growth < GROWTH_BYTES_MAX, f"{growth / MIB:.0f} MiB more than the {before / MIB:.0f} MiB before"


def upload(owner: Owner, key: str, size_mib: int, *, is_chunked: bool) -> None:
    with Connection(owner.server.port) as connection:
        connection.begin("PUT", owner.target("PUT", key), length=None if is_chunked else size_mib * MIB)
        if is_chunked:
            connection.send_chunks(PIECE for _ in range(size_mib))
        else:
            for _ in range(size_mib):
                connection.send(PIECE)
        assert connection.answer().status == 200


def test_one_large_upload(owner: Owner) -> None:
    with bounded_growth(owner.server.pid):
        upload(owner, "large", 512, is_chunked=True)
    assert owner.ask("HEAD", "large").headers["content-length"] == str(512 * MIB)
    owner.delete("large")
    wait_until_tidy(owner.server.data_dir)


def test_several_uploads_at_once(owner: Owner) -> None:
    with bounded_growth(owner.server.pid), ThreadPoolExecutor(8) as pool:
        running = [pool.submit(upload, owner, f"{n}", 128, is_chunked=n % 2 == 0) for n in range(8)]
        for done in running:
            done.result()
    assert len(owner.list_keys()) == 8
    for key in owner.list_keys():
        owner.delete(key)
    wait_until_tidy(owner.server.data_dir)


def test_one_chunk_as_large_as_the_upload(owner: Owner) -> None:
    with bounded_growth(owner.server.pid), Connection(owner.server.port) as connection:
        connection.begin("PUT", owner.target("PUT", "chunk"))
        connection.send(b"%x\r\n" % (200 * MIB))
        for _ in range(200):
            connection.send(PIECE)
        connection.send(b"\r\n0\r\n\r\n")
        assert connection.answer().status == 200
    owner.delete("chunk")


def test_large_downloads_and_readers_that_stop(owner: Owner) -> None:
    upload(owner, "large", 256, is_chunked=False)
    with bounded_growth(owner.server.pid):
        stopped = [Connection(owner.server.port, receive_bytes=64 * 1024) for _ in range(8)]
        try:
            for connection in stopped:
                connection.begin("GET", owner.target("GET", "large"))
                assert connection.read_head().status == 200
            with Connection(owner.server.port) as connection:
                connection.begin("GET", owner.target("GET", "large"))
                connection.read_head()
                for _ in range(256):
                    assert connection.read_body(MIB) == PIECE
        finally:
            for connection in stopped:
                connection.close()
    owner.delete("large")


def test_large_refused_uploads(owner: Owner) -> None:
    def refused() -> None:
        with Connection(owner.server.port) as connection:
            connection.begin("PUT", owner.target("PUT", "key").replace("key", "kez"), length=48 * MIB)
            for _ in range(48):
                connection.send(PIECE)
            assert connection.answer().status == 403

    with bounded_growth(owner.server.pid):
        threads = [threading.Thread(target=refused) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
