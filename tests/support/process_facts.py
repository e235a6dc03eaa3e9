"""What Linux tells of a process: its memory and its open files. Tests that need it are skipped elsewhere."""

import os
import sys
from pathlib import Path

import pytest

only_on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, which only Linux has")
_RESET_PEAK = "5"


def resident_bytes(pid: int) -> int:
    """Return the memory that a process occupies now."""
    return _status(pid, "VmRSS")


def peak_bytes(pid: int) -> int:
    """Return the most memory that it occupied since `forget_peak`."""
    return _status(pid, "VmHWM")


def forget_peak(pid: int) -> None:
    """Measure the peak anew from here."""
    Path(f"/proc/{pid}/clear_refs").write_text(_RESET_PEAK)


def open_files(pid: int, directory: Path) -> list[str]:
    """Return the files below `directory` that a process holds open, those that are deleted marked so by the kernel."""
    found = []
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = os.readlink(entry)
        except FileNotFoundError:
            continue  # closed since it was listed
        if target.startswith(f"{directory}{os.sep}"):
            found.append(target)
    return found


def _status(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(f"/proc tells no {name} of process {pid}")
