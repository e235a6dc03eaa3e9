"""What is wrong with a bucket, or with its settings."""

from ossicle.wire.errors.oss_error import OssError


class InvalidBucketName(
    OssError, status=400, message="The specified bucket is not valid.", elements={"bucket_name": "BucketName"}
):
    """A bucket name breaks the naming rules."""


class InvalidLocationConstraint(OssError, status=400, message="The specified location-constraint is not valid"):
    """PutBucket asks for a region that this server is not."""


class CORSRuleBeyondLimit(OssError, status=400, message="The CORS Rules num is beyond limit."):
    """More than ten CORS rules."""


class NoSuchBucket(
    OssError,
    status=404,
    message="The specified bucket does not exist.",
    ec="0015-00000101",
    elements={"bucket_name": "BucketName"},
):
    """There is no such bucket."""


class NoSuchCORSConfiguration(
    OssError, status=404, message="The CORS Configuration does not exist.", elements={"bucket_name": "BucketName"}
):
    """The bucket has no CORS rules."""


class NoSuchTransferAccelerationConfiguration(
    OssError,
    status=404,
    message="The bucket you specified does not have transfer acceleration configuration.",
    elements={"bucket_name": "BucketName"},
):
    """Transfer acceleration was never set for the bucket."""


# OSS: status and message of the next two are unverified.
class NoSuchArchiveDirectReadConfiguration(
    OssError,
    status=404,
    message="The bucket you specified does not have archive direct read configuration.",
    elements={"bucket_name": "BucketName"},
):
    """Direct reading of archived objects was never set for the bucket."""


class NoSuchUserDefinedLogFieldsConfig(
    OssError,
    status=404,
    message="The specified bucket does not have a user defined log fields configuration.",
    elements={"bucket_name": "BucketName"},
):
    """The bucket's log has no fields of its own."""


class NoSuchServerSideEncryptionRule(
    OssError,
    status=404,
    message="The server side encryption configuration was not found.",
    elements={"bucket_name": "BucketName"},
):
    """The bucket says nothing of new objects' encryption."""


# OSS: code and message of the next one are unverified, status and message of the one behind it.
class NoSuchBucketOverwriteConfig(
    OssError,
    status=404,
    message="The bucket you specified does not have overwrite configuration.",
    elements={"bucket_name": "BucketName"},
):
    """The bucket forbids no overwriting."""


class BucketCallbackPolicyNotExist(
    OssError,
    status=404,
    message="The bucket you specified does not have callback policy.",
    elements={"bucket_name": "BucketName"},
):
    """The bucket has no callbacks with names."""


class NoSuchStyle(
    OssError,
    status=404,
    message="The specified style does not exist.",
    elements={"style_name": "StyleName"},
):
    """The bucket has no style of this name."""


class NoSuchInventory(
    OssError, status=404, message="No Row found in Inventory Table.", elements={"inventory_id": "InventoryId"}
):
    """The bucket has no inventory of this id, or none at all."""


class InventoryExceedLimit(OssError, status=400, message="You are not allowed to create more inventory than limit."):
    """More than 1,000 inventories."""


# OSS: the message is unverified.
class InventoryAlreadyExist(
    OssError, status=409, message="The inventory already exists.", elements={"inventory_id": "InventoryId"}
):
    """The bucket has an inventory of this id."""


class InvalidTargetBucketForLogging(
    OssError, status=400, message="Put bucket log requester is not target bucket owner."
):
    """The bucket that access logs are to go to is not there, or is another account's."""


class NoSuchReplicationConfiguration(
    OssError,
    status=404,
    message="The bucket you specified does not have replication configuration.",
    elements={"bucket_name": "BucketName"},
):
    """The bucket never had a rule of replication."""


class NoSuchReplicationRule(
    OssError,
    status=404,
    message="The BucketReplicationRule you specified does not exist.",
    elements={"bucket_name": "BucketName"},
):
    """The bucket has no rule of replication with this id."""


# OSS: code, status and message are unverified.
class NoSuchBucketDataRedundancyTransition(
    OssError,
    status=404,
    message="The specified data redundancy transition does not exist.",
    elements={"bucket_name": "BucketName"},
):
    """The bucket has no task of this id."""


class NoSuchLifecycle(
    OssError,
    status=404,
    message="No Row found in Lifecycle Table.",
    elements={"bucket_name": "BucketName"},
):
    """The bucket has no lifecycle."""


# OSS: status and message are unverified.
class AccessMonitorDisableNotAllowed(
    OssError,
    status=400,
    message="The access monitor can not be disabled while lifecycle rules use the access time.",
    elements={"bucket_name": "BucketName"},
):
    """A rule of the lifecycle needs the access monitor."""


class NoSuchWebsiteConfiguration(
    OssError,
    status=404,
    message="The specified bucket does not have a website configuration.",
    elements={"bucket_name": "BucketName"},
):
    """The bucket is no website."""


class NoSuchBucketPolicy(
    OssError,
    status=404,
    message="The specified bucket policy does not exist.",
    elements={"bucket_name": "BucketName"},
):
    """The bucket has no policy."""


# OSS: code, status and message are unverified.
class StorageQuotaExceeded(
    OssError,
    status=403,
    message="The bucket would hold more than its storage quota.",
    elements={"bucket_name": "BucketName"},
):
    """The bucket has a strict quota, and no room for this."""


class ResourceGroupIdPreCheckError(
    OssError, status=400, message="The resource group id precheck error", ec="0039-00000003"
):
    """There is no such resource group."""


class BucketAlreadyExists(
    OssError,
    status=409,
    message=(
        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
        "Please select a different name and try again."
    ),
    ec="0015-00000104",
    elements={"bucket_name": "BucketName"},
):
    """The name is taken, or the own bucket has other fixed properties."""


class BucketNotEmpty(
    OssError,
    status=409,
    message="The bucket has objects. Please delete them first.",
    ec="0015-00000301",
    elements={"bucket_name": "BucketName"},
):
    """A bucket must be empty to be deleted."""


class NoSuchRegion(OssError, status=404, message="The specified region does not exist."):
    """There is no such region. OSS says no more than the name that was asked for, as the message."""
