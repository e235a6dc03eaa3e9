"""A disk that remembers what was synced: from a trace of system calls to the files that a power cut could leave.

What POSIX promises and no more. The bytes of a file survive once a sync of that file has returned that began after they were
written; a name survives once a sync of its directory has returned that began after it was given. All else may survive or not,
so each moment has four extreme outcomes: names as they were synced last or as they were, and bytes likewise.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import product
from pathlib import Path

from tests.support.strace import SYNCS, WRITES, Call


@dataclass(slots=True, eq=False)
class File:
    """Bytes as programs see them, and as they were synced."""

    latest: bytearray = field(default_factory=bytearray)
    synced: bytes = b""


@dataclass(slots=True, eq=False)
class Directory:
    """Names as programs see them, and as they were synced."""

    latest: "dict[str, File | Directory]" = field(default_factory=dict)
    synced: "dict[str, File | Directory]" = field(default_factory=dict)


Node = File | Directory
Tree = dict[str, bytes]
"""Files by path below the root; directories are what their files imply, or end with a slash and are empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a power cut could leave."""

    are_names_latest: bool
    are_bytes_latest: bool
    tree: Tree

    @property
    def fingerprint(self) -> bytes:
        digest = hashlib.sha256()
        for name, content in sorted(self.tree.items()):
            digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
        return digest.digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The disk after a call."""

    after: Call
    outcomes: tuple[Outcome, ...]


class _Kind(IntEnum):
    """What happens at one place of the trace; what ends there comes before what begins."""

    ENDS = 0
    MARK = 1
    SYNC_BEGINS = 2


def _steps(calls: Iterable[Call], is_mark: Callable[[Call], bool]) -> Iterator[tuple[int, _Kind, Call]]:
    for call in calls:
        if not call.is_done:
            continue
        if is_mark(call):
            yield call.began, _Kind.MARK, call
            continue
        if call.name in SYNCS:
            # One place early, since most calls begin and end on one line.
            yield call.began - 1, _Kind.SYNC_BEGINS, call
        yield call.ended, _Kind.ENDS, call


class Disk:
    """Follows the calls that concern one directory, which exists and is empty at first."""

    def __init__(self, root: Path, ignored_suffixes: tuple[str, ...] = ()) -> None:
        self._root = root
        self._top = Directory()
        self._ignored = ignored_suffixes
        self._syncing: dict[int, bytes | dict[str, Node]] = {}

    def replay(self, calls: Iterable[Call], is_mark: Callable[[Call], bool]) -> Iterator[Moment]:
        """Apply calls in the order in which they ended; yield the disk after each that changed something.

        A mark, such as the sending of an answer, changes nothing and is yielded at the place where it began.
        """
        for _, kind, call in sorted(_steps(calls, is_mark), key=lambda step: step[:2]):
            if kind is _Kind.SYNC_BEGINS:
                self._begin_sync(call)
            elif kind is _Kind.MARK or self._apply(call):
                yield Moment(after=call, outcomes=self.outcomes())

    def outcomes(self) -> tuple[Outcome, ...]:
        """Return the extremes of what a power cut could leave now."""
        return tuple(
            Outcome(
                are_names_latest=names,
                are_bytes_latest=content,
                tree=_tree(self._top, are_names_latest=names, are_bytes_latest=content),
            )
            for names, content in product((False, True), repeat=2)
        )

    # ------------------------------------------------------------------------------------------- one call

    def _apply(self, call: Call) -> bool:
        if call.name in SYNCS:
            return self._end_sync(call)
        places = [path for path in (call.paths if call.name.startswith("rename") else (call.path,)) if path is not None]
        if call.name == "close" or not places or not all(map(self._is_ours, places)):
            return False
        if call.name in WRITES:
            return self._write(call, places[0])
        if call.name in {"openat", "open", "creat"}:
            return self._open(call, places[0])
        self._change(call, places)
        return True

    def _change(self, call: Call, places: Sequence[Path]) -> None:
        names = self._parent(places[0]).latest
        match call.name:
            case "mkdir" | "mkdirat":
                names[places[0].name] = Directory()
            case "rename" | "renameat" | "renameat2":
                self._parent(places[1]).latest[places[1].name] = names.pop(places[0].name)
            case "unlink" | "unlinkat" | "rmdir":
                del names[places[0].name]
            case "ftruncate":
                _resize(self._file(places[0]).latest, call.number)
            case _:
                raise NotImplementedError(f"{call.name} of {places[0]}")

    def _open(self, call: Call, path: Path) -> bool:
        names = self._parent(path).latest
        if path.name not in names:
            names[path.name] = File()
            return True
        if call.has_flag("O_TRUNC"):
            self._file(path).latest.clear()
            return True
        return False

    def _write(self, call: Call, path: Path) -> bool:
        content = self._file(path).latest
        # Our stores write in order from the start of a new file, or say where: `write` and `writev` append.
        offset = call.number if call.name.startswith("pwrite") else len(content)
        if len(content) < offset:
            _resize(content, offset)
        content[offset : offset + len(call.data)] = call.data
        return True

    def _begin_sync(self, call: Call) -> None:
        node = self._node(call.path)
        if node is not None:
            self._syncing[call.began] = bytes(node.latest) if isinstance(node, File) else dict(node.latest)

    def _end_sync(self, call: Call) -> bool:
        # Only what was there when it began is sure to be on the disk.
        node, content = self._node(call.path), self._syncing.pop(call.began, None)
        if (isinstance(node, File) and isinstance(content, bytes)) or (
            isinstance(node, Directory) and isinstance(content, dict)
        ):
            node.synced = content
        return node is not None

    # ------------------------------------------------------------------------------------------ the tree

    def _is_ours(self, path: Path) -> bool:
        return path != self._root and path.is_relative_to(self._root) and not path.name.endswith(self._ignored)

    def _node(self, path: Path | None) -> Node | None:
        if path is None or not path.is_relative_to(self._root) or path.name.endswith(self._ignored):
            return None
        node: Node = self._top
        for part in path.relative_to(self._root).parts:
            assert isinstance(node, Directory), path
            node = node.latest[part]
        return node

    def _parent(self, path: Path) -> Directory:
        node = self._node(path.parent)
        assert isinstance(node, Directory), path
        return node

    def _file(self, path: Path) -> File:
        node = self._node(path)
        assert isinstance(node, File), path
        return node


def _resize(content: bytearray, size: int) -> None:
    del content[size:]
    content.extend(bytes(size - len(content)))


def _tree(directory: Directory, *, are_names_latest: bool, are_bytes_latest: bool, at: str = "") -> Tree:
    tree: Tree = {}
    for name, node in (directory.latest if are_names_latest else directory.synced).items():
        if isinstance(node, File):
            tree[at + name] = bytes(node.latest) if are_bytes_latest else node.synced
        else:
            tree[f"{at}{name}/"] = b""
            tree |= _tree(node, are_names_latest=are_names_latest, are_bytes_latest=are_bytes_latest, at=f"{at}{name}/")
    return tree


def lay_out(tree: Tree, root: Path) -> None:
    """Make the files of an outcome below `root`."""
    for name, content in tree.items():
        place = root / name
        if name.endswith("/"):
            place.mkdir(parents=True, exist_ok=True)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
