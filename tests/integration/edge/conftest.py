"""Servers are shared by all tests that ask for the same loop and limits: starting and stopping one takes its time."""

from collections.abc import Callable, Iterator
from typing import Literal

import pytest

from ossicle.edge.limits import EdgeLimits
from tests.integration.edge.serving import LOOPS, PATIENT, Serving

Serve = Callable[[EdgeLimits], Serving]


@pytest.fixture(scope="session", params=LOOPS)
def loop_kind(request: pytest.FixtureRequest) -> Literal["asyncio", "uvloop"]:
    kind: Literal["asyncio", "uvloop"] = request.param
    return kind


@pytest.fixture(scope="session")
def servers() -> Iterator[dict[tuple[str, EdgeLimits], Serving]]:
    running: dict[tuple[str, EdgeLimits], Serving] = {}
    yield running
    for serving in running.values():
        serving.stop()
    for serving in running.values():
        serving.join()


@pytest.fixture
def serve(loop_kind: Literal["asyncio", "uvloop"], servers: dict[tuple[str, EdgeLimits], Serving]) -> Serve:
    """A server with the limits asked for, its notes empty."""

    def serve(limits: EdgeLimits) -> Serving:
        key = (loop_kind, limits)
        if key not in servers:
            servers[key] = Serving(loop_kind, limits)
        servers[key].forget()
        return servers[key]

    return serve


@pytest.fixture
def patient(serve: Serve) -> Serving:
    """Limits that no test reaches by being slow."""
    return serve(PATIENT)
