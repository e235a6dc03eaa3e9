"""A refusal reaches a client that is still sending, and what it sends does not get in the way of its next request."""

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from ossicle.edge.reading import Phase
from tests.integration.edge.conftest import Serve
from tests.integration.edge.serving import MIB, PATIENT, Serving, request, until
from tests.support.tools import need

SOON = 0.3
LARGE = 30 * MIB


def send_all_then_read(
    port: int, data: bytes, body_bytes: int, tls: ssl.SSLContext | None = None, stop: bytes = b"refused"
) -> bytes:
    """Behaves like Java's HttpURLConnection: looks at the answer only when its last byte is sent."""
    received = bytearray()
    plain = socket.create_connection(("127.0.0.1", port), timeout=20)
    with plain if tls is None else tls.wrap_socket(plain) as client:
        client.sendall(data)
        piece = bytes(64 * 1024)
        for _ in range(body_bytes // len(piece)):
            client.sendall(piece)
        while not received.endswith(stop) and (more := client.recv(65536)):
            received += more
    return bytes(received)


@pytest.fixture
async def over_tls(loop_kind: Literal["asyncio", "uvloop"], tmp_path: Path) -> AsyncIterator[Serving]:
    pem = tmp_path / "tls.pem"
    process = await asyncio.create_subprocess_exec(
        need("openssl", "openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
        "-nodes", "-subj", "/CN=localhost", "-keyout", str(pem.with_suffix(".key")), "-out", str(pem),
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert await process.wait() == 0
    serving = await asyncio.to_thread(Serving, loop_kind, PATIENT, pem)
    yield serving
    serving.stop()
    await asyncio.to_thread(serving.join)


@pytest.mark.parametrize("path", ["/refuse", "/refuse_later", "/close"])
@pytest.mark.parametrize("connection", ["keep-alive", "close"])
async def test_client_that_sends_all_before_it_reads_gets_the_refusal(
    patient: Serving, path: str, connection: str
) -> None:
    data = request(f"PUT {path}", f"Content-Length: {LARGE}", f"Connection: {connection}")
    for _ in range(3):
        answer = await asyncio.to_thread(send_all_then_read, patient.port, data, LARGE)
        assert answer.startswith(b"HTTP/1.1 403 ")
        says_close = path == "/close" or connection == "close"
        assert (b"connection: close" in answer.lower()) is says_close


@pytest.mark.parametrize("expect", ["Expect:", "Expect: 100-continue"])
async def test_curl_reads_the_refusal(patient: Serving, tmp_path: Path, expect: str) -> None:
    curl = need("curl", "curl")
    file = tmp_path / "large"
    with file.open("wb") as body:
        body.truncate(LARGE)
    for _ in range(3):
        process = await asyncio.create_subprocess_exec(
            curl, "-sS", "--max-time", "20", "-H", expect, "-T", str(file), "-w", " %{http_code}",
            f"http://127.0.0.1:{patient.port}/refuse", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )  # fmt: skip
        out, err = await process.communicate()
        assert (process.returncode, out, err) == (0, b"refused 403", b"")


@pytest.mark.parametrize("path", ["/refuse", "/refuse_later"])
@pytest.mark.parametrize("chunked", [False, True])
async def test_drained_body_keeps_the_connection(patient: Serving, path: str, chunked: bool) -> None:
    if chunked:
        head, body = request(f"PUT {path}", "Transfer-Encoding: chunked"), b"100000\r\n" + bytes(MIB) + b"\r\n0\r\n\r\n"
    else:
        head, body = request(f"PUT {path}", f"Content-Length: {MIB}"), bytes(MIB)
    async with patient.connect() as wire:
        for _ in range(3):
            await wire.send(head + body[:1000])
            refusal = await wire.answer()
            assert (refusal.status, refusal.headers.get("connection")) == (403, None)
            # The next request comes in the same piece as the end of the body that nobody wants.
            await wire.send(body[1000:] + request("PUT /echo", "Content-Length: 2", body=b"ok"))
            assert (await wire.answer()).body == b"ok"


async def test_body_that_is_there_in_full_needs_no_draining(patient: Serving) -> None:
    async with patient.connect() as wire:
        for _ in range(3):
            refusal = await wire.exchange(request("PUT /refuse", "Content-Length: 5", body=b"hello"))
            assert (refusal.status, refusal.headers.get("connection")) == (403, None)


async def test_answer_while_reading_is_paused_drains_too(patient: Serving) -> None:
    async with patient.connect() as wire:
        await wire.send(request("PUT /held_refuse", f"Content-Length: {8 * MIB}"))
        flood = asyncio.ensure_future(wire.send(bytes(8 * MIB)))
        await until(lambda: any(c.flow.read_paused for c in patient.connections))
        patient.app.released.set()
        assert (await wire.answer()).status == 403
        await flood
        [connection] = [c for c in patient.connections if c.cycle.scope["path"] == "/held_refuse"]
        assert len(connection.cycle.body) == 0
        assert (await wire.exchange(request("GET /count"))).body == b"0"


async def test_drain_ends_after_its_time(serve: Serve) -> None:
    serving = serve(replace(PATIENT, refusal_drain_seconds=SOON))
    async with serving.connect() as wire:
        began = time.monotonic()
        assert (await wire.exchange(request("PUT /refuse", "Content-Length: 10", body=b"half."))).status == 403
        assert await wire.ended() == b""
        assert time.monotonic() - began >= SOON * 0.9


async def test_drain_that_ended_well_leaves_no_clock_behind(serve: Serve) -> None:
    serving = serve(replace(PATIENT, refusal_drain_seconds=SOON))
    async with serving.connect() as wire:
        refusal = await wire.exchange(request("PUT /refuse", "Content-Length: 10", body=b"half."))
        assert (refusal.status, refusal.headers.get("connection")) == (403, None)
        await wire.send(b"half.")
        await asyncio.sleep(1.5 * SOON)
        assert (await wire.exchange(request("GET /count"))).body == b"0"


async def test_drip_does_not_prolong_a_drain(serve: Serve) -> None:
    serving = serve(replace(PATIENT, refusal_drain_seconds=SOON))
    async with serving.connect() as wire, asyncio.TaskGroup() as group:
        assert (await wire.exchange(request("PUT /refuse", "Content-Length: 100000"))).status == 403
        dripping = group.create_task(wire.drip(b"a" * 100_000, SOON / 20))
        await wire.gone()
        dripping.cancel()


async def test_drain_ends_after_its_bytes(serve: Serve) -> None:
    serving = serve(replace(PATIENT, refusal_drain_bytes=MIB, refusal_drain_seconds=20))
    async with serving.connect() as wire:
        refusal = await wire.exchange(request("PUT /refuse", "Transfer-Encoding: chunked", body=b"FFFFFFF\r\n"))
        assert (refusal.status, refusal.headers.get("connection")) == (403, None)
        with pytest.raises(ConnectionError):
            await wire.send(bytes(128 * MIB))


@pytest.mark.parametrize(("left", "keeps"), [(MIB, True), (MIB + 1, False)])
async def test_body_known_to_be_too_long_to_drain_announces_the_close(serve: Serve, left: int, keeps: bool) -> None:
    serving = serve(replace(PATIENT, refusal_drain_bytes=MIB, refusal_drain_seconds=20))
    async with serving.connect() as wire:
        refusal = await wire.exchange(request("PUT /refuse", f"Content-Length: {left}"))
        assert refusal.headers.get("connection") == (None if keeps else "close")
        if not keeps:
            assert await wire.ended() == b""


async def test_keep_alive_time_begins_when_the_drain_ends(serve: Serve) -> None:
    serving = serve(replace(PATIENT, keep_alive_seconds=SOON))
    async with serving.connect() as wire:
        assert (await wire.exchange(request("PUT /refuse", "Content-Length: 10", body=b"half."))).status == 403
        await asyncio.sleep(1.5 * SOON)
        await wire.send(b"half." + request("PUT /refuse", "Content-Length: 10", body=b"half."))
        assert (await wire.answer()).status == 403
        await wire.send(b"half.")
        assert await wire.ended() == b""


async def test_slow_answer_behind_a_drained_body_is_not_idle(serve: Serve) -> None:
    serving = serve(replace(PATIENT, keep_alive_seconds=SOON))
    async with serving.connect() as wire:
        assert (await wire.exchange(request("PUT /refuse", "Content-Length: 10", body=b"half."))).status == 403
        await wire.send(b"half." + request("GET /held"))
        await until(lambda: serving.app.seen == ["held"])
        await asyncio.sleep(2 * SOON)
        serving.app.released.set()
        assert (await wire.answer()).body == b"0"


@pytest.mark.parametrize("connection", ["keep-alive", "close"])
async def test_client_that_sends_all_before_it_reads_gets_the_refusal_over_tls(
    over_tls: Serving, connection: str
) -> None:
    data = request("PUT /refuse", f"Content-Length: {LARGE}", f"Connection: {connection}")
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    for _ in range(3):
        answer = await asyncio.to_thread(send_all_then_read, over_tls.port, data, LARGE, trusting)
        assert answer.startswith(b"HTTP/1.1 403 ")


# Expect: 100-continue


async def test_body_that_was_not_asked_for_ends_the_connection(patient: Serving) -> None:
    async with patient.connect() as wire:
        began = time.monotonic()
        refusal = await wire.exchange(request("PUT /refuse", "Content-Length: 10", "Expect: 100-continue"))
        assert (refusal.status, refusal.headers["connection"]) == (403, "close")
        assert await wire.ended() == b""
        assert time.monotonic() - began < PATIENT.refusal_drain_seconds
        # Whatever follows is never taken for a request.
        await wire.send(request("GET /held"))
    await until(lambda: not patient.connections)
    assert patient.app.seen == []


async def test_client_that_does_not_wait_for_100_reads_the_refusal(patient: Serving) -> None:
    data = request("PUT /refuse", f"Content-Length: {LARGE}", "Expect: 100-continue")
    for _ in range(3):
        answer = await asyncio.to_thread(send_all_then_read, patient.port, data, LARGE)
        assert answer.startswith(b"HTTP/1.1 403 ")


async def test_body_is_asked_for_when_the_application_wants_it(patient: Serving) -> None:
    async with patient.connect() as wire:
        for path, status in [("echo", 200), ("refuse_later", 403)]:
            data = request(f"PUT /{path}", "Content-Length: 10", "Expect: 100-continue")
            assert (await wire.exchange(data)).status == 100
            await wire.send(b"half.")
            if status == 200:
                await wire.send(b"half.")
            found = await wire.answer()
            assert (found.status, found.headers.get("connection")) == (status, None)
        await wire.send(b"half.")
        assert (await wire.exchange(request("GET /count"))).body == b"0"


async def test_expectation_without_a_body_changes_nothing(patient: Serving) -> None:
    async with patient.connect() as wire:
        for _ in range(2):
            refusal = await wire.exchange(request("PUT /refuse", "Content-Length: 0", "Expect: 100-continue"))
            assert (refusal.status, refusal.headers.get("connection")) == (403, None)


# Refusals of the edge itself


async def test_refused_head_is_readable_behind_a_body(patient: Serving) -> None:
    data = request("PUT /echo", "Host: another", f"Content-Length: {LARGE}")

    def upload() -> bytes:
        with socket.create_connection(("127.0.0.1", patient.port)) as client:
            client.settimeout(20)
            client.sendall(data)
            for _ in range(LARGE // MIB):
                client.sendall(bytes(MIB))
            return client.recv(65536)

    for _ in range(3):
        assert (await asyncio.to_thread(upload)).startswith(b"HTTP/1.1 400 ")


async def test_fault_in_a_body_that_nobody_reads_is_readable(patient: Serving) -> None:
    # The fault comes in the same piece as more than what makes the server pause.
    body = b"1A000\r\n" + bytes(0x1A000) + b"\r\nno number\r\n"
    data = request("PUT /held", "Transfer-Encoding: chunked", body=body)
    answer = await asyncio.to_thread(send_all_then_read, patient.port, data, 8 * MIB, stop=b"</Error>")
    assert answer.startswith(b"HTTP/1.1 400 ")


async def test_fault_in_a_body_leaves_the_answer_it_got_readable(patient: Serving) -> None:
    def upload() -> bytes:
        with socket.create_connection(("127.0.0.1", patient.port), timeout=20) as client:
            client.sendall(request("PUT /refuse", "Transfer-Encoding: chunked"))
            while not any(c.phase is Phase.BODY and c.cycle.response_complete for c in patient.connections):
                time.sleep(0.005)
            for _ in range(8):
                client.sendall(b"x" * MIB)
            return client.recv(65536)

    await until(lambda: not patient.connections)
    assert (await asyncio.to_thread(upload)).startswith(b"HTTP/1.1 403 ")


# Shutdown


async def test_shutdown_lets_a_request_finish_and_ends_idle_connections_and_drains(
    loop_kind: Literal["asyncio", "uvloop"],
) -> None:
    serving = await asyncio.to_thread(Serving, loop_kind, replace(PATIENT, refusal_drain_seconds=60))
    async with serving.connect() as busy, serving.connect() as idle, serving.connect() as draining:
        await busy.send(request("PUT /held", "Content-Length: 5", body=b"hel"))
        assert (await idle.exchange(request("GET /count"))).status == 200
        assert (await draining.exchange(request("PUT /refuse", "Content-Length: 5"))).status == 403
        await until(lambda: serving.app.seen == ["held"])
        serving.stop()
        assert await idle.ended() == b""
        assert await draining.ended() == b""
        assert not serving.stopped
        serving.app.released.set()
        await busy.send(b"lo")
        finished = await busy.answer()
        assert (finished.status, finished.body, finished.headers["connection"]) == (200, b"5", "close")
        assert await busy.ended() == b""
    await asyncio.to_thread(serving.join)
