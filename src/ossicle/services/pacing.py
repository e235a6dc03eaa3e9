"""Bytes that pass no faster than somebody asked for: `x-oss-traffic-limit`, of one request each.

Nobody is refused, and no thread or buffer waits: who is ahead of its rate is not asked for more, or given more, until it is due.
On the way in that fills the buffers of the kernels at both ends, and then TCP holds the client up.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

from ossicle.services.body import Body
from ossicle.services.streams import ObjectStream

Ticks = Callable[[], float]
"""Seconds from any beginning, never backwards."""
Sleep = Callable[[float], Awaitable[object]]

_CREDIT_SECONDS: Final = 1.0
"""What a client may catch up on after it was slower than it might have been."""
_STEPS_A_SECOND: Final = 8
_STEP_BYTES: Final = (16 * 1024, 1024 * 1024)
"""Least and most bytes that pass at a time: a client with a time limit has to see some of its bytes go."""


class Pacing:
    """Makes paces. A test gives a time of its own."""

    def __init__(self, ticks: Ticks = time.monotonic, sleep: Sleep = asyncio.sleep) -> None:
        self._ticks = ticks
        self._sleep = sleep

    def pace(self, bits_per_second: int) -> "Pace":
        """Return the pace of one request, which begins now."""
        return Pace(bits_per_second, self._ticks, self._sleep)


class Pace:
    """How many bytes have passed, and since when more may."""

    def __init__(self, bits_per_second: int, ticks: Ticks, sleep: Sleep) -> None:
        self._seconds_per_byte = 8 / bits_per_second
        self._ticks = ticks
        self._sleep = sleep
        self._due = ticks()
        least, most = _STEP_BYTES
        self.step_bytes = min(max(bits_per_second // 8 // _STEPS_A_SECOND, least), most)

    def passed(self, count: int) -> None:
        """Count bytes that passed."""
        self._due = max(self._due, self._ticks() - _CREDIT_SECONDS) + count * self._seconds_per_byte

    async def catch_up(self) -> None:
        """Wait until as many bytes as have passed may have."""
        seconds = self._due - self._ticks()
        if seconds > 0:
            await self._sleep(seconds)


class PacedBody:
    """A body whose bytes are handed on when they are due, and no sooner asked for."""

    def __init__(self, body: Body, pace: Pace, take_slowly: Callable[[], Awaitable[None]]) -> None:
        """`take_slowly` tells the connection that nobody waits for a mebibyte at a time."""
        self._body = body
        self._pace = pace
        self._take_slowly = take_slowly

    @property
    def length(self) -> int | None:
        """The announced number of bytes; None when the body is chunked."""
        return self._body.length

    async def __aiter__(self) -> AsyncIterator[bytes]:
        await self._take_slowly()
        async for chunk in self._body:
            self._pace.passed(len(chunk))
            await self._pace.catch_up()
            yield chunk


class PacedContent:
    """The bytes of an answer, each step of them when it is due. Close it, read or not."""

    def __init__(self, content: bytes | ObjectStream, pace: Pace) -> None:
        self._content = content
        self._pace = pace

    async def __aiter__(self) -> AsyncIterator[bytes]:
        step = self._pace.step_bytes
        async for chunk in self._chunks():
            for start in range(0, len(chunk), step):
                piece = chunk[start : start + step]
                await self._pace.catch_up()
                self._pace.passed(len(piece))
                yield piece

    async def _chunks(self) -> AsyncIterator[bytes]:
        if isinstance(self._content, bytes):
            yield self._content
            return
        async for chunk in self._content:
            yield chunk

    async def aclose(self) -> None:
        """Let go of what the content holds open."""
        if isinstance(self._content, ObjectStream):
            await self._content.aclose()
