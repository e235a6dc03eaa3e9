"""What a lifecycle does with a version: against a second telling of the same rules, and case by case."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.model.lifecycle import (
    COLDNESS,
    Due,
    Effect,
    Facts,
    decide,
    decide_upload,
    enabled_rules,
    is_over,
    prefixes_of,
)
from ossicle.wire.api.bucket_lifecycle import (
    LifecycleConfiguration,
    LifecycleRule,
    LifecycleRuleAbortMultipartUpload,
    LifecycleRuleExpiration,
    LifecycleRuleFilter,
    LifecycleRuleNot,
    LifecycleRuleTransition,
    NoncurrentVersionExpiration,
    NoncurrentVersionTransition,
)
from ossicle.wire.api.object_tagging import Tag
from ossicle.wire.names import ObjectType, StorageClass

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
MOMENTS = st.integers(0, 150 * 86_400).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
DAYS = st.integers(1, 60)
KEYS = st.text("ab/", max_size=4)
TAGS = st.sampled_from([Tag(key="k", value="v"), Tag(key="k", value="w"), Tag(key="l", value="v")])
CLASSES = st.sampled_from(list(COLDNESS))


@given(since=MOMENTS, days=DAYS, now=MOMENTS)
def test_days_are_over_at_a_midnight(since: datetime, days: int, now: datetime) -> None:
    first = since.replace(hour=0, minute=0, second=0, microsecond=0)
    midnights = (first + timedelta(days=number) for number in range(70))
    due = next(midnight for midnight in midnights if midnight - since >= timedelta(days=days))
    assert is_over(since, days, now) is (now >= due)


@pytest.mark.parametrize("days", [3_000_000, 2**31 - 1, 10**11])
def test_days_that_no_date_can_hold_are_never_over(days: int) -> None:
    assert not is_over(NOON, days, NOON + timedelta(days=1000))


def facts(**given: object) -> Facts:
    usual = {
        "key": "a/b", "size": 10, "type": ObjectType.NORMAL, "storage_class": StorageClass.STANDARD, "last_modified": NOON,
        "noncurrent_since": None, "is_alone": True,
    }  # fmt: skip
    return Facts(**{**usual, **given})  # type: ignore[arg-type]


expirations = (
    st.builds(LifecycleRuleExpiration, days=DAYS)
    | st.builds(LifecycleRuleExpiration, created_before_date=MOMENTS)
    | st.builds(LifecycleRuleExpiration, date=MOMENTS)
    | st.just(LifecycleRuleExpiration(expired_object_delete_marker=True))
)
transitions = st.builds(
    LifecycleRuleTransition, days=DAYS, storage_class=CLASSES.filter(lambda each: each != StorageClass.STANDARD)
)
later = st.builds(
    NoncurrentVersionTransition,
    noncurrent_days=DAYS,
    storage_class=CLASSES.filter(lambda each: each != StorageClass.STANDARD),
)
filters = st.builds(
    LifecycleRuleFilter,
    nots=st.lists(st.builds(LifecycleRuleNot, prefix=KEYS | st.none(), tag=TAGS | st.none()), max_size=2).map(tuple),
    object_size_greater_than=st.integers(0, 20) | st.none(),
    object_size_less_than=st.integers(0, 20) | st.none(),
)
rules = st.builds(
    LifecycleRule,
    id=st.uuids().map(str),
    prefix=KEYS | st.none(),
    status=st.just("Enabled"),
    tags=st.lists(TAGS, max_size=1).map(tuple),
    filter=filters | st.none(),
    expiration=expirations | st.none(),
    transitions=st.lists(transitions, max_size=2).map(tuple),
    noncurrent_version_expiration=st.builds(NoncurrentVersionExpiration, noncurrent_days=DAYS) | st.none(),
    noncurrent_version_transitions=st.lists(later, max_size=2).map(tuple),
)
versions = st.builds(
    Facts,
    key=KEYS,
    size=st.integers(0, 20),
    type=st.sampled_from([ObjectType.NORMAL, ObjectType.SYMLINK, ObjectType.DELETE_MARKER]),
    storage_class=CLASSES,
    last_modified=MOMENTS,
    noncurrent_since=MOMENTS | st.none(),
    is_alone=st.booleans(),
)


def fits(rule: LifecycleRule, version: Facts, tags: Mapping[str, str]) -> bool:
    def tagged(tag: Tag | None) -> bool:
        return tag is None or tags.get(str(tag.key)) == tag.value

    wanted = rule.filter or LifecycleRuleFilter()
    return (
        version.key.startswith(rule.prefix or "")
        and all(tagged(tag) for tag in rule.tags)
        and (wanted.object_size_greater_than is None or version.size > wanted.object_size_greater_than)
        and (wanted.object_size_less_than is None or version.size < wanted.object_size_less_than)
        and not any(version.key.startswith(each.prefix or "") and tagged(each.tag) for each in wanted.nots)
    )


def effects(rule: LifecycleRule, version: Facts, now: datetime) -> set[tuple[Effect, int]]:
    """All that is due by a rule, with how cold it makes the version."""
    found: set[tuple[Effect, int]] = set()
    is_marker, since = version.type is ObjectType.DELETE_MARKER, version.noncurrent_since
    steps = [(each.days, each.storage_class) for each in rule.transitions] if since is None else [
        (each.noncurrent_days, each.storage_class) for each in rule.noncurrent_version_transitions
    ]  # fmt: skip
    for days, wanted in steps:
        if is_over(since or version.last_modified, days or 0, now) and version.type is ObjectType.NORMAL:
            found.add((Effect.TRANSITION, COLDNESS[StorageClass(str(wanted))]))
    end, last = rule.expiration, rule.noncurrent_version_expiration
    if since is not None:
        if last is not None and is_over(since, last.noncurrent_days or 0, now):
            found.add((Effect.REMOVE, 9))
    elif is_marker:
        if end is not None and end.expired_object_delete_marker and version.is_alone:
            found.add((Effect.REMOVE_MARKER, 9))
    elif end is not None and (
        (end.days is not None and is_over(version.last_modified, end.days, now))
        or (end.created_before_date is not None and version.last_modified < end.created_before_date)
        or (end.date is not None and now >= end.date)
    ):
        found.add((Effect.EXPIRE, 9))
    return found


@given(
    chosen=st.lists(rules, max_size=4),
    version=versions,
    tags=st.dictionaries(st.sampled_from("kl"), st.sampled_from("vw")),
    now=MOMENTS,
)
def test_what_is_done_is_what_the_rules_say(
    chosen: list[LifecycleRule], version: Facts, tags: dict[str, str], now: datetime
) -> None:
    present = COLDNESS[version.storage_class]
    wanted = [
        (effect, coldness, rule.id)
        for rule in chosen
        if fits(rule, version, tags)
        for effect, coldness in effects(rule, version, now)
        if coldness > present
    ]
    due = decide(chosen, version, lambda: tags, now)
    if not wanted:
        assert due is None
        return
    assert due is not None
    coldness = 9 if due.storage_class is None else COLDNESS[due.storage_class]
    assert coldness == max(each[1] for each in wanted)
    assert (due.effect, coldness, due.rule) in wanted


def test_tags_are_looked_up_only_for_rules_that_ask_for_them() -> None:
    plain = LifecycleRule(id="1", prefix="a/", expiration=LifecycleRuleExpiration(days=1))
    due = decide([plain], facts(), lambda: pytest.fail("asked"), NOON + timedelta(days=2))
    assert due == Due(effect=Effect.EXPIRE, rule="1")
    tagged = LifecycleRule(id="2", tags=(Tag(key="k", value="v"),), expiration=LifecycleRuleExpiration(days=1))
    assert decide([tagged], facts(), lambda: pytest.fail("asked"), NOON) is None


def test_the_time_of_access_is_not_known() -> None:
    step = LifecycleRuleTransition(days=1, storage_class=StorageClass.IA, is_access_time=True)
    rule = LifecycleRule(id="1", transitions=(step,))
    assert decide([rule], facts(), dict, NOON + timedelta(days=400)) is None


@pytest.mark.parametrize(
    ("rule", "is_due"),
    [
        (LifecycleRule(abort_multipart_upload=LifecycleRuleAbortMultipartUpload(days=1)), True),
        (LifecycleRule(abort_multipart_upload=LifecycleRuleAbortMultipartUpload(days=9)), False),
        (LifecycleRule(abort_multipart_upload=LifecycleRuleAbortMultipartUpload(created_before_date=NOON)), False),
        (LifecycleRule(abort_multipart_upload=LifecycleRuleAbortMultipartUpload(date=NOON)), True),
        (LifecycleRule(prefix="b", abort_multipart_upload=LifecycleRuleAbortMultipartUpload(days=1)), False),
        (LifecycleRule(expiration=LifecycleRuleExpiration(days=1)), False),
        (
            LifecycleRule(
                tags=(Tag(key="k", value="v"),), abort_multipart_upload=LifecycleRuleAbortMultipartUpload(days=1)
            ),
            False,
        ),
        (
            LifecycleRule(
                filter=LifecycleRuleFilter(nots=(LifecycleRuleNot(prefix="a/"),)),
                abort_multipart_upload=LifecycleRuleAbortMultipartUpload(days=1),
            ),
            False,
        ),
    ],
)
def test_uploads(rule: LifecycleRule, is_due: bool) -> None:
    due = decide_upload([rule], "a/b", NOON, NOON + timedelta(days=2))
    assert (due is not None) is is_due


def test_only_what_rules_are_about_is_walked() -> None:
    def named(*prefixes: str | None) -> list[LifecycleRule]:
        return [LifecycleRule(prefix=prefix) for prefix in prefixes]

    assert prefixes_of(named("b/", "a/", "a/b", "b/")) == ("a/", "b/")
    assert prefixes_of(named("a", "", "b")) == ("",)
    assert prefixes_of(named(None)) == ("",)
    assert prefixes_of([]) == ()
    off = LifecycleConfiguration(rules=(LifecycleRule(status="Disabled"), LifecycleRule(status="Enabled", id="1")))
    assert [rule.id for rule in enabled_rules(off)] == ["1"]
