"""The one ASGI callable: a request's way through target, route, signature, permission, handler and answer."""

import asyncio
import time
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any, Final

from ossicle.edge.admin import Admin, error_answer
from ossicle.edge.answer import (
    close_body,
    common_headers,
    encode_headers,
    error_response,
    result_response,
    send_response,
)
from ossicle.edge.asking import asking, is_asking
from ossicle.edge.audit import AuditLog
from ossicle.edge.authentication import authenticate, refuse_conditions
from ossicle.edge.body import Receive, RequestBody, Send, announced_length, read_document
from ossicle.edge.bucket_log import render_line
from ossicle.edge.cross_origin import answer_headers, preflight_headers
from ossicle.edge.explaining import Explainer
from ossicle.edge.files import ZERO_COPY
from ossicle.edge.forms import authenticate_form
from ossicle.edge.log import access_log, log_failure
from ossicle.edge.metrics import Metrics
from ossicle.edge.proxies import Proxies
from ossicle.edge.reserved import ReservedPaths
from ossicle.edge.rpc import Rpc, is_rpc
from ossicle.edge.target import RESERVED, AddressBook, AddressStyle, Origin, host_name
from ossicle.edge.visit import Visit
from ossicle.edge.website import answer_page, website_of
from ossicle.model.objects import Bucket
from ossicle.operations import HANDLERS, Context, Services, Site
from ossicle.operations.bucket_referer import judge_referer
from ossicle.services.access import Gate, Place
from ossicle.services.access_logs import AccessLogs
from ossicle.services.failures import as_oss_error
from ossicle.services.forms import Form, receive_form
from ossicle.services.identity import Identity, Principal
from ossicle.services.payment import is_charged
from ossicle.wire import errors
from ossicle.wire.admin import PREFIX as ADMIN
from ossicle.wire.api import OPERATIONS
from ossicle.wire.api.bucket_cors import CORS
from ossicle.wire.api.bucket_logging import LOGGING
from ossicle.wire.api.object_basic import GET_OBJECT, HEAD_OBJECT
from ossicle.wire.api.object_post import POST_OBJECT
from ossicle.wire.binding import parse_request
from ossicle.wire.errors import InternalError, NoSuchBucket, OssError, ServiceUnavailable
from ossicle.wire.http import Headers, Query, Request, Resource, Response
from ossicle.wire.names import BucketName, VersionId, parse_object_key
from ossicle.wire.operation import Access, Level, Operation
from ossicle.wire.records import record
from ossicle.wire.routing import Router
from ossicle.wire.signing import parse_claim
from ossicle.wire.sources import Clock, IdSource
from ossicle.wire.text import encode

_ROUTER: Final = Router(OPERATIONS)
_NO_QUERY: Final = Query(b"")
_OPEN_TO_OTHERS: Final = (Access.READ, Access.WRITE)
_CHARGED: Final = (b"x-oss-request-charged", b"requester")
_SANDBOX: Final = ((b"content-security-policy", b"sandbox"), (b"x-content-type-options", b"nosniff"))
_REQUEST_ID_BYTES: Final = 12
_LARGE_DOCUMENT_BYTES: Final = 32 * 1024
_HOSTS_MAX: Final = 128
"""How many names of hosts are remembered with what they stand for; one may be as long as a head."""


@record
class EdgeSettings:
    """What the edge must know of the server. `advertise_*` are None when the endpoint in use is to be told.

    `explains` says whether refusals are followed up.
    """

    region: str
    addresses: AddressBook
    proxies: Proxies
    advertise_endpoint: str | None
    advertise_internal_endpoint: str | None
    explains: bool


@record
class EdgeServices:
    """What the edge calls."""

    identity: Identity
    gate: Gate
    operations: Services
    metrics: Metrics
    reserved: ReservedPaths
    admin: Admin
    rpc: Rpc
    clock: Clock
    ids: IdSource
    access_logs: AccessLogs
    audit: AuditLog | None = None


class Edge:
    """The ASGI application of the data plane."""

    def __init__(self, settings: EdgeSettings, services: EdgeServices) -> None:
        self._settings = settings
        self._services = services
        self._locate = lru_cache(_HOSTS_MAX)(settings.addresses.locate)
        self._site = lru_cache(_HOSTS_MAX)(self._make_site)
        self._explainer = Explainer(services.identity, self._locate, region=settings.region, clock=services.clock)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        visit = self._begin(scope, receive, send)
        self._services.metrics.in_flight += 1
        try:
            response = await self._respond(visit)
            await self._send(visit, response, receive, send)
        finally:
            self._services.metrics.in_flight -= 1
            self._note(visit)

    def _begin(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> Visit:
        headers = Headers.received(scope["headers"])
        request = Request(
            method=scope["method"],
            path=scope["raw_path"],
            query=Query(scope["query_string"]),
            headers=headers,
            host=headers.get(b"host") or b"",
        )
        extensions = scope.get("extensions", ())
        peer = scope["client"][0] if scope.get("client") else ""
        return Visit(
            request=request,
            request_id=self._services.ids(_REQUEST_ID_BYTES).hex().upper(),
            scheme=scope["scheme"],
            remote=self._settings.proxies.client_of(peer, headers),
            started=time.perf_counter(),
            body=RequestBody(receive, announced_length(headers), send=send, extensions=extensions),
            takes_files=ZERO_COPY in extensions,
        )

    async def _respond(self, visit: Visit) -> Response:
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
            if self._settings.explains:
                await self._explainer.explain(visit, visit.error)
            response = self._refusal(visit, visit.error)
        return response

    async def _serve(self, visit: Visit) -> Response:
        request = visit.request
        origin = self._locate(request.host)
        if origin.bucket is None and (request.path.startswith(RESERVED) or is_rpc(request)):
            return await self._answer_own(visit)
        resource = visit.resource = origin.resource(request.path)
        if request.method == "OPTIONS":
            visit.operation = "OptionObject"
            visit.cors = await preflight_headers(self._services.operations.buckets, resource, request.headers)
            return Response(status=200, headers=[(b"content-length", b"0")])
        if resource.bucket is not None:
            await self._find_bucket(visit, BucketName(resource.bucket))
        operation = _ROUTER.match(_level(resource), request.method, request.query, request.headers)
        visit.operation = operation.name
        # The bucket comes first: its absence is told to anybody.
        if resource.bucket is not None and visit.bucket is None and not operation.creates_bucket:
            raise NoSuchBucket(bucket_name=resource.bucket)
        form, page = None, None
        if operation.is_form:
            form = await self._receive_form(visit)
        else:
            page = await self._judge(visit, origin, resource, operation)
        if page is not None:
            return page
        if visit.bucket is not None and visit.principal.account != visit.bucket.owner:
            await self._judge_payment(visit, visit.bucket, operation, form)
        return await self._handle(visit, origin, resource, operation, form, request)

    async def _answer_own(self, visit: Visit) -> Response:
        """Answer what is no operation of OSS."""
        if is_rpc(visit.request):
            return await self._services.rpc.answer(visit)
        if visit.request.path.startswith(ADMIN):
            return await self._services.admin.answer(visit)
        visit.operation = "Reserved"
        return await self._services.reserved.answer(visit.request.method, visit.request.path)

    async def _find_bucket(self, visit: Visit, name: BucketName) -> None:
        buckets, request = self._services.operations.buckets, visit.request
        visit.bucket = await buckets.find(name)
        if visit.bucket is not None and CORS.kind in visit.bucket.settings:
            # What a page of another origin is told, whatever the answer will be.
            visit.cors = await answer_headers(buckets, visit.bucket, request.method, request.headers)

    async def _receive_form(self, visit: Visit) -> Form:
        """Read the fields of a form and judge who posts it by them, whatever the URL and the headers say."""
        form = visit.form = await receive_form(visit.body, visit.request.headers.text(b"content-type"))
        visit.principal = await authenticate_form(
            form,
            bucket="" if visit.bucket is None else visit.bucket.name,
            identity=self._services.identity,
            region=self._settings.region,
            now=self._services.clock(),
        )
        visit.principal = self._asking(visit, POST_OBJECT, form.fields.as_headers(), _NO_QUERY)
        return form

    def _asking(self, visit: Visit, operation: Operation[Any, Any], headers: Headers, query: Query) -> Principal:
        if not is_asking(visit, operation, headers):
            return visit.principal
        return asking(visit, operation, headers, query, region=self._settings.region, now=self._services.clock())

    async def _judge(
        self, visit: Visit, origin: Origin, resource: Resource, operation: Operation[Any, Any]
    ) -> Response | None:
        """Judge who calls and what it may do; return the page, if it is for one of a website."""
        visit.principal = await authenticate(
            visit.request,
            resource,
            parse_claim(visit.request),
            identity=self._services.identity,
            region=self._settings.region,
            now=self._services.clock(),
        )
        refuse_conditions(visit.request)
        if visit.bucket is not None and visit.bucket.settings:
            page = await self._judge_settings(visit, origin, resource, visit.bucket)
            if page is not None:
                return page
        visit.principal = self._asking(visit, operation, visit.request.headers, visit.request.query)
        if visit.principal.asked is None and operation.level is Level.OBJECT and operation.access in _OPEN_TO_OTHERS:
            # What most requests are: judged with the object's row, and nothing of it is to be done twice.
            parse_object_key(resource.key or b"")
            return None
        await self._services.gate.authorize(visit.principal, operation, visit.bucket, _place(resource, visit.request))
        return None

    async def _judge_settings(
        self, visit: Visit, origin: Origin, resource: Resource, bucket: Bucket
    ) -> Response | None:
        """Judge a request by what few buckets say of links and pages; return the page, if it is for one."""
        documents = await self._services.operations.buckets.documents(bucket)
        if b"authorization" not in visit.request.headers:
            judge_referer(documents, visit.request.headers)
        website = website_of(visit, origin, documents)
        if website is None:
            return None
        await self._judge_payment(visit, bucket, GET_OBJECT, None)

        async def page(key: str, request: Request) -> Response:
            operation = HEAD_OBJECT if request.method == "HEAD" else GET_OBJECT
            place = Resource(bucket=bucket.name, key=encode(key))
            visit.principal = self._asking(visit, operation, request.headers, request.query)
            return await self._handle(visit, origin, place, operation, None, request)

        return await answer_page(website, visit, resource, page)

    async def _judge_payment(
        self, visit: Visit, bucket: Bucket, operation: Operation[Any, Any], form: Form | None
    ) -> None:
        """Judge whether one who is not the owner pays, where that can be: what only owners may do was refused before."""
        if operation.access not in _OPEN_TO_OTHERS:
            return
        headers, query = visit.request.headers, visit.request.query
        if form is not None:
            headers, query = form.fields.as_headers(), _NO_QUERY
        visit.is_charged = await is_charged(self._services.operations.buckets, visit.principal, bucket, headers, query)

    async def _handle(
        self,
        visit: Visit,
        origin: Origin,
        resource: Resource,
        operation: Operation[Any, Any],
        form: Form | None,
        request: Request,
    ) -> Response:
        handler = HANDLERS.get(operation.name)
        if handler is None:
            raise errors.NotImplemented(f"{operation.name} is not implemented by this server.")
        headers, query = request.headers, request.query
        if form is not None:
            headers, query = form.fields.as_headers(), _NO_QUERY
        document = None
        if operation.document_bytes_max:
            if resource.key is not None and visit.bucket is not None:
                # By the object's ACL, which only the stores know: nobody is read a document from who may not write there.
                key = parse_object_key(resource.key)
                await self._services.operations.objects.judge_write(visit.principal, visit.bucket, key)
            document = await read_document(visit.body, request.headers, operation.document_bytes_max)
        context = Context(
            principal=visit.principal,
            bucket_row=visit.bucket,
            headers=request.headers,
            query=query,
            body=visit.body,
            services=self._services.operations,
            request_id=visit.request_id,
            remote=visit.remote,
            clock=self._services.clock,
            site=self._site(visit.scheme, origin.endpoint),
            form_received=form,
        )
        if document is not None and len(document) > _LARGE_DOCUMENT_BYTES:
            # A list of 10,000 parts would hold up everybody else.
            asked = await asyncio.to_thread(parse_request, operation, resource, query, headers, document)
        else:
            asked = parse_request(operation, resource, query, headers, document)
        visit.asked = asked
        result = await handler(context, asked)
        is_shared = origin.style is AddressStyle.PATH and operation.level is Level.OBJECT
        return result_response(operation, result, _SANDBOX if is_shared else ())

    def _make_site(self, scheme: str, endpoint: str) -> Site:
        in_use = f"{scheme}://{endpoint}"
        extranet = self._settings.advertise_endpoint or in_use
        return Site(
            region=self._settings.region,
            extranet_endpoint=extranet,
            intranet_endpoint=self._settings.advertise_internal_endpoint or extranet,
        )

    def _refusal(self, visit: Visit, error: OssError) -> Response:
        host_id, is_head = host_name(visit.request.host), visit.request.method == "HEAD"
        if visit.speaks_json:
            return error_answer(error, request_id=visit.request_id, is_head=is_head)
        return error_response(error, request_id=visit.request_id, host_id=host_id, is_head=is_head)

    async def _send(self, visit: Visit, response: Response, receive: Receive, send: Send) -> None:
        spent = int((time.perf_counter() - visit.started) * 1000)
        headers = common_headers(visit.request_id, self._services.clock())
        headers.append((b"x-oss-server-time", b"%d" % spent))
        if visit.cors:
            headers += encode_headers(visit.cors)
        if visit.is_charged:
            headers.append(_CHARGED)
        visit.status, visit.answered = response.status, response.headers
        try:
            visit.sent_bytes = await send_response(response, headers, receive, send, takes_files=visit.takes_files)
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

    def _note(self, visit: Visit) -> None:
        seconds = time.perf_counter() - visit.started
        self._services.metrics.count(
            operation=visit.operation,
            status=visit.status,
            code=visit.code,
            explanation=visit.explanation,
            seconds=seconds,
            received_bytes=visit.body.received_bytes,
            sent_bytes=visit.sent_bytes,
        )
        now = self._services.clock()
        access_log.note_request(visit, seconds, now)
        if self._services.audit is not None:
            self._services.audit.note_request(visit, seconds, now)
        if visit.bucket is not None and LOGGING.kind in visit.bucket.settings:
            key = self._locate(visit.request.host).resource(visit.request.path).key
            line = render_line(visit, visit.bucket, key, seconds=seconds, now=now)
            self._services.access_logs.gather(visit.bucket, line, now)


def _place(resource: Resource, request: Request) -> Place:
    version_id = request.query.get("versionId")
    return Place(
        bucket=resource.bucket,
        key=None if resource.key is None else parse_object_key(resource.key),
        version_id=VersionId(version_id) if version_id else None,
    )


def _level(resource: Resource) -> Level:
    if resource.bucket is None:
        return Level.SERVICE
    return Level.BUCKET if resource.key is None else Level.OBJECT
