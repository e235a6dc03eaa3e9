"""The checkpoint of a transfer: a file that says what it is about, and then what has arrived, a line each.

Lines are only appended, so that noting a part costs the same however many there are. A line that a crash has torn is as none.
What a journal says is never trusted: the bytes it speaks of are summed again before they count.
"""

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Self

_FORMAT: Final = 1


def journal_path(directory: str | os.PathLike[str] | None, kind: str, source: str, target: str) -> Path:
    """Return where the checkpoint of a transfer lies: the next one from the same source to the same target finds it."""
    name = hashlib.sha256(f"{kind}\0{source}\0{target}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return Path(directory or ".") / f"{name}.{kind}"


class Journal:
    """One checkpoint file. `facts` are what must be as it was for the journal to be of use."""

    def __init__(self, path: Path, facts: Mapping[str, Any]) -> None:
        """Use `read` or `begin`."""
        self._path = path
        self.facts: Final = dict(facts)
        self.lines: Final[list[Any]] = []

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Return what an earlier run has left, if it can be read. What is torn is cut off: the next line begins a line."""
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        found, whole_bytes = _whole_lines(content)
        if not found or not isinstance(found[0], dict) or found[0].pop("format", None) != _FORMAT:
            return None
        if whole_bytes < len(content):
            os.truncate(path, whole_bytes)
        journal = cls(path, found[0])
        journal.lines.extend(found[1:])
        return journal

    @classmethod
    def begin(cls, path: Path, facts: Mapping[str, Any]) -> Self:
        """Write a new one, whole or not at all, readable by its owner alone."""
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")  # two may begin at once
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(json.dumps({"format": _FORMAT, **facts}) + "\n")
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)  # of a full disk, as a rule
            raise
        return cls(path, facts)

    def fits(self, facts: Mapping[str, Any]) -> bool:
        """Whether all these facts are as they were."""
        return all(self.facts.get(name) == value for name, value in facts.items())

    def add(self, line: Any) -> None:
        """Append what has arrived; one call is one write, so lines of several threads do not mix."""
        with self._path.open("ab", buffering=0) as file:
            file.write(f"{json.dumps(line)}\n".encode())

    def remove(self) -> None:
        """Forget the transfer: it is over."""
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()


def _whole_lines(content: bytes) -> tuple[list[Any], int]:
    """Return what the lines up to the first torn one say, and how many bytes they take."""
    found: list[Any] = []
    end = 0
    for line in content.splitlines(keepends=True):
        try:
            found.append(json.loads(line))
        except ValueError:
            break
        if not line.endswith(b"\n"):
            return found[:-1], end
        end += len(line)
    return found, end
