"""Every example in README.md and docs/ works as it stands, against a real server, in an empty folder, page by page.

An example that can't be run (it never ends, or installs things) is marked: ```bash no-run
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, shown
from tests.support.examples import RUN, SHOWN, Example, examples_of
from tests.support.server import REGION, ServerProcess

SECONDS = 50
WITH_EXAMPLES = [
    page for page in PAGES if any(example.is_run for example in examples_of(page.read_text(encoding="utf-8")))
]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path / "server" / "data") as running:
        yield running


def environment(server: ServerProcess) -> dict[str, str]:
    """What a reader has set up who followed the page: the commands on the path, the keys of the owner."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("OSS_", "OSSICLE_"))}
    return {
        **inherited,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "OSS_ACCESS_KEY_ID": server.access_key_id,
        "OSS_ACCESS_KEY_SECRET": server.access_key_secret,
        "OSS_REGION": REGION,
        "OSS_ENDPOINT": server.endpoint,
    }


def run(example: Example, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = {
        "bash": ["bash", "-euo", "pipefail", "-c", example.text],
        "python": [sys.executable, "-W", "error", "-c", example.text],
    }[example.language]
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=shown)
def test_examples_work(page: Path, server: ServerProcess, tmp_path: Path) -> None:
    folder = tmp_path / "reader"
    folder.mkdir()
    for example in examples_of(page.read_text(encoding="utf-8")):
        if example.is_run:
            done = run(example, folder, environment(server))
            assert done.returncode == 0, f"{shown(page)}, line {example.line}:\n{example.text}\n---\n{done.stdout}"


def test_the_first_page_has_examples() -> None:
    assert "README.md" in [shown(page) for page in WITH_EXAMPLES]


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_fence_says_what_it_holds(page: Path) -> None:
    """A block without a language, or in one under another name, would escape the test above."""
    text = page.read_text(encoding="utf-8")
    unknown = [f"line {each.line}: {each.language!r}" for each in examples_of(text) if each.language not in RUN | SHOWN]
    assert unknown == []
    assert text.count("```") == 2 * len(examples_of(text))


def test_fences_are_found() -> None:
    page = "a\n```bash\necho 1\n```\n\n1. b\n   ```python no-run\n   x = 1\n     y\n   ```\n```\nz\n```\n"
    assert examples_of(page) == [
        Example(language="bash", marks=(), text="echo 1\n", line=2),
        Example(language="python", marks=("no-run",), text="x = 1\n  y\n", line=7),
        Example(language="", marks=(), text="z\n", line=11),
    ]
    assert [example.is_run for example in examples_of(page)] == [True, False, False]
