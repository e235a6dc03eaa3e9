"""`ossicle presign put --code`: every program, as it is printed, against a real server; and the printed curl lines of a multipart upload."""

import random
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

import ossicle
from ossicle.cli.code import LANGUAGES
from ossicle.client.streams import StreamBody
from tests.support.server import REGION, ServerProcess
from tests.support.shell import Shell
from tests.support.tools import need
from tests.uploaders.running import Program, built, curl

# The first test of a program may fetch the packages it needs.
pytestmark = pytest.mark.timeout(300)

BUCKET = "presign-code"
NAMES = [*LANGUAGES, "curl"]
AWKWARD = """it's 100% "$HOME" `id` \\ \\n ??/ </script><!-- #{x} ${x}"""
BEYOND_ASCII = " ü中😀"
ASCII_ONLY = {"csharp", "android"}


@pytest.fixture(scope="module")
def owner(server: ServerProcess) -> Iterator[ossicle.Client]:
    """The owner's client, with a bucket whose CORS rule lets pages of this machine put."""
    keys = ossicle.credentials.StaticCredentialsProvider(server.access_key_id, server.access_key_secret)
    config = ossicle.Config(region=REGION, endpoint=server.endpoint, credentials_provider=keys)
    with ossicle.Client(config) as client:
        client.put_bucket(ossicle.PutBucketRequest(bucket=BUCKET))
        rule = ossicle.CORSRule(
            allowed_origins=("http://localhost:*",),
            allowed_methods=("PUT",),
            allowed_headers=("*",),
            expose_headers=("ETag", "x-oss-request-id"),
        )
        rules = ossicle.CORSConfiguration(cors_rules=(rule,))
        client.put_bucket_cors(ossicle.PutBucketCorsRequest(bucket=BUCKET, cors_configuration=rules))
        yield client


@pytest.fixture
def shell(server: ServerProcess, tmp_path: Path) -> Shell:
    return Shell(server, tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Large enough for several packets; its name invites programs to guess a media type."""
    made = tmp_path / "quarterly report.txt"
    made.write_bytes(random.Random(0).randbytes(300_000))
    return made


def key_of(name: str) -> str:
    """A key that every program must leave as it was signed: a space, a plus sign and a letter beyond ASCII."""
    return f"Prüf bericht+{name}.txt"


def presigned(shell: Shell, server: ServerProcess, *arguments: str) -> str:
    return shell.done("presign", *arguments, "-e", server.endpoint).text


def printed(shell: Shell, server: ServerProcess, name: str, key: str, *options: str) -> str:
    """The program; curl reads the file's name from `--file` only."""
    file = ["--file", str(shell.folder / "quarterly report.txt")] if name == "curl" else []
    return presigned(shell, server, "put", f"oss://{BUCKET}/{key}", "--code", name, *file, *options)


def ready(name: str, source: str, folder: Path) -> Program:
    return curl(source, folder) if name == "curl" else built(name, source, folder)


def content(owner: ossicle.Client, key: str) -> tuple[ossicle.GetObjectResult[StreamBody], bytes]:
    stored = owner.get_object(ossicle.GetObjectRequest(bucket=BUCKET, key=key))
    assert stored.body is not None
    return stored, stored.body.read()


@pytest.mark.parametrize("name", NAMES)
def test_a_bare_url(
    name: str, owner: ossicle.Client, server: ServerProcess, shell: Shell, file: Path, tmp_path: Path
) -> None:
    key = key_of(name)
    program = ready(name, printed(shell, server, name, key), tmp_path / "program")
    for size in (300_000, 0):
        with file.open("r+b") as shortened:
            shortened.truncate(size)
        ran = program.run(file)
        assert ran.status == 0, ran.shown
        stored, body = content(owner, key)
        assert body == file.read_bytes()
        assert stored.content_type == "application/octet-stream"
        assert not stored.metadata
        if name != "curl":
            assert f"uploaded: 200, ETag {stored.etag}, request " in ran.shown


@pytest.mark.parametrize("name", NAMES)
def test_signed_headers(
    name: str, owner: ossicle.Client, server: ServerProcess, shell: Shell, file: Path, tmp_path: Path
) -> None:
    metadata = {"author": AWKWARD if name in ASCII_ONLY else AWKWARD + BEYOND_ASCII, "empty": ""}
    # With the space in the type: .NET writes it whatever it is given.
    options = ["--content-type", "text/plain; charset=utf8", "--storage-class", "IA"]
    given = [f"--meta={meta}={value}" for meta, value in metadata.items()]
    named = [] if name in {"browser", "curl"} else ["--file", str(file)]
    source = printed(shell, server, name, key_of(name), *options, *given, *named)

    program = ready(name, source, tmp_path / "program")
    ran = program.run(file) if name == "browser" else program.run()

    assert ran.status == 0, ran.shown
    stored, body = content(owner, key_of(name))
    assert body == file.read_bytes()
    assert stored.content_type == "text/plain; charset=utf8"
    assert stored.storage_class == "IA"
    assert stored.metadata == metadata


@pytest.mark.parametrize("name", NAMES)
def test_a_refusal_is_shown(
    name: str, owner: ossicle.Client, server: ServerProcess, shell: Shell, file: Path, tmp_path: Path
) -> None:
    key = f"refused/{name}"
    source = printed(shell, server, name, key, "--meta", "form=seven")
    assert source.count("seven") == 1

    ran = ready(name, source.replace("seven", "eight"), tmp_path / "program").run(file)

    assert ran.status == (22 if name == "curl" else 1), ran.shown
    assert "<Code>SignatureDoesNotMatch</Code>" in ran.shown
    assert "<Message>" in ran.shown
    assert "x-oss-meta-form:eight" in ran.shown
    with pytest.raises(ossicle.errors.NoSuchKey):
        content(owner, key)


@pytest.mark.parametrize("name", [name for name in LANGUAGES if name != "browser"])
def test_without_a_file_or_a_server_it_says_so(name: str, server: ServerProcess, shell: Shell, tmp_path: Path) -> None:
    """Nobody listens on the discard port of this machine."""
    source = presigned(shell, server, "put", f"oss://{BUCKET}/k", "--code", name)
    program = ready(name, source.replace(server.endpoint, "http://127.0.0.1:9"), tmp_path / "program")
    (tmp_path / "there").write_bytes(b"x")
    for arguments in ([], [tmp_path / "missing"], [tmp_path / "there"]):
        ran = program.run(*arguments)
        assert ran.status == 2, ran.shown
        assert "x-oss-signature" not in ran.shown
        assert ("usage: " in ran.shown) is (not arguments)


# -- curl lines of a multipart upload


def run_line(shell: Shell, line: str) -> bytes:
    finished = shell.sh(line)
    assert finished.status == 0, finished.stderr
    return finished.stdout


@pytest.fixture
def place(server: ServerProcess, shell: Shell, owner: ossicle.Client, file: Path) -> tuple[str, list[str]]:
    """A key, and the options for an upload of it that printed curl lines have begun and given two parts."""
    need("curl", "curl")
    name = f"oss://{BUCKET}/parts"
    begun = run_line(shell, presigned(shell, server, "initiate", name, "--content-type", "text/plain", "--curl"))
    upload = ["--upload-id", ElementTree.fromstring(begun).findtext("UploadId") or ""]
    for number in ("1", "2"):
        options = [*upload, "--part-number", number, "--curl", "--file", str(file)]
        run_line(shell, presigned(shell, server, "part", name, *options))
    return name, [*upload, "--curl"]


def test_curl_lines_complete_all(
    place: tuple[str, list[str]], server: ServerProcess, shell: Shell, owner: ossicle.Client, file: Path
) -> None:
    name, options = place
    answer = shell.folder / "answer.xml"
    assert (
        run_line(shell, presigned(shell, server, "complete", name, *options, "--complete-all", "--file", str(answer)))
        == b""
    )
    assert ElementTree.parse(answer).findtext("ETag")
    stored, body = content(owner, "parts")
    assert body == 2 * file.read_bytes()
    assert stored.content_type == "text/plain"


def test_curl_lines_complete_a_list(
    place: tuple[str, list[str]], server: ServerProcess, shell: Shell, owner: ossicle.Client, file: Path
) -> None:
    name, options = place
    parts = owner.list_parts(ossicle.ListPartsRequest(bucket=BUCKET, key="parts", upload_id=options[1])).parts
    listed = shell.folder / "parts.xml"
    first = parts[0]
    listed.write_text(
        "<CompleteMultipartUpload><Part>"
        f"<PartNumber>{first.part_number}</PartNumber><ETag>{first.etag}</ETag>"
        "</Part></CompleteMultipartUpload>"
    )
    run_line(shell, presigned(shell, server, "complete", name, *options, "--file", str(listed)))
    assert content(owner, "parts")[1] == file.read_bytes()


def test_curl_lines_abort(
    place: tuple[str, list[str]], server: ServerProcess, shell: Shell, owner: ossicle.Client
) -> None:
    name, options = place
    run_line(shell, presigned(shell, server, "abort", name, *options))
    with pytest.raises(ossicle.errors.NoSuchUpload):
        owner.list_parts(ossicle.ListPartsRequest(bucket=BUCKET, key="parts", upload_id=options[1]))
