"""The process helper itself, with a stand-in for the server: its failures must be short, bounded and tell why."""

import os
import textwrap
import urllib.request
from pathlib import Path

import pytest

from tests.support.server import BUCKET, ServerFailed, ServerProcess

STAND_IN = """
    import argparse, http.server, json, os, signal, sys

    parser = argparse.ArgumentParser()
    parser.add_argument("command")
    for option in ("--port", "--data-dir", "--region", "--ready-file", "--behaviour"):
        parser.add_argument(option, default="")
    parser.add_argument("--bucket", action="append")
    options = parser.parse_args()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = json.dumps({"path": self.path, "argv": sys.argv[1:], "env": sorted(os.environ)}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    print("stand-in starts", file=sys.stderr, flush=True)
    if options.behaviour == "dies":
        sys.exit("no such region")
    if options.behaviour == "stays":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    else:
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    server = http.server.HTTPServer(("127.0.0.1", int(options.port)), Handler)
    if options.behaviour != "mute":
        ready = {"endpoint": f"http://127.0.0.1:{server.server_port}", "pid": os.getpid()}
        with open(options.ready_file, "w") as file:
            json.dump(ready, file)
    server.serve_forever()
"""


@pytest.fixture
def stand_in(tmp_path: Path) -> dict[str, str]:
    """Environment in which `python -m ossicle` is the program above."""
    package = tmp_path / "path" / "ossicle"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(textwrap.dedent(STAND_IN))
    return {"PYTHONPATH": str(package.parent)}


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return str(answer.read().decode())


def test_it_starts_answers_and_stops_with_the_servers_status(tmp_path: Path, stand_in: dict[str, str]) -> None:
    with ServerProcess(tmp_path / "data", env=stand_in) as server:
        answer = get(server.endpoint)
        assert server.pid != os.getpid()
        assert server.terminate() == 0
    assert not server.is_running
    assert f'"--bucket", "{BUCKET}"' in answer
    assert "OSSICLE_ROOT_ACCESS_KEY_SECRET" in answer
    assert server.log == "stand-in starts\n"


def test_what_the_caller_has_in_its_environment_does_not_reach_the_server(
    tmp_path: Path, stand_in: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OSSICLE_CONFIG", "/elsewhere")
    monkeypatch.setenv("OSS_ENDPOINT", "elsewhere")
    with ServerProcess(tmp_path / "data", env=stand_in) as server:
        answer = get(server.endpoint)
    assert "OSSICLE_CONFIG" not in answer
    assert "OSS_ENDPOINT" not in answer


def test_a_killed_server_comes_back_on_its_port(tmp_path: Path, stand_in: dict[str, str]) -> None:
    with ServerProcess(tmp_path / "data", env=stand_in) as server:
        port, pid = server.port, server.pid
        server.kill()
        assert not server.is_running
        server.restart()
        assert (server.port, server.pid != pid) == (port, True)
        assert get(server.endpoint)


def test_a_server_that_dies_at_start_shows_its_log(tmp_path: Path, stand_in: dict[str, str]) -> None:
    server = ServerProcess(tmp_path / "data", env=stand_in, arguments=["--behaviour", "dies"])
    with pytest.raises(ServerFailed, match=r"exited with status 1(.|\n)*no such region"):
        server.start()


def test_a_server_that_never_says_ready_fails_within_its_bound(tmp_path: Path, stand_in: dict[str, str]) -> None:
    server = ServerProcess(tmp_path / "data", env=stand_in, arguments=["--behaviour", "mute"], start_seconds=0.5)
    with pytest.raises(ServerFailed, match="ready file"):
        server.start()
    assert not server.is_running


def test_a_server_that_does_not_stop_is_a_failure_and_is_gone(tmp_path: Path, stand_in: dict[str, str]) -> None:
    server = ServerProcess(tmp_path / "data", env=stand_in, arguments=["--behaviour", "stays"], stop_seconds=0.5)
    server.start()
    with pytest.raises(ServerFailed, match="still running"):
        server.terminate()
    assert not server.is_running


def test_a_failing_test_is_shown_the_log(tmp_path: Path, stand_in: dict[str, str]) -> None:
    def fail_while_it_runs() -> None:
        with ServerProcess(tmp_path / "data", env=stand_in):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as failure:
        fail_while_it_runs()
    assert "stand-in starts" in failure.value.__notes__[0]
