"""The one method that a client needs of a network, and what it returns. Pass your own to reach a server in another way."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from ossicle.client.bodies import SentBody
from ossicle.client.config import Config
from ossicle.client.exchange import Outgoing
from ossicle.wire.http import Headers

if TYPE_CHECKING:
    from ossicle.client.bodies_async import AsyncSentBody
    from ossicle.client.pool import AsyncPoolTransport, PoolTransport


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The head of an answer; its body comes as it is asked for. `close` gives the connection back and may be called twice."""

    status: int
    headers: Headers
    chunks: Iterator[bytes] = field(repr=False)
    close: Callable[[], object] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AsyncAnswer:
    """See `Answer`."""

    status: int
    headers: Headers
    chunks: AsyncIterator[bytes] = field(repr=False)
    close: Callable[[], Awaitable[object]] = field(repr=False)


class Transport(Protocol):
    """Sends requests; may be called from several threads."""

    def send(self, outgoing: Outgoing, body: SentBody) -> Answer:
        """Send a request as it stands and return the head of the answer.

        Raises:
            ConnectionFailed: there is none.
        """
        ...


class AsyncTransport(Protocol):
    """See `Transport`."""

    async def send(self, outgoing: Outgoing, body: "AsyncSentBody") -> AsyncAnswer:
        """See `Transport.send`."""
        ...


class LazyTransport:
    """The default transport, made for the first request: signing needs none, and importing its library takes 100 ms."""

    def __init__(self, config: Config, scheme: str) -> None:
        self._config = config
        self._scheme = scheme
        self._lock = Lock()
        self._made: PoolTransport | None = None

    def send(self, outgoing: Outgoing, body: SentBody) -> Answer:
        return self._open().send(outgoing, body)

    def close(self) -> None:
        """Close what was opened, if anything was."""
        with self._lock:
            made, self._made = self._made, None
        if made is not None:
            made.close()

    def _open(self) -> "PoolTransport":
        from ossicle.client.pool import PoolTransport  # noqa: PLC0415 -- see the class

        with self._lock:
            if self._made is None:
                self._made = PoolTransport(self._config, self._scheme)
            return self._made


class LazyAsyncTransport:
    """See `LazyTransport`."""

    def __init__(self, config: Config, scheme: str) -> None:
        self._config = config
        self._scheme = scheme
        self._made: AsyncPoolTransport | None = None

    async def send(self, outgoing: Outgoing, body: "AsyncSentBody") -> AsyncAnswer:
        return await self._open().send(outgoing, body)

    async def close(self) -> None:
        """Close what was opened, if anything was."""
        made, self._made = self._made, None
        if made is not None:
            await made.close()

    def _open(self) -> "AsyncPoolTransport":
        from ossicle.client.pool import AsyncPoolTransport  # noqa: PLC0415 -- see LazyTransport

        if self._made is None:
            self._made = AsyncPoolTransport(self._config, self._scheme)
        return self._made
