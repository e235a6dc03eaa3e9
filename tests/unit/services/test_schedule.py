"""Jobs that are run by the clock."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from ossicle.ports import StoreUnavailable
from ossicle.services.schedule import Job, Schedule, next_hour, next_midnight, next_minute
from tests.support.inprocess import FrozenClock


class Noted:
    """A job that notes when it ran, and fails when it is told to."""

    def __init__(self) -> None:
        self.ran: list[datetime] = []
        self.error: Exception | None = None
        self.done = asyncio.Event()

    async def run(self, now: datetime) -> None:
        self.ran.append(now)
        self.done.set()
        if self.error is not None:
            raise self.error


async def test_a_job_runs_when_it_is_due_and_once() -> None:
    clock, noted = FrozenClock(), Noted()
    job = Job(name="noted", run=noted.run, after=next_midnight, due=clock.now + timedelta(minutes=1))
    schedule = Schedule(clock, [job])
    await schedule.tick()
    assert noted.ran == []
    clock.now += timedelta(minutes=1)
    for _ in range(2):
        await schedule.tick()
    assert noted.ran == [clock.now]
    assert job.due == datetime(2026, 3, 15, tzinfo=UTC)
    clock.now = datetime(2026, 3, 18, 7, tzinfo=UTC)
    for _ in range(2):
        await schedule.tick()
    assert noted.ran[1:] == [clock.now]


async def test_a_store_that_fails_leaves_the_job_for_its_next_time() -> None:
    clock, broken, other = FrozenClock(), Noted(), Noted()
    broken.error = StoreUnavailable("gone")
    jobs = [Job(name="job", run=each.run, after=next_hour, due=clock.now) for each in (broken, other)]
    await Schedule(clock, jobs).tick()
    assert (len(broken.ran), len(other.ran)) == (1, 1)
    assert jobs[0].due == datetime(2026, 3, 14, 13, tzinfo=UTC)


async def test_what_is_no_failure_of_a_store_is_told() -> None:
    clock, broken = FrozenClock(), Noted()
    broken.error = LookupError("a mistake")
    with pytest.raises(LookupError):
        await Schedule(clock, [Job(name="job", run=broken.run, after=next_hour, due=clock.now)]).tick()


async def test_it_looks_in_the_background_until_it_is_stopped() -> None:
    clock, noted = FrozenClock(), Noted()
    schedule = Schedule(clock, [Job(name="job", run=noted.run, after=next_hour, due=clock.now)], look_seconds=0.001)
    schedule.start()
    await asyncio.wait_for(noted.done.wait(), 5)
    await schedule.stop()
    assert noted.ran == [clock.now]


def test_midnights_and_hours() -> None:
    late = datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    assert next_midnight(late) == next_hour(late) == datetime(2027, 1, 1, tzinfo=UTC)
    assert next_midnight(datetime(2026, 3, 14, tzinfo=UTC)) == datetime(2026, 3, 15, tzinfo=UTC)


def test_the_next_minute() -> None:
    assert next_minute(datetime(2026, 3, 14, 23, 59, 0, 1, tzinfo=UTC)) == datetime(2026, 3, 15, tzinfo=UTC)
