"""The one ASGI callable: a request's way through target, route, signature, permission, handler and answer."""

import asyncio
import time
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final

from ossicle.edge.answer import (
    Send,
    close_body,
    common_headers,
    encode_headers,
    error_response,
    result_response,
    send_response,
)
from ossicle.edge.authentication import authenticate, refuse_conditions
from ossicle.edge.body import Receive, RequestBody, announced_length, read_document
from ossicle.edge.cross_origin import answer_headers, preflight_headers
from ossicle.edge.log import log_access, log_failure
from ossicle.edge.metrics import Metrics
from ossicle.edge.proxies import Proxies
from ossicle.edge.reserved import ReservedPaths
from ossicle.edge.target import RESERVED, AddressBook, AddressStyle, Origin, host_name
from ossicle.model.objects import Bucket
from ossicle.operations import HANDLERS, Context, Site
from ossicle.services.access import authorize
from ossicle.services.buckets import Buckets
from ossicle.services.failures import as_oss_error
from ossicle.services.identity import ANONYMOUS, Identity, Principal
from ossicle.services.objects import Objects
from ossicle.wire import errors
from ossicle.wire.api import OPERATIONS
from ossicle.wire.binding import parse_request
from ossicle.wire.errors import InternalError, NoSuchBucket, OssError, ServiceUnavailable
from ossicle.wire.http import Headers, Query, Request, Resource, Response
from ossicle.wire.names import BucketName, parse_object_key
from ossicle.wire.operation import Level, Operation
from ossicle.wire.routing import Router
from ossicle.wire.signing import parse_claim
from ossicle.wire.sources import Clock, IdSource
from ossicle.wire.text import decode

_ROUTER: Final = Router(OPERATIONS)
_SANDBOX: Final = ((b"content-security-policy", b"sandbox"), (b"x-content-type-options", b"nosniff"))
_REQUEST_ID_BYTES: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeSettings:
    """What the edge must know of the server. `advertise_*` are None when the endpoint in use is to be told."""

    region: str
    addresses: AddressBook
    proxies: Proxies
    advertise_endpoint: str | None
    advertise_internal_endpoint: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeServices:
    """What the edge calls."""

    identity: Identity
    buckets: Buckets
    objects: Objects
    metrics: Metrics
    reserved: ReservedPaths
    clock: Clock
    ids: IdSource


@dataclass(slots=True, kw_only=True)
class _Visit:
    """One request on its way, with what becomes known of it; the log line is made of this."""

    request: Request
    request_id: str
    scheme: str
    remote: str
    started: float
    body: RequestBody
    bucket: Bucket | None = None
    operation: str = "-"
    principal: Principal = ANONYMOUS
    error: OssError | None = None
    status: int = 0
    sent_bytes: int = 0
    cors: list[tuple[str, str]] = field(default_factory=list)


class Edge:
    """The ASGI application of the data plane."""

    def __init__(self, settings: EdgeSettings, services: EdgeServices) -> None:
        self._settings = settings
        self._services = services

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        visit = self._begin(scope, receive)
        with self._services.metrics.in_flight.track_inprogress():
            try:
                response = await self._respond(visit)
                await self._send(visit, response, receive, send)
            finally:
                self._note(visit)

    def _begin(self, scope: MutableMapping[str, Any], receive: Receive) -> _Visit:
        headers = Headers(scope["headers"])
        request = Request(
            method=scope["method"],
            path=scope["raw_path"],
            query=Query(scope["query_string"]),
            headers=headers,
            host=headers.get(b"host") or b"",
        )
        peer = scope["client"][0] if scope.get("client") else ""
        return _Visit(
            request=request,
            request_id=self._services.ids(_REQUEST_ID_BYTES).hex().upper(),
            scheme=scope["scheme"],
            remote=self._settings.proxies.client_of(peer, headers),
            started=time.perf_counter(),
            body=RequestBody(receive, announced_length(headers)),
        )

    async def _respond(self, visit: _Visit) -> Response:
        try:
            response = await self._serve(visit)
        except asyncio.CancelledError:
            # Only a stop cancels: what did not end within its limit. The client is told that trying again may help.
            visit.error = ServiceUnavailable()
            response = self._refusal(visit, visit.error)
        except Exception as failure:
            visit.error = as_oss_error(failure)
            if isinstance(visit.error, InternalError) or visit.error is not failure:
                log_failure(visit.request_id, failure)
            response = self._refusal(visit, visit.error)
        return response

    async def _serve(self, visit: _Visit) -> Response:
        request = visit.request
        origin = self._settings.addresses.locate(request.host)
        if origin.bucket is None and request.path.startswith(RESERVED):
            visit.operation = "Reserved"
            return self._services.reserved.answer(request.method, request.path)
        resource = origin.resource(request.path)
        if request.method == "OPTIONS":
            visit.operation = "OptionObject"
            visit.cors = await preflight_headers(self._services.buckets, resource, request.headers)
            return Response(status=200, headers=[(b"content-length", b"0")])
        await self._look_up_bucket(visit, resource)
        operation = _ROUTER.match(_level(resource), request.method, request.query, request.headers)
        visit.operation = operation.name
        await self._judge(visit, resource, operation)
        return await self._handle(visit, origin, resource, operation)

    async def _look_up_bucket(self, visit: _Visit, resource: Resource) -> None:
        """Find the bucket, and what a page of another origin is told whatever the answer will be."""
        if resource.bucket is not None:
            buckets, request = self._services.buckets, visit.request
            visit.bucket = await buckets.find(BucketName(resource.bucket))
            visit.cors = await answer_headers(buckets, visit.bucket, request.method, request.headers)

    async def _judge(self, visit: _Visit, resource: Resource, operation: Operation[Any, Any]) -> None:
        """Judge who calls and what it may do. The bucket comes first: its absence is told to anybody."""
        if resource.bucket is not None and visit.bucket is None and not operation.creates_bucket:
            raise NoSuchBucket(bucket_name=resource.bucket)
        visit.principal = authenticate(
            visit.request,
            resource,
            parse_claim(visit.request),
            identity=self._services.identity,
            region=self._settings.region,
            now=self._services.clock(),
        )
        refuse_conditions(visit.request)
        authorize(visit.principal, operation, visit.bucket)
        if resource.key is not None:
            parse_object_key(resource.key)

    async def _handle(
        self, visit: _Visit, origin: Origin, resource: Resource, operation: Operation[Any, Any]
    ) -> Response:
        handler = HANDLERS.get(operation.name)
        if handler is None:
            raise errors.NotImplemented(f"{operation.name} is not implemented by this server.")
        request = visit.request
        document = None
        if operation.document_bytes_max:
            document = await read_document(visit.body, request.headers, operation.document_bytes_max)
        context = Context(
            principal=visit.principal,
            bucket_row=visit.bucket,
            headers=request.headers,
            query=request.query,
            body=visit.body,
            buckets=self._services.buckets,
            objects=self._services.objects,
            site=self._site(visit, origin),
        )
        result = await handler(context, parse_request(operation, resource, request.query, request.headers, document))
        is_shared = origin.style is AddressStyle.PATH and operation.level is Level.OBJECT
        return result_response(operation, result, _SANDBOX if is_shared else ())

    def _site(self, visit: _Visit, origin: Origin) -> Site:
        in_use = f"{visit.scheme}://{origin.endpoint}"
        extranet = self._settings.advertise_endpoint or in_use
        return Site(
            region=self._settings.region,
            extranet_endpoint=extranet,
            intranet_endpoint=self._settings.advertise_internal_endpoint or extranet,
        )

    def _refusal(self, visit: _Visit, error: OssError) -> Response:
        host_id, is_head = host_name(visit.request.host), visit.request.method == "HEAD"
        return error_response(error, request_id=visit.request_id, host_id=host_id, is_head=is_head)

    async def _send(self, visit: _Visit, response: Response, receive: Receive, send: Send) -> None:
        spent = int((time.perf_counter() - visit.started) * 1000)
        headers = common_headers(visit.request_id, self._services.clock())
        headers.append((b"x-oss-server-time", str(spent).encode("ascii")))
        headers += encode_headers(visit.cors)
        visit.status = response.status
        try:
            visit.sent_bytes = await send_response(response, headers, receive, send)
        except asyncio.CancelledError:
            visit.error = ServiceUnavailable()
            raise
        except Exception as failure:
            # The head is out, so the answer can't be changed any more: break it off, so that it never looks whole.
            visit.error = InternalError()
            log_failure(visit.request_id, failure)
            raise
        finally:
            await close_body(response)

    def _note(self, visit: _Visit) -> None:
        seconds = time.perf_counter() - visit.started
        code = "" if visit.error is None else visit.error.code
        self._services.metrics.count(
            operation=visit.operation,
            status=visit.status,
            code=code,
            seconds=seconds,
            received_bytes=visit.body.received_bytes,
            sent_bytes=visit.sent_bytes,
        )
        request = visit.request
        fields = {
            "request_id": visit.request_id,
            "remote": visit.remote,
            "operation": visit.operation,
            "method": request.method,
            "host": decode(request.host),
            "status": visit.status,
            "code": code,
            "access_key_id": visit.principal.access_key_id,
            "received_bytes": visit.body.received_bytes,
            "sent_bytes": visit.sent_bytes,
            "milliseconds": round(seconds * 1000, 3),
            "user_agent": request.headers.text(b"user-agent"),
        }
        target = decode(request.path + (b"?" + request.query.raw if request.query.raw else b""))
        log_access(fields, target=target, referer=request.headers.text(b"referer"))


def _level(resource: Resource) -> Level:
    if resource.bucket is None:
        return Level.SERVICE
    return Level.BUCKET if resource.key is None else Level.OBJECT
