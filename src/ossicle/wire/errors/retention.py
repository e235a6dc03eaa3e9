"""What stands in the way of retention, and in whose way retention stands."""

from ossicle.wire.errors.oss_error import OssError


class FileImmutable(OssError, status=409, message="The object you specified is immutable.", ec="0026-00000005"):
    """The object is retained: it can't be replaced, changed or removed yet."""


class NoSuchWORMConfiguration(
    OssError, status=404, message="The WORM Configuration does not exist.", elements={"bucket_name": "BucketName"}
):
    """The bucket has no retention policy, or none of this id."""


class InvalidWORMConfiguration(OssError, status=400, message="Invalid WORM Configuration."):
    """The retention policy can't be made so, or can't be extended as it is."""


class WORMConfigurationLocked(OssError, status=403, message="The WORM Configuration is locked."):
    """The retention policy is locked: it can be extended, and nothing else."""


# OSS: the message is unverified.
class WORMConfigurationAlreadyExists(OssError, status=409, message="The WORM Configuration already exists."):
    """The bucket has a retention policy already, or what goes with none."""
