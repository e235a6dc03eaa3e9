"""Announced checksums: judged as text before the body, and against it afterwards."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.services.checksums import Checksums
from ossicle.wire.digest import Digest, crc64
from ossicle.wire.errors import InvalidArgument, InvalidCRC64, InvalidDigest


def digest_of(body: bytes) -> Digest:
    digest = Digest()
    digest.update(body)
    return digest


def md5_of(body: bytes) -> str:
    return base64.b64encode(hashlib.md5(body).digest()).decode()


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_a_body_is_its_own_and_no_other(body: bytes, other: bytes) -> None:
    announced = Checksums.parse(content_md5=md5_of(body), crc64=str(crc64(body)))
    announced.judge(digest_of(body))
    if other != body:
        with pytest.raises(InvalidDigest) as refusal:
            Checksums.parse(content_md5=md5_of(body)).judge(digest_of(other))
        assert refusal.value.details == {"Content-MD5": md5_of(body)}
        with pytest.raises(InvalidCRC64):
            Checksums.parse(content_md5=None, crc64=str(crc64(body))).judge(digest_of(other))


def test_nothing_announced_fits_everything() -> None:
    Checksums.parse(content_md5=None, crc64=None).judge(digest_of(b"anything"))


@pytest.mark.parametrize("text", ["", "x", "1B2M2Y8AsgTpgAmY7PhCfg", "1B2M2Y8AsgTpgAmY7PhCfg=", " 1B2M2Y8AsgTpgAmY7PhCfg==",
                                  "1B2M2Y8AsgTpgAmY7PhC", "é", "\udcff", md5_of(b"") * 2])  # fmt: skip
def test_an_md5_that_is_none(text: str) -> None:
    with pytest.raises(InvalidDigest):
        Checksums.parse(content_md5=text)


@given(st.text() | st.from_regex(r"\A[0-9]{1,25}\Z"))
def test_a_crc_is_a_decimal_number_of_64_bits(text: str) -> None:
    if text.isascii() and text.isdigit() and len(text) <= 20 and int(text) < 2**64:
        assert Checksums.parse(content_md5=None, crc64=text).crc64 == int(text)
        return
    with pytest.raises(InvalidArgument) as refusal:
        Checksums.parse(content_md5=None, crc64=text)
    assert refusal.value.details == {"ArgumentName": "x-oss-hash-crc64ecma", "ArgumentValue": text}


@pytest.mark.parametrize("text", [str(2**64), "9" * 5000, "-1", "+1", "1_0", " 1", "１"])
def test_numbers_that_are_none(text: str) -> None:
    with pytest.raises(InvalidArgument):
        Checksums.parse(content_md5=None, crc64=text)
