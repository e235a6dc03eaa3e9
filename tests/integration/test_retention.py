"""Retention at a real server: two workers at once, a power cut in between, and what the command line says of it."""

import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.integration.conftest import StartServer
from tests.support.connection import Connection
from tests.support.owner import Owner
from tests.support.process_facts import children_of, holder_of, only_on_linux
from tests.support.server import ServerProcess
from tests.support.shell import Shell

INITIATE = b"<InitiateWormConfiguration><RetentionPeriodInDays>1</RetentionPeriodInDays></InitiateWormConfiguration>"
ENABLED = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
DELETERS = 4
KEYS = 40


def begin(owner: Owner) -> str:
    """Begin a policy, and return its id."""
    answer = owner.ask("POST", None, INITIATE, parameters={"worm": ""})
    assert answer.status == 200, answer.body
    return answer.headers["x-oss-worm-id"]


@pytest.fixture
def pair(start_server: StartServer) -> Iterator[tuple[Owner, list[Connection]]]:
    """A server of two workers, and a kept connection to each."""
    server = start_server(arguments=("--workers", "2"))
    workers = children_of(server.pid)
    with ExitStack() as opened:
        held = {}
        for _ in workers:
            connection = opened.enter_context(Connection(server.port))
            assert connection.ask("GET", "/_ossicle/healthz").status == 200
            held[holder_of(workers, server.port, connection.local_port)] = connection
        assert len(held) == len(workers)
        yield Owner(server=server, bucket="raced"), list(held.values())


@only_on_linux
def test_deletions_race_with_a_policy_in_another_worker(pair: tuple[Owner, list[Connection]]) -> None:
    """A deletion comes before the policy and has happened, or after it and has not: whichever worker took it."""
    owner, (one, other) = pair
    for turn in range(5):
        bucket = Owner(server=owner.server, bucket=f"raced-{turn}")
        assert one.ask("PUT", bucket.target("PUT", None)).status == 200
        for number in range(KEYS):
            assert one.ask("PUT", bucket.target("PUT", str(number)), b"body").status == 200
        statuses: dict[str, int] = {}
        is_half_way = threading.Event()

        def delete_all(
            bucket: Owner = bucket, statuses: dict[str, int] = statuses, event: threading.Event = is_half_way
        ) -> None:
            for number in range(KEYS):
                statuses[str(number)] = one.ask("DELETE", bucket.target("DELETE", str(number))).status
                if number == KEYS // 2:
                    event.set()

        deleting = threading.Thread(target=delete_all)
        deleting.start()
        assert is_half_way.wait(30)
        asked = other.ask("POST", bucket.target("POST", None, parameters={"worm": ""}), INITIATE)
        begun = dict(statuses)
        deleting.join(30)
        assert asked.status == 200
        for key, status in statuses.items():
            there = other.ask("GET", bucket.target("GET", key)).status == 200
            assert (status, there) in ((204, False), (409, True))
        # What was asked for after the policy was acknowledged is refused, one that was under way perhaps not.
        later = sorted(map(int, statuses.keys() - begun.keys()))[1:]
        assert {statuses[str(number)] for number in later} <= {409}


def test_a_locked_policy_outlives_a_kill(own_server: ServerProcess) -> None:
    owner = Owner(server=own_server)
    owner.put("key", b"body")
    worm_id = begin(owner)
    assert owner.ask("POST", None, parameters={"wormId": worm_id}).status == 200
    own_server.kill()
    own_server.start()
    assert owner.ask("DELETE", "key").code == "FileImmutable"
    assert owner.ask("PUT", "key", b"another").code == "FileImmutable"
    assert owner.get("key") == b"body"
    told = owner.ask("GET", None, parameters={"worm": ""}).body.decode()
    assert re.findall("<WormId>(.*)</WormId><State>(.*)</State>", told) == [(worm_id, "Locked")]


def test_what_a_version_is_retained_by_outlives_a_kill(own_server: ServerProcess) -> None:
    owner = Owner(server=own_server)
    assert owner.ask("PUT", None, ENABLED, parameters={"versioning": ""}).status == 200
    worm = (
        b"<ObjectWormConfiguration><ObjectWormEnabled>Enabled</ObjectWormEnabled><Rule><DefaultRetention>"
        b"<Mode>COMPLIANCE</Mode><Days>1</Days></DefaultRetention></Rule></ObjectWormConfiguration>"
    )
    assert owner.ask("PUT", None, worm, parameters={"objectWorm": ""}).status == 200
    version = owner.put("key", b"body").headers["x-oss-version-id"]
    hold = b"<LegalHold><Status>ON</Status></LegalHold>"
    assert owner.ask("PUT", "key", hold, parameters={"legalHold": ""}).status == 200
    before = owner.ask("HEAD", "key").headers
    own_server.kill()
    own_server.start()
    after = owner.ask("HEAD", "key").headers
    names = [f"x-oss-object-worm-{name}" for name in ("mode", "retain-until-date", "legal-hold")]
    assert [after[name] for name in names] == [before[name] for name in names]
    assert (before[names[0]], before[names[2]]) == ("COMPLIANCE", "ON")
    assert owner.ask("DELETE", "key", parameters={"versionId": version}).code == "FileImmutable"


def test_the_command_line_removes_the_rest_and_says_what_stays(server: ServerProcess, tmp_path: Path) -> None:
    shell, owner = Shell(server, tmp_path), Owner(server=server, bucket="half-retained")
    shell.done("mb", "oss://half-retained")
    assert owner.ask("PUT", None, ENABLED, parameters={"versioning": ""}).status == 200
    worm = b"<ObjectWormConfiguration><ObjectWormEnabled>Enabled</ObjectWormEnabled></ObjectWormConfiguration>"
    (tmp_path / "worm.xml").write_bytes(worm)
    shell.done("bucket", "put", "object-worm", "oss://half-retained", "--file", str(tmp_path / "worm.xml"))
    assert shell.done("bucket", "get", "objectWorm", "oss://half-retained", "--json").document == {
        "object_worm_enabled": "Enabled"
    }
    owner.put("free", b"x")
    owner.put("held", b"x", headers={"x-oss-object-worm-legal-hold": "ON"})
    for arguments in (("rm", "-r", "--all-versions"), ("rb", "--force")):
        refused = shell.owner(arguments[0], "oss://half-retained", *arguments[1:])
        assert refused.status == 1
        assert "FileImmutable (409): 1 could not be removed, the first of them held" in refused.stderr
        assert owner.list_keys() == ["held"]
