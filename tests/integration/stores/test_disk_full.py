"""A disk that is really full: what was acknowledged stays, what did not fit is refused, nothing is half there."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from ossicle.model.objects import ObjectVersion, Segment
from ossicle.ports import Reading
from ossicle.stores.filesystem import FilesystemBlobStore
from ossicle.stores.sqlite import SqliteMetadataStore
from tests.support.stored import noon

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What `programs/fill_disk.py` prints."""

    acknowledged: list[str]
    refused: list[str]
    is_metadata_healthy: bool
    is_blobs_healthy: bool


def fill(data_dir: Path, growth: int = 0) -> Outcome:
    command = [sys.executable, "-m", "tests.integration.programs.fill_disk", str(data_dir), str(growth)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=50, check=False)
    assert ended.returncode == 0, ended.stderr
    return Outcome(**json.loads(ended.stdout))


def all_versions(reading: Reading) -> list[tuple[ObjectVersion, bytes | None, Sequence[Segment]]]:
    page = reading.list_objects(1, prefix="", delimiter="", after="", limit=1000)
    versions = [reading.current_version(1, entry.key) for entry in page.objects]
    return [
        (version, reading.small_body(version.id), reading.segments(version.id, start=0, length=version.size))
        for version in versions
        if version is not None
    ]


async def stored(data_dir: Path) -> set[str]:
    """Open the stores again; return the keys, having read the bytes of every one."""
    metadata = await SqliteMetadataStore.open(data_dir, noon, durable=False)
    blobs = await FilesystemBlobStore.open_root(data_dir, durable=False)
    found = await metadata.scan(all_versions)
    for _, small_body, segments in found:
        if small_body is not None:
            assert small_body == bytes(8 * 1024)
        for segment in segments:
            reader = await blobs.open(segment.blob)
            assert await reader.read(segment.offset, segment.length) == bytes(segment.length)
            await reader.close()
    await blobs.close()
    await metadata.close()
    return {version.key for version, _, _ in found}


def leftovers(data_dir: Path) -> list[Path]:
    return list((data_dir / "staging").iterdir())


async def test_a_log_that_can_not_grow_stops_the_writer_and_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    outcome = fill(tmp_path / "data", growth=450_000)
    assert outcome.acknowledged
    assert outcome.refused[0] == "disk I/O error"
    assert set(outcome.refused[1:]) == {"writing has stopped until a restart: disk I/O error"}
    assert not outcome.is_metadata_healthy
    log = tmp_path / "data" / "metadata.sqlite3-wal"
    assert log.stat().st_size > 0, "a log that may be the only true copy was thrown away"
    assert set(outcome.acknowledged) <= await stored(tmp_path / "data")


async def test_a_file_that_can_not_grow_refuses_its_blob_alone(tmp_path: Path) -> None:
    # Room for the log of a bucket and some objects, but for no file of 512 KiB.
    outcome = fill(tmp_path / "data", growth=120_000)
    assert "no space left for writing a blob: File too large" in outcome.refused
    assert outcome.is_blobs_healthy
    assert leftovers(tmp_path / "data") == []
    assert set(outcome.acknowledged) <= await stored(tmp_path / "data")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two MiB."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small file system")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "ossicle-test", str(disk)], check=False)
    if mounted.returncode != 0:
        pytest.skip("this machine allows no mount")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


async def test_a_full_disk_refuses_and_takes_again_when_there_is_room(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(512 * 1024))
    data_dir = small_disk / "data"
    outcome = fill(data_dir)
    assert outcome.acknowledged
    assert len(outcome.acknowledged) + len(outcome.refused) == 200
    assert any("no space left" in text for text in outcome.refused)
    assert "database or disk is full" in outcome.refused
    assert outcome.is_metadata_healthy
    assert outcome.is_blobs_healthy
    assert leftovers(data_dir) == []
    ballast.unlink()
    assert set(outcome.acknowledged) <= await stored(data_dir)
