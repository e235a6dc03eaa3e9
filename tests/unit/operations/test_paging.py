"""Page sizes, texts and tokens of listings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.operations.paging import (
    PAGE_DEFAULT,
    judge_encoding_type,
    judge_page_size,
    judge_text,
    parse_token,
    render_token,
)
from ossicle.wire.errors import InvalidArgument
from ossicle.wire.text import decode, encode


@pytest.mark.parametrize(("given_size", "size"), [(None, PAGE_DEFAULT), (1, 1), (1000, 1000)])
def test_a_page_size(given_size: int | None, size: int) -> None:
    assert judge_page_size(given_size, "max-keys") == size


@pytest.mark.parametrize("given_size", [0, -1, 1001, 2**62])
def test_a_page_size_out_of_range(given_size: int) -> None:
    with pytest.raises(InvalidArgument, match="Argument max-parts must be an integer between 1 and 1000") as refusal:
        judge_page_size(given_size, "max-parts")
    assert refusal.value.details == {"ArgumentName": "max-parts", "ArgumentValue": str(given_size)}


def test_a_text_counts_in_bytes() -> None:
    assert judge_text(None, "prefix") == ""
    assert judge_text("é" * 512, "prefix") == "é" * 512
    for text in ("é" * 513, "a" * 1025):
        with pytest.raises(InvalidArgument, match=r"The length of prefix must be less than 1025\."):
            judge_text(text, "prefix")


@pytest.mark.parametrize("text", ["\udcff", "a\udce9b"])
def test_a_text_that_is_not_utf_8(text: str) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        judge_text(text, "marker")
    assert refusal.value.details == {"ArgumentName": "marker"}


@pytest.mark.parametrize("encoding", [None, "", "url"])
def test_an_encoding(encoding: str | None) -> None:
    judge_encoding_type(encoding)


@pytest.mark.parametrize("encoding", ["URL", "base64", " url"])
def test_another_encoding(encoding: str) -> None:
    with pytest.raises(InvalidArgument):
        judge_encoding_type(encoding)


def test_the_token_of_a_sample() -> None:
    assert render_token("bc") == "CgJiYw--"


@given(st.text(min_size=1, max_size=400) | st.binary(min_size=1, max_size=1100).map(decode))
def test_a_token_leads_back_to_its_marker(marker: str) -> None:
    try:
        encode(marker)
    except UnicodeEncodeError:
        return  # lone surrogates that no bytes decode to
    token = render_token(marker)
    assert parse_token(token) == marker
    assert not set(token) & set("=%&# ")


@given(st.text(max_size=20) | st.binary(max_size=20).map(decode))
def test_any_other_text_is_refused(token: str) -> None:
    try:
        marker = parse_token(token)
    except InvalidArgument:
        return
    assert render_token(marker) == token
