"""The operations of OSS as data: typed requests and results, each field bound to where it travels.

Rules of the package:

1. One module an operation family; a constant named as the operation (`PUT_OBJECT`) is the whole truth about it.
2. Class and field names are those of the official Python SDK V2, so that code moves between the two by changing an import.
3. An operation that OSS has and nobody here handles is known all the same: it answers NotImplemented and stands in the docs.
4. Annotations are read at run time: no postponed evaluation in this package.
"""

from typing import Final

from ossicle.wire.api import (
    bucket,
    bucket_access_monitor,
    bucket_acl,
    bucket_archive_direct_read,
    bucket_callback_policy,
    bucket_cname,
    bucket_cors,
    bucket_data_redundancy_transition,
    bucket_encryption,
    bucket_https_config,
    bucket_inventory,
    bucket_log_fields,
    bucket_logging,
    bucket_object_worm,
    bucket_overwrite_config,
    bucket_qos_info,
    bucket_replication,
    bucket_request_payment,
    bucket_resource_group,
    bucket_stat,
    bucket_storage_capacity,
    bucket_storage_quota,
    bucket_style,
    bucket_tags,
    bucket_transfer_acceleration,
    bucket_versioning,
    bucket_worm,
    multipart,
    object_acl,
    object_append,
    object_basic,
    object_copy,
    object_post,
    object_restore,
    object_symlink,
    object_tagging,
    object_worm,
    public_access_block,
    service,
    unserved,
)
from ossicle.wire.operation import AnyOperation
from ossicle.wire.setting import AnySetting

OPERATIONS: Final[tuple[AnyOperation, ...]] = (
    *service.OPERATIONS,
    *bucket.OPERATIONS,
    *bucket_acl.OPERATIONS,
    *bucket_versioning.OPERATIONS,
    *bucket_stat.OPERATIONS,
    *bucket_cors.OPERATIONS,
    *bucket_tags.OPERATIONS,
    *bucket_request_payment.OPERATIONS,
    *bucket_transfer_acceleration.OPERATIONS,
    *bucket_access_monitor.OPERATIONS,
    *bucket_https_config.OPERATIONS,
    *bucket_resource_group.OPERATIONS,
    *bucket_archive_direct_read.OPERATIONS,
    *bucket_log_fields.OPERATIONS,
    *bucket_storage_capacity.OPERATIONS,
    *bucket_qos_info.OPERATIONS,
    *bucket_encryption.OPERATIONS,
    *public_access_block.OPERATIONS,
    *bucket_overwrite_config.OPERATIONS,
    *bucket_storage_quota.OPERATIONS,
    *bucket_callback_policy.OPERATIONS,
    *bucket_style.OPERATIONS,
    *bucket_cname.OPERATIONS,
    *bucket_replication.OPERATIONS,
    *bucket_data_redundancy_transition.OPERATIONS,
    *bucket_inventory.OPERATIONS,
    *bucket_logging.OPERATIONS,
    *bucket_worm.OPERATIONS,
    *bucket_object_worm.OPERATIONS,
    *object_basic.OPERATIONS,
    *object_copy.OPERATIONS,
    *object_post.OPERATIONS,
    *object_append.OPERATIONS,
    *object_symlink.OPERATIONS,
    *multipart.OPERATIONS,
    *object_acl.OPERATIONS,
    *object_tagging.OPERATIONS,
    *object_restore.OPERATIONS,
    *object_worm.OPERATIONS,
    *unserved.OPERATIONS,
)
"""Every operation that is known, in the order of the docs."""

SETTINGS: Final[tuple[AnySetting, ...]] = (
    bucket_cors.CORS,
    bucket_request_payment.REQUEST_PAYMENT,
    bucket_archive_direct_read.ARCHIVE_DIRECT_READ,
    bucket_transfer_acceleration.TRANSFER_ACCELERATION,
    bucket_access_monitor.ACCESS_MONITOR,
    bucket_https_config.HTTPS_CONFIG,
    bucket_resource_group.RESOURCE_GROUP,
    bucket_log_fields.LOG_FIELDS,
    bucket_object_worm.OBJECT_WORM,
    bucket_storage_capacity.STORAGE_CAPACITY,
    bucket_qos_info.QOS_INFO,
    bucket_encryption.ENCRYPTION,
    public_access_block.PUBLIC_ACCESS_BLOCK,
    bucket_overwrite_config.OVERWRITE_CONFIG,
    bucket_storage_quota.STORAGE_QUOTA,
    bucket_callback_policy.CALLBACK_POLICY,
    bucket_tags.BUCKET_TAGS,
    bucket_logging.LOGGING,
)
"""The settings of buckets that are bound. The `kind` of each is what its operations are selected by."""
