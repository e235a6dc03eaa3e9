"""Which failures are tried again, and the pause before it."""

import pytest

from ossicle.client.failures import ConnectionFailed, ConnectionTimedOut, InconsistentError, MalformedAnswer
from ossicle.client.retry import RANDOM, Retries, is_transient
from ossicle.wire.errors import OssError
from tests.support.clients import config


def refusal(status: int, code: str = "Other") -> OssError:
    return OssError.received(code=code, status=status, message="", ec=None, details={})


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        *((refusal(status), True) for status in (500, 502, 503, 504, 401, 408, 429)),
        *((refusal(status), False) for status in (501, 203, 304, 400, 403, 404, 409, 412)),
        (refusal(403, "RequestTimeTooSkewed"), True),
        (refusal(400, "BadRequest"), True),
        (ConnectionFailed("cut"), True),
        (ConnectionTimedOut("late"), True),
        (InconsistentError(client_crc64="1", server_crc64="2", request_id=""), True),
        (InconsistentError(client_crc64="1", server_crc64="2", request_id="", is_repeatable=False), False),
        (MalformedAnswer("html"), False),
        (ValueError("bug"), False),
    ],
)
def test_what_may_pass(failure: Exception, expected: bool) -> None:
    assert is_transient(failure) is expected


def test_pauses_double_up_to_the_ceiling() -> None:
    retries = Retries(config(retry_max_attempts=2000), lambda: 1.0)
    found = [retries.delay(attempt, refusal(500)) for attempt in (1, 2, 3, 7, 8, 1999)]
    assert found == [0.2, 0.4, 0.8, 12.8, 20.0, 20.0]


def test_the_last_attempt_is_the_last() -> None:
    retries = Retries(config(retry_max_attempts=3), lambda: 0.0)
    assert [retries.delay(attempt, refusal(500)) for attempt in (1, 2, 3)] == [0.0, 0.0, None]


def test_the_default_jitter_is_a_fraction() -> None:
    assert all(0 <= RANDOM() < 1 for _ in range(20))
