"""The one method that a client needs of a network, and what it returns. Pass your own to reach a server in another way."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from ossicle.client.bodies import SentBody
from ossicle.client.exchange import Outgoing
from ossicle.wire.http import Headers

if TYPE_CHECKING:
    from ossicle.client.bodies_async import AsyncSentBody


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
