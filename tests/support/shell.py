"""A user at a shell: commands as processes, with pipes or at a terminal, with keys in the environment or without."""

import fcntl
import json
import os
import pty
import signal
import subprocess
import sys
import termios
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.support.server import REGION, ServerProcess

SECONDS = 50
CTRL_C = "\x03"


@dataclass(frozen=True)
class Finished:
    """How a command ended."""

    status: int
    stdout: bytes
    stderr: str

    @property
    def text(self) -> str:
        return self.stdout.decode()

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.stdout)
        return found

    @property
    def documents(self) -> list[dict[str, Any]]:
        """Standard output as JSON, a document a line."""
        return [json.loads(line) for line in self.stdout.splitlines()]


class Shell:
    """A user with keys in the environment, and one without; both in `folder`, which is their home too."""

    def __init__(self, server: ServerProcess, folder: Path) -> None:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("OSS", "XDG_"))}
        path = f"{Path(sys.executable).parent}{os.pathsep}{inherited['PATH']}"
        self.without_keys = {**inherited, "PATH": path, "HOME": str(folder)}
        self.with_keys = {
            **self.without_keys,
            "OSS_ENDPOINT": f"http://localhost:{server.port}",
            "OSS_REGION": REGION,
            "OSS_ACCESS_KEY_ID": server.access_key_id,
            "OSS_ACCESS_KEY_SECRET": server.access_key_secret,
        }
        self.folder = folder

    def owner(self, *arguments: str, stdin: bytes = b"") -> Finished:
        return self._run([sys.executable, "-m", "ossicle", *arguments], self.with_keys, stdin)

    def anyone(self, *arguments: str, stdin: bytes = b"") -> Finished:
        return self._run([sys.executable, "-m", "ossicle", *arguments], self.without_keys, stdin)

    def sh(self, script: str, stdin: bytes = b"") -> Finished:
        return self._run(["/bin/sh", "-c", script], self.with_keys, stdin)

    def done(self, *arguments: str, stdin: bytes = b"") -> Finished:
        """Run as the owner what has to succeed."""
        finished = self.owner(*arguments, stdin=stdin)
        assert finished.status == 0, finished.stderr
        return finished

    def presigned(self, *arguments: str) -> str:
        return self.done("presign", *arguments).text.strip()

    def _run(self, command: list[str], environment: Mapping[str, str], stdin: bytes) -> Finished:
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=dict(environment),
            input=stdin,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        return Finished(done.returncode, done.stdout, done.stderr.decode())


def _take_terminal() -> None:
    """Make standard input the terminal of the new process, on which Ctrl-C counts even if these tests run in the background."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """A command whose standard input and error are a terminal of its own; what it shows there is kept."""

    def __init__(self, shell: Shell, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        self.shown = b""
        self._controller, terminal = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ossicle", *arguments],
            cwd=shell.folder,
            env={**shell.with_keys, "TERM": "xterm", "COLUMNS": "100", **(environment or {})},
            stdin=terminal,
            stdout=subprocess.PIPE,
            stderr=terminal,
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509 -- two system calls, no lock
        )
        os.close(terminal)

    def press(self, keys: str) -> None:
        """Type at the terminal."""
        os.write(self._controller, keys.encode())

    def read_until(self, text: str) -> None:
        """Read what it shows until that has appeared."""
        while text.encode() not in self.shown:
            assert self._read(), f"it ended without {text!r}:\n{self.text}"

    def finish(self) -> Finished:
        """Read all it shows, and wait for its end."""
        while self._read():
            pass
        stdout, _ = self.process.communicate(timeout=SECONDS)
        return Finished(self.process.returncode, stdout, self.text)

    @property
    def text(self) -> str:
        return self.shown.decode(errors="replace")

    def _read(self) -> bool:
        try:
            piece = os.read(self._controller, 65536)
        except OSError:  # the terminal's last user has gone
            return False
        self.shown += piece
        return bool(piece)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(SECONDS)
        if self.process.stdout is not None:
            self.process.stdout.close()
        os.close(self._controller)
