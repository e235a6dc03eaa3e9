"""Real HTTP clients that send what they were told to, and say which cause the answer named: its id, or nothing."""

import http.client
import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import requests

from tests.support.tools import need

HEADER = "x-ossicle-explanation"
SECONDS = 60
NODE = """
const [url, method, headers, kind] = JSON.parse(process.argv[1]);
const form = new FormData();
form.append("file", new Blob(["hello"]), "notes.txt");
const bodies = {
  none: undefined, text: "hello", bytes: new TextEncoder().encode("hello"), form, search: new URLSearchParams({ a: "b" }),
  json: JSON.stringify({ a: 1 }), blob: new Blob(["hello"], { type: "image/png" }),
};
const answer = await fetch(url, { method, headers, body: bodies[kind] });
console.log(answer.headers.get("x-ossicle-explanation") ?? "");
"""
NODE_HTTP = """
const [url, method, headers] = JSON.parse(process.argv[1]);
const http = await import("node:http");
const request = http.request(url, { method, headers }, (answer) => {
  answer.resume();
  console.log(answer.headers["x-ossicle-explanation"] ?? "");
});
request.end(method === "PUT" ? "hello" : undefined);
"""


def cause_of(line: str | None) -> str:
    """Return the id that a header begins with."""
    return (line or "").partition(":")[0]


def curl(*arguments: str) -> str:
    """Run curl with these arguments, the URL among them, without a shell."""
    command = [need("curl", "curl"), "-sS", "-o", "/dev/null", "-D", "-", *arguments]
    return _told(_output(command))


def shell(line: str) -> str:
    """Run a line of a shell that calls curl, as somebody types it."""
    return _told(_output(["/bin/sh", "-c", line.replace("curl ", f"{need('curl', 'curl')} -sS -o /dev/null -D - ")]))


def wget(*arguments: str) -> str:
    """Run wget, whose headers are told on standard error."""
    return _told(_output([need("wget", "wget"), "-q", "-S", "-O", "/dev/null", "--tries=1", *arguments]))


def by_requests(method: str, url: str, **given: object) -> str:
    """Send by `requests`."""
    answer = requests.request(method, url, timeout=SECONDS, **given)  # type: ignore[arg-type]  # what a user passes
    return cause_of(answer.headers.get(HEADER))


def by_urllib(method: str, url: str, data: bytes | None, headers: Mapping[str, str] = {}) -> str:
    """Send by the standard library, which adds a type to every body."""
    request = urllib.request.Request(url, data=data, headers=dict(headers), method=method)
    try:
        with urllib.request.urlopen(request, timeout=SECONDS):
            return ""
    except urllib.error.HTTPError as error:
        with error:
            return cause_of(error.headers.get(HEADER))


def raw(
    method: str, url: str, *, target: str | None = None, headers: Mapping[str, str] = {}, body: bytes = b"hello"
) -> str:
    """Send a target as it stands, as a proxy does that rewrote it."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=SECONDS)
    try:
        connection.putrequest(
            method, target or f"{address.path}?{address.query}", skip_accept_encoding=True, skip_host=True
        )
        for name, value in {"Host": address.netloc, "Content-Length": str(len(body)), **headers}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        answer.read()
        return cause_of(answer.getheader(HEADER))
    finally:
        connection.close()


def node_fetch(method: str, url: str, kind: str, headers: Mapping[str, str] = {}) -> str:
    """Send by Node's `fetch`; `kind` is one of its bodies."""
    return _node(NODE, url, method, headers, kind)


def node_http(method: str, url: str, headers: Mapping[str, str] = {}) -> str:
    """Send by Node's `http`."""
    return _node(NODE_HTTP, url, method, headers)


def browser(page: Path, acts: Sequence[Sequence[object]]) -> list[str]:
    """Have a page of another origin send all of these, and return the causes."""
    need("chromium", "chromium")
    done = subprocess.run(
        [sys.executable, "-m", "tests.conformance.browsing", str(page)],
        input=json.dumps(acts),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [cause_of(line) for line in json.loads(done.stdout)]


def _node(script: str, *given: object) -> str:
    command = [need("node", "nodejs"), "--input-type=module", "-e", script, "--", json.dumps(given)]
    return cause_of(_output(command).strip())


def _output(command: Sequence[str]) -> str:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    return done.stdout + done.stderr


def _told(shown: str) -> str:
    for line in shown.splitlines():
        name, _, value = line.strip().partition(":")
        if name.lower() == HEADER:
            return cause_of(value.strip())
    return ""
