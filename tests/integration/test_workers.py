"""Several processes, one server: what one of them acknowledged all of them show, and none of them is needed."""

import os
import re
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.integration.conftest import StartServer
from tests.integration.test_multipart import Sending
from tests.support.connection import Connection, Ended, is_open
from tests.support.data_dir import look_at, wait_until_tidy
from tests.support.owner import Owner
from tests.support.process_facts import children_of, holder_of, only_on_linux
from tests.support.server import ServerFailed, ServerProcess
from tests.support.uploading import part_bytes
from tests.support.waiting import wait_until

pytestmark = only_on_linux

MIB = 1024 * 1024
WORKERS = 2
TWO = ("--workers", str(WORKERS))
CORS = (
    b"<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>"
    b"</CORSConfiguration>"
)
PREFLIGHT = {"Origin": "http://a.example", "Access-Control-Request-Method": "GET"}


@pytest.fixture
def crew(start_server: StartServer) -> ServerProcess:
    """A server of two workers."""
    return start_server(arguments=TWO)


class Ways:
    """A kept connection to each worker of a server."""

    def __init__(self, server: ServerProcess, opened: ExitStack) -> None:
        self.server = server
        self.by_worker: dict[int, Connection] = {}
        workers = children_of(server.pid)
        assert len(workers) == WORKERS
        for _ in range(WORKERS):
            connection = opened.enter_context(Connection(server.port))
            assert connection.ask("GET", "/_ossicle/healthz").status == 200
            holder = holder_of(workers, server.port, connection.local_port)
            assert holder is not None
            self.by_worker[holder] = connection
        assert sorted(self.by_worker) == sorted(workers), "given in turn"

    @property
    def pair(self) -> tuple[Connection, Connection]:
        first, second = self.by_worker.values()
        return first, second


@pytest.fixture
def ways(crew: ServerProcess) -> Iterator[Ways]:
    with ExitStack() as opened:
        yield Ways(crew, opened)


def metric(server: ServerProcess, name: str) -> float:
    with Connection(server.port) as connection:
        text = connection.ask("GET", "/_ossicle/metrics").body.decode()
    return sum(float(value) for value in re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.MULTILINE))


def replaced(server: ServerProcess, gone: int) -> Callable[[], bool]:
    """Whether another worker has come in the place of one."""

    def is_replaced() -> bool:
        workers = children_of(server.pid)
        return gone not in workers and len(workers) == WORKERS

    return is_replaced


# -- together


def test_connections_are_spread_evenly(crew: ServerProcess) -> None:
    workers = children_of(crew.pid)
    with ExitStack() as opened:
        connections = [opened.enter_context(Connection(crew.port)) for _ in range(8)]
        for connection in connections:
            assert connection.ask("GET", "/_ossicle/readyz").status == 200
        held = Counter(holder_of(workers, crew.port, connection.local_port) for connection in connections)
    assert held == dict.fromkeys(workers, 4)


def test_what_one_has_stored_the_other_shows(ways: Ways) -> None:
    owner = Owner(server=ways.server)
    for turn in range(20):
        writing, reading = ways.pair if turn % 2 else ways.pair[::-1]
        for key, body in (("small", b"%d" % turn), ("large", b"%06d" % turn * 10_000)):
            assert writing.ask("PUT", owner.target("PUT", key), body).status == 200
            assert reading.ask("GET", owner.target("GET", key)).body == body
        assert writing.ask("DELETE", owner.target("DELETE", "small")).status == 204
        assert reading.ask("GET", owner.target("GET", "small")).code == "NoSuchKey"


def test_a_bucket_s_change_through_one_is_seen_by_the_other(ways: Ways) -> None:
    one, other = ways.pair
    owner = Owner(server=ways.server, bucket="changing")
    acl = {"x-oss-acl": "public-read"}
    assert one.ask("PUT", owner.target("PUT", None)).status == 200
    assert one.ask("PUT", owner.target("PUT", "key"), b"body").status == 200
    assert other.ask("GET", owner.path("key")).code == "AccessDenied"
    assert one.ask("PUT", owner.target("PUT", None, headers=acl), headers=acl).status == 200
    assert other.ask("GET", owner.path("key")).status == 200

    assert other.ask("OPTIONS", owner.path("key"), headers=PREFLIGHT).status == 403
    assert one.ask("PUT", owner.target("PUT", None, parameters={"cors": ""}), CORS).status == 200
    assert other.ask("OPTIONS", owner.path("key"), headers=PREFLIGHT).status == 200

    assert one.ask("DELETE", owner.target("DELETE", "key")).status == 204
    assert one.ask("DELETE", owner.target("DELETE", None)).status == 204
    assert other.ask("GET", owner.target("GET", "key")).code == "NoSuchBucket"


def test_any_worker_tells_the_metrics_of_all(ways: Ways) -> None:
    owner = Owner(server=ways.server)
    for connection in ways.pair:
        for _ in range(3):
            assert connection.ask("PUT", owner.target("PUT", "key"), b"12345").status == 200
    counted = 'ossicle_requests_total{code="",operation="PutObject",status="200"}'
    # A request is counted after its answer has left, and so perhaps after the next one has come to the other worker.
    wait_until(lambda: metric(ways.server, "ossicle_received_bytes_total") == 30.0, seconds=5, what="the last count")
    for connection in ways.pair:
        text = connection.ask("GET", "/_ossicle/metrics").body.decode()
        assert f"{counted} 6.0" in text
        assert 'ossicle_request_seconds_count{operation="PutObject"} 6.0' in text
        assert "ossicle_received_bytes_total 30.0" in text
        assert "ossicle_requests_in_flight 1.0" in text


def test_a_slow_reader_in_one_is_not_robbed_by_the_other(ways: Ways) -> None:
    reading, writing = ways.pair
    owner = Owner(server=ways.server)
    bodies = {number: part_bytes(number, 4 * MIB) for number in range(1, 9)}
    sending = Sending.begin(owner, "key")
    for number, body in bodies.items():
        sending.put(number, body)
    assert sending.complete(bodies) == (200, "")
    reading.begin("GET", owner.target("GET", "key"))
    length = int(reading.read_head().headers["content-length"])
    assert writing.ask("PUT", owner.target("PUT", "key"), b"another").status == 200
    assert writing.ask("PUT", owner.target("PUT", "large"), bytes(MIB)).status == 200
    assert writing.ask("DELETE", owner.target("DELETE", "large")).status == 204
    # What nobody reads goes, so the collector has been there.
    wait_until(lambda: len(look_at(ways.server.data_dir).condemned) < 9, seconds=20, what="a collection")
    assert reading.read_body(length) == b"".join(bodies.values())
    assert wait_until_tidy(ways.server.data_dir).files == frozenset()


# -- a worker's end


def test_a_killed_worker_is_replaced_and_nothing_acknowledged_is_lost(crew: ServerProcess) -> None:
    owner = Owner(server=crew)
    kept: dict[str, bytes] = {}
    has_ended = threading.Event()

    def upload(writer: int) -> None:
        number = 0
        while not has_ended.is_set():
            number += 1
            key, body = f"{writer}-{number}", b"%d." % number * (20 if number % 2 else 20_000)
            with suppress(OSError, Ended):
                if owner.ask("PUT", key, body).status == 200:
                    kept[key] = body

    threads = [threading.Thread(target=upload, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    try:
        for death in range(1, 4):
            least = 20 * death
            wait_until(lambda: len(kept) >= least, seconds=30, what="uploads")  # noqa: B023 -- called in this round only
            victim = children_of(crew.pid)[0]
            os.kill(victim, signal.SIGKILL)
            wait_until(replaced(crew, victim), seconds=20, what="a new worker")
    finally:
        has_ended.set()
        for thread in threads:
            thread.join(30)
    assert {key: owner.get(key) for key in kept} == kept
    wait_until_tidy(crew.data_dir)
    assert metric(crew, "ossicle_requests_in_flight") == 1.0
    assert crew.log.count("another one takes its place") == 3
    assert crew.terminate() == 0
    assert look_at(crew.data_dir).is_tidy


def test_an_upload_that_dies_with_its_worker_leaves_nothing(ways: Ways) -> None:
    owner = Owner(server=ways.server)
    owner.put("key", b"old")
    victim, connection = next(iter(ways.by_worker.items()))
    connection.begin("PUT", owner.target("PUT", "key"), length=8 * MIB)
    connection.send(bytes(4 * MIB))
    wait_until(lambda: look_at(ways.server.data_dir).staged != frozenset(), seconds=20, what="a staged file")
    os.kill(victim, signal.SIGKILL)
    with pytest.raises((Ended, ConnectionError)):
        connection.answer()
    wait_until(replaced(ways.server, victim), seconds=20, what="a new worker")
    wait_until_tidy(ways.server.data_dir)
    assert owner.get("key") == b"old"


def test_counters_outlive_the_worker_that_counted(ways: Ways) -> None:
    owner = Owner(server=ways.server)
    for connection in ways.pair:
        assert connection.ask("PUT", owner.target("PUT", "key"), b"body").status == 200
    wait_until(lambda: metric(ways.server, "ossicle_received_bytes_total") == 8.0, seconds=5, what="the last count")
    for victim in ways.by_worker:
        os.kill(victim, signal.SIGKILL)
        wait_until(replaced(ways.server, victim), seconds=20, what="a new worker")
    assert metric(ways.server, "ossicle_received_bytes_total") == 8.0


def test_workers_that_die_at_once_end_the_server(crew: ServerProcess) -> None:
    def kill_all() -> bool:
        with suppress(FileNotFoundError, ProcessLookupError):
            for worker in children_of(crew.pid):
                os.kill(worker, signal.SIGKILL)
        return not crew.is_running

    wait_until(kill_all, seconds=30, what="the server's end")
    assert crew.wait(1) == 1
    assert "in a row ended soon after their start: the server stops" in crew.log


# -- the keeper's end


def test_workers_end_when_their_keeper_is_killed(crew: ServerProcess) -> None:
    owner = Owner(server=crew)
    owner.put("key", b"old")
    workers = children_of(crew.pid)
    with Connection(crew.port) as running:
        running.begin("PUT", owner.target("PUT", "key"), length=8 * MIB)
        running.send(bytes(4 * MIB))
        wait_until(lambda: look_at(crew.data_dir).staged != frozenset(), seconds=20, what="a staged file")
        os.kill(crew.pid, signal.SIGKILL)
        wait_until(lambda: not is_open(crew.port), seconds=20, what="a closed port")
        with pytest.raises(ServerFailed, match="is in use by another process"):
            ServerProcess(crew.data_dir, arguments=TWO).start()
        running.send(bytes(4 * MIB))
        assert running.answer().status == 200, "what runs may end"
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers), seconds=20, what="the workers' end")
    crew.start()
    assert owner.get("key") == bytes(8 * MIB)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_a_signal_to_all_of_them_is_one_stop(ways: Ways, number: signal.Signals) -> None:
    server, owner = ways.server, Owner(server=ways.server)
    running = ways.pair[0]
    running.begin("PUT", owner.target("PUT", "key"), length=8 * MIB)
    running.send(bytes(4 * MIB))
    wait_until(lambda: look_at(server.data_dir).staged != frozenset(), seconds=20, what="a staged file")
    os.killpg(os.getpgid(server.pid), number)
    wait_until(lambda: not is_open(server.port), seconds=20, what="no more connections")
    running.send(bytes(4 * MIB))
    assert running.answer().status == 200
    assert server.wait(20) == 0
    assert "Traceback" not in server.log


def test_a_second_interrupt_waits_for_nobody(ways: Ways) -> None:
    server, owner = ways.server, Owner(server=ways.server)
    running = ways.pair[0]
    running.begin("PUT", owner.target("PUT", "key"), length=8 * MIB)
    running.send(bytes(4 * MIB))
    wait_until(lambda: look_at(server.data_dir).staged != frozenset(), seconds=20, what="a staged file")
    server.signal(signal.SIGINT)
    wait_until(lambda: not is_open(server.port), seconds=20, what="no more connections")
    server.signal(signal.SIGINT)
    assert server.wait(10) == 0, "long before the limit of 30 s"


def test_one_worker_is_the_server_itself(start_server: StartServer) -> None:
    server = start_server(arguments=["--workers", "1"])
    assert children_of(server.pid) == []
    with Connection(server.port) as connection:
        assert connection.ask("GET", "/_ossicle/readyz").status == 200
        assert holder_of([server.pid], server.port, connection.local_port) == server.pid


def test_it_says_once_that_it_is_ready(crew: ServerProcess) -> None:
    assert crew.output.count("endpoint ") == 1
    assert len(children_of(crew.pid)) == WORKERS, "the process that the ready file names is the keeper"
