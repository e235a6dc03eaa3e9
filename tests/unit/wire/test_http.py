import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.wire.http import Headers, Query
from ossicle.wire.text import decode, encode, percent_encode

# ------------------------------------------------------------------------------------------------- headers


def test_names_are_found_in_lower_case_whatever_was_sent() -> None:
    headers = Headers([(b"Content-TYPE", b"text/plain"), (b"x-OSS-meta-A", b"1")])
    assert headers.get(b"content-type") == b"text/plain"
    assert b"x-oss-meta-a" in headers
    assert b"X-Oss-Meta-A" not in headers
    assert headers.get(b"absent") is None
    assert headers.text(b"absent") is None


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b" \tvalue\t ", b"value"),
        (b"a  b", b"a  b"),
        (b"a\tb", b"a\tb"),
        (b"", b""),
        (b" \t ", b""),
        (b"\x0bvalue\x0c", b"\x0bvalue\x0c"),
        (b"\xa0value\x85", b"\xa0value\x85"),
    ],
)
def test_only_spaces_and_tabs_at_the_ends_of_a_value_go(raw: bytes, value: bytes) -> None:
    assert Headers([(b"a", raw)]).get(b"a") == value


def test_fields_of_one_name_are_one_list_in_their_order() -> None:
    headers = Headers([(b"A", b" 1 "), (b"b", b"x"), (b"a", b"2"), (b"a", b"")])
    assert headers.get(b"a") == b"1,2,"
    assert list(headers.items()) == [(b"a", b"1,2,"), (b"b", b"x")]


def test_text_keeps_bytes_that_are_not_utf_8() -> None:
    headers = Headers([(b"utf-8", "é文".encode()), (b"latin-1", b"caf\xe9")])
    assert headers.text(b"utf-8") == "é文"
    assert encode(headers.text(b"latin-1") or "") == b"caf\xe9"


def test_what_is_added_to_the_list_later_stays_out() -> None:
    fields = [(b"a", b"1")]
    headers = Headers(fields)
    fields.append((b"x-oss-object-acl", b"public-read"))
    assert b"x-oss-object-acl" not in headers


def test_values_stay_out_of_a_log() -> None:
    assert repr(Headers([(b"Authorization", b"secret"), (b"h\xe9", b"")])) == "Headers(['authorization', 'hé'])"


# --------------------------------------------------------------------------------------------------- query


@pytest.mark.parametrize(
    ("raw", "pairs"),
    [
        (b"", ()),
        (b"a=1&b=2", (("a", "1"), ("b", "2"))),
        (b"uploads", (("uploads", ""),)),
        (b"uploads=", (("uploads", ""),)),
        (b"&&a&&b&", (("a", ""), ("b", ""))),
        (b"a=b=c", (("a", "b=c"),)),
        (b"=a", (("", "a"),)),
        (b"=", (("", ""),)),
        (b"a+b=c+d", (("a b", "c d"),)),
        (b"a%2Bb=c%2bd", (("a+b", "c+d"),)),
        (b"a%26b=c%3Dd", (("a&b", "c=d"),)),
        (b"a=%E6%96%87&b=%ff", (("a", "文"), ("b", "\udcff"))),
        (b"a=100%&b=%zz", (("a", "100%"), ("b", "%zz"))),
        (b"a=1;b=2", (("a", "1;b=2"),)),
        (b"b=2&a=1&b=1", (("b", "2"), ("a", "1"), ("b", "1"))),
    ],
)
def test_a_query_is_split_and_decoded(raw: bytes, pairs: tuple[tuple[str, str], ...]) -> None:
    query = Query(raw)
    assert query.pairs == pairs
    assert query.raw == raw


def test_the_first_of_a_name_counts() -> None:
    query = Query(b"a=1&a=2&b&b=3")
    assert query.get("a") == "1"
    assert query.get("b") == ""
    assert dict(query.items()) == {"a": "1", "b": ""}


def test_names_of_parameters_are_case_sensitive() -> None:
    query = Query(b"uploadId=1")
    assert query.get("uploadId") == "1"
    assert query.get("uploadid") is None
    assert "uploadId" in query
    assert "UPLOADID" not in query


@given(st.lists(st.tuples(st.binary(), st.binary()).filter(any)))
def test_encoded_parameters_come_back(pairs: list[tuple[bytes, bytes]]) -> None:
    raw = "&".join(f"{percent_encode(name)}={percent_encode(value)}" for name, value in pairs)
    assert Query(raw.encode()).pairs == tuple((decode(name), decode(value)) for name, value in pairs)


@given(st.binary())
def test_any_query_can_be_read(raw: bytes) -> None:
    query = Query(raw)
    assert all(query.get(name) == value for name, value in query.items())
    assert {name for name, _ in query.pairs} == {name for name, _ in query.items()}
