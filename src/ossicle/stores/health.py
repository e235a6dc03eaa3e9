"""Whether a store may still be written to, for all processes of a server: after a sync that failed, none of them may."""


class Health:
    """`words` holds a 64-bit flag for each process, `own` says which one this process sets. Without them there is one process."""

    def __init__(self, words: memoryview | None = None, own: int = 0) -> None:
        self._words = memoryview(bytearray(8)).cast("Q") if words is None else words
        self._own = own

    @property
    def is_lost(self) -> bool:
        """Whether a write or a sync has failed for good, in whichever process."""
        return any(self._words)

    def lose(self) -> None:
        """Say that one has."""
        self._words[self._own] = 1
