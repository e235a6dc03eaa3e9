"""The same as `bodies`, for a client in an event loop."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator

from ossicle.client.bodies import IN_MEMORY, SentBody, checked_piece, pieces_of


class AsyncSentBody(SentBody):
    """A body on its way out; it may be an asynchronous iterable too."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if isinstance(self.source, AsyncIterable):
            async for piece in self.source:
                self.count(checked_piece(piece))
                yield piece
            return
        pieces = pieces_of(self.source, self.length)
        is_in_memory = self.source is None or isinstance(self.source, (*IN_MEMORY, str))
        # Whatever else yields bytes may read a disk or wait for somebody: a thread does, so that the loop need not.
        while piece := next(pieces, b"") if is_in_memory else await asyncio.to_thread(next, pieces, b""):
            self.count(piece)
            yield piece
