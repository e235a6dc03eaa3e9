"""`ossicle config` at a terminal, and the keys that come from a profile, against a real server."""

from pathlib import Path

import pytest

from tests.support.server import REGION, ServerProcess
from tests.support.shell import Shell, Terminal

NO_KEYS = dict.fromkeys(("OSS_ENDPOINT", "OSS_REGION", "OSS_ACCESS_KEY_ID", "OSS_ACCESS_KEY_SECRET"), "")


@pytest.fixture
def shell(server: ServerProcess, tmp_path: Path) -> Shell:
    return Shell(server, tmp_path)


def test_somebody_at_a_terminal_is_asked_and_no_secret_is_shown(shell: Shell, server: ServerProcess) -> None:
    endpoint = f"http://localhost:{server.port}"
    answers = {
        "endpoint": endpoint,
        "region": REGION,
        "access-key-id": server.access_key_id,
        "access-key-secret": server.access_key_secret,
        "security-token": "",
    }
    with Terminal(shell, "config", "-p", "home", environment=NO_KEYS) as terminal:
        for key, answer in answers.items():
            terminal.read_until(f"{key}: ")
            terminal.press(f"{answer}\r")
        finished = terminal.finish()
    assert finished.status == 0, finished.stderr
    assert server.access_key_id in finished.stderr
    assert server.access_key_secret not in finished.stderr
    assert (shell.folder / ".ossicle.toml").stat().st_mode & 0o777 == 0o600
    assert shell.anyone("ls", "--profile", "home").status == 0
    assert shell.anyone("ls").status == 2
    with Terminal(shell, "config", "-p", "home", environment=NO_KEYS) as terminal:
        terminal.read_until(f"endpoint [{endpoint}]: ")
        terminal.press("\r")
        terminal.read_until(f"region [{REGION}]: ")
        terminal.press("cn-other\r")
        terminal.read_until("access-key-id [")
        terminal.press("\r")
        terminal.read_until("access-key-secret [(set)]: ")
        terminal.press("\r")
        terminal.read_until("security-token: ")
        terminal.press("\r")
        assert terminal.finish().status == 0
    assert shell.anyone("config", "get", "region", "-p", "home").text == "cn-other\n"
    assert shell.anyone("config", "get", "endpoint", "-p", "home").text == f"{endpoint}\n"


def test_what_ossutil_knows_is_enough(shell: Shell, server: ServerProcess) -> None:
    path = shell.folder / ".ossutilconfig"
    path.write_text(
        f"[Credentials]\nlanguage=EN\nendpoint=http://localhost:{server.port}\nregion={REGION}\n"
        f"accessKeyID={server.access_key_id}\naccessKeySecret={server.access_key_secret}\n"
    )
    finished = shell.anyone("ls")
    assert finished.status == 0
    warning = "ossicle: warning: ~/.ossutilconfig is open to other users; chmod 600 ~/.ossutilconfig\n"
    assert finished.stderr == warning
    path.chmod(0o600)
    assert shell.anyone("ls").stderr == ""


def test_an_endpoint_that_speaks_plain_http(shell: Shell, server: ServerProcess) -> None:
    finished = shell.owner("ls", "-e", f"localhost:{server.port}")
    assert finished.status == 1
    assert finished.stderr.splitlines()[1] == (
        "hint: the server speaks plain http: write the endpoint with http:// in front"
    )


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("ls", "oss://no-such-bucket-here"), "`ossicle mb oss://BUCKET` makes one, `ossicle ls` lists yours"),
        (
            ("ls", "-i", "nobody", "-k", "x"),
            "the server does not know this key: `ossicle config list` says where it comes from",
        ),
        (("ls", "-e", "http://127.0.0.1:1"), "is a server running there, and is the address right? `ossicle serve`"),
        (("ls", "-e", "http://no-such-host.invalid"), "the host has no address: is its name right?"),
    ],
)
def test_failures_come_with_a_hint(shell: Shell, arguments: tuple[str, ...], hint: str) -> None:
    finished = shell.owner(*arguments)
    assert finished.status == 1
    _, told = finished.stderr.splitlines()
    assert told.startswith(f"hint: {hint}")


def test_a_wrong_secret_comes_with_a_hint(shell: Shell) -> None:
    shell.with_keys["OSS_ACCESS_KEY_SECRET"] = "wrong"
    finished = shell.owner("ls")
    assert finished.status == 1
    assert (
        "hint: the secret is not that of the access key: `ossicle config list` says where each comes" in finished.stderr
    )
