"""Retention: which versions must stay as they are for now. Asked in the transaction that would change or remove one.

Sources: https://help.aliyun.com/zh/oss/user-guide/oss-retention-policies,
https://help.aliyun.com/zh/oss/user-guide/object-level-retention-policy-object-worm
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from ossicle.model.objects import NO_TRAITS, Bucket, ObjectVersion, Retention, Traits
from ossicle.ports import Reading
from ossicle.wire.api.bucket_object_worm import OBJECT_WORM
from ossicle.wire.api.bucket_worm import WORM, WormConfiguration
from ossicle.wire.errors import (
    AccessDenied,
    FileImmutable,
    InvalidArgument,
    InvalidRequest,
    OperationNotSupported,
    WORMConfigurationAlreadyExists,
)
from ossicle.wire.names import BucketWormStateType, ObjectRetentionModeType, ObjectType, Versioning
from ossicle.wire.text import render_iso_millis

_KNOWN_MAX: Final = 1000
_SHORTENED: Final = "The retention of the object can not be shortened."


def is_retaining(bucket: Bucket) -> bool:
    """Whether objects of a bucket may be retained, so that it is worth looking."""
    return WORM.kind in bucket.settings


def is_protected(
    rows: Reading, bucket: Bucket, version: ObjectVersion, moment: datetime, *, is_bypassing: bool = False
) -> bool:
    """Whether a version may be neither changed nor removed at a moment.

    `bucket` is its row as the transaction sees it. `is_bypassing` is for the owner who says that GOVERNANCE shall not count.
    """
    if version.traits is not NO_TRAITS and _is_kept(version.traits, moment, is_bypassing=is_bypassing):
        return True
    if WORM.kind not in bucket.settings or version.is_delete_marker:
        return False
    policy = policy_of(rows, bucket, moment)
    if policy is None:
        return False
    return moment < version.last_modified + timedelta(days=policy.retention_period_in_days or 0)


def _is_kept(traits: Traits, moment: datetime, *, is_bypassing: bool) -> bool:
    if traits.is_held:
        return True
    retention = traits.retention
    if retention is None or moment >= retention.until:
        return False
    return retention.mode is ObjectRetentionModeType.COMPLIANCE or not is_bypassing


def judge_change(
    rows: Reading, bucket: Bucket, version: ObjectVersion | None, moment: datetime, *, is_bypassing: bool = False
) -> None:
    """Return if a version, which is to be changed or to go, may; None is none.

    Raises:
        FileImmutable: it is protected.
    """
    if version is not None and is_protected(rows, bucket, version, moment, is_bypassing=is_bypassing):
        raise FileImmutable


def judge_replacement(rows: Reading, bucket: Bucket, current: ObjectVersion | None, moment: datetime) -> None:
    """Return if a new object may take the place of the current one, which where there are versions only ceases to be the latest.

    Raises:
        FileImmutable: it would be removed, and is protected.
    """
    if bucket.versioning is None:
        judge_change(rows, bucket, current, moment)


def judge_versioning(rows: Reading, bucket: Bucket, versioning: Versioning, moment: datetime) -> None:
    """Return if versions may be enabled or suspended.

    Raises:
        WORMConfigurationAlreadyExists: objects are retained.
    """
    # OSS: documented is a conflict; which code it has is unverified.
    is_fixed = OBJECT_WORM.kind in bucket.settings or policy_of(rows, bucket, moment) is not None
    if versioning is not bucket.versioning and is_fixed:
        raise WORMConfigurationAlreadyExists


def retained(rows: Reading, bucket: Bucket, version: ObjectVersion) -> ObjectVersion:
    """Return a new version with the retention that new objects of its bucket get, unless it has one of its own."""
    if OBJECT_WORM.kind not in bucket.settings or version.is_delete_marker or version.traits.retention is not None:
        return version
    raw = rows.bucket_config(bucket.id, OBJECT_WORM.kind)
    rule = None if raw is None else _parse_object_worm(raw).rule
    default = None if rule is None else rule.default_retention
    if default is None:
        return version
    until = _later(version.last_modified, days=default.days or 0, years=default.years or 0)
    retention = Retention(mode=ObjectRetentionModeType(default.mode or ""), until=until)
    return replace(version, traits=replace(version.traits, retention=retention))


def _later(moment: datetime, *, days: int, years: int) -> datetime:
    # OSS: what it takes for a year is unverified. The 29th of February has no anniversary but in leap years: the next day is it.
    try:
        return moment.replace(year=moment.year + years) + timedelta(days=days)
    except ValueError:
        return moment.replace(year=moment.year + years, month=3, day=1)


def change_retention(
    version: ObjectVersion, wanted: Retention, moment: datetime, *, is_bypassing: bool
) -> ObjectVersion:
    """Return a version with another retention.

    Raises:
        AccessDenied: it has one that must not be shortened or weakened.
        InvalidArgument: the wanted one ends in the past.
        OperationNotSupported: the version is appendable.
    """
    judge_until(wanted, moment)
    # OSS: which code it has for an appendable object is unverified.
    if version.type is ObjectType.APPENDABLE:
        raise OperationNotSupported
    now = version.traits.retention
    if now is not None and moment < now.until:
        is_compliance = now.mode is ObjectRetentionModeType.COMPLIANCE
        is_weaker = wanted.until < now.until or (is_compliance and wanted.mode is not now.mode)
        if is_weaker and (is_compliance or not is_bypassing):
            raise AccessDenied(_SHORTENED)
    return replace(version, traits=replace(version.traits, retention=wanted))


def judge_until(wanted: Retention, moment: datetime) -> None:
    """Return if a retention ends in the future.

    Raises:
        InvalidArgument: it does not.
    """
    # OSS: documented to be refused; the code is unverified.
    if wanted.until <= moment:
        raise InvalidArgument(argument_name="RetainUntilDate", argument_value=render_iso_millis(wanted.until))


def require_object_worm(bucket: Bucket) -> None:
    """Return if objects of a bucket may be retained one by one.

    Raises:
        InvalidRequest: PutBucketObjectWormConfiguration was never asked for.
    """
    if OBJECT_WORM.kind not in bucket.settings:
        raise InvalidRequest("The bucket has no object WORM configuration.")


def judge_appending(bucket: Bucket) -> None:
    """Return if a bucket may have appendable objects.

    Raises:
        OperationNotSupported: its objects may be retained one by one.
    """
    # OSS: documented not to be supported; the code is unverified.
    if OBJECT_WORM.kind in bucket.settings:
        raise OperationNotSupported


def policy_of(rows: Reading, bucket: Bucket, moment: datetime) -> WormConfiguration | None:
    """Return the retention policy that a bucket has at a moment."""
    raw = rows.bucket_config(bucket.id, WORM.kind) if WORM.kind in bucket.settings else None
    policy = None if raw is None else _parse(raw)
    return policy if policy is not None and is_in_force(policy, moment) else None


_parse = lru_cache(_KNOWN_MAX)(WORM.parse)
_parse_object_worm = lru_cache(_KNOWN_MAX)(OBJECT_WORM.parse)


def is_in_force(policy: WormConfiguration, moment: datetime) -> bool:
    """Whether a policy counts: it is locked, or was begun less than 24 hours ago."""
    return policy.state == BucketWormStateType.LOCKED or moment < parse_moment(policy.expiration_date or "")


def render_moment(moment: datetime) -> str:
    """Return a time as retention policies have it, without a fraction and without a zone."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def parse_moment(text: str) -> datetime:
    """Return the time that `render_moment` made this text of."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
