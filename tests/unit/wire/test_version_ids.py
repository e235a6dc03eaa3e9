"""Version ids tell where a version stands, and look like OSS's."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.wire.version_ids import parse_rank, render_version_id

# From the documentation's example of a listing.
OF_OSS = "CAEQNRiBgICb8o6D0BYiIDNlNzk5NGE2M2Y3ZjRhZTViYTAxZGE0ZTEyMWYyYTU3"


@given(rank=st.integers(-(2**40), -1), number=st.integers(0, 2**63 - 1))
def test_an_id_tells_the_rank_it_was_made_of(rank: int, number: int) -> None:
    version_id = render_version_id(rank, number)
    assert parse_rank(version_id) == rank
    assert len(version_id) == len(OF_OSS)
    assert re.fullmatch(r"CAEQNR[ij][A-Za-z0-9_-]{57}", version_id)


def test_different_versions_have_different_ids() -> None:
    assert len({render_version_id(rank, number) for rank in (-1, -2) for number in (1, 2)}) == 4


@pytest.mark.parametrize("text", ["", "null", "x", "CAEQ", "\u00e9" * 64, "A" * 64, OF_OSS[:-4], OF_OSS])
def test_what_was_made_elsewhere_tells_no_rank(text: str) -> None:
    assert parse_rank(text) is None
