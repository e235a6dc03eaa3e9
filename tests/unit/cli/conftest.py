"""Nobody's own profiles take part in a test."""

from pathlib import Path

import pytest

from tests.support.command_line import CLIENT_VARIABLES


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty home, and no variable that a client looks at."""
    for name in (*CLIENT_VARIABLES, "OSSICLE_PROFILE", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    return folder
