"""That the real server is wired with the limits and refusals of its edge; what they are in full is tested beside the edge."""

import json
import socket

import pytest

from tests.integration.conftest import StartServer
from tests.support.connection import Connection
from tests.support.data_dir import look_at
from tests.support.owner import Owner
from tests.support.server import ServerProcess
from tests.support.waiting import wait_until

MIB = 1024 * 1024
REFUSED_BYTES = 30 * MIB


def metric(server: ServerProcess, name: str) -> float:
    with Connection(server.port) as connection:
        told = connection.ask("GET", "/_ossicle/metrics").body.decode()
    return sum(float(line.rpartition(" ")[2]) for line in told.splitlines() if line.startswith(name))


def test_a_malformed_head_is_refused_in_xml_counted_and_logged(own_server: ServerProcess) -> None:
    with Connection(own_server.port) as connection:
        connection.send(b"GET /demo/key HTTP/1.1\r\nHost: demo.example:1\r\nA: b\r\nB : c\r\n\r\n")
        answer = connection.answer()
        assert connection.read_end() == b""
    assert (answer.status, answer.code) == (400, "InvalidArgument")
    assert answer.headers["server"] == "Ossicle"
    assert answer.error.request_id == answer.headers["x-oss-request-id"]
    assert answer.error.host_id == "demo.example"
    assert metric(own_server, 'ossicle_requests_total{code="InvalidArgument",operation="-"') == 1
    wait_until(lambda: '"message": "refused"' in own_server.log, seconds=5, what="the line of the refusal")
    [line] = [entry for entry in map(json.loads, own_server.log.splitlines()) if entry["message"] == "refused"]
    assert (line["request_id"], line["status"], line["code"]) == (answer.error.request_id, 400, "InvalidArgument")


def test_two_hosts(server: ServerProcess) -> None:
    with Connection(server.port) as connection:
        connection.send(b"GET /demo/key HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\n\r\n")
        answer = connection.answer()
    assert (answer.status, answer.code) == (400, "InvalidArgument")


def test_an_upload_without_a_length(server: ServerProcess) -> None:
    with Connection(server.port) as connection:
        connection.send(b"PUT /demo/key HTTP/1.1\r\nHost: a.example\r\n\r\n")
        answer = connection.answer()
    assert (answer.status, answer.code) == (411, "MissingContentLength")


def test_a_head_that_does_not_end(start_server: StartServer) -> None:
    server = start_server(arguments=["--head-seconds", "0.2"])
    with Connection(server.port) as connection:
        connection.send(b"GET /demo/key HTTP/1.1\r\nHost: a.example\r\nA: ")
        answer = connection.answer()
        assert connection.read_end() == b""
    assert (answer.status, answer.code) == (400, "RequestTimeout")


def test_a_head_that_is_too_long(start_server: StartServer) -> None:
    server = start_server(arguments=["--head-bytes", "2000"])
    with Connection(server.port) as connection:
        answer = connection.ask("GET", "/demo/key", headers={"A": "a" * 2000})
    assert (answer.status, answer.code) == (400, "InvalidArgument")
    with Connection(server.port) as connection:
        assert connection.ask("GET", "/demo/key", headers={"A": "a" * 1500}).code == "AccessDenied"


def test_a_body_that_stops(start_server: StartServer) -> None:
    server = start_server(arguments=["--body-idle-seconds", "0.2"])
    owner = Owner(server=server)
    with Connection(server.port) as connection:
        connection.begin("PUT", owner.target("PUT", "stopped"), length=2 * MIB)
        connection.send(bytes(MIB))
        answer = connection.answer()
    assert (answer.status, answer.code) == (400, "RequestTimeout")
    assert owner.ask("HEAD", "stopped").status == 404


@pytest.mark.parametrize("is_chunked", [False, True], ids=["length", "chunked"])
def test_an_early_refusal_is_read_by_who_sends_thirty_mb_first(own_server: ServerProcess, is_chunked: bool) -> None:
    owner = Owner(server=own_server)
    target = owner.target("PUT", "refused").replace("refused", "another")
    piece = bytes(MIB)
    with Connection(own_server.port) as connection:
        connection.begin("PUT", target, length=None if is_chunked else REFUSED_BYTES)
        for _ in range(REFUSED_BYTES // MIB):
            connection.send(b"%x\r\n%s\r\n" % (MIB, piece) if is_chunked else piece)
        if is_chunked:
            connection.send(b"0\r\n\r\n")
        answer = connection.answer()
        assert (answer.status, answer.code) == (403, "SignatureDoesNotMatch")
        # The body ended within the limits of a drain, so the connection goes on.
        assert connection.ask("GET", "/_ossicle/healthz").body == b"ok\n"
    assert look_at(own_server.data_dir).files == frozenset()
    assert metric(own_server, "ossicle_received_bytes_total") == 0


def test_a_refusal_comes_before_the_body_is_asked_for(server: ServerProcess) -> None:
    target = Owner(server=server).target("PUT", "refused").replace("refused", "another")
    with Connection(server.port) as connection:
        connection.begin("PUT", target, {"Expect": "100-continue"}, length=REFUSED_BYTES)
        answer = connection.read_head()
        assert (answer.status, answer.headers["connection"]) == (403, "close")
        connection.read_body(int(answer.headers["content-length"]))
        assert connection.read_end() == b""


def test_a_body_is_asked_for_when_all_that_can_be_judged_is_judged(server: ServerProcess) -> None:
    owner = Owner(server=server)
    with Connection(server.port) as connection:
        connection.begin("PUT", owner.target("PUT", "expected"), {"Expect": "100-continue"}, length=5)
        assert connection.read_head().status == 100
        connection.send(b"hello")
        assert connection.answer().status == 200
    assert owner.get("expected") == b"hello"


def test_trailers_are_dropped(server: ServerProcess) -> None:
    owner = Owner(server=server)
    with Connection(server.port) as connection:
        connection.begin("PUT", owner.target("PUT", "trailers"), {"Trailer": "x-oss-object-acl"})
        connection.send(b"5\r\nhello\r\n0\r\n")
        connection.send(b"x-oss-object-acl: public-read\r\nx-oss-meta-sneaked: in\r\ncontent-type: text/html\r\n\r\n")
        assert connection.answer().status == 200
        head = connection.ask("HEAD", owner.target("HEAD", "trailers"))
        anonymous = connection.ask("GET", owner.path("trailers"))
    assert "x-oss-meta-sneaked" not in head.headers
    assert head.headers["content-type"] == "application/octet-stream"
    assert (anonymous.status, anonymous.code) == (403, "AccessDenied")


def test_an_upgrade_is_declined_and_its_upload_stored(server: ServerProcess) -> None:
    owner = Owner(server=server)
    upgrade = {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABkAAQAoAAAAAIAAAAA"}
    body = b"java.net.http" * 5000
    with Connection(server.port) as connection:
        assert connection.ask("PUT", owner.target("PUT", "upgrade"), body, upgrade).status == 200
    assert owner.get("upgrade") == body


def test_forwarded_headers_are_believed_from_trusted_proxies_only(start_server: StartServer) -> None:
    forwarded = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    for name, arguments, remote in (
        ("trusting", ["--trusted-proxy", "127.0.0.0/8"], "203.0.113.7"),
        ("plain", [], "127.0.0.1"),
    ):
        server = start_server(name, arguments=arguments)
        with Connection(server.port) as connection:
            answer = connection.ask("GET", "/demo/from-a-proxy", headers=forwarded)
        assert answer.error.host_id == "127.0.0.1"
        server.terminate()
        [line] = [line for line in server.log.splitlines() if "from-a-proxy" in line]
        assert f'"remote": "{remote}"' in line


def test_many_requests_on_one_connection(server: ServerProcess) -> None:
    owner = Owner(server=server)
    with Connection(server.port) as connection:
        for number in range(20):
            body = b"%d" % number * 3000
            assert connection.ask("PUT", owner.target("PUT", "again"), body).status == 200
            assert connection.ask("GET", owner.target("GET", "again")).body == body
            assert connection.ask("GET", owner.target("GET", "never")).code == "NoSuchKey"
        assert connection.ask("DELETE", owner.target("DELETE", "again")).status == 204


def test_a_client_that_says_nothing_holds_nobody_up(start_server: StartServer) -> None:
    server = start_server(arguments=["--head-seconds", "0.2"])
    silent = [socket.create_connection(("127.0.0.1", server.port), timeout=30) for _ in range(50)]
    try:
        Owner(server=server).put("meanwhile", b"body")
        assert [connection.recv(1) for connection in silent] == [b""] * 50
    finally:
        for connection in silent:
            connection.close()
