"""Jobs that are run by the clock."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from ossicle.ports import StoreUnavailable
from ossicle.services.schedule import Job, Schedule, next_midnight, next_minute
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


@pytest.mark.parametrize("error", [StoreUnavailable("gone"), LookupError("a mistake")])
async def test_a_job_that_fails_leaves_the_others_and_its_next_time(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    clock, broken, other = FrozenClock(), Noted(), Noted()
    broken.error = error
    jobs = [Job(name="job", run=each.run, after=next_minute, due=clock.now) for each in (broken, other)]
    await Schedule(clock, jobs).tick()
    assert (len(broken.ran), len(other.ran)) == (1, 1)
    assert jobs[0].due == datetime(2026, 3, 14, 12, 1, tzinfo=UTC)
    assert str(error) in caplog.text


async def test_a_job_that_takes_long_delays_no_other_and_never_overlaps_itself() -> None:
    clock, quick, may_end = FrozenClock(), Noted(), asyncio.Event()
    begun, again = 0, asyncio.Event()

    async def take_long(_: datetime) -> None:
        nonlocal begun
        begun += 1
        if begun == 2:
            again.set()
        await may_end.wait()

    jobs = [
        Job(name="long", run=take_long, after=next_minute, due=clock.now),
        Job(name="quick", run=quick.run, after=next_minute, due=clock.now),
    ]
    schedule = Schedule(clock, jobs, look_seconds=0.001)
    schedule.start()
    for times in (1, 2, 3):
        await asyncio.wait_for(quick.done.wait(), 5)
        quick.done.clear()
        assert (begun, len(quick.ran)) == (1, times)
        clock.now += timedelta(minutes=1)
    may_end.set()
    await asyncio.wait_for(again.wait(), 5)
    await schedule.stop()


async def test_a_stop_breaks_off_what_runs() -> None:
    clock, began, ended = FrozenClock(), asyncio.Event(), asyncio.Event()

    async def never_end(_: datetime) -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    schedule = Schedule(clock, [Job(name="long", run=never_end, after=next_minute, due=clock.now)])
    schedule.start()
    await asyncio.wait_for(began.wait(), 5)
    await schedule.stop()
    assert ended.is_set()


async def test_it_looks_in_the_background_until_it_is_stopped() -> None:
    clock, noted = FrozenClock(), Noted()
    schedule = Schedule(clock, [Job(name="job", run=noted.run, after=next_minute, due=clock.now)], look_seconds=0.001)
    schedule.start()
    await asyncio.wait_for(noted.done.wait(), 5)
    await schedule.stop()
    assert noted.ran == [clock.now]


def test_midnights_and_minutes() -> None:
    late = datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    assert next_midnight(late) == next_minute(late) == datetime(2027, 1, 1, tzinfo=UTC)
    assert next_midnight(datetime(2026, 3, 14, tzinfo=UTC)) == datetime(2026, 3, 15, tzinfo=UTC)
