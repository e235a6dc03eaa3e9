"""Paces, by a time that passes only in their waits."""

import pytest

from ossicle.services.pacing import PacedBody, PacedContent, Pacing
from tests.support.bodies import Chunks
from tests.support.pacing import OwnTime

BITS = 819_200
BYTES = BITS // 8
"""A second's."""


async def nothing() -> None:
    """What a connection does that gathers nothing anyway."""


async def test_bytes_are_due_when_their_rate_says() -> None:
    time = OwnTime()
    pace = time.pacing.pace(BITS)
    for _ in range(4):
        pace.passed(BYTES // 2)
        await pace.catch_up()
    assert time.slept == pytest.approx([0.5] * 4)


async def test_what_took_its_time_anyway_waits_for_nothing() -> None:
    time = OwnTime()
    pace = time.pacing.pace(BITS)
    for _ in range(3):
        time.now += 2
        pace.passed(2 * BYTES)
        await pace.catch_up()
    assert time.waited == pytest.approx(3)  # of each two seconds one counts as credit


async def test_credit_for_slowness_is_one_second_s() -> None:
    time = OwnTime()
    pace = time.pacing.pace(BITS)
    time.now += 3600
    pace.passed(11 * BYTES)
    await pace.catch_up()
    assert time.waited == pytest.approx(10)


@pytest.mark.parametrize(
    ("bits", "step"), [(245_760, 16_384), (8_388_608, 131_072), (838_860_800, 1_048_576), (819_200, 16_384)]
)
def test_steps_are_an_eighth_of_a_second_within_bounds(bits: int, step: int) -> None:
    assert Pacing().pace(bits).step_bytes == step


async def test_a_body_is_asked_for_more_when_it_is_due() -> None:
    time, said = OwnTime(), list[float]()

    async def take_slowly() -> None:
        said.append(time.now)

    body = PacedBody(Chunks(bytes(BYTES), bytes(BYTES)), time.pacing.pace(BITS), take_slowly)
    moments = [(time.now, len(chunk)) async for chunk in body]
    assert moments == [(1001.0, BYTES), (1002.0, BYTES)]
    assert said == [1000.0]


async def test_a_body_keeps_its_length() -> None:
    body = Chunks(b"abc")
    assert PacedBody(body, OwnTime().pacing.pace(BITS), nothing).length == body.length


async def test_an_answer_begins_at_once_and_goes_on_when_it_is_due() -> None:
    time = OwnTime()
    content = bytes(range(256)) * 200
    pace = time.pacing.pace(BITS)
    pieces = [(time.now, piece) async for piece in PacedContent(content, pace)]
    assert b"".join(piece for _, piece in pieces) == content
    assert {len(piece) for _, piece in pieces[:-1]} == {pace.step_bytes}
    assert [moment for moment, _ in pieces] == pytest.approx([1000 + 0.16 * number for number in range(len(pieces))])
