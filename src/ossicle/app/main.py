"""Runs a server from its settings until it is told to stop."""

import asyncio
import json
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

import uvicorn
import uvloop

from ossicle.app.accounts import root_key_path
from ossicle.app.allocator import keep_large_buffers
from ossicle.app.failures import StartError
from ossicle.app.listening import endpoint_of, judge_certificate, listen
from ossicle.app.settings import ServerSettings
from ossicle.app.wiring import Installation, system_clock
from ossicle.client.config import Config
from ossicle.client.credentials import StaticCredentialsProvider
from ossicle.client.sync import Client
from ossicle.edge.limits import EdgeLimits
from ossicle.edge.log import configure_logging
from ossicle.edge.protocol import bounded_protocol
from ossicle.edge.refusal import refusal_renderer
from ossicle.ports import StoreError
from ossicle.wire.api.object_basic import PutObjectRequest

_log = logging.getLogger("ossicle")
CUT_SECONDS: Final = 2.0
"""How long requests that a stop has cut may take to end."""


def serve(settings: ServerSettings) -> int:
    """Serve until SIGTERM or SIGINT and return the exit code: 0 stopped as asked, 1 could not start."""
    write_last_lines = configure_logging(has_access_log=settings.access_log)
    keep_large_buffers()
    try:
        uvloop.run(_serve(settings))
    except (StoreError, StartError) as error:
        sys.stderr.write(f"ossicle: {error}\n")
        return 1
    finally:
        write_last_lines()
    return 0


async def _serve(settings: ServerSettings) -> None:
    if settings.durability == "relaxed":
        _log.warning("durability is relaxed: a power cut can lose acknowledged objects or the whole store")
    if settings.tls_cert is not None and settings.tls_key is not None:
        judge_certificate(settings.tls_cert, settings.tls_key)
    installation = await Installation.open(settings)
    try:
        _remove_ready_file(settings.ready_file)
        await installation.start()
        sockets = listen(settings.host, settings.port)
        server = _Server(
            server_configuration(installation),
            on_start=lambda: _announce(installation, sockets),
            on_stop=_stop(installation),
        )
        await server.serve(sockets=sockets)
    finally:
        try:
            _remove_ready_file(settings.ready_file)  # while the lock is ours: afterwards it may be the next server's
        finally:
            await installation.close()


def _stop(installation: Installation) -> Callable[[], None]:
    def stop() -> None:
        installation.is_serving = False

    return stop


class _Server(uvicorn.Server):
    """Says when it takes requests and when it is about to stop taking them; a signal ends it and not the process."""

    def __init__(self, config: uvicorn.Config, *, on_start: Callable[[], None], on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_start = on_start
        self._on_stop = on_stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._on_start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_stop()
        await super().shutdown(sockets=sockets)
        if self.server_state.tasks and not self.force_exit:
            # What the limit has cut still throws away what it had staged, and tells its client.
            await asyncio.wait(self.server_state.tasks, timeout=CUT_SECONDS)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


def server_configuration(installation: Installation) -> uvicorn.Config:
    """Return how requests come to an installation."""
    settings = installation.settings
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
        http=bounded_protocol(limits, *refusal_renderer(system_clock, installation.metrics)),
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


def _announce(installation: Installation, sockets: list[socket.socket]) -> None:
    """Say that requests are taken. Standard output may be a container's log: it gets no secret."""
    settings = installation.settings
    installation.is_serving = True
    endpoint = endpoint_of(sockets[0], is_tls=settings.tls_cert is not None)
    if settings.ready_file is not None:
        _write_ready_file(settings.ready_file, endpoint)
    own = settings.root_access_key_id is None
    secret = str(root_key_path(settings.data_dir)) if own else "in the environment (OSSICLE_ROOT_ACCESS_KEY_SECRET)"
    lines = [
        f"endpoint           {endpoint}",
        f"region             {settings.region}",
        f"access key id      {installation.root.access_key_id}",
        f"access key secret  {secret}",
    ]
    if settings.first_upload:
        lines += [
            "",
            "anyone can upload with this line for an hour, without credentials:",
            "",
            _first_upload(installation, endpoint),
        ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _remove_ready_file(path: Path | None) -> None:
    """Take away what an earlier run, or this one, has said of being ready."""
    if path is not None:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise StartError(f"the ready file can't be removed: {error}") from error


def _write_ready_file(path: Path, endpoint: str) -> None:
    """Write the file in one step, so that who waits for it never reads half of it."""
    draft = path.with_name(path.name + ".new")
    try:
        draft.write_text(json.dumps({"endpoint": endpoint, "pid": os.getpid()}) + "\n", encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise StartError(f"the ready file can't be written: {error}") from error


def _first_upload(installation: Installation, endpoint: str) -> str:
    root, settings = installation.root, installation.settings
    provider = StaticCredentialsProvider(root.access_key_id, root.access_key_secret)
    client = Client(
        Config(region=settings.region, endpoint=endpoint, credentials_provider=provider, use_path_style=True)
    )
    request = PutObjectRequest(bucket=settings.bucket[0], key="hello.txt")
    url = client.presign(request, expires=timedelta(hours=1)).url
    return f"echo 'hello, world' | curl -sS -T - -w 'status %{{http_code}}\\n' '{url}'"
