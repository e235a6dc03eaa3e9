"""`ossicle user|key|group|policy|role` against a real server, and what a user may who is made with them."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.integration.conftest import StartServer
from tests.integration.test_workers import TWO, Ways
from tests.support.owner import Owner
from tests.support.process_facts import only_on_linux
from tests.support.server import BUCKET, ServerProcess
from tests.support.shell import Finished, Shell
from tests.support.waiting import wait_until

READS = ("--allow", "GetObject")


@pytest.fixture
def server(start_server: StartServer) -> ServerProcess:
    return start_server(arguments=TWO)


@pytest.fixture
def shell(server: ServerProcess, tmp_path: Path) -> Shell:
    return Shell(server, tmp_path)


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """Somebody at a server on which nothing is ever changed."""
    folder = tmp_path_factory.mktemp("calm")
    with ServerProcess(folder / "data") as running:
        yield Shell(running, folder)


@pytest.fixture
def ways(server: ServerProcess) -> Iterator[Ways]:
    with ExitStack() as opened:
        yield Ways(server, opened)


def user_with_key(shell: Shell, server: ServerProcess, name: str = "ann") -> Owner:
    """Make a user and a key; what comes back signs as that user."""
    shell.done("user", "create", name)
    made = shell.done("key", "create", name, "--json").document
    return Owner(server=server, access_key_id=made["access_key_id"], access_key_secret=made["access_key_secret"])


def codes(ways: Ways, target: str) -> list[str]:
    """What every worker says to a target: nothing if it is served."""
    return [connection.ask("GET", target).code for connection in ways.by_worker.values()]


def listed(shell: Shell, *arguments: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(shell.done(*arguments, "--json").stdout)
    return found


def may(shell: Shell, *arguments: str) -> Finished:
    return shell.owner("policy", "test", *arguments)


@only_on_linux
def test_a_user_of_two_directories(shell: Shell, server: ServerProcess, ways: Ways) -> None:
    owner, ann = Owner(server=server), user_with_key(shell, server)
    for key in ("2025/a", "2026/a", "private"):
        owner.put(key, b"hello")
    places = [f"--on={BUCKET}/2025/*", f"--on={BUCKET}/2026/*"]
    lists = [f"--list-in={BUCKET}/2025/", f"--list-in=oss://{BUCKET}/2026/"]
    assert set(codes(ways, ann.target("GET", "2025/a"))) == {"AccessDenied"}
    shell.done("policy", "create", "two-years", *READS, "--allow", "oss:PutObject", *places, *lists)
    shell.done("policy", "attach", "two-years", "--user", "ann")

    urls = {key: ann.target("GET", key) for key in ("2025/a", "2026/a", "private")}
    assert [set(codes(ways, url)) for url in urls.values()] == [{""}, {""}, {"AccessDenied"}]
    assert ann.ask("PUT", "2026/new", b"x").status == 200
    assert ann.ask("PUT", "2027/new", b"x").code == "AccessDenied"
    assert ann.ask("DELETE", "2026/new").code == "AccessDenied"
    for prefix, code in (("2025/", ""), ("2026/n", ""), ("2025", "AccessDenied"), ("", "AccessDenied")):
        assert ann.ask("GET", None, parameters={"list-type": "2", "prefix": prefix}).code == code, prefix
    assert ann.ask("GET", None).code == "AccessDenied"

    shell.done("policy", "update", "two-years", *READS, places[0])
    assert [set(codes(ways, url)) for url in urls.values()] == [{""}, {"AccessDenied"}, {"AccessDenied"}]
    shell.done("policy", "restore", "two-years", "v1")
    assert [set(codes(ways, url)) for url in urls.values()] == [{""}, {""}, {"AccessDenied"}]

    shell.done("key", "disable", "ann", ann.access_key_id)
    assert set(codes(ways, urls["2025/a"])) == {"InvalidAccessKeyId"}
    shell.done("key", "enable", "ann", ann.access_key_id)
    assert set(codes(ways, urls["2025/a"])) == {""}
    shell.done("policy", "detach", "two-years", "--user", "ann")
    assert set(codes(ways, urls["2025/a"])) == {"AccessDenied"}


@only_on_linux
def test_a_key_is_replaced(shell: Shell, server: ServerProcess, ways: Ways) -> None:
    old = user_with_key(shell, server)
    Owner(server=server).put("a", b"hello")
    shell.done("user", "attach", "ann", "AliyunOSSReadOnlyAccess")
    url = old.target("GET", "a")
    rotated = shell.done("key", "rotate", "ann", "--json")
    assert f"ossicle key delete ann {old.access_key_id}" in rotated.stderr
    new = Owner(
        server=server,
        access_key_id=rotated.document["access_key_id"],
        access_key_secret=rotated.document["access_key_secret"],
    )
    assert (set(codes(ways, url)), set(codes(ways, new.target("GET", "a")))) == ({""}, {""})
    third = shell.owner("key", "rotate", "ann")
    assert third.status == 1
    assert "LimitExceeded.User.AccessKey" in third.stderr
    shell.done("key", "delete", "ann", old.access_key_id)
    assert (set(codes(ways, url)), set(codes(ways, new.target("GET", "a")))) == ({"InvalidAccessKeyId"}, {""})
    shell.done("key", "rotate", "ann")
    shell.done("key", "rotate", "ann", "--delete-old")  # there were two, and there is one
    assert len(listed(shell, "key", "list", "ann")) == 1
    assert set(codes(ways, new.target("GET", "a"))) == {"InvalidAccessKeyId"}
    # No secret of a user is written down anywhere.
    for path in (path for path in server.data_dir.rglob("*") if path.is_file()):
        assert new.access_key_secret.encode() not in path.read_bytes(), path
    assert new.access_key_secret not in server.log + server.output
    assert "CreateAccessKey" in server.log


def test_a_key_in_a_profile(shell: Shell, server: ServerProcess) -> None:
    shell.done("user", "create", "ann")
    shell.done("user", "attach", "ann", "AliyunOSSReadOnlyAccess")
    kept = shell.done("key", "create", "ann", "--save-profile", "ann")
    profile = shell.folder / ".ossicle.toml"
    assert profile.stat().st_mode & 0o777 == 0o600
    (key,) = listed(shell, "key", "list", "ann")
    assert key["access_key_id"] in profile.read_text()
    assert kept.text == ""
    assert "access_key_secret" not in key
    assert shell.anyone("ls", f"oss://{BUCKET}", "-p", "ann").status == 0
    assert "AccessDenied" in shell.anyone("mb", "oss://another", "-p", "ann").stderr
    assert "NoPermission" in shell.anyone("user", "list", "-p", "ann").stderr
    shell.done("key", "rotate", "ann", "--delete-old", "--save-profile", "ann")
    assert shell.anyone("ls", f"oss://{BUCKET}", "-p", "ann").status == 0
    # Nobody's key is lost to another's.
    shell.done("user", "create", "bob")
    before = profile.read_text()
    refused = shell.owner("key", "create", "bob", "--save-profile", "ann")
    assert (refused.status, profile.read_text()) == (2, before)
    assert listed(shell, "key", "list", "bob") == []


def test_users_and_groups(shell: Shell) -> None:
    shell.done("user", "create", "ann", "--comments", "from accounting")
    shell.done("user", "create", "bob")
    shell.done("group", "create", "press")
    shell.done("group", "add", "press", "ann", "bob")
    shell.done("group", "attach", "press", "AliyunOSSFullAccess")
    shown = shell.done("user", "show", "ann").text
    assert [line.split()[-1] for line in shown.splitlines() if line.startswith(("groups", "user name"))] == [
        "ann",
        "press",
    ]
    assert shell.done("group", "show", "press", "--json").document["users"] == ["ann", "bob"]
    assert [line.split()[0] for line in shell.done("user", "list").text.splitlines()] == ["ann", "bob"]
    assert may(shell, "--user", "ann", "--action", "DeleteBucket", "--on", f"oss://{BUCKET}").status == 0
    shell.done("group", "remove", "press", "bob")
    assert may(shell, "--user", "bob", "--action", "DeleteBucket", "--on", f"oss://{BUCKET}").status == 1
    shell.done("user", "update", "ann", "--new-name", "anna")
    conflict = shell.owner("user", "delete", "anna")
    assert conflict.status == 1
    assert "--force" in conflict.stderr
    shell.done("key", "create", "anna")
    shell.done("user", "attach", "anna", "AliyunOSSReadOnlyAccess", "AliyunRAMReadOnlyAccess")
    shell.done("user", "delete", "anna", "--force")
    shell.done("group", "detach", "press", "AliyunOSSFullAccess")
    shell.done("group", "delete", "press")
    assert listed(shell, "group", "list") == []


def test_policies(shell: Shell) -> None:
    document = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "oss:Get*", "Resource": "*"}]}
    path = shell.folder / "p.json"
    path.write_text(json.dumps(document))
    shell.done("policy", "create", "reads", "--file", str(path), "--description", "reads all")
    shown = shell.done("policy", "show", "reads", "--json").document
    assert json.loads(shown["policy_document"]) == document
    assert '"oss:Get*"' in shell.done("policy", "show", "reads").text
    narrow = ("--allow", "GetObject", "--on", f"{BUCKET}/a/*", "--from-ip", "10.0.0.0/8")
    shell.done("policy", "update", "reads", *narrow)
    assert [line[:4] for line in shell.done("policy", "versions", "reads").text.splitlines()] == ["  v1", "* v2"]
    built = json.loads(shell.done("policy", "show", "reads", "--json").document["policy_document"])
    assert built["Statement"] == [
        {
            "Effect": "Allow",
            "Action": ["oss:GetObject"],
            "Resource": [f"acs:oss:*:*:{BUCKET}/a/*"],
            "Condition": {"IpAddress": {"acs:SourceIp": ["10.0.0.0/8"]}},
        }
    ]
    shell.done("user", "create", "ann")
    shell.done("policy", "attach", "reads", "--user", "ann")
    asked = ("--user", "ann", "--action", "GetObject", "--on", f"oss://{BUCKET}/a/x")
    assert may(shell, *asked).status == 1
    told = may(shell, *asked, "--from-ip", "10.1.2.3")
    assert (told.status, told.text) == (0, "yes: the policy reads, statement 1\n")
    assert may(shell, *asked, "--from-ip", "10.1.2.3", "--json").document["statement"] == 1
    assert shell.owner("policy", "delete", "reads").status == 1
    shell.done("policy", "delete", "reads", "--version", "v1")
    shell.done("policy", "detach", "reads", "--user", "ann")
    shell.done("policy", "delete", "reads")
    assert "AdministratorAccess" in shell.done("policy", "list").text


def test_roles(shell: Shell) -> None:
    shell.done("user", "create", "ann")
    shell.done("role", "create", "reader", "--trust", "user/ann", "--trust", "1234567890123456")
    shown = shell.done("role", "show", "reader", "--json").document
    account = shown["arn"].split(":")[3]
    trusted = json.loads(shown["assume_role_policy_document"])["Statement"][0]["Principal"]["RAM"]
    assert trusted == [f"acs:ram::{account}:user/ann", "acs:ram::1234567890123456:root"]
    changed = shell.done("role", "update", "reader", "--trust", account, "--session-seconds", "7200", "--json").document
    assert changed["max_session_duration"] == 7200
    assert f"acs:ram::{account}:root" in changed["assume_role_policy_document"]
    shell.done("role", "attach", "reader", "AliyunOSSReadOnlyAccess")
    assert may(shell, "--role", "reader", "--action", "GetObject", "--on", f"oss://{BUCKET}/x").status == 0
    assert may(shell, "--role", "reader", "--action", "PutObject", "--on", f"oss://{BUCKET}/x").status == 1
    shell.done("role", "detach", "reader", "AliyunOSSReadOnlyAccess")
    shell.done("role", "delete", "reader")
    assert shell.done("role", "list").text == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("policy", "create", "p"), "what may be done?"),
        (("policy", "create", "p", "--allow", "GetObject"), "what may be done?"),
        (("policy", "create", "p", "--on", "b"), "what may be done?"),
        (("policy", "create", "p", "--deny", "GetObject", "--on", "b", "--from-ip", "10.0.0.1"), "--from-ip"),
        (("policy", "attach", "p"), "whom?"),
        (("policy", "test", "--user", "ann"), "--action"),
        (("role", "create", "r"), "who may assume it?"),
        (("role", "create", "r", "--trust", "ann"), "no account's UID"),
        (("user", "attach", "ann"), "POLICY"),
        (("user", "fly"), "No such command"),
        (("user", "create", "ann", "--cname"), "server's own address"),
    ],
)
def test_what_is_not_understood(calm: Shell, arguments: tuple[str, ...], message: str) -> None:
    refused = calm.owner(*arguments)
    assert refused.status == 2, refused.stderr
    assert message in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("user", "show", "nobody"), "EntityNotExist.User"),
        (("user", "create", "a b"), "InvalidParameter.UserName"),
        (("policy", "create", "p", "--file", "-"), "InvalidParameter.PolicyDocument"),
        (("policy", "test", "--action", "PutObject", "--on", "oss://none/x"), "NoSuchBucket"),
        (("user", "list", "-k", "wrong"), "SignatureDoesNotMatch"),
        (("user", "list", "-i", "none", "-k", "none"), "InvalidAccessKeyId"),
        (("user", "list", "--sign-version", "v1"), "AccessDenied"),
    ],
)
def test_what_the_server_refuses(calm: Shell, arguments: tuple[str, ...], code: str) -> None:
    identity = () if "-i" in arguments or "-k" not in arguments else ("-i", calm.with_keys["OSS_ACCESS_KEY_ID"])
    refused = calm.owner(*arguments, *identity, "--json", stdin=b"{}")
    assert refused.status == 1, refused.stderr
    assert json.loads(refused.stderr)["error"]["code"] == code


def test_what_hangs_on_roles_and_groups_goes_with_force(shell: Shell) -> None:
    shell.done("user", "create", "ann")
    shell.done("group", "create", "press")
    shell.done("group", "add", "press", "ann")
    shell.done("role", "create", "editor", "--trust", "user/ann")
    for holder, name in (("group", "press"), ("role", "editor")):
        shell.done(holder, "attach", name, "AliyunOSSFullAccess", "AliyunOSSReadOnlyAccess")
        refused = shell.owner(holder, "delete", name)
        assert refused.status == 1
        assert f"ossicle {holder} delete --force" in refused.stderr
        shell.done(holder, "delete", name, "--force")
        assert shell.owner(holder, "show", name).status == 1
    assert shell.done("user", "show", "ann", "--json").document["groups"] == []


def test_whom_a_role_can_trust(shell: Shell, server: ServerProcess) -> None:
    ghost = shell.owner("role", "create", "haunted", "--trust", "user/ghost")
    assert ghost.status == 1
    assert "The user ghost does not exist" in ghost.stderr
    ann = user_with_key(shell, server)
    identity = ("-i", ann.access_key_id, "-k", ann.access_key_secret)
    shell.done("user", "attach", "ann", "AliyunRAMFullAccess")
    unknown = shell.owner("role", "create", "mine", "--trust", "user/ann", *identity)
    assert unknown.status == 2
    assert "write the whole ARN, acs:ram::UID:user/NAME" in unknown.stderr
    shell.done("role", "create", "mine", "--trust", "user/ann")


def test_a_master_key_that_is_lost(shell: Shell, server: ServerProcess) -> None:
    """As the page on identity tells it: nothing but the keys of users hangs on it."""
    ann = user_with_key(shell, server)
    shell.done("user", "attach", "ann", "AliyunOSSReadOnlyAccess")
    Owner(server=server).put("a", b"hello")
    master = server.data_dir / "master.key"
    assert master.stat().st_mode & 0o777 == 0o600
    kept = master.rename(server.data_dir.with_name("kept.key"))
    server.restart()
    refused = ann.ask("GET", "a")
    assert (refused.status, refused.code) == (500, "InternalError")
    wait_until(lambda: "sealed by another master key" in server.log, seconds=10, what="the reason in the log")
    assert Owner(server=server).get("a") == b"hello"
    shell.done("key", "rotate", "ann", "--delete-old", "--save-profile", "ann")
    assert shell.anyone("cat", f"oss://{BUCKET}/a", "-p", "ann").stdout == b"hello"
    kept.rename(master)
    server.restart()
    assert shell.anyone("cat", f"oss://{BUCKET}/a", "-p", "ann").status == 1
