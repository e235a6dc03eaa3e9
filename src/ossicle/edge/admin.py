"""The administration over HTTP: JSON below `/_ossicle/admin/v1/`, signed as every request is, for owners and whom policies of `ram:` let in."""

import json
from dataclasses import fields
from typing import Final

from ossicle.edge.administering import as_ram_error, as_refusal, carry_out, permit
from ossicle.edge.answer import encode_headers
from ossicle.edge.authentication import authenticate, refuse_conditions
from ossicle.edge.body import read_document
from ossicle.edge.visit import Visit
from ossicle.model.ram import RamError
from ossicle.operations.admin import Services
from ossicle.services.identity import Identity
from ossicle.wire.admin import (
    PREFIX,
    ROUTES,
    AnyRoute,
    Captured,
    InvalidField,
    find_routes,
    parse_request,
    render_json,
    resource_of,
    tellable,
)
from ossicle.wire.errors import AccessDenied, MethodNotAllowed, OssError
from ossicle.wire.http import Response
from ossicle.wire.signing import Claim, parse_claim

DOCUMENT_BYTES_MAX: Final = 64 * 1024
_HEADERS: Final = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"))


class Admin:
    """Answers requests of the administration."""

    def __init__(self, identity: Identity, services: Services) -> None:
        self._identity = identity
        self._services = services

    async def answer(self, visit: Visit) -> Response:
        """Return the answer to a request.

        Raises:
            OssError: the request is not signed properly, or RAM refuses it; then the code is RAM's.
        """
        visit.speaks_json, visit.operation = True, "Admin"
        try:
            return await self._answer(visit)
        except InvalidField as error:
            raise as_refusal(as_ram_error(error)) from error
        except RamError as error:
            raise as_refusal(error) from error

    async def _answer(self, visit: Visit) -> Response:
        await self._authenticate(visit)
        route, captured = _route(visit)
        visit.operation, visit.administered = route.name, tellable(captured)
        document = await read_document(visit.body, visit.request.headers, DOCUMENT_BYTES_MAX)
        request = parse_request(route, captured, visit.request.query, document)
        given = {each.name: getattr(request, each.name) for each in fields(request)}
        asked = permit(visit, visit.principal, route, given, self._services)
        told = await carry_out(visit, route, asked, request)
        return _response(200, render_json(told))

    async def _authenticate(self, visit: Visit) -> None:
        request = visit.request
        claim = parse_claim(request)
        if claim is None:
            raise AccessDenied("Anonymous access is forbidden for this operation.")
        if not isinstance(claim, Claim):
            raise AccessDenied(
                "The administration takes signatures of version 4 only: older ones do not cover all of a query."
            )
        visit.principal = await authenticate(
            request,
            resource_of(request.path),
            claim,
            identity=self._identity,
            region=self._services.region,
            now=self._services.clock(),
        )
        refuse_conditions(request)


def error_answer(error: OssError, *, request_id: str, is_head: bool) -> Response:
    """Return a refusal as JSON."""
    told = {"code": error.code, "message": error.message, "request_id": request_id, **error.details}
    answer = _response(error.status, b"" if is_head else json.dumps(told).encode("ascii"))
    return Response(status=answer.status, headers=(*answer.headers, *encode_headers(error.headers)), body=answer.body)


def _route(visit: Visit) -> tuple[AnyRoute, Captured]:
    found = find_routes(ROUTES, visit.request.path.removeprefix(PREFIX))
    for route, captured in found:
        if route.method == visit.request.method:
            return route, captured
    if not found:
        raise OssError.received(
            code="InvalidApi.NotFound", status=404, message="There is nothing at this path.", ec=None, details={}
        )
    allowed = ", ".join(sorted({route.method for route, _ in found}))
    raise MethodNotAllowed(method=visit.request.method, headers=(("Allow", allowed),))


def _response(status: int, body: bytes) -> Response:
    return Response(status=status, headers=(*_HEADERS, (b"content-length", str(len(body)).encode("ascii"))), body=body)
