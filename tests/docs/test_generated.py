"""What is written from the code is up to date, and the tool that says so can say otherwise."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import ROOT
from tools import generate_docs
from tools.generate_docs import GENERATED, PAGES, differences


def test_the_pages_are_up_to_date() -> None:
    assert differences(ROOT) == "", "run: make docs"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_differs_or_is_missing_is_shown(tmp_path: Path, name: str) -> None:
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    page = tmp_path / name
    changed = page.read_text(encoding="utf-8").replace(GENERATED, "By hand.")
    page.write_text(changed, encoding="utf-8")
    assert "-By hand." in differences(tmp_path)
    page.unlink()
    assert f"+{GENERATED}" in differences(tmp_path)


def test_a_page_says_where_it_comes_from() -> None:
    for name, write in PAGES.items():
        assert GENERATED in write(), name


def test_the_command_writes_and_checks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(generate_docs, "ROOT", tmp_path)

    monkeypatch.setattr(sys, "argv", ["generate_docs.py", "--check"])
    assert generate_docs.main() == 1
    assert list((tmp_path / "docs").iterdir()) == []

    monkeypatch.setattr(sys, "argv", ["generate_docs.py"])
    assert generate_docs.main() == 0
    assert differences(tmp_path) == ""

    monkeypatch.setattr(sys, "argv", ["generate_docs.py", "--check"])
    assert generate_docs.main() == 0


def test_it_runs_as_make_runs_it() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.generate_docs", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
