"""How much memory a server takes above its idle state: for large uploads at once, and for connections that only wait."""

import resource
import socket
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

from bench.load import Load, LoadFailed, send_each
from bench.machine import memory_bytes, peak_resident_bytes, reset_peak_memory, resident_bytes
from bench.outcome import Figure, render_rows
from bench.servers import Peer, ServerFailed
from bench.target import Ask

GIB: Final = 1024**3
MIB: Final = 1024**2
_SPARE_DESCRIPTORS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What was seen, in bytes and seconds: `count` uploads or connections, `body_bytes` for each."""

    title: str
    count: int
    body_bytes: int
    seconds: float
    idle_bytes: int
    peak_bytes: int

    @property
    def above_idle_bytes(self) -> int:
        return self.peak_bytes - self.idle_bytes


def measure_memory(peer: Peer, *, uploads: int, upload_bytes: int, say: Callable[[str], None]) -> Memory:
    """Run that many uploads at once, each of its own key, and look at the peak of the server's processes.

    Raises:
        ServerFailed: this system does not tell the peak.
    """
    target = peer.target
    # One upload first: what a server loads and allocates once, for its first large body, is no cost of an upload.
    send_each(Load(target=target, asks=[Ask(method="PUT", key="first", body_bytes=16 * MIB)], connections=1))
    idle = resident_bytes(target.pid)
    if idle is None or not reset_peak_memory(target.pid):
        raise ServerFailed("the memory of a process can only be read on Linux")
    say(f"{uploads} uploads of {upload_bytes / GIB:g} GiB at once, {peer.name} idle at {idle / 1e6:.0f} MB ...")
    asks = [Ask(method="PUT", key=f"large/{number}", body_bytes=upload_bytes) for number in range(uploads)]
    seconds = send_each(Load(target=target, asks=asks, connections=uploads))
    return Memory(
        title=f"{uploads} uploads of {upload_bytes / GIB:g} GiB at once, peak",
        count=uploads,
        body_bytes=upload_bytes,
        seconds=seconds,
        idle_bytes=idle,
        peak_bytes=_known(peak_resident_bytes(target.pid)),
    )


def measure_idle_connections(peer: Peer, *, connections: int, say: Callable[[str], None]) -> Memory:
    """Let that many connections bring 4 KiB each and stay, and look at the server then. Start the server after `allow_connections`.

    Raises:
        ServerFailed: this system does not tell, or does not allow so many.
        LoadFailed: one of them got no answer.
    """
    target, body_bytes = peer.target, 4096
    send_each(Load(target=target, asks=[Ask(method="PUT", key="idle", body_bytes=body_bytes)], connections=1))
    get = Ask(method="GET", key="idle", body_bytes=body_bytes)
    send_each(Load(target=target, asks=[get] * 10, connections=10))
    (head,) = target.heads([get])
    idle = _known(memory_bytes(target.pid))
    say(f"{connections} connections, {peer.name} idle at {idle / 1e6:.0f} MB ...")
    with ExitStack() as stack:
        for _ in range(connections):
            opened = stack.enter_context(socket.create_connection((target.host, target.port), timeout=30))
            opened.sendall(head)
            _receive(opened, body_bytes)
        return Memory(
            title=f"{connections:,} idle connections, each after one GET of 4 KiB",
            count=connections,
            body_bytes=body_bytes,
            seconds=0,
            idle_bytes=idle,
            peak_bytes=_known(memory_bytes(target.pid)),
        )


def allow_connections(count: int) -> None:
    """Let this process, and the servers that it starts, open so many sockets.

    Raises:
        ServerFailed: this system does not allow it.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = count + _SPARE_DESCRIPTORS
    if soft != resource.RLIM_INFINITY and soft < needed:
        if hard != resource.RLIM_INFINITY and hard < needed:
            raise ServerFailed(f"{needed} open files are needed, {hard} allowed: ulimit -n")
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def _receive(opened: socket.socket, body_bytes: int) -> None:
    received = b""
    while (end := received.find(b"\r\n\r\n")) < 0 or len(received) < end + 4 + body_bytes:
        piece = opened.recv(65536)
        if not piece:
            raise LoadFailed(f"the server closed a connection: {received[:500]!r}")
        received += piece
    if b" 200 " not in received[:16]:
        raise LoadFailed(f"not 200: {received[:500]!r}")


def _known(count: int | None) -> int:
    if count is None:
        raise ServerFailed("the memory of a process can only be read on Linux")
    return count


def render_memory(memories: Sequence[Memory]) -> str:
    """Return a Markdown table."""
    rows = [
        [
            memory.title,
            *(f"{count / MIB:.0f}" for count in (memory.idle_bytes, memory.peak_bytes, memory.above_idle_bytes)),
        ]
        for memory in memories
    ]
    return render_rows(["of all processes, MiB", "idle server", "then", "above idle"], rows)


def figure_of_memory(memory: Memory) -> Figure:
    """Return how many MiB it took above the idle server."""
    return Figure.of([memory.above_idle_bytes / MIB])
