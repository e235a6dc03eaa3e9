"""How one process of a server tells the others that something has changed: each counts its own changes, all read all counts."""


class Changes:
    """The changes of one kind, made by all processes of a server.

    `counts` holds a 64-bit number for each process, `own` says which one this process writes. Without them there is one process.
    """

    def __init__(self, counts: memoryview | None = None, own: int = 0) -> None:
        self._counts = memoryview(bytearray(8)).cast("Q") if counts is None else counts
        self._own = own

    def bump(self) -> None:
        """Say that something has changed: whoever asks for the moment from now on is told another one."""
        self._counts[self._own] += 1

    def moment(self) -> bytes:
        """Return what differs from every earlier moment if there was a change in between. Ask before reading what may change."""
        return self._counts.tobytes()
