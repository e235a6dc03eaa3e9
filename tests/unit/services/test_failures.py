"""What a caller is told of a failure."""

import pytest

from ossicle.ports import Conflict, Corrupt, StoreUnavailable
from ossicle.services.failures import as_oss_error
from ossicle.wire.errors import InternalError, NoSuchKey, OssError, ServiceUnavailable


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (StoreUnavailable("secret"), ServiceUnavailable),
        (Conflict("secret"), ServiceUnavailable),
        (Corrupt("secret"), InternalError),
        (ZeroDivisionError("secret"), InternalError),
        (OSError(5, "secret"), InternalError),
        (TimeoutError("secret"), InternalError),
    ],
)
def test_a_failure_is_told_without_its_cause(failure: Exception, told: type[OssError]) -> None:
    error = as_oss_error(failure)
    assert type(error) is told
    assert "secret" not in str(error)
    assert error.details == {}


def test_an_oss_error_is_told_as_it_is() -> None:
    error = NoSuchKey(key="k")
    assert as_oss_error(error) is error
