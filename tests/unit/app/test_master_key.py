"""The master key: made once, whole, and for its owner's eyes."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ossicle.app.master_key import MasterKeyError, parse_master_key, read_or_make_master_key
from ossicle.app.settings import SettingsError, load_settings


def test_a_key_is_made_once(tmp_path: Path) -> None:
    made = read_or_make_master_key(tmp_path, secrets.token_bytes)
    assert len(made) == 32
    assert read_or_make_master_key(tmp_path, secrets.token_bytes) == made
    assert [path.name for path in tmp_path.iterdir()] == ["master.key"]
    assert (tmp_path / "master.key").stat().st_mode & 0o777 == 0o600


def test_workers_that_begin_together_have_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as threads:
        keys = set(threads.map(lambda _: read_or_make_master_key(tmp_path, secrets.token_bytes), range(64)))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["master.key"]


@pytest.mark.parametrize("text", ["", "00" * 31, "00" * 33, "zz" * 32, "passphrase"])
def test_what_is_no_key_is_refused_and_not_shown(text: str, tmp_path: Path) -> None:
    with pytest.raises(MasterKeyError) as refusal:
        parse_master_key(text)
    assert not text or text not in str(refusal.value)
    (tmp_path / "master.key").write_text(text)
    with pytest.raises(MasterKeyError):
        read_or_make_master_key(tmp_path, secrets.token_bytes)
    if text:
        with pytest.raises(SettingsError) as wrong:
            load_settings({}, {"OSSICLE_MASTER_KEY": text})
        assert text not in str(wrong.value)


def test_bytes_that_are_no_text_are_not_shown(tmp_path: Path) -> None:
    (tmp_path / "master.key").write_bytes(b"\xff\xfe")
    with pytest.raises(MasterKeyError, match="is no master key"):
        read_or_make_master_key(tmp_path, secrets.token_bytes)


def test_the_environment_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("ab" * 32 + "\n")
    assert load_settings({}, {"OSSICLE_MASTER_KEY_FILE": str(path)}).master_key == b"\xab" * 32
    assert load_settings({}, {}).master_key is None
