"""The header that tags travel in, there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.wire.errors import InvalidArgument, InvalidTag
from ossicle.wire.tags import judge_tags, parse_tags, render_tags

legal = st.text(st.characters(codec="utf-8", categories=["L", "Nd"]) | st.sampled_from(" +-=._:/"), max_size=30)
tags = st.dictionaries(legal.filter(bool), legal, max_size=10).map(lambda found: tuple(found.items()))


@given(tags)
def test_tags_come_back_from_the_header(tags: tuple[tuple[str, str], ...]) -> None:
    assert parse_tags(render_tags(tags)) == tags


def test_a_plus_is_a_space_and_a_missing_value_is_empty() -> None:
    assert parse_tags("a+b=c+d&e") == (("a b", "c d"), ("e", ""))


def test_the_header_without_pairs_has_no_tags() -> None:
    assert parse_tags("") == parse_tags("&&") == ()


@pytest.mark.parametrize("header", ["a=1&a=2", "a=1&%61=2", "%FF=1", "a=%C3"])
def test_a_header_that_is_none_is_named(header: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        parse_tags(header)
    assert caught.value.details["ArgumentName"] == "x-oss-tagging"


@pytest.mark.parametrize("text", ["a;b", "a\n", "a\x00", "a&b", "\udcff", "😀"])
def test_what_a_tag_may_not_hold(text: str) -> None:
    for pair in ((text, ""), ("key", text)):
        with pytest.raises(InvalidTag):
            judge_tags([pair])


def test_lengths_are_bytes() -> None:
    assert judge_tags([("é" * 64, "é" * 128)])
    for pair in (("é" * 65, ""), ("key", "é" * 129)):
        with pytest.raises(InvalidTag):
            judge_tags([pair])
