"""Paced bodies on a real connection: TCP holds the client up, and none of the fast ways goes round it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from ossicle.services.intake import IntakeLimits
from ossicle.services.pacing import Pacing
from ossicle.stores.filesystem import FilesystemBlobStore
from tests.integration.edge.conftest import Serve
from tests.integration.edge.serving import MIB, PATIENT, Serving, Wire, until
from tests.support.inprocess import FrozenClock, InProcessServer, build_server

pytestmark = pytest.mark.allow_blocking

SOON = 0.3
BITS = 8_388_608
STEP = BITS // 64
BODY = bytes(range(256)) * (32 * MIB // 256)
TARGET = f"/bucket/key?x-oss-traffic-limit={BITS}"


class Gate:
    """A pacing whose waits end when a test lets them."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.is_open = False

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        await until(lambda: self.is_open)


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
async def paced(gate: Gate, tmp_path: Path) -> AsyncIterator[InProcessServer]:
    """A server whose clock for paces stands still, on real files."""
    blobs = await FilesystemBlobStore.open_root(tmp_path / "data", threads=2)
    limits = IntakeLimits(small_body_bytes=64, object_bytes_max=64 * MIB)
    pacing = Pacing(lambda: 0.0, gate.sleep)
    server = build_server(blobs=blobs, limits=limits, pacing=pacing, clock=FrozenClock())
    await server.put_bucket("bucket")
    yield server
    await blobs.close()


def serve_it(serving: Serving, server: InProcessServer) -> None:
    setattr(serving.app, "bucket", server.edge)  # noqa: B010 -- by the first segment of the path


async def begin(wire: Wire, server: InProcessServer, method: str, target: str, body: bytes = b"") -> None:
    head = [f"{method} {server.presigned(method, target, host='b.example')} HTTP/1.1", "Host: b.example"]
    if body:
        head.append(f"Content-Length: {len(body)}")
    await wire.send("\r\n".join([*head, "", ""]).encode())
    wire.writer.write(body)


async def test_an_upload_that_is_ahead_fills_the_buffers_and_waits(
    serve: Serve, paced: InProcessServer, gate: Gate
) -> None:
    serving = serve(replace(PATIENT, body_idle_seconds=SOON))
    serve_it(serving, paced)
    async with serving.connect() as wire:
        await begin(wire, paced, "PUT", TARGET, BODY)
        await until(lambda: gate.waits)
        [connection] = serving.connections
        await until(lambda: connection.flow.read_paused)
        held = asyncio.get_running_loop().time() + 2 * SOON
        await until(lambda: asyncio.get_running_loop().time() > held)  # longer than a silent client would be given
        assert len(gate.waits) == 1
        assert gate.waits[0] < 8 * MIB / 2 / BITS  # no mebibyte was gathered
        assert connection.body_left is not None
        assert connection.body_left > len(BODY) - MIB // 2
        assert wire.writer.transport.get_write_buffer_size() > 0  # the client could not send what it has
        assert serving.refused == []
        gate.is_open = True
        assert (await wire.answer()).status == 200
    assert sum(gate.waits) > 0
    assert (await paced.call("GET", "/bucket/key")).body == BODY


async def test_a_download_from_a_file_stops_after_each_step(
    patient: Serving, paced: InProcessServer, gate: Gate
) -> None:
    await paced.put_object("/bucket/key", BODY[:MIB])
    serve_it(patient, paced)
    async with patient.connect() as wire:
        await begin(wire, paced, "GET", TARGET)
        await wire.reader.readuntil(b"\r\n\r\n")
        assert await wire.reader.readexactly(STEP) == BODY[:STEP]
        await until(lambda: gate.waits)
        assert gate.waits == [pytest.approx(STEP * 8 / BITS)]
        [connection] = patient.connections
        assert connection.transport.get_write_buffer_size() == 0
        gate.is_open = True
        assert await wire.reader.readexactly(MIB - STEP) == BODY[STEP:MIB]
    assert len(gate.waits) == MIB // STEP - 1


async def test_a_client_that_goes_away_while_it_is_held_up_is_forgotten(
    patient: Serving, paced: InProcessServer, gate: Gate
) -> None:
    serve_it(patient, paced)
    async with patient.connect() as wire:
        await begin(wire, paced, "PUT", TARGET, BODY)
        await until(lambda: gate.waits)
        wire.writer.transport.abort()
        gate.is_open = True
        await until(lambda: not patient.connections)
    assert (await paced.call("GET", "/bucket/key")).status == 404
