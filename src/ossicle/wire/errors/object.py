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


class InvalidTag(
    OssError, status=400, message="The TagKey you have provided is invalid.", elements={"tag_key": "TagKey"}
):
    """A key or value of a tag is too long, or holds characters that tags can't."""


class TooManyTags(OssError, status=400, message="The bucket tags num is beyond limit."):
    """More tags than there may be."""


class RepeatedTags(OssError, status=400, message="Tag keys must be unique."):
    """Two tags have one key."""


class InvalidEncryptionAlgorithmError(
    OssError,
    status=400,
    message="The Encryption request you specified is not valid. Supported value: AES256/SM4/KMS.",
):
    """An algorithm of server-side encryption that OSS does not know."""


class InvalidObjectState(
    OssError, status=403, message="The operation is not valid for the object's state.", elements={"key": "Key"}
):
    """The bytes of an archived object are asked for, and it was not restored."""


class OperationNotSupported(
    OssError, status=400, message="The operation is not supported for this resource.", ec="0016-00000702"
):
    """The object is of a class or type that the operation is not for: RestoreObject on one that is not archived."""


class RestoreAlreadyInProgress(
    OssError, status=409, message="The restore operation is in progress.", ec="0016-00000701"
):
    """The object is being restored."""


class ArchiveRestoreNotFinished(
    OssError, status=409, message="The archive file's restore is not finished.", ec="0016-00000719"
):
    """CleanRestoredObject while the object is being restored."""


class ArchiveRestoreFileStale(OssError, status=409, message="The archive file is not restored."):
    """CleanRestoredObject on an object that was not restored, or whose restored copy is gone."""
