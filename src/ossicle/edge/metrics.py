"""What is counted, for Prometheus. Labels are operation and outcome, never a name that a user chose."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE: Final = b"text/plain; version=0.0.4; charset=utf-8"
_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


class Metrics:
    """The counters of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "ossicle_requests", "Requests answered.", ("operation", "status", "code"), registry=self.registry
        )
        self._seconds = Histogram(
            "ossicle_request_seconds",
            "Time from the head of a request to the end of its answer.",
            ("operation",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._received = Counter("ossicle_received_bytes", "Bytes of request bodies read.", registry=self.registry)
        self._sent = Counter("ossicle_sent_bytes", "Bytes of response bodies sent.", registry=self.registry)
        # Finding a child by its labels costs more than counting in it.
        self._children: dict[tuple[str, int, str], tuple[Counter, Histogram]] = {}
        self.in_flight = Gauge("ossicle_requests_in_flight", "Requests being answered.", registry=self.registry)

    def count(
        self, *, operation: str, status: int, code: str, seconds: float, received_bytes: int, sent_bytes: int
    ) -> None:
        """Count one answered request; `code` is the OSS error code, empty for success."""
        children = self._children.get((operation, status, code))
        if children is None:
            children = (self._requests.labels(operation, str(status), code), self._seconds.labels(operation))
            self._children[operation, status, code] = children
        children[0].inc()
        children[1].observe(seconds)
        self._received.inc(received_bytes)
        self._sent.inc(sent_bytes)

    def render(self) -> bytes:
        """Return all counters in Prometheus's text format."""
        return generate_latest(self.registry)
