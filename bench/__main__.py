"""The command: `python -m bench` compares rates, `all` runs everything that has a goal, the others measure one thing each."""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from bench.clone import ROOT, CloneFailed, measure_clone
from bench.compare import Plan
from bench.floors import EmptyApplication, HashOnly
from bench.growth import figures_of_growth, measure_growth, render_growth
from bench.lifecycle import measure_expiry, render_expiry
from bench.listing import KEYS_MIN
from bench.load import LoadFailed
from bench.machine import describe, free_disk_bytes
from bench.memory import GIB
from bench.outcome import Outcome
from bench.peers import Moto, Nginx, S3rver, VersityGateway
from bench.profile import measure_requests, render_costs, render_functions
from bench.refusal import measure_refusals, render_refusals
from bench.report import outcome_as_json, write_json
from bench.servers import Ossicle, Peer, SeaweedFS, ServerFailed
from bench.suite import (
    FULL,
    QUICK,
    Step,
    compare_works,
    list_pages,
    run_all,
    sign_and_verify,
    start_everything,
    take_memory,
    upload_in_parts,
)
from bench.transfer import TransferFailed, measure_transfers, render_transfers
from bench.works import WORKS, Work

PEERS: dict[str, Callable[[Path], Peer]] = {
    "ossicle": Ossicle,
    "seaweedfs": SeaweedFS,
    "nginx": Nginx,
    "empty": EmptyApplication,
    "hash-only": HashOnly,
    "versitygw": VersityGateway,
    "moto": Moto,
    "s3rver": S3rver,
}
_STANDARD = ("ossicle", "seaweedfs", "empty", "hash-only")
_RUN_SECONDS = 2.0
"""What signing, synchronising and starting take around a run."""


def _keep_bytecode(directory: Path) -> None:
    """Let processes of Python find their modules compiled, as an installed program does, whatever the caller's environment says."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(directory / "bytecode")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and return the exit code."""
    options = _parser().parse_args(arguments)
    options.directory.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix="run-", dir=options.directory) as directory:
            _keep_bytecode(Path(directory))
            is_done: bool = options.run(options, Path(directory))
    except (ServerFailed, LoadFailed, CloneFailed, TransferFailed) as failure:
        _say(f"bench: {failure}")
        _say("\n".join(getattr(failure, "__notes__", ())))
        return 1
    return 0 if is_done else 1


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--directory", type=Path, default=ROOT / "bench" / "results", help="where servers keep data")
    shared.add_argument("--output", type=Path, help="a file that gets everything measured as JSON")
    shared.add_argument("--ossicle", default="", metavar="COMMAND", help="another build: what stands before `serve`")
    rounds = argparse.ArgumentParser(add_help=False)
    rounds.add_argument("--rounds", type=int, default=3)
    runs = argparse.ArgumentParser(add_help=False)
    runs.add_argument("--seconds", type=float, default=4.0, help="how long one run is counted")
    runs.add_argument("--warm-seconds", type=float, default=1.0, help="how long it runs before that")
    runs.add_argument("--patience", type=float, default=0.0, help="how long to wait before a run for a quiet machine")
    runs.add_argument("--work", action="append", choices=[work.name for work in WORKS], help="repeatable; all")
    runs.add_argument("--peer", action="append", choices=list(PEERS), help="repeatable")
    compared = [shared, rounds, runs]
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__, parents=compared)
    parser.set_defaults(run=_works)
    commands = parser.add_subparsers(metavar="COMMAND")

    def command(name: str, run: object, about: str, *, has_rounds: bool = False) -> argparse.ArgumentParser:
        made = commands.add_parser(name, parents=[shared, rounds] if has_rounds else [shared], help=about)
        made.set_defaults(run=run)
        return made

    everything = commands.add_parser("all", parents=compared, help="everything that has a goal, in one go")
    everything.set_defaults(run=_all)
    everything.add_argument("--quick", action="store_true", help="little of everything, to see that it works")
    everything.add_argument(
        "--skip", action="append", default=[], metavar="STEP", help="repeatable; as named on the way"
    )
    _add_parts(command)
    return parser


def _add_parts(command: Callable[..., argparse.ArgumentParser]) -> None:
    command("multipart", _multipart, "uploads in parts, and Complete as they grow in number", has_rounds=True)
    listing = command("listing", _listing, "cost of a page as the bucket grows", has_rounds=True)
    listing.add_argument("--keys", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    listing.add_argument("--repeats", type=int, default=FULL.pages)
    listing.add_argument("--peer", action="append", choices=["ossicle", "seaweedfs"], help="repeatable; both")
    signing = command("signing", _signing, "URLs signed, and signatures checked, in a second", has_rounds=True)
    signing.add_argument("--count", type=int, default=FULL.urls)
    refusal = command("refusal", _refusal, "what a refusal costs, with and without its explanation", has_rounds=True)
    refusal.add_argument("--count", type=int, default=200)
    memory = command("memory", _memory, "memory for large uploads at once and for idle connections")
    memory.add_argument("--uploads", type=int, default=FULL.uploads)
    memory.add_argument("--upload-bytes", type=int, default=FULL.upload_bytes)
    memory.add_argument("--connections", type=int, default=FULL.connections)
    start = command("start", _start, "start to ready, and imports")
    start.add_argument("--starts", type=int, default=FULL.starts)
    growth = command("growth", _growth, "PUT among few and among many objects", has_rounds=True)
    growth.add_argument("--keys", type=int, nargs="+", default=[10_000, 5_000_000])
    growth.add_argument("--seconds", type=float, default=4.0)
    lifecycle = command("lifecycle", _lifecycle, "what expiring many objects takes, and what uploads feel of it")
    lifecycle.add_argument("--keys", type=int, default=1_000_000)
    lifecycle.add_argument("--seconds", type=float, default=10.0, help="how long a window of uploads is")
    command("clone", _clone, "time from `git clone` to the first upload")
    transfer = command("transfer", _transfer, "a large file by `ossicle cp` and by the official SDK", has_rounds=True)
    transfer.add_argument("--file-bytes", type=int, default=2 * GIB)
    profile = command("profile", _profile, "processor time of small requests, room by room")
    profile.add_argument("--count", type=int, default=20_000, help="how many requests of each kind")
    profile.add_argument("--functions", type=int, default=0, metavar="N", help="name the N functions that cost most")


def _all(options: argparse.Namespace, directory: Path) -> bool:
    scale = QUICK if options.quick else FULL
    command, rounds = options.ossicle, options.rounds
    peers, works, plan = _peers(options, directory), _chosen_works(options), _plan(options)
    count = sum(1 for work in works for peer in peers if peer.takes(work))
    run_seconds = plan.warm_seconds + plan.seconds + _RUN_SECONDS
    size = 0.1 if options.quick else 1.0
    steps = [
        Step(name="works", seconds=60 + count * rounds * run_seconds, run=lambda _: compare_works(peers, works, plan)),
        Step(
            name="multipart",
            seconds=15 + size * rounds * 50,
            run=lambda at: upload_in_parts(at, scale, rounds=rounds, command=command, say=_say),
        ),
        Step(
            name="listing",
            seconds=20 + size * 300,
            run=lambda at: list_pages(
                at,
                scale.keys,
                peers=["ossicle", "seaweedfs"],
                rounds=rounds,
                repeats=scale.pages,
                command=command,
                say=_say,
            ),
        ),
        Step(
            name="signing",
            seconds=5 + size * rounds * 8,
            run=lambda _: sign_and_verify(count=scale.urls, rounds=rounds, say=_say),
        ),
        Step(
            name="memory",
            seconds=10 + size * 90,
            run=lambda at: take_memory(at, scale, command=command, say=_say),
        ),
        Step(
            name="start", seconds=scale.starts * 12, run=lambda at: start_everything(at, starts=scale.starts, say=_say)
        ),
    ]
    chosen = [step for step in steps if step.name not in options.skip]
    if not options.quick:
        _need_disk(directory, 24 * GIB)
    title = "Quick run: its figures mean nothing" if options.quick else "Benchmark"
    is_done = run_all(chosen, directory, options.directory, _say, title=title)
    print((options.directory / "report.md").read_text(encoding="utf-8"))
    return is_done


def _works(options: argparse.Namespace, directory: Path) -> bool:
    _need_disk(directory, 24 * GIB)
    return _tell(options, directory, compare_works(_peers(options, directory), _chosen_works(options), _plan(options)))


def _multipart(options: argparse.Namespace, directory: Path) -> bool:
    _need_disk(directory, (4 + 6 * options.rounds) * GIB)
    outcome = upload_in_parts(directory, FULL, rounds=options.rounds, command=options.ossicle, say=_say)
    return _tell(options, directory, outcome)


def _listing(options: argparse.Namespace, directory: Path) -> bool:
    if min(options.keys) < KEYS_MIN:
        raise ServerFailed(f"the pages that are asked for need {KEYS_MIN:,} keys")
    outcome = list_pages(
        directory,
        options.keys,
        peers=options.peer or ["ossicle", "seaweedfs"],
        rounds=options.rounds,
        repeats=options.repeats,
        command=options.ossicle,
        say=_say,
    )
    return _tell(options, directory, outcome)


def _signing(options: argparse.Namespace, directory: Path) -> bool:
    return _tell(options, directory, sign_and_verify(count=options.count, rounds=options.rounds, say=_say))


def _refusal(options: argparse.Namespace, directory: Path) -> bool:
    refusals = measure_refusals(count=options.count, rounds=options.rounds, say=_say)
    outcome = Outcome(
        name="refusal",
        title="Refusals",
        text=f"{options.rounds} rounds of {options.count:,}, in one process.\n\n{render_refusals(refusals)}",
        data=[asdict(refusal) for refusal in refusals],
    )
    return _tell(options, directory, outcome)


def _memory(options: argparse.Namespace, directory: Path) -> bool:
    _need_disk(directory, options.uploads * options.upload_bytes + 2 * GIB)
    scale = replace(FULL, uploads=options.uploads, upload_bytes=options.upload_bytes, connections=options.connections)
    return _tell(options, directory, take_memory(directory, scale, command=options.ossicle, say=_say))


def _start(options: argparse.Namespace, directory: Path) -> bool:
    return _tell(options, directory, start_everything(directory, starts=options.starts, say=_say))


def _growth(options: argparse.Namespace, directory: Path) -> bool:
    _need_disk(directory, 10 * GIB)
    growths = measure_growth(
        directory, options.keys, rounds=options.rounds, seconds=options.seconds, command=options.ossicle, say=_say
    )
    outcome = Outcome(
        name="growth",
        title="Growth",
        text=render_growth(growths),
        data=[asdict(growth) for growth in growths],
        figures=figures_of_growth(growths),
    )
    return _tell(options, directory, outcome)


def _lifecycle(options: argparse.Namespace, directory: Path) -> bool:
    expiry = measure_expiry(directory, options.keys, seconds=options.seconds, command=options.ossicle, say=_say)
    outcome = Outcome(name="lifecycle", title="Lifecycle", text=render_expiry(expiry), data=asdict(expiry))
    return _tell(options, directory, outcome)


def _clone(options: argparse.Namespace, directory: Path) -> bool:
    phases = measure_clone(directory, say=_say)
    lines = [f"{seconds:8.2f} s  {phase}" for phase, seconds in phases.items()]
    lines.append(f"{sum(phases.values()):8.2f} s  from `git clone` to the first upload")
    return _tell(options, directory, Outcome(name="clone", title="Clone", text="\n".join(lines), data=phases))


def _transfer(options: argparse.Namespace, directory: Path) -> bool:
    _need_disk(directory, (2 + 2 * options.rounds) * options.file_bytes + 2 * GIB)
    with Ossicle(directory, options.ossicle) as peer:
        transfers = measure_transfers(peer, directory, file_bytes=options.file_bytes, rounds=options.rounds, say=_say)
    about = f"A file of {options.file_bytes / GIB:g} GiB, medians of {options.rounds} rounds, lowest and highest in brackets."
    text = f"{about}\n\n{render_transfers(transfers)}"
    data = [asdict(item) for item in transfers]
    return _tell(options, directory, Outcome(name="transfer", title="Transfer", text=text, data=data))


def _profile(options: argparse.Namespace, directory: Path) -> bool:
    costs = measure_requests(directory, count=options.count, say=_say)
    parts = [render_costs(costs)]
    parts += [f"{cost.title}\n{render_functions(cost, options.functions)}" for cost in costs if options.functions]
    data = [asdict(cost) for cost in costs]
    return _tell(options, directory, Outcome(name="profile", title="Profile", text="\n\n".join(parts), data=data))


def _tell(options: argparse.Namespace, directory: Path, outcome: Outcome) -> bool:
    print(outcome.text)
    if options.output:
        write_json(options.output, machine=describe(directory), **{outcome.name: outcome_as_json(outcome)})
    return True


def _plan(options: argparse.Namespace) -> Plan:
    return Plan(
        rounds=options.rounds,
        warm_seconds=options.warm_seconds,
        seconds=options.seconds,
        patience_seconds=options.patience,
        say=_say,
    )


def _chosen_works(options: argparse.Namespace) -> list[Work]:
    return [work for work in WORKS if work.name in (options.work or [work.name])]


def _peers(options: argparse.Namespace, directory: Path) -> list[Peer]:
    """Return those that were asked for, or the standard ones, with nginx where it is installed."""
    names = options.peer or [*_STANDARD, *(["nginx"] if Nginx.is_installed() else [])]
    return [Ossicle(directory, options.ossicle) if name == "ossicle" else PEERS[name](directory) for name in names]


def _need_disk(directory: Path, needed_bytes: int) -> None:
    free = free_disk_bytes(directory)
    if free < needed_bytes:
        raise ServerFailed(f"{directory} has {free / GIB:.1f} GiB free, {needed_bytes / GIB:.1f} GiB are needed")


def _say(text: str) -> None:
    """Say how it goes, beside the result."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
