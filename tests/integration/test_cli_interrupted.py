"""Ctrl-C in the middle of `ossicle cp`: what is left, what is said, and that the same command goes on from there."""

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.support.server import ServerProcess
from tests.support.shell import CTRL_C, Shell, Terminal
from tests.support.waiting import wait_until

MIB = 1 << 20
SIZE = 48 * MIB
SECONDS = 40


class SlowRoad:
    """A way to the server that carries no more than so many bytes a second in either direction, so that there is a middle."""

    def __init__(self, port: int, bytes_per_second: float) -> None:
        self.carried = 0
        self._target = port
        self._rate = bytes_per_second
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError), closing(source), closing(sink):
            while piece := source.recv(65536):
                with self._lock:  # all share one road
                    self.carried += len(piece)
                    time.sleep(len(piece) / self._rate)
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)


@pytest.fixture
def road(server: ServerProcess) -> Iterator[SlowRoad]:
    with closing(SlowRoad(server.port, 20 * MIB)) as found:
        yield found


@pytest.fixture
def shell(server: ServerProcess, tmp_path: Path) -> Shell:
    return Shell(server, tmp_path)


@pytest.fixture
def bucket(shell: Shell, request: pytest.FixtureRequest) -> str:
    name = f"int-{abs(hash(request.node.nodeid)):x}"
    shell.done("mb", f"oss://{name}")
    return name


def interrupted(shell: Shell, road: SlowRoad, *arguments: str) -> str:
    """Press Ctrl-C when a third has gone, and return what the terminal showed."""
    slow = {"OSS_ENDPOINT": f"http://127.0.0.1:{road.port}"}
    with Terminal(shell, *arguments, environment=slow) as terminal:
        wait_until(lambda: road.carried > SIZE // 3, seconds=SECONDS, what="a third has gone")
        terminal.press(CTRL_C)
        finished = terminal.finish()
    assert finished.status == 130, finished.stderr
    return finished.stderr


def resumed(shell: Shell, road: SlowRoad, *arguments: str) -> int:
    """Run the same command to its end, and return how many bytes that took."""
    before = road.carried
    shell.with_keys["OSS_ENDPOINT"] = f"http://127.0.0.1:{road.port}"
    shell.done(*arguments)
    return road.carried - before


OPTIONS = ("--part-size", "1M", "--parallel", "3")


def test_an_upload_is_resumed(shell: Shell, bucket: str, road: SlowRoad) -> None:
    content = os.urandom(SIZE)
    (shell.folder / "big").write_bytes(content)
    command = ("cp", "big", f"oss://{bucket}/big", *OPTIONS)
    told = interrupted(shell, road, *command)
    assert "ossicle: interrupted; run the same command again to resume (about " in told
    assert " of 48.0 MiB are there)" in told
    assert shell.owner("stat", f"oss://{bucket}/big").status == 1
    assert len(list((shell.folder / ".local/state/ossicle/checkpoints").iterdir())) == 1
    assert resumed(shell, road, *command) < 0.8 * SIZE
    assert shell.done("cat", f"oss://{bucket}/big").stdout == content
    assert list((shell.folder / ".local/state/ossicle/checkpoints").iterdir()) == []
    assert shell.done("ls", "-m", f"oss://{bucket}").text == ""


def test_a_download_is_resumed(shell: Shell, bucket: str, road: SlowRoad) -> None:
    content = os.urandom(SIZE)
    (shell.folder / "big").write_bytes(content)
    shell.done("cp", "big", f"oss://{bucket}/big", "-q")
    command = ("cp", f"oss://{bucket}/big", "back", "--checkpoint-dir", "marks", *OPTIONS)
    assert " of 48.0 MiB are there)" in interrupted(shell, road, *command)
    assert not (shell.folder / "back").exists()
    assert len(list((shell.folder / "marks").iterdir())) == 1
    assert resumed(shell, road, *command) < 0.8 * SIZE
    assert (shell.folder / "back").read_bytes() == content
    assert list((shell.folder / "marks").iterdir()) == []


def test_many_files_go_on_with_update(shell: Shell, bucket: str, road: SlowRoad) -> None:
    for number in range(12):
        (shell.folder / "tree").mkdir(exist_ok=True)
        (shell.folder / "tree" / f"{number:02}").write_bytes(os.urandom(SIZE // 12))
    command = ("cp", "-r", "tree", f"oss://{bucket}", "--jobs", "2")
    told = interrupted(shell, road, *command)
    assert "ossicle: interrupted; run the same command again with --update to go on (" in told
    assert resumed(shell, road, *command, "--update") < 0.9 * SIZE
    shell.done("cp", "-r", f"oss://{bucket}", "back", "-q")
    for path in (shell.folder / "tree").iterdir():
        assert (shell.folder / "back" / path.name).read_bytes() == path.read_bytes()


def test_a_second_ctrl_c_ends_at_once(shell: Shell, bucket: str, server: ServerProcess) -> None:
    """The server stands still, so nothing comes to an end in order."""
    (shell.folder / "big").write_bytes(bytes(SIZE))
    with closing(SlowRoad(server.port, 2 * MIB)) as road:
        slow = {"OSS_ENDPOINT": f"http://127.0.0.1:{road.port}"}
        with Terminal(shell, "cp", "big", f"oss://{bucket}/big", *OPTIONS, environment=slow) as terminal:
            wait_until(lambda: road.carried > MIB, seconds=SECONDS, what="it is on its way")
            os.kill(server.pid, signal.SIGSTOP)
            try:
                terminal.press(CTRL_C)
                terminal.read_until("Ctrl-C again ends it at once")
                terminal.press(CTRL_C)
                assert terminal.finish().status == 130
            finally:
                os.kill(server.pid, signal.SIGCONT)
