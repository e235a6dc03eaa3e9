"""What Linux tells of a process: its memory and its open files. Tests that need it are skipped elsewhere."""

import os
import sys
from collections.abc import Sequence
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


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started and that still are."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def holder_of(pids: Sequence[int], port: int, peer_port: int) -> int | None:
    """Return which of these processes holds the end at `port` of a connection over IPv4 from `peer_port`."""
    here, there = f":{port:04X}", f":{peer_port:04X}"
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1].endswith(here) and fields[2].endswith(there):
            sockets = f"socket:[{fields[9]}]"
            return next((pid for pid in pids if sockets in _descriptors(pid)), None)
    return None


def _descriptors(pid: int) -> set[str]:
    found = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.add(os.readlink(entry))
        except FileNotFoundError:
            continue  # closed since it was listed
    return found


def _status(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(f"/proc tells no {name} of process {pid}")
