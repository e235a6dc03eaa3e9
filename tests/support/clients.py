"""Clients for tests: a frozen clock, made-up keys, and a server that is a list of prepared answers."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ossicle.client.bodies import SentBody
from ossicle.client.bodies_async import AsyncSentBody
from ossicle.client.config import Config
from ossicle.client.credentials import StaticCredentialsProvider
from ossicle.client.exchange import Outgoing
from ossicle.client.transport import Answer, AsyncAnswer
from ossicle.wire.http import Headers, Query, Request

NOW = datetime(2023, 12, 17, 3, 56, 28, tzinfo=UTC)
KEYS = StaticCredentialsProvider("test-key-id", "test-key-secret")


def frozen_clock() -> datetime:
    return NOW


def config(**changes: Any) -> Config:
    """Settings that name a server which nobody runs."""
    settings: dict[str, Any] = {"region": "cn-hangzhou", "credentials_provider": KEYS}
    return Config(**{**settings, **changes})


@dataclass
class Prepared:
    """An answer that is given whatever is asked, its body in the pieces that are listed."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pieces: tuple[bytes, ...] = ()

    @property
    def fields(self) -> Headers:
        return Headers((name.encode(), value.encode()) for name, value in self.headers.items())


@dataclass
class Received:
    """A request as it reached the end of the client."""

    outgoing: Outgoing
    body: bytes
    length: int | None

    def header(self, name: str) -> str | None:
        return Headers(self.outgoing.headers).text(name.lower().encode())


class AnsweringTransport:
    """Reads each request to its end, keeps it, and gives the next prepared answer."""

    def __init__(self, *answers: Prepared) -> None:
        self.received: list[Received] = []
        self.closed = 0
        self._answers = list(answers)

    def send(self, outgoing: Outgoing, body: SentBody) -> Answer:
        self.received.append(Received(outgoing, b"".join(body), body.length))
        answer = self._answers.pop(0)
        return Answer(
            status=answer.status, headers=answer.fields, chunks=_chunks(answer.pieces), close=self._count_close
        )

    def _count_close(self) -> None:
        self.closed += 1


class AsyncAnsweringTransport(AnsweringTransport):
    """The same for the asynchronous client."""

    async def send(  # type: ignore[override]  # the asynchronous protocol has the same name for it
        self, outgoing: Outgoing, body: AsyncSentBody
    ) -> AsyncAnswer:
        content = b"".join([piece async for piece in body])
        self.received.append(Received(outgoing, content, body.length))
        answer = self._answers.pop(0)
        return AsyncAnswer(
            status=answer.status,
            headers=answer.fields,
            chunks=_async_chunks(answer.pieces),
            close=self._count_async_close,
        )

    async def _count_async_close(self) -> None:
        self.closed += 1


def _chunks(pieces: tuple[bytes, ...]) -> Iterator[bytes]:
    yield from pieces


async def _async_chunks(pieces: tuple[bytes, ...]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def received_request(received: Received) -> Request:
    """What a server would have read."""
    path, _, query = received.outgoing.target.partition("?")
    headers = Headers(received.outgoing.headers)
    return Request(
        method=received.outgoing.method,
        path=path.encode(),
        query=Query(query.encode()),
        headers=headers,
        host=headers.get(b"host") or b"",
    )
