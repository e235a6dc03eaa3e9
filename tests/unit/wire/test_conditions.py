"""The table of conditions."""

from datetime import UTC, datetime, timedelta

import pytest

from ossicle.wire.conditions import Conditions, is_not_modified
from ossicle.wire.errors import PreconditionFailed
from ossicle.wire.text import render_http_date

MODIFIED = datetime(2023, 12, 17, 3, 56, 28, 900_000, tzinfo=UTC)
AT, BEFORE, AFTER = (render_http_date(MODIFIED + timedelta(seconds=delta)) for delta in (0, -1, 1))
CONTINUE, NOT_MODIFIED = False, True


def judged(**conditions: str) -> bool:
    return is_not_modified(Conditions(**conditions), etag="ABC", last_modified=MODIFIED)


@pytest.mark.parametrize("given", ["ABC", '"ABC"', "abc", ' "ABC" ', "*", '"*"'])
def test_the_same_etag(given: str) -> None:
    assert judged(if_match=given) is CONTINUE
    assert judged(if_none_match=given) is NOT_MODIFIED


@pytest.mark.parametrize("given", ["", '""', "ABD", '"ABC", "DEF"', 'W/"ABC"'])
def test_another_etag(given: str) -> None:
    assert judged(if_none_match=given) is CONTINUE
    with pytest.raises(PreconditionFailed) as refusal:
        judged(if_match=given)
    assert refusal.value.details == {"Condition": "If-Match"}


@pytest.mark.parametrize(("date", "is_later"), [(BEFORE, True), (AT, False), (AFTER, False)])
def test_a_date_counts_in_seconds(date: str, *, is_later: bool) -> None:
    assert judged(if_modified_since=date) is not is_later
    if is_later:
        with pytest.raises(PreconditionFailed) as refusal:
            judged(if_unmodified_since=date)
        assert refusal.value.details == {"Condition": "If-Unmodified-Since"}
    else:
        assert judged(if_unmodified_since=date) is CONTINUE


@pytest.mark.parametrize(
    "date", ["", "yesterday", "2023-12-17T03:56:28.000Z", "Sun, 32 Dec 2023 03:56:28 GMT", "\udcff"]
)
def test_a_date_that_is_none_is_ignored(date: str) -> None:
    assert judged(if_modified_since=date) is CONTINUE
    assert judged(if_unmodified_since=date) is CONTINUE


def test_no_condition() -> None:
    assert judged() is CONTINUE


@pytest.mark.parametrize(
    ("conditions", "outcome"),
    [
        ({"if_match": "ABC", "if_none_match": "ABC"}, NOT_MODIFIED),
        ({"if_match": "DEF", "if_none_match": "ABC"}, "If-Match"),
        ({"if_match": "DEF", "if_unmodified_since": BEFORE}, "If-Match"),
        ({"if_match": "ABC", "if_unmodified_since": BEFORE}, "If-Unmodified-Since"),
        ({"if_none_match": "ABC", "if_unmodified_since": BEFORE}, "If-Unmodified-Since"),
        ({"if_none_match": "DEF", "if_modified_since": AT}, NOT_MODIFIED),
        ({"if_none_match": "ABC", "if_modified_since": BEFORE}, NOT_MODIFIED),
        ({"if_match": "ABC", "if_modified_since": AT}, NOT_MODIFIED),
    ],
)
def test_several_conditions(conditions: dict[str, str], outcome: bool | str) -> None:
    if isinstance(outcome, bool):
        assert judged(**conditions) is outcome
        return
    with pytest.raises(PreconditionFailed) as refusal:
        judged(**conditions)
    assert refusal.value.details == {"Condition": outcome}
