"""The table of ranges, and that no range leaves the object."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.wire.errors import InvalidRange
from ossicle.wire.ranges import ByteRange, resolve_range

WHOLE = ByteRange(0, 1000, is_partial=False)
REFUSED = None


def part(start: int, end: int) -> ByteRange:
    return ByteRange(start, end - start + 1, is_partial=True)


@pytest.mark.parametrize(
    ("header", "usual", "standard"),
    [
        (None, WHOLE, WHOLE),
        ("", WHOLE, WHOLE),
        ("bytes=0-499", part(0, 499), part(0, 499)),
        (" bytes=0-499 ", part(0, 499), part(0, 499)),
        ("bytes=500-", part(500, 999), part(500, 999)),
        ("bytes=-500", part(500, 999), part(500, 999)),
        ("bytes=0-", part(0, 999), part(0, 999)),
        ("bytes=0-999", part(0, 999), part(0, 999)),
        ("bytes=999-999", part(999, 999), part(999, 999)),
        ("bytes=-1", part(999, 999), part(999, 999)),
        ("bytes=-1000", part(0, 999), part(0, 999)),
        ("bytes=-2000", part(0, 999), part(0, 999)),
        ("bytes=-0", REFUSED, REFUSED),
        ("bytes=500-2000", WHOLE, part(500, 999)),
        ("bytes=0-1000", WHOLE, part(0, 999)),
        ("bytes=1000-2000", WHOLE, REFUSED),
        ("bytes=1000-", WHOLE, REFUSED),
        ("bytes=5-2", WHOLE, WHOLE),
        ("bytes=abc", WHOLE, WHOLE),
        ("bytes=-", WHOLE, WHOLE),
        ("bytes=", WHOLE, WHOLE),
        ("bytes=0-1,3-4", WHOLE, WHOLE),
        ("Bytes=0-1", WHOLE, WHOLE),
        ("bytes 0-1", WHOLE, WHOLE),
        ("bytes=1-2-3", WHOLE, WHOLE),
        ("bytes=٣-٤", WHOLE, WHOLE),
        ("bytes=+1-2", WHOLE, WHOLE),
        ("bytes=0-" + "9" * 19, WHOLE, part(0, 999)),
        ("bytes=0-" + "9" * 20, WHOLE, WHOLE),
    ],
)
def test_a_thousand_bytes(header: str | None, usual: ByteRange | None, standard: ByteRange | None) -> None:
    for expected, is_standard in ((usual, False), (standard, True)):
        if expected is not None:
            assert resolve_range(header, 1000, is_standard=is_standard) == expected
            continue
        with pytest.raises(InvalidRange) as refusal:
            resolve_range(header, 1000, is_standard=is_standard)
        assert refusal.value.details == {"RangeRequested": header, "ActualObjectSize": "1000"}


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=0-0", "bytes=-1", "bytes=5-9"])
def test_an_empty_object(header: str) -> None:
    assert resolve_range(header, 0, is_standard=False) == ByteRange(0, 0, is_partial=False)
    with pytest.raises(InvalidRange):
        resolve_range(header, 0, is_standard=True)


def test_a_content_range() -> None:
    assert part(500, 999).content_range(1000) == "bytes 500-999/1000"
    assert part(0, 0).content_range(1) == "bytes 0-0/1"


@given(
    header=st.one_of(st.text(max_size=30), st.from_regex(r"\Abytes=[0-9]{0,5}-[0-9]{0,5}\Z")),
    size=st.integers(0, 20_000),
    is_standard=st.booleans(),
)
def test_no_range_leaves_the_object(header: str, size: int, *, is_standard: bool) -> None:
    try:
        found = resolve_range(header, size, is_standard=is_standard)
    except InvalidRange:
        return
    assert 0 <= found.start <= found.start + found.length <= size
    if found.is_partial:
        assert found.length > 0
    else:
        assert (found.start, found.length) == (0, size)
