import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.wire.digest import Digest, combine_crc64, crc64, render_etag, render_md5, render_multipart_etag

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "signing.json").read_text(encoding="utf-8"))[
    "crc64_vectors"
]


def crc64_by_definition(data: bytes) -> int:
    """CRC-64/XZ bit by bit: reflected polynomial, start value and final inversion of all ones."""
    crc = 0xFFFFFFFFFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0xC96C5795D7870F42 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFFFFFFFFFF


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: repr(vector["ascii"]))
def test_vectors(vector: dict[str, str]) -> None:
    assert crc64(vector["ascii"].encode("ascii")) == int(vector["crc64"])


def test_there_are_vectors() -> None:
    assert len(VECTORS) >= 5


@given(st.binary(max_size=64))
def test_it_is_the_crc_of_its_definition(data: bytes) -> None:
    assert crc64(data) == crc64_by_definition(data)


@given(st.lists(st.binary(max_size=100), max_size=5))
def test_however_the_bytes_are_cut_the_digests_are_those_of_the_whole(chunks: list[bytes]) -> None:
    whole = b"".join(chunks)
    digest = Digest()
    chained = 0
    for chunk in chunks:
        digest.update(chunk)
        chained = crc64(chunk, chained)

    assert digest.size == len(whole)
    assert digest.crc64 == chained == crc64(whole)
    assert digest.md5 == hashlib.md5(whole, usedforsecurity=False).digest()


def test_the_digests_may_be_read_on_the_way() -> None:
    digest = Digest()
    digest.update(b"hello ")
    assert digest.md5 == hashlib.md5(b"hello ", usedforsecurity=False).digest()
    digest.update(b"world")
    assert digest.md5 == hashlib.md5(b"hello world", usedforsecurity=False).digest()
    assert digest.crc64 == 5981764153023615706


def test_nothing_has_digests_too() -> None:
    digest = Digest()
    assert (digest.md5.hex(), digest.crc64, digest.size) == ("d41d8cd98f00b204e9800998ecf8427e", 0, 0)


@given(st.binary(max_size=10))
def test_an_etag_is_the_md5_in_capitals(data: bytes) -> None:
    md5 = hashlib.md5(data, usedforsecurity=False)
    assert render_etag(md5.digest()) == md5.hexdigest().upper()


def test_the_etag_that_the_documentation_shows() -> None:
    assert render_etag(hashlib.md5(b"hello", usedforsecurity=False).digest()) == "5D41402ABC4B2A76B9719D911017C592"


def test_the_multipart_etag_that_the_documentation_shows() -> None:
    etags = ("3349DC700140D7F86A078484278075A9", "8EFDA8BE206636A695359836FE0A0E0A", "8C315065167132444177411FDA149B92")
    assert render_multipart_etag(iter(etags)) == "B864DB6A936D376F9F8D3ED3BBE540DD-3"


def test_a_multipart_etag_is_that_of_the_order_and_counts_the_parts() -> None:
    one, two = "3349DC700140D7F86A078484278075A9", "8EFDA8BE206636A695359836FE0A0E0A"
    assert render_multipart_etag([one, two]) != render_multipart_etag([two, one])
    assert [render_multipart_etag([one] * count).rpartition("-")[2] for count in (1, 10_000)] == ["1", "10000"]


def test_an_md5_is_written_in_base64() -> None:
    assert render_md5(hashlib.md5(b"", usedforsecurity=False).digest()) == "1B2M2Y8AsgTpgAmY7PhCfg=="


# -- combining


def combined_by_definition(first: int, second: int, second_bytes: int) -> int:
    """Zero bytes appended one after the other, by the definition of the CRC, without any power of x."""
    for _ in range(8 * second_bytes):
        first = (first >> 1) ^ (0xC96C5795D7870F42 if first & 1 else 0)
    return first ^ second


def test_the_combination_that_the_documentation_shows() -> None:
    assert combine_crc64(1796661072844795914, crc64(b"world"), 5) == 5981764153023615706


@given(st.lists(st.binary(max_size=600), max_size=8))
def test_the_crc_of_pieces_is_combined_to_that_of_the_whole(pieces: list[bytes]) -> None:
    combined = 0
    for piece in pieces:
        combined = combine_crc64(combined, crc64(piece), len(piece))
    assert combined == crc64(b"".join(pieces))


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1), st.integers(0, 3000))
def test_combining_is_appending_zero_bytes(first: int, second: int, count: int) -> None:
    assert combine_crc64(first, second, count) == combined_by_definition(first, second, count)


@given(st.integers(0, 2**64 - 1), st.integers(0, 5 * 2**30), st.integers(0, 5 * 2**30))
def test_a_long_piece_is_as_good_as_two_shorter_ones(first: int, one: int, other: int) -> None:
    assert combine_crc64(combine_crc64(first, 0, one), 0, other) == combine_crc64(first, 0, one + other)


@given(st.integers(0, 2**64 - 1))
def test_an_empty_piece_changes_nothing(first: int) -> None:
    assert combine_crc64(first, crc64(b""), 0) == first
