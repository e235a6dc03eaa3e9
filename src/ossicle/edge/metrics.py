"""What is counted, for Prometheus. Labels are operation and outcome, never a name that a user chose."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

CONTENT_TYPE: Final = b"text/plain; version=0.0.4; charset=utf-8"
_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
_BOUNDS: Final = (*(str(float(bound)) for bound in _BUCKETS), "+Inf")


class _Times:
    """How long the requests of one operation took: a count for each bucket by itself."""

    __slots__ = ("counts", "seconds")

    def __init__(self) -> None:
        self.counts = [0] * len(_BOUNDS)
        self.seconds = 0.0


class Metrics(Collector):
    """The counters of one server. They are plain numbers of one thread, and become Prometheus's when somebody asks."""

    def __init__(self) -> None:
        self.in_flight = 0
        self._requests: dict[tuple[str, int, str], int] = {}
        self._times: dict[str, _Times] = {}
        self._received_bytes = 0
        self._sent_bytes = 0
        self.registry = CollectorRegistry()
        self.registry.register(self)

    def count(
        self, *, operation: str, status: int, code: str, seconds: float, received_bytes: int, sent_bytes: int
    ) -> None:
        """Count one answered request; `code` is the OSS error code, empty for success."""
        outcome = (operation, status, code)
        self._requests[outcome] = self._requests.get(outcome, 0) + 1
        times = self._times.get(operation)
        if times is None:
            times = self._times[operation] = _Times()
        times.counts[bisect_left(_BUCKETS, seconds)] += 1
        times.seconds += seconds
        self._received_bytes += received_bytes
        self._sent_bytes += sent_bytes

    def collect(self) -> Iterator[Metric]:
        """Give the registry everything as it is now."""
        requests = CounterMetricFamily("ossicle_requests", "Requests answered.", labels=("operation", "status", "code"))
        for (operation, status, code), number in self._requests.items():
            requests.add_metric((operation, str(status), code), number)
        yield requests
        seconds = HistogramMetricFamily(
            "ossicle_request_seconds",
            "Time from the head of a request to the end of its answer.",
            labels=("operation",),
        )
        for operation, times in self._times.items():
            buckets = list(zip(_BOUNDS, accumulate(times.counts), strict=True))
            seconds.add_metric((operation,), buckets, times.seconds)
        yield seconds
        yield CounterMetricFamily("ossicle_received_bytes", "Bytes of request bodies read.", self._received_bytes)
        yield CounterMetricFamily("ossicle_sent_bytes", "Bytes of response bodies sent.", self._sent_bytes)
        yield GaugeMetricFamily("ossicle_requests_in_flight", "Requests being answered.", self.in_flight)

    def render(self) -> bytes:
        """Return all counters in Prometheus's text format."""
        return generate_latest(self.registry)
