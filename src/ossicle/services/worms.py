"""Retention policies of buckets: begun, completed or aborted within a day, and extended. And buckets whose objects have their own.

Each change is judged in the transaction that makes it, so that of a policy that is aborted and completed at a time one thing comes.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from ossicle.model.objects import Bucket
from ossicle.ports import Reading
from ossicle.services.buckets import Buckets
from ossicle.services.numbering import Numbering
from ossicle.services.retention import is_in_force, policy_of, render_moment
from ossicle.wire.api.bucket_object_worm import OBJECT_WORM, ObjectWormConfiguration
from ossicle.wire.api.bucket_worm import WORM, WormConfiguration
from ossicle.wire.errors import (
    InvalidRequest,
    InvalidWORMConfiguration,
    NoSuchWORMConfiguration,
    WORMConfigurationAlreadyExists,
    WORMConfigurationLocked,
)
from ossicle.wire.names import BucketWormStateType, Versioning
from ossicle.wire.sources import Clock

_DAYS_MAX: Final = 25_550
_OPEN_FOR: Final = timedelta(hours=24)
_EC_OF_VERSIONING: Final = "0027-00000003"
_UNKNOWN_ID: Final = "The specified WORM ID does not exist."


class Worms:
    """The retention policies of all buckets."""

    def __init__(self, buckets: Buckets, numbering: Numbering, clock: Clock) -> None:
        self._buckets = buckets
        self._numbering = numbering
        self._clock = clock

    async def initiate(self, bucket: Bucket, days: int) -> str:
        """Begin a policy, and return its id. One that was begun and left for a day is as none.

        Raises:
            InvalidWORMConfiguration: no number of days that there may be, or the bucket's versions are suspended.
            NoSuchBucket: the bucket was deleted meanwhile.
            WORMConfigurationAlreadyExists: there is one.
        """
        _judge_days(days)
        begun = self._clock()
        policy = WormConfiguration(
            worm_id=self._numbering.worm(),
            state=BucketWormStateType.IN_PROGRESS,
            retention_period_in_days=days,
            creation_date=render_moment(begun),
            expiration_date=render_moment(begun + _OPEN_FOR),
        )

        def change(found: WormConfiguration | None) -> WormConfiguration:
            if found is not None and is_in_force(found, begun):
                raise WORMConfigurationAlreadyExists
            return policy

        await self._buckets.change_setting(bucket, WORM, change, judge=_judge_bucket)
        return policy.worm_id or ""

    async def abort(self, bucket: Bucket) -> None:
        """Remove a policy that is not locked; that there is none is no error.

        Raises:
            NoSuchBucket: the bucket was deleted meanwhile.
            WORMConfigurationLocked: it is locked.
        """

        def change(found: WormConfiguration | None) -> None:
            if found is not None and found.state == BucketWormStateType.LOCKED:
                raise WORMConfigurationLocked

        await self._buckets.change_setting(bucket, WORM, change)

    async def complete(self, bucket: Bucket, worm_id: str) -> None:
        """Lock a policy.

        Raises:
            NoSuchBucket: the bucket was deleted meanwhile.
            NoSuchWORMConfiguration: there is none of this id, or its day is over.
            WORMConfigurationLocked: it was locked before.
        """
        moment = self._clock()

        def change(found: WormConfiguration | None) -> WormConfiguration:
            policy = _find(found, worm_id, bucket, moment)
            # OSS: what a second completion is answered is unverified.
            if policy.state == BucketWormStateType.LOCKED:
                raise WORMConfigurationLocked
            return replace(policy, state=BucketWormStateType.LOCKED, expiration_date=None)

        await self._buckets.change_setting(bucket, WORM, change)

    async def extend(self, bucket: Bucket, worm_id: str, days: int) -> None:
        """Retain objects for longer, by a policy that is locked.

        Raises:
            InvalidWORMConfiguration: it is not locked, or this would be no longer.
            NoSuchBucket: the bucket was deleted meanwhile.
            NoSuchWORMConfiguration: there is none of this id.
        """
        _judge_days(days)
        moment = self._clock()

        def change(found: WormConfiguration | None) -> WormConfiguration:
            policy = _find(found, worm_id, bucket, moment)
            # OSS: that the same number of days is taken is unverified; it is what a repeated request says.
            if policy.state != BucketWormStateType.LOCKED or days < (policy.retention_period_in_days or 0):
                raise InvalidWORMConfiguration
            return replace(policy, retention_period_in_days=days)

        await self._buckets.change_setting(bucket, WORM, change)

    async def enable(self, bucket: Bucket, configuration: ObjectWormConfiguration) -> None:
        """Allow objects to be retained one by one, and say what new ones get.

        Raises:
            InvalidRequest: the bucket makes no versions.
            NoSuchBucket: it was deleted meanwhile.
            WORMConfigurationAlreadyExists: it has a retention policy.
        """
        moment = self._clock()

        def judge(rows: Reading, row: Bucket) -> None:
            # OSS: both are documented to be refused; which codes they have is unverified.
            if row.versioning is not Versioning.ENABLED:
                raise InvalidRequest("Versioning must be enabled for the bucket.")
            if policy_of(rows, row, moment) is not None:
                raise WORMConfigurationAlreadyExists

        await self._buckets.change_setting(bucket, OBJECT_WORM, lambda _: configuration, judge=judge)

    async def get(self, bucket: Bucket) -> WormConfiguration:
        """Return the policy.

        Raises:
            NoSuchWORMConfiguration: there is none.
        """
        found = await self._buckets.setting(bucket, WORM)
        if found is None or not is_in_force(found, self._clock()):
            raise NoSuchWORMConfiguration(bucket_name=bucket.name)
        return found


def _judge_days(days: int) -> None:
    # OSS: the range is documented, what is answered beyond it is unverified.
    if not 1 <= days <= _DAYS_MAX:
        raise InvalidWORMConfiguration


def _judge_bucket(_: Reading, bucket: Bucket) -> None:
    # OSS: the two kinds exclude each other; which code says so is unverified.
    if OBJECT_WORM.kind in bucket.settings:
        raise WORMConfigurationAlreadyExists
    # OSS: the code is unverified, its EC is documented for buckets with versions, which by now may have a policy.
    if bucket.versioning is Versioning.SUSPENDED:
        raise InvalidWORMConfiguration(ec=_EC_OF_VERSIONING)


def _find(found: WormConfiguration | None, worm_id: str, bucket: Bucket, moment: datetime) -> WormConfiguration:
    if found is None or not is_in_force(found, moment):
        raise NoSuchWORMConfiguration(bucket_name=bucket.name)
    if found.worm_id != worm_id:
        raise NoSuchWORMConfiguration(_UNKNOWN_ID, bucket_name=bucket.name)
    return found
