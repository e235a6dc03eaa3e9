"""What a server does by the clock: jobs, each with the time when it is due next, run one after the other in the background."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ossicle.ports import StoreError
from ossicle.wire.sources import Clock

LOOK_SECONDS: Final = 20.0
"""How often the clock is looked at: so much later a job may run than it is due."""
_log = logging.getLogger("ossicle.schedule")


@dataclass(slots=True, kw_only=True)
class Job:
    """Something that is done again and again. `run` gets the time at which it is done; `after` tells from that the next one."""

    name: str
    run: Callable[[datetime], Awaitable[None]]
    after: Callable[[datetime], datetime]
    due: datetime


class Schedule:
    """Runs jobs when they are due. One that fails is run again at its next time."""

    def __init__(self, clock: Clock, jobs: Sequence[Job], *, look_seconds: float = LOOK_SECONDS) -> None:
        self._clock = clock
        self._jobs = jobs
        self._look_seconds = look_seconds
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Run jobs in the background from now on."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Run no more; a job that is running is broken off."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            await self.tick()
            await asyncio.sleep(self._look_seconds)

    async def tick(self) -> None:
        """Run what is due now."""
        for job in self._jobs:
            now = self._clock()
            if now < job.due:
                continue
            job.due = job.after(now)
            try:
                await job.run(now)
            except StoreError:
                _log.warning("%s waits for its next time", job.name, exc_info=True)


def next_midnight(now: datetime) -> datetime:
    """Return the next 00:00 UTC."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def next_hour(now: datetime) -> datetime:
    """Return the next full hour."""
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def next_minute(now: datetime) -> datetime:
    """Return the next full minute."""
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)
