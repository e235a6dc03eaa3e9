"""The states of an archived object: asleep, being restored, readable for some days, asleep again.

No clockwork runs. A restoration says from when to when the bytes may be read, and the state is what the clock says of it. The bytes
are always there; that they can't be read is what programs written for OSS must be able to meet.

Source: https://help.aliyun.com/zh/oss/user-guide/restore-objects
"""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from ossicle.model.objects import ObjectVersion, Restoration
from ossicle.ports import Reading
from ossicle.wire.api.bucket_archive_direct_read import ARCHIVE_DIRECT_READ
from ossicle.wire.errors import (
    ArchiveRestoreFileStale,
    ArchiveRestoreNotFinished,
    InvalidArgument,
    InvalidObjectState,
    MalformedXML,
    OperationNotSupported,
    RestoreAlreadyInProgress,
)
from ossicle.wire.names import StorageClass
from ossicle.wire.sources import Clock
from ossicle.wire.text import render_http_date

ARCHIVED: Final = frozenset((StorageClass.ARCHIVE, StorageClass.COLD_ARCHIVE, StorageClass.DEEP_COLD_ARCHIVE))
_DAY: Final = timedelta(days=1)


class Tier(StrEnum):
    """How fast a restoration is."""

    EXPEDITED = "Expedited"
    STANDARD = "Standard"
    BULK = "Bulk"


_DURATIONS: Final = {
    (StorageClass.ARCHIVE, Tier.STANDARD): timedelta(minutes=1),
    (StorageClass.COLD_ARCHIVE, Tier.EXPEDITED): timedelta(hours=1),
    (StorageClass.COLD_ARCHIVE, Tier.STANDARD): timedelta(hours=5),
    (StorageClass.COLD_ARCHIVE, Tier.BULK): timedelta(hours=12),
    (StorageClass.DEEP_COLD_ARCHIVE, Tier.EXPEDITED): timedelta(hours=12),
    (StorageClass.DEEP_COLD_ARCHIVE, Tier.STANDARD): timedelta(hours=48),
}
"""How long a restoration takes: the longest that OSS's documentation lets expect."""
_DAYS_MAX: Final = {
    StorageClass.ARCHIVE: 7,
    StorageClass.COLD_ARCHIVE: 365,
    StorageClass.DEEP_COLD_ARCHIVE: 365,
}


def judge_readable(rows: Reading, bucket_id: int, version: ObjectVersion, clock: Clock) -> None:
    """Return if the bytes of a version may be read.

    Raises:
        InvalidObjectState: it is archived, no restored copy is there now, and its bucket does not allow to do without one.
    """
    if version.storage_class in ARCHIVED:
        restoration = version.traits.restoration
        if restoration is not None and restoration.ready_at <= clock() < restoration.expires_at:
            return
        if not (version.storage_class is StorageClass.ARCHIVE and _is_read_directly(rows, bucket_id)):
            raise InvalidObjectState(key=version.key)


def _is_read_directly(rows: Reading, bucket_id: int) -> bool:
    raw = rows.bucket_config(bucket_id, ARCHIVE_DIRECT_READ.kind)
    return raw is not None and ARCHIVE_DIRECT_READ.parse(raw).enabled is True


def judge_days(version: ObjectVersion, days: int | None) -> timedelta:
    """Return for how long a copy is to be kept.

    Raises:
        InvalidArgument: less than a day, or longer than the version's class allows.
        OperationNotSupported: the version is not archived.
    """
    if version.storage_class not in ARCHIVED:
        raise OperationNotSupported
    if days is None:
        return _DAY
    if not 1 <= days <= _DAYS_MAX[version.storage_class]:
        # OSS: the code for days out of range is unverified.
        raise InvalidArgument(argument_name="Days", argument_value=str(days))
    return days * _DAY


def judge_tier(version: ObjectVersion, tier: str | None) -> Tier:
    """Return how fast an archived version is to be restored: `Standard` if nothing is said.

    Raises:
        InvalidArgument: the version's class knows no such tier.
        MalformedXML: a tier for the class Archive, which has but one.
    """
    if tier is None:
        return Tier.STANDARD
    if version.storage_class is StorageClass.ARCHIVE:
        raise MalformedXML
    if (version.storage_class, tier) not in _DURATIONS:
        raise InvalidArgument(argument_name="Tier", argument_value=tier)
    return Tier(tier)


def is_restored(version: ObjectVersion, now: datetime) -> bool:
    """Whether a restored copy is there.

    Raises:
        RestoreAlreadyInProgress: it is on its way.
    """
    restoration = version.traits.restoration
    if restoration is not None and now < restoration.ready_at:
        raise RestoreAlreadyInProgress
    return restoration is not None and now < restoration.expires_at


def restored(version: ObjectVersion, *, keep: timedelta, tier: Tier, now: datetime) -> ObjectVersion:
    """Return an archived version with a restoration that begins now, or with more time for the copy that is there.

    Raises:
        RestoreAlreadyInProgress: a copy is on its way.
    """
    ready_at = now if is_restored(version, now) else now + _DURATIONS[version.storage_class, tier]
    restoration = Restoration(ready_at=ready_at, expires_at=ready_at + keep)
    return replace(version, traits=replace(version.traits, restoration=restoration))


def cleaned(version: ObjectVersion, now: datetime) -> ObjectVersion:
    """Return an archived version without its restored copy.

    Raises:
        ArchiveRestoreFileStale: there is none.
        ArchiveRestoreNotFinished: it is on its way.
        OperationNotSupported: the version is not archived.
    """
    if version.storage_class not in ARCHIVED:
        raise OperationNotSupported
    restoration = version.traits.restoration
    if restoration is None or now >= restoration.expires_at:
        raise ArchiveRestoreFileStale
    if now < restoration.ready_at:
        raise ArchiveRestoreNotFinished
    return replace(version, traits=replace(version.traits, restoration=None))


def describe_restoration(restoration: Restoration | None, now: datetime) -> str | None:
    """Return the text of `x-oss-restore` and of `RestoreInfo`; None when nothing is or was restored."""
    if restoration is None or now >= restoration.expires_at:
        return None
    if now < restoration.ready_at:
        return 'ongoing-request="true"'
    return f'ongoing-request="false", expiry-date="{render_http_date(restoration.expires_at)}"'
