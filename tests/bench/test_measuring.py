"""The benchmarks at their smallest, on real servers: that what is measured is what it is called."""

import http.client
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.compare import Plan, compare
from bench.floors import EmptyApplication, HashOnly
from bench.growth import measure_growth
from bench.listing import figures_of_listings, measure_listings
from bench.load import Load, LoadFailed, send_each
from bench.memory import allow_connections, measure_idle_connections, measure_memory
from bench.multipart import PART_BYTES_MIN, measure_multipart
from bench.refusal import measure_refusals, render_refusals
from bench.seeding import FilledOssicle
from bench.servers import Ossicle, Peer
from bench.target import BUCKET, Ask
from bench.works import Work

MIB = 1024 * 1024


def unheard(text: str) -> None:
    """Take what a measurement says of its progress."""


@pytest.fixture(scope="module")
def ossicle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ossicle]:
    with Ossicle(tmp_path_factory.mktemp("bench")) as peer:
        yield peer


def ask(peer: Peer, ask: Ask) -> tuple[int, bytes]:
    (path,) = peer.target.paths([ask])
    connection = http.client.HTTPConnection(peer.target.host, peer.target.port, timeout=30)
    connection.request(ask.method, path)
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def test_an_upload_in_parts_is_an_object(ossicle: Ossicle) -> None:
    (upload,) = measure_multipart([ossicle], [(3, PART_BYTES_MIN)], rounds=1, say=unheard)
    assert upload.refusal == ""
    status, body = ask(ossicle, Ask(method="GET", key="multipart/3/0", body_bytes=3 * PART_BYTES_MIN))
    assert (status, len(body)) == (200, 3 * PART_BYTES_MIN)


def test_a_refused_complete_says_so(ossicle: Ossicle) -> None:
    (upload,) = measure_multipart([ossicle], [(2, 1024)], rounds=1, say=unheard)
    assert upload.refusal == "400 EntityTooSmall"


def test_memory_counts_what_is_above_the_idle_server(ossicle: Ossicle) -> None:
    allow_connections(20)
    connections = measure_idle_connections(ossicle, connections=20, say=unheard)
    assert connections.count == 20
    assert 0 < connections.idle_bytes < connections.peak_bytes + MIB
    uploads = measure_memory(ossicle, uploads=2, upload_bytes=MIB, say=unheard)
    assert 0 < uploads.idle_bytes <= uploads.peak_bytes


def test_an_answer_that_was_not_asked_for_ends_a_measurement(ossicle: Ossicle) -> None:
    get = Ask(method="GET", key="not-there", body_bytes=1)
    with pytest.raises(LoadFailed, match="NoSuchKey"):
        send_each(Load(target=ossicle.target, asks=[get], connections=1))


def test_floors_answer_what_the_server_would(tmp_path: Path) -> None:
    get = Ask(method="GET", key="anything", body_bytes=4096)
    put = Ask(method="PUT", key="large", body_bytes=MIB)
    works = [
        Work(name="get-4k-8", title="GET", connections=2, asks=lambda _: [get]),
        Work(name="put-1m-8", title="PUT", connections=2, asks=lambda _: [put], counts_bytes=True),
    ]
    plan = Plan(rounds=1, warm_seconds=0.0, seconds=0.2, patience_seconds=0.0, say=unheard)
    runs = compare([EmptyApplication(tmp_path), HashOnly(tmp_path)], works, plan)
    with HashOnly(tmp_path) as hashing:
        hashing.fill([put])
        kept = [path for path in (tmp_path / "hash-only" / "data" / "blobs").rglob("*") if path.is_file()]
    assert [(run.peer, run.work.name) for run in runs] == [("empty", "get-4k-8"), ("hash-only", "put-1m-8")]
    assert all(run.rate.requests > 0 for run in runs)
    assert kept == []


def test_pages_are_those_of_a_bucket_that_was_filled(tmp_path: Path) -> None:
    pages = measure_listings(lambda keys: [FilledOssicle(tmp_path, keys)], [10_000], rounds=1, repeats=2, say=unheard)
    assert [(page.name, page.entries) for page in pages] == [
        ("list-1000", 1000),
        ("list-1000-middle", 1000),
        ("list-folder", 100),
        ("list-delimiter", 100),
    ]
    assert figures_of_listings(pages) == {}


def test_growth_tells_the_size_of_the_database(tmp_path: Path) -> None:
    growths = measure_growth(tmp_path, [100, 2_000], rounds=1, seconds=0.1, command="", say=unheard)
    assert [growth.keys for growth in growths] == [100, 2_000]
    assert growths[1].seeded_bytes > growths[0].seeded_bytes + 1_900 * 50
    assert all(growth.per_second > 0 for growth in growths)


def test_paths_without_keys_name_the_bucket(ossicle: Ossicle) -> None:
    status, document = ask(ossicle, Ask(method="GET", key="", body_bytes=0, query=(("list-type", "2"),)))
    assert status == 200
    assert f"<Name>{BUCKET}</Name>".encode() in document


def test_refusals_are_told_with_and_without_the_search() -> None:
    refusals = measure_refusals(count=2, rounds=1, say=unheard)
    assert len(refusals) == 4
    for refusal in refusals:
        # Even the cheapest search computes signatures anew.
        assert 0 < refusal.without[0] < refusal.explained[0]
    assert "µs with the search" in render_refusals(refusals)
