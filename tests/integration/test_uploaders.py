"""What the platforms of the printed programs make of a presigned URL (see tests/uploaders/README.md).

What each sends, and whether it can read the reason of a refusal that comes long before its 30 MB have been sent.
"""

import http.server
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import ossicle
from ossicle.cli.code import LANGUAGES, program_text
from ossicle.cli.curl import curl_line
from ossicle.client.presign import PresignResult
from tests.support.server import REGION, ServerProcess
from tests.uploaders.running import Program, built, curl

# The first test of a program may fetch the packages it needs.
pytestmark = pytest.mark.timeout(300)

BUCKET = "uploaders"
EXPIRES = timedelta(minutes=10)
REFUSED_BYTES = 30 * 1024 * 1024
# Left alone, curl decides by the file's size whether it expects 100 Continue.
EXPECT = {"curl-expect": "Expect: 100-continue", "curl-plain": "Expect:"}
NAMES = [*EXPECT, *LANGUAGES]


def program(name: str, signed: PresignResult, file: Path, folder: Path) -> Program:
    """The program of that name, to upload that file."""
    if name in EXPECT:
        return curl(f"{curl_line(signed, 'put', str(file))} -H '{EXPECT[name]}'", folder)
    return built(name, program_text(signed, name, None), folder)


def arguments(name: str, file: Path) -> list[Path]:
    return [] if name in EXPECT else [file]


# -- the owner's side


@pytest.fixture(scope="module")
def owner(server: ServerProcess) -> Iterator[ossicle.Client]:
    """The owner's client, with a bucket whose CORS rule lets pages of this machine put."""
    keys = ossicle.credentials.StaticCredentialsProvider(server.access_key_id, server.access_key_secret)
    config = ossicle.Config(region=REGION, endpoint=server.endpoint, credentials_provider=keys)
    with ossicle.Client(config) as client:
        client.put_bucket(ossicle.PutBucketRequest(bucket=BUCKET))
        rule = ossicle.CORSRule(
            allowed_origins=("http://localhost:*",), allowed_methods=("PUT",), allowed_headers=("*",), max_age_seconds=0
        )
        rules = ossicle.CORSConfiguration(cors_rules=(rule,))
        client.put_bucket_cors(ossicle.PutBucketCorsRequest(bucket=BUCKET, cors_configuration=rules))
        yield client


@pytest.mark.parametrize("name", NAMES)
def test_a_large_upload_that_is_refused_early(name: str, owner: ossicle.Client, tmp_path: Path) -> None:
    key = f"refused/{name}"
    signed = owner.presign(ossicle.PutObjectRequest(bucket=BUCKET, key=key), expires=EXPIRES)
    file = tmp_path / "refused.txt"
    with file.open("wb") as sparse:
        sparse.truncate(REFUSED_BYTES)
    more = replace(signed, signed_headers={"x-oss-meta-evil": "1"})

    ran = program(name, more, file, tmp_path / "program").run(*arguments(name, file))

    assert ran.status == (22 if name in EXPECT else 1), ran.shown
    assert "<Code>SignatureDoesNotMatch</Code>" in ran.shown
    assert "x-oss-meta-evil:1" in ran.shown
    with pytest.raises(ossicle.errors.NoSuchKey):
        owner.get_object(ossicle.GetObjectRequest(bucket=BUCKET, key=key))


@pytest.mark.parametrize("name", EXPECT)
def test_curl_uploads_whether_it_expects_to_be_told_to_go_on_or_not(
    name: str, owner: ossicle.Client, tmp_path: Path
) -> None:
    file = tmp_path / "report.txt"
    file.write_bytes(random.Random(0).randbytes(300_000))
    signed = owner.presign(ossicle.PutObjectRequest(bucket=BUCKET, key=name), expires=EXPIRES)
    assert program(name, signed, file, tmp_path / "program").run().status == 0
    stored = owner.get_object(ossicle.GetObjectRequest(bucket=BUCKET, key=name))
    assert stored.body is not None
    assert stored.body.read() == file.read_bytes()


# -- what the programs send


@dataclass(slots=True)
class Recorded:
    """A PUT that came."""

    target: str = ""
    headers: dict[str, str] | None = None


def recording_handler(recorded: Recorded) -> type[http.server.BaseHTTPRequestHandler]:
    """Make a handler that answers 200 to any PUT, also to a page of another origin, and keeps what it came with."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self) -> None:
            recorded.target, recorded.headers = self.path, {name.lower(): value for name, value in self.headers.items()}
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self.answer()

        def do_OPTIONS(self) -> None:
            self.answer()

        def answer(self) -> None:
            self.close_connection = True
            self.send_response(200)
            for header in ("Origin", "Methods", "Headers"):
                self.send_header(f"Access-Control-Allow-{header}", "PUT" if header == "Methods" else "*")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def recording() -> Iterator[tuple[str, Recorded]]:
    """Serve until the block ends; gives the server's address and what it records."""
    recorded = Recorded()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), recording_handler(recorded))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", recorded
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("name", NAMES)
def test_what_a_program_sends(name: str, tmp_path: Path) -> None:
    file = tmp_path / "report.txt"  # a name that invites programs to guess a media type
    file.write_bytes(random.Random(0).randbytes(300_000))
    target = "/key%20with+plus//twice%2Fslash?x=a%2Fb%20c"
    with recording() as (origin, recorded):
        signed = PresignResult(
            method="PUT",
            url=f"{origin}{target}",
            expiration=datetime(2030, 1, 1, tzinfo=UTC),
            signed_headers={"x-oss-meta-a": "b"},
        )
        ran = program(name, signed, file, tmp_path / "program").run(*arguments(name, file))
    assert ran.status == 0, ran.shown
    assert recorded.target == target
    assert recorded.headers is not None
    assert recorded.headers["x-oss-meta-a"] == "b"
    assert recorded.headers["content-length"] == "300000"
    assert not recorded.headers.keys() & {"transfer-encoding", "content-type", "content-md5", "authorization"}
    if name in EXPECT:
        assert recorded.headers.get("expect") == ("100-continue" if name == "curl-expect" else None)
