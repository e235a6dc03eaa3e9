"""Servers for tests that need a real process and a real socket."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from tests.support.server import ServerProcess


class StartServer(Protocol):
    """Starts one more server of the test's own; takes what `ServerProcess` takes."""

    def __call__(self, name: str = "data", **options: object) -> ServerProcess: ...


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One running server that many tests share: use keys or buckets of your own, and never stop it."""
    with ServerProcess(tmp_path_factory.mktemp("server") / "data") as running:
        yield running


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[ServerProcess]:
    """A running server of this test alone, which may be stopped, killed and started again."""
    with ServerProcess(tmp_path / "data") as running:
        yield running


@pytest.fixture
def lone_server(tmp_path: Path) -> Iterator[ServerProcess]:
    """The same in one process: a fault that is injected hits the one that answers, and a kill ends the server."""
    with ServerProcess(tmp_path / "data", arguments=["--workers", "1"]) as running:
        yield running


@pytest.fixture
def quiet_server(tmp_path: Path) -> Iterator[ServerProcess]:
    """One process, whose event loop writes nothing but answers."""
    with ServerProcess(tmp_path / "data", arguments=["--workers", "1", "--no-access-log"]) as running:
        yield running


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., ServerProcess]]:
    """Start servers with arguments of the test's choice; all of them are stopped at its end."""
    with ExitStack() as running:

        def start(name: str = "data", **options: object) -> ServerProcess:
            return running.enter_context(ServerProcess(tmp_path / name, **options))  # type: ignore[arg-type]  # passed on

        yield start
