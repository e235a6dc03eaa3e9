"""Telling a caller how far a body has come, once for each byte."""

from ossicle.wire.binding import ProgressFn


class Progress:
    """Counts the bytes of one transfer. A second attempt is told only from where the first one stopped."""

    def __init__(self, tell: ProgressFn | None) -> None:
        self._tell = tell
        self._total: int | None = None
        self._so_far = 0
        self._told = 0

    def start(self, total: int | None) -> None:
        """Begin an attempt, at the first byte."""
        self._total = total
        self._so_far = 0

    def advance(self, count: int) -> None:
        """Take in that `count` more bytes moved."""
        self._so_far += count
        fresh = self._so_far - self._told
        if fresh > 0 and self._tell is not None:
            self._told = self._so_far
            self._tell(fresh, self._told, self._total)
