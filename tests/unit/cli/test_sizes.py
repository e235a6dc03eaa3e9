"""Sizes as people write and read them."""

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.cli.sizes import parse_size, render_size, size_of_at_least


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("0", 0),
        ("8388608", 8 << 20),
        ("5000B", 5000),
        ("8M", 8 << 20),
        ("8m", 8 << 20),
        ("8MB", 8 << 20),
        ("8 MiB", 8 << 20),
        ("1GiB", 1 << 30),
        ("1.5k", 1536),
        ("2T", 2 << 40),
    ],
)
def test_a_size(text: str, count: int) -> None:
    assert parse_size(text) == count


@pytest.mark.parametrize("text", ["", "M", "-1", "1e3", "8X", "8 M B", "0x10", "1.M"])
def test_no_size(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is not a size"):
        parse_size(text)


def test_a_size_that_is_too_small() -> None:
    convert = size_of_at_least(100 * 1024)
    assert convert("100K") == 102400
    with pytest.raises(click.BadParameter, match=r"99K is less than 100\.0 KiB"):
        convert("99K")


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), ((1 << 20) - 1, "1.0 MiB"), (5 << 30, "5.0 GiB")],
)
def test_a_size_for_people(count: int, text: str) -> None:
    assert render_size(count) == text


@given(st.integers(0, 1 << 62))
def test_what_people_read_can_be_written_again(count: int) -> None:
    assert abs(parse_size(render_size(count)) - count) <= max(count * 0.06, 0)
