"""Parts of files, sent by the kernel from its own memory: the bytes never pass through this process.

Between two parts of a file uvicorn's transport may write as usual; while one is sent it has nothing to write. It lets
nobody else watch its socket, so a duplicate of the descriptor is watched, and used.
"""

import asyncio
import os
import sys
from collections.abc import Mapping
from typing import Any, Final, Protocol

from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from ossicle.edge.bulk import SLOWLY
from ossicle.services.streams import FileSlice

ZERO_COPY: Final = "http.response.zerocopysend"
"""The extension of ASGI, and its message.

Source: https://asgi.readthedocs.io/en/latest/extensions.html#zero-copy-send
"""
_EVERYWHERE: Final[dict[str, dict[object, object]]] = {SLOWLY: {}}
_OFFERED: Final[dict[str, dict[object, object]]] = {ZERO_COPY: {}, **_EVERYWHERE}


class Connection(Protocol):
    """What is needed of a connection: to wait for a slow reader is to pause writing, and bounded as that is."""

    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    flow: FlowControl

    def pause_writing(self) -> None: ...
    def resume_writing(self) -> None: ...


def extensions(scheme: str) -> dict[str, dict[object, object]]:
    """Return the extensions of a scope: files are sent on Linux, where nothing has to be encrypted."""
    return _OFFERED if sys.platform == "linux" and scheme == "http" else _EVERYWHERE


def render_slice(part: FileSlice) -> dict[str, Any]:
    """Return the message of a slice with more of the body to follow."""
    place = {"file": part.descriptor, "offset": part.offset, "count": part.length}
    return {"type": ZERO_COPY, **place, "more_body": True}


def parse_slice(message: Mapping[str, Any]) -> FileSlice | None:
    """Return the slice of a message; None if it is another one."""
    if message["type"] != ZERO_COPY:
        return None
    return FileSlice(descriptor=message["file"], offset=message["offset"], length=message["count"])


async def send_file(connection: Connection, cycle: RequestResponseCycle, part: FileSlice) -> None:
    """Send a slice of a file behind what was written before. A client that goes away ends it early.

    Raises:
        EOFError: the file is shorter.
    """
    await _all_written(connection)
    if _is_over(connection, cycle):
        return
    out = os.dup(connection.transport.get_extra_info("socket").fileno())
    try:
        await _send(connection, cycle, out, part)
    except (ConnectionError, TimeoutError):
        cycle.disconnected = True
        connection.transport.abort()
    finally:
        os.close(out)


async def _send(connection: Connection, cycle: RequestResponseCycle, out: int, part: FileSlice) -> None:
    sent, has_waited = 0, False
    while sent < part.length and not _is_over(connection, cycle):
        try:
            more = os.sendfile(out, part.descriptor, part.offset + sent, part.length - sent)
        except BlockingIOError:
            has_waited = True
            await _writable(connection, out)
            continue
        if not more:
            raise EOFError(f"a file ended at byte {part.offset + sent}, {part.length - sent} bytes early")
        sent += more
    if not has_waited:
        await asyncio.sleep(0)  # a reader as fast as this must not be served alone


def _is_over(connection: Connection, cycle: RequestResponseCycle) -> bool:
    return cycle.disconnected or connection.transport.is_closing()


async def _all_written(connection: Connection) -> None:
    transport = connection.transport
    if transport.get_write_buffer_size():
        await asyncio.sleep(0)  # uvloop writes when its turn ends
    if transport.get_write_buffer_size() and not transport.is_closing():
        transport.set_write_buffer_limits(0)  # pauses writing until all of it has left
        try:
            await connection.flow.drain()
        finally:
            if not transport.is_closing():
                transport.set_write_buffer_limits()


async def _writable(connection: Connection, out: int) -> None:
    connection.pause_writing()
    connection.loop.add_writer(out, connection.resume_writing)
    try:
        await connection.flow.drain()
    finally:
        connection.loop.remove_writer(out)
        connection.resume_writing()
