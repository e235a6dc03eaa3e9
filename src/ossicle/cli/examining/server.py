"""The server itself: whether it answers, what it is, what its clock says, and whether names lead to it. Nothing is signed."""

import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from ossicle.cli.examining.check import Check, failure, ok, refused, warning
from ossicle.client.bodies import SentBody
from ossicle.client.endpoint import Address, AddressStyle, Endpoint
from ossicle.client.exchange import Outgoing
from ossicle.client.failures import ConnectionFailed
from ossicle.client.transport import Transport
from ossicle.wire.http import Headers, Resource
from ossicle.wire.signing import CLOCK_SKEW
from ossicle.wire.text import encode, parse_http_date

_HEALTH: Final = "/_ossicle/healthz"
_READINESS: Final = "/_ossicle/readyz"
_DRIFT: Final = timedelta(seconds=60)
_BYTES_MAX: Final = 65536


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An answer."""

    status: int
    headers: Headers
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server, reached without keys."""

    endpoint: Endpoint
    transport: Transport

    def ask(self, method: str, address: Address, target: str, headers: Mapping[str, str], body: bytes = b"") -> Seen:
        """Send a request and return the answer, of its body only the beginning.

        Raises:
            ConnectionFailed: there is none.
        """
        fields = {"Host": address.authority, **headers}
        if body or method in ("PUT", "POST"):
            fields["Content-Length"] = str(len(body))
        outgoing = Outgoing(
            method=method,
            address=address,
            target=target,
            headers=tuple((encode(name), encode(value)) for name, value in fields.items()),
        )
        answer = self.transport.send(outgoing, SentBody(body))
        try:
            read = b""
            for chunk in answer.chunks:
                read += chunk
                if len(read) >= _BYTES_MAX:
                    break
        finally:
            answer.close()
        return Seen(status=answer.status, headers=answer.headers, body=read[:_BYTES_MAX])

    def own(self, path: str) -> Seen:
        """Return the answer to a path of the server's own, which no bucket can have."""
        address = self.endpoint.locate(Resource())
        return self.ask("GET", replace(address, path=path), path, {})


def check_server(server: Server, now: datetime) -> Iterator[Check]:
    """Give whether it answers, what it is and what time it has there; nothing after a failure."""
    base = server.endpoint.locate(Resource()).base
    try:
        seen = server.own(_HEALTH)
        kind = _kind(seen)
        if kind is None:
            text = f"{base} answers {seen.status}, and neither as Ossicle nor as OSS does"
            yield failure(
                "server", text, "--endpoint (OSS_ENDPOINT) may name something else, such as a proxy or a console"
            )
            return
        yield ok("server", f"{kind} answers at {base}")
        if kind == "Ossicle":
            ready = server.own(_READINESS)
            if ready.status != 200:
                yield failure("ready", f"it says that it is not ready ({ready.status})", "its log says why")
    except ConnectionFailed as error:
        yield refused("server", error)
        return
    yield from _clock(seen, now)


def _kind(seen: Seen) -> str | None:
    if seen.status == 200 and seen.body == b"ok\n":
        return "Ossicle"
    if b"x-oss-request-id" in seen.headers or (seen.headers.get(b"server") or b"").startswith(b"AliyunOSS"):
        return "OSS"
    return None


def _clock(seen: Seen, now: datetime) -> Iterator[Check]:
    there = parse_http_date(seen.headers.get(b"date") or b"")
    if there is None:
        yield warning(
            "clock", "its answers have no Date", "a proxy may take it out: clients can't tell what time it is there"
        )
        return
    off = now - there
    text = (
        f"this clock is {abs(int(off.total_seconds()))} s {'ahead of' if off > timedelta() else 'behind'} the server's"
    )
    fix = "set the clock that is wrong (NTP); a signature is taken if it is at most 15 minutes off"
    if abs(off) > CLOCK_SKEW:
        yield failure("clock", text, fix)
    elif abs(off) > _DRIFT:
        yield warning("clock", text, fix)
    else:
        yield ok("clock", text)


def check_addressing(endpoint: Endpoint, bucket: str) -> Check:
    """Return whether the name that a bucket has there leads anywhere."""
    host = endpoint.locate(Resource(bucket=bucket)).host
    if endpoint.style is not AddressStyle.VIRTUAL:
        return ok("addressing", f"{endpoint.style.value}: buckets need no names of their own")
    if host.endswith(".localhost"):
        return ok(
            "addressing", f"{host} is this machine for browsers, curl and ossicle; others may not know that (RFC 6761)"
        )
    try:
        socket.getaddrinfo(host, endpoint.port, type=socket.SOCK_STREAM)
    except OSError as error:
        fix = "add a wildcard record *.HOST to the DNS, or keep the bucket out of the name with --path-style"
        return failure("addressing", f"{host} has no address: {error.strerror or error}", fix)
    return ok("addressing", f"{host} has an address")
