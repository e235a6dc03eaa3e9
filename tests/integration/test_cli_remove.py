"""`rm`, `rb --force`, `du`, `ls` of uploads: what is there, and taking it away."""

import json
import re
from pathlib import Path

import pytest

from tests.support.server import ServerProcess
from tests.support.shell import CTRL_C, Shell, Terminal
from tests.support.waiting import wait_until


@pytest.fixture
def shell(server: ServerProcess, tmp_path: Path) -> Shell:
    return Shell(server, tmp_path)


@pytest.fixture
def bucket(shell: Shell, request: pytest.FixtureRequest) -> str:
    name = f"rm-{abs(hash(request.node.nodeid)):x}"
    shell.done("mb", f"oss://{name}")
    return name


def keys(shell: Shell, bucket: str) -> list[str]:
    return [item["key"] for item in shell.done("ls", "-r", f"oss://{bucket}", "--json").document["objects"]]


def fill(shell: Shell, bucket: str, *names: str, content: str = "x") -> None:
    for name in names:
        path = shell.folder / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    shell.done("cp", "-r", "tree", f"oss://{bucket}", "-q", "-j", "8")


def begin_uploads(shell: Shell, bucket: str, *names: str) -> None:
    """Begin uploads that nobody finishes, each with one part of five bytes."""
    for name in names:
        begun = shell.sh(shell.presigned("initiate", f"oss://{bucket}/{name}", "--curl"))
        found = re.search(r"<UploadId>(.+)</UploadId>", begun.text)
        assert found is not None, begun.text
        options = ("--part-number", "1", "--upload-id", found[1], "--curl")
        part = shell.sh(shell.presigned("part", f"oss://{bucket}/{name}", *options), stdin=b"12345")
        assert part.status == 0, part.text


def test_what_begins_with_a_prefix_is_removed(shell: Shell, bucket: str) -> None:
    fill(shell, bucket, "a/1", "a/2", "a/b/3", "ab", "c")
    removed = shell.done("rm", "-r", f"oss://{bucket}/a/")
    assert removed.stderr.splitlines() == [f"removed oss://{bucket}/a/{name}" for name in ("1", "2", "b/3")]
    assert keys(shell, bucket) == ["ab", "c"]
    assert shell.done("rm", "-r", f"oss://{bucket}", "--quiet").stderr == ""
    assert keys(shell, bucket) == []


def test_more_than_a_batch_is_removed(shell: Shell, bucket: str) -> None:
    fill(shell, bucket, *(f"d/{number}" for number in range(1005)), "e")
    assert len(shell.done("rm", "-r", f"oss://{bucket}/d/", "--json").document["removed"]) == 1005
    assert keys(shell, bucket) == ["e"]


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (["--include", "*.log"], ["p/a.txt", "p/s/b.txt"]),
        (["--exclude", "*.log"], ["p/c.log", "p/s/d.log"]),
        (["--include", "*", "--exclude", "s/*"], ["p/s/b.txt", "p/s/d.log"]),
    ],
)
def test_include_and_exclude(shell: Shell, bucket: str, options: list[str], left: list[str]) -> None:
    fill(shell, bucket, "p/a.txt", "p/s/b.txt", "p/c.log", "p/s/d.log")
    dry = shell.done("rm", "-r", f"oss://{bucket}/p/", *options, "--dry-run", "--json").document
    assert (dry["dry_run"], len(dry["removed"]), len(keys(shell, bucket))) == (True, 2, 4)
    shell.done("rm", "-r", f"oss://{bucket}/p/", *options)
    assert keys(shell, bucket) == sorted(left)


def test_strange_keys_are_removed(shell: Shell, bucket: str) -> None:
    strange = ["a b", "ü/値", "q?x=1&y", "<tag>", "new\nline", "per%2Fcent"]
    for key in strange:
        shell.done("cp", "-", f"oss://{bucket}/{key}", stdin=b"x")
    assert sorted(keys(shell, bucket)) == sorted(strange)
    shell.done("rm", "-r", f"oss://{bucket}")
    assert keys(shell, bucket) == []


@pytest.mark.parametrize(("answer", "status", "left"), [("n\r", 1, ["a"]), ("\r", 1, ["a"]), ("y\r", 0, [])])
def test_somebody_at_a_terminal_is_asked(shell: Shell, bucket: str, answer: str, status: int, left: list[str]) -> None:
    fill(shell, bucket, "a")
    with Terminal(shell, "rm", "-r", f"oss://{bucket}") as terminal:
        terminal.read_until(f"remove everything in oss://{bucket}? [y/N]: ")
        terminal.press(answer)
        assert terminal.finish().status == status
    assert keys(shell, bucket) == left


def test_ctrl_c_is_an_answer_too(shell: Shell, bucket: str) -> None:
    fill(shell, bucket, "a")
    with Terminal(shell, "rm", "-r", f"oss://{bucket}") as terminal:
        terminal.read_until("? [y/N]: ")

        def ended() -> bool:
            """Press again: Python's `input` overlooks a signal that comes between its prompt and its reading."""
            if terminal.process.poll() is None:
                terminal.press(CTRL_C)
            return terminal.process.poll() is not None

        wait_until(ended, seconds=30, what="it has ended", every_seconds=0.1)
        assert terminal.finish().status == 130
    assert keys(shell, bucket) == ["a"]


def test_nobody_is_asked_who_is_sure(shell: Shell, bucket: str) -> None:
    fill(shell, bucket, "a")
    with Terminal(shell, "rm", "-rf", f"oss://{bucket}") as terminal:
        finished = terminal.finish()
    assert (finished.status, finished.stderr) == (0, f"removed oss://{bucket}/a\r\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["rm", "-r", "oss://"], "name a bucket"),
        (["rm", "-m", "oss://"], "name a bucket"),
        (["rm", "oss://demo-b"], "names no object"),
        (["rm", "oss://demo-b/k", "--include", "x"], "go with --recursive"),
        (["du", "oss://"], "name a bucket"),
        (["ls", "-m"], "name the bucket"),
        (["ls", "--limit", "0"], "--limit"),
    ],
)
def test_what_is_not_understood(shell: Shell, arguments: list[str], told: str) -> None:
    finished = shell.owner(*arguments)
    assert (finished.status, finished.stdout, finished.stderr.count("\n")) == (2, b"", 1)
    assert told in finished.stderr


def test_unfinished_uploads_are_listed_counted_and_aborted(shell: Shell, bucket: str) -> None:
    fill(shell, bucket, "a", "b/c", content="seven b")
    begin_uploads(shell, bucket, "u/1", "u/2", "v")
    listed = shell.done("ls", "-m", f"oss://{bucket}/u/")
    assert [line.split()[-1] for line in listed.text.splitlines()] == [f"oss://{bucket}/u/{n}" for n in (1, 2)]
    assert len(shell.done("ls", "-m", f"oss://{bucket}", "--json", "--limit", "2").document["uploads"]) == 2
    assert shell.done("du", f"oss://{bucket}", "--json").document == {
        "objects": 2,
        "bytes": 14,
        "storage_classes": {"Standard": {"objects": 2, "bytes": 14}},
        "uploads": {"uploads": 3, "parts": 3, "bytes": 15},
    }
    assert [line.split() for line in shell.done("du", f"oss://{bucket}/", "-H").text.splitlines()] == [
        ["14", "B", "2", "objects", "Standard"],
        ["14", "B", "2", "objects"],
        ["15", "B", "3", "parts", "of", "3", "unfinished", "uploads"],
    ]
    assert shell.done("rm", "-m", f"oss://{bucket}/u/", "--dry-run").stderr.count("would remove oss://") == 2
    assert shell.done("rm", "--uploads", f"oss://{bucket}/u/").stderr.count("removed oss://") == 2
    assert [item["key"] for item in shell.done("ls", "-m", f"oss://{bucket}", "--json").document["uploads"]] == ["v"]
    assert keys(shell, bucket) == ["a", "b/c"]


def test_a_bucket_is_emptied_and_removed(shell: Shell, bucket: str) -> None:
    fill(shell, bucket, "a", "b/c")
    begin_uploads(shell, bucket, "u")
    refused = shell.owner("rb", f"oss://{bucket}")
    assert refused.status == 1
    assert refused.stderr.splitlines()[1].startswith("hint: `ossicle rb --force` empties it first")
    removed = shell.done("rb", "--force", f"oss://{bucket}")
    assert removed.stderr == f"removed 2 objects and 1 uploads\nremoved oss://{bucket}\n"
    assert f"oss://{bucket}\n" not in shell.done("ls").text


def test_a_listing_for_people_and_with_a_limit(shell: Shell, bucket: str) -> None:
    fill(shell, bucket, "a", "d/b", "z", content="x" * 2048)
    lines = shell.done("ls", f"oss://{bucket}", "-H").text.splitlines()
    assert [line.split()[-1].removeprefix(f"oss://{bucket}/") for line in lines] == ["a", "d/", "z"]
    assert "2.0 KiB" in lines[0]
    limited = shell.done("ls", f"oss://{bucket}", "--limit", "2", "--json").document
    assert ([item["key"] for item in limited["objects"]], limited["common_prefixes"]) == (["a"], ["d/"])
    assert len(shell.done("ls", "-r", f"oss://{bucket}", "--limited-num", "1").text.splitlines()) == 1


def test_names_are_completed(shell: Shell, bucket: str) -> None:
    fill(shell, bucket, "dir/one", "dir/two", "done", "x y")

    def completed(word: str) -> list[str]:
        line = f"ossicle ls {word}"
        script = f"""eval "$(ossicle completion bash)"; COMP_LINE={json.dumps(line)} COMP_POINT={len(line)}
        _ossicle_completion ossicle; printf '%s\\n' "${{COMPREPLY[@]}}" """
        (shell.folder / "complete.sh").write_text(script)
        finished = shell.sh("bash --norc complete.sh")
        assert finished.stderr == ""
        return finished.text.splitlines()

    assert f"//{bucket}/" in completed(f"oss://{bucket[:6]}")
    assert completed(f"oss://{bucket}/d") == [f"//{bucket}/dir/", f"//{bucket}/done"]
    assert completed(f"oss://{bucket}/dir/") == [f"//{bucket}/dir/one", f"//{bucket}/dir/two"]
    assert completed("oss://no-such-bucket-here/") == [""]
