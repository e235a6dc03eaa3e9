"""What a clock and a source of ids look like: the ones of the application and those of the tests fit."""

import secrets
from datetime import timedelta

from ossicle.app.wiring import system_clock
from ossicle.wire.sources import Clock, IdSource
from tests.support.inprocess import CountedIds, FrozenClock


def test_clocks_tell_an_aware_time_in_utc() -> None:
    clocks: list[Clock] = [system_clock, FrozenClock()]
    assert [clock().utcoffset() for clock in clocks] == [timedelta(0), timedelta(0)]


def test_ids_are_bytes_of_the_asked_size_and_differ() -> None:
    sources: list[IdSource] = [secrets.token_bytes, CountedIds()]
    for source in sources:
        first, second = source(12), source(12)
        assert (len(first), len(second), first != second) == (12, 12, True)
