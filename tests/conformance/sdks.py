"""The official SDKs, each as something that makes calls by name (README.md): two in this process, three as programs."""

import base64
import json
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from tests.conformance.hosts import Hosts
from tests.conformance.service import Service
from tests.support.building import is_up_to_date, locked, run
from tests.support.tools import need

SOURCES = Path(__file__).resolve().parent / "programs"
BUILD = Path(__file__).resolve().parent / ".build"
NAMES = ("python", "oss2", "node", "go", "java")

Given = Mapping[str, Any]
Outcome = dict[str, Any]


class Refused(Exception):
    """The service refused, and this is what the SDK's user is told; None where the SDK does not say."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        super().__init__(f"{told.get('status')} {told.get('code')} {told.get('ec')}: {told.get('message')}")
        self.status: int | None = told.get("status")
        self.code: str | None = told.get("code")
        self.message: str | None = told.get("message")
        self.request_id: str | None = told.get("request_id")
        self.host_id: str | None = told.get("host_id")
        self.ec: str | None = told.get("ec") or None


class Broken(Exception):
    """The SDK failed by itself: it could not make a request, or could not take the answer."""


class Sdk(Protocol):
    """An SDK that is ready to make calls."""

    def outcome(self, settings: Mapping[str, str], call: str, given: Given) -> Outcome:
        """Make a call with the client of these settings."""

    def close(self) -> None:
        """End it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """An SDK with settings and a bucket: `speaker("put_object", key="k", body=b"...")`."""

    sdk: Sdk
    name: str
    settings: Mapping[str, str] = field(repr=False)
    bucket: str

    def __call__(self, call: str, **given: Any) -> Outcome:
        """What the call gives.

        Raises:
            Refused: by the service.
            Broken: by the SDK.
        """
        outcome = self.sdk.outcome(self.settings, call, {"bucket": self.bucket, **given})
        if "refusal" in outcome:
            raise Refused(outcome["refusal"])
        if "broken" in outcome:
            raise Broken(outcome["broken"])
        result: Outcome = outcome["result"]
        return result

    def with_settings(self, **changes: str) -> "Speaker":
        """The same with other settings."""
        return Speaker(sdk=self.sdk, name=self.name, settings={**self.settings, **changes}, bucket=self.bucket)

    def with_bucket(self, bucket: str) -> "Speaker":
        """The same with another bucket."""
        return Speaker(sdk=self.sdk, name=self.name, settings=self.settings, bucket=bucket)


class InProcess:
    """An SDK for Python: a module of programs/python."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self._clients: dict[tuple[str, ...], Any] = {}

    def outcome(self, settings: Mapping[str, str], call: str, given: Given) -> Outcome:
        known = tuple(settings.values())
        if known not in self._clients:
            self._clients[known] = self._module.client_of(settings)
        outcome: Outcome = self._module.outcome_of(self._clients[known], call, given)
        return outcome

    def close(self) -> None:
        """Nothing is open."""


class Program:
    """An SDK of another language: a process that reads and writes JSON lines."""

    def __init__(self, command: list[str], environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)

    def outcome(self, settings: Mapping[str, str], call: str, given: Given) -> Outcome:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        line = {"client": dict(settings), "call": call, "with": {name: _sent(value) for name, value in given.items()}}
        self._process.stdin.write(json.dumps(line).encode() + b"\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"the program ended with status {self._process.wait(10)}"
        outcome: Outcome = json.loads(answer)
        if isinstance(outcome.get("result"), dict) and "body" in outcome["result"]:
            outcome["result"]["body"] = base64.b64decode(outcome["result"]["body"])
        return outcome

    def close(self) -> None:
        assert self._process.stdout is not None
        self._process.communicate(timeout=20)


def _sent(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return str(value) if isinstance(value, Path) else value


# -- making them ready


def _environment(hosts: Hosts | None) -> dict[str, str]:
    known = {} if hosts is None else {"CONFORMANCE_HOSTS": str(hosts.path)}
    return {"PATH": str(Path(need("env", "coreutils")).parent), "LANG": "C.UTF-8", **known}


def _built(name: str, build: Callable[[Path, Path], None]) -> Path:
    """The folder of a program that was built, now or before. Two runs at a time take turns."""
    folder, source = BUILD / name, SOURCES / name
    folder.mkdir(parents=True, exist_ok=True)
    stamp = folder / ".built"
    with locked(folder / ".lock"):
        if not is_up_to_date([Path(__file__), *source.iterdir()], stamp):
            build(source, folder)
            stamp.touch()
    return folder


def _build_node(source: Path, folder: Path) -> None:
    for path in source.iterdir():
        folder.joinpath(path.name).write_bytes(path.read_bytes())
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder)


def _build_go(source: Path, folder: Path) -> None:
    run("go", "build", "-mod=readonly", "-o", str(folder / "program"), ".", cwd=source)


def _build_java(source: Path, folder: Path) -> None:
    folder.joinpath("pom.xml").write_bytes(source.joinpath("pom.xml").read_bytes())
    run("mvn", "-q", "-B", "dependency:copy-dependencies", f"-DoutputDirectory={folder / 'lib'}", cwd=folder)
    sources = sorted(str(path) for path in source.glob("*.java"))
    run("javac", "-Xlint:all", "-Werror", "-cp", f"{folder}/lib/*", "-d", str(folder / "classes"), *sources, cwd=folder)


def _python(_hosts: Hosts | None) -> Sdk:
    from tests.conformance.programs.python import v2

    return InProcess(v2)


def _oss2(_hosts: Hosts | None) -> Sdk:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # escapes in its source that Python no longer likes
        from tests.conformance.programs.python import oss2

    return InProcess(oss2)


def node_folder() -> Path:
    """Where the Node SDK lies, with the bundle that browsers load."""
    need("npm", "npm")
    return _built("node", _build_node)


def _node(hosts: Hosts | None) -> Sdk:
    node = need("node", "nodejs")
    return Program([node, str(node_folder() / "program.mjs")], _environment(hosts))


def _go(hosts: Hosts | None) -> Sdk:
    need("go", "golang-go")
    return Program([str(_built("go", _build_go) / "program")], _environment(hosts))


def java_folder() -> Path:
    """Where the Java SDK lies, in `lib`, and our program, in `classes`."""
    need("javac", "default-jdk-headless")
    need("mvn", "maven")
    return _built("java", _build_java)


def _java(hosts: Hosts | None) -> Sdk:
    java, folder = need("java", "default-jdk-headless"), java_folder()
    # The first compiler only: quicker to start. With a file of hosts the JVM asks no resolver.
    options = ["-XX:TieredStopAtLevel=1", *([] if hosts is None else [f"-Djdk.net.hosts.file={hosts.path}"])]
    return Program([java, *options, "-cp", f"{folder}/classes:{folder}/lib/*", "Program"], _environment(hosts))


STARTS = {"python": _python, "oss2": _oss2, "node": _node, "go": _go, "java": _java}


class Sdks:
    """The SDKs of one run, each started when it is first asked for."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._started: dict[str, Sdk] = {}

    def speaker(self, name: str, bucket: str, *, style: str | None = None, signature: str = "v4") -> Speaker:
        """An SDK that addresses a bucket in a style, by default the first of the service."""
        if name not in self._started:
            self._started[name] = STARTS[name](self._service.hosts)
        settings = self._service.settings(style or next(iter(self._service.endpoints)), signature)
        return Speaker(sdk=self._started[name], name=name, settings=settings, bucket=bucket)

    def close(self) -> None:
        """End all that were started."""
        for sdk in self._started.values():
            sdk.close()


def main() -> int:
    """Build the programs beforehand: `python -m tests.conformance.sdks`."""
    for build in (node_folder, lambda: _built("go", _build_go), java_folder):
        build()
    return 0


if __name__ == "__main__":
    sys.exit(main())
