"""What may help against a failure."""

import pytest

from ossicle.cli.hints import hint_of
from ossicle.client.failures import ConnectionFailed, ConnectionTimedOut, MalformedAnswer
from ossicle.wire.errors import AccessDenied, InvalidArgument, NoSuchBucket, NoSuchKey, SignatureDoesNotMatch
from ossicle.wire.explain import UNEXPLAINED


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (NoSuchBucket("x"), "ossicle mb"),
        (SignatureDoesNotMatch("x"), "ossicle config list"),
        (AccessDenied("x"), "may not do this"),
        (ConnectionFailed("http://h can't be reached: Connection refused"), "is a server running there"),
        (ConnectionFailed("https://h: [SSL: WRONG_VERSION_NUMBER] wrong version number"), "http:// in front"),
        (ConnectionFailed("https://h: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"), "SSL_CERT_FILE"),
        (ConnectionFailed("http://h can't be reached: [Errno -2] Name or service not known"), "has no address"),
        (InvalidArgument("Invalid signing region in Authorization header."), "--region (OSS_REGION)"),
        (ConnectionTimedOut("late"), "--read-timeout"),
        (MalformedAnswer("html"), "--endpoint"),
    ],
)
def test_a_hint(error: Exception, told: str) -> None:
    hint = hint_of(error)
    assert hint is not None
    assert told in hint


@pytest.mark.parametrize("error", [NoSuchKey("x"), KeyError("x"), OSError(28, "No space left on device")])
def test_none_where_nothing_more_is_known(error: Exception) -> None:
    assert hint_of(error) is None


def test_where_the_bucket_is() -> None:
    error = AccessDenied("The bucket you are attempting to access must be addressed using the specified endpoint.")
    error.details["Endpoint"] = "oss-cn-beijing.aliyuncs.com"
    assert "the bucket is at oss-cn-beijing.aliyuncs.com: --endpoint" in (hint_of(error) or "")


def test_a_note_of_somebody_who_knew_more_is_enough() -> None:
    error = SignatureDoesNotMatch("x")
    error.add_note("the server counted these headers")
    assert hint_of(error) is None


def test_what_the_server_found_out() -> None:
    error = SignatureDoesNotMatch("x")
    error.details["Explanation"] = "The request is a POST, and PUT was signed."
    assert hint_of(error) == "The request is a POST, and PUT was signed."
    error.details["Explanation"] = UNEXPLAINED.text
    assert "ossicle config list" in (hint_of(error) or "")
