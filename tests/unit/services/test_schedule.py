"""Jobs beside the requests: run at the start and again, whatever becomes of one."""

import asyncio
from datetime import datetime

from ossicle.services.schedule import Schedule
from tests.support.inprocess import NOON, FrozenClock


class Counted:
    def __init__(self, *, fails: bool = False) -> None:
        self.moments: list[datetime] = []
        self.has_run_twice = asyncio.Event()
        self._fails = fails

    async def run(self, now: datetime) -> None:
        self.moments.append(now)
        if len(self.moments) == 2:
            self.has_run_twice.set()
        if self._fails:
            raise ValueError


async def test_a_job_that_fails_keeps_no_other_from_being_run() -> None:
    jobs = [Counted(fails=True), Counted()]
    await Schedule(jobs, FrozenClock()).run_due()
    assert [job.moments for job in jobs] == [[NOON], [NOON]]


async def test_jobs_are_run_again_until_the_end() -> None:
    job = Counted(fails=True)
    schedule = Schedule([job], FrozenClock(), look_seconds=0.001)
    await schedule.stop()
    schedule.start()
    await asyncio.wait_for(job.has_run_twice.wait(), timeout=10)
    await schedule.stop()
    runs = len(job.moments)
    await asyncio.sleep(0)
    assert len(job.moments) == runs
