"""What a measurement has to say: text for people, data for programs, and the figures that goals are about."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One quantity, measured several times."""

    median: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Self:
        """Return the figure of at least one value."""
        known = list(values)
        return cls(median=statistics.median(known), lowest=min(known), highest=max(known))

    def show(self, digits: int = 1, unit: str = "") -> str:
        """Return the median, and in brackets the lowest and the highest."""
        return f"{self.median:,.{digits}f}{unit} ({self.lowest:,.{digits}f} to {self.highest:,.{digits}f})"

    def times(self, factor: float) -> "Figure":
        """Return the same in another unit."""
        return Figure(median=self.median * factor, lowest=self.lowest * factor, highest=self.highest * factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One measurement.

    Attributes:
        name: what it is called on the command line and in JSON.
        text: Markdown without a heading.
        data: plain values, all that was measured.
        figures: by the names that `goals` uses.
    """

    name: str
    title: str
    text: str
    data: object
    figures: Mapping[str, Figure] = field(default_factory=dict)


def render_rows(titles: Sequence[str], rows: Iterable[Sequence[str]], *, texts: int = 1) -> str:
    """Return a Markdown table, its first `texts` columns to the left and the others to the right."""
    ruler = ["---"] * texts + ["---:"] * (len(titles) - texts)
    return "\n".join(f"| {' | '.join(line)} |" for line in (titles, ruler, *rows))
