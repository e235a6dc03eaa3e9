"""Running `ossicle` in this process: what it printed, where, and its exit status."""

import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

import pytest

from ossicle.cli.program import run

CLIENT_VARIABLES = ("OSS_ENDPOINT", "OSS_REGION", "OSS_ACCESS_KEY_ID", "OSS_ACCESS_KEY_SECRET", "OSS_SESSION_TOKEN")


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    status: int
    stdout: str
    stderr: str


def ossicle(*arguments: str) -> Outcome:
    """Run a command that writes text only."""
    stdout, stderr = io.StringIO(), io.StringIO()
    with redirect_stdout(stdout), redirect_stderr(stderr):
        status = run(arguments)
    return Outcome(status, stdout.getvalue(), stderr.getvalue())


def set_variables(
    monkeypatch: pytest.MonkeyPatch, *, endpoint: str, access_key_id: str = "kid", access_key_secret: str = "ksecret"
) -> None:
    """Give the environment of a client, and nothing that the caller has."""
    for name in CLIENT_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OSS_ENDPOINT", endpoint)
    monkeypatch.setenv("OSS_REGION", "cn-hangzhou")
    monkeypatch.setenv("OSS_ACCESS_KEY_ID", access_key_id)
    monkeypatch.setenv("OSS_ACCESS_KEY_SECRET", access_key_secret)
