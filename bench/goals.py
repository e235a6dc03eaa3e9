"""What the server is meant to reach on two cores, and whether a run has shown it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bench.outcome import Figure, render_rows

SEAWEEDFS: Final = "SeaweedFS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A bound of one figure, judged by its median.

    Attributes:
        figure: its name; `work:peer` is a ratio of rates, Ossicle's to the peer's.
        bound: in the unit that the figure is shown in.
        is_most: whether the bound is the most that is allowed, and not the least.
    """

    work: str
    figure: str
    bound: float
    unit: str = " ×"
    is_most: bool = False

    def is_met(self, figure: Figure) -> bool:
        return figure.median <= self.bound if self.is_most else figure.median >= self.bound

    @property
    def text(self) -> str:
        """The bound in words."""
        return f"{'at most' if self.is_most else 'at least'} {self.bound:g}{self.unit}{self._beside}"

    @property
    def is_beside_seaweedfs(self) -> bool:
        return self.figure.endswith(f":{SEAWEEDFS}") and not self.is_most

    @property
    def _beside(self) -> str:
        peer = self.figure.partition(":")[2]
        return f" {peer}" if peer else ""


def _beside(work: str, name: str, bound: float, peer: str = SEAWEEDFS) -> Goal:
    return Goal(work=work, figure=f"{name}:{peer}", bound=bound)


def _most(work: str, figure: str, bound: float, unit: str) -> Goal:
    return Goal(work=work, figure=figure, bound=bound, unit=unit, is_most=True)


GOALS: Final = (
    _beside("PUT 4 KiB, 8 connections", "put-4k-8", 2),
    _beside("PUT 4 KiB, 64 connections", "put-4k-64", 2.5),
    _beside("PUT 1 MiB", "put-1m-8", 2),
    _beside("PUT 16 MiB", "put-16m-8", 2),
    _beside("PUT 16 MiB", "put-16m-8", 0.75, "hash-only"),
    _beside("PUT 256 MiB", "put-256m-8", 2),
    _beside("PUT 256 MiB", "put-256m-8", 0.75, "hash-only"),
    _beside("GET 4 KiB, 8 connections", "get-4k-8", 3),
    _beside("GET 4 KiB, 8 connections", "get-4k-8", 0.5, "empty"),
    _beside("GET 4 KiB, 64 connections", "get-4k-64", 3),
    _beside("GET 4 KiB, 64 connections", "get-4k-64", 0.5, "empty"),
    _beside("GET 16 MiB", "get-16m-8", 1),
    _beside("GET 16 MiB", "get-16m-8", 0.8, "nginx"),
    _beside("GET 1 MiB of 16 MiB", "range-1m-8", 1),
    _beside("GET 1 MiB of 16 MiB", "range-1m-8", 0.8, "nginx"),
    _beside("multipart upload", "multipart", 2),
    _most("Complete: a part of 10,000 : a part of 1,000", "complete-growth", 1.25, " ×"),
    _beside("mixed, requests", "mixed-64", 2),
    _most("mixed, p99", "mixed-64-p99:SeaweedFS", 1, " ×"),
    _beside("list 1,000 keys", "list-1000", 5),
    _beside("list with delimiter", "list-delimiter", 5),
    _most("list 1,000 keys: most keys : fewest", "list-1000-growth", 1.25, " ×"),
    _most("list with delimiter: most keys : fewest", "list-delimiter-growth", 1.25, " ×"),
    _beside("presign", "presign", 5, "alibabacloud-oss-v2"),
    _most("verify one presigned request", "verify", 40, " µs"),
    _most("memory of 16 uploads of 1 GiB at once", "memory-uploads", 200, " MiB"),
    _most("memory of 1,000 idle connections", "memory-idle", 200, " MiB"),
    _most("start to ready", "start", 0.6, " s"),
    _most("import of ossicle.client", "import-client", 100, " ms"),
    _most("import of the CLI", "import-cli", 150, " ms"),
    Goal(work="PUT 4 KiB: most objects : fewest", figure="growth", bound=0.8),
)


def render_goals(figures: Mapping[str, Figure]) -> str:
    """Return a Markdown table of those that were measured: goal, what was reached, and whether that is enough."""
    rows = [
        [goal.work, goal.text, figure.show(2 if goal.unit in (" ×", " s") else 1, goal.unit), _verdict(goal, figure)]
        for goal in GOALS
        if (figure := figures.get(goal.figure)) is not None
    ]
    missing = [goal.work for goal in GOALS if goal.figure not in figures]
    table = render_rows(["work", "goal", "reached: median (lowest to highest)", "met"], rows, texts=4)
    return f"{table}\n\nNot measured here: {'; '.join(dict.fromkeys(missing))}." if missing else table


def _verdict(goal: Goal, figure: Figure) -> str:
    """Return yes or no by the median, and whether the rounds disagreed."""
    met = goal.is_met(figure)
    always = {goal.is_met(Figure.of([value])) for value in (figure.lowest, figure.highest)} == {met}
    return ("yes" if met else "**no**") + ("" if always else ", not in every round")
