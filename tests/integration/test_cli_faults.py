"""`ossicle cp` beside connections that break: one line that says what happened, and the same command goes on from there."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.faulty_proxy import Fault, FaultyProxy, Stage
from tests.support.server import ServerProcess
from tests.support.shell import Shell

KIB = 1024
PARTS = 6
SIZE = PARTS * 256 * KIB - 100
OPTIONS = ("--part-size", "256K", "--parallel", "1", "--bigfile-threshold", "1M", "--checkpoint-dir", "marks")
RESUME = "hint: run the same command again to resume (about "


@pytest.fixture
def proxy(server: ServerProcess) -> Iterator[FaultyProxy]:
    with FaultyProxy(server.port) as found:
        yield found


@pytest.fixture
def shell(server: ServerProcess, tmp_path: Path) -> Shell:
    return Shell(server, tmp_path)


@pytest.fixture
def bucket(shell: Shell, request: pytest.FixtureRequest) -> str:
    name = f"faults-{abs(hash(request.node.nodeid)):x}"
    shell.done("mb", f"oss://{name}")
    return name


@pytest.fixture
def content(shell: Shell) -> bytes:
    content = os.urandom(SIZE)
    (shell.folder / "big").write_bytes(content)
    return content


def through(shell: Shell, proxy: FaultyProxy) -> Shell:
    """Let the commands that follow go through the proxy."""
    shell.with_keys["OSS_ENDPOINT"] = proxy.endpoint
    return shell


def failing(shell: Shell, *arguments: str) -> list[str]:
    """Run what has to fail; return the lines that it told of it."""
    finished = shell.owner(*arguments)
    assert finished.status == 1
    assert finished.stdout == b""
    return finished.stderr.splitlines()


def checkpoints(shell: Shell) -> int:
    return len(list((shell.folder / "marks").iterdir()))


def test_an_upload_that_is_cut_says_how_to_resume(
    shell: Shell, bucket: str, content: bytes, proxy: FaultyProxy
) -> None:
    command = ("cp", "big", f"oss://{bucket}/big", *OPTIONS, "--retry-times", "1")
    proxy.fault = Fault("UploadPart", Stage.REQUEST, first=4)
    told = failing(through(shell, proxy), *command)
    assert told[0].startswith(f"ossicle: the connection to {proxy.endpoint} broke off")
    assert told[1].startswith(RESUME)
    assert " of 1.5 MiB are there)" in told[1]
    assert [line[:6] for line in told[1:]] == ["hint: "] * (len(told) - 1)
    assert proxy.parts() == [1, 2, 3, 4, 4]
    assert checkpoints(shell) == 1

    proxy.restart()
    shell.done(*command)
    assert proxy.parts() == [4, 5, 6]
    assert shell.done("cat", f"oss://{bucket}/big").stdout == content
    assert checkpoints(shell) == 0
    assert shell.done("ls", "-m", f"oss://{bucket}").text == ""


def test_a_download_that_is_cut_says_how_to_resume(
    shell: Shell, bucket: str, content: bytes, proxy: FaultyProxy
) -> None:
    shell.done("cp", "big", f"oss://{bucket}/big", "-q")
    command = ("cp", f"oss://{bucket}/big", "back", *OPTIONS, "--retry-times", "1")
    proxy.fault = Fault("GetObject", Stage.HEAD, first=4)
    told = failing(through(shell, proxy), *command)
    assert told[0].startswith(f"ossicle: the connection to {proxy.endpoint} broke off")
    assert told[1].startswith(RESUME)
    assert not (shell.folder / "back").exists()
    assert checkpoints(shell) == 1

    proxy.restart()
    shell.done(*command)
    assert proxy.count("GetObject") == 3
    assert (shell.folder / "back").read_bytes() == content
    assert sorted(path.name for path in shell.folder.iterdir() if path.is_file()) == ["back", "big"]
    assert checkpoints(shell) == 0


def test_json_says_how_to_resume_too(shell: Shell, bucket: str, content: bytes, proxy: FaultyProxy) -> None:
    proxy.fault = Fault("UploadPart", Stage.REQUEST, first=4)
    told = through(shell, proxy).owner("cp", "big", f"oss://{bucket}/big", *OPTIONS, "--retry-times", "0", "--json")
    assert told.status == 1
    assert '"hints": ["run the same command again to resume (about ' in told.stderr


def test_nothing_is_resumed_that_did_not_begin(shell: Shell, bucket: str, content: bytes, proxy: FaultyProxy) -> None:
    proxy.fault = Fault("InitiateMultipartUpload", Stage.BEFORE)
    told = failing(through(shell, proxy), "cp", "big", f"oss://{bucket}/big", *OPTIONS, "--retry-times", "0")
    assert not any("resume" in line for line in told)
    assert checkpoints(shell) == 0


def test_what_was_small_leaves_nothing(shell: Shell, bucket: str, proxy: FaultyProxy) -> None:
    (shell.folder / "small").write_bytes(bytes(100 * KIB))
    proxy.fault = Fault("PutObject", Stage.REQUEST)
    told = failing(through(shell, proxy), "cp", "small", f"oss://{bucket}/small", "--retry-times", "1")
    assert not any("resume" in line for line in told)
    assert proxy.count("PutObject") == 2
    proxy.restart()
    assert shell.done("ls", f"oss://{bucket}", "-r", "--json").document["objects"] == []


def test_a_cut_within_the_retries_is_not_mentioned(
    shell: Shell, bucket: str, content: bytes, proxy: FaultyProxy
) -> None:
    proxy.fault = Fault("UploadPart", Stage.AFTER, first=2, times=1)
    finished = through(shell, proxy).done("cp", "big", f"oss://{bucket}/big", *OPTIONS)
    assert len(finished.stderr.splitlines()) == 1
    assert finished.stderr.startswith("uploaded big")
    assert shell.done("cat", f"oss://{bucket}/big").stdout == content
