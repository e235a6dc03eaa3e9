"""What a lifecycle does with a version at a moment: no clock, no store, so that every case can be tried.

Source: https://help.aliyun.com/zh/oss/user-guide/overview-54
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from ossicle.wire.api.bucket_lifecycle import LifecycleConfiguration, LifecycleRule, LifecycleRuleNot
from ossicle.wire.api.object_tagging import Tag
from ossicle.wire.names import ObjectType, StorageClass
from ossicle.wire.records import record

Tags = Callable[[], Mapping[str, str]]
"""Looks the tags of a version up, which few rules ask for."""

ENABLED: Final = "Enabled"
COLDNESS: Final = {
    StorageClass.STANDARD: 0,
    StorageClass.IA: 1,
    StorageClass.ARCHIVE: 2,
    StorageClass.COLD_ARCHIVE: 3,
    StorageClass.DEEP_COLD_ARCHIVE: 4,
}
"""Objects get colder only."""
_DAY: Final = timedelta(days=1)
_WITHOUT_CLASS: Final = frozenset({ObjectType.DELETE_MARKER, ObjectType.SYMLINK})


class Effect(StrEnum):
    """What is done: with the latest version, with one that is not, with a delete marker that is alone, with an upload."""

    EXPIRE = "expired"
    REMOVE = "removed versions"
    REMOVE_MARKER = "removed markers"
    TRANSITION = "transitioned"
    ABORT = "aborted uploads"


@record
class Facts:
    """What a lifecycle asks of a version.

    `noncurrent_since` is when the one after it was made, None of the latest; `is_alone` says that the key has no other.
    """

    key: str
    size: int
    type: ObjectType
    storage_class: StorageClass
    last_modified: datetime
    noncurrent_since: datetime | None
    is_alone: bool


@record
class Due:
    """Something that is to be done: what, by which rule, and for a transition to which class."""

    effect: Effect
    rule: str
    storage_class: StorageClass | None = None


def is_over(since: datetime, days: int, now: datetime) -> bool:
    """Whether so many days have passed since a moment: what is due then waits for the next midnight UTC."""
    # OSS: that the day is rounded up, and not the hour counted, is how its examples read; unverified.
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    # Counted back from the last midnight: days may be more than a date can hold.
    return (midnight - since) // _DAY >= days


def is_time(
    since: datetime, now: datetime, *, days: int | None, created_before: datetime | None, date: datetime | None = None
) -> bool:
    """Whether what came to be at a moment is old enough: by days, by a date it is older than, or because a date has come."""
    if days is not None:
        return is_over(since, days, now)
    if created_before is not None:
        return since < created_before
    return date is not None and now >= date


def decide(rules: Sequence[LifecycleRule], facts: Facts, tags: Tags, now: datetime) -> Due | None:
    """Return what is to be done with a version, if anything. What makes it go comes before what makes it colder."""
    coldest: Due | None = None
    for rule in rules:
        for due in _due(rule, facts, now):
            if due.storage_class is not None and not _is_colder(due.storage_class, coldest, facts):
                continue
            if not _is_about(rule, facts, tags):
                break
            if due.effect is not Effect.TRANSITION:
                return due
            coldest = due
    return coldest


def _is_colder(wanted: StorageClass, found: Due | None, facts: Facts) -> bool:
    if facts.type in _WITHOUT_CLASS:
        return False
    present = facts.storage_class if found is None or found.storage_class is None else found.storage_class
    return COLDNESS[wanted] > COLDNESS[present]


def _due(rule: LifecycleRule, facts: Facts, now: datetime) -> Iterator[Due]:
    """Tell what is due by the times of a rule, whomever it is about."""
    name = rule.id or ""
    if facts.noncurrent_since is not None:
        yield from _due_of_noncurrent(rule, facts.noncurrent_since, now, name)
    elif facts.type is not ObjectType.DELETE_MARKER:
        yield from _due_of_latest(rule, facts, now, name)
    elif facts.is_alone and rule.expiration is not None and rule.expiration.expired_object_delete_marker:
        yield Due(effect=Effect.REMOVE_MARKER, rule=name)


def _due_of_latest(rule: LifecycleRule, facts: Facts, now: datetime, name: str) -> Iterator[Due]:
    since, end = facts.last_modified, rule.expiration
    if end is not None and is_time(since, now, days=end.days, created_before=end.created_before_date, date=end.date):
        yield Due(effect=Effect.EXPIRE, rule=name)
    for step in rule.transitions:
        # When objects were last read is not noted, so no rule about that is ever due.
        if not step.is_access_time and is_time(since, now, days=step.days, created_before=step.created_before_date):
            yield Due(effect=Effect.TRANSITION, rule=name, storage_class=StorageClass(step.storage_class or ""))


def _due_of_noncurrent(rule: LifecycleRule, since: datetime, now: datetime, name: str) -> Iterator[Due]:
    end = rule.noncurrent_version_expiration
    if end is not None and end.noncurrent_days is not None and is_over(since, end.noncurrent_days, now):
        yield Due(effect=Effect.REMOVE, rule=name)
    for step in rule.noncurrent_version_transitions:
        if not step.is_access_time and step.noncurrent_days is not None and is_over(since, step.noncurrent_days, now):
            yield Due(effect=Effect.TRANSITION, rule=name, storage_class=StorageClass(step.storage_class or ""))


def _is_about(rule: LifecycleRule, facts: Facts, tags: Tags) -> bool:
    if not facts.key.startswith(rule.prefix or ""):
        return False
    if not _has(rule.tags, tags):
        return False
    wanted = rule.filter
    if wanted is None:
        return True
    if wanted.object_size_greater_than is not None and facts.size <= wanted.object_size_greater_than:
        return False
    if wanted.object_size_less_than is not None and facts.size >= wanted.object_size_less_than:
        return False
    return not any(_is_excepted(exception, facts.key, tags) for exception in wanted.nots)


def _is_excepted(exception: LifecycleRuleNot, key: str, tags: Tags) -> bool:
    if exception.prefix is not None and not key.startswith(exception.prefix):
        return False
    return exception.tag is None or _has((exception.tag,), tags)


def _has(wanted: Sequence[Tag], tags: Tags) -> bool:
    if not wanted:
        return True
    found = tags()
    return all(found.get(tag.key or "") == (tag.value or "") for tag in wanted)


def decide_upload(rules: Sequence[LifecycleRule], key: str, initiated_at: datetime, now: datetime) -> Due | None:
    """Return the rule by which an upload is to be given up, if there is one. Rules with tags are not about uploads."""
    for rule in rules:
        abort = rule.abort_multipart_upload
        if abort is None or rule.tags or not key.startswith(rule.prefix or ""):
            continue
        nots = rule.filter.nots if rule.filter is not None else ()
        if any(each.tag is None and key.startswith(each.prefix or "") for each in nots):
            continue
        if is_time(initiated_at, now, days=abort.days, created_before=abort.created_before_date, date=abort.date):
            return Due(effect=Effect.ABORT, rule=rule.id or "")
    return None


def enabled_rules(configuration: LifecycleConfiguration) -> tuple[LifecycleRule, ...]:
    """Return the rules that count."""
    return tuple(rule for rule in configuration.rules if rule.status == ENABLED)


def prefixes_of(rules: Sequence[LifecycleRule]) -> tuple[str, ...]:
    """Return what has to be walked for the rules: prefixes none of which begins with another, in byte order."""
    found: list[str] = []
    for prefix in sorted({rule.prefix or "" for rule in rules}, key=str.encode):
        if not found or not prefix.startswith(found[-1]):
            found.append(prefix)
    return tuple(found)
