"""How requests come to an installation: uvicorn with our limits, told when it takes requests and when it stops."""

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn

from ossicle.app.wiring import Installation, system_clock
from ossicle.edge.limits import EdgeLimits
from ossicle.edge.protocol import bounded_protocol
from ossicle.edge.refusal import refusal_renderer

CUT_SECONDS: Final = 2.0
"""How long requests that a stop has cut may take to end."""


class Server(uvicorn.Server):
    """Says when it takes requests and when it is about to stop taking them; a signal ends it and not the process."""

    def __init__(self, installation: Installation, *, on_start: Callable[[], None]) -> None:
        super().__init__(server_configuration(installation))
        self._installation = installation
        self._on_start = on_start

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Take requests."""
        await super().startup(sockets=sockets)
        if self.started:
            self._installation.is_serving = True
            self._on_start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let requests end, and cut those that take too long."""
        self._installation.is_serving = False
        await super().shutdown(sockets=sockets)
        if self.server_state.tasks and not self.force_exit:
            # What the limit has cut still throws away what it had staged, and tells its client.
            await asyncio.wait(self.server_state.tasks, timeout=CUT_SECONDS)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at a signal."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


def server_configuration(installation: Installation) -> uvicorn.Config:
    """Return how requests come to an installation."""
    settings = installation.settings
    audit = None if installation.audit is None else installation.audit.log
    limits = EdgeLimits(
        head_bytes=settings.head_bytes,
        head_seconds=settings.head_seconds,
        body_idle_seconds=settings.body_idle_seconds,
        keep_alive_seconds=settings.keep_alive_seconds,
        write_idle_seconds=settings.body_idle_seconds,
        refusal_drain_bytes=settings.refusal_drain_bytes,
        refusal_drain_seconds=settings.refusal_drain_seconds,
    )
    return uvicorn.Config(
        installation.edge,
        interface="asgi3",
        http=bounded_protocol(limits, *refusal_renderer(system_clock, installation.metrics, audit)),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
        timeout_graceful_shutdown=max(1, round(settings.shutdown_seconds)),
    )
