"""Whether somebody may do something."""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Final

from ossicle.model.policy.actions import actions_of
from ossicle.operations.admin.registry import Administration, answers
from ossicle.services.access import Place
from ossicle.services.identity import Asked
from ossicle.wire.admin.explaining import EXPLAIN_ACCESS, AccessExplanation, ExplainAccessRequest
from ossicle.wire.admin.values import InvalidField
from ossicle.wire.api import OPERATIONS
from ossicle.wire.names import VersionId, parse_bucket_name, parse_object_key
from ossicle.wire.operation import Access, AnyOperation, Level
from ossicle.wire.text import encode, render_iso_millis

_BY_NAME: Final = {operation.name.lower(): operation for operation in OPERATIONS}


@answers(EXPLAIN_ACCESS)
async def explain_access(asked: Administration, request: ExplainAccessRequest) -> AccessExplanation:
    """Judge a request that nobody makes."""
    operation, explainer = _operation(request.action), asked.services.explainer
    place = _place(operation, request)
    principal = await explainer.caller(
        asked.account, user=request.user, role=request.role, is_anonymous=bool(request.anonymous)
    )
    wanted = Asked(
        actions=actions_of(operation.name, has_version=bool(request.version_id)),
        region=asked.services.region,
        values=_values(asked, request),
    )
    found = await explainer.explain(asked.account, principal, operation, place, wanted)
    return AccessExplanation(
        allowed=found.is_allowed,
        by=found.by,
        actions=wanted.actions,
        resource=found.resource,
        policy=found.policy,
        statement=found.statement,
    )


def _operation(action: str) -> AnyOperation:
    found = _BY_NAME.get(action.removeprefix("oss:").lower())
    if found is None:
        raise InvalidField("action", f"action has to be an operation of OSS, such as PutObject, not {action}")
    return found


def _place(operation: AnyOperation, request: ExplainAccessRequest) -> Place:
    """Return what the operation would be about. What writes or reads objects is judged by their keys, wherever these stand."""
    if operation.level is Level.SERVICE:
        _refuse("bucket", request.bucket or request.key, f"{operation.name} is about no bucket")
        return Place()
    if not request.bucket:
        raise InvalidField("bucket", f"{operation.name} is about a bucket: bucket is missing")
    bucket = parse_bucket_name(request.bucket)
    if operation.level is Level.BUCKET and operation.access not in (Access.READ, Access.WRITE):
        _refuse("key", request.key, f"{operation.name} is about a bucket; of a list, prefix says which part")
        return Place(bucket=bucket)
    if not request.key:
        raise InvalidField("key", f"{operation.name} is about an object: key is missing")
    return Place(
        bucket=bucket,
        key=parse_object_key(encode(request.key)),
        version_id=VersionId(request.version_id) if request.version_id else None,
    )


def _refuse(field: str, given: str | None, message: str) -> None:
    if given:
        raise InvalidField(field, f"{message}: {field} is too much")


def _values(asked: Administration, request: ExplainAccessRequest) -> dict[str, Sequence[str]]:
    is_secure = asked.is_secure if request.secure is None else request.secure
    return {
        "acs:SourceIp": (_address(request.ip or asked.remote),),
        "acs:CurrentTime": (render_iso_millis(asked.services.clock()),),
        "acs:SecureTransport": ("true" if is_secure else "false",),
        "acs:MFAPresent": ("false",),
        "oss:Prefix": (request.prefix or "",),
        "oss:Delimiter": (request.delimiter or "",),
    }


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise InvalidField("ip", f"ip has to be an address, such as 192.0.2.7, not {text}") from None
