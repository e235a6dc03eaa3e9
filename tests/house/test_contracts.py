"""The import contracts catch what they are there for: each breach is planted in a copy of the code and must be reported.

A contract that nothing breaks looks the same as one that checks nothing.
"""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.tree import ROOT

# contract, room that gets the import, the import
BREACHES = [
    ("rooms", "wire", "import ossicle.model"),
    ("rooms", "model", "import ossicle.ports"),
    ("rooms", "ports", "import ossicle.services"),
    ("rooms", "stores", "import ossicle.services"),
    ("rooms", "services", "import ossicle.stores"),
    ("rooms", "services", "import ossicle.client"),
    ("rooms", "client", "import ossicle.services"),
    ("rooms", "operations", "import ossicle.edge"),
    ("rooms", "edge", "import ossicle.app"),
    ("rooms", "app", "import ossicle.cli"),
    ("sans-io", "wire", "import os"),
    ("sans-io", "wire", "from time import time"),
    ("sans-io", "model", "import asyncio"),
    ("clients", "client", "import ossicle.model"),
    ("clients", "console", "import ossicle.operations"),
    ("through-services", "operations", "from ossicle import ports"),
    ("through-services", "edge", "import ossicle.ports"),
    ("stores", "stores", "from ossicle.wire import errors"),
    ("stores", "stores", "import ossicle.wire.api"),
    ("wiring", "edge", "import ossicle.stores"),
    ("wiring", "cli", "import ossicle.stores"),
]


def copy_of_the_code(folder: Path) -> Path:
    """A copy of the package below `folder`, with the contracts beside it."""
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder / "src" / "ossicle"


def lint(package: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", *arguments],
        cwd=package.parents[1],
        env={**os.environ, "PYTHONPATH": str(package.parent), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_code_as_it_is_keeps_every_contract(tmp_path: Path) -> None:
    result = lint(copy_of_the_code(tmp_path))
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(("contract", "room", "breach"), BREACHES)
def test_a_planted_breach_is_reported(tmp_path: Path, contract: str, room: str, breach: str) -> None:
    package = copy_of_the_code(tmp_path)
    planted = package / room / "planted.py"
    planted.write_text(f"{breach}\n")

    result = lint(package, "--contract", contract)

    assert result.returncode == 1, result.stdout + result.stderr
    assert f"ossicle.{room}.planted" in result.stdout


def test_a_new_room_without_a_place_is_reported(tmp_path: Path) -> None:
    package = copy_of_the_code(tmp_path)
    (package / "attic").mkdir()
    (package / "attic" / "__init__.py").touch()

    result = lint(package, "--contract", "rooms")

    assert result.returncode == 1, result.stdout + result.stderr
    assert "attic" in result.stdout


def test_every_contract_has_a_breach_that_it_catches() -> None:
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = {contract["id"] for contract in configuration["tool"]["importlinter"]["contracts"]}
    assert contracts == {contract for contract, _, _ in BREACHES}
