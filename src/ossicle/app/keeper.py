"""The keeper: the process that holds the sockets and the data directory while workers serve, and sees to it that they are there.

It has no event loop and no thread, so that it can fork at any time. It accepts each connection and hands it to the workers in turn: a
few connections that stay would be spread unevenly by the kernel, and those that wait for a worker which dies would be lost.
"""

import errno
import logging
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from ossicle.app.shared import Share, SharedMemory
from ossicle.app.wiring import Role
from ossicle.app.worker import CONNECTION, CUT, READY

_STOPPING: Final = (signal.SIGTERM, signal.SIGINT)
_BATCH: Final = 64
"""Connections that are accepted before anything else gets its turn."""
_NO_ROOM: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
PAUSE_SECONDS: Final = 1.0
"""How long nothing is accepted when the machine has no descriptor or memory for it."""
SETTLED_SECONDS: Final = 5.0
"""A worker that has lived so long has started well."""
EARLY_DEATHS_MAX: Final = 5
"""So many workers may die in a row before they have settled."""
_RETRY_SECONDS: Final = 0.2
_log = logging.getLogger("ossicle.keeper")

Work = Callable[[Share, Role, socket.socket], int]
"""What a worker does, in its own process, with its end of the channel; returns its exit status."""


@dataclass(slots=True, kw_only=True)
class _Worker:
    """A worker as its keeper knows it."""

    slot: int
    pid: int
    channel: socket.socket
    started_at: float
    dead: tuple[int, ...]
    """What it was told to fence."""
    is_ready: bool = False
    is_full: bool = False


class Keeper:
    """Keeps `workers` processes at work. `on_ready` is called once, when all of them serve."""

    def __init__(
        self, workers: int, sockets: Sequence[socket.socket], work: Work, on_ready: Callable[[], None]
    ) -> None:
        self._sockets = list(sockets)
        self._work = work
        self._on_ready = on_ready
        self._memory = SharedMemory(workers)
        self._crew: dict[int, _Worker] = {}
        self._missing = dict.fromkeys(range(workers), 0.0)
        """Slots without a worker, and when each is to get one."""
        self._dead: list[int] = []
        """Incarnations that nobody has fenced yet."""
        self._selector = selectors.DefaultSelector()
        self._wake, self._woken = socket.socketpair()
        self._held: socket.socket | None = None
        self._next = 0
        self._early_deaths = 0
        self._accepts_from = 0.0
        self._is_accepting = self._has_begun = self._is_stopping = self._has_failed = False

    def run(self) -> int:
        """Serve until SIGTERM or SIGINT, and return the exit status: 0 stopped as asked, 1 the workers could not start."""
        self._listen_to_signals()
        try:
            while self._crew or not self._is_stopping:
                self._fill()
                for key, events in self._selector.select(self._patience()):
                    key.data(events)
                self._accept_or_not()
        finally:
            self._close()
        return 1 if self._has_failed else 0

    # -- signals

    def _listen_to_signals(self) -> None:
        for end in (self._wake, self._woken):
            end.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ, self._signalled)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        for number in (*_STOPPING, signal.SIGCHLD):
            signal.signal(number, lambda *_: None)  # the number comes through the descriptor

    def _signalled(self, _: int) -> None:
        for number in self._woken.recv(256):
            if number in _STOPPING:
                if self._is_stopping and number == signal.SIGINT:
                    self._cut()
                self._stop()
        self._reap()

    def _stop(self) -> None:
        """Accept no more, and tell the workers to let requests end."""
        if self._is_stopping:
            return
        self._is_stopping = True
        self._accept_or_not()
        for listening in self._sockets:
            listening.close()
        if self._held is not None:
            self._held.close()
        for worker in self._crew.values():
            with suppress(OSError):  # it may have ended
                worker.channel.shutdown(socket.SHUT_WR)

    def _cut(self) -> None:
        for worker in self._crew.values():
            os.kill(worker.pid, CUT)

    # -- workers

    def _fill(self) -> None:
        """Start workers where they are missing, if it is time."""
        now = time.monotonic()
        for slot, due in list(self._missing.items()):
            if due <= now and not self._is_stopping:
                del self._missing[slot]
                self._fork(slot)

    def _fork(self, slot: int) -> None:
        role = Role(
            makes_buckets=slot == 0 and not self._has_begun,
            collects=slot == 0,
            sweeps=slot == 0 or self._has_begun,
            dead=tuple(self._dead),
        )
        ours, theirs = socket.socketpair()
        numbers = (*_STOPPING, signal.SIGCHLD)
        # A signal that came between would write into the keeper's descriptor from the worker.
        signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
        pid = os.fork()
        if pid == 0:
            self._become_worker(slot, role, theirs, ours)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)
        theirs.close()
        ours.setblocking(False)
        worker = _Worker(slot=slot, pid=pid, channel=ours, started_at=time.monotonic(), dead=role.dead)
        self._crew[slot] = worker
        self._selector.register(ours, selectors.EVENT_READ, lambda events: self._heard(worker, events))

    def _become_worker(self, slot: int, role: Role, channel: socket.socket, keepers_end: socket.socket) -> None:
        """Let go of what is the keeper's, work, and end the process."""
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            for number in _STOPPING:
                signal.signal(number, signal.SIG_IGN)  # a terminal signals the whole group: the keeper says what to do
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, (*_STOPPING, signal.SIGCHLD))
            self._selector.close()
            others = (worker.channel for worker in self._crew.values())
            for end in (*self._sockets, *others, keepers_end, self._wake, self._woken, self._held):
                if end is not None:
                    end.close()
            status = self._work(self._memory.share(slot), role, channel)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)  # what stands above this call is the keeper's

    def _heard(self, worker: _Worker, events: int) -> None:
        if self._crew.get(worker.slot) is not worker:
            return  # it was buried since there was something to hear
        if events & selectors.EVENT_WRITE:
            worker.is_full = False
            self._watch(worker)
        if not events & selectors.EVENT_READ:
            return
        try:
            heard = worker.channel.recv(16)
        except OSError:
            heard = b""
        if not heard:
            self._selector.unregister(worker.channel)  # it has ended, or will soon: then there is a signal
            worker.is_ready = False
        elif READY in heard:
            self._is_ready(worker)

    def _watch(self, worker: _Worker) -> None:
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if worker.is_full else 0)
        self._selector.modify(worker.channel, events, lambda events: self._heard(worker, events))

    def _is_ready(self, worker: _Worker) -> None:
        worker.is_ready = True
        self._dead = [incarnation for incarnation in self._dead if incarnation not in worker.dead]
        if not (self._has_begun or self._missing) and all(other.is_ready for other in self._crew.values()):
            self._has_begun = True
            self._on_ready()

    def _reap(self) -> None:
        for worker in list(self._crew.values()):
            pid, status = os.waitpid(worker.pid, os.WNOHANG)
            if pid:
                del self._crew[worker.slot]
                self._bury(worker, os.waitstatus_to_exitcode(status))

    def _bury(self, worker: _Worker, status: int) -> None:
        incarnation = self._memory.bury(worker.slot)
        if incarnation:
            self._dead.append(incarnation)
        if worker.channel in self._selector.get_map():
            self._selector.unregister(worker.channel)
        worker.channel.close()
        if self._is_stopping:
            return
        reason = f"signal {-status}" if status < 0 else f"status {status}"
        if not self._has_begun:
            if status < 0:
                _log.error("a worker was killed before it was ready: %s", reason)
            self._fail()
            return
        _log.error("worker %d ended: %s; another one takes its place", worker.pid, reason)
        is_early = time.monotonic() - worker.started_at < SETTLED_SECONDS
        self._early_deaths = self._early_deaths + 1 if is_early else 0
        if self._early_deaths > EARLY_DEATHS_MAX:
            _log.error("%d workers in a row ended soon after their start: the server stops", self._early_deaths)
            self._fail()
            return
        self._missing[worker.slot] = time.monotonic() + self._early_deaths * _RETRY_SECONDS

    def _fail(self) -> None:
        self._has_failed = True
        self._stop()

    # -- connections

    def _patience(self) -> float | None:
        """Return how long nothing needs to be done unless something happens."""
        moments = list(self._missing.values())
        if self._accepts_from > time.monotonic():
            moments.append(self._accepts_from)
        return max(0.0, min(moments) - time.monotonic()) if moments and not self._is_stopping else None

    def _accept_or_not(self) -> None:
        """Watch the listening sockets as long as there is somebody to take what comes."""
        is_time = not self._is_stopping and time.monotonic() >= self._accepts_from
        if self._held is not None and is_time and self._hand_over(self._held):
            self._held = None
        may = (
            self._has_begun
            and is_time
            and self._held is None
            and any(worker.is_ready and not worker.is_full for worker in self._crew.values())
        )
        if may != self._is_accepting:
            self._is_accepting = may
            for listening in self._sockets:
                if may:
                    self._selector.register(listening, selectors.EVENT_READ, self._acceptor(listening))
                else:
                    self._selector.unregister(listening)

    def _acceptor(self, listening: socket.socket) -> Callable[[int], None]:
        return lambda _: self._accept(listening)

    def _accept(self, listening: socket.socket) -> None:
        for _ in range(_BATCH):
            if self._held is not None or self._is_stopping:
                return
            try:
                connection, _ = listening.accept()
            except OSError as error:
                if error.errno in _NO_ROOM:
                    self._pause(error)
                if error.errno != errno.ECONNABORTED:
                    return
                continue
            if not self._hand_over(connection):
                self._held = connection

    def _pause(self, error: OSError) -> None:
        _log.warning("no connection can be accepted for a while: %s", error.strerror)
        self._accepts_from = time.monotonic() + PAUSE_SECONDS

    def _hand_over(self, connection: socket.socket) -> bool:
        """Give a connection to the next worker that takes it; False if none does now."""
        crew = sorted(self._crew.values(), key=lambda worker: (worker.slot < self._next, worker.slot))
        for worker in crew:
            if not worker.is_ready or worker.is_full:
                continue
            try:
                socket.send_fds(worker.channel, [CONNECTION], [connection.fileno()])
            except BlockingIOError:
                worker.is_full = True
                self._watch(worker)
            except (BrokenPipeError, ConnectionResetError):
                worker.is_ready = False  # it has ended: its signal follows
            except OSError as error:
                self._pause(error)
                return False
            else:
                self._next = worker.slot + 1
                connection.close()
                return True
        return False

    def _close(self) -> None:
        signal.set_wakeup_fd(-1)
        self._selector.close()
        for end in (self._wake, self._woken):
            end.close()
