"""What is printed and kept: a table of medians with their spread, and everything that was measured as JSON."""

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from bench.compare import Run, rates_of, ratios
from bench.machine import QUIET_CPUS
from bench.outcome import Figure, Outcome, render_rows
from bench.servers import Peer
from bench.works import Work


def render_table(runs: Sequence[Run], peers: Sequence[Peer]) -> str:
    """Return a Markdown table: works down, peers across; the first peer is the one that the ratios are about.

    What is only a floor stands as the share of it that was reached.
    """
    first, *others = peers
    works = list(dict.fromkeys(run.work for run in runs))
    ratio_titles = [f"% of {peer.name}" if peer.is_floor else f"{first.name} : {peer.name}" for peer in others]
    rows = []
    for work in works:
        cells = [_rate_cell(work, rates_of(runs, peer.name, work)) for peer in peers]
        cells += [_ratio_cell(ratios(runs, first.name, peer.name, work), is_share=peer.is_floor) for peer in others]
        rows.append([work.title, *cells])
    return render_rows(["work", *(peer.name for peer in peers), *ratio_titles], rows)


def figures_of(runs: Sequence[Run], peers: Sequence[Peer]) -> dict[str, Figure]:
    """Return the ratios as figures, `work:peer`, and those of the slowest hundredth as `work-p99:peer`."""
    first, *others = [peer.name for peer in peers]
    figures = {}
    for work in dict.fromkeys(run.work for run in runs):
        mine = [run.rate.p99_ms for run in runs if (run.work, run.peer) == (work, first)]
        for other in others:
            theirs = [run.rate.p99_ms for run in runs if (run.work, run.peer) == (work, other)]
            if theirs:
                figures[f"{work.name}:{other}"] = Figure.of(ratios(runs, first, other, work))
                pairs = zip(mine, theirs, strict=True)
                figures[f"{work.name}-p99:{other}"] = Figure.of(own / its for own, its in pairs)
    return figures


def render_effort(runs: Sequence[Run], peers: Sequence[Peer]) -> str:
    """Return a second table: how long a request took, and how busy the two sides were.

    The processor time of a request is the figure that a crowded machine changes least.
    """
    rows = []
    for work in dict.fromkeys(run.work for run in runs):
        for peer in peers:
            rates = [run.rate for run in runs if run.work == work and run.peer == peer.name]
            if not rates:
                continue
            used = [rate.server_cpu for rate in rates if rate.server_cpu is not None]
            each = [rate.server_cpu_ms for rate in rates if rate.server_cpu_ms is not None]
            rows.append(
                [
                    work.title,
                    peer.name,
                    f"{statistics.median(rate.p50_ms for rate in rates):.2f}",
                    Figure.of(rate.p99_ms for rate in rates).show(2),
                    f"{statistics.median(each):.3f}" if each else "?",
                    f"{statistics.median(used):.2f}" if used else "?",
                    f"{statistics.median(rate.generator_cpu for rate in rates):.2f}",
                ]
            )
    titles = ["work", "server", "median ms", "99 % ms", "server CPU ms", "server CPUs", "load generator CPUs"]
    return render_rows(titles, rows, texts=2)


def render_doubts(runs: Sequence[Run]) -> list[str]:
    """Return what a reader should hold against the figures."""
    doubts = []
    foreign = [run.rate.foreign_cpu for run in runs if run.rate.foreign_cpu is not None]
    crowded = [cpus for cpus in foreign if cpus > QUIET_CPUS]
    if crowded:
        doubts.append(
            f"others used more than {QUIET_CPUS} processors in {len(crowded)} of {len(runs)} runs"
            f" (median {statistics.median(foreign):.2f}, at most {max(crowded):.2f})"
        )
    slow = sorted({run.work.title for run in runs if run.rate.generator_cpu > 0.9})
    if slow:
        doubts.append(f"the load generator was the slow side in some runs of: {'; '.join(slow)}")
    again = sorted({run.work.title for run in runs if not run.work.is_read_only and run.rate.is_repeated})
    if again:
        doubts.append(f"keys ran out and were overwritten in: {'; '.join(again)}")
    return doubts


def write_json(path: Path, **parts: object) -> None:
    """Keep everything that was measured."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(parts, indent=1) + "\n", encoding="utf-8")


def run_as_json(run: Run) -> Mapping[str, object]:
    """Return a run as plain values."""
    return {
        "peer": run.peer,
        "work": run.work.name,
        "title": run.work.title,
        "unit": run.work.unit,
        "round": run.round,
        "per_second": run.per_second,
        "rate": asdict(run.rate),
        "load_average": run.load_average,
    }


def outcome_as_json(outcome: Outcome) -> Mapping[str, object]:
    """Return an outcome as plain values."""
    return {"data": outcome.data, "figures": {name: asdict(figure) for name, figure in outcome.figures.items()}}


def _rate_cell(work: Work, rates: Sequence[float]) -> str:
    return Figure.of(rates).show(0, f" {work.unit}") if rates else ""


def _ratio_cell(values: Sequence[float], *, is_share: bool) -> str:
    if not values:
        return ""
    ratio = Figure.of(values)
    return ratio.times(100).show(0, " %") if is_share else ratio.show(2, " ×")
