"""What went wrong after an upload was stored."""

from ossicle.wire.errors.oss_error import OssError


class CallbackFailed(
    OssError,
    status=203,
    message="Callback to application server failed, please check your callbackUrl.",
    ec="0007-00000203",
):
    """The object is stored, and its callback did not give 200 with a JSON document."""
