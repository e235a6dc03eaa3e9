"""The pair of keys that signs callbacks."""

import os
import stat
from pathlib import Path

from ossicle.app.callback_key import CallbackKey


async def test_it_is_made_at_first_need_and_kept(tmp_path: Path) -> None:
    key = CallbackKey(tmp_path)
    assert os.listdir(tmp_path) == []
    public, signature = await key.public_key(), await key.sign(b"text")
    (name,) = os.listdir(tmp_path)
    assert stat.S_IMODE(os.stat(tmp_path / name).st_mode) == 0o600
    assert b"BEGIN PUBLIC KEY" in public
    again = CallbackKey(tmp_path)
    assert (await again.sign(b"text"), await again.public_key()) == (signature, public)
