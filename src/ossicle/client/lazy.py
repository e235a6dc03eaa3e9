"""The default transports, made for the first request: signing needs none, and importing their library takes 100 ms."""

from threading import Lock
from typing import TYPE_CHECKING

from ossicle.client.bodies import SentBody
from ossicle.client.config import Config
from ossicle.client.exchange import Outgoing
from ossicle.client.transport import Answer, AsyncAnswer

if TYPE_CHECKING:
    from ossicle.client.bodies_async import AsyncSentBody
    from ossicle.client.pool import AsyncPoolTransport, PoolTransport


class LazyTransport:
    """Opens a `PoolTransport` when the first request is sent."""

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
        from ossicle.client.pool import PoolTransport  # noqa: PLC0415 -- see the module

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
        from ossicle.client.pool import AsyncPoolTransport  # noqa: PLC0415 -- see the module

        if self._made is None:
            self._made = AsyncPoolTransport(self._config, self._scheme)
        return self._made
