"""Programs that tests need and that Python packages cannot bring."""

import os
import shutil
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest


def need(tool: str, debian_package: str) -> str:
    """The path of a tool; without it the test is skipped, or fails where CI=true.

    Args:
        tool: name of a program on the path, or the absolute path of any file or folder.
        debian_package: the Debian package that brings it, for the message.
    """
    found = tool if Path(tool).is_absolute() and Path(tool).exists() else shutil.which(tool)
    if found is not None:
        return found
    message = f"{tool} is missing; on Debian: apt-get install {debian_package}"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def need_package(name: str) -> Any:
    """A Python package that is no dependency of the tests as a whole; without it the test is skipped, or fails where CI=true."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        message = f"the Python package {name} is missing; .venv/bin/python -m pip install {name}"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message, allow_module_level=True)
