"""The remembered texts are those that would be made anew."""

from datetime import UTC, datetime, timedelta

import pytest

from ossicle.edge.dates import Dates
from ossicle.wire.text import render_http_date, render_iso_millis

NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)


MILLISECONDS = [-1001, -1, 0, 1, 42, 999, 1000, 0, 0, -1, 86_400_000, 7]


@pytest.mark.parametrize("milliseconds", sorted(set(MILLISECONDS)))
def test_the_texts_are_those_of_the_moment(milliseconds: int) -> None:
    moment = NEW_YEAR + timedelta(milliseconds=milliseconds, microseconds=1)
    assert Dates().http(moment) == render_http_date(moment).encode()
    assert Dates().iso_millis(moment) == render_iso_millis(moment)


def test_what_is_remembered_is_left_with_its_second() -> None:
    dates = Dates()
    moments = [NEW_YEAR + timedelta(milliseconds=milliseconds) for milliseconds in MILLISECONDS]
    assert [dates.iso_millis(moment) for moment in moments] == [render_iso_millis(moment) for moment in moments]
    assert [dates.http(moment) for moment in moments] == [render_http_date(moment).encode() for moment in moments]
