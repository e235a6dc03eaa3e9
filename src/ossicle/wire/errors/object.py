"""What is wrong with an object: it is missing, it is in the way, it is not as a request wants it."""

from ossicle.wire.errors.oss_error import OssError


class InvalidObjectName(
    OssError, status=400, message="The specified object is not valid.", elements={"object_name": "ObjectName"}
):
    """A key is empty, too long or not UTF-8."""


class NoSuchKey(
    OssError,
    status=404,
    message="The specified key does not exist.",
    ec="0026-00000001",
    elements={"key": "Key"},
):
    """There is no object of this name."""


class NoSuchVersion(OssError, status=404, message="The specified version does not exist."):
    """The object has no version of this id."""


class FileAlreadyExists(
    OssError, status=409, message="The object you specified already exists and can not be overwritten."
):
    """The request forbids overwriting, and the key is taken."""


class PreconditionFailed(
    OssError,
    status=412,
    message="At least one of the pre-conditions you specified did not hold.",
    elements={"condition": "Condition"},
):
    """If-Match or If-Unmodified-Since does not hold."""


class InvalidRange(
    OssError,
    status=416,
    message="The requested range cannot be satisfied.",
    elements={"range_requested": "RangeRequested", "actual_object_size": "ActualObjectSize"},
):
    """No byte of the object lies in the range."""
