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


class ObjectNotAppendable(OssError, status=409, message="The object is not appendable."):
    """Bytes can't be added to an object of this type."""


class PositionNotEqualToLength(
    OssError, status=409, message="Position is not equal to file length.", ec="0026-00000016"
):
    """An append names another position than the end of the object; `x-oss-next-append-position` says where that is."""


# OSS: the message is unverified.
class AppendSealedObjectNotAllowed(OssError, status=400, message="The object has been sealed."):
    """No more bytes can be added to the object."""


# OSS: that a part can't be copied from an appendable object is documented, the code is unverified.
class OperationNotSupported(OssError, status=400, message="The operation is not supported for this resource."):
    """The operation is not for objects of this type."""


class NotSymlink(OssError, status=400, message="The object is not symlink."):
    """The object is no symbolic link."""


class SymlinkTargetNotExist(OssError, status=404, message="The symlink target object does not exist."):
    """What a symbolic link names is not there."""


class InvalidTargetType(OssError, status=400, message="The symbolic's target file type is invalid."):
    """What a symbolic link names is a link itself."""


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
