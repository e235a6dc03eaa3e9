"""Every wait and every buffer of a connection ends: clients that are slow, greedy, silent or gone."""

import asyncio
import socket
from dataclasses import replace

import pytest

from ossicle.edge.reading import Phase
from tests.integration.edge.conftest import Serve
from tests.integration.edge.serving import MIB, PATIENT, Serving, request, until

SOON = 0.3
READ_AT_ONCE = 256 * 1024  # of asyncio and of uvloop
HIGH_WATER = 64 * 1024


# The head


async def test_head_that_drips_in_is_refused_in_time(serve: Serve) -> None:
    serving = serve(replace(PATIENT, head_seconds=SOON))
    async with serving.connect() as wire, asyncio.TaskGroup() as group:
        dripping = group.create_task(wire.drip(request("GET /count", "X-A: " + "a" * 100_000), SOON / 20))
        refusal = await wire.answer()
        assert (refusal.status, refusal.code) == (400, "RequestTimeout")
        assert await wire.ended() == b""
        dripping.cancel()
    assert serving.refused == ["RequestTimeout"]


async def test_line_ends_do_not_keep_a_connection_waiting_for_a_head(serve: Serve) -> None:
    serving = serve(replace(PATIENT, head_seconds=SOON))
    async with serving.connect() as wire, asyncio.TaskGroup() as group:
        assert (await wire.exchange(request("GET /count"))).body == b"0"
        dripping = group.create_task(wire.drip(b"\r\n" * 100_000, SOON / 20))
        await wire.gone()
        dripping.cancel()


async def test_connection_that_sends_nothing_is_closed_without_a_word(serve: Serve) -> None:
    serving = serve(replace(PATIENT, head_seconds=SOON))
    async with serving.connect() as wire:
        assert await wire.ended() == b""
    assert serving.refused == []


async def test_next_head_is_timed_from_its_first_byte(serve: Serve) -> None:
    serving = serve(replace(PATIENT, head_seconds=SOON))
    async with serving.connect() as wire:
        assert (await wire.exchange(request("GET /count"))).body == b"0"
        await asyncio.sleep(2 * SOON)  # the keep-alive time runs here, not the head's
        assert (await wire.exchange(request("GET /count"))).body == b"0"
        assert (await wire.exchange(b"GET /count HTTP/1.1\r\n")).code == "RequestTimeout"


async def test_half_a_head_behind_a_slow_answer_is_not_late(serve: Serve) -> None:
    serving = serve(replace(PATIENT, head_seconds=SOON))
    head = request("GET /scope")
    async with serving.connect() as wire:
        await wire.send(request("GET /held") + head[:10])
        await until(lambda: serving.app.seen)
        await asyncio.sleep(2 * SOON)
        serving.app.released.set()
        assert (await wire.answer()).body == b"0"
        await wire.send(head[10:])
        assert (await wire.answer()).status == 200


async def test_idle_connection_is_closed_between_requests(serve: Serve) -> None:
    serving = serve(replace(PATIENT, keep_alive_seconds=SOON))
    async with serving.connect() as wire:
        assert (await wire.exchange(request("GET /count"))).body == b"0"
        assert await wire.ended() == b""


@pytest.mark.parametrize("pieces", [1, 7])
async def test_head_over_the_limit_is_refused(patient: Serving, pieces: int) -> None:
    fitting = request("GET /count", "X-A: " + "a" * (PATIENT.head_bytes - 100))
    async with patient.connect() as wire:
        assert (await wire.exchange(fitting)).status == 200
    async with patient.connect() as wire:
        data = request("GET /count", *["X-A: " + "a" * 20_000] * 5)
        for i in range(pieces):
            await wire.send(data[len(data) * i // pieces : len(data) * (i + 1) // pieces])
            await asyncio.sleep(0.001)
        refusal = await wire.answer()
        assert (refusal.status, refusal.code) == (400, "InvalidArgument")


@pytest.mark.parametrize(
    "beginning",
    [
        request("GET /count")[:-2] + b"X-A: ",
        request("GET /count")[:-2] + b"X-",
        b"GET /",
        b"\r\n",
        request("PUT /count", "Transfer-Encoding: chunked", body=b"1\r\na\r\n0\r\nX-A: "),
        request("PUT /count", "Transfer-Encoding: chunked", body=b"1;"),
    ],
    ids=["value", "name", "target", "line ends", "trailer", "chunk extension"],
)
async def test_endless_framing_is_refused_and_not_kept(patient: Serving, beginning: bytes) -> None:
    endless = b"\r\n" * 4096 if beginning == b"\r\n" else b"a" * 8192
    async with patient.connect() as wire:
        await wire.send(beginning)
        for _ in range(2 * (PATIENT.head_bytes + READ_AT_ONCE) // len(endless)):
            await wire.send(endless)
        refusal = await wire.answer()
        assert (refusal.status, refusal.code) == (400, "InvalidArgument")
    assert patient.refused == ["InvalidArgument"]


async def test_requests_queue_up_to_a_limit(serve: Serve) -> None:
    serving = serve(replace(PATIENT, pipelined_requests=3))
    async with serving.connect() as wire:
        await wire.send(request("GET /held") + request("GET /count") * 1000)
        serving.app.released.set()
        for _ in range(4):
            assert (await wire.answer()).body == b"0"
        refusal = await wire.answer()
        assert (refusal.status, refusal.code) == (503, "ActiveRequestLimitExceeded")
        assert await wire.ended() == b""


# The body


async def test_body_that_stops_is_refused_and_looks_like_a_disconnect(serve: Serve) -> None:
    serving = serve(replace(PATIENT, body_idle_seconds=SOON, refusal_drain_seconds=60))
    async with serving.connect() as wire:
        refusal = await wire.exchange(request("PUT /count", "Content-Length: 10", body=b"half."))
        assert (refusal.status, refusal.code, refusal.headers["connection"]) == (400, "RequestTimeout", "close")
        assert await wire.ended() == b""
        await until(lambda: serving.app.seen == ["disconnect after 5"])
    assert serving.refused == ["RequestTimeout"]


async def test_body_that_stops_behind_a_begun_answer_ends_the_connection(serve: Serve) -> None:
    serving = serve(replace(PATIENT, body_idle_seconds=SOON))
    async with serving.connect() as wire:
        await wire.send(request("PUT /started", "Content-Length: 10", body=b"half."))
        assert (await wire.ended()).endswith(b"\r\n\r\nhalf.")
        await until(lambda: serving.app.seen == ["disconnect after 5"])
    assert serving.refused == []


async def test_body_that_keeps_coming_is_never_late(serve: Serve) -> None:
    serving = serve(replace(PATIENT, body_idle_seconds=SOON))
    async with serving.connect() as wire:
        await wire.send(request("PUT /count", "Content-Length: 40"))
        await wire.drip(b"a" * 40, SOON / 20)  # for twice the limit in all
        assert (await wire.answer()).body == b"40"


async def test_client_that_waits_for_us_is_never_late(serve: Serve) -> None:
    serving = serve(replace(PATIENT, body_idle_seconds=SOON))
    async with serving.connect() as wire:
        await wire.send(request("PUT /held", f"Content-Length: {MIB}"))
        await until(lambda: serving.app.seen == ["held"])
        sending = asyncio.ensure_future(wire.send(b"a" * MIB))
        await asyncio.sleep(3 * SOON)
        serving.app.released.set()
        assert (await wire.answer()).body == b"%d" % MIB
        await sending


@pytest.mark.parametrize("behind", [b"", request("PUT /count", "Content-Length: 10", body=b"half.")])
async def test_waiting_for_a_disconnect_is_not_waiting_for_a_body(serve: Serve, behind: bytes) -> None:
    serving = serve(replace(PATIENT, body_idle_seconds=SOON))
    async with serving.connect() as wire:
        await wire.send(request("GET /wait") + behind)
        await until(lambda: serving.app.seen == ["waiting"])
        await asyncio.sleep(2 * SOON)
        assert serving.app.seen == ["waiting"]
        assert all(c.phase is not Phase.HALTED for c in serving.connections)
    await until(lambda: serving.app.seen == ["waiting", "http.disconnect"])


async def test_body_that_nobody_asks_for_is_not_kept(patient: Serving) -> None:
    async with patient.connect() as wire:
        await wire.send(request("PUT /held", f"Content-Length: {64 * MIB}"))
        await until(lambda: patient.app.seen == ["held"])
        flood = asyncio.ensure_future(wire.send(b"a" * (64 * MIB)))
        [connection] = [c for c in patient.connections if c.phase is Phase.BODY]
        await until(lambda: connection.flow.read_paused)
        assert HIGH_WATER < len(connection.cycle.body) <= HIGH_WATER + READ_AT_ONCE
        assert not flood.done()
        patient.app.released.set()
        assert (await wire.answer()).body == b"%d" % (64 * MIB)
        await flood


async def test_client_that_goes_away_is_a_disconnect(patient: Serving) -> None:
    async with patient.connect() as wire:
        await wire.send(request("PUT /count", "Content-Length: 10", body=b"half."))
        await until(lambda: any(c.body_left == 5 for c in patient.connections))
    await until(lambda: patient.app.seen == ["disconnect after 5"])
    await until(lambda: not patient.connections)


async def test_client_that_goes_away_with_requests_in_the_queue_is_a_disconnect(patient: Serving) -> None:
    async with patient.connect() as wire:
        await wire.send(request("GET /wait") + request("GET /count"))
        await until(lambda: patient.app.seen == ["waiting"])
    await until(lambda: patient.app.seen == ["waiting", "http.disconnect"])


# The answer


async def test_reader_that_takes_nothing_is_cut_off(serve: Serve) -> None:
    serving = serve(replace(PATIENT, write_idle_seconds=SOON))
    with socket.create_connection(("127.0.0.1", serving.port)) as deaf:
        deaf.sendall(request("GET /large"))
        await until(lambda: serving.app.seen == ["large: http.disconnect"])
        await until(lambda: not serving.connections)


async def test_reader_that_is_slow_is_served(serve: Serve) -> None:
    serving = serve(replace(PATIENT, write_idle_seconds=2 * SOON))
    async with serving.connect() as wire:
        await wire.send(request("GET /huge"))
        assert (await wire.reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
        for _ in range(16):  # for more than twice the limit in all
            await wire.reader.readexactly(2 * MIB)
            await asyncio.sleep(SOON / 4)


async def test_close_does_not_wait_for_a_reader_for_ever(serve: Serve) -> None:
    serving = serve(replace(PATIENT, write_idle_seconds=SOON))
    with socket.create_connection(("127.0.0.1", serving.port)) as deaf:
        deaf.sendall(request("GET /brim"))
        await until(lambda: serving.app.seen == ["brim: True"])
        await until(lambda: not serving.connections)
