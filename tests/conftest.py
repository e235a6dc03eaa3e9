"""What every test gets: a guarded event loop, and Hypothesis settings that suit laptop and CI."""

import os
from collections.abc import Iterator

import pytest
from blockbuster import BlockBuster
from hypothesis import HealthCheck, settings

# A slow neighbour on the machine is no bug of ours, so Hypothesis judges no example by its time; the per-test
# timeout still does.
settings.register_profile("ossicle", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("ossicle"), print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "ossicle")


@pytest.fixture(autouse=True)
def never_block_the_loop(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which code of ours blocks the event loop: a sleep, a file or a socket.

    Left out is what runs on the loop on purpose: SQLite's point reads, since a thread would cost twenty times what the
    read takes, and sendfile, which is given sockets that don't block and bytes that are in memory. Mark a test `allow_blocking` when blocking is what it is about.
    """
    if request.node.get_closest_marker("allow_blocking") is not None:
        yield
        return
    guard = BlockBuster("ossicle")
    guard.activate()
    for name, function in guard.functions.items():
        if name.startswith("sqlite3.") or name == "os.sendfile":
            function.deactivate()
    try:
        yield
    finally:
        guard.deactivate()
