"""What `ossicle explain` reads out of a curl command is what curl itself sends."""

import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ossicle.cli.explaining.curl_command import parse_curl
from ossicle.wire.http import Query, Request
from ossicle.wire.text import percent_decode
from tests.support.tools import need

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
# curl's version, and what it adds when it thinks best.
OF_CURL = {b"user-agent", b"expect", b"transfer-encoding"}
OF_FILES = {b"content-length"}

# How curl writes what it encodes has changed with its versions: a space as `+` or `%20`, hex digits in either case.
ENCODED_BY_CURL = ("urlencode", "url-query", "é")


class Recorder:
    """A server that answers everything with nothing, and keeps the heads of the requests."""

    def __init__(self) -> None:
        self.heads: list[bytes] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with closing(connection):
                head = b""
                while b"\r\n\r\n" not in head and (piece := connection.recv(65536)):
                    head += piece
                self.heads.append(head)
                connection.sendall(ANSWER)
                # What comes after the head is read, so that closing does not take the answer back.
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(10)


@pytest.fixture(scope="module")
def recorder() -> Iterator[Recorder]:
    made = Recorder()
    yield made
    made.close()


def received(head: bytes) -> tuple[str, str, dict[bytes, list[bytes]]]:
    line, *fields = head.partition(b"\r\n\r\n")[0].split(b"\r\n")
    method, target, _ = line.decode("utf-8", "surrogateescape").split(" ")
    headers: dict[bytes, list[bytes]] = {}
    for field in fields:
        name, _, value = field.partition(b":")
        headers.setdefault(name.lower(), []).append(value.strip())
    return method, target, headers


def target_of(request: Request) -> str:
    query = request.query.raw
    return (request.path + (b"?" + query if query else b"")).decode("utf-8", "surrogateescape")


COMMANDS = [
    "curl http://H/b/k",
    "curl 'http://H/b/k?x=1&y=%2F+z'",
    "curl -T f 'http://H/b/k?x=1&y=2'",
    "curl -sST f http://H/b/k -H 'Content-Type: text/plain' -H 'x-oss-meta-a:  b  '",
    "curl -T f 'http://H/b/folder/?x=1'",
    "curl -T 'with space.txt' http://H/b/",
    "curl -T f http://H",
    "curl -XPUT --data-binary @f 'http://H/b/k?x=1'",
    "curl -X PUT -d a=b -d c http://H/b/k",
    "curl -X PUT --data-binary 'a=b' -H 'Content-Type:' http://H/b/k",
    "curl -X PUT --data-raw '@f' -H 'Content-Type;' http://H/b/k",
    "curl -X PUT --upload-file f http://H/b/k -H 'content-type: text/plain;charset=utf8'",
    "curl -d '' http://H/b/k",
    "curl -G -d a=b --data-urlencode 'c=d e/é' --data-urlencode 'f g' --data-urlencode '=h+i' 'http://H/b/k?x=1'",
    "curl -G http://H/b/k",
    "curl -I http://H/b/k",
    "curl --head http://H/b/k",
    "curl -IX GET http://H/b/k",
    "curl --json '{\"a\": 1}' http://H/b/k",
    "curl --json '[1,' --json '2]' -H 'Accept: x/y' http://H/b/k",
    "curl -u name:pass http://H/b/k",
    "curl -u name:pass -H 'Authorization: OSS a:b' http://H/b/k",
    "curl --oauth2-bearer token http://H/b/k",
    "curl -r 0-99 -e http://ref/ -b 'a=b; c=d' -A agent http://H/b/k",
    "curl -H 'Host: b.oss-cn-hangzhou.aliyuncs.com' http://H/k",
    "curl http://H/b/../k/./x",
    "curl http://H/b/k/..",
    "curl --path-as-is http://H/b/../k/./x",
    "curl -g 'http://H/b/k[1]{a}?x=[2]'",
    "curl 'http://H/b/k#fragment'",
    "curl 'http://H/b/k?x=1#fragment'",
    "curl H/b/k",
    "curl --url http://H/b/k -s",
    "curl --url-query 'a=b c' --url-query '+d=e' 'http://H/b/k?x=1'",
    "curl $'http://H/b/k?x=\\x31' -H $'K: v\\'w'",
    "curl http://H/b/k -H 'No colon' -H 'Empty:' -H 'X-A: 1' -H 'X-A: 2'",
    "curl 'http://H?x=1'",
    "curl http://H/b/k --connect-timeout 5 -m 20 -sSL --compressed-ssh -o out",
    "curl -X DELETE http://H/b/k > out 2>&1",
    "curl 'http://H/b/ké'",
]


@pytest.mark.parametrize("template", COMMANDS)
def test_a_command_means_what_curl_sends(template: str, recorder: Recorder, tmp_path: Path) -> None:
    need("curl", "curl")
    command = template.replace("H/", f"127.0.0.1:{recorder.port}/", 1) if "H/" in template else template
    command = command.replace("//H", f"//127.0.0.1:{recorder.port}", 1)
    for name in ("f", "with space.txt"):
        (tmp_path / name).write_bytes(b"content")
    before = len(recorder.heads)
    done = subprocess.run(["bash", "-c", f"{command} -q"], cwd=tmp_path, capture_output=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    method, target, headers = received(recorder.heads[before])

    sent = parse_curl(command)
    (request,) = sent.requests()
    assert request.method == method
    if any(word in command for word in ENCODED_BY_CURL):
        path, _, query = target.partition("?")
        assert percent_decode(request.path) == percent_decode(path.encode())
        assert request.query.pairs == Query(query.encode()).pairs
    else:
        assert target_of(request) == target
    ours = {name: [value] for name, value in request.headers.items()} | {b"host": [request.host]}
    theirs = {name: [b",".join(values)] for name, values in headers.items()}
    left_out = OF_CURL | (OF_FILES if b"content-length" not in ours else set())
    agent = b"agent" if "-A agent" in command else None
    assert agent is None or (ours[b"user-agent"], theirs[b"user-agent"]) == ([agent], [agent])
    assert {name: ours[name] for name in ours.keys() - left_out} == {
        name: theirs[name] for name in theirs.keys() - left_out
    }


def test_a_form_has_a_boundary_that_nobody_knows(recorder: Recorder, tmp_path: Path) -> None:
    need("curl", "curl")
    command = f"curl -F a=b http://127.0.0.1:{recorder.port}/b"
    before = len(recorder.heads)
    subprocess.run(["bash", "-c", command], cwd=tmp_path, check=True, timeout=30)
    method, _, headers = received(recorder.heads[before])
    (request,) = parse_curl(command).requests()
    assert request.method == method
    assert headers[b"content-type"][0].startswith(request.headers.get(b"content-type") or b"?")
