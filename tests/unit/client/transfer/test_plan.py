"""How transfers are cut: every byte once, never too many parts."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.client.failures import ParameterError
from ossicle.client.transfer.plan import (
    PART_BYTES_MAX,
    PART_BYTES_MIN,
    PARTS_MAX,
    Piece,
    cut,
    growing,
    judge_options,
)

SIZES = st.integers(0, 100_000) | st.integers(0, 48 * 1024**4)


@given(SIZES, st.integers(1, 10**10))
def test_every_byte_is_in_one_piece(size: int, part_size: int) -> None:
    # Ten thousand pieces of an object of any size: only their number is at stake, so the smallest ones are left out.
    pieces = cut(size, max(part_size, size // 200))
    assert [piece.number for piece in pieces] == list(range(1, len(pieces) + 1))
    ends = [0, *(piece.start + piece.length for piece in pieces)]
    assert ends[:-1] == [piece.start for piece in pieces]
    assert ends[-1] == size
    assert all(piece.length > 0 for piece in pieces)
    assert len({piece.length for piece in pieces[:-1]}) <= 1
    assert all(piece.length <= pieces[0].length for piece in pieces)


@pytest.mark.parametrize("beyond", [-1, 0, 1, PARTS_MAX, 7_654_321])
def test_parts_grow_rather_than_be_more_than_ten_thousand(beyond: int) -> None:
    size = PARTS_MAX * PART_BYTES_MIN + beyond
    pieces = cut(size, PART_BYTES_MIN)
    assert len(pieces) <= PARTS_MAX
    assert sum(piece.length for piece in pieces) == size
    assert (pieces[0].length > PART_BYTES_MIN) == (beyond > 0)


@pytest.mark.parametrize(("size", "lengths"), [(0, []), (1, [1]), (10, [10]), (11, [10, 1]), (20, [10, 10])])
def test_the_edges_of_a_part(size: int, lengths: list[int]) -> None:
    assert [piece.length for piece in cut(size, 10)] == lengths


@given(st.integers(0, 10**15), st.integers(1, 10**9), st.data())
def test_what_is_left_of_a_piece_ends_where_it_did(start: int, length: int, data: st.DataObject) -> None:
    piece = Piece(number=7, start=start, length=length)
    left = piece.behind(data.draw(st.integers(0, length - 1)))
    assert left.range_header.rpartition("-")[2] == piece.range_header.rpartition("-")[2] == str(start + length - 1)
    assert left.range_header.startswith(f"bytes={start + length - left.length}-")


@pytest.mark.parametrize("part_size", [PART_BYTES_MIN, 6 * 1024 * 1024, 1024**3, PART_BYTES_MAX])
def test_the_parts_of_a_stream_grow_up_to_what_a_part_may_have(part_size: int) -> None:
    sizes = list(islice(growing(part_size), PARTS_MAX))
    assert sizes[:1001] == [part_size] * 1000 + [min(2 * part_size, PART_BYTES_MAX)]
    assert sizes == sorted(sizes)
    assert sizes[-1] <= PART_BYTES_MAX


def test_a_stream_without_end_is_refused_in_the_end() -> None:
    with pytest.raises(ParameterError, match="10000 parts"):
        list(growing(PART_BYTES_MIN))


def test_options_that_no_transfer_can_work_with() -> None:
    judge_options(PART_BYTES_MIN, 1)
    judge_options(PART_BYTES_MAX, 100)
    for part_size, parallel_num in [(PART_BYTES_MIN - 1, 1), (PART_BYTES_MAX + 1, 1), (PART_BYTES_MIN, 0)]:
        with pytest.raises(ParameterError):
            judge_options(part_size, parallel_num)
