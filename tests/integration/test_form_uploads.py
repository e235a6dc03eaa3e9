"""Forms to a real server: posted by curl, byte by byte over a socket, and by senders that never finish."""

import hashlib
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

import ossicle
from ossicle.wire.credentials import Credentials
from tests.support.connection import Connection
from tests.support.forms import BOUNDARY, encoded_policy, form, signed_v1, signed_v4
from tests.support.server import BUCKET, REGION, ServerProcess
from tests.support.waiting import wait_until

CONTENT = os.urandom(3 * 1024 * 1024)


def signed(server: ServerProcess, *conditions: object, version: int = 4) -> dict[str, str]:
    now = datetime.now(UTC)
    keys = Credentials(access_key_id=server.access_key_id, access_key_secret=server.access_key_secret)
    made = encoded_policy(now, conditions)
    return signed_v4(made, keys, now, region=REGION) if version == 4 else signed_v1(made, keys)


def owner(server: ServerProcess) -> ossicle.Client:
    keys = ossicle.credentials.StaticCredentialsProvider(server.access_key_id, server.access_key_secret)
    return ossicle.Client(ossicle.Config(region=REGION, endpoint=server.endpoint, credentials_provider=keys))


def content_of(server: ServerProcess, key: str) -> bytes:
    with owner(server) as client:
        body = client.get_object(ossicle.GetObjectRequest(bucket=BUCKET, key=key)).body
        assert body is not None
        with body:
            return bytes(body.read())


def is_there(server: ServerProcess, key: str) -> bool:
    with owner(server) as client:
        return bool(client.is_object_exist(BUCKET, key))


def head(length: int | None) -> bytes:
    framing = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    return (
        f"POST /{BUCKET}/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
        f"{framing}\r\n\r\n"
    ).encode()


def blobs(server: ServerProcess) -> list[Path]:
    return [path for path in server.data_dir.rglob("*") if path.is_file() and path.stat().st_size == len(CONTENT)]


@pytest.mark.parametrize("version", [1, 4])
def test_curl_posts_a_form(server: ServerProcess, tmp_path: Path, version: int) -> None:
    file = tmp_path / "a film.mov"
    file.write_bytes(CONTENT)
    key = f"curl-{version}/${{filename}}"
    fields = {"key": key, "success_action_status": "201", **signed(server, {"key": key}, version=version)}
    command = ["curl", "-sS", "-i", f"{server.endpoint}/{BUCKET}/"]
    for name, value in fields.items():
        command += ["-F", f"{name}={value}"]
    answer = subprocess.run([*command, "-F", f"file=@{file}"], capture_output=True, text=True, timeout=30, check=True)
    assert "HTTP/1.1 201 Created" in answer.stdout
    assert f"<Key>curl-{version}/a film.mov</Key>" in answer.stdout
    assert hashlib.md5(CONTENT).hexdigest().upper() in answer.stdout
    assert content_of(server, f"curl-{version}/a film.mov") == CONTENT


def test_curl_reads_why_its_form_is_refused(server: ServerProcess, tmp_path: Path) -> None:
    file = tmp_path / "large.bin"
    file.write_bytes(CONTENT * 4)
    fields = {"key": "refused", **signed(server, ["content-length-range", 0, 1000])}
    command = ["curl", "-sS", f"{server.endpoint}/{BUCKET}/"]
    for name, value in fields.items():
        command += ["-F", f"{name}={value}"]
    answer = subprocess.run([*command, "-F", f"file=@{file}"], capture_output=True, text=True, timeout=30, check=True)
    assert "<Code>EntityTooLarge</Code>" in answer.stdout
    assert not is_there(server, "refused")


def test_a_form_in_small_pieces(server: ServerProcess) -> None:
    body = form([("key", "pieces"), *signed(server).items()], CONTENT[:5000])
    with Connection(server.port) as connection:
        connection.send(head(None))
        for at in range(0, len(body), 7):
            piece = body[at : at + 7]
            connection.send(b"%x\r\n%b\r\n" % (len(piece), piece))
        connection.send(b"0\r\n\r\n")
        assert connection.answer().status == 204
    assert content_of(server, "pieces") == CONTENT[:5000]


def test_a_form_without_its_end_stores_nothing(server: ServerProcess) -> None:
    body = form([("key", "endless"), *signed(server).items()], CONTENT)[:-8]
    with Connection(server.port) as connection:
        connection.send(head(len(body)) + body)
        assert connection.answer().code == "MalformedPOSTRequest"
    assert not is_there(server, "endless")


def test_a_sender_that_goes_away_leaves_nothing(own_server: ServerProcess) -> None:
    body = form([("key", "gone"), *signed(own_server).items()], CONTENT)
    with Connection(own_server.port) as connection:
        connection.send(head(len(body)) + body[:-8])
    wait_until(
        lambda: "IncompleteBody" in own_server.log, seconds=20, what="the server to note that the form broke off"
    )
    assert not is_there(own_server, "gone")
    assert blobs(own_server) == []


def test_a_server_that_is_killed_meanwhile_has_nothing(own_server: ServerProcess) -> None:
    body = form([("key", "killed"), *signed(own_server).items()], CONTENT)
    with Connection(own_server.port) as connection:
        connection.send(head(len(body)) + body[:-8])
        own_server.kill()
    own_server.start()
    assert not is_there(own_server, "killed")
