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

    SQLite's point reads are left out: they run on the loop on purpose, since a thread would cost twenty times
    what the read takes. Mark a test `allow_blocking` when blocking is what it is about.
    """
    if request.node.get_closest_marker("allow_blocking") is not None:
        yield
        return
    guard = BlockBuster("ossicle")
    guard.activate()
    for name, function in guard.functions.items():
        if name.startswith("sqlite3."):
            function.deactivate()
    try:
        yield
    finally:
        guard.deactivate()
