"""Makes the programs that `ossicle presign put --code` prints ready to run: fetches what they need, and compiles them.

What they need is fetched once, into .build/, and again only when it has changed. By hand: `python tests/uploaders/build.py` fetches for all.
"""

import functools
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ossicle.cli.code.programs import LANGUAGES
from tests.support.building import is_up_to_date, locked, run

HERE = Path(__file__).resolve().parent
BUILD = HERE / ".build"


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """Where the program of one language runs.

    Attributes:
        language: the name that `--code` takes.
        tools: pairs of a tool and the Debian package that brings it.
        command: what to run in the program's folder, followed by FILE.
        fetch: brings the packages it needs to a folder, by the files of another.
        compile: makes the program in its folder, with those packages.
    """

    language: str
    tools: tuple[tuple[str, str], ...]
    command: tuple[str, ...]
    fetch: Callable[[Path, Path], None] | None = None
    compile: Callable[[Path, Path], None] | None = None

    @property
    def packages(self) -> Path:
        """Where the packages are that it needs."""
        return BUILD / self.language

    def prepare(self) -> None:
        """Bring the packages up to date. Two runs at a time take turns."""
        if self.fetch is None:
            return
        self.packages.mkdir(parents=True, exist_ok=True)
        stamp = self.packages / ".fetched"
        with locked(self.packages / ".lock"):
            if not is_up_to_date([Path(__file__), *(HERE / self.language).iterdir()], stamp):
                self.fetch(HERE / self.language, self.packages)
                stamp.touch()

    def build(self, source: str, folder: Path) -> None:
        """Write a program to a folder and make it ready to run there."""
        folder.joinpath(Path(LANGUAGES[self.language].template).name).write_text(source, encoding="utf-8")
        if self.compile is not None:
            self.compile(folder, self.packages)


def fetch_node(source: Path, packages: Path) -> None:
    for name in (".npmrc", "package.json", "package-lock.json"):
        shutil.copy(source / name, packages / name)
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=packages)


def link_node(folder: Path, packages: Path) -> None:
    """Node finds packages beside the program."""
    (folder / "node_modules").symlink_to(packages / "node_modules")


def fetch_java(source: Path, packages: Path) -> None:
    """Maven works on a copy: it leaves a folder beside the pom."""
    shutil.copy(source / "pom.xml", packages / "pom.xml")
    run("mvn", "-q", "-B", "dependency:copy-dependencies", f"-DoutputDirectory={packages / 'lib'}", cwd=packages)


def compile_java(folder: Path, packages: Path) -> None:
    (folder / "lib").symlink_to(packages / "lib")
    run("javac", "-Xlint:all", "-Werror", "-cp", "lib/*", "Upload.java", cwd=folder)


def compile_go(folder: Path, _packages: Path) -> None:
    run("go", "build", "-o", "upload", "upload.go", cwd=folder)


def compile_android(folder: Path, _packages: Path) -> None:
    """Language and library of Java 8, which is what Android has everywhere."""
    run("javac", "-Xlint:all,-options", "-Werror", "--release", "8", "Upload.java", cwd=folder)


def compile_csharp(folder: Path, _packages: Path) -> None:
    run("mcs", "-warnaserror", "-r:System.Net.Http", "-out:Upload.exe", "Upload.cs", cwd=folder)


def compile_cpp(folder: Path, _packages: Path) -> None:
    warnings = ("-Wall", "-Wextra", "-Werror")
    run("g++", "-std=c++17", *warnings, "-o", "upload", "upload.cpp", "-lcurl", cwd=folder)


# The first compiler only: quicker to start.
JVM = ("java", "-XX:TieredStopAtLevel=1", "-cp")
JAVA = ("java", "default-jdk-headless")
JAVAC = ("javac", "default-jdk-headless")
PLATFORMS = (
    Platform(language="python", tools=(), command=(sys.executable, "upload.py")),
    Platform(
        language="node",
        tools=(("node", "nodejs"), ("npm", "npm")),
        fetch=fetch_node,
        compile=link_node,
        command=("node", "upload.mjs"),
    ),
    Platform(
        language="browser",
        tools=(("/usr/bin/chromium", "chromium"),),
        command=(sys.executable, str(HERE / "browser.py"), "upload.html"),
    ),
    Platform(language="go", tools=(("go", "golang-go"),), compile=compile_go, command=("./upload",)),
    Platform(
        language="java",
        tools=(JAVA, JAVAC, ("mvn", "maven")),
        fetch=fetch_java,
        compile=compile_java,
        command=(*JVM, ".:lib/*", "Upload"),
    ),
    Platform(language="android", tools=(JAVA, JAVAC), compile=compile_android, command=(*JVM, ".", "Upload")),
    Platform(
        language="csharp",
        tools=(
            ("mcs", "mono-mcs"),
            ("mono", "mono-runtime"),
            ("/usr/lib/mono/gac/System.Net.Http", "libmono-system-net-http4.0-cil"),
        ),
        compile=compile_csharp,
        command=("mono", "Upload.exe"),
    ),
    Platform(
        language="cpp",
        tools=(("g++", "g++"), ("curl-config", "libcurl4-openssl-dev")),
        compile=compile_cpp,
        command=("./upload",),
    ),
)


@functools.cache
def platform(language: str, need: Callable[[str, str], object]) -> Platform:
    """The platform of a language, with everything that its programs need; what `need` does when a tool is missing is its business."""
    (found,) = (each for each in PLATFORMS if each.language == language)
    for tool, package in found.tools:
        need(tool, package)
    found.prepare()
    return found


def main() -> int:
    """Fetch what all programs need."""
    for each in PLATFORMS:
        print(f"preparing {each.language}")
        each.prepare()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
