"""The commands as a user runs them: processes, pipes, a terminal, and a real server behind them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ossicle.wire.digest import crc64
from tests.support.server import ServerProcess
from tests.support.shell import Shell, Terminal
from tests.support.tools import need

BIG = 30_000_000
UPLOAD_BYTES_MAX = 150 * 1024 * 1024
"""Bound for the memory of `ossicle upload` in a test that sends twice as much."""


@pytest.fixture
def shell(server: ServerProcess, tmp_path: Path) -> Shell:
    return Shell(server, tmp_path)


@pytest.fixture
def bucket(shell: Shell, request: pytest.FixtureRequest) -> str:
    """A bucket of the test's own; it stays, since the server does not."""
    name = f"cli-{abs(hash(request.node.nodeid)):x}"
    assert shell.owner("mb", f"oss://{name}").stderr == f"made oss://{name}\n"
    return name


# -- the owner


def test_a_day_of_the_owner(shell: Shell, bucket: str) -> None:
    (shell.folder / "a.txt").write_bytes(b"hello\n")
    for key in ("top", "dir/one", "dir/two"):
        url = shell.presigned("put", f"oss://{bucket}/{key}", "--content-type", "text/plain", "--meta", "from=me")
        headers = ["-H", "Content-Type: text/plain", "-H", "x-oss-meta-from: me"]
        assert shell.anyone("upload", url, "a.txt", *headers).status == 0

    level = shell.owner("ls", f"oss://{bucket}")
    assert [line.split()[-1] for line in level.text.splitlines()] == [f"oss://{bucket}/dir/", f"oss://{bucket}/top"]
    everything = shell.owner("ls", f"oss://{bucket}", "-r").text.splitlines()
    assert [line.split()[1:] for line in everything] == [
        ["6", "Standard", f"oss://{bucket}/{key}"] for key in ("dir/one", "dir/two", "top")
    ]
    listed = shell.owner("ls", f"oss://{bucket}/dir/", "--json").document
    assert [item["key"] for item in listed["objects"]] == ["dir/one", "dir/two"]
    assert f"oss://{bucket}\n" in shell.owner("ls").text

    facts = shell.owner("stat", f"oss://{bucket}/top", "--json").document
    assert (facts["size"], facts["content_type"], facts["x-oss-meta-from"]) == (6, "text/plain", "me")
    assert shell.owner("stat", f"oss://{bucket}", "--json").document["acl"] == "private"

    assert shell.owner("cat", f"oss://{bucket}/top").stdout == b"hello\n"
    assert shell.owner("cat", f"oss://{bucket}/top", "--range", "1-3").stdout == b"ell"
    assert shell.owner("rb", f"oss://{bucket}").stderr.startswith("ossicle: BucketNotEmpty (409): ")
    removed = shell.owner("rm", *(f"oss://{bucket}/{key}" for key in ("top", "dir/one", "dir/two")))
    assert removed.stderr.count("removed") == 3
    assert shell.owner("rb", f"oss://{bucket}", "--json").document == {"bucket": bucket}


def test_binary_objects_pass_a_pipe_unchanged(shell: Shell, bucket: str) -> None:
    content = bytes(range(256)) * 5000
    url = shell.presigned("put", f"oss://{bucket}/binary")
    uploaded = shell.anyone("upload", url, "-", "--json", stdin=content).document
    assert (uploaded["size"], uploaded["crc64"]) == (len(content), str(crc64(content)))
    assert shell.owner("cat", f"oss://{bucket}/binary").stdout == content


def test_a_reader_that_goes_away_is_no_traceback(shell: Shell, bucket: str) -> None:
    url = shell.presigned("put", f"oss://{bucket}/big")
    assert shell.anyone("upload", url, "-", stdin=bytes(BIG)).status == 0
    finished = shell.sh(f"'{sys.executable}' -m ossicle cat oss://{bucket}/big | head -c 10 | wc -c")
    assert (finished.text.strip(), finished.stderr) == ("10", "")


def test_a_listing_goes_through_all_its_pages(shell: Shell, bucket: str) -> None:
    """A page is 1000 keys, so this needs more than that: through the client, since a process a key takes too long."""
    script = f"""
import ossicle
config = ossicle.load_default()
config.credentials_provider = ossicle.credentials.EnvironmentVariableCredentialsProvider()
with ossicle.Client(config) as client:
    for number in range(1001):
        client.put_object(ossicle.PutObjectRequest(bucket={bucket!r}, key=f"{{number:04}}", body=b""))
"""
    (shell.folder / "fill.py").write_text(script)
    assert shell.sh(f"'{sys.executable}' fill.py").stderr == ""
    keys = [line.rpartition("/")[2] for line in shell.owner("ls", f"oss://{bucket}").text.splitlines()]
    assert keys == [f"{number:04}" for number in range(1001)]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("cat", "oss://{bucket}/nothing"), "ossicle: NoSuchKey (404): The specified key does not exist; request id "),
        (("ls", "oss://no-such-bucket-here"), "ossicle: NoSuchBucket (404): "),
        (("ls", "-i", "{key}", "-k", "wrong"), "ossicle: SignatureDoesNotMatch (403): "),
        (("ls", "-i", "nobody", "-k", "x"), "ossicle: InvalidAccessKeyId (403): "),
        (("ls", "-e", "http://127.0.0.1:1"), "ossicle: http://127.0.0.1:1 can't be reached: "),
        (("ls", "--region", "cn-beijing"), "ossicle: "),
    ],
)
def test_refusals_are_one_line_and_a_hint(shell: Shell, bucket: str, arguments: tuple[str, ...], told: str) -> None:
    key = shell.with_keys["OSS_ACCESS_KEY_ID"]
    finished = shell.owner(*(argument.format(bucket=bucket, key=key) for argument in arguments))
    assert (finished.status, finished.stdout) == (1, b"")
    refusal, *hints = finished.stderr.splitlines()
    assert refusal.startswith(told)
    assert all(hint.startswith("hint: ") for hint in hints)
    assert len(hints) <= 1


# -- anyone


def test_the_url_can_come_from_standard_input(shell: Shell, bucket: str) -> None:
    (shell.folder / "a.txt").write_bytes(b"hello\n")
    url = shell.presigned("put", f"oss://{bucket}/a")
    finished = shell.anyone("upload", "-", "a.txt", stdin=url.encode() + b"\n")
    assert (finished.status, finished.stderr) == (0, "")
    assert finished.text.splitlines()[0] == 'etag        "B1946AC92492D2347C6235B4D2611184"'
    both = shell.anyone("upload", "-", "-", stdin=url.encode() + b"\n")
    assert (both.status, both.stdout) == (2, b"")


def test_a_refused_30_mb_upload_says_why(shell: Shell, bucket: str) -> None:
    (shell.folder / "big").write_bytes(bytes(BIG))
    url = shell.presigned("put", f"oss://{bucket}/big", "--content-type", "text/plain")
    finished = shell.anyone("upload", url, "big", "-H", "Content-Type: text/html")
    assert (finished.status, finished.stdout) == (1, b"")
    refusal, hint = finished.stderr.splitlines()
    assert refusal.startswith("ossicle: SignatureDoesNotMatch (403): ")
    assert hint.startswith(
        "hint: Content-Type: text/plain was signed, and the request carries Content-Type: text/html. "
    )
    missing = shell.anyone("upload", url, "big")
    assert "Send the header Content-Type: text/plain, byte for byte." in missing.stderr
    unknown = shell.anyone(
        "upload", url, "big", "-H", "Content-Type: text/html", "-H", "x-oss-meta-a: 1", "-H", "x-oss-meta-b: 2"
    )
    assert "hint: the server counted these headers: content-type: text/html, " in unknown.stderr
    assert "x-oss-signature" not in finished.stderr + missing.stderr


def test_an_expired_url_says_until_when_it_was_good(shell: Shell, bucket: str) -> None:
    script = f"""
import ossicle
from datetime import UTC, datetime, timedelta
config = ossicle.load_default()
config.credentials_provider = ossicle.credentials.EnvironmentVariableCredentialsProvider()
client = ossicle.Client(config, clock=lambda: datetime.now(UTC) - timedelta(hours=1))
print(client.presign(ossicle.PutObjectRequest(bucket={bucket!r}, key="a"), expires=timedelta(minutes=5)).url)
"""
    (shell.folder / "sign.py").write_text(script)
    url = shell.sh(f"'{sys.executable}' sign.py").text.strip()
    finished = shell.anyone("upload", url, "sign.py")
    assert finished.status == 1
    assert finished.stderr.startswith("ossicle: AccessDenied (403): Request has expired; request id ")
    assert "hint: the URL was good until " in finished.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("http://127.0.0.1:1/a", "a.txt"), 1, "can't be reached"),
        (("http://127.0.0.1:1/a", "missing.txt"), 1, "missing.txt: No such file or directory"),
        (("http://127.0.0.1:1/a", "."), 1, "Is a directory"),
        (("not-a-url", "a.txt"), 2, "this is no URL"),
        (("http://127.0.0.1:1/a", "a.txt", "-H", "x"), 2, "Name: value"),
        (("http://127.0.0.1:1/a", "a.txt", "-H", "Content-Length: 3"), 2, "the body has 6 bytes"),
        (("http://127.0.0.1:1/a", "a.txt", "-H", "Transfer-Encoding: gzip"), 2, "transfer-encoding is chunked"),
    ],
)
def test_an_upload_that_can_not_be(shell: Shell, arguments: tuple[str, ...], status: int, told: str) -> None:
    (shell.folder / "a.txt").write_bytes(b"hello\n")
    finished = shell.anyone("upload", *arguments)
    assert (finished.status, finished.stdout) == (status, b"")
    refusal, *hints = finished.stderr.splitlines()
    assert told in refusal
    assert all(hint.startswith("hint: ") for hint in hints)


def test_more_than_the_announced_length_is_not_understood(shell: Shell, bucket: str) -> None:
    """Only a pipe can be longer than it was said to be: a file is measured."""
    url = shell.presigned("put", f"oss://{bucket}/a")
    finished = shell.anyone("upload", url, "-", "-H", "Content-Length: 3", stdin=b"hello\n")
    assert (finished.status, finished.stdout) == (2, b"")
    assert "Content-Length" in finished.stderr
    assert "report" not in finished.stderr


def test_a_terminal_that_lacks_a_character_gets_an_escape(shell: Shell, bucket: str) -> None:
    url = shell.presigned("put", f"oss://{bucket}/値\n2")
    assert shell.anyone("upload", url, "-", stdin=b"x").status == 0
    shell.with_keys["PYTHONIOENCODING"] = "ascii"
    listed = shell.owner("ls", f"oss://{bucket}")
    assert (listed.status, listed.text.split()[-1], listed.stderr) == (0, f"oss://{bucket}/\\u5024\\n2", "")
    objects = shell.owner("ls", f"oss://{bucket}", "--json").document["objects"]
    assert [item["key"] for item in objects] == ["値\n2"]
    line = shell.owner("presign", "put", f"oss://{bucket}/a", "--meta", "a=値", "--curl")
    assert "x-oss-meta-a: 値" in line.text


def test_a_terminal_gets_a_progress_bar_and_a_file_gets_none(shell: Shell, bucket: str) -> None:
    (shell.folder / "big").write_bytes(bytes(BIG))
    url = shell.presigned("put", f"oss://{bucket}/big")
    with Terminal(shell, "upload", url, "big") as terminal:
        finished = terminal.finish()
    assert (finished.status, finished.text.splitlines()[2]) == (0, f"size        {BIG}")
    assert "28.6/28.6 MiB" in finished.stderr
    with Terminal(shell, "upload", url, "big", "--no-progress") as terminal:
        finished = terminal.finish()
    assert (finished.status, finished.stderr) == (0, "")
    assert shell.anyone("upload", url, "big").stderr == ""


def test_memory_does_not_grow_with_the_file(shell: Shell, bucket: str) -> None:
    with (shell.folder / "large").open("wb") as file:
        file.truncate(2 * UPLOAD_BYTES_MAX)
    url = shell.presigned("put", f"oss://{bucket}/large")
    limited = f"""
import resource, sys
from ossicle.cli.program import run
status = run(["upload", {url!r}, "large"])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
sys.exit(status or peak > {UPLOAD_BYTES_MAX})
"""
    (shell.folder / "limited.py").write_text(limited)
    finished = shell.sh(f"'{sys.executable}' limited.py")
    assert (finished.status, finished.stderr) == (0, "")


# -- curl lines


@pytest.mark.parametrize("key", ["a.txt", "a b/ünï.txt", "x/../y/./z", "dir/", "dir/.", "dir/..", "it's $HOME `id`"])
def test_printed_curl_lines_run_as_they_stand(shell: Shell, bucket: str, key: str) -> None:
    need("curl", "curl")
    (shell.folder / "it's [a] file").write_bytes(b"by curl\n")
    name, options = f"oss://{bucket}/{key}", ["--content-type", "text/plain", "--meta", "q=it's", "--meta", "e="]
    from_file = shell.presigned("put", name, *options, "--curl", "--file", "it's [a] file")
    assert shell.sh(from_file).status == 0
    assert shell.sh(shell.presigned("get", name, "--curl")).stdout == b"by curl\n"
    from_input = shell.presigned("put", name, "-H", "Cache-Control: no-cache", "--curl")
    assert shell.sh(from_input, stdin=b"from stdin\n").status == 0
    assert shell.sh(shell.presigned(name, "--curl", "--file", "out put")).status == 0
    assert (shell.folder / "out put").read_bytes() == b"from stdin\n"
    head = shell.sh(shell.presigned("head", name, "--curl"))
    assert (head.status, "cache-control: no-cache" in head.text.lower()) == (0, True)


def test_a_curl_line_that_is_refused_shows_why(shell: Shell, bucket: str) -> None:
    need("curl", "curl")
    finished = shell.sh(shell.presigned(f"oss://{bucket}/nothing", "--curl"))
    assert finished.status == 22
    assert b"<Code>NoSuchKey</Code>" in finished.stdout


# -- server and demo


def test_serve_refuses_what_it_can_not_do_in_one_line(shell: Shell) -> None:
    finished = shell.anyone("serve", "--durability", "none", "--data-dir", "data")
    assert finished.status == 2
    assert finished.stderr == "ossicle: durability 'none' is neither full nor relaxed (see: ossicle serve --help)\n"
    assert not (shell.folder / "data").exists()


def test_a_port_that_is_taken_is_told_in_one_line(shell: Shell, server: ServerProcess) -> None:
    finished = shell.anyone("serve", "--host", "127.0.0.1", "--port", str(server.port), "--data-dir", "data")
    assert finished.status == 1
    assert str(server.port) in finished.stderr
    assert "Traceback" not in finished.stderr


def test_the_demo_plays_to_its_end_and_leaves_nothing_behind(shell: Shell) -> None:
    temporary = shell.folder / "tmp"
    temporary.mkdir()
    shell.without_keys["TMPDIR"] = str(temporary)
    told = shell.anyone("demo")
    assert (told.status, told.stderr) == (0, "")
    assert told.text.count(": ok\n") == 8
    assert "SignatureDoesNotMatch (403)" in told.text
    assert list(temporary.iterdir()) == []
    document = shell.anyone("demo", "--json").document
    assert document["ok"] is True
    assert [step["ok"] for step in document["steps"]] == [True] * 8


def test_a_demo_that_can_not_be_played_fails(shell: Shell) -> None:
    """The interpreter that shall run the server ends at once."""
    site = shell.folder / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(
        "import sys\nif 'serve' in sys.orig_argv:\n    sys.exit('no server today')\n"
    )
    shell.without_keys["PYTHONPATH"] = str(site)
    finished = shell.anyone("demo")
    assert finished.status == 1
    assert "1. start a server, with keys and data of its own: FAILED" in finished.text
    assert "no server today" in finished.stderr


def test_the_command_is_installed() -> None:
    found = shutil.which("ossicle", path=str(Path(sys.executable).parent))
    assert found is not None
    assert subprocess.run([found, "--version"], check=True, capture_output=True).stdout.startswith(b"ossicle ")
