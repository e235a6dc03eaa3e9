"""Request bodies for tests of what takes them in."""

from collections.abc import AsyncIterator, Callable, Iterable


class Chunks:
    """A body in given pieces. `length` is what is announced; `on_chunk` is told how many went out, before each."""

    def __init__(
        self,
        *chunks: bytes,
        length: int | None = None,
        failure: Exception | None = None,
        on_chunk: Callable[[int], None] = lambda count: None,
    ) -> None:
        self.length = length
        self.taken = 0
        self._chunks: Iterable[bytes] = chunks
        self._failure = failure
        self._on_chunk = on_chunk

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self._chunks:
            self._on_chunk(self.taken)
            self.taken += 1
            yield chunk
        if self._failure is not None:
            raise self._failure
