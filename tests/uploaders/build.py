"""Builds the uploaders into .build/, each only if one of its sources is newer than what was built last.

By hand: `python tests/uploaders/build.py` builds all of them, `... build.py go csharp` those two.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = HERE / ".build"
BUILD_SECONDS = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploader:
    """One program: what it needs, how it is built and how it is run.

    Attributes:
        folder: the folder of its sources, and of its products under .build/.
        tools: pairs of a tool and the Debian package that brings it.
        compile: makes the products; None if the sources run as they are.
        command: what to run, followed by URL, FILE and headers.
    """

    folder: str
    tools: tuple[tuple[str, str], ...]
    command: tuple[str, ...]
    compile: Callable[[Path, Path], None] | None = None

    def build(self) -> None:
        """Bring the products up to date. Two runs at a time take turns."""
        if self.compile is None:
            return
        source, target = HERE / self.folder, BUILD / self.folder
        target.mkdir(parents=True, exist_ok=True)
        stamp = target / ".built"
        with locked(target / ".lock"):
            if not is_up_to_date(source, stamp):
                self.compile(source, target)
                stamp.touch()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock of the operating system on a file."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def is_up_to_date(source: Path, stamp: Path) -> bool:
    """Whether the stamp is newer than every source and than this file, which holds the compiler's arguments."""
    if not stamp.exists():
        return False
    sources = [Path(__file__), *source.iterdir()]
    return stamp.stat().st_mtime >= max(path.stat().st_mtime for path in sources)


def run(*command: str, cwd: Path) -> None:
    """Run a build step; its output is shown when it fails."""
    environment = os.environ | {"GOFLAGS": "", "GOTOOLCHAIN": "local"}
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=BUILD_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} exited with {done.returncode}\n{done.stdout}{done.stderr}")


def build_axios(source: Path, target: Path) -> None:
    """Node finds packages beside the program, so the program moves to where they are installed."""
    for name in (".npmrc", "package.json", "package-lock.json", "upload.mjs"):
        shutil.copy(source / name, target / name)
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=target)


def build_go(source: Path, target: Path) -> None:
    run("go", "build", "-o", str(target / "upload"), ".", cwd=source)


def build_java_httpclient(source: Path, target: Path) -> None:
    """Maven works on a copy: it leaves a folder beside the pom."""
    shutil.copy(source / "pom.xml", target / "pom.xml")
    run("mvn", "-q", "-B", "dependency:copy-dependencies", f"-DoutputDirectory={target / 'lib'}", cwd=target)
    run("javac", "-Xlint:all", "-Werror", "-cp", "lib/*", "-d", ".", str(source / "Upload.java"), cwd=target)


def build_android(source: Path, target: Path) -> None:
    """Language and library of Java 8, which is what Android has everywhere."""
    run("javac", "-Xlint:all,-options", "-Werror", "--release", "8", "-d", ".", str(source / "Upload.java"), cwd=target)


def build_csharp(source: Path, target: Path) -> None:
    run("mcs", "-warnaserror", "-r:System.Net.Http", "-out:Upload.exe", str(source / "Upload.cs"), cwd=target)


def build_cpp_libcurl(source: Path, target: Path) -> None:
    warnings = ("-Wall", "-Wextra", "-Werror")
    run("g++", "-std=c++17", "-O1", *warnings, "-o", "upload", str(source / "upload.cpp"), "-lcurl", cwd=target)


JAVA = ("java", "default-jdk-headless")
JAVAC = ("javac", "default-jdk-headless")
UPLOADERS = (
    Uploader(
        folder="curl",
        tools=(("curl", "curl"),),
        command=(str(HERE / "curl" / "upload.sh"),),
    ),
    Uploader(
        folder="requests",
        tools=(),
        command=(sys.executable, str(HERE / "requests" / "upload.py")),
    ),
    Uploader(
        folder="axios",
        tools=(("node", "nodejs"), ("npm", "npm")),
        compile=build_axios,
        command=("node", str(BUILD / "axios" / "upload.mjs")),
    ),
    Uploader(
        folder="browser",
        tools=(("/usr/bin/chromium", "chromium"),),
        command=(sys.executable, str(HERE / "browser" / "upload.py")),
    ),
    Uploader(
        folder="go",
        tools=(("go", "golang-go"),),
        compile=build_go,
        command=(str(BUILD / "go" / "upload"),),
    ),
    Uploader(
        folder="java_httpclient",
        tools=(JAVA, JAVAC, ("mvn", "maven")),
        compile=build_java_httpclient,
        command=("java", "-cp", f"{BUILD / 'java_httpclient'}:{BUILD / 'java_httpclient' / 'lib'}/*", "Upload"),
    ),
    Uploader(
        folder="android",
        tools=(JAVA, JAVAC),
        compile=build_android,
        command=("java", "-cp", str(BUILD / "android"), "Upload"),
    ),
    Uploader(
        folder="csharp",
        tools=(
            ("mcs", "mono-mcs"),
            ("mono", "mono-runtime"),
            ("/usr/lib/mono/gac/System.Net.Http", "libmono-system-net-http4.0-cil"),
        ),
        compile=build_csharp,
        command=("mono", str(BUILD / "csharp" / "Upload.exe")),
    ),
    Uploader(
        folder="cpp_libcurl",
        tools=(("g++", "g++"), ("curl-config", "libcurl4-openssl-dev")),
        compile=build_cpp_libcurl,
        command=(str(BUILD / "cpp_libcurl" / "upload"),),
    ),
)


def main(folders: list[str]) -> int:
    """Build the uploaders named, or all."""
    for uploader in UPLOADERS:
        if not folders or uploader.folder in folders:
            print(f"building {uploader.folder}")
            uploader.build()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
