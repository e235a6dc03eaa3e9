"""What the operating system tells of this machine and of a process; where it tells nothing, None."""

import os
import platform
import re
import shutil
import sys
import time
from pathlib import Path
from typing import Final

QUIET_CPUS: Final = 0.25
"""Processors that others may keep busy while a machine still counts as quiet."""
_MOMENT_SECONDS: Final = 1.0


def describe(directory: Path) -> dict[str, object]:
    """Return what a reader needs to know before believing a figure; `directory` is where the servers write."""
    return {
        "processors": os.cpu_count(),
        "model": _processor_model(),
        "memory_bytes": _physical_memory(),
        "system": platform.platform(),
        "python": sys.version.split()[0],
        "file_system": _file_system(directory),
        "free_disk_bytes": free_disk_bytes(directory),
        "load_average": load_average(),
    }


def load_average() -> float:
    """Return how many processes wanted to run, over the last minute."""
    return round(os.getloadavg()[0], 2)


def free_disk_bytes(directory: Path) -> int:
    """Return the space that is left where `directory` lies."""
    return shutil.disk_usage(directory).free


def busy_seconds() -> float | None:
    """Return the processor time that everything on this machine has used, what its host took away included."""
    try:
        fields = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()
    except OSError:
        return None
    user, nice, system, _idle, _waiting, interrupts, soft_interrupts, stolen = map(int, fields[1:9])
    return (user + nice + system + interrupts + soft_interrupts + stolen) / os.sysconf("SC_CLK_TCK")


def wait_for_quiet(patience_seconds: float) -> None:
    """Wait until the machine has been idle for a moment, but not longer than that."""
    until = time.monotonic() + patience_seconds
    while time.monotonic() < until:
        before = busy_seconds()
        time.sleep(_MOMENT_SECONDS)
        after = busy_seconds()
        if before is None or after is None or after - before < _MOMENT_SECONDS * QUIET_CPUS:
            return


def cpu_seconds(pid: int) -> float | None:
    """Return the processor time that a server has used: the process that leads its session, and those that live in it."""
    if not Path(f"/proc/{pid}/stat").exists():
        return None
    times = [_session_and_ticks(path) for path in Path("/proc").glob("[0-9]*/stat")]
    return sum(ticks for session, ticks in times if session == pid) / os.sysconf("SC_CLK_TCK")


def _session_and_ticks(path: Path) -> tuple[int, int]:
    try:
        fields = path.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:  # it has ended since it was listed
        return 0, 0
    return int(fields[3]), int(fields[11]) + int(fields[12])


def memory_bytes(pid: int) -> int | None:
    """Return what a process has in memory now."""
    return _status_bytes(pid, "VmRSS")


def peak_memory_bytes(pid: int) -> int | None:
    """Return the most that a process ever had in memory, or had since `reset_peak_memory`."""
    return _status_bytes(pid, "VmHWM")


def reset_peak_memory(pid: int) -> bool:
    """Let the peak of a process begin anew, and say whether that worked."""
    try:
        Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return False
    return True


def _status_bytes(pid: int, name: str) -> int | None:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(rf"^{name}:\s+(\d+) kB$", status, re.MULTILINE)
    return None if found is None else int(found.group(1)) * 1024


def _physical_memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _processor_model() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return platform.machine() if found is None else found.group(1)


def _file_system(directory: Path) -> str | None:
    """Return the type of the file system, such as ext4: one that lives in memory makes every figure of a disk void."""
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    mounts = [(line.split()[1], line.split()[2]) for line in lines]
    above = {str(directory.resolve()), *map(str, directory.resolve().parents)}
    return max((mount for mount in mounts if mount[0] in above), key=lambda mount: len(mount[0]), default=("", None))[1]
