"""Retention: which versions must stay as they are for now. Asked in the transaction that would change or remove one.

Source: https://help.aliyun.com/zh/oss/user-guide/oss-retention-policies
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from ossicle.model.objects import Bucket, ObjectVersion
from ossicle.ports import Reading
from ossicle.wire.api.bucket_worm import WORM, WormConfiguration
from ossicle.wire.errors import FileImmutable, WORMConfigurationAlreadyExists
from ossicle.wire.names import BucketWormStateType, Versioning

_KNOWN_MAX: Final = 1000


def is_retaining(bucket: Bucket) -> bool:
    """Whether objects of a bucket may be retained, so that it is worth looking."""
    return WORM.kind in bucket.settings


def is_protected(rows: Reading, bucket: Bucket, version: ObjectVersion, moment: datetime) -> bool:
    """Whether a version may be neither changed nor removed at a moment. `bucket` is its row as the transaction sees it."""
    if WORM.kind not in bucket.settings or version.is_delete_marker:
        return False
    policy = policy_of(rows, bucket, moment)
    if policy is None:
        return False
    return moment < version.last_modified + timedelta(days=policy.retention_period_in_days or 0)


def judge_change(rows: Reading, bucket: Bucket, version: ObjectVersion | None, moment: datetime) -> None:
    """Return if a version, which is to be changed or to go, may; None is none.

    Raises:
        FileImmutable: it is protected.
    """
    if version is not None and is_protected(rows, bucket, version, moment):
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
    if versioning is not bucket.versioning and policy_of(rows, bucket, moment) is not None:
        raise WORMConfigurationAlreadyExists


def policy_of(rows: Reading, bucket: Bucket, moment: datetime) -> WormConfiguration | None:
    """Return the retention policy that a bucket has at a moment."""
    raw = rows.bucket_config(bucket.id, WORM.kind) if WORM.kind in bucket.settings else None
    policy = None if raw is None else _parse(raw)
    return policy if policy is not None and is_in_force(policy, moment) else None


_parse = lru_cache(_KNOWN_MAX)(WORM.parse)


def is_in_force(policy: WormConfiguration, moment: datetime) -> bool:
    """Whether a policy counts: it is locked, or was begun less than 24 hours ago."""
    return policy.state == BucketWormStateType.LOCKED or moment < parse_moment(policy.expiration_date or "")


def render_moment(moment: datetime) -> str:
    """Return a time as retention policies have it, without a fraction and without a zone."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def parse_moment(text: str) -> datetime:
    """Return the time that `render_moment` made this text of."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
