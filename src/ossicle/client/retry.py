"""Which failures are worth another attempt, and how long to wait for it. Decides only: the drivers sleep.

Source: https://help.aliyun.com/zh/oss/developer-reference/error-responses
"""

from collections.abc import Callable
from random import SystemRandom
from typing import Final

from ossicle.client.config import Config
from ossicle.client.failures import ConfigError, ConnectionFailed, InconsistentError
from ossicle.wire.errors import OssError

Fraction = Callable[[], float]
"""Returns a number of at least 0 and less than 1, another one each time."""

RANDOM: Final[Fraction] = SystemRandom().random
DELAY_BASE_SECONDS: Final = 0.2
DELAY_MAX_SECONDS: Final = 20.0
_STATUSES: Final = frozenset((401, 408, 429))
_CODES: Final = frozenset(("RequestTimeTooSkewed", "BadRequest"))
_DOUBLINGS_MAX: Final = 16  # 2 ** attempt of a caller who allows thousands would not fit a float


class Retries:
    """The rule for one client: exponential back-off with full jitter, so that many clients don't come back at one moment.

    Raises:
        ConfigError: less than one attempt is allowed.
    """

    def __init__(self, config: Config, fraction: Fraction) -> None:
        if config.retry_max_attempts < 1:
            raise ConfigError(f"retry_max_attempts is {config.retry_max_attempts}; one attempt is the least")
        self.attempts_max: Final = config.retry_max_attempts
        self._fraction: Final = fraction

    def delay(self, attempt: int, failure: Exception) -> float | None:
        """Return the seconds to wait after the `attempt`-th attempt (the first is 1) failed; None gives up."""
        if attempt >= self.attempts_max or not is_transient(failure):
            return None
        ceiling: float = min(DELAY_BASE_SECONDS * 2 ** min(attempt - 1, _DOUBLINGS_MAX), DELAY_MAX_SECONDS)
        return self._fraction() * ceiling


def is_transient(failure: Exception) -> bool:
    """Whether the same request may well succeed if it is sent again."""
    if isinstance(failure, OssError):
        # What a server does not implement it won't implement a second later. The official SDKs try 501 again.
        is_server_fault = failure.status >= 500 and failure.status != 501
        return is_server_fault or failure.status in _STATUSES or failure.code in _CODES
    if isinstance(failure, InconsistentError):
        return failure.is_repeatable
    return isinstance(failure, ConnectionFailed)
