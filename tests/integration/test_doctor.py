"""`ossicle doctor` against real servers: what it finds, and what it says of each thing that can be wrong."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import ossicle as client_library
from ossicle.wire.text import render_http_date
from tests.integration.conftest import StartServer
from tests.support.server import REGION, ServerProcess
from tests.support.shell import Shell

ORIGIN = "https://app.example.com"
BUCKET = "doctor-patient"


@pytest.fixture
def shell(server: ServerProcess, tmp_path: Path) -> Shell:
    shell = Shell(server, tmp_path)
    shell.done("mb", f"oss://{BUCKET}")
    return shell


def examined(shell: Shell, *arguments: str) -> tuple[int, dict[str, dict[str, Any]]]:
    finished = shell.owner("doctor", *arguments, "--json")
    assert finished.stderr == ""
    found: list[dict[str, Any]] = json.loads(finished.stdout)
    return finished.status, {one["name"]: one for one in found}


def states(found: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {name: one["state"] for name, one in found.items()}


def owner(server: ServerProcess) -> client_library.Client:
    return client_library.Client(
        client_library.Config(
            region=REGION,
            endpoint=server.endpoint,
            credentials_provider=client_library.credentials.StaticCredentialsProvider(
                server.access_key_id, server.access_key_secret
            ),
        )
    )


def test_all_is_well(shell: Shell, server: ServerProcess) -> None:
    rule = client_library.CORSRule(allowed_origins=(ORIGIN,), allowed_methods=("PUT",), allowed_headers=("*",))
    with owner(server) as client:
        configuration = client_library.CORSConfiguration(cors_rules=(rule,))
        client.put_bucket_cors(client_library.PutBucketCorsRequest(bucket=BUCKET, cors_configuration=configuration))
        status, found = examined(shell, f"oss://{BUCKET}", "--origin", ORIGIN, "--write")
        keys = client.list_objects_v2(
            client_library.ListObjectsV2Request(bucket=BUCKET, prefix="ossicle-doctor")
        ).contents
        client.delete_bucket_cors(client_library.DeleteBucketCorsRequest(bucket=BUCKET))
    names = ["server", "clock", "keys", "addressing", "bucket", "cors", "upload", "download", "removal"]
    assert states(found) == dict.fromkeys(names, "ok")
    assert status == 0
    assert not keys


def test_an_endpoint_that_the_server_does_not_call_itself_by(shell: Shell, start_server: StartServer) -> None:
    elsewhere = start_server(arguments=["--advertise-endpoint", "https://oss.example.com"])
    _, found = examined(shell, "oss://demo", "-e", elsewhere.endpoint)
    assert states(found)["endpoint"] == "warning"


def test_without_a_rule_no_page_may_upload(shell: Shell) -> None:
    status, found = examined(shell, f"oss://{BUCKET}", "--origin", ORIGIN)
    assert (status, found["cors"]["state"]) == (1, "failure")
    assert ORIGIN in found["cors"]["fix"]


@pytest.mark.parametrize(
    ("arguments", "name", "told"),
    [
        (("-i", "{key}", "-k", "wrong"), "keys", "SignatureDoesNotMatch"),
        (("-i", "nobody", "-k", "x"), "keys", "InvalidAccessKeyId"),
        (("--region", "cn-beijing"), "keys", "region"),
        (("oss://no-such-bucket-here",), "bucket", "NoSuchBucket"),
        (("-e", "http://127.0.0.1:1"), "server", "can't be reached"),
        (("-e", "http://name.invalid"), "server", "can't be reached"),
    ],
)
def test_what_is_wrong(shell: Shell, arguments: tuple[str, ...], name: str, told: str) -> None:
    key = shell.with_keys["OSS_ACCESS_KEY_ID"]
    status, found = examined(shell, *(argument.format(key=key) for argument in arguments))
    assert (status, found[name]["state"]) == (1, "failure")
    assert told in found[name]["text"]
    assert found[name]["fix"]


def test_lines_for_a_person(shell: Shell) -> None:
    finished = shell.owner("doctor", "-i", "nobody", "-k", "x")
    assert finished.status == 1
    assert [line.split()[:2] for line in finished.text.splitlines()] == [
        ["ok", "server"],
        ["ok", "clock"],
        ["failure", "keys"],
        ["fix:", "the"],
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--origin", ORIGIN),
        ("--write",),
        ("--may", "PutObject"),
        ("--user", "dora", "--may", "PutObject"),
        (f"oss://{BUCKET}", "--user", "dora", "--may", "PutObject", "--on", "b/x"),
        ("oss://b/k",),
    ],
)
def test_what_is_not_understood(shell: Shell, arguments: tuple[str, ...]) -> None:
    assert shell.owner("doctor", *arguments).status == 2


# -- servers that are not as they should be


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """A server that answers everything alike; give its address."""

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(10)


def answer(*headers: str) -> bytes:
    lines = ["HTTP/1.1 404 Not Found", "Content-Length: 0", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


def test_something_else_answers(shell: Shell) -> None:
    with answering(answer()) as endpoint:
        status, found = examined(shell, "-e", endpoint)
    assert (status, states(found)) == (1, {"server": "failure"})


@pytest.mark.parametrize(
    ("off", "state"),
    [(timedelta(seconds=-30), "ok"), (timedelta(seconds=-100), "warning"), (timedelta(hours=1), "failure")],
)
def test_a_server_with_another_clock(shell: Shell, off: timedelta, state: str) -> None:
    date = render_http_date(datetime.now(UTC) + off)
    with answering(answer("x-oss-request-id: 1", f"Date: {date}")) as endpoint:
        _, found = examined(shell, "-e", endpoint)
    assert found["server"]["text"].startswith("OSS answers")
    assert found["clock"]["state"] == state


# -- policies in files

POLICY = {
    "Version": "1",
    "Statement": [
        {"Effect": "Allow", "Action": "oss:GetObject", "Resource": "acs:oss:*:*:b/*"},
        {
            "Effect": "Allow",
            "Action": "oss:PutObject",
            "Resource": "acs:oss:*:*:b/in/*",
            "Condition": {"IpAddress": {"acs:SourceIp": "10.0.0.0/8"}},
        },
        {"Effect": "Deny", "Action": "oss:*", "Resource": "acs:oss:*:*:b/secret/*"},
    ],
}


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("--may", "PutObject", "--on", "b/in/x", "--from-ip", "10.1.2.3"), 0, "yes, by statement 2 of p.json"),
        (
            ("--may", "PutObject", "--on", "b/in/x", "--from-ip", "11.1.2.3"),
            1,
            "no: no statement of p.json is about it",
        ),
        (("--may", "oss:GetObject", "--on", "oss://b/x"), 0, "yes, by statement 1 of p.json"),
        (("--may", "GetObject", "--on", "b/secret/x"), 1, "no: statement 3 of p.json denies it"),
    ],
)
def test_a_policy_is_asked(shell: Shell, arguments: tuple[str, ...], status: int, told: str) -> None:
    (shell.folder / "p.json").write_text(json.dumps(POLICY))
    found_status, found = examined(shell, "--policy", "p.json", *arguments)
    assert found_status == status
    assert found["policy"]["text"].endswith(f"? {told}")


def test_what_is_no_policy(shell: Shell) -> None:
    (shell.folder / "p.json").write_text("{}")
    status, found = examined(shell, "--policy", "p.json", "--may", "PutObject", "--on", "b/x")
    assert (status, found["policy"]["text"]) == (1, 'p.json is no policy: Version must be "1".')


def test_a_user_is_asked_about(shell: Shell) -> None:
    (shell.folder / "p.json").write_text(json.dumps(POLICY).replace("b/", "doctors-own/"))
    shell.done("user", "create", "dora")
    shell.done("policy", "create", "of-dora", "--file", "p.json")
    shell.done("policy", "attach", "of-dora", "--user", "dora")
    shell.done("mb", "oss://doctors-own")
    asked = ("--user", "dora", "--may", "PutObject", "--on", "doctors-own/in/x", "--from-ip")
    status, found = examined(shell, *asked, "10.1.2.3")
    text = "may dora PutObject to doctors-own/in/x?"
    assert (status, found["permission"]["text"]) == (0, f"{text} yes: the policy of-dora, statement 2")
    status, found = examined(shell, *asked, "11.1.2.3")
    assert (status, found["permission"]["text"]) == (
        1,
        f"{text} no: the bucket's ACL is private, and no policy says anything",
    )


def test_a_user_who_is_not_there(shell: Shell) -> None:
    status, found = examined(shell, "--user", "nobody", "--may", "PutObject", "--on", "doctor-patient/x")
    assert (status, found["permission"]["state"]) == (1, "failure")
    assert "EntityNotExist.User" in found["permission"]["text"]
