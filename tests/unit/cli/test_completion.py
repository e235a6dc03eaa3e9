"""What shells are told."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ossicle.cli.completion import SHELLS
from tests.support.command_line import ossicle
from tests.support.tools import need


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_gets_a_script(shell: str) -> None:
    outcome = ossicle("completion", shell)
    assert (outcome.status, outcome.stderr) == (0, "")
    assert "_OSSICLE_COMPLETE" in outcome.stdout


def test_no_other_shell_does() -> None:
    assert ossicle("completion", "tcsh").status == 2


def completed(line: str, folder: Path) -> list[str]:
    """What bash offers at the end of a line, split into words as it does that."""
    need("bash", "bash")
    script = f"""
eval "$(ossicle completion bash)"
COMP_LINE={line!r} COMP_POINT={len(line)}
_ossicle_completion ossicle
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "--norc", "-c", script],
        cwd=folder,
        env={**environment, "OSS_ENDPOINT": "http://127.0.0.1:9", "OSS_REGION": "cn-hangzhou"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.split()


def test_commands_and_options(tmp_path: Path) -> None:
    assert completed("ossicle c", tmp_path) == ["cp", "cat", "config", "completion"]
    assert completed("ossicle cp --pa", tmp_path) == ["--parallel", "--part-size", "--path-style"]
    assert completed("ossicle config ", tmp_path) == ["set", "get", "list", "path"]


def test_a_scheme_is_completed_and_a_server_that_is_not_there_is_silent(tmp_path: Path) -> None:
    assert completed("ossicle ls os", tmp_path) == ["oss://"]
    assert completed("ossicle ls oss://", tmp_path) == []
    assert completed("ossicle ls -p nowhere oss://b/", tmp_path) == []
