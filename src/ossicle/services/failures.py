"""The one place where a store's failure becomes an OSS error."""

from ossicle.ports import Conflict, StoreUnavailable
from ossicle.wire.errors import InternalError, OssError, ServiceUnavailable


def as_oss_error(failure: Exception) -> OssError:
    """Return what the caller is told. Anything but an OSS error or a store that is unavailable is a bug or a broken disk."""
    if isinstance(failure, OssError):
        return failure
    if isinstance(failure, StoreUnavailable | Conflict):
        return ServiceUnavailable()
    return InternalError()
