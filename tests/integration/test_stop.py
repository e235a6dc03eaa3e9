"""How a server stops: what runs may finish within a limit, nothing new begins, and nobody idle is waited for."""

import signal
import time

import pytest

from tests.integration.conftest import StartServer
from tests.support.connection import Connection, Ended, is_open
from tests.support.data_dir import look_at, staged_bytes, wait_until_tidy
from tests.support.owner import Owner
from tests.support.server import ServerProcess
from tests.support.waiting import wait_until

MIB = 1024 * 1024
SIGNALS = [signal.SIGTERM, signal.SIGINT]
OLD, NEW = b"old " * 50_000, b"new " * MIB
PROMPT_SECONDS = 8.0
"""Longer than a stop takes on a busy machine, shorter than any limit that a test here waits for in vain."""


def refuses_connections(server: ServerProcess) -> bool:
    return not is_open(server.port)


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_running_upload_finishes_and_nothing_new_begins(lone_server: ServerProcess, number: signal.Signals) -> None:
    owner = Owner(server=lone_server)
    owner.put("key", OLD)
    with Connection(lone_server.port) as running, Connection(lone_server.port) as idle:
        assert idle.ask("GET", "/_ossicle/readyz").status == 200
        running.begin("PUT", owner.target("PUT", "key"), length=len(NEW))
        running.send(NEW[: 2 * MIB])
        wait_until(lambda: look_at(lone_server.data_dir).staged != frozenset(), seconds=20, what="a staged file")
        lone_server.signal(number)
        wait_until(lambda: refuses_connections(lone_server), seconds=20, what="no more connections")
        assert idle.read_end() == b"", "a connection without a request is closed at once"
        assert lone_server.is_running
        running.send(NEW[2 * MIB :])
        answer = running.answer()
        assert (answer.status, answer.headers["connection"]) == (200, "close")
        assert running.read_end() == b""
    assert lone_server.wait(PROMPT_SECONDS) == 0
    assert look_at(lone_server.data_dir).is_tidy
    lone_server.start()
    assert owner.get("key") == NEW


def test_a_running_download_finishes(own_server: ServerProcess) -> None:
    owner = Owner(server=own_server)
    body = bytes(range(256)) * (32 * MIB // 256)
    owner.put("key", body)
    with Connection(own_server.port, receive_bytes=64 * 1024) as connection:
        connection.begin("GET", owner.target("GET", "key"))
        length = int(connection.read_head().headers["content-length"])
        own_server.signal(signal.SIGTERM)
        wait_until(lambda: refuses_connections(own_server), seconds=20, what="no more connections")
        assert connection.read_body(length) == body
    assert own_server.wait(PROMPT_SECONDS) == 0


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_the_limit_cuts_what_takes_longer(start_server: StartServer, number: signal.Signals) -> None:
    server = start_server(arguments=["--shutdown-seconds", "1"])
    owner = Owner(server=server)
    owner.put("key", OLD)
    with Connection(server.port) as uploading, Connection(server.port) as small:
        uploading.begin("PUT", owner.target("PUT", "key"), length=len(NEW))
        uploading.send(NEW[: 2 * MIB])
        small.begin("PUT", owner.target("PUT", "key"), length=10)
        small.send(b"half.")
        wait_until(lambda: staged_bytes(server.data_dir) >= MIB, seconds=20, what="a part of the upload")
        server.signal(number)
        assert server.wait(1 + PROMPT_SECONDS) == 0
        for connection in (uploading, small):
            answer = connection.answer()
            assert (answer.status, answer.code) == (503, "ServiceUnavailable")
    assert "Traceback" not in server.log
    assert look_at(server.data_dir).is_tidy, "the stop threw away what it cut"
    server.start()
    assert owner.get("key") == OLD
    assert len(wait_until_tidy(server.data_dir).files) == 1


def test_a_download_that_nobody_reads_is_cut_as_well(start_server: StartServer) -> None:
    server = start_server(arguments=["--shutdown-seconds", "1"])
    owner = Owner(server=server)
    owner.put("key", bytes(64 * MIB))
    with Connection(server.port, receive_bytes=64 * 1024) as connection:
        connection.begin("GET", owner.target("GET", "key"))
        assert connection.read_head().status == 200
        assert server.terminate() == 0
        with pytest.raises((Ended, ConnectionError)):
            connection.read_body(64 * MIB)
    assert "Traceback" not in server.log
    assert '"operation": "GetObject"' in server.log
    assert '"code": "ServiceUnavailable"' in server.log


def test_idle_connections_hold_nobody_up(own_server: ServerProcess) -> None:
    idle = [Connection(own_server.port) for _ in range(20)]
    try:
        for connection in idle[:10]:
            assert connection.ask("GET", "/_ossicle/healthz").status == 200
        idle[10].send(b"GET /demo/half-a-head HTTP/1.1\r\nHost: a")
        began = time.monotonic()
        own_server.signal(signal.SIGTERM)
        assert own_server.wait(PROMPT_SECONDS) == 0
        assert time.monotonic() - began < PROMPT_SECONDS
        assert [connection.read_end() for connection in idle] == [b""] * len(idle)
    finally:
        for connection in idle:
            connection.close()


def test_a_refused_upload_that_goes_on_sending_holds_nobody_up(own_server: ServerProcess) -> None:
    owner = Owner(server=own_server)
    with Connection(own_server.port) as connection:
        connection.begin("PUT", owner.target("PUT", "key").replace("key", "kez"), length=50 * MIB)
        connection.send(bytes(MIB))
        assert connection.answer().status == 403
        own_server.signal(signal.SIGTERM)
        assert own_server.wait(PROMPT_SECONDS) == 0


def test_a_stopped_server_can_be_started_on_the_same_port_at_once(own_server: ServerProcess) -> None:
    port = own_server.port
    for round_number in range(2):
        Owner(server=own_server).put(f"{round_number}", OLD)
        assert own_server.terminate() == 0
        own_server.start()
        assert own_server.port == port
