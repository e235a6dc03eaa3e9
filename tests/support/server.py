"""A real Ossicle server in a process of its own, for tests that need sockets, signals or a disk.

with ServerProcess(tmp_path / "data") as server:
    requests.get(f"{server.endpoint}/_ossicle/healthz")
"""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import urlsplit

from tests.support.waiting import NotInTime, wait_until

ACCESS_KEY_ID = "ossicle-test-key"
ACCESS_KEY_SECRET = "ossicle-test-secret"
REGION = "cn-hangzhou"
BUCKET = "demo"

_LOG_TAIL_CHARACTERS = 8_000


class ServerFailed(AssertionError):
    """The server did not start, stopped by itself, or did not stop when asked; carries the end of its log."""


class ServerProcess:
    """`python -m ossicle serve` over one data directory; it may be stopped and started again.

    Args:
        data_dir: the server's `--data-dir`; logs and the ready file are kept beside it.
        arguments: further arguments of `serve`.
        env: further environment. `OSSICLE_*` and `OSS_*` of the caller never reach the server.
        buckets: made before the server is ready.
        wrapper: a command to run the server under, such as `("strace", "-f", "-o", path)`.
        start_seconds: bound for becoming ready.
        stop_seconds: bound for stopping after SIGTERM.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        arguments: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        buckets: Sequence[str] = (BUCKET,),
        wrapper: Sequence[str] = (),
        start_seconds: float = 30.0,
        stop_seconds: float = 20.0,
    ) -> None:
        self.data_dir = data_dir
        self.access_key_id = ACCESS_KEY_ID
        self.access_key_secret = ACCESS_KEY_SECRET
        self._arguments = tuple(arguments)
        self._env = dict(env or {})
        self._buckets = tuple(buckets)
        self._wrapper = tuple(wrapper)
        self._start_seconds = start_seconds
        self._stop_seconds = stop_seconds
        self._ready_file = data_dir.with_name(f"{data_dir.name}.ready.json")
        self._stdout_file = data_dir.with_name(f"{data_dir.name}.stdout.log")
        self._stderr_file = data_dir.with_name(f"{data_dir.name}.stderr.log")
        self._process: subprocess.Popen[bytes] | None = None
        self._ready: dict[str, object] = {}
        self._port = 0

    # -- what a test reads

    @property
    def endpoint(self) -> str:
        """The server's address, as `http://HOST:PORT`."""
        return str(self._ready["endpoint"])

    @property
    def port(self) -> int:
        """The port it listens on; the same after `restart`."""
        return self._port

    @property
    def pid(self) -> int:
        """The process id of the server itself, also under a `wrapper`."""
        return int(str(self._ready["pid"]))

    @property
    def log(self) -> str:
        """What the server has written to standard error so far, over all its starts."""
        return _text(self._stderr_file)

    @property
    def output(self) -> str:
        """What the server has written to standard output so far, over all its starts."""
        return _text(self._stdout_file)

    @property
    def is_running(self) -> bool:
        """Whether the process exists and has not exited."""
        return self._process is not None and self._process.poll() is None

    # -- what a test does

    def start(self) -> Self:
        """Start the server and return when it says that it is ready."""
        assert not self.is_running, "the server runs already"
        self._ready_file.unlink(missing_ok=True)
        with self._open(self._stdout_file) as stdout, self._open(self._stderr_file) as stderr:
            self._process = subprocess.Popen(
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                env=self._environment(),
                start_new_session=True,
            )
        try:
            wait_until(self._has_ready_file, seconds=self._start_seconds, what="the server's ready file")
            wait_until(self._answers_ready, seconds=self._start_seconds, what="200 from /_ossicle/readyz")
        except BaseException as failure:
            self._kill_group()
            if isinstance(failure, NotInTime):
                raise self._failed(str(failure)) from failure
            raise
        return self

    def terminate(self) -> int:
        """Ask the server to stop (SIGTERM), wait for it, and return its exit status."""
        if self.is_running:
            self.signal(signal.SIGTERM)
        return self.wait(self._stop_seconds)

    def kill(self) -> None:
        """End the server at once (SIGKILL), as a crash would; it is gone when this returns."""
        if self.is_running:
            self.signal(signal.SIGKILL)
        self._kill_group()

    def restart(self) -> Self:
        """Stop the server if it still runs, and start it again over the same data and on the same port."""
        if self.is_running:
            self.terminate()
        return self.start()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the server's own process."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def wait(self, seconds: float) -> int:
        """Wait until the server has exited and return its exit status; fail after `seconds`."""
        assert self._process is not None, "the server was never started"
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._kill_group()
            raise self._failed(f"still running after {seconds} s") from None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.terminate()
        else:
            self._kill_group()
            error.add_note(f"end of the server's log:\n{self.log[-_LOG_TAIL_CHARACTERS:]}")

    # -- how

    def _command(self) -> list[str]:
        command = [*self._wrapper, sys.executable, "-m", "ossicle", "serve"]
        command += ["--port", str(self._port), "--data-dir", str(self.data_dir), "--region", REGION]
        command += ["--ready-file", str(self._ready_file)]
        for bucket in self._buckets:
            command += ["--bucket", bucket]
        return [*command, *self._arguments]

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("OSSICLE_", "OSS_"))}
        keys = {
            "OSSICLE_ROOT_ACCESS_KEY_ID": self.access_key_id,
            "OSSICLE_ROOT_ACCESS_KEY_SECRET": self.access_key_secret,
        }
        return {**inherited, "PYTHONUNBUFFERED": "1", **keys, **self._env}

    def _has_ready_file(self) -> bool:
        self._check_alive()
        try:
            ready = json.loads(self._ready_file.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return False
        self._ready = ready
        self._port = urlsplit(self.endpoint).port or 0
        return True

    def _answers_ready(self) -> bool:
        self._check_alive()
        address = urlsplit(self.endpoint)
        if address.scheme == "https":
            return True  # its certificate was made for one test, and trusting it is that test's business
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=5)
        with contextlib.closing(connection):
            try:
                connection.request("GET", "/_ossicle/readyz")
                return connection.getresponse().status == http.HTTPStatus.OK
            except OSError:
                return False

    def _check_alive(self) -> None:
        if self._process is not None and (status := self._process.poll()) is not None:
            raise self._failed(f"exited with status {status} before it was ready")

    def _kill_group(self) -> None:
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(self._stop_seconds)

    def _failed(self, what: str) -> ServerFailed:
        return ServerFailed(f"the server: {what}\nend of its log:\n{self.log[-_LOG_TAIL_CHARACTERS:]}")

    @staticmethod
    def _open(path: Path) -> IO[bytes]:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("ab")


def _text(path: Path) -> str:
    return path.read_text(errors="replace") if path.exists() else ""
