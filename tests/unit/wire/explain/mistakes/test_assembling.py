"""What people get wrong who sign by their own program: each is named, and nothing is where nothing is wrong."""

import pytest

from tests.support.mistakes import BUCKET, KEY, NOW, REGION, Sent, header_signed
from tests.support.own_signer import BUGS, HEADERS, OwnSigner

HOST = "oss.example.com"


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


def test_a_signer_without_a_bug() -> None:
    assert sent().explained() is None


def test_a_bug_that_nobody_thought_of() -> None:
    assert sent().but(method="GET").cause() == "method"
    assert sent("hexadecimal steps").but(method="GET").cause() == ""


def test_a_payload_that_was_said_is_not_one_of_nothing() -> None:
    assert header_signed().having(x_oss_meta_added="1").cause() == "header-added"
