"""`ossicle demo`: the whole story against a server of its own, in a temporary directory that is removed afterwards."""

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import click

from ossicle.cli.failures import DONE, FAILED, one_line
from ossicle.cli.output import Output, note, output_options, plain, print_json

BUCKET: Final = "demo"
KEY: Final = "letters/hello.txt"
CONTENT: Final = "hello, world: ünïcode and all\n".encode()
START_SECONDS: Final = 30.0
STOP_SECONDS: Final = 30.0


class StepFailed(Exception):
    """Something in the story went otherwise."""


@dataclass
class Story:
    """What has happened so far: told at once to a person, kept for a program."""

    output: Output
    steps: list[dict[str, object]] = field(default_factory=list)

    @contextmanager
    def step(self, what: str) -> Iterator[list[str]]:
        """Tell one step; what it found out is put into the list. A failure is told and ends the story."""
        found: list[str] = []
        try:
            yield found
        except Exception as error:
            self._tell(what, [*found, f"{type(error).__name__}: {one_line(str(error))}"], is_ok=False)
            raise StepFailed(what) from error
        self._tell(what, found, is_ok=True)

    def _tell(self, what: str, found: list[str], *, is_ok: bool) -> None:
        self.steps.append({"step": what, "ok": is_ok, "found": found})
        if not self.output.is_json:
            lines = [f"{len(self.steps)}. {what}: {'ok' if is_ok else 'FAILED'}", *(f"   {line}" for line in found)]
            print("\n".join(lines), flush=True)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a plain HTTP client got."""

    status: int
    body: bytes
    headers: Mapping[str, str]


@click.command
@output_options
def demo(*, output: Output) -> int:
    """Play the whole story in a temporary directory, step by step.

    Starts a server, signs a URL, uploads through it without keys, is refused where it must be, reads back and compares. Exits with 1
    if a step fails.
    """
    story = Story(output)
    status = DONE
    with tempfile.TemporaryDirectory(prefix="ossicle-demo-") as folder:
        server = Server(Path(folder))
        try:
            with story.step("start a server, with keys and data of its own") as found:
                server.start()
                found.append(f"{server.endpoint}, data in {folder}")
            _play(story, server)
            with story.step("stop the server") as found:
                found.append(f"it ended with status {server.stop()}")
        except StepFailed:
            status = FAILED
            note(server.log_tail(), has_lines=True)
        finally:
            server.kill()
    if output.is_json:
        print_json({"ok": status == DONE, "steps": story.steps})
    return status


def _play(story: Story, server: "Server") -> None:
    from ossicle.client.config import Config
    from ossicle.client.credentials import StaticCredentialsProvider
    from ossicle.client.sync import Client
    from ossicle.wire.api.object_basic import GetObjectRequest, PutObjectRequest

    config = Config(
        region="cn-hangzhou",
        endpoint=server.endpoint,
        use_path_style=True,
        credentials_provider=StaticCredentialsProvider(server.access_key_id, server.access_key_secret),
    )
    request = PutObjectRequest(bucket=BUCKET, key=KEY, content_type="text/plain", metadata={"author": "demo"})
    with Client(config) as owner:
        with story.step("the owner signs a URL, locally") as found:
            signed = owner.presign(request, expires=timedelta(minutes=10))
            found.append(f"{signed.method} {_without_query(signed.url)}?... until {plain(signed.expiration)}")
            found += [f"to be sent with it: {name}: {value}" for name, value in signed.signed_headers.items()]

        with story.step("anyone uploads with it: a plain HTTP PUT, without keys") as found:
            answer = _put(signed.url, signed.signed_headers)
            _expect(answer, 200)
            found.append(f"200, ETag {answer.headers['etag']}, CRC-64 {answer.headers['x-oss-hash-crc64ecma']}")

        with story.step("with another Content-Type the same URL is refused, and the reason can be read") as found:
            answer = _put(signed.url, {**signed.signed_headers, "Content-Type": "text/html"})
            found.append(_refusal(answer, 403, "SignatureDoesNotMatch"))
            found.append("the server shows what it received: " + _shown_header(answer.body, "content-type"))

        with story.step("a URL whose time is over is refused") as found:
            past = Client(config, clock=lambda: datetime.now(UTC) - timedelta(hours=1))
            late = past.presign(request, expires=timedelta(minutes=10))
            found.append(_refusal(_put(late.url, late.signed_headers), 403, "AccessDenied"))

        with story.step("without a signature nobody gets in") as found:
            found.append(_refusal(_get(_without_query(signed.url)), 403, "AccessDenied"))

        with story.step("the owner reads it back and compares") as found:
            result = owner.get_object(GetObjectRequest(bucket=BUCKET, key=KEY))
            content = result.body.read() if result.body is not None else b""
            if content != CONTENT or result.metadata != {"author": "demo"} or result.content_type != "text/plain":
                raise ValueError(f"read {content!r} with {result.metadata} as {result.content_type}")
            found.append(f"{len(content)} bytes, the same; text/plain and x-oss-meta-author are there")


def _put(url: str, headers: Mapping[str, str]) -> Answer:
    return _send(urllib.request.Request(url, data=CONTENT, headers=dict(headers), method="PUT"))  # noqa: S310 -- our own


def _get(url: str) -> Answer:
    return _send(urllib.request.Request(url))  # noqa: S310 -- our own


def _send(request: urllib.request.Request) -> Answer:
    """Send as any program would: the standard library knows nothing of OSS. A proxy would not reach this server."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as answer:
            return Answer(status=answer.status, body=answer.read(), headers=answer.headers)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return Answer(status=refusal.code, body=refusal.read(), headers=dict(refusal.headers))


def _expect(answer: Answer, status: int) -> None:
    if answer.status != status:
        raise ValueError(f"expected {status}, got {answer.status}: {answer.body.decode(errors='replace')}")


def _refusal(answer: Answer, status: int, code: str) -> str:
    from ossicle.wire.error_document import parse_error
    from ossicle.wire.http import Headers

    _expect(answer, status)
    error = parse_error(answer.status, Headers(()), answer.body)
    if error.code != code:
        raise ValueError(f"expected {code}, got {error}")
    return str(error)


def _shown_header(document: bytes, name: str) -> str:
    start = document.index(b"\n" + name.encode() + b":") + 1
    return document[start : document.index(b"\n", start)].decode()


def _without_query(url: str) -> str:
    return url.partition("?")[0]


class Server:
    """A server in a process of its own, which keeps everything under one directory."""

    def __init__(self, folder: Path) -> None:
        self.access_key_id = "demo-key"
        self.access_key_secret = secrets.token_hex(16)
        self.endpoint = ""
        self._folder = folder
        self._log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and return when it takes requests."""
        ready = self._folder / "ready.json"
        command = [sys.executable, "-m", "ossicle", "serve", "--port", "0", "--bucket", BUCKET]
        command += ["--host", "127.0.0.1", "--data-dir", str(self._folder / "data"), "--ready-file", str(ready)]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("OSSICLE_")}
        keys = {
            "OSSICLE_ROOT_ACCESS_KEY_ID": self.access_key_id,
            "OSSICLE_ROOT_ACCESS_KEY_SECRET": self.access_key_secret,
        }
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 -- our own interpreter and arguments
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log, env={**inherited, **keys}
            )
        end = time.monotonic() + START_SECONDS
        while not ready.exists():
            if self._process.poll() is not None:
                raise ChildProcessError(f"the server ended with status {self._process.returncode}")
            if time.monotonic() > end:
                raise TimeoutError(f"the server was not ready within {START_SECONDS:.0f} s")
            time.sleep(0.05)
        self.endpoint = json.loads(ready.read_text(encoding="utf-8"))["endpoint"]

    def stop(self) -> int:
        """Ask it to stop, and return its exit status."""
        if self._process is None:
            raise ChildProcessError("the server was not started")
        self._process.send_signal(signal.SIGTERM)
        status = self._process.wait(STOP_SECONDS)
        if status != 0:
            raise ChildProcessError(f"the server ended with status {status}")
        return status

    def kill(self) -> None:
        """Make sure that it is gone."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(STOP_SECONDS)

    def log_tail(self) -> str:
        """Return the end of what it logged."""
        return self._log.read_text(encoding="utf-8", errors="replace")[-2000:] if self._log.exists() else ""
