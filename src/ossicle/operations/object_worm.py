"""Operations on the retention and the legal hold of a version."""

from dataclasses import replace

from ossicle.model.objects import ObjectVersion, Retention
from ossicle.operations.context import Context
from ossicle.operations.object_attributes import judge_version_id
from ossicle.operations.registry import handles
from ossicle.services.retention import change_retention, require_object_worm
from ossicle.wire.api import object_worm as api
from ossicle.wire.errors import MalformedXML, NoSuchWORMConfiguration
from ossicle.wire.names import ObjectKey, ObjectLegalHoldStatusType, ObjectRetentionModeType
from ossicle.wire.text import parse_iso, render_iso_millis


@handles(api.PUT_OBJECT_RETENTION)
async def put_object_retention(
    context: Context, request: api.PutObjectRetentionRequest
) -> api.PutObjectRetentionResult:
    """Retain a version."""
    wanted, moment = _wanted(request.retention), context.clock()
    is_bypassing = request.bypass_governance_retention or False

    def change(version: ObjectVersion) -> ObjectVersion:
        return change_retention(version, wanted, moment, is_bypassing=is_bypassing)

    require_object_worm(context.bucket)
    key, version_id = ObjectKey(request.key), judge_version_id(request.version_id)
    await context.services.attributes.change(context.principal, context.bucket, key, version_id, change, method="PUT")
    return api.PutObjectRetentionResult()


@handles(api.GET_OBJECT_RETENTION)
async def get_object_retention(
    context: Context, request: api.GetObjectRetentionRequest
) -> api.GetObjectRetentionResult:
    """Tell until when a version is retained."""
    version = await _find(context, request)
    retention = version.traits.retention
    if retention is None:
        # OSS: what is told of a version without retention is unverified.
        raise NoSuchWORMConfiguration(bucket_name=context.bucket.name)
    told = api.Retention(mode=retention.mode, retain_until_date=render_iso_millis(retention.until))
    return api.GetObjectRetentionResult(retention=told)


@handles(api.PUT_OBJECT_LEGAL_HOLD)
async def put_object_legal_hold(
    context: Context, request: api.PutObjectLegalHoldRequest
) -> api.PutObjectLegalHoldResult:
    """Hold a version, or let it go."""
    if request.legal_hold is None or request.legal_hold.status is None:
        raise MalformedXML(ec=api.PUT_OBJECT_LEGAL_HOLD.malformed_ec)
    is_held = request.legal_hold.status == ObjectLegalHoldStatusType.ON
    require_object_worm(context.bucket)
    key, version_id = ObjectKey(request.key), judge_version_id(request.version_id)
    await context.services.attributes.change(
        context.principal,
        context.bucket,
        key,
        version_id,
        lambda version: replace(version, traits=replace(version.traits, is_held=is_held)),
        method="PUT",
    )
    return api.PutObjectLegalHoldResult()


@handles(api.GET_OBJECT_LEGAL_HOLD)
async def get_object_legal_hold(
    context: Context, request: api.GetObjectLegalHoldRequest
) -> api.GetObjectLegalHoldResult:
    """Tell whether a version is held."""
    version = await _find(context, request)
    # OSS: that a version that was never held tells OFF is unverified.
    status = ObjectLegalHoldStatusType.ON if version.traits.is_held else ObjectLegalHoldStatusType.OFF
    return api.GetObjectLegalHoldResult(legal_hold=api.LegalHold(status=status))


def _wanted(document: api.Retention | None) -> Retention:
    moment = None if document is None else parse_iso((document.retain_until_date or "").strip())
    if document is None or document.mode is None or moment is None:
        raise MalformedXML(ec=api.PUT_OBJECT_RETENTION.malformed_ec)
    return Retention(mode=ObjectRetentionModeType(document.mode), until=moment)


async def _find(
    context: Context, request: api.GetObjectRetentionRequest | api.GetObjectLegalHoldRequest
) -> ObjectVersion:
    version_id = judge_version_id(request.version_id)
    return await context.services.objects.find(context.principal, context.bucket, ObjectKey(request.key), version_id)
