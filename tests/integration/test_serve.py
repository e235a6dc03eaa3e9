"""How a server starts, what it says of itself, whose keys and buckets it has, and by which names it is reached."""

import json
import re
import ssl
import stat
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from tests.integration.conftest import StartServer
from tests.support.connection import Answer, Connection, is_open
from tests.support.owner import Owner
from tests.support.server import ACCESS_KEY_ID, ACCESS_KEY_SECRET, BUCKET, REGION, ServerFailed, ServerProcess
from tests.support.tools import need

NO_KEYS = {"OSSICLE_ROOT_ACCESS_KEY_ID": "", "OSSICLE_ROOT_ACCESS_KEY_SECRET": ""}
OTHER = {"access_key_id": "other-key", "access_key_secret": "other:secret"}
OTHER_ACCOUNT = "2000000000000002:other-key:other:secret"


def get(server: ServerProcess, target: str, headers: Mapping[str, str] | None = None) -> Answer:
    with Connection(server.port) as connection:
        return connection.ask("GET", target, headers=headers)


def refuses_to_start(start: StartServer, status: int, name: str = "data", **options: object) -> str:
    """Return what a server says that must end with `status` instead of becoming ready."""
    with pytest.raises(ServerFailed) as failure:
        start(name, **options)
    text = str(failure.value)
    assert f"exited with status {status} before it was ready" in text
    return text


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# -- start-up


def test_the_ready_file_names_the_address_and_the_process(own_server: ServerProcess) -> None:
    ready = json.loads(own_server.data_dir.with_name("data.ready.json").read_text())
    assert ready == {"endpoint": f"http://127.0.0.1:{own_server.port}", "pid": own_server.pid}
    assert get(own_server, "/_ossicle/healthz").status == 200
    own_server.terminate()
    assert not is_open(own_server.port)


def test_what_is_printed_once_requests_are_taken(own_server: ServerProcess) -> None:
    assert own_server.output.splitlines() == [
        f"endpoint           {own_server.endpoint}",
        f"region             {REGION}",
        f"access key id      {ACCESS_KEY_ID}",
        "access key secret  in the environment (OSSICLE_ROOT_ACCESS_KEY_SECRET)",
    ]
    assert ACCESS_KEY_SECRET not in own_server.output + own_server.log
    assert not (own_server.data_dir / "root-key").exists()


def test_without_keys_a_pair_is_made_and_kept(start_server: StartServer) -> None:
    server = start_server(env=NO_KEYS)
    path = server.data_dir / "root-key"
    access_key_id, secret = path.read_text().splitlines()
    assert (mode_of(path), mode_of(server.data_dir)) == (0o600, 0o700)
    assert f"access key id      {access_key_id}\naccess key secret  {path}\n" in server.output
    owner = Owner(server=server, access_key_id=access_key_id, access_key_secret=secret)
    owner.put("kept", b"by the pair that was made")
    server.restart()
    assert path.read_text().splitlines() == [access_key_id, secret]
    assert owner.get("kept") == b"by the pair that was made"
    assert secret not in server.output + server.log


def test_nobody_else_can_read_what_is_stored(own_server: ServerProcess) -> None:
    Owner(server=own_server).put("private", bytes(100_000))
    found = [own_server.data_dir, *own_server.data_dir.rglob("*")]
    assert any(path.suffix == ".sqlite3" for path in found)
    assert [path for path in found if mode_of(path) & 0o077] == []


def test_keys_from_files(start_server: StartServer, tmp_path: Path) -> None:
    (tmp_path / "id").write_text("key-from-a-file\n")
    (tmp_path / "secret").write_text("secret-from-a-file\n")
    files = {
        "OSSICLE_ROOT_ACCESS_KEY_ID_FILE": str(tmp_path / "id"),
        "OSSICLE_ROOT_ACCESS_KEY_SECRET_FILE": str(tmp_path / "secret"),
    }
    server = start_server(env={**NO_KEYS, **files})
    Owner(server=server, access_key_id="key-from-a-file", access_key_secret="secret-from-a-file").put("key", b"body")
    assert "access key id      key-from-a-file\n" in server.output
    assert "secret-from-a-file" not in server.output + server.log


def test_the_first_upload_that_is_printed_works_as_it_stands(start_server: StartServer) -> None:
    need("curl", "curl")
    server = start_server(arguments=["--first-upload"])
    line = server.output.splitlines()[-1]
    ran = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=30, check=True)
    assert ran.stdout == "status 200\n"
    assert Owner(server=server).get("hello.txt") == b"hello, world\n"


def test_relaxed_durability_is_named_at_start(start_server: StartServer) -> None:
    relaxed = start_server("relaxed", arguments=["--durability", "relaxed"])
    first = json.loads(relaxed.log.splitlines()[0])
    assert (first["level"], first["message"].partition(":")[0]) == ("warning", "durability is relaxed")
    full = start_server("full")
    assert "relaxed" not in full.log + full.output


def test_flags_come_before_the_environment_and_that_before_the_file(start_server: StartServer, tmp_path: Path) -> None:
    config = tmp_path / "ossicle.toml"
    config.write_text(
        'advertise_endpoint = "file.example"\nadvertise_internal_endpoint = "file.example"\nobject_bytes_max = 3\n'
    )
    variables = {"OSSICLE_ADVERTISE_ENDPOINT": "env.example", "OSSICLE_ADVERTISE_INTERNAL_ENDPOINT": "env.example"}
    server = start_server(
        env={**variables, "OSSICLE_CONFIG": str(config)}, arguments=["--advertise-endpoint", "flag.example"]
    )
    owner = Owner(server=server)
    info = ElementTree.fromstring(owner.ask("GET", None, parameters={"bucketInfo": ""}).body)
    assert info.findtext("Bucket/ExtranetEndpoint") == "flag.example"
    assert info.findtext("Bucket/IntranetEndpoint") == "env.example"
    assert owner.put("three", b"123").status == 200
    assert owner.ask("PUT", "four", b"1234").code == "EntityTooLarge"


# -- buckets and accounts


def buckets_of(server: ServerProcess, **keys: str) -> list[str]:
    with Connection(server.port) as connection:
        query = Owner(server=server, **keys).service_query("GET")
        answer = connection.ask("GET", f"/?{query}")
    assert answer.status == 200, answer.body
    return [name.text or "" for name in ElementTree.fromstring(answer.body).iterfind("Buckets/Bucket/Name")]


def test_buckets_of_the_environment_and_the_flags_are_there_when_it_is_ready(start_server: StartServer) -> None:
    from_environment = start_server("one", buckets=(), env={"OSSICLE_BUCKETS": "first, second"})
    assert buckets_of(from_environment) == ["first", "second"]
    from_flags = start_server("two", buckets=("third", "fourth"), env={"OSSICLE_BUCKETS": "not-asked-for"})
    assert buckets_of(from_flags) == ["fourth", "third"]
    Owner(server=from_flags, bucket="third").put("stays", b"body")
    from_flags.restart()
    assert Owner(server=from_flags, bucket="third").get("stays") == b"body"


@pytest.mark.parametrize("in_file", [False, True], ids=["variable", "file"])
def test_further_accounts_own_buckets_of_their_own(start_server: StartServer, tmp_path: Path, in_file: bool) -> None:
    if in_file:
        (tmp_path / "accounts").write_text(f"{OTHER_ACCOUNT}\n3000000000000003:third-key:third-secret\n")
        env = {"OSSICLE_ACCOUNTS_FILE": str(tmp_path / "accounts")}
    else:
        env = {"OSSICLE_ACCOUNTS": f"{OTHER_ACCOUNT},3000000000000003:third-key:third-secret"}
    server = start_server(env=env)
    theirs = Owner(server=server, bucket="theirs", **OTHER)
    assert theirs.ask("PUT", None).status == 200
    theirs.put("key", b"of the other account")

    assert buckets_of(server) == [BUCKET]
    assert buckets_of(server, **OTHER) == ["theirs"]
    assert buckets_of(server, access_key_id="third-key", access_key_secret="third-secret") == []
    assert Owner(server=server, bucket="theirs").ask("GET", "key").code == "AccessDenied"
    assert Owner(server=server, **OTHER).ask("PUT", "key", b"body").code == "AccessDenied"
    assert Owner(server=server, bucket="theirs").ask("PUT", None).code == "BucketAlreadyExists"
    assert "other:secret" not in server.output + server.log


def test_a_bucket_to_be_made_that_is_another_accounts(start_server: StartServer) -> None:
    env = {"OSSICLE_ACCOUNTS": OTHER_ACCOUNT}
    server = start_server(env=env)
    assert Owner(server=server, bucket="theirs", **OTHER).ask("PUT", None).status == 200
    server.terminate()
    told = refuses_to_start(start_server, 1, env=env, buckets=(BUCKET, "theirs"))
    assert "ossicle: the bucket theirs belongs to another account" in told


# -- addresses


def has_ipv6() -> bool:
    try:
        Connection(1, host="::1").close()
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return True


def test_one_free_port_is_taken_for_both_families(own_server: ServerProcess) -> None:
    answers = []
    for host in ["127.0.0.1", *(["::1"] if has_ipv6() else [])]:
        with Connection(own_server.port, host=host) as connection:
            answers.append(connection.ask("GET", "/_ossicle/healthz").body)
    assert set(answers) == {b"ok\n"}


def test_only_the_hosts_that_are_named_are_listened_on(start_server: StartServer) -> None:
    server = start_server(arguments=["--host", "127.0.0.2", "--host", "127.0.0.3"])
    assert urlsplit(server.endpoint).hostname == "127.0.0.2"
    assert is_open(server.port, "127.0.0.3")
    assert not is_open(server.port)


@pytest.fixture(scope="module")
def named_server(tmp_path_factory: pytest.TempPathFactory) -> "Sequence[ServerProcess]":
    """A server with a domain, a bucket's own host name and its second owner; in a list, for pytest to close it."""
    raise NotImplementedError


ADDRESSES = {
    "an address": ("127.0.0.1:{port}", True),
    "localhost": ("localhost:{port}", True),
    "below localhost": (f"{BUCKET}.localhost:{{port}}", False),
    "a domain": ("oss.example.test", True),
    "below a domain": (f"{BUCKET}.oss.example.test", False),
    "letters of either case": (f"{BUCKET}.OSS.Example.TEST:{{port}}", False),
    "a host of its own": ("files.example.test", False),
    "the public name": (f"{BUCKET}.oss-{REGION}.aliyuncs.com", False),
    "the internal name": (f"{BUCKET}.oss-{REGION}-internal.aliyuncs.com", False),
    "any other name": ("ossicle.example.test", True),
}
