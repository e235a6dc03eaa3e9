"""The parts of the benchmark as outcomes, and all of them in one go: a report, a plot and a file of everything measured."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Final

from bench.compare import Plan, check, compare
from bench.goals import render_goals
from bench.listing import figures_of_listings, measure_listings, render_listings
from bench.load import LoadFailed
from bench.machine import describe
from bench.memory import (
    GIB,
    allow_connections,
    figure_of_memory,
    measure_idle_connections,
    measure_memory,
    render_memory,
)
from bench.multipart import PART_BYTES_MIN, figures_of_multipart, measure_multipart, render_multipart
from bench.outcome import Outcome
from bench.plot import render_plot
from bench.report import (
    figures_of,
    outcome_as_json,
    render_doubts,
    render_effort,
    render_table,
    run_as_json,
    write_json,
)
from bench.seeding import FilledOssicle, FilledSeaweedFS
from bench.servers import Ossicle, Peer, SeaweedFS, ServerFailed, running
from bench.signing import figures_of_signing, measure_signing, render_signing
from bench.start import figures_of_waits, measure_waits, render_waits
from bench.works import MIB, Work

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much of everything."""

    uploads: int = 16
    upload_bytes: int = GIB
    connections: int = 1000
    multiparts: tuple[tuple[int, int], ...] = (
        (128, 8 * MIB),
        *((parts, PART_BYTES_MIN) for parts in (10, 100, 1_000, 10_000)),
    )
    keys: tuple[int, ...] = (10_000, 1_000_000)
    pages: int = 50
    urls: int = 20_000
    starts: int = 7


FULL: Final = Scale()
QUICK: Final = Scale(
    upload_bytes=32 * MIB,
    connections=100,
    multiparts=((4, 8 * MIB), (10, PART_BYTES_MIN), (100, PART_BYTES_MIN)),
    keys=(10_000, 20_000),
    pages=5,
    urls=1_000,
    starts=2,
)
"""Shows in a few minutes that everything works; its figures mean nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One part of `all`, and about how long it takes."""

    name: str
    seconds: float
    run: Callable[[Path], Outcome]


def compare_works(peers: Sequence[Peer], works: Sequence[Work], plan: Plan) -> Outcome:
    """Drive all peers with all works."""
    versions = {}
    for peer in peers:
        with peer:
            versions[peer.name] = f"{peer.version()} ({peer.terms})"
            plan.say(f"{peer.name}: {versions[peer.name]}, ready after {peer.start_seconds:.2f} s")
            if peer.gives_back:
                check(peer)
    runs = compare(peers, works, plan)
    parts = [
        "\n".join(f"- {name}: {version}" for name, version in versions.items()),
        f"Medians of {plan.rounds} rounds of {plan.seconds:g} s, in brackets the lowest and the highest.",
        render_table(runs, peers),
        render_effort(runs, peers),
        *(f"Note: {doubt}." for doubt in render_doubts(runs)),
    ]
    return Outcome(
        name="works",
        title="Rates",
        text="\n\n".join(parts),
        data={"peers": versions, "runs": [run_as_json(run) for run in runs]},
        figures=figures_of(runs, peers),
    )


def upload_in_parts(directory: Path, scale: Scale, *, rounds: int, command: str, say: Say) -> Outcome:
    """Multipart uploads beside SeaweedFS."""
    peers = [Ossicle(directory, command), SeaweedFS(directory)]
    with running(peers):
        uploads = measure_multipart(peers, scale.multiparts, rounds=rounds, say=say)
    return Outcome(
        name="multipart",
        title="Multipart uploads, four parts at a time",
        text=f"{rounds} rounds; the rate counts from Initiate to the answer of Complete.\n\n{render_multipart(uploads)}",
        data=[asdict(upload) for upload in uploads],
        figures=figures_of_multipart(uploads),
    )


def list_pages(
    directory: Path, counts: Sequence[int], *, peers: Sequence[str], rounds: int, repeats: int, command: str, say: Say
) -> Outcome:
    """Pages of a bucket as it grows, for the peers of these names."""

    def fill(keys: int) -> Sequence[Peer]:
        ours, theirs = FilledOssicle(directory, keys, command), FilledSeaweedFS(directory, keys)
        return [peer for name, peer in (("ossicle", ours), ("seaweedfs", theirs)) if name in peers]

    pages = measure_listings(fill, counts, rounds=rounds, repeats=repeats, say=say)
    about = f"Medians of {rounds} rounds of {repeats} pages, one after the other on one connection; `CPU` is the server's, in ms a page."
    return Outcome(
        name="listing",
        title="Pages of ListObjectsV2",
        text=f"{about}\n\n{render_listings(pages)}",
        data=[asdict(page) for page in pages],
        figures=figures_of_listings(pages),
    )


def sign_and_verify(*, count: int, rounds: int, say: Say) -> Outcome:
    """Signing and checking, in this process."""
    signings = measure_signing(count=count, rounds=rounds, say=say)
    return Outcome(
        name="signing",
        title="Signing and checking",
        text=f"{rounds} rounds of {count:,}, in turn, in one process.\n\n{render_signing(signings)}",
        data={name: asdict(signing) for name, signing in signings.items()},
        figures=figures_of_signing(signings),
    )


def take_memory(directory: Path, scale: Scale, *, command: str, say: Say) -> Outcome:
    """Memory for large uploads and for idle connections, each on a fresh server."""
    allow_connections(scale.connections)
    with Ossicle(directory, command) as peer:
        connections = measure_idle_connections(peer, connections=scale.connections, say=say)
    with Ossicle(directory, command) as peer:
        uploads = measure_memory(peer, uploads=scale.uploads, upload_bytes=scale.upload_bytes, say=say)
    rate = uploads.count * uploads.body_bytes / uploads.seconds / 1e6
    return Outcome(
        name="memory",
        title="Memory",
        text=f"{render_memory([uploads, connections])}\n\nThe uploads took {uploads.seconds:.0f} s ({rate:.0f} MB/s).",
        data=[asdict(uploads), asdict(connections)],
        figures={"memory-uploads": figure_of_memory(uploads), "memory-idle": figure_of_memory(connections)},
    )


def start_everything(directory: Path, *, starts: int, say: Say) -> Outcome:
    """Start-up and imports."""
    waits = measure_waits(directory, starts=starts, say=say)
    return Outcome(
        name="start",
        title="Start",
        text=f"{starts} fresh processes each.\n\n{render_waits(waits)}",
        data=[asdict(wait) for wait in waits],
        figures=figures_of_waits(waits),
    )


def run_all(steps: Sequence[Step], directory: Path, results: Path, say: Say, *, title: str) -> bool:
    """Run the steps one after the other and write what there is after each; return whether all of them worked."""
    say(
        f"about {sum(step.seconds for step in steps) / 60:.0f} minutes on a quiet machine; the report goes to {results}"
    )
    machine, outcomes, failures = describe(directory), [], []
    for step in steps:
        say(f"\n{step.name}: about {max(1, step.seconds / 60):.0f} min")
        try:
            outcomes.append(step.run(directory))
        except (ServerFailed, LoadFailed, OSError, HTTPException) as failure:
            failures.append(f"{step.name}: {failure}")
            say("\n".join([f"bench: {failures[-1]}", *getattr(failure, "__notes__", ())]))
        write_report(results, title, machine, outcomes, failures)
    return not failures


def write_report(
    results: Path, title: str, machine: dict[str, object], outcomes: Sequence[Outcome], failures: Sequence[str]
) -> None:
    """Write `report.md`, `plot.svg` and `report.json`."""
    figures = {name: figure for outcome in outcomes for name, figure in outcome.figures.items()}
    results.mkdir(parents=True, exist_ok=True)
    plot = render_plot(figures)
    if plot is not None:
        (results / "plot.svg").write_text(plot, encoding="utf-8")
    parts = [
        f"# {title}",
        "\n".join(f"- {name.replace('_', ' ')}: {value}" for name, value in machine.items()),
        *(["![times as fast as SeaweedFS](plot.svg)"] if plot is not None else []),
        "## Goals",
        render_goals(figures),
        *(f"**Failed:** {failure.partition(chr(10))[0]}" for failure in failures),
        *(f"## {outcome.title}\n\n{outcome.text}" for outcome in outcomes),
    ]
    (results / "report.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    parts_as_json = {outcome.name: outcome_as_json(outcome) for outcome in outcomes}
    write_json(results / "report.json", machine=machine, failures=list(failures), **parts_as_json)
