"""`ossicle lifecycle run` over the data directory of a real server, and what the server finds afterwards."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.server import ServerProcess
from tests.support.shell import Finished, Shell

RULES = {
    "rules": [
        {"id": "logs", "prefix": "log/", "status": "Enabled", "expiration": {"days": 1}},
        {
            "id": "cold",
            "prefix": "doc/",
            "status": "Enabled",
            "transitions": [{"days": 30, "storage_class": "IA"}],
        },
    ]
}
LATER = "2125-01-01T00:00:00Z"


@dataclass(frozen=True)
class Place:
    """A server with `life`, its rules, two objects that expire, one that gets colder and one that stays."""

    server: ServerProcess
    shell: Shell

    def run(self, *arguments: str) -> Finished:
        return self.shell.anyone("lifecycle", "run", "--data-dir", str(self.server.data_dir), *arguments)

    def keys(self) -> list[str]:
        listed = self.shell.done("ls", "oss://life", "--recursive", "--json").document
        return [each["key"] for each in listed["objects"]]

    def blobs(self) -> int:
        return sum(path.is_file() for path in (self.server.data_dir / "blobs").rglob("*"))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with ServerProcess(tmp_path / "data", arguments=("--workers", "2")) as server:
        shell = Shell(server, tmp_path)
        document, body = tmp_path / "rules.json", tmp_path / "body"
        document.write_text(json.dumps(RULES))
        body.write_bytes(b"x" * 3_000_000)
        shell.done("mb", "oss://life")
        shell.done("bucket", "put", "lifecycle", "oss://life", "--file", str(document))
        for key in ("log/1", "log/2", "doc/1", "other"):
            shell.done("cp", str(body), f"oss://life/{key}")
        yield Place(server=server, shell=shell)


def test_what_is_due_is_done_and_its_bytes_go(place: Place) -> None:
    place.server.terminate()
    before = place.blobs()
    dry = place.run("--at", LATER, "--dry-run", "--json").document
    done = place.run("--at", LATER, "--json").document
    assert dry["done"] == done["done"] == [
        {"bucket": "life", "rule": "cold", "effect": "transitioned", "count": 1},
        {"bucket": "life", "rule": "logs", "effect": "expired", "count": 2},
    ]  # fmt: skip
    assert (done["at"], done["visited"], done["retained"]) == (LATER, 3, 0)
    assert place.blobs() == before - 2
    again = place.run("--at", LATER)
    assert (again.status, again.stdout) == (0, b"")
    assert "1 versions visited" in again.stderr
    place.server.start()
    assert place.keys() == ["doc/1", "other"]
    assert place.shell.done("stat", "oss://life/doc/1", "--json").document["storage_class"] == "IA"


def test_nothing_is_due_now(place: Place) -> None:
    place.server.terminate()
    done = place.run()
    assert (done.status, done.stdout) == (0, b"")


def test_a_server_that_runs_is_left_alone(place: Place) -> None:
    refused = place.run("--at", LATER)
    assert refused.status == 1
    assert refused.stderr.startswith(
        f"ossicle: the data directory {place.server.data_dir} is in use by another process\nhint: "
    )
    assert len(place.keys()) == 4


def test_a_bucket_that_fails_is_told_in_the_end(place: Place) -> None:
    place.shell.done("mb", "oss://broken")
    rules = place.server.data_dir.parent / "rules.json"
    place.shell.done("bucket", "put", "lifecycle", "oss://broken", "--file", str(rules))
    place.server.terminate()
    with closing(sqlite3.connect(place.server.data_dir / "metadata.sqlite3")) as rows, rows:
        rows.execute(
            "UPDATE bucket_config SET document = x'3C78' WHERE bucket = (SELECT id FROM bucket WHERE name = 'broken')"
        )
    failed = place.run("--at", LATER, "--json")
    assert failed.status == 1, failed.stderr
    assert {each["bucket"] for each in failed.document["done"]} == {"life"}
    error = json.loads(failed.stderr)["error"]
    assert (error["action"], error["source"]) == ("lifecycle of", "broken")
    plain = place.run("--at", LATER)
    assert plain.status == 1
    assert "lifecycle of broken:" in plain.stderr
    place.server.start()
    assert place.keys() == ["doc/1", "other"]


def test_a_run_that_is_killed_loses_nothing_and_is_begun_anew(place: Place) -> None:
    place.server.terminate()
    command = [sys.executable, "-m", "ossicle", "lifecycle", "run", "--data-dir", str(place.server.data_dir)]
    for patience in (0.2, 0.35, 0.5, 0.65):
        with subprocess.Popen([*command, "--at", LATER], stderr=subprocess.PIPE) as broken:
            with suppress(subprocess.TimeoutExpired):
                broken.wait(patience)
            broken.kill()
    assert place.run("--at", LATER).status == 0
    place.server.start()
    assert place.keys() == ["doc/1", "other"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--at", "tomorrow"], "no time"), (["--data-dir", "/nowhere/at/all"], "there is no data directory")],
)
def test_what_is_not_understood(tmp_path: Path, arguments: list[str], message: str) -> None:
    command = [sys.executable, "-m", "ossicle", "lifecycle", "run", "--data-dir", str(tmp_path), *arguments]
    refused = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode == 2
    assert message in refused.stderr
