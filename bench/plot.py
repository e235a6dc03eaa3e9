"""The plot: how many times faster than SeaweedFS, work by work, as an SVG that any browser and any Markdown viewer shows."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from bench.goals import GOALS
from bench.outcome import Figure

_LABEL_WIDTH: Final = 230
_PLOT_WIDTH: Final = 520
_ROW_HEIGHT: Final = 26
_TOP: Final = 64
_RIGHT: Final = 90
_TICKS: Final = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """Ratios as places on a logarithmic axis."""

    lowest: float
    highest: float

    def place(self, ratio: float) -> float:
        share = math.log(max(ratio, self.lowest) / self.lowest) / math.log(self.highest / self.lowest)
        return round(_LABEL_WIDTH + _PLOT_WIDTH * share, 1)

    @property
    def ticks(self) -> Sequence[float]:
        return [tick for tick in _TICKS if self.lowest <= tick <= self.highest]


def render_plot(figures: Mapping[str, Figure]) -> str | None:
    """Return the plot of those works that were measured beside SeaweedFS; None if there was none."""
    bars = [
        (goal.work, figures[goal.figure], goal.bound)
        for goal in GOALS
        if goal.is_beside_seaweedfs and goal.figure in figures
    ]
    if not bars:
        return None
    scale = _Scale(
        lowest=max((tick for tick in _TICKS if tick <= min(0.5, *(bar[1].lowest for bar in bars))), default=_TICKS[0]),
        highest=max(5.0, *(max(bar[1].highest, bar[2]) for bar in bars)) * 1.1,
    )
    height = _TOP + _ROW_HEIGHT * len(bars) + 34
    width = _LABEL_WIDTH + _PLOT_WIDTH + _RIGHT
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    key = "median of the rounds, a line from the lowest to the highest, the goal in orange; logarithmic"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        '<text x="12" y="22" font-size="15" font-weight="bold">Ossicle beside SeaweedFS: times as fast</text>',
        f'<text x="12" y="42" fill="#555555">{key}</text>',
        *_axis(scale, height),
    ]
    for number, (work, figure, goal) in enumerate(bars):
        parts += _bar(work, figure, goal, scale, _TOP + _ROW_HEIGHT * number)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _axis(scale: _Scale, height: int) -> list[str]:
    bottom = height - 28
    lines = []
    for tick in scale.ticks:
        x, colour = scale.place(tick), "#333333" if tick == 1 else "#dddddd"
        lines.append(_line(x, x, _TOP - 6, bottom, colour, 1))
        lines.append(f'<text x="{x}" y="{bottom + 16}" text-anchor="middle" fill="#555555">{tick:g} ×</text>')
    return lines


def _bar(work: str, figure: Figure, goal: float, scale: _Scale, top: int) -> list[str]:
    one, end = scale.place(1), scale.place(figure.median)
    low, high = scale.place(figure.lowest), scale.place(figure.highest)
    middle, goal_place = top + _ROW_HEIGHT / 2, scale.place(goal)
    colour = "#2f7d5b" if figure.median >= goal else "#7d9bb5"
    extent = f'x="{min(one, end)}" y="{top + 5}" width="{abs(end - one):.1f}" height="{_ROW_HEIGHT - 10}"'
    return [
        f'<text x="{_LABEL_WIDTH - 10}" y="{middle + 4}" text-anchor="end">{escape(work)}</text>',
        f'<rect {extent} fill="{colour}"/>',
        _line(low, high, middle, middle, "#111111", 1.5),
        *(_line(end, end, middle - 4, middle + 4, "#111111", 1.5) for end in (low, high)),
        _line(goal_place, goal_place, top + 2, top + _ROW_HEIGHT - 2, "#d9822b", 3),
        f'<text x="{max(end, high, goal_place) + 8:.1f}" y="{middle + 4}">{figure.median:.2f} ×</text>',
    ]


def _line(x1: float, x2: float, y1: float, y2: float, colour: str, width: float) -> str:
    return f'<line x1="{x1}" x2="{x2}" y1="{y1}" y2="{y2}" stroke="{colour}" stroke-width="{width}"/>'
