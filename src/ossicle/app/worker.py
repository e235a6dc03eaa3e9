"""One of several processes that serve one data directory. It takes the connections that the keeper hands over, and its word to stop."""

import asyncio
import errno
import logging
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final, cast

import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ossicle.app.serving import Server
from ossicle.app.settings import ServerSettings
from ossicle.app.shared import Share
from ossicle.app.wiring import Installation, Role

CONNECTION: Final = b"c"
"""Keeper to worker, with the descriptor of a connection. The end of the channel says: stop."""
READY: Final = b"r"
"""Worker to keeper."""
CUT: Final = signal.SIGUSR1
"""Keeper to a worker that stops: let requests end no more."""
_PAUSE_SECONDS: Final = 1.0
"""How long a process that has no descriptor left takes no connection."""
_log = logging.getLogger("ossicle.worker")


def work(settings: ServerSettings, share: Share, role: Role, channel: socket.socket) -> None:
    """Serve what comes through `channel` until it ends.

    Raises:
        StoreError, StartError: it could not start.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # a terminal signals the whole group: the keeper says what is to be done
    uvloop.run(_work(settings, share, role, channel))


async def _work(settings: ServerSettings, share: Share, role: Role, channel: socket.socket) -> None:
    installation = await Installation.open(settings, share, role)
    try:
        await installation.start()
        await WorkerServer(installation, channel).serve(sockets=[])
    finally:
        await installation.close()


class WorkerServer(Server):
    """Serves connections that somebody else has accepted."""

    def __init__(self, installation: Installation, channel: socket.socket) -> None:
        super().__init__(installation, on_start=self._begin)
        self._channel = channel
        self._arriving: set[asyncio.Task[None]] = set()

    def _begin(self) -> None:
        self._channel.setblocking(False)
        self._listen()
        with suppress(OSError):  # a keeper that is gone has ended the channel
            self._channel.send(READY)

    def _listen(self) -> None:
        asyncio.get_running_loop().add_reader(self._channel, self._take)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at the keeper's word only."""
        asyncio.get_running_loop().add_signal_handler(CUT, self._cut)
        yield

    def _cut(self) -> None:
        self.should_exit = self.force_exit = True

    def _take(self) -> None:
        """Take the next connection that has come."""
        loop = asyncio.get_running_loop()
        if not _has_room(self._channel):
            _log.warning("no file descriptor is left: connections wait")
            loop.remove_reader(self._channel)
            loop.call_later(_PAUSE_SECONDS, self._listen)
            return
        try:
            message, descriptors, _, _ = socket.recv_fds(self._channel, 1, 1)
        except BlockingIOError:
            return
        if not message:
            loop.remove_reader(self._channel)
            self.should_exit = True
        for descriptor in descriptors:
            task = loop.create_task(self._connect(socket.socket(fileno=descriptor)))
            self._arriving.add(task)
            task.add_done_callback(self._arriving.discard)

    async def _connect(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        try:
            _, protocol = await asyncio.get_running_loop().connect_accepted_socket(
                self._protocol, connection, ssl=self.config.ssl
            )
        except OSError:  # it went away, or its TLS failed, which includes ssl.SSLError
            connection.close()
            return
        if not self._installation.is_serving:
            protocol.shutdown()

    def _protocol(self) -> HttpToolsProtocol:
        return cast("type[HttpToolsProtocol]", self.config.http_protocol_class)(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )


def _has_room(channel: socket.socket) -> bool:
    """Whether a descriptor is left: one that arrives without a place is lost, and its connection with it."""
    try:
        os.close(os.dup(channel.fileno()))
    except OSError as error:
        return error.errno not in (errno.EMFILE, errno.ENFILE)
    return True
