"""What a lifecycle takes that expires many objects, and what uploads feel of it meanwhile.

The objects are written through the store, old enough to be expired; the server does that by itself a minute after its start. Uploads go on all
the time, in windows: those before the first object went show what they cost without it.
"""

import asyncio
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.load import Load, measure
from bench.machine import peak_resident_bytes, reset_peak_memory, resident_bytes
from bench.outcome import render_rows
from bench.seeding import FilledOssicle
from bench.servers import ServerFailed
from bench.target import Ask
from ossicle.ports import Transaction
from ossicle.stores.sqlite import SqliteMetadataStore
from ossicle.wire.api.bucket_lifecycle import (
    LIFECYCLE,
    LifecycleConfiguration,
    LifecycleRule,
    LifecycleRuleExpiration,
)

CONNECTIONS: Final = 8
_BODY_BYTES: Final = 4096
_REQUESTS_A_SECOND: Final = 8_000
"""More than will be sent: no key is written twice."""
_RULE: Final = LifecycleRule(id="old", prefix="folder-", status="Enabled", expiration=LifecycleRuleExpiration(days=30))


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Some seconds of uploads, when they ended, and how many of the old objects were left then."""

    ended_at: float
    seconds: float
    left: int
    per_second: float
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """A whole run. Memory is that of all processes of the server, in bytes."""

    keys: int
    windows: tuple[Window, ...]
    idle_bytes: int
    peak_bytes: int

    @property
    def seconds(self) -> float:
        """How long objects went, to the length of a window."""
        return self.busy[-1].ended_at - self.busy[0].ended_at + self.busy[0].seconds

    @property
    def quiet(self) -> list[Window]:
        """The windows before the first object went."""
        return [window for window in self.windows if window.left == self.keys]

    @property
    def busy(self) -> list[Window]:
        """The windows in which objects went."""
        return [window for window in self.windows if window.left < self.keys]


class AgedOssicle(FilledOssicle):
    """The server on a bucket of old objects, with a rule that expires them."""

    def _prepare(self) -> None:
        super()._prepare()
        asyncio.run(self._put_rule())

    async def _put_rule(self) -> None:
        document = LIFECYCLE.render(LifecycleConfiguration(rules=(_RULE,)))

        def put(transaction: Transaction) -> None:
            transaction.put_bucket_config(1, LIFECYCLE.kind, document)

        store = await SqliteMetadataStore.open(self._directory / "data", lambda: datetime.now(UTC), durable=False)
        try:
            await store.transact(put)
        finally:
            await store.close()

    def count_left(self) -> int:
        """Return how many of the old objects are there."""
        path = self._directory / "data" / "metadata.sqlite3"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            statement = (
                "SELECT count(*) FROM head WHERE key >= CAST('folder-' AS BLOB) AND key < CAST('folder.' AS BLOB)"
            )
            (count,) = connection.execute(statement).fetchone()
        return int(count)


def measure_expiry(directory: Path, keys: int, *, seconds: float, command: str, say: Callable[[str], None]) -> Expiry:
    """Let a server expire that many objects while uploads go on, in windows of so many seconds.

    Raises:
        ServerFailed: this system does not tell the memory of a process.
    """
    say(f"writing {keys:,} objects, about half a minute for a million ...")
    with AgedOssicle(directory, keys, command) as server:
        pid = server.target.pid
        idle = resident_bytes(pid)
        if idle is None or not reset_peak_memory(pid):
            raise ServerFailed("the memory of a process can only be read on Linux")
        windows: list[Window] = []
        while not windows or windows[-1].left > 0:
            count = round(seconds * _REQUESTS_A_SECOND)
            asks = [
                Ask(method="PUT", key=f"new/{len(windows)}-{each}", body_bytes=_BODY_BYTES) for each in range(count)
            ]
            load = Load(target=server.target, asks=asks, connections=CONNECTIONS)
            rate = measure(load, warm_seconds=0.0, seconds=seconds)
            window = Window(
                ended_at=time.monotonic(),
                seconds=seconds,
                left=server.count_left(),
                per_second=rate.requests / rate.seconds,
                p50_ms=rate.p50_ms,
                p99_ms=rate.p99_ms,
            )
            say(f"{window.left:>10,} left  {window.per_second:7.0f} PUT a second  99 % {window.p99_ms:6.1f} ms")
            windows.append(window)
        peak = peak_resident_bytes(pid) or 0
    return Expiry(keys=keys, windows=tuple(windows), idle_bytes=idle, peak_bytes=peak)


def render_expiry(expiry: Expiry) -> str:
    """Return a Markdown table."""
    titles = ["", "PUT 4 KiB a second", "50 % ms", "99 % ms"]
    rows = [_row("before", expiry.quiet), _row("meanwhile", expiry.busy)]
    memory = f"{expiry.idle_bytes / 2**20:.0f} MiB before, at most {expiry.peak_bytes / 2**20:.0f} MiB"
    return (
        f"{render_rows(titles, rows)}\n\n{expiry.keys:,} objects expired in {expiry.seconds:.0f} s; memory {memory}\n"
    )


def _row(title: str, windows: Sequence[Window]) -> list[str]:
    if not windows:
        return [title, "?", "?", "?"]
    medians = (
        statistics.median(getattr(window, name) for window in windows) for name in ("per_second", "p50_ms", "p99_ms")
    )
    rate, half, most = medians
    return [title, f"{rate:.0f}", f"{half:.1f}", f"{most:.1f}"]
