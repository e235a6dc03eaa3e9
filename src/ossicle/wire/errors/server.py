"""What is the fault of the server: a failure, or an ability that it has not."""

from ossicle.wire.errors.oss_error import OssError


class InternalError(
    OssError, status=500, message="The server met an unexpected condition; the request id names it in its log."
):
    """A bug or a broken disk. The cause is in the server's log under the request id, never in the answer."""


class NotImplemented(  # named as the code, and hiding the built-in, which has no use here
    OssError,
    status=501,
    message="A header you provided implies functionality that is not implemented.",
    elements={"header": "Header"},
):
    """OSS can do this and Ossicle can't: an operation (501) or a header (400)."""


class ServiceUnavailable(OssError, status=503, message="The server can't store this now, please retry later."):
    """The store refuses: a full disk, a database that went away, a server that is stopping."""
