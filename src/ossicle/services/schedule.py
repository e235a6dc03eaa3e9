"""What a server does by the clock: jobs, each with the time when it is due next, run in the background.

None waits for another one, as one may take hours, and none is begun again while it runs.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

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
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Run jobs in the background from now on."""
        self._tasks = [asyncio.create_task(self._keep(job), name=job.name) for job in self._jobs]

    async def stop(self) -> None:
        """Run no more; jobs that are running are broken off."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _keep(self, job: Job) -> None:
        while True:
            await self._look(job)
            await asyncio.sleep(self._look_seconds)

    async def tick(self) -> None:
        """Run what is due now, and return when all of it is done."""
        await asyncio.gather(*map(self._look, self._jobs))

    async def _look(self, job: Job) -> None:
        now = self._clock()
        if now < job.due:
            return
        job.due = job.after(now)
        try:
            await job.run(now)
        except Exception:  # it may be well at its next time
            _log.exception("%s failed, and waits for its next time", job.name)


def next_midnight(now: datetime) -> datetime:
    """Return the next 00:00 UTC."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def next_minute(now: datetime) -> datetime:
    """Return the next full minute."""
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)
