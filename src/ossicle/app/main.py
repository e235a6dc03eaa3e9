"""Runs a server from its settings until it is told to stop."""

import gc
import json
import logging
import os
import socket
import sys
from datetime import timedelta
from pathlib import Path
from typing import Final

import uvloop

from ossicle.app.accounts import Account, root_key_path
from ossicle.app.allocator import keep_large_buffers
from ossicle.app.failures import StartError
from ossicle.app.keeper import Keeper
from ossicle.app.listening import endpoint_of, judge_certificate, listen
from ossicle.app.serving import Server
from ossicle.app.settings import ServerSettings, worker_count
from ossicle.app.shared import Share
from ossicle.app.wiring import Installation, Role, claim, owner_of
from ossicle.app.worker import work
from ossicle.client.config import Config
from ossicle.client.credentials import StaticCredentialsProvider
from ossicle.client.sync import Client
from ossicle.edge.lines import LineWriter
from ossicle.edge.log import LAST_LINES_SECONDS, configure_logging
from ossicle.ports import StoreError
from ossicle.wire.api.object_basic import PutObjectRequest

_log = logging.getLogger("ossicle")
KEEPER_LOG_SECONDS: Final = 0.1
"""How long the keeper waits for whoever reads its lines: meanwhile it accepts nothing."""


def serve(settings: ServerSettings) -> int:
    """Serve until SIGTERM or SIGINT and return the exit code: 0 stopped as asked, 1 could not start."""
    log = configure_logging(has_access_log=settings.access_log)
    keep_large_buffers()
    try:
        if settings.durability == "relaxed":
            _log.warning("durability is relaxed: a power cut can lose acknowledged objects or the whole store")
        if settings.tls_cert is not None and settings.tls_key is not None:
            judge_certificate(settings.tls_cert, settings.tls_key)
        workers = worker_count(settings)
        return _serve_alone(settings) if workers == 1 else _serve_together(settings, workers, log)
    except (StoreError, StartError) as error:
        sys.stderr.write(f"ossicle: {error}\n")
        return 1
    finally:
        log.close(LAST_LINES_SECONDS)


def _serve_alone(settings: ServerSettings) -> int:
    uvloop.run(_serve(settings))
    return 0


async def _serve(settings: ServerSettings) -> None:
    installation = await Installation.open(settings)
    try:
        _remove_ready_file(settings.ready_file)
        await installation.start()
        sockets = listen(settings.host, settings.port)
        server = Server(installation, on_start=lambda: _announce(settings, installation.root, sockets))
        await server.serve(sockets=sockets)
    finally:
        try:
            _remove_ready_file(settings.ready_file)  # while the lock is ours: afterwards it may be the next server's
        finally:
            await installation.close()


def _serve_together(settings: ServerSettings, workers: int, log: LineWriter) -> int:
    """Serve with several processes, of which this one is the keeper."""
    lock = claim(settings)
    try:
        _remove_ready_file(settings.ready_file)
        owner = owner_of(settings)
        turn = settings.data_dir / "turn-log"
        log.share(turn)
        log.hurry(KEEPER_LOG_SECONDS)
        sockets = listen(settings.host, settings.port)

        def begin(share: Share, role: Role, channel: socket.socket) -> int:
            log.share(turn)
            try:
                work(settings, share, role, channel)
            except (StoreError, StartError) as error:
                sys.stderr.write(f"ossicle: {error}\n")
                return 1
            finally:
                log.close(LAST_LINES_SECONDS)
            return 0

        gc.freeze()  # what the workers have in common stays in common: the collector would write into every page of it
        keeper = Keeper(workers, sockets, begin, lambda: _announce(settings, owner, sockets))
        return keeper.run()
    finally:
        _remove_ready_file(settings.ready_file)
        os.close(lock)


def _announce(settings: ServerSettings, owner: Account, sockets: list[socket.socket]) -> None:
    """Say that requests are taken. Standard output may be a container's log: it gets no secret."""
    endpoint = endpoint_of(sockets[0], is_tls=settings.tls_cert is not None)
    if settings.ready_file is not None:
        _write_ready_file(settings.ready_file, endpoint)
    own = settings.root_access_key_id is None
    secret = str(root_key_path(settings.data_dir)) if own else "in the environment (OSSICLE_ROOT_ACCESS_KEY_SECRET)"
    lines = [
        f"endpoint           {endpoint}",
        f"region             {settings.region}",
        f"access key id      {owner.access_key_id}",
        f"access key secret  {secret}",
    ]
    if settings.first_upload:
        lines += [
            "",
            "anyone can upload with this line for an hour, without credentials:",
            "",
            _first_upload(settings, owner, endpoint),
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


def _first_upload(settings: ServerSettings, owner: Account, endpoint: str) -> str:
    provider = StaticCredentialsProvider(owner.access_key_id, owner.access_key_secret)
    client = Client(
        Config(region=settings.region, endpoint=endpoint, credentials_provider=provider, use_path_style=True)
    )
    request = PutObjectRequest(bucket=settings.bucket[0], key="hello.txt")
    url = client.presign(request, expires=timedelta(hours=1)).url
    return f"echo 'hello, world' | curl -sS -T - -w 'status %{{http_code}}\\n' '{url}'"
