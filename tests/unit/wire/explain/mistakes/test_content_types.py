"""Content-Type: what uploaders add, drop and spell anew, in each version and place of the signature."""

from collections.abc import Callable

import pytest

from ossicle.wire.signing import Version
from tests.support.mistakes import Sent, header_signed, presigned

SIGNERS = [lambda v=v, s=s, **a: s(v, **a) for v in Version for s in (presigned, header_signed)]
NAMES = [f"{v.value}-{place}" for v in Version for place in ("url", "header")]
every_signer = pytest.mark.parametrize("sign", SIGNERS, ids=NAMES)
Sign = Callable[..., Sent]


@every_signer
@pytest.mark.parametrize(
    ("sent", "cause"),
    [
        ("application/x-www-form-urlencoded", "content-type-form"),
        ("application/octet-stream", "content-type-octet-stream"),
        ("text/plain;charset=UTF-8", "content-type-text"),
        ("application/json", "content-type-json"),
        ("application/xml", "content-type-xml"),
        ("multipart/form-data; boundary=x", "content-type-multipart"),
        ("image/jpeg", "content-type-guessed"),
    ],
)
def test_a_type_that_was_added(sign: Sign, sent: str, cause: str) -> None:
    request = sign().having(content_type=sent)
    assert request.cause() == cause
    explanation = request.explained()
    assert explanation is not None
    assert sent in explanation.text


@every_signer
@pytest.mark.parametrize("signed", ["text/plain", "application/octet-stream", "image/png", "text/plain; charset=utf8"])
def test_a_type_that_was_left_out(sign: Sign, signed: str) -> None:
    request = sign(headers=[("Content-Type", signed)]).having(content_type=None)
    assert request.cause() == "content-type-missing"
    explanation = request.explained()
    assert explanation is not None
    assert f"Content-Type: {signed}," in explanation.text


def test_the_type_of_the_key_s_ending_is_thought_of() -> None:
    request = presigned(key="page.SVG", headers=[("Content-Type", "image/svg+xml")]).having(content_type=None)
    assert request.cause() == "content-type-missing"


@pytest.mark.parametrize(
    ("signed", "sent", "cause"),
    [
        ("text/plain", "application/x-www-form-urlencoded", "content-type-changed"),
        ("image/jpeg", "application/octet-stream", "content-type-changed"),
        ("text/plain", "text/plain;charset=UTF-8", "content-type-charset"),
        ("text/plain; charset=utf8", "text/plain", "content-type-charset"),
        ("text/plain; charset=utf8", "text/plain;charset=utf8", "content-type-spelling"),
        ("text/plain;charset=utf8", "text/plain; charset=utf8", "content-type-spelling"),
        ("text/html;charset=utf-8", "text/html;charset=UTF-8", "content-type-spelling"),
        ("text/html; charset=utf-8", 'text/html; charset="utf-8"', "content-type-spelling"),
        ("image/jpeg", "Image/JPEG", "content-type-spelling"),
        ("image/jpeg", "image/jpeg;", "content-type-charset"),
        ("text/plain", "text/plain, text/plain", "header-twice"),
    ],
)
@every_signer
def test_a_type_that_was_changed(sign: Sign, signed: str, sent: str, cause: str) -> None:
    request = sign(headers=[("Content-Type", signed)]).having(content_type=sent)
    assert request.cause() == cause


def test_a_type_that_nobody_thinks_of() -> None:
    request = presigned(headers=[("Content-Type", "application/x-my-own")]).having(
        content_type="application/x-your-own"
    )
    assert request.explained() is None
