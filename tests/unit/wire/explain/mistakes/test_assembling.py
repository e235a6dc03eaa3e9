"""What people get wrong who sign by their own program: each is named, and nothing is where nothing is wrong."""

from urllib.parse import quote

import pytest

from tests.support.mistakes import BUCKET, KEY, NOW, REGION, Sent, header_signed
from tests.support.own_signer import BUGS, BUGS_V1, HEADERS, OwnSigner, OwnSignerV1

HOST = "oss.example.com"


def sent_v1(bug: str = "") -> Sent:
    signer = OwnSignerV1(
        access_key_id=KEY.access_key_id, access_key_secret=KEY.access_key_secret, bucket=BUCKET, host=HOST, bug=bug
    )
    path, _, query = signer.url(NOW).partition("?")
    return Sent(path=path, query=query, headers={**HEADERS, "Host": HOST})


def sent(bug: str = "") -> Sent:
    signer = OwnSigner(
        access_key_id=KEY.access_key_id,
        access_key_secret=KEY.access_key_secret,
        region=REGION,
        bucket=BUCKET,
        host=HOST,
        bug=bug,
    )
    path, _, query = signer.url(NOW).partition("?")
    return Sent(path=path, query=query, headers={**HEADERS, "Host": HOST})


@pytest.mark.parametrize(("bug", "cause"), BUGS.items())
def test_a_bug_of_a_signer(bug: str, cause: str) -> None:
    assert sent(bug).cause() == cause


@pytest.mark.parametrize(("bug", "cause"), BUGS_V1.items())
def test_a_bug_of_a_signer_of_version_1(bug: str, cause: str) -> None:
    assert sent_v1(bug).cause() == cause


def test_a_signer_without_a_bug() -> None:
    assert sent().explained() is None
    assert sent_v1().explained() is None


@pytest.mark.parametrize("text", ["f" * 39 + "g", "f" * 40, "ÿ" * 40, "A" * 55 + "=", "//8=" * 14])
def test_what_is_no_signature_in_digits(text: str) -> None:
    made = sent_v1()
    start, _, _ = made.query.rpartition("=")
    assert made.but(query=f"{start}={quote(text)}").cause() in ("", "signature-cut")


def test_a_bug_that_nobody_thought_of() -> None:
    assert sent().but(method="GET").cause() == "method"
    assert sent("hexadecimal steps").but(method="GET").cause() == ""


def test_a_payload_that_was_said_is_not_one_of_nothing() -> None:
    assert header_signed().having(x_oss_meta_added="1").cause() == "header-added"
