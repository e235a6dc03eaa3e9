"""What a PUT costs in a bucket of few and of many objects, and what the database takes for one.

The objects are written through the store, in an order that leaves the database's pages as uploads at random would. New keys
fall anywhere among those that are there.
"""

import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.load import Load, Rate, measure
from bench.outcome import Figure, render_rows
from bench.seeding import FilledOssicle, key_of
from bench.servers import running
from bench.target import Ask

CONNECTIONS: Final = 64
_BODY_BYTES: Final = 4096
_REQUESTS_A_SECOND: Final = 15_000
"""More than will be sent: no key is written twice."""
_WARM_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """One run on a bucket of `keys` objects, whose database had taken `seeded_bytes` for them before."""

    keys: int
    seeded_bytes: int
    round: int
    rate: Rate

    @property
    def per_second(self) -> float:
        return self.rate.requests / self.rate.seconds


def measure_growth(
    directory: Path, counts: Sequence[int], *, rounds: int, seconds: float, command: str, say: Callable[[str], None]
) -> list[Growth]:
    """Fill a server with each number of objects, then measure all of them in turn."""
    say(f"writing {' and '.join(f'{keys:,}' for keys in counts)} objects, about half a minute for a million ...")
    peers = [(keys, FilledOssicle(directory, keys, command, label=f"ossicle-{keys}")) for keys in counts]
    found = []
    with running([peer for _, peer in peers]):
        for number in range(rounds):
            for keys, peer in peers if number % 2 == 0 else peers[::-1]:
                os.sync()
                warm_seconds = min(_WARM_SECONDS, seconds)
                asks = _asks(keys, number, round(_REQUESTS_A_SECOND * (warm_seconds + seconds)))
                load = Load(target=peer.target, asks=asks, connections=CONNECTIONS)
                rate = measure(load, warm_seconds=warm_seconds, seconds=seconds)
                growth = Growth(keys=keys, seeded_bytes=peer.seeded_bytes, round=number, rate=rate)
                say(f"round {number + 1}  {keys:>10,} objects  {growth.per_second:8.0f} /s")
                found.append(growth)
    return found


def _asks(keys: int, number: int, count: int) -> list[Ask]:
    chance = random.Random(number)
    return [
        Ask(method="PUT", key=f"{key_of(chance.randrange(keys), keys)}-{number}-{each}", body_bytes=_BODY_BYTES)
        for each in range(count)
    ]


def render_growth(growths: Sequence[Growth]) -> str:
    """Return a Markdown table."""
    rows = []
    for keys in dict.fromkeys(growth.keys for growth in growths):
        mine = [growth for growth in growths if growth.keys == keys]
        used = [growth.rate.server_cpu_ms for growth in mine if growth.rate.server_cpu_ms is not None]
        rows.append(
            [
                f"{keys:,}",
                Figure.of(growth.per_second for growth in mine).show(0),
                Figure.of(used).show(3) if used else "?",
                Figure.of(growth.rate.p99_ms for growth in mine).show(1),
                f"{mine[0].seeded_bytes / 2**20:,.0f}",
                f"{mine[0].seeded_bytes / keys:,.0f}",
            ]
        )
    titles = [
        "objects there",
        "PUT 4 KiB a second",
        "server CPU ms",
        "99 % ms",
        "database MiB",
        "database bytes an object",
    ]
    return render_rows(titles, rows)


def figures_of_growth(growths: Sequence[Growth]) -> dict[str, Figure]:
    """Return the rate at the most objects against the one at the fewest, round by round."""
    fewest, most = min(growth.keys for growth in growths), max(growth.keys for growth in growths)
    few = {growth.round: growth.per_second for growth in growths if growth.keys == fewest}
    return {"growth": Figure.of(it.per_second / few[it.round] for it in growths if it.keys == most)}
