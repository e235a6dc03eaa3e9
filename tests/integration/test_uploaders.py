"""Nine programs that hold a presigned URL and no credentials, against a real server (see tests/uploaders/README.md).

Each comes in three forms: a bare URL, a URL signed with headers, and a refused upload of 30 MB whose reason the program
must be able to read although the server answers long before the body has arrived.
"""

import functools
import hashlib
import http.server
import json
import os
import random
import socketserver
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

import ossicle
from tests.support.server import REGION, ServerProcess
from tests.support.tools import need
from tests.uploaders.build import HERE, UPLOADERS, Uploader

# The first test of a program builds it, and some builds fetch packages.
pytestmark = pytest.mark.timeout(300)

BUCKET = "uploaders"
EXPIRES = timedelta(minutes=10)
REFUSED_BYTES = 30 * 1024 * 1024
PROGRAM_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A program, and headers that it is given on top of those that were signed."""

    name: str
    uploader: Uploader
    headers: Mapping[str, str]

    @property
    def key(self) -> str:
        """A key that every program must leave as it was signed: a space, a plus sign and a letter beyond ASCII."""
        return f"Prüf bericht+{self.name}.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a program printed."""

    status: int
    etag: str | None
    request_id: str | None
    body: str


def all_cases() -> list[Case]:
    """The uploaders; curl twice, since left alone it decides by the file's size whether it expects 100 Continue."""
    curl, *others = UPLOADERS
    return [
        Case(name="curl-expect", uploader=curl, headers={"Expect": "100-continue"}),
        Case(name="curl-plain", uploader=curl, headers={"Expect": ""}),
        *(Case(name=uploader.folder, uploader=uploader, headers={}) for uploader in others),
    ]


CASES = {case.name: case for case in all_cases()}


# -- programs


@functools.cache
def build(uploader: Uploader) -> None:
    """Make the program ready to run, once per run of the tests."""
    for tool, package in uploader.tools:
        need(tool, package)
    uploader.build()


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    chosen = CASES[request.param]
    build(chosen.uploader)
    return chosen


def run(case: Case, url: str, file: Path, headers: Mapping[str, str], *, page_origin: str) -> tuple[int, Answer]:
    """Run the program; return its exit code and its answer."""
    lines = [f"{name}: {value}".rstrip() for name, value in {**headers, **case.headers}.items()]
    direct = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        [*case.uploader.command, url, str(file), *lines],
        env={**direct, "UPLOAD_PAGE": f"{page_origin}/upload.html"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PROGRAM_SECONDS,
        check=False,
    )
    assert done.returncode in {0, 1}, f"{case.name} exited with {done.returncode}: {done.stderr}"
    assert done.stdout.count("\n") == 1, done.stdout
    return done.returncode, Answer(**json.loads(done.stdout))


# -- the browser's page


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    """Serve in a thread until the block ends."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def page_origin() -> Iterator[str]:
    """The origin of the page: another port, and to a browser another host, than the server's."""
    handler = functools.partial(QuietHandler, directory=str(HERE / "browser"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    with serving(server):
        yield f"http://localhost:{server.server_port}"


# -- the owner's side


@pytest.fixture(scope="module")
def owner(server: ServerProcess, page_origin: str) -> Iterator[ossicle.Client]:
    """The owner's client, with a bucket whose CORS rule lets the page put."""
    keys = ossicle.credentials.StaticCredentialsProvider(server.access_key_id, server.access_key_secret)
    config = ossicle.Config(region=REGION, endpoint=server.endpoint, credentials_provider=keys)
    with ossicle.Client(config) as client:
        client.put_bucket(ossicle.PutBucketRequest(bucket=BUCKET))
        rule = ossicle.CORSRule(
            allowed_origins=(page_origin,),
            allowed_methods=("PUT",),
            allowed_headers=("*",),
            expose_headers=("ETag", "x-oss-request-id"),
            max_age_seconds=0,
        )
        rules = ossicle.CORSConfiguration(cors_rules=(rule,))
        client.put_bucket_cors(ossicle.PutBucketCorsRequest(bucket=BUCKET, cors_configuration=rules))
        yield client


@pytest.fixture
def small_file(tmp_path: Path) -> Path:
    """Large enough for several packets; its name invites programs to guess a media type."""
    file = tmp_path / "report.txt"
    file.write_bytes(random.Random(0).randbytes(300_000))
    return file


@pytest.fixture
def refused_file(tmp_path: Path) -> Path:
    file = tmp_path / "refused.txt"
    with file.open("wb") as sparse:
        sparse.truncate(REFUSED_BYTES)
    return file


def etag_of(file: Path) -> str:
    return f'"{hashlib.md5(file.read_bytes()).hexdigest().upper()}"'


def test_bare_url(case: Case, owner: ossicle.Client, small_file: Path, page_origin: str) -> None:
    signed = owner.presign(ossicle.PutObjectRequest(bucket=BUCKET, key=case.key), expires=EXPIRES)
    assert not signed.signed_headers

    exit_code, answer = run(case, signed.url, small_file, {}, page_origin=page_origin)

    assert (exit_code, answer.status, answer.body) == (0, 200, "")
    assert answer.etag == etag_of(small_file)
    assert answer.request_id
    stored = owner.get_object(ossicle.GetObjectRequest(bucket=BUCKET, key=case.key))
    assert stored.body is not None
    assert stored.body.read() == small_file.read_bytes()
    assert stored.content_type == "application/octet-stream"
    assert stored.storage_class == "Standard"
    assert not stored.metadata


def test_url_signed_with_headers(case: Case, owner: ossicle.Client, small_file: Path, page_origin: str) -> None:
    metadata = {"author": "Ms. Jane Doe", "purpose": "Q3 report; 2nd draft"}
    request = ossicle.PutObjectRequest(
        bucket=BUCKET,
        key=case.key,
        # With the space: .NET writes it whatever it is given.
        content_type="text/plain; charset=utf8",
        storage_class="IA",
        metadata=metadata,
    )
    signed = owner.presign(request, expires=EXPIRES)

    exit_code, answer = run(case, signed.url, small_file, signed.signed_headers, page_origin=page_origin)

    assert (exit_code, answer.status, answer.body) == (0, 200, "")
    assert answer.etag == etag_of(small_file)
    stored = owner.get_object(ossicle.GetObjectRequest(bucket=BUCKET, key=case.key))
    assert stored.body is not None
    assert stored.body.read() == small_file.read_bytes()
    assert stored.content_type == "text/plain; charset=utf8"
    assert stored.storage_class == "IA"
    assert stored.metadata == metadata


def test_refused_upload(case: Case, owner: ossicle.Client, refused_file: Path, page_origin: str) -> None:
    key = f"refused/{case.key}"
    signed = owner.presign(ossicle.PutObjectRequest(bucket=BUCKET, key=key), expires=EXPIRES)

    exit_code, answer = run(case, signed.url, refused_file, {"x-oss-meta-evil": "1"}, page_origin=page_origin)

    assert (exit_code, answer.status, answer.etag) == (1, 403, None)
    reason = ElementTree.fromstring(answer.body)
    assert reason.findtext("Code") == "SignatureDoesNotMatch"
    assert "x-oss-meta-evil:1" in (reason.findtext("CanonicalRequest") or "")
    assert reason.findtext("RequestId") == answer.request_id
    with pytest.raises(ossicle.errors.NoSuchKey):
        owner.get_object(ossicle.GetObjectRequest(bucket=BUCKET, key=key))


# -- what the programs stand for


def recording_handler(head: dict[str, str]) -> type[http.server.BaseHTTPRequestHandler]:
    """Make a handler that answers 200 to any PUT and keeps the headers it came with."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self) -> None:
            head.update(self.headers.items())
            self.read_body()
            self.close_connection = True
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def read_body(self) -> None:
            if "Content-Length" in self.headers:
                self.rfile.read(int(self.headers["Content-Length"]))
                return
            while size := int(self.rfile.readline(), 16):
                self.rfile.read(size + len("\r\n"))
            self.rfile.readline()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler


WITH_LENGTH = {"Content-Length": "300000", "Transfer-Encoding": None, "Content-Type": None}
IN_CHUNKS = {"Content-Length": None, "Transfer-Encoding": "chunked", "Content-Type": None}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("curl-expect", {**WITH_LENGTH, "Expect": "100-continue"}),
        ("curl-plain", {**WITH_LENGTH, "Expect": None}),
        ("axios", IN_CHUNKS),
        ("android", WITH_LENGTH),
    ],
)
def test_what_a_program_stands_for(name: str, expected: dict[str, str | None], small_file: Path) -> None:
    build(CASES[name].uploader)
    head: dict[str, str] = {}
    server = http.server.HTTPServer(("127.0.0.1", 0), recording_handler(head))
    with serving(server):
        run(CASES[name], f"http://127.0.0.1:{server.server_port}/key", small_file, {}, page_origin="")
    assert {header: head.get(header) for header in expected} == expected
