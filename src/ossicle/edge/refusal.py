"""Refusals that the protocol makes before there is a request: rendered, counted and logged like any other."""

import secrets
from collections.abc import Callable

from ossicle.edge.answer import common_headers, error_response
from ossicle.edge.audit import AuditLog
from ossicle.edge.framing import Refused
from ossicle.edge.log import access_log
from ossicle.edge.metrics import Metrics
from ossicle.edge.protocol import RenderRefusal
from ossicle.edge.target import host_name
from ossicle.wire.errors import OssError
from ossicle.wire.sources import Clock

_REQUEST_ID_BYTES = 12


def refusal_renderer(
    clock: Clock, metrics: Metrics, audit: AuditLog | None = None
) -> tuple[RenderRefusal, Callable[[Refused], None]]:
    """Return how a refusal of the protocol is written, and who hears of it: each right after it was written."""
    request_id = ""

    def render(
        code: str, status: int, message: str, host: bytes, method: bytes
    ) -> tuple[list[tuple[bytes, bytes]], bytes]:
        nonlocal request_id
        error = OssError.received(code=code, status=status, message=message, ec=None, details={})
        request_id = secrets.token_hex(_REQUEST_ID_BYTES).upper()
        is_head = method == b"HEAD"
        response = error_response(error, request_id=request_id, host_id=host_name(host), is_head=is_head)
        if not isinstance(response.body, bytes):
            raise TypeError("a refusal's document is bytes")
        headers = [pair for pair in response.headers if pair[0] != b"content-length"]
        return [*common_headers(request_id, clock()), *headers], response.body

    def note(refused: Refused) -> None:
        metrics.count(
            operation="-", status=refused.status, code=refused.code, seconds=0.0, received_bytes=0, sent_bytes=0
        )
        now = clock()
        access_log.note_refusal(request_id, refused.status, refused.code, now)
        if audit is not None:
            audit.note_refusal(request_id, refused.status, refused.code, now)

    return render, note
