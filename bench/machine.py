"""What the operating system tells of this machine and of a process; where it tells nothing, None."""

import os
import platform
import re
import shutil
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Process:
    pid: int
    parent: int
    session: int
    ticks: int


def processes_of(pid: int) -> list[int]:
    """Return the processes of a server: the one that was started, what came of it, and what else lives in its session."""
    return [process.pid for process in _family(pid)]


def cpu_seconds(pid: int) -> float | None:
    """Return the processor time that all processes of a server have used; the time of one that has ended is lost."""
    family = _family(pid)
    return sum(process.ticks for process in family) / os.sysconf("SC_CLK_TCK") if family else None


def _family(pid: int) -> list[_Process]:
    listed = [process for path in Path("/proc").glob("[0-9]*/stat") if (process := _process(path)) is not None]
    members = {process.pid for process in listed if pid in (process.pid, process.session)}
    grown = 0
    while len(members) > grown:  # generation by generation: a worker may lead a session of its own
        grown = len(members)
        members |= {process.pid for process in listed if process.parent in members}
    return [process for process in listed if process.pid in members]


def _process(path: Path) -> _Process | None:
    try:
        fields = path.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:  # it has ended since it was listed
        return None
    ticks = int(fields[11]) + int(fields[12])
    return _Process(pid=int(path.parent.name), parent=int(fields[1]), session=int(fields[3]), ticks=ticks)


def memory_bytes(pid: int) -> int | None:
    """Return what all processes of a server have in memory now; what several of them share is counted once."""
    return _sum(map(_own_share_bytes, processes_of(pid)))


def _own_share_bytes(pid: int) -> int | None:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(r"^Pss:\s+(\d+) kB$", rollup, re.MULTILINE)
    return None if found is None else int(found.group(1)) * 1024


def resident_bytes(pid: int) -> int | None:
    """Return what all processes of a server have in memory now; what several of them share counts for each."""
    return _sum(_status_bytes(process, "VmRSS") for process in processes_of(pid))


def peak_resident_bytes(pid: int) -> int | None:
    """Return the sum of the most that each process of a server had in memory since `reset_peak_memory`: never less than the real peak."""
    return _sum(map(peak_memory_bytes, processes_of(pid)))


def peak_memory_bytes(pid: int) -> int | None:
    """Return the most that one process ever had in memory, or had since `reset_peak_memory`."""
    return _status_bytes(pid, "VmHWM")


def reset_peak_memory(pid: int) -> bool:
    """Let the peak of each process of a server begin anew, and say whether that worked."""
    processes = processes_of(pid)
    try:
        for process in processes:
            Path(f"/proc/{process}/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return False
    return bool(processes)


def _sum(counts: Iterable[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


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
