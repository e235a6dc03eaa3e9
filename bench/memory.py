"""How much memory large uploads take: the server's peak above its idle state while all of them run at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bench.load import Load, send_each
from bench.machine import peak_resident_bytes, reset_peak_memory, resident_bytes
from bench.servers import Peer, ServerFailed
from bench.target import Ask

GIB: Final = 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What was seen, in bytes and seconds."""

    uploads: int
    upload_bytes: int
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
    send_each(Load(target=target, asks=[Ask(method="PUT", key="first", body_bytes=16 * 1024**2)], connections=1))
    idle = resident_bytes(target.pid)
    if idle is None or not reset_peak_memory(target.pid):
        raise ServerFailed("the memory of a process can only be read on Linux")
    say(f"{uploads} uploads of {upload_bytes / GIB:g} GiB at once, {peer.name} idle at {idle / 1e6:.0f} MB ...")
    asks = [Ask(method="PUT", key=f"large/{number}", body_bytes=upload_bytes) for number in range(uploads)]
    seconds = send_each(Load(target=target, asks=asks, connections=uploads))
    peak = peak_resident_bytes(target.pid)
    if peak is None:
        raise ServerFailed("the server has gone")
    return Memory(uploads=uploads, upload_bytes=upload_bytes, seconds=seconds, idle_bytes=idle, peak_bytes=peak)
