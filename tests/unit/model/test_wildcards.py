"""Patterns with `*` and `?`, against the regular expression that says the same."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.model.wildcards import is_fitted

LETTERS = st.text("ab/", max_size=8)


@given(pattern=st.text("ab/*?", max_size=8), text=LETTERS)
def test_it_is_what_a_regular_expression_finds(pattern: str, text: str) -> None:
    expression = "".join(".*" if mark == "*" else "." if mark == "?" else re.escape(mark) for mark in pattern)
    assert is_fitted(text, [pattern]) is (re.fullmatch(expression, text, re.DOTALL) is not None)


def test_one_of_them_is_enough() -> None:
    assert is_fitted("ab", ["b*", "a?"])
    assert not is_fitted("ab", ["b*", "?a"])
    assert not is_fitted("", [])


@pytest.mark.parametrize(
    "patterns",
    [
        ["*a" * 15_000 + "*b*"],
        ["*" + "a" * 15_000 + "b*"],
        ["*?" + "a" * 15_000 + "b*"],
        ["*?a" * 10_000 + "*?b*"],
        ["*a?b*"] * 5_000,
    ],
)
def test_no_pattern_holds_up_the_others(patterns: list[str]) -> None:
    began = time.process_time()
    assert not is_fitted("a" * 30_000, patterns)
    assert time.process_time() - began < 5  # going back over stars, or comparing letter by letter, takes minutes
