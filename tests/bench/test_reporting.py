"""What the benchmarks print: medians with their spread, ratios inside a round, goals with a verdict, and a plot that is an image."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bench.compare import Run
from bench.floors import EmptyApplication, HashOnly
from bench.goals import GOALS, render_goals
from bench.load import Rate
from bench.outcome import Figure, Outcome
from bench.plot import render_plot
from bench.report import figures_of, render_effort, render_table
from bench.servers import Ossicle, SeaweedFS
from bench.suite import write_report
from bench.works import WORKS

MIXED = next(work for work in WORKS if work.name == "mixed-64")
GET_SMALL = next(work for work in WORKS if work.name == "get-4k-8")
PUT_LARGE = next(work for work in WORKS if work.name == "put-16m-8")


def run_of(peer: str, number: int, requests: int, *, work: object = MIXED, p99_ms: float = 5.0) -> Run:
    rate = Rate(
        requests=requests,
        body_bytes=requests * 10_000_000,
        seconds=2.0,
        p50_ms=1.0,
        p99_ms=p99_ms,
        generator_cpu=0.5,
        server_cpu=1.0,
        foreign_cpu=0.0,
        is_repeated=False,
    )
    assert work in WORKS
    return Run(peer=peer, work=next(each for each in WORKS if each is work), round=number, rate=rate, load_average=0.0)


def test_a_ratio_is_taken_inside_each_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.servers.program_of_this_environment", lambda *_: "weed")  # which is not started
    runs = [
        run_of("Ossicle", 0, 400, p99_ms=5.0),
        run_of("SeaweedFS", 0, 100, p99_ms=10.0),
        run_of("SeaweedFS", 1, 400, p99_ms=4.0),
        run_of("Ossicle", 1, 800, p99_ms=6.0),
    ]
    peers = [Ossicle(tmp_path), SeaweedFS(tmp_path)]
    figures = figures_of(runs, peers)
    assert figures["mixed-64:SeaweedFS"] == Figure(median=3.0, lowest=2.0, highest=4.0)
    assert figures["mixed-64-p99:SeaweedFS"] == Figure(median=1.0, lowest=0.5, highest=1.5)
    assert "3.00 × (2.00 to 4.00)" in render_table(runs, peers)
    assert "300 /s (200 to 400)" in render_table(runs, peers)
    assert "5.50 (5.00 to 6.00)" in render_effort(runs, peers)


def test_a_floor_stands_as_a_share(tmp_path: Path) -> None:
    runs = [run_of("Ossicle", 0, 60, work=GET_SMALL), run_of("empty", 0, 100, work=GET_SMALL)]
    table = render_table(runs, [Ossicle(tmp_path), EmptyApplication(tmp_path)])
    assert "% of empty" in table
    assert "60 % (60 to 60)" in table


def test_peers_take_part_in_what_they_can(tmp_path: Path) -> None:
    empty, hashing = EmptyApplication(tmp_path), HashOnly(tmp_path)
    assert [peer.takes(GET_SMALL) for peer in (empty, hashing)] == [True, False]
    assert [peer.takes(PUT_LARGE) for peer in (empty, hashing)] == [False, True]
    assert not any(peer.takes(MIXED) for peer in (empty, hashing))


def test_goals_are_judged_by_the_median_and_name_what_is_missing() -> None:
    figures = {
        "put-4k-8:SeaweedFS": Figure(median=2.5, lowest=2.1, highest=3.0),
        "put-4k-64:SeaweedFS": Figure(median=2.6, lowest=2.0, highest=3.0),
        "verify": Figure(median=41.0, lowest=40.5, highest=60.0),
    }
    lines = render_goals(figures).splitlines()
    assert lines[2] == "| PUT 4 KiB, 8 connections | at least 2 × SeaweedFS | 2.50 × (2.10 to 3.00) | yes |"
    assert lines[3].endswith("| yes, not in every round |")
    assert lines[4].endswith("| at most 40 µs | 41.0 µs (40.5 to 60.0) | **no** |")
    assert "Not measured here: PUT 1 MiB; PUT 16 MiB;" in lines[-1]


def test_every_goal_of_a_rate_is_about_a_work_that_is_run() -> None:
    rated = {goal.figure.partition(":")[0].removesuffix("-p99") for goal in GOALS if ":" in goal.figure}
    assert rated - {work.name for work in WORKS} == {"multipart", "list-1000", "list-delimiter", "presign"}


def test_the_plot_has_a_bar_for_each_work_beside_seaweedfs() -> None:
    figures = {
        "put-4k-8:SeaweedFS": Figure(median=2.5, lowest=2.1, highest=3.0),
        "get-16m-8:SeaweedFS": Figure(median=0.9, lowest=0.01, highest=40.0),
        "get-16m-8:nginx": Figure(median=0.5, lowest=0.4, highest=0.6),
    }
    plot = render_plot(figures)
    assert plot is not None
    drawn = ET.fromstring(plot)
    name = "{http://www.w3.org/2000/svg}"
    assert len(drawn.findall(f"{name}rect")) == 1 + 2
    texts = [text.text for text in drawn.findall(f"{name}text")]
    assert {"2.50 ×", "0.90 ×", "PUT 4 KiB, 8 connections", "GET 16 MiB"} <= set(texts)
    places = [float(line.get(end, "")) for line in drawn.findall(f"{name}line") for end in ("x1", "x2")]
    assert all(0 <= place <= float(drawn.get("width", "0")) for place in places)
    assert render_plot({}) is None


def test_a_report_holds_goals_outcomes_and_failures(tmp_path: Path) -> None:
    figure = Figure(median=6.0, lowest=5.0, highest=7.0)
    outcome = Outcome(
        name="multipart", title="Parts", text="A table.", data=[{"x": 1}], figures={"multipart:SeaweedFS": figure}
    )
    write_report(tmp_path, "Benchmark", {"processors": 2}, [outcome], ["listing: it fell\nin two lines"])
    report = (tmp_path / "report.md").read_text()
    assert "| multipart upload | at least 2 × SeaweedFS | 6.00 × (5.00 to 7.00) | yes |" in report
    assert "## Parts\n\nA table." in report
    assert "**Failed:** listing: it fell\n" in report
    assert "(plot.svg)" in report
    assert (tmp_path / "plot.svg").exists()
    kept = json.loads((tmp_path / "report.json").read_text())
    assert kept["multipart"]["data"] == [{"x": 1}]
    assert kept["multipart"]["figures"]["multipart:SeaweedFS"]["median"] == 6.0
