"""What a request says to policies: the actions it needs, and its values for the keys of conditions.

Source: https://help.aliyun.com/zh/oss/user-guide/ram-policy-overview
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from ossicle.edge.visit import Visit
from ossicle.model.policy.actions import actions_of
from ossicle.services.identity import Asked, Principal
from ossicle.wire.api.bucket_inventory import PUT_BUCKET_INVENTORY
from ossicle.wire.api.bucket_logging import PUT_BUCKET_LOGGING
from ossicle.wire.api.bucket_policy import KIND as POLICY
from ossicle.wire.api.multipart import UPLOAD_PART_COPY
from ossicle.wire.api.object_copy import COPY_OBJECT
from ossicle.wire.errors import InvalidArgument
from ossicle.wire.http import Headers, Query
from ossicle.wire.operation import Operation
from ossicle.wire.tags import split_tags
from ossicle.wire.text import render_iso_millis

_OF_TWO_BUCKETS: Final = frozenset(
    {COPY_OBJECT.name, UPLOAD_PART_COPY.name, PUT_BUCKET_LOGGING.name, PUT_BUCKET_INVENTORY.name}
)
_ACLS: Final = (b"x-oss-acl", b"x-oss-object-acl")
_TAGGING: Final = b"x-oss-tagging"
_TAGGING_DIRECTIVE: Final = b"x-oss-tagging-directive"
_RETENTION: Final = (b"x-oss-object-worm-mode", b"x-oss-object-worm-retain-until-date")
_LEGAL_HOLD: Final = b"x-oss-object-worm-legal-hold"


def is_asking(visit: Visit, operation: Operation[Any, Any], headers: Headers) -> bool:
    """Whether policies may have a word in a request: the caller has some, the bucket has one, or the other bucket may, which is copied from or written to.

    Where something is to be kept nobody can do without: what ACLs let in may not say so.
    """
    if any(name in headers for name in (*_RETENTION, _LEGAL_HOLD)):
        return True
    bucket = visit.bucket
    has_policy = bucket is not None and POLICY in bucket.settings
    return has_policy or visit.principal.standing is not None or operation.name in _OF_TWO_BUCKETS


def asking(
    visit: Visit, operation: Operation[Any, Any], headers: Headers, query: Query, *, region: str, now: datetime
) -> Principal:
    """Return the caller with what it asks for. `headers` and `query` are those of the request, or the fields of a form."""
    tags = None if _brings_tags_of_source(operation, headers) else headers.text(_TAGGING)
    asked = Asked(
        actions=actions_of(
            operation.name,
            has_version=bool(query.get("versionId")),
            has_tags=bool(tags),
            has_acl=_ACLS[0] in headers,
            is_new=visit.bucket is None,
            has_retention=any(name in headers for name in _RETENTION),
            has_legal_hold=_LEGAL_HOLD in headers,
        ),
        region=region,
        values=_values(visit, headers, query, now) | _tags(tags),
    )
    return replace(visit.principal, asked=asked)


def _brings_tags_of_source(operation: Operation[Any, Any], headers: Headers) -> bool:
    """Whether the tags that a copy says are not those that it stores."""
    return operation.name == COPY_OBJECT.name and (headers.text(_TAGGING_DIRECTIVE) or "").upper() != "REPLACE"


def values_of(visit: Visit, now: datetime) -> dict[str, Sequence[str]]:
    """Return what any request says of conditions, of OSS or not: where it comes from and when, how, and by which key."""
    values: dict[str, Sequence[str]] = {
        "acs:SourceIp": (visit.remote,),
        "acs:CurrentTime": (render_iso_millis(now),),
        "acs:SecureTransport": ("true" if visit.scheme == "https" else "false",),
        "acs:MFAPresent": ("false",),
    }
    agent = visit.request.headers.text(b"user-agent")
    if agent is not None:
        values["acs:UserAgent"] = (agent,)
    if visit.principal.access_key_id is not None:
        values["acs:AccessId"] = (visit.principal.access_key_id,)
    return values


def _values(visit: Visit, headers: Headers, query: Query, now: datetime) -> dict[str, Sequence[str]]:
    values = values_of(visit, now)
    values["oss:Prefix"] = (query.get("prefix") or "",)
    values["oss:Delimiter"] = (query.get("delimiter") or "",)
    for name in _ACLS:
        acl = headers.text(name)
        if acl is not None:
            values[f"oss:{name.decode()}"] = (acl,)
    return values


def _tags(text: str | None) -> dict[str, Sequence[str]]:
    """Return the tags that a write brings; those in a document are not looked at."""
    # OSS: that the tags of PutObjectTagging's document count here is documented; nobody is read a document from before it is judged.
    try:
        pairs = split_tags(text or "")
    except InvalidArgument:
        return {}  # none will be stored: whoever is let in is told so
    return {f"oss:RequestObjectTag/{name}": (value,) for name, value in pairs}
