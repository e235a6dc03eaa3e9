"""`ossicle cp` as a user runs it: every option, in every direction, against a real server."""

import filecmp
import os
import time
from datetime import datetime
from pathlib import Path

import pytest

from tests.support.server import ServerProcess
from tests.support.shell import Shell, Terminal

MIB = 1 << 20


@pytest.fixture
def shell(server: ServerProcess, tmp_path: Path) -> Shell:
    return Shell(server, tmp_path)


@pytest.fixture
def bucket(shell: Shell, request: pytest.FixtureRequest) -> str:
    name = f"cp-{abs(hash(request.node.nodeid)):x}"
    shell.done("mb", f"oss://{name}")
    return name


def keys(shell: Shell, bucket: str, prefix: str = "") -> list[str]:
    return [item["key"] for item in shell.done("ls", "-r", f"oss://{bucket}/{prefix}", "--json").document["objects"]]


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def put(shell: Shell, bucket: str, *names: str) -> None:
    for name in names:
        shell.done("cp", "-", f"oss://{bucket}/{name}", stdin=name.encode())


def is_same(left: Path, right: Path) -> bool:
    found = filecmp.dircmp(left, right)
    folders = all(is_same(left / name, right / name) for name in found.common_dirs)
    _, different, strange = filecmp.cmpfiles(left, right, found.common_files, shallow=False)
    return folders and not (found.left_only or found.right_only or found.common_funny or different or strange)


# -- where things go: the table in docs/cli.md


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["dir/a.txt", "{b}/k"], ["k"]),
        (["dir/a.txt", "{b}"], ["a.txt"]),
        (["dir/a.txt", "{b}/"], ["a.txt"]),
        (["dir/a.txt", "{b}/p/"], ["p/a.txt"]),
        (["-r", "dir", "{b}"], ["a.txt", "sub/b.txt"]),
        (["-r", "dir", "{b}/p"], ["p/a.txt", "p/sub/b.txt"]),
        (["-r", "dir/", "{b}/p/"], ["p/a.txt", "p/sub/b.txt"]),
        (["-r", "dir/a.txt", "{b}/p"], ["p/a.txt"]),
        (["dir/a.txt", "dir/sub/b.txt", "{b}/p/"], ["p/a.txt", "p/b.txt"]),
    ],
)
def test_where_files_go(shell: Shell, bucket: str, arguments: list[str], expected: list[str]) -> None:
    write(shell.folder, "dir/a.txt", "dir/sub/b.txt")
    shell.done("cp", *(argument.format(b=f"oss://{bucket}") for argument in arguments))
    assert keys(shell, bucket) == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["{b}/p/k", "t/x"], ["t/x"]),
        (["{b}/p/k", "t/"], ["t/k"]),
        (["{b}/p/k", "there"], ["there/k"]),
        (["{b}/p/k", "."], ["k"]),
        (["-r", "{b}/p/", "t"], ["t/k", "t/s/l"]),
        (["-r", "{b}/p/", "t/"], ["t/k", "t/s/l"]),
        (["-r", "{b}/p", "t"], ["t/p/k", "t/p/s/l", "t/pq"]),
        (["-r", "{b}", "t"], ["t/p/k", "t/p/s/l", "t/pq", "t/z"]),
        (["-r", "{b}/p/k", "t"], ["t/k"]),
        (["{b}/p/k", "{b}/z", "there"], ["there/k", "there/z"]),
    ],
)
def test_where_objects_go(shell: Shell, bucket: str, arguments: list[str], expected: list[str]) -> None:
    put(shell, bucket, "p/k", "p/s/l", "pq", "z")
    work = shell.folder / "work"
    (work / "there").mkdir(parents=True)
    shell.folder = work
    shell.done("cp", *(argument.format(b=f"oss://{bucket}") for argument in arguments))
    assert [name for name in files(work) if not name.startswith(".")] == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["{b}/p/k", "{c}/q"], ["q"]),
        (["{b}/p/k", "{c}/q/"], ["q/k"]),
        (["{b}/p/k", "{c}"], ["k"]),
        (["-r", "{b}/p/", "{c}/q"], ["q/k", "q/s/l"]),
        (["-r", "{b}/p", "{c}/q/"], ["q/p/k", "q/p/s/l"]),
        (["-r", "{b}", "{c}"], ["p/k", "p/s/l"]),
    ],
)
def test_where_copies_go(shell: Shell, bucket: str, arguments: list[str], expected: list[str]) -> None:
    put(shell, bucket, "p/k", "p/s/l")
    other = f"{bucket}-2"
    shell.done("mb", f"oss://{other}")
    shell.done("cp", *(argument.format(b=f"oss://{bucket}", c=f"oss://{other}") for argument in arguments))
    assert keys(shell, other) == expected


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["a", "b"], "nothing is oss://BUCKET/KEY"),
        (["dir", "oss://demo-b/"], "'dir' is a directory; --recursive"),
        (["oss://demo-b", "x"], "'oss://demo-b' is a bucket; --recursive"),
        (["a", "b", "oss://demo-b/k"], "2 sources need a folder"),
        (["a", "oss://demo-b/k", "there"], "not to another file"),
        (["-", "oss://demo-b/"], "name the object that standard input becomes"),
        (["-", "a", "oss://demo-b/k/"], "- is one object"),
        (["-r", "-", "oss://demo-b/k"], "- is one object"),
        (["oss://demo-b/k", "-", "--json"], "standard output gets the object's bytes"),
        (["oss://demo-b", "-"], "names no object"),
        (["a", "oss://"], "oss:// names no bucket"),
        (["a", "oss://demo-b/", "--include", "x"], "--include and --exclude go with --recursive"),
        (["-r", "oss://demo-b/p", "oss://demo-b/p/q"], "lies below"),
        (["a", "oss://demo-b/", "--part-size", "8X"], "is not a size"),
        (["a", "oss://demo-b/", "--part-size", "1K"], "less than 100.0 KiB"),
        (["a", "oss://demo-b/", "--jobs", "0"], "--jobs"),
        (["a", "oss://demo-b/", "--meta", "x"], "is not of the form"),
        (["a"], "Missing argument"),
    ],
)
def test_what_is_not_understood(shell: Shell, arguments: list[str], told: str) -> None:
    write(shell.folder, "a", "b", "dir/c", "there/d")
    finished = shell.owner("cp", *arguments)
    assert (finished.status, finished.stdout, finished.stderr.count("\n")) == (2, b"", 1), finished.stderr
    assert told in finished.stderr


# -- bytes


def test_a_thousand_files_go_and_come_back(shell: Shell, bucket: str) -> None:
    tree = shell.folder / "tree"
    for number in range(1000):
        path = tree / f"d{number % 10}" / f"s{number % 7}" / f"ü {number}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(number))
    sent = shell.done("cp", "-r", "tree", f"oss://{bucket}/p", "--jobs", "8")
    assert sent.stderr.count("uploaded ") == 1000
    assert sent.stderr.splitlines()[-1].startswith("1000 files done, 487.8 KiB in ")
    back = shell.done("cp", "-r", f"oss://{bucket}/p/", "back", "--jobs", "8", "--quiet")
    assert back.stderr == ""
    assert is_same(tree, shell.folder / "back")


@pytest.mark.parametrize("size", [0, 1, 16 * MIB - 1, 16 * MIB, 35 * MIB + 7])
def test_any_size_goes_and_comes_back(shell: Shell, bucket: str, size: int) -> None:
    (shell.folder / "a").write_bytes(os.urandom(size))
    shell.done("cp", "a", f"oss://{bucket}/a", "--parallel", "4", "--part-size", "5M")
    assert shell.done("stat", f"oss://{bucket}/a", "--json").document["size"] == size
    shell.done("cp", f"oss://{bucket}/a", "b", "--part-size", "5M")
    assert filecmp.cmp(shell.folder / "a", shell.folder / "b", shallow=False)
    shell.done("cp", f"oss://{bucket}/a", f"oss://{bucket}/c")
    assert shell.done("cp", f"oss://{bucket}/c", "-").stdout == (shell.folder / "a").read_bytes()


def test_a_threshold_and_a_part_size(shell: Shell, bucket: str) -> None:
    """OSS marks in the ETag whether an object came in parts, and in how many."""
    (shell.folder / "a").write_bytes(bytes(3 * MIB))

    def etag(*options: str) -> str:
        shell.done("cp", "a", f"oss://{bucket}/a", *options)
        return str(shell.done("stat", f"oss://{bucket}/a", "--json").document["etag"])

    assert "-" not in etag()
    assert etag("--bigfile-threshold", "2M", "--part-size", "1M").strip('"').endswith("-3")


def test_pipes(shell: Shell, bucket: str) -> None:
    content = os.urandom(20 * MIB + 1)
    shell.done("cp", "-", f"oss://{bucket}/big", "--part-size", "6M", stdin=content)
    assert shell.done("cp", f"oss://{bucket}/big", "-").stdout == content
    shell.done("cp", "-", f"oss://{bucket}/empty")
    assert shell.done("cp", f"oss://{bucket}/empty", "-").stdout == b""


# -- which


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--include", "*.jpg"], ["b.jpg", "sub/c.jpg"]),
        (["--exclude", "*.jpg"], ["a.txt", "sub/d.txt"]),
        (["--exclude", "*", "--include", "*.txt"], ["a.txt", "sub/d.txt"]),
        (["--include", "*.txt", "--exclude", "sub/*"], ["a.txt"]),
        (["--exclude", "sub/**"], ["a.txt", "b.jpg"]),
    ],
)
def test_include_and_exclude(shell: Shell, bucket: str, options: list[str], expected: list[str]) -> None:
    write(shell.folder / "dir", "a.txt", "b.jpg", "sub/c.jpg", "sub/d.txt")
    shell.done("cp", "-r", "dir", f"oss://{bucket}/p", *options)
    assert keys(shell, bucket) == [f"p/{name}" for name in expected]
    shell.done("cp", "-r", "dir", f"oss://{bucket}/p", "-q")
    shell.done("cp", "-r", f"oss://{bucket}/p/", "back", *options)
    assert files(shell.folder / "back") == expected
    shell.done("cp", "-r", f"oss://{bucket}/p/", f"oss://{bucket}/q", *options)
    assert keys(shell, bucket, "q/") == [f"q/{name}" for name in expected]


def test_update_copies_what_is_missing_or_newer(shell: Shell, bucket: str) -> None:
    write(shell.folder / "dir", "old", "new")
    past, future = time.time() - 3600, time.time() + 3600
    os.utime(shell.folder / "dir" / "old", (past, past))
    os.utime(shell.folder / "dir" / "new", (past, past))
    shell.done("cp", "-r", "dir", f"oss://{bucket}")
    assert "skipped dir/old" in shell.done("cp", "-r", "dir", f"oss://{bucket}", "-u").stderr
    os.utime(shell.folder / "dir" / "new", (future, future))
    write(shell.folder / "dir", "missing")
    again = shell.done("cp", "-r", "dir", f"oss://{bucket}", "-u", "--json").documents
    assert {item["source"]: item["status"] for item in again[:-1]} == {
        "dir/missing": "done",
        "dir/new": "done",
        "dir/old": "skipped",
    }
    write(shell.folder / "back", "old", "new")
    os.utime(shell.folder / "back" / "new", (past, past))
    down = shell.done("cp", "-r", f"oss://{bucket}", "back", "--update", "--json", "-j", "1").documents
    assert [item["status"] for item in down[:-1]] == ["done", "done", "skipped"], down
    single = shell.done("cp", f"oss://{bucket}/old", "back/old", "--update", "--json").documents
    assert (single[0]["status"], single[0]["reason"]) == ("skipped", "not newer than what is there")
    same = shell.done("cp", f"oss://{bucket}/old", f"oss://{bucket}/old-2", "-u", "--json").documents[0]
    assert same["status"] == "done"
    same = shell.done("cp", f"oss://{bucket}/old", f"oss://{bucket}/old-2", "-u", "--json").documents[0]
    assert same["status"] == "skipped"


@pytest.mark.parametrize("option", ["--no-clobber", "-n", "--ignore-existing"])
def test_no_clobber_leaves_what_is_there(shell: Shell, bucket: str, option: str) -> None:
    put(shell, bucket, "a")
    write(shell.folder, "b")
    for arguments in (
        ["b", f"oss://{bucket}/a"],
        ["-", f"oss://{bucket}/a"],
        [f"oss://{bucket}/a", f"oss://{bucket}/a"],
    ):
        assert shell.done("cp", *arguments, option).stderr.endswith(": is there already\n")
    assert shell.done("cat", f"oss://{bucket}/a").stdout == b"a"
    assert shell.done("cp", f"oss://{bucket}/a", "b", option).stderr.endswith(": is there already\n")
    assert (shell.folder / "b").read_text() == "b"
    shell.done("cp", f"oss://{bucket}/a", "b", "--force")
    assert (shell.folder / "b").read_text() == "a"


def test_a_dry_run_changes_nothing(shell: Shell, bucket: str) -> None:
    write(shell.folder / "dir", "a", "b")
    dry = shell.done("cp", "-r", "dir", f"oss://{bucket}", "--dry-run")
    assert dry.stderr.splitlines()[:2] == [f"would upload dir/{name} -> oss://{bucket}/{name}" for name in "ab"]
    assert keys(shell, bucket) == []
    put(shell, bucket, "k")
    assert shell.done("cp", "-r", f"oss://{bucket}", "back", "--dry-run").stderr.startswith("would download ")
    assert not (shell.folder / "back").exists()


# -- what objects get


def test_types_metadata_and_classes(shell: Shell, bucket: str) -> None:
    write(shell.folder, "a.html", "b.tar.gz", "c", "d.json")

    def facts(name: str, *options: str) -> dict[str, object]:
        shell.done("cp", name, f"oss://{bucket}/{name}", *options)
        return shell.done("stat", f"oss://{bucket}/{name}", "--json").document

    assert facts("a.html")["content_type"] == "text/html"
    assert facts("b.tar.gz")["content_type"] == "application/gzip"
    assert facts("c")["content_type"] == "application/octet-stream"
    given = facts("d.json", "--content-type", "text/x", "--meta", "a=b", "--meta", "c=", "--storage-class", "IA")
    assert (given["content_type"], given["x-oss-meta-a"], given["storage_class"]) == ("text/x", "b", "IA")
    copied = f"oss://{bucket}/copy"
    shell.done("cp", f"oss://{bucket}/d.json", copied)
    found = shell.done("stat", copied, "--json").document
    assert (found["content_type"], found["x-oss-meta-a"]) == ("text/x", "b")
    shell.done("cp", f"oss://{bucket}/d.json", copied, "--meta", "z=y")
    found = shell.done("stat", copied, "--json").document
    assert (found.get("x-oss-meta-a"), found["x-oss-meta-z"]) == (None, "y")


def test_an_acl(shell: Shell, bucket: str) -> None:
    write(shell.folder, "a")
    shell.done("cp", "a", f"oss://{bucket}/a", "--acl", "public-read")
    endpoint = shell.with_keys["OSS_ENDPOINT"]
    assert shell.sh(f"curl -sf {endpoint.replace('localhost', '127.0.0.1')}/{bucket}/a").stdout == b"a"


# -- names that are dangerous, or strange


def test_no_key_leads_out_of_the_target(shell: Shell, bucket: str) -> None:
    """Signed by hand: whoever may write to a bucket may write such keys, whatever this program would do."""
    bad = ["../escape", "a/../../escape", "/etc/escape", "a//b", "back\\slash", "x/./y"]
    for key in [*bad, "good", "dir/", "dir/in"]:
        url = shell.presigned("put", f"oss://{bucket}/{key}")
        content = b"" if key.endswith("/") else b"x"
        assert shell.anyone("upload", url, "-", stdin=content).status == 0
    finished = shell.owner("cp", "-r", f"oss://{bucket}", "work/target")
    assert finished.status == 1
    assert files(shell.folder / "work") == ["target/dir/in", "target/good"]
    refused = [line for line in finished.stderr.splitlines() if line.startswith("ossicle: download oss://")]
    assert len(refused) == len(bad)
    assert all(any(key.replace("\\", "\\") in line for line in refused) for key in bad)
    assert finished.stderr.splitlines()[-1].endswith("; 6 failed")
    assert not (shell.folder / "escape").exists()
    single = shell.owner("cp", f"oss://{bucket}/back\\slash", "work/")
    assert (single.status, "backslash" in single.stderr) == (1, True)


def test_a_link_in_the_target_leads_nobody_out(shell: Shell, bucket: str) -> None:
    put(shell, bucket, "link/x", "y")
    (shell.folder / "outside").mkdir()
    (shell.folder / "target").mkdir()
    (shell.folder / "target" / "link").symlink_to("../outside")
    finished = shell.owner("cp", "-r", f"oss://{bucket}", "target")
    assert (finished.status, files(shell.folder / "outside")) == (1, [])
    assert "leads out of the folder" in finished.stderr
    assert (shell.folder / "target" / "y").read_text() == "y"


def test_a_key_that_is_file_and_folder(shell: Shell, bucket: str) -> None:
    put(shell, bucket, "a/b", "z")
    shell.done("cp", "-r", f"oss://{bucket}", "target")
    put(shell, bucket, "a")
    finished = shell.owner("cp", "-r", f"oss://{bucket}", "target", "--jobs", "1")
    assert (finished.status, files(shell.folder / "target")) == (1, ["a/b", "z"])
    assert "another key begins with this one" in finished.stderr


def test_links_special_files_and_names_that_are_no_text(shell: Shell, bucket: str) -> None:
    tree = shell.folder / "tree"
    write(tree, "a", "sub/b")
    (tree / "link").symlink_to("a")
    (tree / "folder").symlink_to("sub")
    (tree / "broken").symlink_to("nowhere")
    os.mkfifo(tree / "pipe")
    (tree / os.fsdecode(b"caf\xe9")).write_text("x")
    finished = shell.owner("cp", "-r", "tree", f"oss://{bucket}")
    assert finished.status == 1
    assert keys(shell, bucket) == ["a", "link", "sub/b"]
    assert "tree/broken: No such file or directory" in finished.stderr
    assert "not UTF-8" in finished.stderr
    assert finished.stderr.splitlines()[-1].endswith("; 2 skipped; 2 failed")
    shell.owner("cp", "-r", "tree", f"oss://{bucket}/l", "--enable-symlink-dir")
    assert keys(shell, bucket, "l/") == ["l/a", "l/folder/b", "l/link", "l/sub/b"]
    shell.owner("cp", "-r", "tree", f"oss://{bucket}/n", "--disable-all-symlink")
    assert keys(shell, bucket, "n/") == ["n/a", "n/sub/b"]


# -- how it is told


def test_failures_are_counted_and_the_others_go_on(shell: Shell, bucket: str) -> None:
    write(shell.folder / "dir", *(f"{number:02}" for number in range(15)))
    for number in range(12):
        (shell.folder / "dir" / f"{number:02}").unlink()
        (shell.folder / "dir" / f"{number:02}").symlink_to("nowhere")
    finished = shell.owner("cp", "-r", "dir", f"oss://{bucket}")
    lines = finished.stderr.splitlines()
    assert finished.status == 1
    assert sum(line.startswith("ossicle: upload dir/") for line in lines) == 10
    assert lines[-2] == "ossicle: 2 more failed"
    assert lines[-1].startswith("3 files done, 6 B in ")
    assert lines[-1].endswith("; 12 failed")
    assert keys(shell, bucket) == ["12", "13", "14"]


def test_one_that_fails_is_told_as_by_any_command(shell: Shell, bucket: str) -> None:
    missing = shell.owner("cp", f"oss://{bucket}/nothing", "x")
    assert (missing.status, missing.stderr.startswith("ossicle: NoSuchKey (404): ")) == (1, True)
    assert missing.stderr.count("\n") == 1
    assert not (shell.folder / "x").exists()
    nowhere = shell.owner("cp", "missing", f"oss://{bucket}/")
    assert (nowhere.status, nowhere.stderr) == (1, "ossicle: missing: No such file or directory\n")
    write(shell.folder, "a")
    no_bucket = shell.owner("cp", "a", "oss://no-such-bucket-here/")
    assert (no_bucket.status, no_bucket.stderr.startswith("ossicle: NoSuchBucket (404): ")) == (1, True)
    assert "\nhint: `ossicle mb" in no_bucket.stderr
    listing = shell.owner("cp", "-r", "oss://no-such-bucket-here/", "x")
    assert (listing.status, listing.stderr.startswith("ossicle: NoSuchBucket (404): ")) == (1, True)


def test_json(shell: Shell, bucket: str) -> None:
    write(shell.folder / "dir", "a")
    (shell.folder / "dir" / "b").symlink_to("nowhere")
    finished = shell.owner("cp", "-r", "dir", f"oss://{bucket}", "--json", "-j", "1")
    first, second, last = finished.documents
    assert first == {
        "action": "upload",
        "source": "dir/a",
        "target": f"oss://{bucket}/a",
        "size": 1,
        "status": "done",
    }
    assert (second["status"], second["error"]["message"]) == ("failed", "dir/b: No such file or directory")
    assert {name: last["summary"][name] for name in ("done", "skipped", "failed", "bytes")} == {
        "done": 1,
        "skipped": 0,
        "failed": 1,
        "bytes": 1,
    }
    assert finished.status == 1


def test_lines_elsewhere_and_nothing_with_quiet(shell: Shell, bucket: str) -> None:
    write(shell.folder, "a")
    told = shell.done("cp", "a", f"oss://{bucket}/a")
    assert (told.stdout, told.stderr) == (b"", f"uploaded a -> oss://{bucket}/a (1 B)\n")
    quiet = shell.done("cp", "a", f"oss://{bucket}/a", "--quiet")
    assert (quiet.stdout, quiet.stderr) == (b"", "")


def test_a_terminal_gets_a_bar(shell: Shell, bucket: str) -> None:
    (shell.folder / "big").write_bytes(bytes(20_000_000))
    with Terminal(shell, "cp", "big", f"oss://{bucket}/big") as terminal:
        finished = terminal.finish()
    assert finished.status == 0, finished.stderr
    assert "big" in finished.stderr
    assert "19.1/19.1 MiB" in finished.stderr
    write(shell.folder / "dir", *map(str, range(30)))
    with Terminal(shell, "cp", "-r", "dir", f"oss://{bucket}/dir") as terminal:
        finished = terminal.finish()
    assert finished.status == 0
    assert "30/30 files" in finished.stderr
    assert "30 files done, 50 B in " in finished.stderr
    assert "uploaded" not in finished.stderr
    with Terminal(shell, "cp", "-r", "dir", f"oss://{bucket}/dir", "-q") as terminal:
        assert terminal.finish().stderr == ""
    with Terminal(shell, "cp", "big", f"oss://{bucket}/big", "--no-progress") as terminal:
        assert terminal.finish().stderr == f"uploaded big -> oss://{bucket}/big (19.1 MiB)\r\n"


def test_a_profile_is_enough(shell: Shell, bucket: str, server: ServerProcess) -> None:
    write(shell.folder, "a")
    for key, value in (("endpoint", shell.with_keys["OSS_ENDPOINT"]), ("region", shell.with_keys["OSS_REGION"])):
        assert shell.anyone("config", "set", key, value).status == 0
    assert shell.anyone("config", "set", "access-key-id", server.access_key_id).status == 0
    secret = server.access_key_secret.encode()
    assert shell.anyone("config", "set", "access-key-secret", stdin=secret).status == 0
    finished = shell.anyone("cp", "a", f"oss://{bucket}/by-profile")
    assert (finished.status, finished.stderr) == (0, f"uploaded a -> oss://{bucket}/by-profile (1 B)\n")


# -- what is worth a hint, and what has changed


def test_a_prefix_needs_recursive(shell: Shell, bucket: str) -> None:
    put(shell, bucket, "p/k")
    for target in ("x", "x/", f"oss://{bucket}/q"):
        finished = shell.owner("cp", f"oss://{bucket}/p/", target)
        assert finished.status == 1
        assert "hint: --recursive (-r) copies what is below a prefix" in finished.stderr
    assert shell.owner("cp", f"oss://{bucket}/missing", "x", "--dry-run").status == 1
    assert not (shell.folder / "x").exists()


def test_another_size_within_the_same_second_is_a_change(shell: Shell, bucket: str) -> None:
    put(shell, bucket, "a")
    facts = shell.done("stat", f"oss://{bucket}/a", "--json").document
    moment = datetime.fromisoformat(facts["last_modified"]).timestamp()
    for content, becomes in (("b", b"a"), ("longer", b"longer")):
        (shell.folder / "a").write_text(content)
        os.utime(shell.folder / "a", (moment, moment))
        shell.done("cp", "a", f"oss://{bucket}/a", "--update")
        assert shell.done("cat", f"oss://{bucket}/a").stdout == becomes


def test_a_small_download_leaves_no_trace_of_itself(shell: Shell, bucket: str) -> None:
    put(shell, bucket, "a")
    (shell.folder / "blocked").write_text("no folder")
    finished = shell.done("cp", f"oss://{bucket}/a", "back", "--checkpoint-dir", "blocked/marks")
    assert len(finished.stderr.splitlines()) == 1
    big = shell.done("cp", f"oss://{bucket}/a", "back", "--checkpoint-dir", "blocked/marks", "--bigfile-threshold", "1")
    assert big.stderr.count("--checkpoint-dir") == 1
    assert (shell.folder / "back").read_bytes() == b"a"
