"""Parts of files, sent by the kernel: in their place, as fast as they are taken, and no longer than somebody takes them."""

import asyncio
import contextlib
import os
import socket
import sys
from dataclasses import replace
from typing import Literal

import pytest

from ossicle.edge.limits import EdgeLimits
from tests.integration.edge.conftest import Serve
from tests.integration.edge.serving import FILE, MIB, PATIENT, Serving, request, until
from tests.support.process_facts import only_on_linux

pytestmark = [only_on_linux, pytest.mark.allow_blocking]

SOON = 0.3


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


async def test_a_file_comes_in_its_place(patient: Serving) -> None:
    async with patient.connect() as wire:
        for _ in range(3):
            assert (await wire.exchange(request("GET /file"))).body == FILE
        assert (await wire.exchange(request("GET /scope"))).status == 200


async def test_files_behind_each_other_in_a_queue(patient: Serving) -> None:
    async with patient.connect() as wire:
        await wire.send(request("GET /huge") + request("GET /file") + request("GET /scope") + request("GET /file"))
        assert len((await wire.answer()).body) == 32 * MIB
        assert (await wire.answer()).body == FILE
        assert b"GET /scope" in (await wire.answer()).body
        assert (await wire.answer()).body == FILE


async def test_a_reader_that_takes_nothing_of_a_file_is_cut_off(serve: Serve) -> None:
    serving = serve(replace(PATIENT, write_idle_seconds=SOON))
    with socket.create_connection(("127.0.0.1", serving.port)) as deaf:
        deaf.sendall(request("GET /file"))
        await until(lambda: serving.app.seen == ["file: http.disconnect"])
        await until(lambda: not serving.connections)


async def test_a_reader_that_takes_a_file_slowly_is_served(serve: Serve) -> None:
    serving = serve(replace(PATIENT, write_idle_seconds=2 * SOON))
    async with serving.connect() as wire:
        await wire.send(request("GET /file"))
        await wire.reader.readuntil(b"\r\n\r\n")
        for start in range(0, len(FILE), MIB):  # for more than twice the limit in all
            assert await wire.reader.readexactly(MIB) == FILE[start : start + MIB]
            await asyncio.sleep(SOON / 2)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says how much of a socket's buffer was taken")
async def test_a_reader_that_takes_less_than_the_system_holds_is_served(serve: Serve) -> None:
    serving = serve(replace(PATIENT, write_idle_seconds=2 * SOON))
    async with serving.connect() as wire:
        await wire.send(request("GET /file"))
        await wire.reader.readuntil(b"\r\n\r\n")
        for _ in range(12):  # for three times the limit in all, and never so much that the server could send more
            await wire.reader.readexactly(MIB // 8)
            await asyncio.sleep(SOON / 2)
        assert serving.connections


@pytest.mark.parametrize("how", ["end", "reset"])
async def test_a_client_that_goes_away_in_a_file_is_a_disconnect(
    patient: Serving, how: Literal["end", "reset"]
) -> None:
    await until(lambda: not patient.connections)
    before = descriptors()
    client = socket.create_connection(("127.0.0.1", patient.port))
    with contextlib.closing(client):
        client.sendall(request("GET /file"))
        client.recv(1000)
        await until(lambda: any(c.flow.write_paused for c in patient.connections))
        if how == "reset":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    await until(lambda: patient.app.seen == ["file: http.disconnect"])
    await until(lambda: not patient.connections)
    await until(lambda: descriptors() <= before)  # more may still be closing when it is counted first


async def test_a_client_that_goes_away_with_requests_behind_a_file(patient: Serving) -> None:
    with socket.create_connection(("127.0.0.1", patient.port)) as client:
        client.sendall(request("GET /file") + request("GET /scope"))  # which pauses reading
        await until(lambda: any(c.flow.write_paused for c in patient.connections))
    await until(lambda: patient.app.seen == ["file: http.disconnect"])


async def test_a_file_that_is_shorter_breaks_the_answer_off(patient: Serving) -> None:
    async with patient.connect() as wire:
        await wire.send(request("GET /short_file"))
        assert (await wire.ended()).endswith(b"\r\n\r\nhalf.")
    assert patient.app.seen == ["short"]


async def test_a_stop_ends_a_file_that_nobody_takes(loop_kind: Literal["asyncio", "uvloop"]) -> None:
    limits: EdgeLimits = replace(PATIENT, write_idle_seconds=SOON)
    serving = Serving(loop_kind, limits)
    with socket.create_connection(("127.0.0.1", serving.port)) as deaf:
        deaf.sendall(request("GET /file"))
        await until(lambda: any(c.flow.write_paused for c in serving.connections))
        serving.stop()
        await until(lambda: serving.stopped)
