"""What lies in a server's data directory, seen from outside of the server: files, and rows that name them."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.support.waiting import wait_until

SETTLING_SECONDS = 20.0
DATABASE = "metadata.sqlite3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Names of staged files, of blob files, of blobs that rows name, and of those whose bytes are to go."""

    staged: frozenset[str]
    files: frozenset[str]
    rows: frozenset[str]
    condemned: frozenset[str]

    @property
    def orphans(self) -> frozenset[str]:
        """Files that nothing names."""
        return self.files - self.rows - self.condemned

    @property
    def is_tidy(self) -> bool:
        """Whether every file has its row and every row its file, and nothing is on its way in or out."""
        return not self.staged and not self.condemned and self.files == self.rows


def look_at(data_dir: Path) -> Contents:
    """Return what lies there now; of a running server a moment between two steps may be seen."""
    with closing(sqlite3.connect(f"file:{data_dir / DATABASE}?mode=ro", uri=True)) as database:
        rows = frozenset(row[0] for row in database.execute("SELECT id FROM blob"))
        condemned = frozenset(row[0] for row in database.execute("SELECT blob FROM condemned"))
    return Contents(
        staged=frozenset(path.name for path in (data_dir / "staging").iterdir()),
        files=frozenset(path.name for path in (data_dir / "blobs").rglob("*") if path.is_file()),
        rows=rows,
        condemned=condemned,
    )


def wait_until_tidy(data_dir: Path) -> Contents:
    """Wait until nothing is left over, and return what is there."""
    found = look_at(data_dir)

    def is_tidy() -> bool:
        nonlocal found
        found = look_at(data_dir)
        return found.is_tidy

    try:
        wait_until(is_tidy, seconds=SETTLING_SECONDS, what="a data directory without leftovers")
    except AssertionError as error:
        error.add_note(str(found))
        raise
    return found


def staged_bytes(data_dir: Path) -> int:
    """Return how many bytes of unfinished uploads were written."""
    total = 0
    for path in (data_dir / "staging").iterdir():
        try:
            total += path.stat().st_size
        except FileNotFoundError:
            continue  # it was given its name, or thrown away, meanwhile
    return total
