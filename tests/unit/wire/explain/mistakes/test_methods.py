import pytest

from ossicle.wire.signing import Version
from tests.support.mistakes import header_signed, presigned

every_version = pytest.mark.parametrize("version", Version)


@every_version
@pytest.mark.parametrize(
    ("signed", "sent", "cause"),
    [
        ("PUT", "POST", "method"),
        ("GET", "PUT", "method"),
        ("PUT", "GET", "method"),
        ("GET", "DELETE", "method"),
        ("HEAD", "GET", "method"),
        ("GET", "HEAD", "method-head"),
    ],
)
def test_another_method(version: Version, signed: str, sent: str, cause: str) -> None:
    explanation = presigned(version, method=signed).but(method=sent).explained()
    assert explanation is not None
    assert explanation.id == cause
    assert f"a {signed}" in explanation.text or f"{signed} was signed" in explanation.text


@every_version
def test_another_method_than_the_header_was_signed_for(version: Version) -> None:
    assert header_signed(version, method="PUT").but(method="POST").cause() == "method"


@every_version
@pytest.mark.parametrize(
    ("kind", "cause"),
    [("application/x-www-form-urlencoded", "curl-data"), ("multipart/form-data; boundary=x", "posted-form")],
)
def test_a_form_in_place_of_a_file(version: Version, kind: str, cause: str) -> None:
    assert presigned(version).but(method="POST").having(content_type=kind).cause() == cause
