"""Operations on whether objects of a bucket may be retained one by one."""

from typing import Final

from ossicle.operations.context import Context
from ossicle.operations.registry import handles
from ossicle.wire.api.bucket_object_worm import (
    GET_BUCKET_OBJECT_WORM_CONFIGURATION,
    OBJECT_WORM,
    PUT_BUCKET_OBJECT_WORM_CONFIGURATION,
    GetBucketObjectWormConfigurationRequest,
    GetBucketObjectWormConfigurationResult,
    ObjectWormConfiguration,
    PutBucketObjectWormConfigurationRequest,
    PutBucketObjectWormConfigurationResult,
)
from ossicle.wire.errors import InvalidArgument, MalformedXML, NoSuchWORMConfiguration

_ENABLED: Final = "Enabled"
_DAYS: Final = range(1, 36_501)
_YEARS: Final = range(1, 101)


@handles(PUT_BUCKET_OBJECT_WORM_CONFIGURATION)
async def put_bucket_object_worm_configuration(
    context: Context, request: PutBucketObjectWormConfigurationRequest
) -> PutBucketObjectWormConfigurationResult:
    """Allow it, and say what new objects get."""
    configuration = request.object_worm_configuration
    if configuration is None or not _is_complete(configuration):
        raise MalformedXML(ec=PUT_BUCKET_OBJECT_WORM_CONFIGURATION.malformed_ec)
    _judge_period(configuration)
    await context.services.worms.enable(context.bucket, configuration)
    return PutBucketObjectWormConfigurationResult()


@handles(GET_BUCKET_OBJECT_WORM_CONFIGURATION)
async def get_bucket_object_worm_configuration(
    context: Context, _: GetBucketObjectWormConfigurationRequest
) -> GetBucketObjectWormConfigurationResult:
    """Tell that it is allowed, and what new objects get."""
    found = await context.services.buckets.setting(context.bucket, OBJECT_WORM)
    if found is None:
        # OSS: the code is unverified.
        raise NoSuchWORMConfiguration(bucket_name=context.bucket.name)
    return GetBucketObjectWormConfigurationResult(object_worm_configuration=found)


def _is_complete(configuration: ObjectWormConfiguration) -> bool:
    if configuration.object_worm_enabled != _ENABLED:
        return False
    if configuration.rule is None:
        return True
    default = configuration.rule.default_retention
    return default is not None and default.mode is not None and (default.days is None) != (default.years is None)


def _judge_period(configuration: ObjectWormConfiguration) -> None:
    default = None if configuration.rule is None else configuration.rule.default_retention
    if default is None:
        return
    # OSS: the ranges are those that an SDK names; what is answered beyond them is unverified.
    for name, given, allowed in (("Days", default.days, _DAYS), ("Years", default.years, _YEARS)):
        if given is not None and given not in allowed:
            raise InvalidArgument(argument_name=name, argument_value=str(given))
