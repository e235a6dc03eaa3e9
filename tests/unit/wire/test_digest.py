import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.wire.digest import Digest, crc64, render_etag

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
