"""Power cuts: every state of the disk that one could leave, at every step of a run of the real stores.

The run is recorded as system calls, SQLite's own writes included, and replayed on a disk that forgets what was not synced.
Each state is opened again by the real stores and judged: what was acknowledged is there with its bytes, what is there was
uploaded, and no row names a blob that is missing.
"""

import asyncio
import shutil
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from ossicle.model.objects import ObjectVersion, Segment
from ossicle.ports import Corrupt, Reading, StoreUnavailable
from ossicle.stores.filesystem import FilesystemBlobStore
from ossicle.stores.sqlite import SqliteMetadataStore
from ossicle.wire.names import ObjectKey
from tests.integration.programs.upload_and_overwrite import body_of
from tests.support import strace
from tests.support.power_cut import Disk, Outcome, lay_out
from tests.support.stored import noon
from tests.support.strace import Call

ROOT = Path(__file__).parents[2]
KEYS = ["large", "small", "one", "two", "three", "four"]
ABSENT = 0


class Promises:
    """What may be there: per key the number acknowledged last, and those begun since."""

    def __init__(self) -> None:
        self.allowed: dict[str, set[int]] = {key: {ABSENT} for key in KEYS}

    def heard(self, call: Call) -> None:
        """Take in a line that the program wrote."""
        for line in call.data.decode().splitlines():
            word, key, number = line.split()
            if word == "begin":
                self.allowed[key].add(int(number))
            else:
                self.allowed[key] = {int(number)}


class Broken(AssertionError):
    """A state of the disk that breaks a promise."""


def record(directory: Path, fault: str = "") -> list[Call]:
    program = [sys.executable, "-m", "tests.integration.programs.upload_and_overwrite", str(directory / "data"), fault]
    return strace.record(program, output=directory / "trace", data_bytes=1 << 20, cwd=ROOT)


def is_line(call: Call) -> bool:
    return call.name == "write" and call.descriptor == 1


def states(directory: Path, calls: list[Call]) -> Iterator[tuple[Call, Outcome, dict[str, set[int]]]]:
    """Yield every different state that a power cut could leave, with what may be found in it."""
    promises = Promises()
    seen: set[tuple[bytes, str]] = set()
    # The index of the log is memory shared by processes: nobody syncs it and SQLite makes it anew.
    for moment in Disk(directory, ignored_suffixes=("-shm", "trace")).replay(calls, is_line):
        if is_line(moment.after):
            promises.heard(moment.after)
        for outcome in moment.outcomes:
            state = (outcome.fingerprint, repr(sorted(promises.allowed.items())))
            if state not in seen:
                seen.add(state)
                yield moment.after, outcome, promises.allowed


async def judge(data_dir: Path, allowed: dict[str, set[int]]) -> None:
    """Open the stores on what is left and hold it against what was promised."""
    try:
        metadata = await SqliteMetadataStore.open(data_dir, noon, durable=False)
        blobs = await FilesystemBlobStore.open_root(data_dir, durable=False)
        try:
            for key in KEYS:
                found = await look(metadata, blobs, key)
                if found not in allowed[key]:
                    raise Broken(f"{key} is upload {found}, allowed are {sorted(allowed[key])}")
        finally:
            await blobs.close()
            await metadata.close()
    except (Corrupt, StoreUnavailable) as error:
        raise Broken(repr(error)) from error
    check_database(data_dir)


async def look(metadata: SqliteMetadataStore, blobs: FilesystemBlobStore, key: str) -> int:
    """Return the number of the upload whose bytes, all of them, are there."""

    def find(reading: Reading) -> tuple[ObjectVersion, bytes | None, Sequence[Segment]] | None:
        version = reading.current_version(1, ObjectKey(key))
        if version is None:
            return None
        return version, reading.small_body(version.id), reading.segments(version.id, start=0, length=version.size)

    found = await metadata.read(find)
    if found is None:
        return ABSENT
    version, content, segments = found
    for segment in segments:
        reader = await blobs.open(segment.blob)
        content = await reader.read(segment.offset, segment.length)
        await reader.close()
    if content != body_of(key, version.id, version.size):
        raise Broken(f"the bytes of {key}, upload {version.id}, are not its own")
    return version.id


def check_database(data_dir: Path) -> None:
    connection = sqlite3.connect(data_dir / "metadata.sqlite3")
    try:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        if found != ["ok"] or connection.execute("PRAGMA foreign_key_check").fetchall():
            raise Broken(f"the database is damaged: {found}")
    finally:
        connection.close()


def judge_all(recorded: Path, calls: list[Call], scratch: Path) -> tuple[int, list[str]]:
    """Judge every state; return how many there were, and what was wrong."""
    count, wrong = 0, []
    for after, outcome, allowed in states(recorded, calls):
        count += 1
        place = scratch / str(count)
        lay_out(outcome.tree, place)
        try:
            asyncio.run(judge(place / "data", allowed))
        except Broken as broken:
            wrong.append(
                f"after {after.name} of {after.path}, names {outcome.are_names_latest}, "
                f"bytes {outcome.are_bytes_latest}: {broken}"
            )
        shutil.rmtree(place, ignore_errors=True)
    return count, wrong


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_no_power_cut_takes_what_was_acknowledged(tmp_path: Path) -> None:
    recorded = tmp_path / "recorded"
    recorded.mkdir()
    calls = record(recorded)
    count, wrong = judge_all(recorded, calls, tmp_path / "scratch")
    assert wrong == []
    assert count > 300


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("fault", ["relaxed", "no sync of files", "no sync of directories"])
def test_a_sync_left_out_is_found(tmp_path: Path, fault: str) -> None:
    recorded = tmp_path / "recorded"
    recorded.mkdir()
    calls = record(recorded, fault)
    for number, (_, outcome, allowed) in enumerate(states(recorded, calls)):
        place = tmp_path / "scratch" / str(number)
        lay_out(outcome.tree, place)
        try:
            asyncio.run(judge(place / "data", allowed))
        except Broken:
            return
        shutil.rmtree(place, ignore_errors=True)
    pytest.fail("no state of the disk showed it")
