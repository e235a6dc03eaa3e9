"""Where is noted how far big files are, and what is big."""

from pathlib import Path
from threading import Event
from typing import Any

import pytest

from ossicle.cli.moving.options import Choices, Mover, state_folder


def choices(**given: object) -> Choices:
    default: dict[str, object] = dict.fromkeys(Choices.__dataclass_fields__)
    return Choices(**{**default, "bigfile_threshold": 100, "meta": (), **given})  # type: ignore[arg-type]


def test_the_folder_of_this_program_s_state(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert state_folder() == home / ".local" / "state" / "ossicle"
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert state_folder() == tmp_path / "ossicle"


def test_checkpoints_are_nobody_else_s_business(home: Path) -> None:
    folder = choices().folder_of_checkpoints()
    assert folder == home / ".local" / "state" / "ossicle" / "checkpoints"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_checkpoints_where_they_are_wanted(tmp_path: Path) -> None:
    assert choices(checkpoint_dir=tmp_path / "marks").folder_of_checkpoints() == tmp_path / "marks"
    assert (tmp_path / "marks").is_dir()


@pytest.mark.parametrize(("size", "is_big"), [(0, False), (99, False), (100, True), (None, False)])
def test_what_is_big(size: int | None, is_big: bool) -> None:
    assert choices().is_big(size) is is_big


def test_metadata() -> None:
    assert choices(meta=("a=b", "c=d=e", "f=")).metadata == {"a": "b", "c": "d=e", "f": ""}
    assert choices().metadata is None


def options_of_a_transfer(**given: Any) -> dict[str, Any]:
    return given


def test_where_no_checkpoint_can_be_the_transfer_goes_on_and_that_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    told: list[str] = []
    chosen = choices(checkpoint_dir=tmp_path / "file" / "marks", parallel=3)
    mover = Mover(client=None, choices=chosen, cancel=Event(), warn=told.append)  # type: ignore[arg-type]
    for _ in range(2):
        assert "enable_checkpoint" not in mover.transfer(options_of_a_transfer, 100)
    assert not mover.is_resumable(100)
    assert len(told) == 1
    assert "--checkpoint-dir" in told[0]


def test_what_is_small_needs_no_folder(home: Path) -> None:
    mover = Mover(client=None, choices=choices(), cancel=Event(), warn=pytest.fail)  # type: ignore[arg-type]
    assert mover.transfer(options_of_a_transfer, 99)["parallel_num"] == 1
    assert not mover.is_resumable(99)
    assert list(home.iterdir()) == []
    assert mover.is_resumable(100)
