"""The audit log: who did what from where with which result, as JSON lines, in which no signature, token or secret can stand.

It tells of each request that may have changed something, and of each that was refused; of reads only if it is asked to.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from json.encoder import encode_basestring_ascii
from typing import Final

from ossicle.edge.dates import dates
from ossicle.edge.visit import Visit
from ossicle.model.policy.actions import actions_of
from ossicle.operations.sts import ACTIONS
from ossicle.wire.admin import ROUTES
from ossicle.wire.api import OPERATIONS
from ossicle.wire.api.object_basic import DeleteMultipleObjectsRequest
from ossicle.wire.http import Request
from ossicle.wire.redaction import redact_target, redact_text
from ossicle.wire.text import decode

_SAFE: Final = ("GET", "HEAD", "OPTIONS")
_OF_OSS: Final = frozenset(operation.name for operation in OPERATIONS)
_OF_RAM: Final = frozenset(route.name for route in ROUTES)
_OF_STS: Final = frozenset(ACTIONS)
_READS: Final = frozenset(
    [operation.name for operation in OPERATIONS if operation.method in _SAFE]
    + [route.name for route in ROUTES if route.method in _SAFE]
    + ["OptionObject", "Reserved"]
)
"""By their names and not by the methods of requests: a name that nobody has thought of is told of."""
_PROOFS: Final = ("x-oss-signature", "Signature", "x-oss-signature-version")
_VERSION: Final = b"x-oss-version-id"


class AuditLog:
    """Makes the lines. `has_reads` says whether there is one for a read that was answered as well."""

    def __init__(self, write: Callable[[bytes], object], *, has_reads: bool) -> None:
        self._write = write
        self._has_reads = has_reads

    def note_request(self, visit: Visit, seconds: float, now: datetime) -> None:
        """Write an answered request's line, if there is to be one."""
        if self._has_reads or visit.operation not in _READS or visit.error is not None or not 0 < visit.status < 400:
            self._write(_request_line(visit, seconds, now))

    def note_refusal(self, request_id: str, status: int, code: str, now: datetime) -> None:
        """Write the line of a request that never became one: nothing is known of it but why."""
        entry = {"time": dates.iso_millis(now), "request_id": request_id, "operation": "-", "status": status}
        self._write((json.dumps({**entry, "code": code}) + "\n").encode("ascii"))


def render_loss(lines: int) -> bytes:
    """Return the line that stands where others are missing."""
    entry = {"time": dates.iso_millis(datetime.now(UTC)), "operation": "-", "lost_lines": lines}
    return (json.dumps(entry) + "\n").encode("ascii")


def _request_line(visit: Visit, seconds: float, now: datetime) -> bytes:
    # Written out, as that of the access log is. Operation, method, code and ids are made of letters, digits and hyphens.
    request, principal, error = visit.request, visit.principal, visit.error
    resource = visit.resource
    version_id = request.query.get("versionId") or _version_written(visit)
    line = (
        f'{{"time": "{dates.iso_millis(now)}", "request_id": "{visit.request_id}", "operation": "{visit.operation}", '
        f'"action": {_text(_action(visit.operation, request))}, "principal": "{_kind(visit)}", '
        f'"account": {_text(principal.account)}, '
        f'"name": {_text(None if principal.standing is None else principal.standing.name)}, '
        f'"access_key_id": {_text(principal.access_key_id)}, '
        f'"bucket": {_text(None if resource is None else resource.bucket)}, "key": {_text(_key(visit))}, '
        f'"version_id": {_text(version_id)}, "remote": {_text(visit.remote)}, '
        f'"user_agent": {_text(request.headers.text(b"user-agent"))}, "scheme": "{visit.scheme}", '
        f'"method": "{request.method}", "status": {visit.status}, "code": "{visit.code}", '
        f'"ec": {_text(None if error is None else error.ec)}, "received_bytes": {visit.body.received_bytes}, '
        f'"sent_bytes": {visit.sent_bytes}, "milliseconds": {round(seconds * 1000, 3)}'
    )
    if visit.administered is not None:
        line += f', "asked": {_administered(visit.administered)}'
    elif resource is None:
        line += f', "target": {_text(redact_target(decode(request.path)))}'
    elif isinstance(visit.asked, DeleteMultipleObjectsRequest) and visit.asked.delete is not None:
        line += f', "objects": {_objects(visit.asked)}'
    return (line + "}\n").encode("ascii")


def _text(text: str | None) -> str:
    return "null" if text is None else encode_basestring_ascii(redact_text(text))


def _action(operation: str, request: Request) -> str | None:
    if operation in _OF_OSS:
        return actions_of(operation, has_version="versionId" in request.query)[0]
    if operation in _OF_STS:
        return f"sts:{operation}"
    return f"ram:{operation}" if operation in _OF_RAM else None


def _kind(visit: Visit) -> str:
    """Return what the caller was found to be. Who failed to prove it is told of by no name: it might be a secret in its place."""
    principal = visit.principal
    if principal.account is None:
        return "unproven" if _has_proof(visit) else "anonymous"
    if principal.standing is None:
        return "owner"
    return "session" if principal.standing.is_session else "user"


def _has_proof(visit: Visit) -> bool:
    if visit.form is not None:
        return "policy" in visit.form.fields
    if visit.operation == "Rpc":
        return True
    return b"authorization" in visit.request.headers or any(name in visit.request.query for name in _PROOFS)


def _key(visit: Visit) -> str | None:
    if visit.form is not None:
        return visit.form.fields.key_of(visit.form.file.filename)
    resource = visit.resource
    return None if resource is None or resource.key is None else decode(resource.key)


def _version_written(visit: Visit) -> str | None:
    return next((decode(value) for name, value in visit.answered if name == _VERSION), None)


def _administered(given: Mapping[str, object]) -> str:
    return json.dumps({name: redact_text(value) if isinstance(value, str) else value for name, value in given.items()})


def _objects(asked: DeleteMultipleObjectsRequest) -> str:
    named = asked.delete.objects if asked.delete is not None else ()
    return json.dumps([{"key": redact_text(each.key), "version_id": each.version_id} for each in named])
