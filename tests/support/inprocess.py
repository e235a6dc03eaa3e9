"""The whole server in one process: the ASGI application on memory stores, and a client that speaks ASGI to it.

Nothing is left to chance: the clock stands still until a test moves it, and ids are counted.
"""

import asyncio
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from ossicle.edge.admin import Admin
from ossicle.edge.asgi import Edge, EdgeServices, EdgeSettings
from ossicle.edge.audit import AuditLog
from ossicle.edge.metrics import Metrics
from ossicle.edge.proxies import Proxies
from ossicle.edge.reserved import ReservedPaths
from ossicle.edge.rpc import Rpc
from ossicle.edge.target import AddressBook
from ossicle.operations import Services
from ossicle.operations.admin import Services as AdminServices
from ossicle.ports import BlobStore, MetadataStore
from ossicle.services.access import Gate
from ossicle.services.access_logs import AccessLogs
from ossicle.services.buckets import Buckets
from ossicle.services.callback_addresses import AddressRule
from ossicle.services.callbacks import Callbacks
from ossicle.services.collection import Collection
from ossicle.services.explaining import Explainer
from ossicle.services.ground import Ground
from ossicle.services.identity import AccessKey, Identity
from ossicle.services.intake import IntakeLimits
from ossicle.services.numbering import Numbering
from ossicle.services.pacing import Pacing
from ossicle.services.ram import Ram
from ossicle.services.sealing import KEY_BYTES, Seal
from ossicle.services.sts import Sts
from ossicle.stores.log_spool import FileLogSpool
from ossicle.stores.memory import MemoryBlobStore, MemoryMetadataStore
from ossicle.wire.credentials import Credentials
from ossicle.wire.error_document import parse_error
from ossicle.wire.errors import OssError
from ossicle.wire.http import Headers, Query, Resource
from ossicle.wire.names import AccountId, BlobId, BucketName, ObjectKey
from ossicle.wire.signing import presign, sign_headers
from ossicle.wire.text import decode, encode, percent_decode
from ossicle.wire.xml import Element, parse_xml
from tests.support.callbacks import LOOPBACK, OneKey

NOON = datetime(2026, 3, 14, 12, 0, 0, 750_000, tzinfo=UTC)
REGION = "cn-hangzhou"
HOST = "127.0.0.1:8880"
SMALL_BODY_BYTES = 64
OBJECT_BYTES_MAX = 4 * 1024 * 1024
NOWHERE = Path("/nowhere/at/all")
"""Where lines of access logs are lost: only the tests of these have a folder for them."""
LIMITS = IntakeLimits(small_body_bytes=SMALL_BODY_BYTES, object_bytes_max=OBJECT_BYTES_MAX)
REQUEST_ID = re.compile(r"[0-9A-F]{24}")
_HEADER_NAME = re.compile(rb"[a-z0-9!#$%&'*+.^_`|~-]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")

Header = tuple[str, str]


class FrozenClock:
    """Stands still until it is told to move."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **delta: float) -> None:
        self.now += timedelta(**delta)


class CountedIds:
    """One, two, three, in as many bytes as are asked for."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(self, size: int, /) -> bytes:
        return next(self._numbers).to_bytes(size, "big")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who signs, and for which account."""

    id: AccountId
    credentials: Credentials

    @property
    def key(self) -> AccessKey:
        return AccessKey(account=self.id, credentials=self.credentials)


def account(uid: str, key_id: str, *, token: str | None = None, expiration: datetime | None = None) -> Account:
    credentials = Credentials(
        access_key_id=key_id, access_key_secret=f"secret-of-{key_id}", security_token=token, expiration=expiration
    )
    return Account(id=AccountId(uid), credentials=credentials)


OWNER = account("1000000000000001", "key-of-the-owner")
OTHER = account("1000000000000002", "key-of-another")
STRANGER = account("1000000000000003", "key-of-nobody")
TEMPORARY = account("1000000000000001", "STS.key", token="token+of/the=key", expiration=NOON + timedelta(hours=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back. Raw header names are lower case, as they were sent."""

    method: str
    status: int
    raw_headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    is_whole: bool

    @property
    def headers(self) -> Headers:
        return Headers(self.raw_headers)

    def header(self, name: str) -> str | None:
        return self.headers.text(name.lower().encode())

    @property
    def request_id(self) -> str:
        return self.header("x-oss-request-id") or ""

    @property
    def xml(self) -> Element:
        assert self.header("content-type") == "application/xml"
        return parse_xml(self.body, limit_bytes=len(self.body))

    @property
    def error(self) -> OssError:
        return parse_error(self.status, self.headers, self.body)

    @property
    def details(self) -> dict[str, str]:
        """What an error says in elements of its own, but for the explanation, which OSS does not have."""
        return {name: text for name, text in self.error.details.items() if name != "Explanation"}

    @property
    def refusal(self) -> tuple[int, str, str | None]:
        """Status, code and EC of an error; of a success its status alone."""
        return (self.status, self.error.code, self.error.ec) if self.status >= 400 else (self.status, "", None)


class Exchange:
    """One request over ASGI, as uvicorn would carry it: chunks of a body when asked for, then silence until the end."""

    def __init__(self, scope: dict[str, Any], chunks: Iterable[bytes], *, is_cut_off: bool = False) -> None:
        self.scope = scope
        self.received = 0
        self._chunks = [chunk for chunk in chunks if chunk]
        self._is_cut_off = is_cut_off
        self._is_read = False
        self._is_over = asyncio.Event()
        self._start: dict[str, Any] | None = None
        self._body: list[bytes] = []
        self._is_whole = False

    async def receive(self) -> dict[str, Any]:
        self.received += 1
        if self._chunks:
            chunk = self._chunks.pop(0)
            self._is_read = not self._chunks and not self._is_cut_off
            return {"type": "http.request", "body": chunk, "more_body": not self._is_read}
        if self._is_cut_off:
            return {"type": "http.disconnect"}
        if not self._is_read:
            self._is_read = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._is_over.wait()
        return {"type": "http.disconnect"}

    def hang_up(self) -> None:
        """The client goes away."""
        self._is_over.set()

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            assert self._start is None
            for name, value in message["headers"]:
                assert _HEADER_NAME.fullmatch(name), name
                assert _CONTROL.search(value) is None, (name, value)
            self._start = message
            return
        assert self._start is not None
        assert not self._is_whole
        self._body.append(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)

    def answer(self) -> Answer:
        assert self._start is not None, "nothing was answered"
        body = b"" if self.scope["method"] == "HEAD" else b"".join(self._body)
        return Answer(
            method=self.scope["method"],
            status=self._start["status"],
            raw_headers=tuple(self._start["headers"]),
            body=body,
            is_whole=self._is_whole,
        )


@dataclass(slots=True, kw_only=True)
class InProcessServer:
    """An edge with everything behind it. What is addressed in path style needs no more than a target."""

    clock: FrozenClock
    edge: Edge
    edge_services: EdgeServices
    ground: Ground
    log_spool: FileLogSpool
    seal: Seal
    scheme: str = "http"
    is_ready: list[bool] = field(default_factory=lambda: [True])

    @property
    def services(self) -> Services:
        """What handlers call."""
        return self.edge_services.operations

    @property
    def metrics(self) -> Metrics:
        """What is counted."""
        return self.edge_services.metrics

    @property
    def identity(self) -> Identity:
        """The keys that are known."""
        return self.edge_services.identity

    @property
    def metadata(self) -> MetadataStore:
        """The rows."""
        return self.ground.metadata

    @property
    def blobs(self) -> BlobStore:
        """The bytes."""
        return self.ground.blobs

    @property
    def collection(self) -> Collection:
        """What deletes dead blobs."""
        return self.ground.collection

    @property
    def ram(self) -> Ram:
        """Users, groups, roles and policies."""
        return Ram.on(self.metadata, self.seal, self.clock, secrets.token_bytes)

    @property
    def sts(self) -> Sts:
        """Sessions of roles, which may be as short as a second."""
        return Sts(self.metadata, self.seal, self.clock, secrets.token_bytes, seconds_min=1)

    def exchange(
        self,
        method: str,
        target: str | bytes,
        *,
        host: str = HOST,
        headers: Sequence[tuple[str | bytes, str | bytes]] = (),
        body: bytes | Iterable[bytes] = b"",
        is_chunked: bool = False,
        length: int | None = None,
        is_cut_off: bool = False,
    ) -> Exchange:
        """Return a request that is about to be made. `length` is what is announced instead of the truth."""
        chunks = [body] if isinstance(body, bytes) else list(body)
        path, _, query = (target if isinstance(target, bytes) else encode(target)).partition(b"?")
        raw = [(b"host", encode(host)), *((_raw(name).lower(), _raw(value).strip(b" \t")) for name, value in headers)]
        if is_chunked:
            raw.append((b"transfer-encoding", b"chunked"))
        elif method in ("PUT", "POST") or chunks != [b""]:
            raw.append((b"content-length", b"%d" % (sum(map(len, chunks)) if length is None else length)))
        scope = {
            "type": "http",
            "method": method,
            "scheme": self.scheme,
            "raw_path": path,
            "path": decode(percent_decode(path)),
            "query_string": query,
            "headers": raw,
            "client": ("192.0.2.7", 50_000),
            "http_version": "1.1",
        }
        return Exchange(scope, chunks, is_cut_off=is_cut_off)

    async def carry_out(self, exchange: Exchange) -> Answer:
        """Make the request and judge what every answer must have."""
        await self.edge(exchange.scope, exchange.receive, exchange.send)
        answer = exchange.answer()
        judge_answer(answer, self.clock.now)
        return answer

    async def send(self, method: str, target: str | bytes, **request: Any) -> Answer:
        """Make a request as it stands, unsigned."""
        return await self.carry_out(self.exchange(method, target, **request))

    async def call(
        self,
        method: str,
        target: str,
        *,
        by: Account | None = OWNER,
        host: str = HOST,
        headers: Sequence[tuple[str | bytes, str | bytes]] = (),
        **request: Any,
    ) -> Answer:
        """Make a request that `by` signs in its headers (None: anonymous)."""
        text_headers = [(_text(name), _text(value)) for name, value in headers]
        added = {} if by is None else self.signed(method, target, by=by, host=host, headers=text_headers)
        return await self.send(method, target, host=host, headers=[*headers, *added.items()], **request)

    def signed(
        self, method: str, target: str, *, by: Account = OWNER, host: str = HOST, headers: Sequence[Header] = ()
    ) -> dict[str, str]:
        """Return the headers that sign a request."""
        path, _, query = encode(target).partition(b"?")
        return sign_headers(
            method=method,
            resource=addressed(host, path),
            query=Query(query).pairs,
            headers=headers,
            credentials=by.credentials,
            region=REGION,
            now=self.clock.now,
        )

    def presigned(
        self,
        method: str,
        target: str,
        *,
        by: Account = OWNER,
        host: str = HOST,
        headers: Sequence[Header] = (),
        expires: timedelta = timedelta(minutes=15),
    ) -> str:
        """Return the target of a URL that `by` signs."""
        path, _, query = encode(target).partition(b"?")
        made = presign(
            method=method,
            resource=addressed(host, path),
            query=Query(query).pairs,
            headers=headers,
            credentials=by.credentials,
            region=REGION,
            now=self.clock.now,
            expires=expires,
        )
        return f"{decode(path)}?{made.query}"

    async def put_bucket(self, name: str, *, by: Account = OWNER, acl: str | None = None) -> None:
        headers = [] if acl is None else [("x-oss-acl", acl)]
        answer = await self.call("PUT", f"/{name}/", by=by, headers=headers)
        assert answer.status == 200, answer.body

    async def put_object(self, path: str, body: bytes = b"hello", *headers: Header) -> Answer:
        answer = await self.call("PUT", path, headers=headers, body=body)
        assert answer.status == 200, answer.body
        return answer

    async def stored_blobs(self) -> list[BlobId]:
        """The sealed blobs of this incarnation."""
        return [blob async for blob in self.blobs.scan(self.metadata.incarnation)]

    async def blobs_of(self, bucket: str, key: str) -> list[BlobId]:
        """The blobs that an object's bytes are in."""
        row = await self.services.buckets.find(BucketName(bucket))
        assert row is not None
        version = await self.metadata.read(lambda rows: rows.current_version(row.id, ObjectKey(key)))
        assert version is not None
        segments = await self.metadata.read(lambda rows: rows.segments(version.id, start=0, length=version.size))
        return [segment.blob for segment in segments]


def addressed(host: str, path: bytes) -> Resource:
    """What a test means by a host and a path: `BUCKET.localhost` is a bucket, any other host is path style."""
    name = host.partition(":")[0]
    if name.endswith(".localhost"):
        return Resource(bucket=name.removesuffix(".localhost"), key=percent_decode(path[1:]) or None)
    bucket, _, key = path.removeprefix(b"/").partition(b"/")
    return Resource(bucket=bucket.decode() or None, key=percent_decode(key) or None)


def judge_answer(answer: Answer, now: datetime) -> None:
    """Assert what is true of every answer, whatever was asked."""
    assert answer.is_whole
    names = [name for name, _ in answer.raw_headers]
    assert len(names) == len(set(names)), names
    assert REQUEST_ID.fullmatch(answer.request_id), answer.request_id
    assert answer.header("date") == now.strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert answer.header("server") == "Ossicle"
    assert re.fullmatch("[0-9]+", answer.header("x-oss-server-time") or "")
    length = answer.header("content-length")
    if answer.status in (204, 304):
        assert answer.body == b""
        assert length is None
    elif answer.method != "HEAD":
        assert length == str(len(answer.body))
    if answer.status >= 400 and answer.header("content-type") == "application/xml":
        _judge_error(answer)


def _judge_error(answer: Answer) -> None:
    error = answer.error
    assert error.code != "OssError", answer.body
    assert error.message
    assert error.request_id == answer.request_id
    assert answer.header("x-oss-ec") == error.ec
    assert (answer.header("x-oss-err") is not None) == (answer.method == "HEAD")
    if answer.method == "HEAD":
        assert answer.header("content-length") == "0"


def build_server(
    *,
    metadata: MetadataStore | None = None,
    blobs: BlobStore | None = None,
    keys: Iterable[AccessKey] = (OWNER.key, OTHER.key, TEMPORARY.key),
    region: str = REGION,
    domains: Iterable[str] = (),
    cnames: Iterable[str] = (),
    trusted_proxies: Iterable[str] = (),
    advertise: tuple[str | None, str | None] = (None, None),
    clock: FrozenClock | None = None,
    limits: IntakeLimits = LIMITS,
    callbacks: Callbacks | None = None,
    pacing: Pacing | None = None,
    logs: Path = NOWHERE,
    explains: bool = True,
    audit: AuditLog | None = None,
) -> InProcessServer:
    """Put a server together, as `app` does it, on memory stores unless others are given."""
    metadata, blobs, clock = metadata or MemoryMetadataStore(), blobs or MemoryBlobStore(), clock or FrozenClock()
    ids, metrics, is_ready = CountedIds(), Metrics(), [True]
    ground = _ground(metadata, blobs, clock, ids, limits)
    buckets = Buckets(metadata, ground.numbering, clock)
    operations = Services.on(ground, buckets=buckets, callbacks=callbacks or _callbacks(), pacing=pacing)
    log_spool, seal = FileLogSpool(logs, "1"), Seal(lambda: bytes(range(KEY_BYTES)), ids)
    identity, gate = Identity(keys, metadata, seal), Gate(metadata)
    admin, rpc = _administration(identity, gate, metadata, seal, clock, ids, region)
    services = EdgeServices(
        identity=identity,
        gate=gate,
        operations=operations,
        metrics=metrics,
        reserved=ReservedPaths(metrics, lambda: is_ready[0], OneKey().public_key),
        admin=admin,
        rpc=rpc,
        clock=clock,
        ids=ids,
        access_logs=AccessLogs(log_spool, buckets, operations.objects),
        audit=audit,
    )
    settings = _settings(region, AddressBook.of(domains, cnames), Proxies(trusted_proxies), advertise, explains)
    return InProcessServer(
        clock=clock,
        edge=Edge(settings, services),
        edge_services=services,
        ground=ground,
        log_spool=log_spool,
        is_ready=is_ready,
        seal=seal,
    )


def _administration(
    identity: Identity,
    gate: Gate,
    metadata: MetadataStore,
    seal: Seal,
    clock: FrozenClock,
    ids: CountedIds,
    region: str,
) -> tuple[Admin, Rpc]:
    services = AdminServices(
        ram=Ram.on(metadata, seal, clock, ids), explainer=Explainer(metadata, gate), clock=clock, region=region
    )
    return Admin(identity, services), Rpc(identity, services, Sts(metadata, seal, clock, ids, seconds_min=1))


def _callbacks() -> Callbacks:
    return Callbacks(OneKey(), AddressRule(LOOPBACK))


def _ground(
    metadata: MetadataStore, blobs: BlobStore, clock: FrozenClock, ids: CountedIds, limits: IntakeLimits
) -> Ground:
    return Ground(
        metadata=metadata,
        blobs=blobs,
        numbering=Numbering(metadata.incarnation, ids),
        collection=Collection(metadata, blobs),
        clock=clock,
        limits=limits,
    )


def _settings(
    region: str, addresses: AddressBook, proxies: Proxies, advertise: tuple[str | None, str | None], explains: bool
) -> EdgeSettings:
    return EdgeSettings(
        region=region,
        addresses=addresses,
        proxies=proxies,
        advertise_endpoint=advertise[0],
        advertise_internal_endpoint=advertise[1],
        explains=explains,
    )


def _raw(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else encode(text)


def _text(raw: str | bytes) -> str:
    return raw if isinstance(raw, str) else decode(raw)
