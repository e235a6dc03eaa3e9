"""The comparison: every work on every peer in turn, round after round, so that the machine's drift meets all alike."""

import http.client
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from bench.load import Load, LoadFailed, Rate, block_of, measure
from bench.machine import load_average, wait_for_quiet
from bench.servers import Peer
from bench.target import Ask, Target
from bench.works import KIB, MIB, Work


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
        """What this work counts: requests, or megabytes."""
        counted = self.rate.body_bytes / 1e6 if self.work.counts_bytes else self.rate.requests
        return counted / self.rate.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long, how often, and who is told."""

    rounds: int
    warm_seconds: float
    seconds: float
    patience_seconds: float
    say: Callable[[str], None]


def compare(peers: Sequence[Peer], works: Sequence[Work], plan: Plan) -> list[Run]:
    """Run all works on all peers, none of which is running; a peer takes part in what it can do.

    Every run has a server of its own on an empty directory, which goes with it: no run finds what others have left, and the
    disk has to hold the bytes of one.
    """
    runs = []
    for number in range(plan.rounds):
        # Who goes first finds the disk as the other one left it: so they take turns at that too.
        order = peers if number % 2 == 0 else peers[::-1]
        for work in works:
            for peer in order:
                if peer.takes(work):
                    with peer:
                        runs.append(_run(peer, work, number, plan))
    return runs


def check(peer: Peer) -> None:
    """See once that what a running server takes is what it gives back: a rate of anything else would be worth nothing.

    Raises:
        LoadFailed: it is something else.
    """
    for size in (4 * KIB, 16 * MIB):
        stored = Ask(method="PUT", key=f"check/{size}", body_bytes=size)
        peer.fill([stored])
        status, answer = _get(peer.target, stored)
        if status != 200 or answer != block_of(size):
            raise LoadFailed(f"{peer.name} gave back {size} bytes with status {status}: {answer[:1000]!r}")


def _run(peer: Peer, work: Work, number: int, plan: Plan) -> Run:
    if peer.gives_back:
        peer.fill(work.filled)
    os.sync()  # nobody pays for what another one has left in the page cache
    wait_for_quiet(plan.patience_seconds)
    before = load_average()
    load = Load(target=peer.target, asks=work.asks(number), connections=work.connections)
    rate = measure(load, warm_seconds=plan.warm_seconds, seconds=max(plan.seconds, work.seconds_min))
    run = Run(peer=peer.name, work=work, round=number, rate=rate, load_average=before)
    others = "?" if rate.foreign_cpu is None else f"{rate.foreign_cpu:.2f}"
    plan.say(
        f"round {number + 1}  {work.title:<46} {peer.name:<10} {run.per_second:>10.1f} {work.unit}  others {others} CPUs"
    )
    return run


def _get(target: Target, stored: Ask) -> tuple[int, bytes]:
    (path,) = target.paths([replace(stored, method="GET")])
    connection = http.client.HTTPConnection(target.host, target.port, timeout=60)
    try:
        connection.putrequest("GET", path, skip_accept_encoding=True)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def rates_of(runs: Iterable[Run], peer: str, work: Work) -> list[float]:
    """Return a peer's rates of one work in the order of the rounds; none of a work it took no part in."""
    return [run.per_second for run in runs if run.peer == peer and run.work == work]


def ratios(runs: Sequence[Run], peer: str, other: str, work: Work) -> list[float]:
    """Return how many times faster `peer` was than `other`, round by round: the two were a few seconds apart then; none if it took no part."""
    mine, others = rates_of(runs, peer, work), rates_of(runs, other, work)
    pairs = zip(mine, others, strict=True) if mine and others else ()
    return [own / theirs for own, theirs in pairs]
