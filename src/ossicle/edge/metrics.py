"""What is counted, for Prometheus. Labels are operation and outcome, never a name that a user chose."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from ossicle.edge.counters import IN_FLIGHT, TABLE_BYTES, CounterTable, total

CONTENT_TYPE: Final = b"text/plain; version=0.0.4; charset=utf-8"
_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
_BOUNDS: Final = (*(str(float(bound)) for bound in _BUCKETS), "+Inf")


_TIME_WORDS: Final = len(_BOUNDS) + 1
"""Of one operation: how many requests in each bucket by itself, and the sum of their nanoseconds."""
_NANOSECONDS: Final = 1e9


class Metrics(Collector):
    """The counters of one server, whose processes count in a table each. They become Prometheus's when somebody asks any of them."""

    def __init__(self, tables: Sequence[memoryview] | None = None, own: int = 0) -> None:
        self._tables = [CounterTable(memory) for memory in tables or [memoryview(bytearray(TABLE_BYTES))]]
        self._mine = self._tables[own]
        self._words = self._mine.words
        self._outcomes: dict[tuple[str, int, str], int] = {}
        self._times: dict[str, int] = {}
        self._explanations: dict[str, int] = {}
        self._bytes = self._mine.place("bytes", 2)
        self._audit_lost = self._mine.place("audit_lost")
        self.registry = CollectorRegistry()
        self.registry.register(self)

    @property
    def in_flight(self) -> int:
        """Requests that this process is answering."""
        return self._words[IN_FLIGHT]

    @in_flight.setter
    def in_flight(self, number: int) -> None:
        self._words[IN_FLIGHT] = number

    def count(
        self,
        *,
        operation: str,
        status: int,
        code: str,
        seconds: float,
        received_bytes: int,
        sent_bytes: int,
        explanation: str = "",
    ) -> None:
        """Count one answered request; `code` is the OSS error code, empty for success, and `explanation` the cause of a refusal."""
        words, outcome = self._words, (operation, status, code)
        place = self._outcomes.get(outcome)
        if place is None:
            place = self._outcomes[outcome] = self._mine.place(f"requests {operation} {status} {code}")
        words[place] += 1
        if explanation:
            self._count_explanation(explanation.partition("+")[0])
        times = self._times.get(operation)
        if times is None:
            times = self._times[operation] = self._mine.place(f"times {operation}", _TIME_WORDS)
        words[times + bisect_left(_BUCKETS, seconds)] += 1
        words[times + len(_BOUNDS)] += int(seconds * _NANOSECONDS)
        words[self._bytes] += received_bytes
        words[self._bytes + 1] += sent_bytes

    def _count_explanation(self, cause: str) -> None:
        place = self._explanations.get(cause)
        if place is None:
            place = self._explanations[cause] = self._mine.place(f"explanations {cause}")
        self._words[place] += 1

    def lose_audit_lines(self, lines: int) -> None:
        """Count lines of the audit log that will never be written."""
        self._words[self._audit_lost] += lines

    def collect(self) -> Iterator[Metric]:
        """Give the registry everything as it is now."""
        requests = CounterMetricFamily("ossicle_requests", "Requests answered.", labels=("operation", "status", "code"))
        explained = CounterMetricFamily("ossicle_refusals_explained", "Refusals by their cause.", labels=("cause",))
        seconds = HistogramMetricFamily(
            "ossicle_request_seconds",
            "Time from the head of a request to the end of its answer.",
            labels=("operation",),
        )
        sums = total(self._tables)
        for name, counts in sums.items():
            kind, *labels = name.split(" ")
            if kind == "requests":
                requests.add_metric(labels, counts[0])
            elif kind == "explanations":
                explained.add_metric(labels, counts[0])
            elif kind == "times":
                *numbers, nanoseconds = counts
                buckets = list(zip(_BOUNDS, accumulate(numbers), strict=True))
                seconds.add_metric(labels, buckets, nanoseconds / _NANOSECONDS)
        received, sent = sums["bytes"]
        in_flight = sum(table.words[IN_FLIGHT] for table in self._tables)
        yield requests
        yield explained
        yield seconds
        yield CounterMetricFamily("ossicle_received_bytes", "Bytes of request bodies read.", received)
        yield CounterMetricFamily("ossicle_sent_bytes", "Bytes of response bodies sent.", sent)
        yield CounterMetricFamily("ossicle_audit_lines_lost", "Lines of the audit log lost.", sums["audit_lost"][0])
        yield GaugeMetricFamily("ossicle_requests_in_flight", "Requests being answered.", in_flight)

    def render(self) -> bytes:
        """Return all counters in Prometheus's text format."""
        return generate_latest(self.registry)
