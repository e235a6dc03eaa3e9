"""`ls`, `stat`, `cat`, `rm` and `rb` in a bucket with versions."""

from pathlib import Path

import pytest

import ossicle
from tests.support.server import REGION, ServerProcess
from tests.support.shell import Shell


def settings(server: ServerProcess) -> ossicle.Config:
    keys = ossicle.credentials.StaticCredentialsProvider(server.access_key_id, server.access_key_secret)
    return ossicle.Config(region=REGION, endpoint=server.endpoint, credentials_provider=keys)


@pytest.fixture
def shell(server: ServerProcess, tmp_path: Path) -> Shell:
    return Shell(server, tmp_path)


@pytest.fixture
def bucket(shell: Shell, server: ServerProcess, request: pytest.FixtureRequest) -> str:
    name = f"versions-{abs(hash(request.node.nodeid)):x}"
    shell.done("mb", f"oss://{name}")
    enabled = ossicle.VersioningConfiguration(status="Enabled")
    with ossicle.Client(settings(server)) as client:
        client.put_bucket_versioning(ossicle.PutBucketVersioningRequest(bucket=name, versioning_configuration=enabled))
    for text in ("first", "second"):
        for key in ("a", "ab", "d/c"):
            (tmp := shell.folder / "file").write_text(text)
            shell.done("cp", str(tmp), f"oss://{name}/{key}", "-q")
    shell.done("rm", f"oss://{name}/a", "-q")
    return name


def versions(shell: Shell, place: str, *options: str) -> list[dict[str, object]]:
    found = shell.done("ls", f"oss://{place}", "--all-versions", "-r", "--json", *options).document["versions"]
    assert isinstance(found, list)
    return found


def test_versions_are_listed(shell: Shell, bucket: str) -> None:
    listed = versions(shell, bucket)
    assert [(item["key"], item["is_latest"], item["is_delete_marker"]) for item in listed] == [
        ("a", True, True), ("a", False, False), ("a", False, False),
        ("ab", True, False), ("ab", False, False), ("d/c", True, False), ("d/c", False, False),
    ]  # fmt: skip
    assert len(versions(shell, bucket, "--limit", "2")) == 2
    lines = shell.done("ls", f"oss://{bucket}", "--all-versions", "-H").text.splitlines()
    assert len(lines) == 6
    assert "(deleted)" in lines[0]
    assert lines[0].endswith(f"oss://{bucket}/a (latest)")
    assert lines[-1].endswith(f"oss://{bucket}/d/")


def test_a_version_is_read(shell: Shell, bucket: str) -> None:
    oldest = str(versions(shell, f"{bucket}/ab")[-1]["version_id"])
    assert shell.done("cat", f"oss://{bucket}/ab", "--version-id", oldest).text == "first"
    assert shell.done("cat", f"oss://{bucket}/ab").text == "second"
    facts = shell.done("stat", f"oss://{bucket}/ab", "--version-id", oldest, "--json").document
    assert (facts["version_id"], facts["size"]) == (oldest, 5)
    assert "Enabled" in shell.done("stat", f"oss://{bucket}").text


def test_a_version_is_copied(shell: Shell, bucket: str) -> None:
    oldest = str(versions(shell, f"{bucket}/ab")[-1]["version_id"])
    shell.done("cp", f"oss://{bucket}/ab", "there", "--version-id", oldest, "-q")
    assert (shell.folder / "there").read_text() == "first"
    assert shell.done("cp", f"oss://{bucket}/ab", "-", "--version-id", oldest).text == "first"
    shell.done("cp", f"oss://{bucket}/ab", f"oss://{bucket}/ab", "--version-id", oldest, "-q")
    assert shell.done("cat", f"oss://{bucket}/ab").text == "first"


def test_a_marker_is_removed(shell: Shell, bucket: str) -> None:
    marker = str(versions(shell, f"{bucket}/a")[0]["version_id"])
    shell.done("rm", f"oss://{bucket}/a", "--version-id", marker, "--dry-run")
    told = shell.done("rm", f"oss://{bucket}/a", "--version-id", marker).stderr
    assert told == f"removed oss://{bucket}/a (version {marker})\n"
    assert shell.done("cat", f"oss://{bucket}/a").text == "second"


def test_all_versions_are_removed(shell: Shell, bucket: str) -> None:
    assert len(shell.done("rm", f"oss://{bucket}/a", "--all-versions").stderr.splitlines()) == 3
    assert {item["key"] for item in versions(shell, bucket)} == {"ab", "d/c"}
    shell.done("rm", "-r", f"oss://{bucket}", "--all-versions", "--include", "*c", "-q")
    assert {item["key"] for item in versions(shell, bucket)} == {"ab"}
    shell.done("rm", "-r", f"oss://{bucket}", "--all-versions", "--dry-run")
    assert len(versions(shell, bucket)) == 2


def test_a_bucket_goes_with_all_versions(shell: Shell, bucket: str) -> None:
    shell.done("rb", f"oss://{bucket}", "--force")
    assert f"oss://{bucket}\n" not in shell.done("ls").text
