from datetime import UTC, datetime

import pytest

from ossicle.stores.sqlite import rows
from tests.support.stored import make_version


@pytest.mark.parametrize(("crc64", "kept"), [(0, 0), (2**63 - 1, 2**63 - 1), (2**63, -(2**63)), (2**64 - 1, -1)])
def test_a_checksum_is_kept_as_a_signed_number(crc64: int, kept: int) -> None:
    assert rows.to_signed(crc64) == kept
    assert rows.to_unsigned(kept) == crc64


def test_times_are_whole_microseconds() -> None:
    moment = datetime(2026, 3, 14, 15, 9, 26, 535897, tzinfo=UTC)
    assert rows.to_microseconds(moment) == 1773500966535897
    assert rows.from_microseconds(1773500966535897) == moment


def test_text_of_a_row_is_ascii() -> None:
    row = rows.version_row(make_version(1))
    assert all(value.isascii() for value in row if isinstance(value, str))
