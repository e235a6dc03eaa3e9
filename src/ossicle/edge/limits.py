"""What one connection may cost before the edge has judged a single request on it."""

from ossicle.wire.records import record


@record
class EdgeLimits:
    """Bounds of one HTTP connection. Times are seconds, sizes are bytes.

    A bound is on silence or on waste, never on honest work: none of them says how long an upload may take as a whole.
    """

    head_bytes: int = 64 * 1024
    """Request line and headers together; also whatever a chunked body carries beside its data (extensions, trailers).
    Memory is bounded by this and one read of the socket (256 KiB)."""

    head_seconds: float = 10
    """From the first byte of a head to its last, and from accepting a connection to its first complete head."""

    body_idle_seconds: float = 60
    """No byte of the body, while the application is waiting for one."""

    keep_alive_seconds: float = 60
    """No byte at all, between two requests."""

    write_idle_seconds: float = 60
    """A reader that takes nothing of what waits for it."""

    refusal_drain_bytes: int = 64 * 1024 * 1024
    """How much of the body of a request answered early is read and thrown away, so that the answer survives."""

    refusal_drain_seconds: float = 3
    """How long that may take in all."""

    pipelined_requests: int = 64
    """Requests that wait behind the one being answered."""
