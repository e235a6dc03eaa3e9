"""Nothing in the repository points outside it: no registry, no machine's paths, no secret, no dead link."""

import re
from pathlib import Path
from urllib.parse import unquote

from tests.house.tree import ROOT, repository_files, shown, text_files

# Written in two pieces, so that this file passes its own test.
REGISTRY_HOSTS = (
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "npmjs" + ".org",
    "npmjs" + ".com",
    "yarnpkg" + ".com",
    # Names of Go modules begin with the domain itself.
    "proxy.golang" + ".org",
    "sum.golang" + ".org",
    "maven" + ".org",
    "repo.maven.apache" + ".org",
    "crates" + ".io",
    "deb.debian" + ".org",
)
MACHINE_PATHS = ("/wo" + "rk/", "/ro" + "ot/", "/opt/" + "wheels", "/home/" + "runner")
PRIVATE_KEY = re.compile("-----BEGIN [A-Z ]*PRIVATE" + " KEY-----")
ISSUED_ACCESS_KEY_ID = re.compile(r"\bLT" + r"AI[A-Za-z0-9]{16,}\b")
MARKDOWN_LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)")
# npm's lock also quotes each package's page for donations; where a package comes from is under "resolved".
NPM_SOURCE = re.compile(r'"resolved"\s*:')
ADDRESS = re.compile(r"\w+://|--(extra-)?index-url|--find-links")
LOCK_FOLDER = ROOT / "requirements"


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{shown(path)}:{number}: {found.group()}"
        for path in paths
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if (found := pattern.search(line))
    ]


def any_of(texts: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(text) for text in texts))


def test_there_is_a_repository_to_judge() -> None:
    assert len(text_files()) > 20


def test_no_registry_is_named() -> None:
    assert lines_with(any_of(REGISTRY_HOSTS), text_files()) == []


def test_no_path_of_one_machine_is_named() -> None:
    assert lines_with(any_of(MACHINE_PATHS), text_files()) == []


def test_no_private_key_is_kept() -> None:
    assert lines_with(PRIVATE_KEY, text_files()) == []


def test_no_access_key_that_could_be_real_is_kept() -> None:
    assert lines_with(ISSUED_ACCESS_KEY_ID, text_files()) == []


def test_lock_files_hold_no_address() -> None:
    pinned = [path for path in repository_files() if path.parent == LOCK_FOLDER or path.name == "go.sum"]
    assert LOCK_FOLDER / "run.txt" in pinned
    assert lines_with(ADDRESS, pinned) == []
    npm = [path for path in repository_files() if path.name == "package-lock.json"]
    assert lines_with(NPM_SOURCE, npm) == []


def test_every_pinned_package_has_hashes() -> None:
    for lock in sorted(LOCK_FOLDER.glob("*.txt")):
        entries = re.split(r"\n(?=\S)", lock.read_text().strip())
        bare = [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]
        assert bare == [], shown(lock)


def test_no_link_is_dead() -> None:
    dead = [
        f"{shown(page)}: {target}"
        for page in repository_files()
        if page.suffix == ".md"
        for target in MARKDOWN_LINK.findall(page.read_text())
        if "://" not in target and not target.startswith(("#", "mailto:")) and not _link_exists(page, target)
    ]
    assert dead == []


def _link_exists(page: Path, target: str) -> bool:
    return (page.parent / unquote(target.partition("#")[0])).exists()


def test_no_symbolic_link_leaves_the_repository() -> None:
    leaving = [
        shown(path) for path in repository_files() if path.is_symlink() and not path.resolve().is_relative_to(ROOT)
    ]
    assert leaving == []
