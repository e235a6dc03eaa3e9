"""What the dead left in the staging area."""

from pathlib import Path

from ossicle.stores.staging import empty
from tests.support.stored import make_blob_id


def test_one_incarnation_s_files_go_and_then_all(tmp_path: Path) -> None:
    names = [make_blob_id(1, incarnation=1), make_blob_id(2, incarnation=0x11), "something else"]
    for name in names:
        (tmp_path / name).touch()
    empty(tmp_path, 0x11)
    assert {path.name for path in tmp_path.iterdir()} == {names[0], names[2]}
    empty(tmp_path)
    assert list(tmp_path.iterdir()) == []
