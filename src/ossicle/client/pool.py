"""The default transports: connection pools of httpcore, which sends the request line as it is given.

A server may refuse an upload before it has all of it and close; httpcore reads the answer also when writing failed, so the reason
arrives. Names below `localhost` mean this machine even where the resolver does not know that (RFC 6761, section 6.3).
"""

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any, Final

import h11
import httpcore

from ossicle.client.bodies import SentBody
from ossicle.client.bodies_async import AsyncSentBody
from ossicle.client.config import Config
from ossicle.client.endpoint import Address
from ossicle.client.exchange import Outgoing
from ossicle.client.failures import ConnectionFailed, ConnectionTimedOut, ParameterError
from ossicle.client.proxy import parse_proxy
from ossicle.client.transport import Answer, AsyncAnswer
from ossicle.wire.http import Headers

CONNECTIONS_MAX: Final = 100
"""A hundred and first request waits for one of these to end, however long: the time limits are about servers."""
KEEP_ALIVE_SECONDS: Final = 30.0
"""Shorter than servers keep an idle connection, so that a request seldom meets one that was just closed."""


class PoolTransport:
    """Connections that are kept and shared, for the synchronous client."""

    def __init__(self, config: Config, scheme: str) -> None:
        self._requests = _Requests(config)
        self._pool = httpcore.ConnectionPool(**_pool_options(config, scheme))

    def send(self, outgoing: Outgoing, body: SentBody) -> Answer:
        with _translated(outgoing.address):
            response = self._pool.handle_request(self._requests.make(outgoing, body))
        return Answer(
            status=response.status,
            headers=Headers(response.headers),
            chunks=_chunks(response, outgoing.address),
            close=response.close,
        )

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()


class AsyncPoolTransport:
    """The same for the asynchronous client."""

    def __init__(self, config: Config, scheme: str) -> None:
        self._requests = _Requests(config)
        self._pool = httpcore.AsyncConnectionPool(**_pool_options(config, scheme))

    async def send(self, outgoing: Outgoing, body: AsyncSentBody) -> AsyncAnswer:
        with _translated(outgoing.address):
            response = await self._pool.handle_async_request(self._requests.make(outgoing, body))
        return AsyncAnswer(
            status=response.status,
            headers=Headers(response.headers),
            chunks=_async_chunks(response, outgoing.address),
            close=response.aclose,
        )

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


def _pool_options(config: Config, scheme: str) -> dict[str, Any]:
    options: dict[str, Any] = {"max_connections": CONNECTIONS_MAX, "keepalive_expiry": KEEP_ALIVE_SECONDS}
    if scheme == "https":
        options["ssl_context"] = _tls(config)
    proxy = parse_proxy(config.proxy_host)
    if proxy is not None:
        options["proxy"] = httpcore.Proxy(
            httpcore.URL(scheme=proxy.scheme.encode(), host=proxy.host.encode(), port=proxy.port, target=b"/"),
            auth=proxy.credentials,
            ssl_context=_tls(config) if proxy.scheme == "https" else None,
        )
    return options


def _tls(config: Config) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if config.insecure_skip_verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


class _Requests:
    """Makes what httpcore sends of what the client signed."""

    def __init__(self, config: Config) -> None:
        wait = config.readwrite_timeout
        self._timeouts = {"connect": config.connect_timeout, "read": wait, "write": wait}
        self._is_direct = not config.proxy_host

    def make(self, outgoing: Outgoing, body: SentBody) -> httpcore.Request:
        address = outgoing.address
        # A proxy resolves names itself, and may put the one that it is given into `Host`, which is signed.
        is_here = self._is_direct and address.host.endswith(".localhost")
        host = "localhost" if is_here else address.host
        return httpcore.Request(
            method=outgoing.method,
            url=httpcore.URL(
                scheme=address.scheme.encode(), host=host.encode(), port=address.port, target=outgoing.target.encode()
            ),
            headers=list(outgoing.headers),
            content=None if body.length == 0 else body,
            extensions={"timeout": self._timeouts, "sni_hostname": address.host},
        )


@contextmanager
def _translated(address: Address) -> Iterator[None]:
    """Turn what httpcore raises into the client's own failures. No target goes into a message: it may be presigned."""
    server = f"{address.scheme}://{address.authority}"
    try:
        yield
    except httpcore.TimeoutException as error:
        raise ConnectionTimedOut(f"{server} did not answer in time ({type(error).__name__})") from error
    # httpcore does not translate what its HTTP library says of a body that is not as long as it was announced.
    except (httpcore.LocalProtocolError, h11.LocalProtocolError) as error:
        raise ParameterError(f"the request can't be sent: {error}") from error
    except (httpcore.ConnectError, httpcore.ProxyError) as error:
        raise ConnectionFailed(f"{server} can't be reached: {error}") from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise ConnectionFailed(f"the connection to {server} broke off: {error}") from error


def _chunks(response: httpcore.Response, address: Address) -> Iterator[bytes]:
    with _translated(address):
        yield from response.iter_stream()


async def _async_chunks(response: httpcore.Response, address: Address) -> AsyncIterator[bytes]:
    with _translated(address):
        async for chunk in response.aiter_stream():
            yield chunk
