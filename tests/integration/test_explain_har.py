"""`ossicle explain --har` on a file that a real browser wrote."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.server import ServerProcess
from tests.support.shell import Shell
from tests.support.tools import need
from tests.uploaders.browser import CHROMIUM

SECONDS = 50
BUCKET = "network-panel"
CORS = (
    "import ossicle\n"
    "config = ossicle.load_default()\n"
    "config.credentials_provider = ossicle.credentials.EnvironmentVariableCredentialsProvider()\n"
    "rule = ossicle.CORSRule(allowed_origins=('*',), allowed_methods=('PUT',), allowed_headers=('*',))\n"
    "document = ossicle.CORSConfiguration(cors_rules=(rule,))\n"
    "with ossicle.Client(config) as client:\n"
    f"    client.put_bucket_cors(ossicle.PutBucketCorsRequest(bucket={BUCKET!r}, cors_configuration=document))\n"
)


@pytest.fixture
def shell(server: ServerProcess, tmp_path: Path) -> Shell:
    need(CHROMIUM, "chromium")
    shell = Shell(server, tmp_path)
    (tmp_path / "cors.py").write_text(CORS)
    shell.done("mb", f"oss://{BUCKET}")
    assert shell.sh(f"'{sys.executable}' cors.py").stderr == ""
    return shell


def recorded(folder: Path, url: str, options: dict[str, Any]) -> str:
    """Send a request from a page; return the path of the file that tells of it."""
    page, har = folder / "page.html", folder / "network.har"
    page.write_text("<!doctype html><title>page</title>")
    subprocess.run(
        [sys.executable, "-m", "tests.integration.programs.record_har", str(page), str(har)],
        input=json.dumps([url, options]),
        text=True,
        timeout=SECONDS,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
    )
    return str(har)


def test_a_type_that_the_browser_added_is_named(shell: Shell) -> None:
    har = recorded(shell.folder, shell.presigned("put", f"oss://{BUCKET}/a"), {"method": "PUT", "body": "text"})
    finished = shell.owner("explain", "--har", har, "--json")
    found = finished.document
    assert (finished.status, found["method"], found["bucket"], found["key"]) == (1, "PUT", BUCKET, "a")
    assert found["signature"]["signed_headers"] == {"content-type": "text/plain;charset=UTF-8"}
    (cause,) = found["causes"]
    assert cause["name"].startswith("content-type")
    assert "text/plain;charset=UTF-8" in cause["text"]
    assert "answered with 403" in found["remarks"][0]


def test_a_request_that_is_right_fits(shell: Shell) -> None:
    url = shell.presigned("put", f"oss://{BUCKET}/a", "--content-type", "text/plain")
    options = {"method": "PUT", "body": "text", "headers": {"Content-Type": "text/plain"}}
    finished = shell.owner("explain", "--har", recorded(shell.folder, url, options), "--json")
    assert (finished.status, finished.document["causes"]) == (0, [])
