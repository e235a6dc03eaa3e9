import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.wire.text import (
    decode,
    encode,
    legible,
    parse_http_date,
    parse_iso,
    parse_iso_basic,
    percent_decode,
    percent_decode_query,
    percent_encode,
    percent_encode_path,
    render_http_date,
    render_iso_basic,
    render_iso_millis,
)

MOMENT = datetime(2023, 12, 17, 3, 56, 28, 999_999, tzinfo=UTC)
UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

moments = st.datetimes(timezones=st.just(UTC))
whole_seconds = moments.map(lambda moment: moment.replace(microsecond=0))


# ------------------------------------------------------------------------------------------ bytes and text


@given(st.binary())
def test_any_bytes_come_back_from_text(raw: bytes) -> None:
    assert encode(decode(raw)) == raw


def test_utf_8_is_read_as_utf_8_and_the_rest_is_kept() -> None:
    assert decode("文件é".encode()) == "文件é"
    assert decode(b"caf\xe9") == "caf\udce9"


@given(st.binary())
def test_legible_text_is_always_utf_8(raw: bytes) -> None:
    legible(decode(raw)).encode()


def test_legible_text_changes_only_what_is_not_utf_8() -> None:
    assert legible("文件 é\n") == "文件 é\n"
    assert legible("caf\udce9") == "caf\N{REPLACEMENT CHARACTER}"


# --------------------------------------------------------------------------------------- percent-encoding


def test_each_byte_is_encoded_as_oss_encodes_it() -> None:
    for byte in map(bytes, zip(range(256), strict=True)):
        expected = byte.decode() if byte in UNRESERVED else f"%{byte[0]:02X}"
        assert percent_encode(byte) == expected
        assert percent_encode_path(byte) == ("/" if byte == b"/" else expected)


@given(st.binary())
def test_percent_encoding_round_trips(raw: bytes) -> None:
    assert percent_decode(percent_encode(raw).encode()) == raw
    assert percent_decode(percent_encode_path(raw).encode()) == raw
    assert percent_decode_query(percent_encode(raw).encode()) == raw


@given(st.binary())
def test_normalising_twice_changes_nothing(raw: bytes) -> None:
    once = percent_encode(percent_decode(raw))
    assert percent_encode(percent_decode(once.encode())) == once


@given(st.binary(), st.binary())
def test_different_bytes_are_encoded_differently(one: bytes, other: bytes) -> None:
    assert (percent_encode(one) == percent_encode(other)) == (one == other)


@pytest.mark.parametrize("path", [b"a//b", b"./a", b"../a", b"/a", b"a/", b"a/./b/../c", b""])
def test_a_path_is_not_normalised(path: bytes) -> None:
    assert percent_encode_path(path) == path.decode()


@pytest.mark.parametrize(
    ("raw", "decoded"),
    [
        (b"%41%2f%2F", b"A//"),
        (b"%2541", b"%41"),
        (b"a+b%2B", b"a+b+"),
        (b"%", b"%"),
        (b"%4", b"%4"),
        (b"%zz%g1%1g", b"%zz%g1%1g"),
        (b"100%%41", b"100%A"),
        (b"%ff\xfe", b"\xff\xfe"),
        (b"%00", b"\0"),
        (b"", b""),
    ],
)
def test_percent_decoding(raw: bytes, decoded: bytes) -> None:
    assert percent_decode(raw) == decoded


@pytest.mark.parametrize(("raw", "decoded"), [(b"a+b", b"a b"), (b"a%2Bb", b"a+b"), (b"a%20b", b"a b"), (b"+", b" ")])
def test_a_plus_in_a_query_is_a_space(raw: bytes, decoded: bytes) -> None:
    assert percent_decode_query(raw) == decoded


# --------------------------------------------------------------------------------------------------- dates


def test_dates_are_written_as_oss_writes_them() -> None:
    assert render_http_date(MOMENT) == "Sun, 17 Dec 2023 03:56:28 GMT"
    assert render_iso_millis(MOMENT) == "2023-12-17T03:56:28.999Z"
    assert render_iso_basic(MOMENT) == "20231217T035628Z"


def test_a_year_has_four_digits_even_in_antiquity() -> None:
    early = datetime(7, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert render_http_date(early) == "Tue, 02 Jan 0007 03:04:05 GMT"
    assert render_iso_millis(early) == "0007-01-02T03:04:05.000Z"
    assert render_iso_basic(early) == "00070102T030405Z"


@given(whole_seconds)
def test_dates_come_back_from_their_text(moment: datetime) -> None:
    assert parse_http_date(render_http_date(moment).encode()) == moment
    assert parse_iso(render_iso_millis(moment)) == moment
    assert parse_iso_basic(render_iso_basic(moment)) == moment


@given(moments)
def test_text_of_a_date_is_cut_never_rounded(moment: datetime) -> None:
    parsed = parse_iso(render_iso_millis(moment))
    assert parsed is not None
    assert timedelta(0) <= moment - parsed < timedelta(milliseconds=1)
    whole = parse_iso_basic(render_iso_basic(moment))
    assert whole is not None
    assert timedelta(0) <= moment - whole < timedelta(seconds=1)


@given(st.text())
def test_a_date_is_read_or_none_comes_back(text: str) -> None:
    for moment in (parse_iso(text), parse_iso_basic(text), parse_http_date(encode_any(text))):
        assert moment is None or moment.tzinfo is UTC


@given(st.from_regex(re.compile(r"\d{8}T\d{6}Z", re.ASCII), fullmatch=True))
def test_digits_in_the_form_of_a_date_are_a_date_or_none(text: str) -> None:
    moment = parse_iso_basic(text)
    assert moment is None or render_iso_basic(moment) == text


def encode_any(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2023-12-17T03:56:28Z", datetime(2023, 12, 17, 3, 56, 28, tzinfo=UTC)),
        ("2023-12-17T03:56:28.5Z", datetime(2023, 12, 17, 3, 56, 28, 500_000, tzinfo=UTC)),
        ("2023-12-17T03:56:28.000Z", datetime(2023, 12, 17, 3, 56, 28, tzinfo=UTC)),
        ("2023-12-17T03:56:28.123456789Z", datetime(2023, 12, 17, 3, 56, 28, 123_456, tzinfo=UTC)),
    ],
)
def test_iso_dates(text: str, moment: datetime) -> None:
    assert parse_iso(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Z",
        "2023-12-17",
        "2023-12-17Z",
        "2023-12-17T03:56:28",
        "2023-12-17T03:56:28+08:00",
        "2023-12-17T03:56:28+08:00Z",
        "2023-12-17T03:56:28ZZ",
        "2023-12-17T03:56:28.Z",
        "2023-12-17 03:56:28Z",
        "20231217T035628Z",
        "2023-W50-7T03:56:28Z",
        "2023-13-17T03:56:28Z",
        "2023-02-29T03:56:28Z",
        "2023-12-17T24:00:00Z",
        "2023-12-17T03:56:60Z",
        "0000-12-17T03:56:28Z",
        "２０２３-12-17T03:56:28Z",
        " 2023-12-17T03:56:28Z",
        "2023-12-17T03:56:28Z\n",
    ],
)
def test_what_is_no_iso_date(text: str) -> None:
    assert parse_iso(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20231217T035628",
        "20231217035628Z",
        "20231217t035628z",
        "2023-12-17T03:56:28Z",
        "20230229T035628Z",
        "20231217T245628Z",
        "20231217T035628Z\n",
        "２０２３1217T035628Z",
    ],
)
def test_what_is_no_basic_iso_date(text: str) -> None:
    assert parse_iso_basic(text) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Sun, 17 Dec 2023 03:56:28",
        b"Sun, 17 Dec 2023 03:56:28 UTC",
        b"Sun, 17 Dec 2023 03:56:28 +0000",
        b"Sunday, 17-Dec-23 03:56:28 GMT",
        b"Sun Dec 17 03:56:28 2023",
        b"Son, 17 Dez 2023 03:56:28 GMT",
        b"Sun, 32 Dec 2023 03:56:28 GMT",
        b"Sun, 17 Dec 2023 03:60:28 GMT",
        b"Sun, 7 Dec 2023 03:56:28 GMT",
        b"\xff",
        b"1702785388",
    ],
)
def test_what_is_no_http_date(raw: bytes) -> None:
    assert parse_http_date(raw) is None


def test_an_http_date_may_have_space_around_it() -> None:
    assert parse_http_date(b" Sun, 17 Dec 2023 03:56:28 GMT\t") == MOMENT.replace(microsecond=0)
