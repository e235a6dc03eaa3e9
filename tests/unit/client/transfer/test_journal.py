"""Checkpoints: whatever a crash leaves of one, what is read is the beginning of what was written, or nothing."""

import json
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.client.transfer.journal import Journal, journal_path

FACTS: dict[str, Any] = {"source": "oss://b/ключ", "size": 7, "etag": '"E"'}
LINES = [[1, 2**63], [3, 0], [2, 17], [10_000, 2**64 - 1]]


def written(path: Path) -> bytes:
    journal = Journal.begin(path, FACTS)
    for line in LINES:
        journal.add(line)
    return path.read_bytes()


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    written(path)
    found = Journal.read(path)
    assert found is not None
    assert (found.facts, found.lines) == (FACTS, LINES)
    assert found.fits(FACTS)
    assert found.fits({"size": 7})
    assert not found.fits({**FACTS, "size": 8})
    assert not found.fits({"other": None, "size": 8})
    found.remove()
    found.remove()
    assert list(tmp_path.iterdir()) == []
    assert Journal.read(path) is None


def test_torn_at_any_byte_it_is_a_beginning_and_can_be_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    whole = written(path)
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        found = Journal.read(path)
        complete = whole[:length].count(b"\n")
        if complete == 0:
            assert found is None
            continue
        assert found is not None
        assert (found.facts, found.lines) == (FACTS, LINES[: complete - 1])
        found.add("more")
        again = Journal.read(path)
        assert again is not None
        assert again.lines == [*LINES[: complete - 1], "more"]


@given(st.binary(max_size=60))
def test_no_content_is_too_strange(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "strange"
    path.write_bytes(content)
    assert Journal.read(path) is None
    path.write_bytes(json.dumps({"format": 1, "a": 1}).encode() + b"\n" + content)
    found = Journal.read(path)
    assert found is not None
    assert found.facts == {"a": 1}


def test_another_format_is_as_none(tmp_path: Path) -> None:
    (tmp_path / "journal").write_text('{"format": 2}\n')
    assert Journal.read(tmp_path / "journal") is None


def test_it_is_for_its_owner_and_replaces_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_text("old")
    Journal.begin(path, FACTS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["journal"]


def test_lines_of_several_threads_do_not_mix(tmp_path: Path) -> None:
    journal = Journal.begin(tmp_path / "journal", FACTS)

    def add(number: int) -> None:
        for line in range(100):
            journal.add([number, line])

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = Journal.read(tmp_path / "journal")
    assert found is not None
    assert sorted(found.lines) == [[n, i] for n in range(4) for i in range(100)]


def test_every_transfer_has_a_place_of_its_own(tmp_path: Path) -> None:
    texts = ["a", "b", "a\0b", "é", "\udc80", "\ud800"]
    places = [journal_path(tmp_path, kind, a, b) for kind in ("upload", "download") for a in texts for b in texts]
    # Only what holds a NUL, as neither a path nor a key does, may meet another one.
    assert len(set(places)) >= len(places) - 4
    assert journal_path(None, "upload", "a", "b") == Path(journal_path(tmp_path, "upload", "a", "b").name)
