"""Settings that make sense in the cloud only: judged, kept and told as OSS does, and without effect; but for direct reading of archives."""

import re
from dataclasses import fields, replace
from typing import Final

from ossicle.operations.lifecycle_rules import uses_access_time
from ossicle.operations.settings import Rules, serve
from ossicle.wire.api import (
    bucket_access_monitor,
    bucket_archive_direct_read,
    bucket_callback_policy,
    bucket_https_config,
    bucket_log_fields,
    bucket_qos_info,
    bucket_resource_group,
    bucket_storage_capacity,
    bucket_transfer_acceleration,
)
from ossicle.wire.api.bucket_lifecycle import LIFECYCLE
from ossicle.wire.errors import (
    AccessMonitorDisableNotAllowed,
    BucketCallbackPolicyNotExist,
    InvalidArgument,
    MalformedXML,
    NoSuchArchiveDirectReadConfiguration,
    NoSuchTransferAccelerationConfiguration,
    NoSuchUserDefinedLogFieldsConfig,
    ResourceGroupIdPreCheckError,
)
from ossicle.wire.names import AccessMonitorStatusType
from ossicle.wire.setting import Documents

_TLS_VERSIONS: Final = frozenset({"TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"})
_RESOURCE_GROUP: Final = re.compile(r"rg-[A-Za-z0-9-]{1,61}")
_MALFORMED: Final = bucket_https_config.PUT_BUCKET_HTTPS_CONFIG.malformed_ec
_UNLIMITED: Final = -1
# OSS: an account's default group has an id of its own; this one is ours.
DEFAULT_GROUP: Final = bucket_resource_group.BucketResourceGroupConfiguration(resource_group_id="rg-default")
_NO_TLS_LIMIT: Final = bucket_https_config.HttpsConfiguration(tls=bucket_https_config.TLS(enable=False))


def _judge_https(wanted: bucket_https_config.HttpsConfiguration) -> bucket_https_config.HttpsConfiguration:
    tls = wanted.tls
    if tls is None or tls.enable is None:
        raise MalformedXML(ec=_MALFORMED)
    if not tls.enable:
        return replace(wanted, tls=bucket_https_config.TLS(enable=False))
    if not tls.tls_versions or not _TLS_VERSIONS.issuperset(tls.tls_versions):
        raise MalformedXML(ec=_MALFORMED)
    return replace(wanted, tls=replace(tls, tls_versions=tuple(dict.fromkeys(tls.tls_versions))))


def _judge_group(
    wanted: bucket_resource_group.BucketResourceGroupConfiguration,
) -> bucket_resource_group.BucketResourceGroupConfiguration:
    if not wanted.resource_group_id:
        return DEFAULT_GROUP
    # OSS: knows which groups there are; here every id that has the shape of one is taken.
    if not _RESOURCE_GROUP.fullmatch(wanted.resource_group_id):
        raise ResourceGroupIdPreCheckError
    return wanted


def _judge_capacity(wanted: bucket_storage_capacity.BucketUserQos) -> bucket_storage_capacity.BucketUserQos:
    _judge_limit("StorageCapacity", wanted.storage_capacity)
    return wanted


def _judge_qos(wanted: bucket_qos_info.QoSConfiguration) -> bucket_qos_info.QoSConfiguration:
    limits: dict[str, int] = {}
    for field in fields(wanted):
        given: int | None = getattr(wanted, field.name)
        _judge_limit(field.name.title().replace("_", ""), given)
        limits[field.name] = _UNLIMITED if given is None else given
    return bucket_qos_info.QoSConfiguration(**limits)


def _judge_limit(name: str, value: int | None) -> None:
    if value is not None and value < _UNLIMITED:
        raise InvalidArgument(argument_name=name, argument_value=str(value))


def _permit_monitor(wanted: bucket_access_monitor.AccessMonitorConfiguration, documents: Documents) -> None:
    lifecycle = documents.get(LIFECYCLE)
    is_off = wanted.status != AccessMonitorStatusType.ENABLED
    if is_off and lifecycle is not None and uses_access_time(lifecycle):
        raise AccessMonitorDisableNotAllowed


def _judge_callbacks(
    wanted: bucket_callback_policy.BucketCallbackPolicy,
) -> bucket_callback_policy.BucketCallbackPolicy:
    if not wanted.policy_items or not all(item.policy_name and item.callback for item in wanted.policy_items):
        raise MalformedXML(ec=_MALFORMED)
    return wanted


serve(
    Rules(
        setting=bucket_transfer_acceleration.TRANSFER_ACCELERATION,
        field="transfer_acceleration_configuration",
        required=("enabled",),
        default=NoSuchTransferAccelerationConfiguration,
    ),
    *bucket_transfer_acceleration.OPERATIONS,
)
serve(
    Rules(
        setting=bucket_access_monitor.ACCESS_MONITOR,
        field="access_monitor_configuration",
        required=("status",),
        permit=_permit_monitor,
        default=bucket_access_monitor.AccessMonitorConfiguration(status=AccessMonitorStatusType.DISABLED),
    ),
    *bucket_access_monitor.OPERATIONS,
)
serve(
    Rules(
        setting=bucket_https_config.HTTPS_CONFIG,
        field="https_configuration",
        judge=_judge_https,
        # OSS: what a bucket tells where it was never set is unverified.
        default=_NO_TLS_LIMIT,
    ),
    *bucket_https_config.OPERATIONS,
)
serve(
    Rules(
        setting=bucket_resource_group.RESOURCE_GROUP,
        field="bucket_resource_group_configuration",
        required=("resource_group_id",),
        judge=_judge_group,
        default=DEFAULT_GROUP,
    ),
    *bucket_resource_group.OPERATIONS,
)
serve(
    Rules(
        setting=bucket_archive_direct_read.ARCHIVE_DIRECT_READ,
        field="archive_direct_read_configuration",
        required=("enabled",),
        default=NoSuchArchiveDirectReadConfiguration,
    ),
    *bucket_archive_direct_read.OPERATIONS,
)
serve(
    Rules(
        setting=bucket_log_fields.LOG_FIELDS,
        field="user_defined_log_fields_configuration",
        default=NoSuchUserDefinedLogFieldsConfig,
    ),
    *bucket_log_fields.OPERATIONS,
)
serve(
    Rules(
        setting=bucket_storage_capacity.STORAGE_CAPACITY,
        field="bucket_user_qos",
        required=("storage_capacity",),
        judge=_judge_capacity,
        default=bucket_storage_capacity.BucketUserQos(storage_capacity=_UNLIMITED),
    ),
    *bucket_storage_capacity.OPERATIONS,
)
serve(
    Rules(
        setting=bucket_qos_info.QOS_INFO,
        field="qos_configuration",
        judge=_judge_qos,
        # OSS: what a bucket tells where it was never set is unverified.
        default=_judge_qos(bucket_qos_info.QoSConfiguration()),
    ),
    bucket_qos_info.PUT_BUCKET_QOS_INFO,
    bucket_qos_info.GET_BUCKET_QOS_INFO,
    bucket_qos_info.DELETE_BUCKET_QOS_INFO,
)
serve(
    Rules(
        setting=bucket_callback_policy.CALLBACK_POLICY,
        field="bucket_callback_policy",
        judge=_judge_callbacks,
        default=BucketCallbackPolicyNotExist,
    ),
    *bucket_callback_policy.OPERATIONS,
)
