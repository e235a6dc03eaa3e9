"""System calls of a program, from `strace`: how to record them, and the text they come in turned into values.

    calls = strace.record([sys.executable, "-m", "ossicle", ...], output=tmp_path / "trace")
    strace.assert_before(sync, answer)

`command` gives the bare command line, for a program that something else starts; `parse` reads its output then.
Pure but for `record`; knows nothing of stores and servers.
"""

import re
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.support.tools import need

FILE_CALLS = (
    *("openat", "open", "creat", "close", "mkdir", "mkdirat", "rename", "renameat", "renameat2", "link", "linkat"),
    *("unlink", "unlinkat", "rmdir", "write", "writev", "pwrite64", "pwritev", "pwritev2", "ftruncate", "fallocate"),
    *("fsync", "fdatasync", "sync_file_range", "syncfs", "sync"),
)
SEND_CALLS = ("sendto", "sendmsg", "sendfile")
"""How an answer may leave, beside `write` and `writev` on a socket."""
SYNCS = frozenset({"fsync", "fdatasync"})
WRITES = frozenset({"write", "writev", "pwrite64", "pwritev", "pwritev2"})

_LINE = re.compile(r"(?P<thread>\d+) +(?P<rest>.*)")
_UNFINISHED = " <unfinished ...>"
_RESUMED = re.compile(r"<\.\.\. (?P<name>\w+) resumed>(?P<rest>.*)")
_CALL = re.compile(r"(?P<name>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+|\?)(?P<note>.*)", re.DOTALL)
_DESCRIPTOR = re.compile(r"(?P<number>-?\d+|AT_FDCWD)(<(?P<path>[^>]*)>(?P<deleted>\(deleted\))?)?")
_STRING = re.compile(r'"(?P<hex>(?:\\x[0-9a-f]{2})*)"(?P<cut>\.\.\.)?')


class NotUnderstood(ValueError):
    """A line of the trace is not what this module expects."""


def _unhex(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


@dataclass(frozen=True, kw_only=True)
class Call:
    """One system call. `began` and `ended` are places in the trace; of two calls on two threads, each may run in the other."""

    name: str
    thread: int
    arguments: tuple[str, ...]
    result: int | None
    note: str
    began: int
    ended: int

    @property
    def is_done(self) -> bool:
        """Whether it returned, and without an error."""
        return self.result is not None and self.result >= 0

    @cached_property
    def path(self) -> Path | None:
        """What the first argument, a descriptor or a path, or the result of an `open` names."""
        if self.name in {"openat", "open", "creat"}:
            opened = _DESCRIPTOR.fullmatch(f"{self.result}{self.note.split(' ')[0]}")
            if opened is not None and opened["path"]:
                return Path(_unhex(opened["path"]).decode())
        found = [path for path in self.paths if path is not None]
        return found[0] if found else None

    @cached_property
    def paths(self) -> tuple[Path | None, ...]:
        """The paths among the arguments, those of the `*at` calls joined to their directory."""
        if self.name in WRITES | SYNCS | {"ftruncate", "fallocate", "close", "sync_file_range", "syncfs", *SEND_CALLS}:
            return (self._descriptor(self.arguments[0]),)
        found: list[Path | None] = []
        directory: Path | None = None
        for argument in self.arguments:
            if argument.startswith('"'):
                path = Path(self._string(argument).decode())
                found.append(path if directory is None else directory / path)
            elif _DESCRIPTOR.fullmatch(argument) and "<" in argument:
                directory = self._descriptor(argument)
        return tuple(found)

    @cached_property
    def data(self) -> bytes:
        """The bytes that a write handed over, as many as it took."""
        strings = _STRING.findall(self.arguments[1])
        if not strings or any(cut for _, cut in strings):
            raise NotUnderstood(
                f"the trace does not hold all bytes of this call: {self.name}({self.arguments[0]}, ...)"
            )
        return b"".join(_unhex(text) for text, _ in strings)[: self.result or 0]

    @property
    def number(self) -> int:
        """The last argument as a number: the offset of `pwrite64`, the length of `ftruncate`."""
        return int(self.arguments[-1])

    @property
    def descriptor(self) -> int:
        """The number of the descriptor that is the first argument."""
        found = _DESCRIPTOR.fullmatch(self.arguments[0])
        if found is None:
            raise NotUnderstood(f"no descriptor: {self.arguments[0]}")
        return int(found["number"])

    def has_flag(self, flag: str) -> bool:
        """Whether an argument made of flags holds this one."""
        return any(flag in argument.split("|") for argument in self.arguments)

    def _descriptor(self, argument: str) -> Path | None:
        found = _DESCRIPTOR.fullmatch(argument)
        if found is None:
            raise NotUnderstood(f"no descriptor: {argument}")
        if not found["path"] or found["deleted"]:
            return None
        return Path(_unhex(found["path"]).decode())

    def _string(self, argument: str) -> bytes:
        found = _STRING.fullmatch(argument)
        if found is None or found["cut"]:
            raise NotUnderstood(f"no whole string: {argument[:80]}")
        return _unhex(found["hex"])


def command(
    output: Path, *, calls: Iterable[str] = FILE_CALLS, data_bytes: int = 32, debian_package: str = "strace"
) -> list[str]:
    """Return what to put before a command, so that its system calls are written to `output`.

    Args:
        output: the file for the trace.
        calls: the system calls to record.
        data_bytes: how much of each buffer is recorded. All of it is needed to replay writes.
        debian_package: what brings strace.
    """
    # -f follows threads and children, -y says what a descriptor is, -xx writes every string in hex: no quotes to unpick.
    options = ["-f", "-y", "-xx", "-s", str(data_bytes), "-e", "trace=" + ",".join(calls), "-e", "signal=none"]
    return [need("strace", debian_package), *options, "-o", str(output)]


def record(
    program: Sequence[str],
    *,
    output: Path,
    calls: Iterable[str] = FILE_CALLS,
    data_bytes: int = 32,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout_seconds: float = 50,
) -> list[Call]:
    """Run a program to its successful end and return its system calls in the order in which they began."""
    ended = subprocess.run(
        [*command(output, calls=calls, data_bytes=data_bytes), *program],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        timeout=timeout_seconds,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return parse(output.read_text().splitlines())


def parse(lines: Iterable[str]) -> list[Call]:
    """Return the calls of a trace made with `command`, in the order in which they began."""
    calls: list[Call] = []
    waiting: dict[int, tuple[int, str]] = {}
    for place, line in enumerate(lines):
        match = _LINE.fullmatch(line)
        if match is None:
            raise NotUnderstood(line[:200])
        thread, rest = int(match["thread"]), match["rest"]
        if rest.startswith(("+++", "---")):
            continue
        if rest.endswith(_UNFINISHED):
            waiting[thread] = (place, rest.removesuffix(_UNFINISHED))
            continue
        began, text = place, rest
        if resumed := _RESUMED.fullmatch(rest):
            began, head = waiting.pop(thread)
            text = head + resumed["rest"]
        calls.append(_call(text, thread, began, place))
    return sorted(calls, key=lambda call: call.began)


def _call(text: str, thread: int, began: int, ended: int) -> Call:
    match = _CALL.fullmatch(text)
    if match is None:
        raise NotUnderstood(text[:200])
    return Call(
        name=match["name"],
        thread=thread,
        arguments=tuple(_split(match["arguments"])),
        result=None if match["result"] == "?" else int(match["result"]),
        note=match["note"],
        began=began,
        ended=ended,
    )


def _split(arguments: str) -> list[str]:
    """Split at commas that stand in no bracket; strings are hex, so they hold neither."""
    found, depth, start = [], 0, 0
    for place, character in enumerate(arguments):
        if character in "[{(":
            depth += 1
        elif character in "]})":
            depth -= 1
        elif character == "," and depth == 0:
            found.append(arguments[start:place].strip())
            start = place + 1
    last = arguments[start:].strip()
    return [*found, last] if last else found


def one(calls: Iterable[Call], what: str, condition: Callable[[Call], bool]) -> Call:
    """Return the only call that meets a condition."""
    found = [call for call in calls if call.is_done and condition(call)]
    assert len(found) == 1, f"{len(found)} calls are {what}"
    return found[0]


def some(calls: Iterable[Call], what: str, condition: Callable[[Call], bool]) -> list[Call]:
    """Return the calls that meet a condition, of which there must be one."""
    found = [call for call in calls if call.is_done and condition(call)]
    assert found, f"no call is {what}"
    return found


def assert_before(first: Call, second: Call) -> None:
    """Assert that `first` had returned before `second` began."""
    assert first.ended < second.began, (
        f"{first.name}({first.path}) had not returned before {second.name}({second.path})"
    )
