"""Peers that are not in every environment: found on the path, or where `make bench` or a user has put them."""

import getpass
import http.client
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from bench.load import block_of
from bench.servers import HOST, KEYS, Peer, ServerFailed, free_port, program_of_this_environment
from bench.target import BUCKET, Ask, Target, presign_s3
from bench.works import Work


class Nginx(Peer):
    """nginx giving out files: what reading costs where there is nothing else to do."""

    name = "nginx"
    terms = "static files, no authentication, GET only"
    _CONFIGURATION: Final = """
user {user};
worker_processes auto;
daemon off;
pid {root}/pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
    access_log {root}/access.log;
    client_body_temp_path {root}/body;
    proxy_temp_path {root}/proxy;
    fastcgi_temp_path {root}/fastcgi;
    uwsgi_temp_path {root}/uwsgi;
    scgi_temp_path {root}/scgi;
    sendfile on;
    keepalive_requests 1000000000;
    server {{ listen {host}:{port}; root {root}/files; }}
}}
"""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._port = free_port()
        self._program = _installed("nginx", "apt-get install nginx-light")

    @classmethod
    def is_installed(cls) -> bool:
        return shutil.which(cls.name) is not None

    @property
    def target(self) -> Target:
        return Target(host=HOST, port=self._port, pid=self.pid)

    def takes(self, work: Work) -> bool:
        return work.is_read_only

    def version(self) -> str:
        done = subprocess.run([self._program, "-v"], check=True, capture_output=True, text=True)
        return done.stderr.strip().removeprefix("nginx version: ")

    def fill(self, asks: Sequence[Ask]) -> None:
        for ask in asks:
            path = self._directory / "files" / BUCKET / ask.key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(block_of(ask.body_bytes))

    def _prepare(self) -> None:
        (self._directory / "files").mkdir()
        text = self._CONFIGURATION.format(user=getpass.getuser(), root=self._directory, host=HOST, port=self._port)
        (self._directory / "nginx.conf").write_text(text, encoding="utf-8")

    def _command(self) -> Sequence[str]:
        return [self._program, "-e", "stderr", "-p", str(self._directory), "-c", str(self._directory / "nginx.conf")]

    def _is_ready(self) -> bool:
        return _answers(self._port)


class VersityGateway(Peer):
    """Versity's S3 gateway on a directory, its door for signed requests only."""

    name = "versitygw"
    terms = "S3 V4 presigned URLs checked, files, no fsync"

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._port = free_port()
        self._program = _installed("versitygw", "go install github.com/versity/versitygw/cmd/versitygw@latest")

    @property
    def target(self) -> Target:
        return Target(host=HOST, port=self._port, pid=self.pid, keys=KEYS, presign=presign_s3)

    def version(self) -> str:
        done = subprocess.run([self._program, "--version"], check=True, capture_output=True, text=True)
        return done.stdout.splitlines()[0].partition(":")[2].strip()

    def _prepare(self) -> None:
        (self._directory / "data" / BUCKET).mkdir(parents=True)

    def _command(self) -> Sequence[str]:
        options = ["--port", f"{HOST}:{self._port}", "--region", KEYS.region, "--quiet", "--keep-alive"]
        return [self._program, *options, "posix", str(self._directory / "data")]

    def _environment(self) -> Mapping[str, str]:
        return {"ROOT_ACCESS_KEY": KEYS.access_key_id, "ROOT_SECRET_KEY": KEYS.access_key_secret}

    def _is_ready(self) -> bool:
        return _answers(self._port)


class Moto(Peer):
    """The server of moto, which keeps everything in memory: what many use as a mock in CI."""

    name = "moto"
    terms = "in memory, signatures not checked"

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._port = free_port()
        self._program = program_of_this_environment("moto_server", "moto[server]")

    @property
    def target(self) -> Target:
        return Target(host=HOST, port=self._port, pid=self.pid, keys=KEYS, presign=presign_s3)

    def version(self) -> str:
        done = subprocess.run([self._program, "--version"], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def _command(self) -> Sequence[str]:
        return [self._program, "-H", HOST, "-p", str(self._port)]

    def _is_ready(self) -> bool:
        return _answers(self._port, "PUT")


class S3rver(Peer):
    """s3rver, a mock on Node that keeps files."""

    name = "s3rver"
    terms = "files, no authentication, no fsync"

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._port = free_port()
        self._program = _installed("s3rver", "npm install --global s3rver")

    @property
    def target(self) -> Target:
        return Target(host=HOST, port=self._port, pid=self.pid)

    def version(self) -> str:
        done = subprocess.run([self._program, "--version"], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def _command(self) -> Sequence[str]:
        return [self._program, "-d", str(self._directory / "data"), "-a", HOST, "-p", str(self._port), "--silent"]

    def _is_ready(self) -> bool:
        return _answers(self._port, "PUT")


def _installed(name: str, how: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise ServerFailed(f"{name} is not on the path: `{how}`, or leave it out with --peer")
    return found


def _answers(port: int, method: str = "GET") -> bool:
    """Whether somebody listens; a PUT also makes the bucket."""
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    try:
        connection.request(method, f"/{BUCKET}")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()
