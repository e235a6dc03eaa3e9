"""The bytes of a request on their way in."""

from collections.abc import AsyncIterator
from typing import Protocol


class Body(Protocol):
    """A request body, read once. Nothing is asked of the client before the first chunk is."""

    @property
    def length(self) -> int | None:
        """The announced number of bytes; None when the body is chunked."""
        ...

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield chunks as they come.

        Raises:
            IncompleteBody: the connection ended first.
        """
        ...


class ReceivedBody(Body, Protocol):
    """A body that a connection still has to bring."""

    async def take_slowly(self) -> None:
        """Say that it will be taken in small pieces, with pauses: the connection need not gather much at a time."""
        ...


class HeldBody:
    """Bytes at hand, where a body is asked for."""

    def __init__(self, held: bytes) -> None:
        self._held = held
        self.length = len(held)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._held
