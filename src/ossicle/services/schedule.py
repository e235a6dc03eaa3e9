"""What is done again and again beside the requests: jobs, one after another, in one process of a server."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final, Protocol

from ossicle.wire.sources import Clock

LOOK_SECONDS: Final = 60.0
"""How long what has become due may wait."""
_log = logging.getLogger("ossicle.schedule")


class Job(Protocol):
    """Something that becomes due by the clock."""

    async def run(self, now: datetime) -> None:
        """Do what is due. It may be cut off at any point, and is run again after that."""
        ...


class Schedule:
    """Runs jobs in the background: at the start, and then every `look_seconds`."""

    def __init__(self, jobs: Sequence[Job], clock: Clock, look_seconds: float = LOOK_SECONDS) -> None:
        self._jobs = jobs
        self._clock = clock
        self._look_seconds = look_seconds
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Cut off what is being done."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def run_due(self) -> None:
        """Run every job once. One that fails does not keep the others from being run."""
        for job in self._jobs:
            try:
                await job.run(self._clock())
            except Exception:
                _log.exception("a job failed, and is tried again")

    async def _run(self) -> None:
        while True:
            await self.run_due()
            await asyncio.sleep(self._look_seconds)
