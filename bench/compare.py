"""The comparison: every work on every peer in turn, round after round, so that the machine's drift meets all alike."""

import http.client
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bench.load import Load, LoadFailed, Rate, block_of, measure, send_each
from bench.machine import load_average, wait_for_quiet
from bench.servers import Peer
from bench.target import Target

KIB: Final = 1024
MIB: Final = 1024 * KIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One kind of load. `keys` bounds how many different keys a run has ready: they all are signed beforehand."""

    name: str
    method: str
    body_bytes: int
    connections: int
    keys: int

    @property
    def title(self) -> str:
        size = f"{self.body_bytes // MIB} MiB" if self.body_bytes >= MIB else f"{self.body_bytes // KIB} KiB"
        return f"{self.method} {size}, {self.connections} connections"


WORKS: Final = (
    Work(name="put-4k-8", method="PUT", body_bytes=4 * KIB, connections=8, keys=40_000),
    Work(name="put-4k-64", method="PUT", body_bytes=4 * KIB, connections=64, keys=60_000),
    Work(name="get-4k-8", method="GET", body_bytes=4 * KIB, connections=8, keys=4_000),
    Work(name="get-4k-64", method="GET", body_bytes=4 * KIB, connections=64, keys=4_000),
    Work(name="put-16m-8", method="PUT", body_bytes=16 * MIB, connections=8, keys=800),
    Work(name="get-16m-8", method="GET", body_bytes=16 * MIB, connections=8, keys=16),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One measurement, with the machine's load average before it."""

    peer: str
    work: Work
    round: int
    rate: Rate
    load_average: float

    @property
    def per_second(self) -> float:
        return self.rate.requests / self.rate.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long, how often, and who is told."""

    rounds: int
    warm_seconds: float
    seconds: float
    patience_seconds: float
    say: Callable[[str], None]


def compare(peers: Sequence[Peer], works: Sequence[Work], plan: Plan) -> list[Run]:
    """Run all works on all peers, which are running."""
    for peer in peers:
        _check(peer.target)
        for body_bytes, count in {(work.body_bytes, work.keys) for work in works if work.method == "GET"}:
            _fill(peer.target, body_bytes, count)
    runs = []
    for number in range(plan.rounds):
        # Who goes first finds the disk as the other one left it: so they take turns at that too.
        order = peers if number % 2 == 0 else peers[::-1]
        for work in works:
            runs += [_run(peer, work, number, plan) for peer in order]
    return runs


def _run(peer: Peer, work: Work, number: int, plan: Plan) -> Run:
    os.sync()  # nobody pays for what another one has left in the page cache
    wait_for_quiet(plan.patience_seconds)
    before = load_average()
    if work.method == "GET":
        keys = _filled_keys(work.body_bytes, work.keys)
    else:
        keys = [f"{work.name}/{number}/{key}" for key in range(work.keys)]
    load = Load(
        target=peer.target, method=work.method, keys=keys, body_bytes=work.body_bytes, connections=work.connections
    )
    rate = measure(load, warm_seconds=plan.warm_seconds, seconds=plan.seconds)
    run = Run(peer=peer.name, work=work, round=number, rate=rate, load_average=before)
    others = "?" if rate.foreign_cpu is None else f"{rate.foreign_cpu:.2f}"
    plan.say(f"round {number + 1}  {work.title:<26} {peer.name:<10} {run.per_second:>10.1f}/s  others {others} CPUs")
    return run


def _filled_keys(body_bytes: int, count: int) -> list[str]:
    return [f"filled/{body_bytes}/{number}" for number in range(count)]


def _fill(target: Target, body_bytes: int, count: int) -> None:
    keys = _filled_keys(body_bytes, count)
    send_each(Load(target=target, method="PUT", keys=keys, body_bytes=body_bytes, connections=8))


def _check(target: Target) -> None:
    """See once that what a server takes is what it gives back: a rate of anything else would be worth nothing."""
    for size in (4 * KIB, 16 * MIB):
        key = f"check/{size}"
        body = block_of(size)
        for method in ("PUT", "GET"):
            status, answer = _ask(target, method, key, body)
            if status != 200 or (method == "GET" and answer != body):
                raise LoadFailed(f"{method} of {size} bytes: status {status}, {answer[:1000]!r}")


def _ask(target: Target, method: str, key: str, body: bytes) -> tuple[int, bytes]:
    (head,) = target.heads(method, [key], len(body))
    path = head.split(b" ")[1].decode("ascii")
    connection = http.client.HTTPConnection(target.host, target.port, timeout=60)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        if method == "PUT":
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body if method == "PUT" else None)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def rates_of(runs: Iterable[Run], peer: str, work: Work) -> list[float]:
    """Return a peer's rates of one work in the order of the rounds."""
    return [run.per_second for run in runs if run.peer == peer and run.work == work]


def ratios(runs: Sequence[Run], peer: str, other: str, work: Work) -> list[float]:
    """Return how many times faster `peer` was than `other`, round by round: the two were a few seconds apart then."""
    pairs = zip(rates_of(runs, peer, work), rates_of(runs, other, work), strict=True)
    return [mine / theirs for mine, theirs in pairs]
