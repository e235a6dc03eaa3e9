"""Operations on the replication of a bucket. Rules are kept and told; nothing is replicated."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from ossicle.operations.context import Context
from ossicle.operations.registry import handles
from ossicle.wire.api.bucket_replication import (
    DELETE_BUCKET_REPLICATION,
    GET_BUCKET_REPLICATION,
    GET_BUCKET_REPLICATION_LOCATION,
    GET_BUCKET_REPLICATION_PROGRESS,
    PUT_BUCKET_REPLICATION,
    PUT_BUCKET_RTC,
    REPLICATION,
    DeleteBucketReplicationRequest,
    DeleteBucketReplicationResult,
    GetBucketReplicationLocationRequest,
    GetBucketReplicationLocationResult,
    GetBucketReplicationProgressRequest,
    GetBucketReplicationProgressResult,
    GetBucketReplicationRequest,
    GetBucketReplicationResult,
    PutBucketReplicationRequest,
    PutBucketReplicationResult,
    PutBucketRtcRequest,
    PutBucketRtcResult,
    ReplicationConfiguration,
    ReplicationLocation,
    ReplicationProgress,
    ReplicationProgressInformation,
    ReplicationProgressRule,
    ReplicationRule,
)
from ossicle.wire.errors import InvalidArgument, MalformedXML, NoSuchReplicationConfiguration, NoSuchReplicationRule

_ALL: Final = "ALL"
_SWITCH: Final = ("enabled", "disabled")
_CLOSING: Final = "closing"
_STARTING: Final = "starting"
_NO_RULES: Final = ReplicationConfiguration()


@handles(PUT_BUCKET_REPLICATION)
async def put_bucket_replication(context: Context, request: PutBucketReplicationRequest) -> PutBucketReplicationResult:
    """Add rules, and tell the id of the first."""
    wanted = request.replication_configuration
    if wanted is None or not wanted.rules:
        raise MalformedXML(ec=PUT_BUCKET_REPLICATION.malformed_ec)
    rules = tuple(_completed(rule, context, number) for number, rule in enumerate(wanted.rules))

    def add(found: ReplicationConfiguration | None) -> ReplicationConfiguration:
        ids = {rule.id for rule in rules}
        open_rules = tuple(rule for rule in (found or _NO_RULES).rules if rule.status != _CLOSING)
        # OSS: the code for an id that is taken is unverified.
        if len(ids) < len(rules) or ids & {rule.id for rule in open_rules}:
            raise InvalidArgument(argument_name="ID", argument_value=rules[0].id)
        return ReplicationConfiguration(rules=(*open_rules, *rules))

    await context.services.buckets.change_setting(context.bucket, REPLICATION, add)
    return PutBucketReplicationResult(replication_rule_id=rules[0].id)


def _completed(rule: ReplicationRule, context: Context, number: int) -> ReplicationRule:
    if rule.destination is None or not rule.destination.bucket or not rule.destination.location:
        raise MalformedXML(ec=PUT_BUCKET_REPLICATION.malformed_ec)
    historical = rule.historical_object_replication or _SWITCH[0]
    if historical not in _SWITCH or (rule.rtc is not None and rule.rtc.status not in _SWITCH):
        raise MalformedXML(ec=PUT_BUCKET_REPLICATION.malformed_ec)
    return replace(
        rule,
        # The id of a request is there once.
        id=rule.id or f"{context.request_id.lower()}{number:08x}",
        action=rule.action or _ALL,
        historical_object_replication=historical,
        status=_STARTING,
    )


@handles(GET_BUCKET_REPLICATION)
async def get_bucket_replication(context: Context, _: GetBucketReplicationRequest) -> GetBucketReplicationResult:
    """Tell the rules."""
    found = await context.services.buckets.setting(context.bucket, REPLICATION)
    if found is None:
        raise NoSuchReplicationConfiguration(bucket_name=context.bucket.name)
    return GetBucketReplicationResult(replication_configuration=found)


@handles(DELETE_BUCKET_REPLICATION)
async def delete_bucket_replication(
    context: Context, request: DeleteBucketReplicationRequest
) -> DeleteBucketReplicationResult:
    """End rules."""
    if request.replication_rules is None or not request.replication_rules.ids:
        raise MalformedXML(ec=DELETE_BUCKET_REPLICATION.malformed_ec)
    for rule_id in request.replication_rules.ids:
        await _change_rule(context, rule_id, lambda rule: replace(rule, status=_CLOSING))
    return DeleteBucketReplicationResult()


@handles(PUT_BUCKET_RTC)
async def put_bucket_rtc(context: Context, request: PutBucketRtcRequest) -> PutBucketRtcResult:
    """Say whether a rule keeps to a time."""
    wanted = request.rtc_configuration
    if wanted is None or wanted.id is None or wanted.rtc is None or wanted.rtc.status not in _SWITCH:
        raise MalformedXML(ec=PUT_BUCKET_RTC.malformed_ec)
    rtc = wanted.rtc
    await _change_rule(context, wanted.id, lambda rule: replace(rule, rtc=rtc))
    return PutBucketRtcResult()


async def _change_rule(context: Context, rule_id: str, change: Callable[[ReplicationRule], ReplicationRule]) -> None:
    def update(found: ReplicationConfiguration | None) -> ReplicationConfiguration:
        rules = (found or _NO_RULES).rules
        if all(rule.id != rule_id for rule in rules):
            raise NoSuchReplicationRule(bucket_name=context.bucket.name)
        return ReplicationConfiguration(rules=tuple(change(rule) if rule.id == rule_id else rule for rule in rules))

    await context.services.buckets.change_setting(context.bucket, REPLICATION, update)


@handles(GET_BUCKET_REPLICATION_LOCATION)
async def get_bucket_replication_location(
    context: Context, _: GetBucketReplicationLocationRequest
) -> GetBucketReplicationLocationResult:
    """Tell the one location that there is."""
    return GetBucketReplicationLocationResult(
        replication_location=ReplicationLocation(locations=(context.site.location,))
    )


@handles(GET_BUCKET_REPLICATION_PROGRESS)
async def get_bucket_replication_progress(
    context: Context, request: GetBucketReplicationProgressRequest
) -> GetBucketReplicationProgressResult:
    """Tell that a rule has not begun."""
    found = await context.services.buckets.setting(context.bucket, REPLICATION) or _NO_RULES
    rules = tuple(_progress(rule) for rule in found.rules if rule.id == request.rule_id)
    if not rules:
        raise NoSuchReplicationRule(bucket_name=context.bucket.name)
    return GetBucketReplicationProgressResult(replication_progress=ReplicationProgress(rules=rules))


def _progress(rule: ReplicationRule) -> ReplicationProgressRule:
    return ReplicationProgressRule(
        id=rule.id,
        prefix_set=rule.prefix_set,
        action=rule.action,
        destination=rule.destination,
        status=rule.status,
        historical_object_replication=rule.historical_object_replication,
        progress=ReplicationProgressInformation(historical_object="0"),
    )
