"""What Linux tells of a process: its memory and its open files. Tests that need it are skipped elsewhere."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

only_on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, which only Linux has")
_RESET_PEAK = "5"


def resident_bytes(pid: int) -> int:
    """Return the memory that a process and its children occupy now; what they share is counted for each."""
    return sum(_status(member, "VmRSS") for member in _family(pid))


def peak_bytes(pid: int) -> int:
    """Return the most memory that each of them occupied since `forget_peak`."""
    return sum(_status(member, "VmHWM") for member in _family(pid))


def forget_peak(pid: int) -> None:
    """Measure the peak anew from here."""
    for member in _family(pid):
        Path(f"/proc/{member}/clear_refs").write_text(_RESET_PEAK)


def open_files(pid: int, directory: Path) -> list[str]:
    """Return the files below `directory` that a process and its children hold open, those that are deleted marked so by the kernel."""
    found = [target for member in _family(pid) for target in _descriptors(member)]
    return [target for target in found if target.startswith(f"{directory}{os.sep}")]


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


def _family(pid: int) -> list[int]:
    return [pid, *children_of(pid)]


def _descriptors(pid: int) -> list[str]:
    found = []
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.append(os.readlink(entry))
        except FileNotFoundError:
            continue  # closed since it was listed
    return found


def _status(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(f"/proc tells no {name} of process {pid}")
