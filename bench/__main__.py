"""The command: `python -m bench` compares; `memory`, `clone`, `listing`, `transfer` and `profile` measure one thing each."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench.clone import ROOT, CloneFailed, measure_clone
from bench.compare import Plan, compare
from bench.listing import KEYS_MIN, measure_listings, render_listings
from bench.load import LoadFailed
from bench.machine import describe, free_disk_bytes
from bench.memory import GIB, measure_memory
from bench.peers import Moto, Nginx, S3rver, VersityGateway
from bench.profile import measure_requests, render_costs, render_functions
from bench.report import render_doubts, render_effort, render_table, run_as_json, write_json
from bench.servers import Ossicle, Peer, SeaweedFS, ServerFailed, running
from bench.transfer import TransferFailed, measure_transfers, render_transfers
from bench.works import WORKS

PEERS = {
    "ossicle": Ossicle,
    "seaweedfs": SeaweedFS,
    "nginx": Nginx,
    "versitygw": VersityGateway,
    "moto": Moto,
    "s3rver": S3rver,
}
_ALWAYS = ("ossicle", "seaweedfs")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and return the exit code."""
    options = _parser().parse_args(arguments)
    options.directory.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix="run-", dir=options.directory) as directory:
            options.run(options, Path(directory))
    except (ServerFailed, LoadFailed, CloneFailed, TransferFailed) as failure:
        _say(f"bench: {failure}")
        _say("\n".join(getattr(failure, "__notes__", ())))
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--directory", type=Path, default=ROOT / "bench" / "results", help="where servers keep data")
    shared.add_argument("--output", type=Path, help="a file that gets everything measured as JSON")
    shared.add_argument("--ossicle", default="", metavar="COMMAND", help="another build: what stands before `serve`")
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__, parents=[shared])
    parser.set_defaults(run=_compare)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4.0, help="how long one run is counted")
    parser.add_argument("--warm-seconds", type=float, default=1.0, help="how long it runs before that")
    parser.add_argument("--patience", type=float, default=0.0, help="how long to wait before a run for a quiet machine")
    parser.add_argument("--work", action="append", choices=[work.name for work in WORKS], help="repeatable; all")
    parser.add_argument("--peer", action="append", choices=list(PEERS), help="repeatable; ossicle and seaweedfs")
    commands = parser.add_subparsers()
    memory = commands.add_parser("memory", parents=[shared], help="peak memory while large uploads run at once")
    memory.set_defaults(run=_memory)
    memory.add_argument("--uploads", type=int, default=16)
    memory.add_argument("--upload-bytes", type=int, default=GIB)
    clone = commands.add_parser("clone", parents=[shared], help="time from `git clone` to the first upload")
    clone.set_defaults(run=_clone)
    listing = commands.add_parser("listing", parents=[shared], help="cost of a page as the bucket grows")
    listing.set_defaults(run=_listing)
    listing.add_argument("--keys", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    listing.add_argument("--repeats", type=int, default=50)
    transfer = commands.add_parser(
        "transfer", parents=[shared], help="a large file by `ossicle cp` and by the official SDK"
    )
    transfer.set_defaults(run=_transfer)
    transfer.add_argument("--file-bytes", type=int, default=2 * GIB)
    transfer.add_argument("--rounds", type=int, default=3)
    profile = commands.add_parser("profile", parents=[shared], help="processor time of small requests, room by room")
    profile.set_defaults(run=_profile)
    profile.add_argument("--count", type=int, default=20_000, help="how many requests of each kind")
    profile.add_argument("--functions", type=int, default=0, metavar="N", help="name the N functions that cost most")
    return parser


def _compare(options: argparse.Namespace, directory: Path) -> None:
    peers = [_peer(name, options, directory) for name in options.peer or _ALWAYS]
    works = [work for work in WORKS if work.name in (options.work or [work.name])]
    machine = describe(directory)
    _need_disk(directory, 40 * GIB)
    plan = Plan(
        rounds=options.rounds,
        warm_seconds=options.warm_seconds,
        seconds=options.seconds,
        patience_seconds=options.patience,
        say=_say,
    )
    with running(peers):
        versions = {peer.name: f"{peer.version()} ({peer.terms})" for peer in peers}
        for peer in peers:
            _say(f"{peer.name}: {versions[peer.name]}, ready after {peer.start_seconds:.2f} s")
        runs = compare(peers, works, plan)
    print(f"Medians of {plan.rounds} rounds of {plan.seconds:g} s, in brackets the lowest and the highest.\n")
    print(render_table(runs, peers))
    print()
    print(render_effort(runs, peers))
    for doubt in render_doubts(runs):
        print(f"\nNote: {doubt}.")
    if options.output:
        write_json(options.output, machine=machine, peers=versions, runs=[run_as_json(run) for run in runs])


def _memory(options: argparse.Namespace, directory: Path) -> None:
    _need_disk(directory, options.uploads * options.upload_bytes + 2 * GIB)
    with Ossicle(directory, options.ossicle) as peer:
        memory = measure_memory(peer, uploads=options.uploads, upload_bytes=options.upload_bytes, say=_say)
    rate = memory.uploads * memory.upload_bytes / memory.seconds / 1e6
    print(
        f"{memory.uploads} uploads of {memory.upload_bytes / GIB:g} GiB at once took {memory.seconds:.0f} s"
        f" ({rate:.0f} MB/s): peak {memory.peak_bytes / 2**20:.0f} MiB,"
        f" {memory.above_idle_bytes / 2**20:.0f} MiB above the idle server's {memory.idle_bytes / 2**20:.0f} MiB"
    )
    if options.output:
        write_json(options.output, machine=describe(directory), memory=asdict(memory))


def _clone(options: argparse.Namespace, directory: Path) -> None:
    phases = measure_clone(directory, say=_say)
    for phase, seconds in phases.items():
        print(f"{seconds:8.2f} s  {phase}")
    print(f"{sum(phases.values()):8.2f} s  from `git clone` to the first upload")
    if options.output:
        write_json(options.output, machine=describe(directory), clone_seconds=phases)


def _listing(options: argparse.Namespace, directory: Path) -> None:
    if min(options.keys) < KEYS_MIN:
        raise ServerFailed(f"the pages that are asked for need {KEYS_MIN:,} keys")
    pages = measure_listings(directory, options.keys, repeats=options.repeats, say=_say)
    print(f"Medians of {options.repeats} pages each, one after the other on one connection.\n")
    print(render_listings(pages))
    if options.output:
        write_json(options.output, machine=describe(directory), pages=[asdict(page) for page in pages])


def _transfer(options: argparse.Namespace, directory: Path) -> None:
    _need_disk(directory, (2 + 2 * options.rounds) * options.file_bytes + 2 * GIB)
    with Ossicle(directory, options.ossicle) as peer:
        transfers = measure_transfers(peer, directory, file_bytes=options.file_bytes, rounds=options.rounds, say=_say)
    print(
        f"A file of {options.file_bytes / GIB:g} GiB, medians of {options.rounds} rounds, lowest and highest in brackets.\n"
    )
    print(render_transfers(transfers))
    if options.output:
        write_json(options.output, machine=describe(directory), transfers=[asdict(item) for item in transfers])


def _profile(options: argparse.Namespace, directory: Path) -> None:
    costs = measure_requests(directory, count=options.count, say=_say)
    print(render_costs(costs))
    for cost in costs if options.functions else ():
        print(f"\n{cost.title}\n{render_functions(cost, options.functions)}")
    if options.output:
        write_json(options.output, machine=describe(directory), costs=[asdict(cost) for cost in costs])


def _peer(name: str, options: argparse.Namespace, directory: Path) -> Peer:
    return Ossicle(directory, options.ossicle) if name == "ossicle" else PEERS[name](directory)


def _need_disk(directory: Path, needed_bytes: int) -> None:
    free = free_disk_bytes(directory)
    if free < needed_bytes:
        raise ServerFailed(f"{directory} has {free / GIB:.1f} GiB free, {needed_bytes / GIB:.1f} GiB are needed")


def _say(text: str) -> None:
    """Say how it goes, beside the result."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
