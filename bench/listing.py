"""What a page of a listing costs as the bucket grows: it should be the entries returned, not the keys that are there."""

import http.client
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bench.load import LoadFailed
from bench.machine import cpu_seconds
from bench.outcome import Figure, render_rows
from bench.seeding import FOLDERS, folder
from bench.servers import Peer, running
from bench.target import BUCKET, Ask

KEYS_MIN: Final = 100 * FOLDERS
"""A page of a hundred keys fits one folder then."""
_FIRST: Final = "Ossicle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One kind of page on a bucket of `keys` keys, in one round: medians of wall time and of the server's processor time."""

    name: str
    title: str
    peer: str
    round: int
    keys: int
    entries: int
    milliseconds: float
    server_cpu_ms: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    name: str
    title: str
    entries: int
    query: tuple[tuple[str, str], ...]


_MIDDLE: Final = folder(FOLDERS // 2)
_QUESTIONS: Final = tuple(
    _Question(name=name, title=title, entries=entries, query=(("list-type", "2"), ("max-keys", limit), *query))
    for name, title, entries, limit, query in (
        ("list-1000", "1,000 keys from the start", 1000, "1000", ()),
        ("list-1000-middle", "1,000 keys from the middle", 1000, "1000", (("start-after", _MIDDLE),)),
        ("list-folder", "100 keys of one folder", 100, "100", (("prefix", _MIDDLE),)),
        ("list-delimiter", f"delimiter: {FOLDERS} folders", FOLDERS, "1000", (("delimiter", "/"),)),
    )
)


def measure_listings(
    fill: Callable[[int], Sequence[Peer]],
    counts: Sequence[int],
    *,
    rounds: int,
    repeats: int,
    say: Callable[[str], None],
) -> list[Page]:
    """Ask the servers that `fill` makes for each number of keys, in turn, for pages: each kind `repeats` times in a row."""
    pages = []
    for keys in counts:
        peers = fill(keys)
        say(f"writing {keys:,} keys ...")
        with running(peers):
            for number in range(rounds):
                for question in _QUESTIONS:
                    order = peers if number % 2 == 0 else peers[::-1]
                    pages += [_measure(peer, keys, number, question, repeats) for peer in order]
                say(f"round {number + 1}  pages of {keys:,} keys done")
    return pages


def render_listings(pages: Sequence[Page]) -> str:
    """Return a Markdown table: kinds of pages and numbers of keys down, servers across."""
    peers = list(dict.fromkeys(page.peer for page in pages))
    peers.sort(key=lambda name: name != _FIRST)
    others = peers[1:]
    rows = []
    for title, keys in dict.fromkeys((page.title, page.keys) for page in pages):
        of = {
            name: [page for page in pages if (page.title, page.keys, page.peer) == (title, keys, name)]
            for name in peers
        }
        ratios = [_ratio(of[other], of[_FIRST]).show(2, " ×") for other in others]
        rows.append([title, f"{keys:,}", *(_cell(of[name]) for name in peers), *ratios])
    titles = ["page", "keys there", *(f"{name} ms" for name in peers), *(f"faster than {other}" for other in others)]
    return render_rows(titles, rows)


def figures_of_listings(pages: Sequence[Page]) -> dict[str, Figure]:
    """Return how many times faster pages of the fullest bucket are, and how many times slower than those of the emptiest."""
    fewest, most = min(page.keys for page in pages), max(page.keys for page in pages)
    figures = {}
    for name in dict.fromkeys(page.name for page in pages):
        mine = [page for page in pages if (page.name, page.peer) == (name, _FIRST)]
        full = [page for page in mine if page.keys == most]
        for other in {page.peer for page in pages} - {_FIRST}:
            theirs = [page for page in pages if (page.name, page.peer, page.keys) == (name, other, most)]
            figures[f"{name}:{other}"] = _ratio(theirs, full)
        if fewest < most:
            figures[f"{name}-growth"] = _ratio(full, [page for page in mine if page.keys == fewest])
    return figures


def _ratio(pages: Sequence[Page], others: Sequence[Page]) -> Figure:
    """Return the ratio of their times, taken inside each round."""
    times = {page.round: page.milliseconds for page in others}
    return Figure.of(page.milliseconds / times[page.round] for page in pages)


def _cell(pages: Sequence[Page]) -> str:
    used = [page.server_cpu_ms for page in pages if page.server_cpu_ms is not None]
    cpu = f", CPU {statistics.median(used):.1f}" if used else ""
    return Figure.of(page.milliseconds for page in pages).show(1) + cpu


def _measure(peer: Peer, keys: int, number: int, question: _Question, repeats: int) -> Page:
    target = peer.target
    (path,) = target.paths([Ask(method="GET", key="", body_bytes=0, query=question.query)])
    connection = http.client.HTTPConnection(target.host, target.port, timeout=60)
    seconds = []
    try:
        _ask(connection, path, question)
        before = cpu_seconds(target.pid)
        for _ in range(repeats):
            began = time.perf_counter()
            _ask(connection, path, question)
            seconds.append(time.perf_counter() - began)
        after = cpu_seconds(target.pid)
    finally:
        connection.close()
    used = None if before is None or after is None else (after - before) / repeats * 1000
    return Page(
        name=question.name,
        title=question.title,
        peer=peer.name,
        round=number,
        keys=keys,
        entries=question.entries,
        milliseconds=statistics.median(seconds) * 1000,
        server_cpu_ms=used,
    )


def _ask(connection: http.client.HTTPConnection, path: str, question: _Question) -> None:
    connection.putrequest("GET", path, skip_accept_encoding=True)
    connection.endheaders()
    answer = connection.getresponse()
    document = answer.read()
    entries = document.count(b"<Contents>") + document.count(b"<CommonPrefixes>")
    if answer.status != 200 or entries != question.entries:
        raise LoadFailed(
            f"{BUCKET}: status {answer.status}, {entries} instead of {question.entries} entries: {document[:500]!r}"
        )
