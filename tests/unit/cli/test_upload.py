"""What may help somebody who has a URL, and neither keys nor a server."""

import pytest

from ossicle.cli.upload import _hint
from ossicle.client.failures import ConnectionFailed, ConnectionTimedOut
from ossicle.wire.errors import (
    AccessDenied,
    EntityTooLarge,
    InvalidAccessKeyId,
    InvalidArgument,
    NoSuchBucket,
    OssError,
)


@pytest.mark.parametrize(
    "error",
    [
        AccessDenied("x"),
        InvalidAccessKeyId("x"),
        NoSuchBucket("x"),
        InvalidArgument("Invalid signing region in Authorization header."),
        ConnectionFailed("http://h can't be reached: Connection refused"),
    ],
)
def test_whoever_signed_the_url_is_asked(error: OssError | ConnectionFailed) -> None:
    hint = _hint(error)
    assert hint is not None
    assert "hoever signed it" in hint
    assert "ossicle" not in hint


def test_the_end_of_a_url_is_named() -> None:
    error = AccessDenied("Request has expired.")
    error.details["Expires"] = "2026-01-01T00:00:00.000Z"
    assert "good until 2026-01-01T00:00:00.000Z" in (_hint(error) or "")


@pytest.mark.parametrize(
    "error", [EntityTooLarge("x"), ConnectionTimedOut("late"), ConnectionFailed("bad certificate")]
)
def test_what_has_nothing_to_do_with_the_url(error: OssError | ConnectionFailed) -> None:
    assert _hint(error) is None
