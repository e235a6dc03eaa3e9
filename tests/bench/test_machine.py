"""What the benchmarks read of a server's processes: every one of them, wherever it has put itself."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bench.machine import (
    cpu_seconds,
    memory_bytes,
    peak_resident_bytes,
    processes_of,
    reset_peak_memory,
    resident_bytes,
)

# A leader whose child has a session of its own, and whose grandchild burns a known time before it speaks.
FAMILY = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        held = bytes(range(256)) * (8 * 1024 * 4)
        while time.process_time() < 0.3:
            pass
        print(os.getpid(), flush=True)
    time.sleep(60)
os.wait()
"""

pytestmark = pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="needs /proc")


@pytest.fixture
def family() -> Iterator[tuple[int, int]]:
    """The ids of a leader and of its grandchild, which is in another session."""
    leader = subprocess.Popen([sys.executable, "-c", FAMILY], stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert leader.stdout is not None
    with leader.stdout:
        grandchild = int(leader.stdout.readline())
        members = processes_of(leader.pid)
        try:
            yield leader.pid, grandchild
        finally:
            for member in members:
                os.kill(member, 9)
            leader.wait()


def test_processes_are_those_of_every_generation(family: tuple[int, int]) -> None:
    leader, grandchild = family
    found = processes_of(leader)
    assert {leader, grandchild} < set(found)
    assert len(found) == 3
    assert os.getpid() not in found


def test_the_time_of_a_grandchild_counts(family: tuple[int, int]) -> None:
    used = cpu_seconds(family[0])
    assert used is not None
    assert used >= 0.25


def test_memory_is_that_of_all_processes(family: tuple[int, int]) -> None:
    leader, grandchild = family
    shared, resident, alone = memory_bytes(leader), resident_bytes(leader), resident_bytes(grandchild)
    assert shared is not None
    assert resident is not None
    assert alone is not None
    assert 8 * 2**20 < shared < resident
    assert alone < resident
    assert reset_peak_memory(leader)
    peak = peak_resident_bytes(leader)
    assert peak is not None
    assert peak >= resident - 2**20


def test_a_process_that_is_not_there_has_nothing_to_tell() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert processes_of(gone.pid) == []
    assert cpu_seconds(gone.pid) is None
    assert memory_bytes(gone.pid) is None
    assert not reset_peak_memory(gone.pid)
