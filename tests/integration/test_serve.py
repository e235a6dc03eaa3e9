"""How a server starts, what it says of itself, whose keys and buckets it has, and by which names it is reached."""

import json
import re
import ssl
import stat
import subprocess
from collections.abc import Iterator, Mapping
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
    answer = Owner(server=server, bucket="", **keys).ask("GET", None)
    assert answer.status == 200, answer.body
    return [name.text or "" for name in ElementTree.fromstring(answer.body).iterfind("Buckets/Bucket/Name")]


def test_the_ready_file_goes_with_the_server(own_server: ServerProcess) -> None:
    ready_file = own_server.data_dir.with_name("data.ready.json")
    assert ready_file.exists()
    assert own_server.terminate() == 0
    assert not ready_file.exists()


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
"""Host, and whether the bucket stands in the path there."""


@pytest.fixture(scope="module")
def named_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with a domain, and a host name that is one bucket."""
    names = ["--domain", "oss.example.test", "--cname", f"files.example.test={BUCKET}"]
    with ServerProcess(tmp_path_factory.mktemp("named") / "data", arguments=names) as running:
        yield running


@pytest.mark.parametrize("name", ADDRESSES)
def test_by_which_names_a_bucket_is_reached(named_server: ServerProcess, name: str) -> None:
    host, is_path_style = ADDRESSES[name]
    host = host.format(port=named_server.port)
    key, body = f"by {name}", name.encode()
    owner = Owner(server=named_server)
    path = owner.path(key)
    if not is_path_style:
        path = path.removeprefix(f"/{BUCKET}")
    with Connection(named_server.port) as connection:
        put = connection.ask("PUT", f"{path}?{owner.query('PUT', key)}", body, {"Host": host})
        got = connection.ask("GET", f"{path}?{owner.query('GET', key)}", headers={"Host": host})
    assert (put.status, got.status, got.body) == (200, 200, body)
    assert owner.get(key) == body
    # Path style shares its origin with everything else: what was uploaded may not run there.
    assert (got.headers.get("content-security-policy") == "sandbox") is is_path_style


def test_reserved_paths_are_keys_where_the_host_names_a_bucket(named_server: ServerProcess) -> None:
    host = {"Host": "files.example.test"}
    owner = Owner(server=named_server)
    key = "_ossicle/healthz"
    with Connection(named_server.port) as connection:
        assert connection.ask("GET", f"/{key}", headers=host).code == "AccessDenied"
        assert connection.ask("PUT", f"/{key}?{owner.query('PUT', key)}", b"a key", host).status == 200
        assert connection.ask("GET", f"/{key}?{owner.query('GET', key)}", headers=host).body == b"a key"
        assert connection.ask("GET", f"/{key}").body == b"ok\n"


# -- its own paths


def test_health_and_readiness(server: ServerProcess) -> None:
    for path, body in (("healthz", b"ok\n"), ("readyz", b"ready\n")):
        answer = get(server, f"/_ossicle/{path}")
        assert (answer.status, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
        assert answer.body == body


def test_metrics_count_by_operation_and_outcome(own_server: ServerProcess) -> None:
    owner = Owner(server=own_server)
    owner.put("counted", bytes(1000))
    assert owner.ask("GET", "missing").code == "NoSuchKey"
    answer = get(own_server, "/_ossicle/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    told = answer.body.decode()
    assert 'ossicle_requests_total{code="",operation="PutObject",status="200"} 1.0\n' in told
    assert 'ossicle_requests_total{code="NoSuchKey",operation="GetObject",status="404"} 1.0\n' in told
    assert "ossicle_received_bytes_total 1000.0\n" in told
    assert "counted" not in told
    assert "missing" not in told


def test_nothing_else_is_served_there(server: ServerProcess) -> None:
    assert get(server, "/_ossicle/nothing").code == "InvalidBucketName"
    with Connection(server.port) as connection:
        assert connection.ask("PUT", "/_ossicle/healthz", b"").code == "MethodNotAllowed"


# -- TLS


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for localhost, and its key beside it."""
    path = tmp_path / "tls.pem"
    command = [need("openssl", "openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    command += ["-nodes", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(
        [*command, "-keyout", str(path.with_suffix(".key")), "-out", str(path)], check=True, capture_output=True
    )
    return path


def test_over_tls(start_server: StartServer, certificate: Path) -> None:
    key = certificate.with_suffix(".key")
    server = start_server(arguments=["--tls-cert", str(certificate), "--tls-key", str(key)])
    assert server.endpoint == f"https://127.0.0.1:{server.port}"
    owner = Owner(server=server)
    trusting = ssl.create_default_context(cafile=certificate)
    body = bytes(range(256)) * 4096
    with Connection(server.port, tls=trusting) as connection:
        connection.begin("PUT", owner.target("PUT", "over tls"))
        connection.send_chunks([body[:100_000], body[100_000:]])
        assert connection.answer().status == 200
        assert connection.ask("GET", owner.target("GET", "over tls")).body == body
        assert connection.ask("PUT", owner.target("PUT", "over tls"), body * 3).status == 200
        assert connection.ask("GET", owner.target("GET", "over tls")).body == body * 3
        info = connection.ask("GET", owner.target("GET", None, parameters={"bucketInfo": ""}))
    assert f"<ExtranetEndpoint>https://127.0.0.1:{server.port}</ExtranetEndpoint>" in info.body.decode()
    with pytest.raises(ssl.SSLCertVerificationError):
        Connection(server.port, tls=ssl.create_default_context())
    assert server.terminate() == 0


# -- what it refuses to start with


def test_a_second_server_on_the_same_data(own_server: ServerProcess, start_server: StartServer) -> None:
    Owner(server=own_server).put("key", b"of the first")
    second = own_server.data_dir.with_name("second")
    second.symlink_to(own_server.data_dir)
    told = refuses_to_start(start_server, 1, "second")
    assert re.search(r"^ossicle: the data directory \S+/second is in use by another process$", told, re.MULTILINE)
    assert "Traceback" not in told
    assert Owner(server=own_server).get("key") == b"of the first"


def test_a_start_that_fails_leaves_no_ready_file_of_an_earlier_run(
    own_server: ServerProcess, start_server: StartServer, tmp_path: Path
) -> None:
    stale = tmp_path / "stale.json"
    stale.write_text('{"endpoint": "http://127.0.0.1:1", "pid": 1}')
    refuses_to_start(start_server, 1, "other", arguments=["--port", str(own_server.port), "--ready-file", str(stale)])
    assert not stale.exists()


def test_a_port_that_is_in_use(own_server: ServerProcess, start_server: StartServer) -> None:
    told = refuses_to_start(start_server, 1, "other", arguments=["--port", str(own_server.port)])
    assert f"ossicle: can't listen on port {own_server.port}: Address already in use" in told
    assert "Traceback" not in told
    assert get(own_server, "/_ossicle/readyz").status == 200


def test_a_data_directory_that_is_none(start_server: StartServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    told = refuses_to_start(start_server, 1, "file")
    assert "ossicle: the data directory" in told
    assert "Traceback" not in told


def test_a_key_file_that_is_none(start_server: StartServer, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "data" / "root-key").write_text("one-word-that-must-not-be-shown")
    told = refuses_to_start(start_server, 1, env=NO_KEYS)
    assert "root-key does not hold an access key id and a secret" in told
    assert "one-word-that-must-not-be-shown" not in told


@pytest.mark.parametrize(
    ("arguments", "env", "told"),
    [
        (["--durability", "maybe"], {}, "durability 'maybe' is neither full nor relaxed"),
        (["--bucket", "No_Bucket"], {}, "bucket 'No_Bucket' is not a bucket name"),
        ([], {"OSSICLE_ROOT_ACCESS_KEY_SECRET": ""}, "ROOT_ACCESS_KEY_SECRET go together"),
        ([], {"OSSICLE_ACCOUNTS": "not:an:account"}, "entry 1 is not UID:ACCESS_KEY_ID:ACCESS_KEY_SECRET"),
    ],
    ids=["durability", "bucket", "half a pair", "account"],
)
def test_settings_that_can_not_be_used(
    start_server: StartServer, arguments: list[str], env: dict[str, str], told: str
) -> None:
    assert told in refuses_to_start(start_server, 2, arguments=arguments, env=env)
