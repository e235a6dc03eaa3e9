"""The programs of docs/sdks.md in languages other than Python work as they stand, but for the address of the server."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.conformance import sdks
from tests.support.examples import examples_of
from tests.support.server import ServerProcess
from tests.support.tools import need

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sdks.md"
ENDPOINT = "http://localhost:8880"
SECONDS = 200


def of_node(text: str, folder: Path) -> list[str]:
    folder.joinpath("node_modules").symlink_to(sdks.node_folder() / "node_modules")
    folder.joinpath("hello.mjs").write_text(text)
    return [need("node", "nodejs"), "hello.mjs"]


def of_go(text: str, folder: Path) -> list[str]:
    for name in ("go.mod", "go.sum"):
        shutil.copy(sdks.SOURCES / "go" / name, folder)
    folder.joinpath("hello.go").write_text(text)
    return [need("go", "golang-go"), "run", "hello.go"]


def of_java(text: str, folder: Path) -> list[str]:
    java = need("java", "default-jdk-headless")
    folder.joinpath("Hello.java").write_text(text)
    return [java, "-XX:TieredStopAtLevel=1", "-cp", f"{sdks.java_folder()}/lib/*", "Hello.java"]


LANGUAGES: dict[str, Callable[[str, Path], list[str]]] = {"javascript": of_node, "go": of_go, "java": of_java}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_example(language: str, tmp_path: Path) -> None:
    [text] = [each.text for each in examples_of(PAGE.read_text()) if each.language == language]
    folder = tmp_path / "program"
    folder.mkdir()
    with ServerProcess(tmp_path / "data") as server:
        command = LANGUAGES[language](text.replace(ENDPOINT, f"http://localhost:{server.port}"), folder)
        keys = {"OSS_ACCESS_KEY_ID": server.access_key_id, "OSS_ACCESS_KEY_SECRET": server.access_key_secret}
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "GOFLAGS": "", "GOTOOLCHAIN": "local", **keys},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert requests.get(done.stdout.strip(), timeout=SECONDS).content == b"hello"
