"""Numbers that grow and never come twice, and blob ids that tell whose they are."""

import re

from hypothesis import given
from hypothesis import strategies as st

from ossicle.services.numbering import Numbering
from tests.support.inprocess import CountedIds


def test_row_numbers_grow() -> None:
    numbering = Numbering(1, CountedIds())
    numbers = [numbering.row() for _ in range(100)]
    assert numbers == sorted(set(numbers))


@given(st.integers(1, 2**22), st.integers(1, 1000))
def test_a_later_incarnation_has_larger_numbers_that_a_database_takes(incarnation: int, count: int) -> None:
    earlier, later = Numbering(incarnation, CountedIds()), Numbering(incarnation + 1, CountedIds())
    numbers = [earlier.row() for _ in range(count)]
    assert 0 < numbers[0] < numbers[-1] + 1 <= later.row() < 2**63


def test_a_blob_id_begins_with_its_incarnation() -> None:
    numbering = Numbering(255, CountedIds())
    ids = [numbering.blob() for _ in range(3)]
    assert len(set(ids)) == 3
    assert all(re.fullmatch("ff-[0-9a-f]{32}", blob) for blob in ids)


def test_an_upload_id_is_thirty_two_digits_and_comes_once() -> None:
    numbering = Numbering(1, CountedIds())
    ids = [numbering.upload() for _ in range(20)]
    assert len(set(ids)) == 20
    assert all(re.fullmatch("[0-9A-F]{32}", upload_id) for upload_id in ids)
