"""The audit log of a running server: whole lines of all its processes, through a rotation and to the last one before a stop."""

import json
import signal
from pathlib import Path

from tests.integration.conftest import StartServer
from tests.support.connection import Connection
from tests.support.owner import Owner
from tests.support.server import ServerProcess
from tests.support.waiting import wait_until

UPLOADS = 40


def put_all(server: ServerProcess, prefix: str) -> set[str]:
    """Upload over a connection each, which the processes are given in turn."""
    keys = {f"{prefix}{number}" for number in range(UPLOADS)}
    for key in keys:
        Owner(server=server).put(key, b"body")
    return keys


def uploaded(*files: Path) -> list[str]:
    entries = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    return [entry["key"] for entry in entries if entry["operation"] == "PutObject"]


def test_all_lines_of_all_processes_are_there_after_a_stop(start_server: StartServer, tmp_path: Path) -> None:
    file, rotated = tmp_path / "audit.log", tmp_path / "audit.log.1"
    server = start_server(arguments=["--workers", "2", "--audit-log", str(file)])
    assert file.stat().st_mode & 0o777 == 0o600
    keys = put_all(server, "a")
    file.rename(rotated)
    keys |= put_all(server, "b")
    server.signal(signal.SIGTERM)
    assert server.wait(20) == 0
    assert sorted(uploaded(rotated, file)) == sorted(keys)


def test_a_kill_loses_no_line_that_was_written(start_server: StartServer, tmp_path: Path) -> None:
    file = tmp_path / "audit.log"
    server = start_server(arguments=["--audit-log", str(file)])
    keys = put_all(server, "a")
    wait_until(lambda: sorted(uploaded(file)) == sorted(keys), seconds=20, what="the lines")
    server.kill()
    server.restart()
    keys |= put_all(server, "b")
    server.terminate()
    assert sorted(uploaded(file)) == sorted(keys)


def test_a_log_that_can_not_be_written_holds_nobody_up(start_server: StartServer, tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    server = start_server(arguments=["--workers", "1", "--audit-log", str(folder / "audit.log")])
    folder.rename(tmp_path / "away")
    keys = put_all(server, "a")
    wait_until(lambda: "the audit log can't be written" in server.log, seconds=20, what="a word in the log")
    with Connection(server.port) as connection:
        assert "ossicle_audit_lines_lost_total 0.0" in connection.ask("GET", "/_ossicle/metrics").body.decode()
    folder.mkdir()
    server.terminate()
    assert server.log.count("the audit log can't be written") == 1
    assert set(uploaded(folder / "audit.log")) | set(uploaded(tmp_path / "away" / "audit.log")) == keys
