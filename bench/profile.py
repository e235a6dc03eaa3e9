"""What one small request costs inside the server, in processor time: no network, no load generator, no other process.

The same bytes that a client would send are given to the protocol over a transport that only counts, on the event loop and the stores
of a real server. The cost of reading from and writing to sockets is therefore not in it; `python -m bench` has it.
"""

import asyncio
import cProfile
import os
import pstats
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import uvicorn
import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from ossicle.app.serving import server_configuration
from ossicle.app.settings import ServerSettings
from ossicle.app.wiring import Installation
from ossicle.edge.lines import LineWriter
from ossicle.edge.log import access_log
from ossicle.wire.credentials import Credentials
from ossicle.wire.http import Resource
from ossicle.wire.signing import presign

HOST: Final = "127.0.0.1:9000"
BATCHES: Final = 10
CONNECTIONS: Final = 8
_BUCKET: Final = "bucket"
_OBJECT_BYTES: Final = 4096
_KEYS: Final = 1000
_ROOMS: Final = ("edge", "operations", "services", "stores", "ports", "model", "wire")
_HEADERS: Final = f"Host: {HOST}\r\nUser-Agent: bench/1\r\nAccept: */*\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Processor time of one request in microseconds: of all batches the median and the lowest, and what each room has of the median."""

    title: str
    median: float
    lowest: float
    rooms: dict[str, float]
    functions: list[tuple[str, float]]


class CountingTransport(asyncio.Transport):
    """Takes everything at once, keeps the first bytes of an answer and says when they came."""

    def __init__(self) -> None:
        super().__init__()
        self.head = b""
        self.answered = asyncio.Event()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"peername": ("127.0.0.1", 50000), "sockname": ("127.0.0.1", 9000)}.get(name, default)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not self.answered.is_set():
            self.head = bytes(data[:16])
            self.answered.set()

    def is_closing(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return 0

    def close(self) -> None: ...
    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...
    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None: ...


async def empty_application(scope: Any, receive: Any, send: Any) -> None:
    """Answer with as many bytes, and do nothing for them."""
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-length", b"%d" % _OBJECT_BYTES)],
        }
    )
    await send({"type": "http.response.body", "body": bytes(_OBJECT_BYTES)})


def measure_requests(directory: Path, *, count: int, say: Callable[[str], None]) -> list[Cost]:
    """Return what PUT and GET of 4 KiB and HEAD cost, and beside them an application that does nothing, twice.

    It stands once behind our protocol and once behind uvicorn's own.
    """
    return uvloop.run(_measure(directory, count, say))


async def _measure(directory: Path, count: int, say: Callable[[str], None]) -> list[Cost]:
    settings = ServerSettings(data_dir=directory / "data", bucket=(_BUCKET,), durability="relaxed")
    with (directory / "access.log").open("wb") as log:
        lines = LineWriter(log.fileno(), lambda lost: b"")
        access_log.attach(lines.write)
        installation = await Installation.open(settings)
        try:
            await installation.start()
            return [await _cost(title, work, count, say) for title, work in _works(installation)]
        finally:
            await installation.close()
            access_log.attach(None)
            lines.close(1)


Work = Callable[[int], Awaitable[None]]


def _works(installation: Installation) -> Sequence[tuple[str, Work]]:
    configuration = server_configuration(installation)
    keys = [f"folder/object-{number:06}" for number in range(_KEYS)]
    put = [_request(installation, "PUT", key, os.urandom(_OBJECT_BYTES)) for key in keys]
    get = [_request(installation, "GET", key) for key in keys]
    head = [_request(installation, "HEAD", key) for key in keys]
    empty = uvicorn.Config(
        empty_application, http=configuration.http, interface="asgi3", lifespan="off", log_config=None
    )
    plain = uvicorn.Config(empty_application, http=HttpToolsProtocol, lifespan="off", log_config=None, access_log=False)
    for loaded in (configuration, empty, plain):
        loaded.load()
    return [
        ("PUT 4 KiB", _sender(configuration, put)),
        ("GET 4 KiB", _sender(configuration, get)),
        ("HEAD", _sender(configuration, head)),
        ("empty application", _sender(empty, get)),
        ("empty application, uvicorn's protocol", _sender(plain, get)),
    ]


def _request(installation: Installation, method: str, key: str, body: bytes = b"") -> bytes:
    root = installation.root
    signed = presign(
        method=method,
        resource=Resource(bucket=_BUCKET, key=key.encode()),
        query=(),
        headers=(),
        credentials=Credentials(access_key_id=root.access_key_id, access_key_secret=root.access_key_secret),
        region=installation.settings.region,
        now=datetime.now(UTC),
        expires=timedelta(hours=1),
    )
    length = f"Content-Length: {len(body)}\r\n" if method == "PUT" else ""
    return f"{method} /{_BUCKET}/{key}?{signed.query} HTTP/1.1\r\n{_HEADERS}{length}\r\n".encode() + body


def _sender(configuration: uvicorn.Config, requests: Sequence[bytes]) -> Work:
    """Return what sends so many of the requests, in turn, on each of a few connections."""

    async def send(count: int) -> None:
        await asyncio.gather(*(converse(range(first, count, CONNECTIONS)) for first in range(CONNECTIONS)))

    async def converse(numbers: range) -> None:
        transport = CountingTransport()
        protocol: Any = configuration.http_protocol_class(configuration, ServerState(), {})  # type: ignore[call-arg]  # a string, before it was loaded
        protocol.connection_made(transport)
        for number in numbers:
            transport.answered.clear()
            protocol.data_received(requests[number % len(requests)])
            await transport.answered.wait()
            while not protocol.cycle.response_complete:  # noqa: ASYNC110  # it is, in this turn or in the next one
                await asyncio.sleep(0)
            if not transport.head.startswith(b"HTTP/1.1 200"):
                raise AssertionError(transport.head)
        protocol.connection_lost(None)

    return send


async def _cost(title: str, work: Work, count: int, say: Callable[[str], None]) -> Cost:
    say(f"{title} ...")
    batch = max(1, count // BATCHES)
    await work(batch)
    times = []
    for _ in range(BATCHES):
        started = time.process_time_ns()
        await work(batch)
        times.append((time.process_time_ns() - started) / batch / 1000)
    profile = cProfile.Profile()
    profile.enable()
    await work(batch)
    profile.disable()
    median = statistics.median(times)
    functions = _own_times(profile)
    scale = median / sum(functions.values())  # a profile costs time of its own, in proportion to the calls
    rooms: dict[str, float] = {}
    for (file, _), seconds in functions.items():
        rooms[_room(file)] = rooms.get(_room(file), 0) + seconds * scale
    largest = sorted(functions.items(), key=lambda item: -item[1])
    return Cost(
        title=title,
        median=median,
        lowest=min(times),
        rooms=rooms,
        functions=[(f"{_shown(file)} {name}", seconds * scale) for (file, name), seconds in largest],
    )


def _own_times(profile: cProfile.Profile) -> dict[tuple[str, str], float]:
    """Return the time of each function without those it calls; a built-in's belongs to whoever called it."""
    own: dict[tuple[str, str], float] = {}
    for (file, _, name), (_, _, seconds, _, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        if file != "~":
            own[file, name] = own.get((file, name), 0) + seconds
            continue
        for (caller_file, _, caller_name), (_, _, part, _) in callers.items():
            own[caller_file, caller_name] = own.get((caller_file, caller_name), 0) + part
    return own


def _room(file: str) -> str:
    parts = Path(file).parts
    if "ossicle" in parts:
        room = parts[len(parts) - parts[::-1].index("ossicle")]
        return "wire.signing" if "signing" in parts else room
    if "uvicorn" in parts:
        return "uvicorn"
    return "profile" if file == __file__ else "elsewhere"


def _shown(file: str) -> str:
    return "/".join(Path(file).parts[-3:])


def render_costs(costs: Sequence[Cost]) -> str:
    """Return a Markdown table: rooms down, requests across."""
    rooms = sorted({room for cost in costs for room in cost.rooms}, key=lambda room: -costs[1].rooms.get(room, 0))
    lines = [["µs of processor time", *(cost.title for cost in costs)], ["---", *["---:"] * len(costs)]]
    lines.append(["median", *(f"{cost.median:.1f}" for cost in costs)])
    lines.append(["lowest", *(f"{cost.lowest:.1f}" for cost in costs)])
    lines += [[room, *(f"{cost.rooms.get(room, 0):.1f}" for cost in costs)] for room in rooms]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def render_functions(cost: Cost, limit: int) -> str:
    """Return the functions that cost most by themselves."""
    return "\n".join(f"{microseconds:7.2f} µs  {name}" for name, microseconds in cost.functions[:limit])
