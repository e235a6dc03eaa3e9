"""How the rules of a lifecycle are judged before they are kept, and completed with what they leave out.

Source: https://help.aliyun.com/zh/oss/developer-reference/putbucketlifecycle
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final, TypeAlias, TypeVar

from ossicle.model.lifecycle import COLDNESS
from ossicle.wire.api.bucket_lifecycle import (
    LIFECYCLE,
    PUT_BUCKET_LIFECYCLE,
    LifecycleConfiguration,
    LifecycleRule,
    LifecycleRuleFilter,
    LifecycleRuleTransition,
    NoncurrentVersionTransition,
)
from ossicle.wire.errors import InvalidArgument, MalformedXML, OssError
from ossicle.wire.names import StorageClass
from ossicle.wire.text import encode

Transition: TypeAlias = LifecycleRuleTransition | NoncurrentVersionTransition
T = TypeVar("T", LifecycleRuleTransition, NoncurrentVersionTransition)

_RULES_MAX: Final = 1000
_ID_BYTES_MAX: Final = 255
_STATUSES: Final = ("Enabled", "Disabled")
_SIZE_MAX: Final = 5 * 1024**4
_EC_OF_STYLES: Final = "0014-00000080"
_EC_OF_SIZE_MIN: Final = "0014-00000039"
_EC_OF_SIZE_MAX: Final = "0014-00000040"
_EC_OF_SIZES: Final = "0014-00000041"


def judge_rules(
    configuration: LifecycleConfiguration, *, overlap_is_allowed: bool, access_is_monitored: bool, now_seconds: int
) -> LifecycleConfiguration:
    """Return rules as they are kept. Times are in seconds since 1970.

    Raises:
        MalformedXML: an element is missing, is not on a list, or needs the access monitor while that is off.
        InvalidArgument: numbers that make no sense together, ids that are not unique, or two rules that do the same to one object.
    """
    rules = configuration.rules
    if not 0 < len(rules) <= _RULES_MAX:
        raise _malformed()
    for rule in rules:
        _judge_rule(rule, access_is_monitored=access_is_monitored)
    judged = tuple(_completed(rule, number, now_seconds) for number, rule in enumerate(rules))
    if len({rule.id for rule in judged}) != len(judged):
        raise InvalidArgument("Rule ID must be unique.", argument_name="ID")
    if not overlap_is_allowed:
        _judge_overlaps([rule for rule in judged if rule.status == _STATUSES[0]])
    return LifecycleConfiguration(rules=judged)


def uses_access_time(configuration: LifecycleConfiguration) -> bool:
    """Whether a rule is about the time of the last access."""
    return any(each.is_access_time for rule in configuration.rules for each in _transitions(rule))


def _transitions(rule: LifecycleRule) -> tuple[Transition, ...]:
    return (*rule.transitions, *rule.noncurrent_version_transitions)


def _malformed() -> OssError:
    return MalformedXML(ec=PUT_BUCKET_LIFECYCLE.malformed_ec)


def _refuse(name: str, value: object, message: str | None = None, ec: str | None = None) -> OssError:
    return InvalidArgument(message, ec=ec, argument_name=name, argument_value=str(value))


def _judge_rule(rule: LifecycleRule, *, access_is_monitored: bool) -> None:
    if len(encode(rule.id or "")) > _ID_BYTES_MAX:
        raise _refuse("ID", rule.id)
    actions = (
        rule.expiration,
        rule.abort_multipart_upload,
        rule.noncurrent_version_expiration,
        *_transitions(rule),
    )
    if rule.status not in _STATUSES or not any(actions):
        raise _malformed()
    _judge_whens(rule)
    for transition in _transitions(rule):
        _judge_transition(transition, access_is_monitored=access_is_monitored)
    _judge_order(rule)
    if rule.filter is not None:
        _judge_filter(rule.filter)


def _judge_filter(wanted: LifecycleRuleFilter) -> None:
    if any(each.prefix is None and each.tag is None for each in wanted.nots):
        raise _malformed()
    # OSS: the ECs and the bounds are documented, the Code is not.
    low, high = wanted.object_size_greater_than, wanted.object_size_less_than
    if low is not None and not 0 < low <= _SIZE_MAX:
        raise _refuse("ObjectSizeGreaterThan", low, ec=_EC_OF_SIZE_MIN)
    if high is not None and not 0 < high <= _SIZE_MAX:
        raise _refuse("ObjectSizeLessThan", high, ec=_EC_OF_SIZE_MAX)
    if low is not None and high is not None and low >= high:
        raise _refuse("ObjectSizeGreaterThan", low, ec=_EC_OF_SIZES)


def _judge_whens(rule: LifecycleRule) -> None:
    """Judge that every action says when, once, and all of them in the same style."""
    whens = tuple(_whens(rule))
    for when in whens:
        if sum(each is not None for each in when) != 1:
            raise _malformed()
        if isinstance(when[0], int) and when[0] < 1:
            raise _refuse("Days", when[0])
    if any(when[0] is not None for when in whens) and any(when[1] or when[2] for when in whens):
        # OSS: which actions of a rule must be of one style is unverified.
        raise _refuse("Days", "", "Days and dates can not be mixed in one rule.", _EC_OF_STYLES)
    for days in _noncurrent_days(rule):
        if days is None:
            raise _malformed()
        if days < 1:
            raise _refuse("NoncurrentDays", days)


def _whens(rule: LifecycleRule) -> Iterator[tuple[object, object, object, object]]:
    """Tell when each action is due: days, a date it is older than, a date, or that a marker is alone."""
    for each in rule.transitions:
        yield each.days, each.created_before_date, None, None
    if (end := rule.expiration) is not None:
        yield end.days, end.created_before_date, end.date, end.expired_object_delete_marker
    if (abort := rule.abort_multipart_upload) is not None:
        yield abort.days, abort.created_before_date, abort.date, None


def _noncurrent_days(rule: LifecycleRule) -> Iterator[int | None]:
    if rule.noncurrent_version_expiration is not None:
        yield rule.noncurrent_version_expiration.noncurrent_days
    for each in rule.noncurrent_version_transitions:
        yield each.noncurrent_days


def _judge_transition(transition: Transition, *, access_is_monitored: bool) -> None:
    if transition.storage_class is None:
        raise _malformed()
    if transition.storage_class == StorageClass.STANDARD:
        raise _refuse("StorageClass", StorageClass.STANDARD)
    if not transition.is_access_time and (transition.return_to_std_when_visit or transition.allow_small_file):
        raise _malformed()
    if transition.is_access_time and not access_is_monitored:
        raise _malformed()


def _judge_order(rule: LifecycleRule) -> None:
    """Judge that objects get colder with time, and go last."""
    steps = [(each.days, COLDNESS[StorageClass(each.storage_class or "")]) for each in rule.transitions if each.days]
    end = rule.expiration.days if rule.expiration is not None else None
    _judge_steps("Days", steps, end)
    later = rule.noncurrent_version_transitions
    steps = [(each.noncurrent_days or 0, COLDNESS[StorageClass(each.storage_class or "")]) for each in later]
    expiration = rule.noncurrent_version_expiration
    _judge_steps("NoncurrentDays", steps, None if expiration is None else expiration.noncurrent_days)


def _judge_steps(name: str, steps: Sequence[tuple[int, int]], end: int | None) -> None:
    for one, other in combinations(steps, 2):
        if (one[0] - other[0]) * (one[1] - other[1]) < 0:
            raise _refuse(name, max(one[0], other[0]))
    # OSS: that an expiration on the same day is refused is unverified.
    if end is not None and any(days >= end for days, _ in steps):
        raise _refuse(name, end)


def _completed(rule: LifecycleRule, number: int, now_seconds: int) -> LifecycleRule:
    rule = replace(
        rule,
        prefix=rule.prefix or "",
        transitions=tuple(_with_flags(each) for each in rule.transitions),
        noncurrent_version_transitions=tuple(_with_flags(each) for each in rule.noncurrent_version_transitions),
    )
    is_about_access = any(each.is_access_time for each in _transitions(rule))
    rule = replace(rule, atime_base=now_seconds if is_about_access else None)
    if rule.id:
        return rule
    seed = LIFECYCLE.render(LifecycleConfiguration(rules=(rule,))) + str(number).encode()
    return replace(rule, id=hashlib.md5(seed, usedforsecurity=False).hexdigest())


def _with_flags(transition: T) -> T:
    if not transition.is_access_time:
        return replace(transition, is_access_time=False, return_to_std_when_visit=None, allow_small_file=None)
    small = transition.allow_small_file
    return replace(transition, allow_small_file=True if small is None else small)


def _judge_overlaps(rules: Sequence[LifecycleRule]) -> None:
    """Judge that no two rules do the same to one object: of two prefixes one begins with the other, and their tags are the same."""
    told: dict[tuple[str, object], list[str]] = {}
    for rule in rules:
        tags = frozenset((tag.key, tag.value) for tag in rule.tags)
        for name, kind in _actions(rule):
            prefix = rule.prefix or ""
            others = told.setdefault((name, (kind, tags)), [])
            if any(prefix.startswith(other) or other.startswith(prefix) for other in others):
                raise InvalidArgument(f"Overlap for same action type {name}")
            others.append(prefix)


def _actions(rule: LifecycleRule) -> Iterator[tuple[str, object]]:
    if rule.expiration is not None:
        yield "Expiration", None
    if rule.abort_multipart_upload is not None:
        yield "AbortMultipartUpload", None
    if rule.noncurrent_version_expiration is not None:
        yield "NoncurrentVersionExpiration", None
    for each in rule.transitions:
        yield "Transition", each.storage_class
    for noncurrent in rule.noncurrent_version_transitions:
        yield "NoncurrentVersionTransition", noncurrent.storage_class
