"""Where is noted how far big files are, and what is big."""

from pathlib import Path

import pytest

from ossicle.cli.moving.options import Choices, state_folder


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


@pytest.mark.parametrize(("size", "is_big"), [(0, False), (99, False), (100, True), (None, True)])
def test_what_is_big(size: int | None, is_big: bool) -> None:
    assert choices().is_big(size) is is_big


def test_metadata() -> None:
    assert choices(meta=("a=b", "c=d=e", "f=")).metadata == {"a": "b", "c": "d=e", "f": ""}
    assert choices().metadata is None
