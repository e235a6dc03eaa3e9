"""Long bodies of a known length, which are read past the parser: whole, in their order, and with every limit kept."""

import asyncio
import contextlib
import random
import socket
from dataclasses import replace

import pytest

from tests.integration.edge.conftest import Serve
from tests.integration.edge.serving import MIB, PATIENT, Serving, request, until

SOON = 0.3
BODY = random.Random(2).randbytes(3 * MIB + 17)


def upload(path: str, body: bytes, *headers: str) -> bytes:
    return request(f"PUT {path}", f"Content-Length: {len(body)}", *headers, body=body)


@pytest.mark.parametrize("size", [64 * 1024 - 1, 64 * 1024, MIB, MIB + 1, len(BODY)])
async def test_a_body_arrives_whole_and_the_connection_goes_on(patient: Serving, size: int) -> None:
    async with patient.connect() as wire:
        for _ in range(2):
            answer = await wire.exchange(upload("/echo", BODY[:size]))
            assert answer.body == BODY[:size]
        head, body = upload("/echo", BODY[:size]).split(b"\r\n\r\n", 1)
        await wire.send(head + b"\r\n\r\n")
        for start in range(0, size, 300_000):
            await wire.send(body[start : start + 300_000])
            await asyncio.sleep(0)
        assert (await wire.answer()).body == BODY[:size]


async def test_requests_behind_long_bodies_are_told_apart(patient: Serving) -> None:
    async with patient.connect() as wire:
        sending = asyncio.create_task(
            wire.send(upload("/echo", BODY) * 2 + request("GET /scope") + upload("/count", BODY))
        )
        assert (await wire.answer()).body == BODY
        assert (await wire.answer()).body == BODY
        assert (await wire.answer()).body.startswith(b"GET /scope")
        assert (await wire.answer()).body == b"%d" % len(BODY)
        await sending


async def test_a_client_is_told_to_go_on_before_its_long_body(patient: Serving) -> None:
    async with patient.connect() as wire:
        head, body = upload("/echo", BODY, "Expect: 100-continue").split(b"\r\n\r\n", 1)
        await wire.send(head + b"\r\n\r\n")
        assert (await wire.answer()).status == 100
        await wire.send(body)
        assert (await wire.answer()).body == BODY


async def test_a_declined_upgrade_has_a_long_body(patient: Serving) -> None:
    async with patient.connect() as wire:
        upgrade = ("Connection: Upgrade", "Upgrade: h2c")
        assert (await wire.exchange(upload("/echo", BODY, *upgrade))).body == BODY
        assert (await wire.exchange(request("GET /scope"))).status == 200


async def test_a_long_body_that_stops_is_refused(serve: Serve) -> None:
    serving = serve(replace(PATIENT, body_idle_seconds=SOON))
    async with serving.connect() as wire:
        await wire.send(upload("/count", BODY)[: 2 * MIB])
        answer = await wire.answer()
        assert (answer.status, answer.code) == (400, "RequestTimeout")
        assert await wire.ended() == b""
    await until(lambda: len(serving.app.seen) == 1 and serving.app.seen[0].startswith("disconnect after "))


async def test_a_long_body_that_comes_slowly_is_taken(serve: Serve) -> None:
    serving = serve(replace(PATIENT, body_idle_seconds=2 * SOON))
    async with serving.connect() as wire:
        data = upload("/count", BODY[:MIB])
        for start in range(0, len(data), 128 * 1024):  # for more than the limit in all
            await wire.send(data[start : start + 128 * 1024])
            await asyncio.sleep(SOON)
        assert (await wire.answer()).body == b"%d" % MIB


@pytest.mark.parametrize("is_reset", [False, True])
async def test_a_client_that_goes_away_in_a_long_body_is_a_disconnect(patient: Serving, is_reset: bool) -> None:
    with contextlib.closing(socket.create_connection(("127.0.0.1", patient.port))) as client:
        data = upload("/count", BODY)
        await asyncio.to_thread(client.sendall, data[: 2 * MIB])
        if is_reset:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    await until(lambda: len(patient.app.seen) == 1 and patient.app.seen[0].startswith("disconnect after "))
    await until(lambda: not patient.connections)


async def test_an_answer_in_the_middle_of_a_long_body_keeps_the_connection(patient: Serving) -> None:
    async with patient.connect() as wire:
        assert (await wire.exchange(upload("/taste", BODY))).body == b"enough"
        assert (await wire.exchange(request("GET /scope"))).status == 200
