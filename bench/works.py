"""The kinds of load that are compared."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bench.target import Ask

KIB: Final = 1024
MIB: Final = 1024 * KIB
_SLOW_BYTES: Final = 80 * MIB
"""Bytes a second that no server here stays below; some answers of each connection come at this rate."""
_MIXED_BYTES: Final = tuple(KIB * 2**power for power in range(13))
"""1 KiB to 4 MiB, each as often as the others."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Work:
    """One kind of load: the objects that must be there, and the requests of one run.

    Attributes:
        asks: the requests of the run with this number, all signed before it starts; from the first again when they run out.
        filled: what every server stores before anything is measured.
        counts_bytes: whether the rate is one of bytes instead of requests.
        seconds_min: how long a run is counted at least: where answers take seconds, a shorter one would see none or all of them.
    """

    name: str
    title: str
    connections: int
    asks: Callable[[int], Sequence[Ask]]
    filled: Sequence[Ask] = ()
    counts_bytes: bool = False
    seconds_min: float = 0.0

    @property
    def unit(self) -> str:
        return "MB/s" if self.counts_bytes else "/s"

    @property
    def is_read_only(self) -> bool:
        """Whether a server that only gives out files can take part."""
        return all(ask.method == "GET" for ask in self.asks(0))


def _put(name: str, body_bytes: int, connections: int, count: int) -> Work:
    def asks(run: int) -> Sequence[Ask]:
        return [Ask(method="PUT", key=f"{name}/{run}/{key}", body_bytes=body_bytes) for key in range(count)]

    title = f"PUT {_size(body_bytes)}, {connections} connections"
    return Work(
        name=name,
        title=title,
        connections=connections,
        asks=asks,
        counts_bytes=body_bytes >= MIB,
        seconds_min=connections * body_bytes / _SLOW_BYTES,
    )


def _get(name: str, body_bytes: int, connections: int, count: int) -> Work:
    asks = [Ask(method="GET", key=f"filled/{body_bytes}/{key}", body_bytes=body_bytes) for key in range(count)]
    return Work(
        name=name,
        title=f"GET {_size(body_bytes)}, {connections} connections",
        connections=connections,
        asks=lambda _: asks,
        filled=_puts(asks),
        counts_bytes=body_bytes >= MIB,
    )


def _ranges(name: str, object_bytes: int, range_bytes: int, connections: int, count: int) -> Work:
    keys = [f"filled/{object_bytes}/{key}" for key in range(count)]
    starts = range(0, object_bytes, range_bytes)
    return Work(
        name=name,
        title=f"GET {_size(range_bytes)} of {_size(object_bytes)}, {connections} connections",
        connections=connections,
        asks=lambda _: [
            Ask(method="GET", key=key, body_bytes=range_bytes, first_byte=start) for start in starts for key in keys
        ],
        filled=[Ask(method="PUT", key=key, body_bytes=object_bytes) for key in keys],
        counts_bytes=True,
    )


def _mixed(name: str, connections: int, count: int) -> Work:
    """Seven reads to three writes, sizes in turn, order by chance but always the same."""
    stored = [
        Ask(method="GET", key=f"mixed/{size}/{key}", body_bytes=size) for size in _MIXED_BYTES for key in range(16)
    ]

    def asks(run: int) -> Sequence[Ask]:
        chance = random.Random(run)
        return [
            chance.choice(stored)
            if chance.random() < 0.7
            else Ask(method="PUT", key=f"{name}/{run}/{key}", body_bytes=chance.choice(_MIXED_BYTES))
            for key in range(count)
        ]

    title = f"70 % GET, 30 % PUT, 1 KiB to 4 MiB, {connections} connections"
    return Work(name=name, title=title, connections=connections, asks=asks, filled=_puts(stored))


def _puts(asks: Sequence[Ask]) -> list[Ask]:
    return [Ask(method="PUT", key=ask.key, body_bytes=ask.body_bytes) for ask in asks]


def _size(count: int) -> str:
    return f"{count // MIB} MiB" if count >= MIB else f"{count // KIB} KiB"


WORKS: Final = (
    _put("put-4k-8", 4 * KIB, 8, 40_000),
    _put("put-4k-64", 4 * KIB, 64, 60_000),
    _get("get-4k-8", 4 * KIB, 8, 4_000),
    _get("get-4k-64", 4 * KIB, 64, 4_000),
    _put("put-1m-8", MIB, 8, 4_000),
    _put("put-16m-8", 16 * MIB, 8, 800),
    _put("put-256m-8", 256 * MIB, 8, 40),
    _get("get-16m-8", 16 * MIB, 8, 16),
    _ranges("range-1m-8", 16 * MIB, MIB, 8, 16),
    _mixed("mixed-64", 64, 20_000),
)
